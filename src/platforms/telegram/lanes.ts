/** The way from fetching to handling: one chat in order, different chats at once, and no chat so full that it stops the others. */
import { createConcurrentSink, sequentialize } from "@grammyjs/runner";
import { within } from "../../lib/abort.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Arrival } from "./arrivals.ts";
import { noteOf } from "./failures.ts";

/** Thrown by what the next start shall finish: the update stays where it is kept. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";
}

export interface LanesOptions<A extends Arrival> {
  /** Handles one arrival; its rejection is logged and ends nothing. With `Unfinished` the arrival is not done. */
  readonly handle: (arrival: A) => Promise<void>;
  /** Needs nothing more: it was handled, or dropped. */
  readonly done: (arrival: A) => void;
  /** The first message of a chat that is dropped because too many wait there; once until the chat has caught up. */
  readonly onFlood: (arrival: A) => void;
  /** Milliseconds for which what follows in a chat waits: an answer that takes longer loses its place in the order. */
  readonly patience: number;
  /** When it fires, nothing more is begun: what has not begun stays where it is kept. */
  readonly stopping: AbortSignal;
  /** False where another process may be handling the same: then nothing more is begun, and nothing is done. */
  readonly certain: () => boolean;
  readonly log: Logger;
}

export interface Lanes<A extends Arrival> {
  /** Resolves when there is room for more. */
  add(arrivals: readonly A[]): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** No more is fetched while so many arrivals are being handled. With the batch that then comes they are at most 500, the runner's own default. */
const concurrency = 401;
/**
 * Arrivals of one chat that may wait for each other. Waiting ones count towards `concurrency`, so without this limit one
 * flooded group would stop every other chat.
 */
const backlogPerKey = 50;

export function createLanes<A extends Arrival>({ handle, done, onFlood, patience, stopping, certain, log }: LanesOptions<A>): Lanes<A> {
  const inFlight = new Set<Promise<void>>();
  const waiting = new Map<string, number>();
  const dropped = new Map<string, number>();
  const inOrder = sequentialize<A>(({ keys }) => [...keys]);

  function drop(key: string, arrival: A): void {
    const before = dropped.get(key) ?? 0;
    dropped.set(key, before + 1);
    if (before === 0) {
      log.warn({ update: arrival.id }, "a flooded chat's messages are dropped until it has caught up");
      onFlood(arrival);
    }
    done(arrival);
  }

  function leave(key: string): void {
    const left = (waiting.get(key) ?? 1) - 1;
    if (left > 0) {
      waiting.set(key, left);
      return;
    }
    waiting.delete(key);
    const messages = dropped.get(key);
    if (messages !== undefined) log.warn({ messages }, "a flooded chat has caught up; so many of its messages were dropped");
    dropped.delete(key);
  }

  async function begin(arrival: A): Promise<void> {
    if (stopping.aborted || !certain()) return;
    try {
      await handle(arrival);
    } catch (error) {
      if (error instanceof Unfinished) return;
      log.error({ update: arrival.id, ...noteOf(error) }, "an update could not be handled");
    }
    if (certain()) done(arrival);
  }

  async function consume(arrival: A): Promise<void> {
    const [key] = arrival.keys;
    const ahead = key === undefined ? 0 : (waiting.get(key) ?? 0);
    // A written message can simply be written again.
    const written = arrival.read.kind === "message" && typeof arrival.read.message.text === "string";
    if (key !== undefined && ahead >= backlogPerKey && written) return drop(key, arrival);
    if (key !== undefined) waiting.set(key, ahead + 1);
    const task = inOrder(arrival, async () => {
      const work: Promise<void> = begin(arrival).finally(() => inFlight.delete(work));
      inFlight.add(work);
      // One member's long question must not keep the whole group from being answered.
      await within(work, patience);
    }).finally(() => {
      inFlight.delete(task);
      if (key !== undefined) leave(key);
    });
    inFlight.add(task);
    await task;
  }

  const onError = async (error: unknown) => log.error(noteOf(error), "an update could not be handled");
  const sink = createConcurrentSink<A>({ consume }, onError, { concurrency });

  return {
    async add(arrivals) {
      await sink.handle([...arrivals]);
    },
    async idle() {
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}
