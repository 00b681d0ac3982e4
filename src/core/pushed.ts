/** The port for what platforms push to several processes at once: taken once, and handled in lanes, each by one process at a time. */
import type { Incoming, Waiting } from "./inbox.ts";

/** What shares a lane is handled in order. */
export interface PushedIncoming extends Incoming {
  readonly lane: number;
}

export interface PushedWaiting extends Waiting {
  readonly lane: number;
}

/** As many are handed out in one go. */
export const mostWaiting = 100;

/** Each method names an inbox, as those of `InboxStore` do; any number of processes may work on it. */
export interface PushedStore {
  /** Keeps what was never taken before, durably when it resolves, and wakes whoever watches. */
  take(inbox: string, incoming: readonly PushedIncoming[], now: Date): Promise<void>;
  /**
   * Takes something that waits for nothing: true for exactly one call with this id, in whichever process.
   * @param id a whole number below 2^63, in decimal
   */
  first(inbox: string, id: string, now: Date): Promise<boolean>;
  /** What was taken at `since` or later, waits in these lanes and is not among `except`, by id and the least first: `mostWaiting` of it. */
  waiting(inbox: string, lanes: readonly number[], except: readonly number[], since: Date): Promise<readonly PushedWaiting[]>;
  /** Counts one more start for what waits in these lanes: whoever had them before did not finish it. */
  takeOver(inbox: string, lanes: readonly number[]): Promise<void>;
  /** Forgets all of them but their ids. */
  done(inbox: string, ids: readonly number[]): Promise<void>;
  /** Calls back soon after something was taken, by this process or another one; perhaps more often. Returns what ends it. */
  watch(woken: () => void): () => void;
  /** Forgets all but the ids of what was taken before `before` and never done, in every inbox; returns how many that were. */
  expire(before: Date): Promise<number>;
  /** Forgets the ids of what was taken before `before`, in every inbox. */
  forget(before: Date): Promise<void>;
}
