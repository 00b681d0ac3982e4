/** Handles what Telegram posted and some process stored: the lanes that this process has, each in order, and nothing of any other. */
import { answerWithinMs } from "../../core/inbox.ts";
import type { Sharing } from "../../core/platform.ts";
import { mostWaiting, type PushedStore, type PushedWaiting } from "../../core/pushed.ts";
import { within } from "../../lib/abort.ts";
import type { Logger } from "../../lib/logger.ts";
import { createShares, type Shares } from "../../lib/shares.ts";
import { type Arrival, type Arrivals, maxStarts } from "./arrivals.ts";
import { Backoff } from "./client.ts";
import { noteOf } from "./failures.ts";
import { createLanes, Unfinished } from "./lanes.ts";
import { createNotes } from "./notes.ts";
import type { Timing } from "./timing.ts";
import { laneCount } from "./updates.ts";

export interface LaneWorkOptions {
  readonly store: PushedStore;
  readonly arrivals: Arrivals;
  /** Null: no other process handles anything, and this one has every lane. */
  readonly sharing: Sharing;
  /** Handles updates, and answers them as long as `certain` says so. */
  readonly handlerWhile: (certain: () => boolean) => (arrival: Arrival) => Promise<void>;
  readonly onFlood: (arrival: Arrival) => void;
  readonly timing: Timing;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface LaneWork {
  /** What is stored could be read the last time. */
  connected(): boolean;
  /** Begins nothing more, and lets the lanes go when what was begun is done and noted. */
  stop(): Promise<void>;
}

/** A process that holds a lane at this moment; another object each time it gets it. */
interface Holder {
  certain(): boolean;
  handle(arrival: Arrival): Promise<void>;
}

interface Posted extends Arrival {
  readonly lane: number;
  readonly holder: Holder;
}

export function startLaneWork({ store, arrivals, sharing, handlerWhile, onFlood, timing, log, now }: LaneWorkOptions): LaneWork {
  const { inbox, resume } = arrivals;
  const stopping = new AbortController();
  const { signal } = stopping;
  const backoff = new Backoff(timing);
  const holders = new Map<number, Holder>();
  /** Read and not noted as handled: what is read next must not be this again. */
  const inHand = new Set<number>();
  const begun = new Map<Promise<void>, number>();
  let failing = false;
  let wakened = Promise.withResolvers<void>();
  const wake = () => wakened.resolve();

  const notes = createNotes(
    async (ids) => {
      await store.done(inbox, ids);
      for (const id of ids) inHand.delete(id);
    },
    { timing, log },
  );

  /** What cannot be begun any more is left to whoever has the lane then. */
  async function handleHeld(arrival: Posted): Promise<void> {
    const { holder, lane, id } = arrival;
    const mayBegin = holders.get(lane) === holder && holder.certain();
    const work = mayBegin ? holder.handle(arrival) : Promise.reject(new Unfinished());
    const task = work.catch(() => undefined);
    begun.set(task, lane);
    try {
      await work;
    } catch (error) {
      if (error instanceof Unfinished && id !== null) {
        inHand.delete(id);
        wake();
      }
      throw error;
    } finally {
      begun.delete(task);
    }
  }

  const lanes = createLanes<Posted>({
    handle: handleHeld,
    done({ id, holder }) {
      if (id === null) return;
      // What could not be answered any more is for the next one to answer.
      if (holder.certain()) notes.add(id);
      else inHand.delete(id);
    },
    // Asked of each arrival when its turn comes.
    certain: () => true,
    onFlood,
    patience: timing.orderPatience,
    stopping: signal,
    log,
  });

  /** Whether it is worth trying: what has ended ten processes would end the next. */
  function tried({ id, starts }: PushedWaiting): boolean {
    if (starts <= maxStarts) return true;
    log.error({ update: id, starts }, "gave up an update that no start has finished");
    notes.add(id);
    return false;
  }

  /** Reads what waits in the lanes that are held. Returns whether there may be more. */
  async function look(): Promise<boolean> {
    const before = new Map(holders);
    if (before.size === 0) return false;
    const since = new Date(now().getTime() - answerWithinMs);
    const found = await store.waiting(inbox, [...before.keys()], [...inHand], since);
    // Read while the lane was let go and had again: others may have handled it meanwhile.
    const mine = found.filter(({ lane }) => holders.get(lane) === before.get(lane));
    for (const { id } of mine) inHand.add(id);
    const fresh = mine.filter(tried).flatMap((waiting): Posted[] => {
      const holder = before.get(waiting.lane);
      return holder === undefined ? [] : [{ ...resume(waiting), lane: waiting.lane, holder }];
    });
    await lanes.add(fresh);
    return found.length >= mostWaiting;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await wakened.promise;
      wakened = Promise.withResolvers();
      try {
        if (await look()) wake();
        if (failing) log.info("what Telegram posted can be read again");
        failing = false;
        backoff.reset();
      } catch (error) {
        if (!failing) log.warn(noteOf(error), "what Telegram posted could not be read; trying again until it works");
        failing = true;
        wake();
        await backoff.pause(signal).catch(() => undefined);
      }
    }
  }

  /** Has these lanes until `over` fires; resolves when nothing of them is under way and everything is noted. */
  async function serve(which: readonly number[], over: AbortSignal, certain: () => boolean): Promise<void> {
    await store.takeOver(inbox, which);
    if (over.aborted) return;
    const holder: Holder = { certain, handle: handlerWhile(certain) };
    const ended = Promise.withResolvers<void>();
    over.addEventListener("abort", () => ended.resolve());
    for (const lane of which) holders.set(lane, holder);
    wake();
    await ended.promise;
    for (const lane of which) holders.delete(lane);
    await Promise.all([...begun].filter(([, lane]) => which.includes(lane)).map(([task]) => task));
    await notes.flush();
  }

  const all = Array.from({ length: laneCount }, (_, lane) => lane);
  async function serveAll(): Promise<void> {
    while (!signal.aborted) {
      await serve(all, signal, () => true).catch((error: unknown) => log.warn(noteOf(error), "what Telegram posted could not be read"));
      await backoff.pause(signal).catch(() => undefined);
    }
  }

  const shares: Shares | null =
    sharing === null
      ? null
      : createShares({
          ...sharing,
          name: "telegram:lanes",
          count: laneCount,
          serve: (lane, over, tenure) => serve([lane], over, tenure.certain),
          log,
        });

  const unwatch = store.watch(wake);
  const running = run();
  const serving = shares === null ? serveAll() : Promise.resolve(shares.start());

  return {
    connected: () => !failing && !signal.aborted,
    async stop() {
      stopping.abort();
      unwatch();
      wake();
      await within(Promise.all([shares?.stop(), serving, running]), timing.drain);
      await within(notes.close(), Math.min(2_000, timing.drain));
    },
  };
}
