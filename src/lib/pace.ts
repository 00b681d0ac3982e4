/** The common limit of a platform's messages: two lanes, rooms that are not flooded, and pauses that all senders keep. */
import { LRUCache } from "lru-cache";
import PQueue from "p-queue";
import type { RoomId } from "../core/ids.ts";
import type { Pace } from "../core/platform.ts";

export interface PaceOptions {
  /** Messages that the platform takes in any second. */
  readonly perSecond: number;
  /**
   * How much more than others one message may be delayed on its way, in milliseconds. Platforms count messages as they arrive, so
   * that two of them may be closer together there than they were here.
   */
  readonly jitterMs: number;
  /** Limits of one room, where the platform has any. */
  readonly rooms?: RoomLimits;
}

export interface RoomLimits {
  /** The rooms that the platform counts as one have the same name here. */
  readonly chatOf: (room: RoomId) => string;
  /** Milliseconds between two messages to one chat. */
  readonly everyMs: number;
  /** Messages a minute to chats of which many people read. */
  readonly perMinute: number;
  readonly isShared: (chat: string) => boolean;
}

export interface PlatformPace extends Pace {
  /** Takes a slot for an answer where one is free this moment: most answers then need nothing to wait with. */
  slotNow(room: RoomId): boolean;
  /** Milliseconds until anything may go to the room, 0 where it may now. */
  closedFor(room: RoomId): number;
  /** Sends a message that has its slot. Where the answer is late, so was perhaps the message, and its slot counts from then. */
  timed<T>(send: () => Promise<T>): Promise<T>;
}

interface Chat {
  /** Nothing goes there before. */
  closedUntil: number;
  /** When the newest messages went there, oldest first; no more than a limit needs. */
  sent: readonly number[];
}

const minuteMs = 60_000;
/** Refusals of different chats within this time are one refusal of the bot. */
const oneRefusalMs = 1000;
/** Digests that are late by up to this much, because the machine was busy, catch up, so that the rate is kept. */
const catchUpMs = 300;
/** With every message, what counts as usual grows by this much, so that one fast answer does not count for ever. */
const forgottenMs = 0.2;
/** A forgotten chat is refused once more at worst. */
const maxChats = 10_000;
const longestTimerMs = 2_147_483_647;

/** Monotonic: a corrected system clock neither stops the messages nor lets a burst through. */
const now = (): number => performance.now();

/**
 * Answers go as soon as the window has room. Digests are spread evenly and leave one place of the window free, so that an answer finds
 * it; each answer then takes the turn of one digest. Only digests that catch up may fill the window for a moment.
 *
 * p-queue holds those who wait, in order, and forgets those who give up. Its own window is not used: it counts by the system clock,
 * which stops it for an hour when the clock is set back by one.
 */
