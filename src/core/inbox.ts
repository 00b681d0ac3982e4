/** The port for what a platform tells only once: kept until it is handled, so that no crash loses it and none handles it twice. */
import type { CommunityId, MemberId } from "./ids.ts";

/** Something that a platform told, with as much of it as handling it takes. */
export interface Incoming {
  /** The platform's own id, unique within its inbox; a safe integer. */
  readonly id: number;
  /** JSON. */
  readonly payload: string;
  /** Who wrote or pressed. */
  readonly member: MemberId | null;
  /** Whose words are pointed at. */
  readonly quoted: MemberId | null;
  readonly community: CommunityId;
}

/** Something that an earlier process took and did not finish. */
export interface Waiting {
  readonly id: number;
  readonly payload: string;
  /** Where it belongs now: a group may have moved since. */
  readonly community: CommunityId;
  /** How many starts have taken it up, this one included. */
  readonly starts: number;
}

/** What nobody has handled after a day is deleted: an answer to it would only puzzle people. */
export const answerWithinMs = 24 * 3_600_000;

/**
 * Each method names an inbox: a platform and its account there, because ids count per account. One process at a time works on an inbox,
 * as Telegram itself demands of those who poll.
 */
export interface InboxStore {
  /** Keeps what was never taken before, durably when it resolves; returns the ids of exactly that. */
  take(inbox: string, incoming: readonly Incoming[], now: Date): Promise<ReadonlySet<number>>;
  /** What was taken at `since` or later and is not done, in the order of arrival. Each call counts as one start. */
  unhandled(inbox: string, since: Date): Promise<readonly Waiting[]>;
  /** Forgets all of them but their ids; what was taken together goes when the last of it is done. */
  done(inbox: string, ids: readonly number[], now: Date): Promise<void>;
  /** Deletes what was taken before `before` and never done, in every inbox; returns how many that were. */
  expire(before: Date): Promise<number>;
  /** Forgets the ids of what was done before `before`, in every inbox. */
  forget(before: Date): Promise<void>;
}
