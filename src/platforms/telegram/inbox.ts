/** The platform's side of the inbox: what is stored of an update before Telegram forgets it, and when it is marked as handled. */
import { answerWithinMs, type InboxStore } from "../../core/inbox.ts";
import type { Logger } from "../../lib/logger.ts";
import { type Arrival, createArrivals, maxStarts } from "./arrivals.ts";
import { noteOf } from "./failures.ts";
import { createNotes } from "./notes.ts";
import type { Desk } from "./respond.ts";
import type { Timing } from "./timing.ts";

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

export function createInbox(
  store: InboxStore,
  { desk, log, now, timing }: { readonly desk: Desk; readonly log: Logger; readonly now: () => Date; readonly timing: Timing },
): Inbox {
  const { inbox, arrive, resume } = createArrivals(desk);
  const notes = createNotes((ids) => store.done(inbox, ids, now()), { timing, log });
  let unsafe = false;

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
      if (kept !== null) notes.add(kept.id);
    },

    close: notes.close,
  };
}