export function createPace({ perSecond, jitterMs, rooms }: PaceOptions): PlatformPace {
  const windowMs = 1000 + jitterMs;
  const turnMs = windowMs / Math.max(1, perSecond - 1);
  const line = new PQueue();
  /** One digest at a time steps up to the line, so that a pause leaves no crowd there. */
  const digests = new PQueue({ concurrency: 1 });
  const chats = new LRUCache<string, Chat>({ max: maxChats });
  /** Slots of the last window, oldest first. */
  const taken: number[] = [];
  /** Time of the fastest answers lately. */
  let usualMs = Number.POSITIVE_INFINITY;
  let nextTurn = 0;
  let everyoneClosedUntil = 0;
  let refusals: readonly { readonly chat: string; readonly at: number; readonly until: number }[] = [];
  let opening: NodeJS.Timeout | undefined;

  const nameOf = (room: RoomId): string => rooms?.chatOf(room) ?? room;

  const chatClosedUntil = (chat: string): number => chats.get(chat)?.closedUntil ?? 0;
  const closedUntil = (chat: string): number => Math.max(everyoneClosedUntil, chatClosedUntil(chat));

  /** When a digest may go to a chat. */
  function readyAt(chat: string): number {
    const { sent = [] } = chats.get(chat) ?? {};
    const [newest, oldest] = [sent.at(-1), sent[0]];
    const afterLast = rooms === undefined || newest === undefined ? 0 : newest + rooms.everyMs;
    const isFull = rooms?.isShared(chat) === true && sent.length >= rooms.perMinute;
    return Math.max(closedUntil(chat), afterLast, isFull && oldest !== undefined ? oldest + minuteMs : 0);
  }

  /** Holds the line while the window is full or everyone pauses. */
  function hold(): void {
    const at = now();
    while (at - (taken[0] ?? at) >= windowMs) taken.shift();
    const until = Math.max(everyoneClosedUntil, taken.length < perSecond ? 0 : (taken[0] ?? at) + windowMs);
    clearTimeout(opening);
    if (until <= at) {
      line.start();
      return;
    }
    line.pause();
    opening = setTimeout(hold, timerFor(until - at));
  }

  /**
   * Called by the line, one at a time, while it is open. Takes no slot where the chat has been closed in the meantime.
   * @param askedAt when a digest began to wait for its turn; null for an answer
   */
  function admit(chat: string, askedAt: number | null): boolean {
    const at = now();
    if ((askedAt === null ? closedUntil(chat) : readyAt(chat)) > at) return false;
    taken.push(at);
    const due = askedAt === null ? at : Math.max(askedAt, everyoneClosedUntil, at - catchUpMs);
    nextTurn = Math.max(nextTurn, due) + turnMs;
    if (rooms !== undefined) {
      const { closedUntil = 0, sent = [] } = chats.get(chat) ?? {};
      chats.set(chat, { closedUntil, sent: [...sent, at].slice(rooms.isShared(chat) ? -rooms.perMinute : -1) });
    }
    hold();
    return true;
  }

  /** Two messages that one delay has brought closer together are kept apart by the window from then on. */
  function learn(sentAt: number, tookMs: number): void {
    usualMs = Math.min(tookMs, usualMs + forgottenMs);
    // A loop, because a callback would get each number as an object of its own: a fiftieth of what the program allocates.
    let slot = taken.length - 1;
    while (slot >= 0 && (taken[slot] ?? 0) > sentAt) slot--;
    const at = taken[slot];
    if (at === undefined) return;
    const moved = at + tookMs - usualMs;
    // It passes the few that were taken since; at thousands a second, sorting them all was a tenth of the program's work.
    for (let next = taken[slot + 1]; next !== undefined && next < moved; next = taken[slot + 1]) taken[slot++] = next;
    taken[slot] = moved;
  }

  // As a rule nobody waits, and there is nothing to put in order.
  const answerNow = (chat: string): boolean => line.size === 0 && line.pending === 0 && !line.isPaused && admit(chat, null);

  async function answer(chat: string, signal: AbortSignal | undefined): Promise<void> {
    if (answerNow(chat)) return;
    // A pause of everyone is waited for in the line, where answers are first.
    do await passing(() => chatClosedUntil(chat), signal);
    while (!(await line.add(() => admit(chat, null), { priority: 1, signal })));
  }

  async function digest(chat: string, signal: AbortSignal | undefined): Promise<void> {
    let askedAt = 0;
    const stepUp = async (): Promise<boolean> => {
      if (readyAt(chat) > now()) return false;
      await passing(() => nextTurn, signal);
      return line.add(() => admit(chat, askedAt), { priority: 0, signal });
    };
    do {
      await passing(() => readyAt(chat), signal);
      askedAt = now();
    } while (!(await digests.add(stepUp, { signal })));
  }

  return {
    async slot(lane, room, signal) {
      signal?.throwIfAborted();
      await (lane === "answer" ? answer : digest)(nameOf(room), signal);
    },

    slotNow: (room) => answerNow(nameOf(room)),

    refused(room, ms, everyone = false) {
      const [chat, at] = [nameOf(room), now()];
      const until = at + ms;
      const { closedUntil = 0, sent = [] } = chats.get(chat) ?? {};
      chats.set(chat, { closedUntil: Math.max(closedUntil, until), sent });
      refusals = [...refusals.filter((one) => at - one.at <= oneRefusalMs), { chat, at, until }];
      if (everyone || refusals.some((one) => one.chat !== chat))
        everyoneClosedUntil = Math.max(everyoneClosedUntil, ...refusals.map((one) => one.until));
      hold();
    },

    async timed(send) {
      const sentAt = now();
      try {
        return await send();
      } finally {
        learn(sentAt, now() - sentAt);
      }
    },

    closedFor: (room) => Math.max(0, closedUntil(nameOf(room)) - now()),
  };
}

const timerFor = (ms: number): number => Math.min(Math.ceil(ms), longestTimerMs);

/** Resolves when the moment that `until` names has passed; it may move while this waits. Rejects with the signal's reason. */
async function passing(until: () => number, signal: AbortSignal | undefined): Promise<void> {
  for (let left = until() - now(); left > 0; left = until() - now()) {
    signal?.throwIfAborted();
    await sleep(timerFor(left), signal);
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
