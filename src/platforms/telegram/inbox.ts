/** The platform's side of the inbox: what is stored of an update before Telegram forgets it, and when it is marked as handled. */
import { setTimeout as sleep } from "node:timers/promises";
import { answerWithinMs, type InboxStore, type Incoming, type Waiting } from "../../core/inbox.ts";
import type { Logger } from "../../lib/logger.ts";
import { Backoff } from "./client.ts";
import { noteOf } from "./failures.ts";
import { type Desk, ownerOf } from "./respond.ts";
import type { Timing } from "./timing.ts";
import { orderKeys, type ReadUpdate, rawOf, readUpdate, updateId } from "./updates.ts";

/** An update on its way to being handled. */
export interface Arrival {
  /** Null where it is not as documented. */
  readonly id: number | null;
  readonly read: ReadUpdate;
  /** Arrivals that share one are handled one after the other. */
  readonly keys: readonly string[];
  /** Its name for ever; undefined where it has no id. */
  readonly name: string | undefined;
  /** What the store keeps of it until it is done; null where nothing is lost with it. */
  readonly kept: Incoming | null;
}

export interface Inbox {
  /** Takes updates over; returns those that were never taken before. Where they could not be stored, `safe` is false. Never rejects. */
  take(updates: readonly unknown[]): Promise<{ readonly fresh: readonly Arrival[]; readonly safe: boolean }>;
  /** What an earlier process took and did not finish, oldest first. @throws where the store does not answer */
  left(): Promise<readonly Arrival[]>;
  /** Notes that an arrival needs nothing more, together with others and a moment later. */
  done(arrival: Arrival): void;
  /** Writes the last notes; resolves when they are written, or could not be. */
  close(): Promise<void>;
}

/**
 * An update that so many starts have taken up and none has finished is probably what ends them. A program that is killed now and then
 * finishes it long before.
 */
const maxStarts = 10;

/** Updates count per bot, so the inbox is named by its id: another token in the same database is another inbox. */
export function createInbox(
  store: InboxStore,
  { desk, log, now, timing }: { readonly desk: Desk; readonly log: Logger; readonly now: () => Date; readonly timing: Timing },
): Inbox {
  const inbox = `telegram:${desk.me.id}`;
  const handled = new Set<number>();
  const closing = new AbortController();
  const backoff = new Backoff(timing);
  let writing: Promise<void> | null = null;
  let unsafe = false;

  function arrive(update: unknown): Arrival {
    const id = updateId(update);
    const read = readUpdate(update);
    const name = id === null ? undefined : `${inbox}:${id}`;
    const owner = ownerOf(desk, read);
    // What was read, and not what came: it holds no more of anybody than the answer takes.
    const kept = owner === null || id === null ? null : { ...owner, id, payload: JSON.stringify(rawOf(read)) };
    return { id, read, keys: orderKeys(update), name, kept };
  }

  function resume({ id, payload, community }: Waiting): Arrival {
    const update = parse(payload);
    const read = readUpdate(update);
    const before = ownerOf(desk, read)?.community;
    const [from, to] = [before, community].map((text) => Number(text?.slice(text.indexOf(":") + 1)));
    // While the update waited, its group became a supergroup.
    if (from !== undefined && to !== undefined && from !== to && Number.isSafeInteger(from) && Number.isSafeInteger(to))
      desk.rooms.remember(from, to);
    const kept = { id, payload, member: null, quoted: null, community };
    return { id, read, keys: orderKeys(update), name: `${inbox}:${id}`, kept };
  }

  /** Notes in one statement what was handled while the one before was under way. */
  async function write(): Promise<void> {
    for (let failures = 0; handled.size > 0; ) {
      const ids = [...handled];
      try {
        await store.done(inbox, ids, now());
        for (const id of ids) handled.delete(id);
        backoff.reset();
        failures = 0;
      } catch (error) {
        if (failures++ === 0) log.warn(noteOf(error), "what was answered could not be noted; trying again");
        if (closing.signal.aborted) return;
        await backoff.pause(closing.signal).catch(() => undefined);
      }
    }
  }

  function writeSoon(): void {
    writing ??= sleep(timing.noteHandledEvery, undefined, { signal: closing.signal })
      .catch(() => undefined)
      .then(write)
      .finally(() => {
        writing = null;
        if (handled.size > 0 && !closing.signal.aborted) writeSoon();
      });
  }

  return {
    async take(updates) {
      // From most messages of a group nothing follows: they are not stored, and nothing waits for them.
      const arrivals = updates.map(arrive).filter(({ id, read, kept }) => id === null || kept !== null || read.kind !== "message");
      const keeping = arrivals.flatMap(({ kept }) => (kept === null ? [] : [kept]));
      try {
        const fresh = await store.take(inbox, keeping, now());
        if (unsafe && keeping.length > 0) {
          log.info("what people send is stored again");
          unsafe = false;
        }
        return { fresh: arrivals.filter(({ kept }) => kept === null || fresh.has(kept.id)), safe: true };
      } catch (error) {
        if (!unsafe) log.warn(noteOf(error), "what people send cannot be stored; fetching no more of it than is being answered");
        unsafe = true;
        return { fresh: arrivals, safe: false };
      }
    },

    async left() {
      const waiting = await store.unhandled(inbox, new Date(now().getTime() - answerWithinMs));
      const [tried, given] = [waiting.filter(({ starts }) => starts <= maxStarts), waiting.filter(({ starts }) => starts > maxStarts)];
      for (const { id, starts } of given) log.error({ update: id, starts }, "gave up an update that no start has finished");
      if (given.length > 0)
        await store.done(
          inbox,
          given.map(({ id }) => id),
          now(),
        );
      if (tried.length > 0) log.info({ updates: tried.length }, "answering what was left unanswered");
      return tried.map(resume);
    },

    done({ kept }) {
      if (kept === null) return;
      handled.add(kept.id);
      writeSoon();
    },

    async close() {
      closing.abort();
      await writing;
      await write();
    },
  };
}

/** What only this program writes, and still a hand may have changed. */
function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
