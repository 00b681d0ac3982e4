/** Long polling: fetches updates, outlives every outage, and lets Telegram forget an update only when it is stored or handled. */
import type { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Arrival } from "./arrivals.ts";
import { Backoff, type BotApi } from "./client.ts";
import { LeaseLost, noteOf, operatorError, toldToWaitMs, webhookStands } from "./failures.ts";
import type { Inbox } from "./inbox.ts";
import { createLanes } from "./lanes.ts";
import type { Timing } from "./timing.ts";
import { allowedUpdates, updateId } from "./updates.ts";

export interface PollingOptions {
  readonly api: BotApi;
  readonly timing: Timing;
  readonly log: Logger;
  readonly inbox: Inbox;
  /** Whether no other process polls at this very moment, and none has since this one began. */
  readonly certain: () => boolean;
  /** Handles one update; its rejection is logged and ends nothing. */
  readonly handle: (arrival: Arrival) => Promise<void>;
  /** A chat sends more than can wait; this message of it is the first that is dropped. */
  readonly onFlood: (arrival: Arrival) => void;
  /** Takes away a webhook that keeps from polling; false where it is not ours to take away. */
  readonly reclaim: () => Promise<boolean>;
  /** Polling has ended because only the operator can help. */
  readonly onFatal: (error: OperatorError) => void;
}

export interface Polling {
  /** Telegram answered the last time it was asked, and what it told was taken. Null where another process polls. */
  connected(): boolean | null;
  /**
   * Stops fetching; resolves when everything that was begun is done, at the latest after `timing.drain`. What was not begun stays in
   * the inbox.
   */
  stop(): Promise<void>;
}

/** Begins with what an earlier process left unfinished. */
export function startPolling({ api, timing, log, inbox, certain, handle, onFlood, reclaim, onFatal }: PollingOptions): Polling {
  const stopping = new AbortController();
  const { signal } = stopping;
  const lanes = createLanes({ handle, done: inbox.done, onFlood, patience: timing.orderPatience, stopping: signal, certain, log });
  const backoff = new Backoff(timing);
  let offset = 0;
  let fatal = false;
  // Telegram has just said who the bot is, and the first question waits half a minute for news.
  let connected = true;

  async function fetch(): Promise<readonly unknown[]> {
    const batch: unknown = await api.getUpdates(
      // As many as there may be (Bot API, getUpdates): storing a hundred updates takes little longer than storing one.
      { offset, limit: 100, timeout: timing.pollSeconds, allowed_updates: allowedUpdates },
      // Typed as a polyfill's, of which grammY and the transport use what every signal has.
      signal as Parameters<BotApi["getUpdates"]>[1],
    );
    if (!Array.isArray(batch)) throw new TypeError("getUpdates did not answer with a list");
    if (batch.length > 0 && batch.every((update) => updateId(update) === null)) throw new TypeError("no update of the batch has an id");
    return batch;
  }

  /** Resolves when there is room for more. */
  async function takeOver(batch: readonly unknown[]): Promise<void> {
    const { fresh, safe } = await inbox.take(batch);
    const room = lanes.add(fresh);
    if (!safe) {
      // Then Telegram is the only place where they are kept, and forgets them with the next offset.
      await lanes.idle();
      if (signal.aborted) return;
    }
    const ids = batch.map(updateId).filter((id) => id !== null);
    // A random id follows a quiet week (Bot API, Update), so the offset follows the newest batch, not the greatest id ever.
    if (ids.length > 0) offset = Math.max(...ids) + 1;
    await room;
  }

  /** Resolves when stopped, or where only the operator can help. */
  async function run(): Promise<void> {
    let [resumed, failures] = [false, 0];
    while (!signal.aborted) {
      try {
        if (!resumed) await lanes.add(await inbox.left());
        resumed = true;
        const batch = await fetch();
        // What came meanwhile is Telegram's to tell to whoever polls now.
        if (!certain()) throw new LeaseLost("another process may be polling");
        if (failures > 0) log.info({ failures }, "Telegram answers again");
        failures = 0;
        backoff.reset();
        await takeOver(batch);
        connected = true;
      } catch (error) {
        connected = false;
        if (signal.aborted) return;
        const hopeless = operatorError(error);
        // That another one polls is as it should be.
        if (hopeless !== null && certain() && !(webhookStands(error) && (await reclaim().catch(() => false)))) {
          fatal = true;
          onFatal(hopeless);
          return;
        }
        const what = resumed ? "no updates from Telegram" : "what was left unanswered could not be read";
        if (failures++ === 0) log.warn(noteOf(error), `${what}; trying again until it works`);
        await backoff.pause(signal, toldToWaitMs(error) ?? 0).catch(() => undefined);
      }
    }
  }

  const running = run();

  async function drain(): Promise<void> {
    await running;
    await lanes.idle();
  }

  /** Confirms what is stored or handled; grammY's own bot does the same when it stops. */
  async function confirm(): Promise<void> {
    if (offset > 0 && !fatal && certain()) await api.getUpdates({ offset, limit: 1, timeout: 0 });
  }

  return {
    connected: () => connected && !signal.aborted,
    async stop() {
      stopping.abort();
      await within(timing.drain, drain());
      await within(Math.min(2_000, timing.drain), Promise.all([inbox.close(), confirm()]));
    },
  };
}

/** Resolves when the work has ended either way, or after `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([work.catch(() => undefined), late.promise]);
  clearTimeout(timer);
}
