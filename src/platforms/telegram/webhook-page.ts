/** The page that Telegram posts updates to: nothing is acknowledged that is not stored, and Telegram brings again what is not acknowledged. */
import type { PushedIncoming, PushedStore } from "../../core/pushed.ts";
import type { Webhook } from "../../core/webhook.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Arrival, Arrivals } from "./arrivals.ts";
import { noteOf } from "./failures.ts";
import { laneOf, updateId } from "./updates.ts";
import { type WebhookIdentity, webhookPath } from "./webhook-address.ts";

/** A message of 4,096 characters that replies to another one, each character escaped, with a hundred entities each, is a fifth of it. */
const bodyBytes = 1024 * 1024;
/** In one statement. */
const batch = 100;

export interface TakerOptions {
  readonly store: Pick<PushedStore, "take">;
  readonly arrivals: Arrivals;
  /** Handles at once what nothing is lost with. Never rejects. */
  readonly passing: (arrival: Arrival) => Promise<void>;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface Taker {
  /** False where it could not be stored. Never rejects. */
  take(update: unknown): Promise<boolean>;
}

export function createTaker({ store, arrivals, passing, log, now }: TakerOptions): Taker {
  const waiting: { readonly one: PushedIncoming; readonly settle: (stored: boolean) => void }[] = [];
  let writing = false;
  let failing = false;

  /** What comes while one statement is under way goes with the next one: a flood costs no more statements than the database can take. */
  async function write(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const now_ = waiting.splice(0, batch);
      const stored = await keep(now_.map(({ one }) => one));
      for (const { settle } of now_) settle(stored);
    }
    writing = false;
  }

  async function keep(incoming: readonly PushedIncoming[]): Promise<boolean> {
    try {
      await store.take(arrivals.inbox, incoming, now());
      if (failing) log.info("what Telegram posts is stored again");
      failing = false;
      return true;
    } catch (error) {
      if (!failing) log.warn(noteOf(error), "what Telegram posts cannot be stored; it is to bring it again");
      failing = true;
      return false;
    }
  }

  return {
    take(update) {
      const arrival = arrivals.arrive(update);
      const { kept, read } = arrival;
      if (kept === null) {
        // From most messages of a group nothing follows.
        if (read.kind !== "message") void passing(arrival);
        return Promise.resolve(true);
      }
      return new Promise((settle) => {
        waiting.push({ one: { ...kept, lane: laneOf(read) }, settle });
        if (!writing) void write();
      });
    },
  };
}

/** @param taker null where nobody takes anything now */
export function createWebhookPage(identity: WebhookIdentity, taker: () => Taker | null): Webhook {
  return {
    path: webhookPath,
    bodyBytes,
    async receive({ header, body }) {
      if (!identity.knows(header("x-telegram-bot-api-secret-token") ?? "")) return { status: 401 };
      const update = parse(await body());
      // Broken on the way: Telegram's own updates all have one.
      if (updateId(update) === null) return { status: 400 };
      const stored = (await taker()?.take(update)) ?? false;
      return { status: stored ? 200 : 503 };
    },
  };
}

function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString());
  } catch {
    return null;
  }
}
