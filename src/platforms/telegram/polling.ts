/** Long polling: fetches updates, outlives every outage, and hands each update on, one chat in order and different chats at once. */
import { createConcurrentSink, createRunner, createSource, sequentialize } from "@grammyjs/runner";
import type { Update } from "grammy/types";
import { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { Backoff, type BotApi } from "./client.ts";
import { noteOf, operatorError, toldToWaitMs } from "./failures.ts";
import type { Timing } from "./timing.ts";
import { allowedUpdates, isText, orderKeys, updateId } from "./updates.ts";

export interface PollingOptions {
  readonly api: BotApi;
  readonly timing: Timing;
  readonly log: Logger;
  /** Handles one update; its rejection is logged and ends nothing. */
  readonly handle: (update: unknown) => Promise<void>;
  readonly onFatal: (error: OperatorError) => void;
}

export interface Polling {
  /** Stops fetching; resolves when everything in flight is done, at the latest after `timing.drain`. */
  stop(): Promise<void>;
}

/** Updates that are handled at the same time over all chats: the runner's own default. */
const concurrency = 500;
/**
 * Updates of one chat that may wait for each other. Waiting updates count towards `concurrency`, so without this limit one
 * flooded group would stop every other chat.
 */
const backlogPerKey = 50;

export function startPolling({ api, timing, log, handle, onFatal }: PollingOptions): Polling {
  const inFlight = new Set<Promise<void>>();
  const waiting = new Map<string, number>();
  const flooded = new Set<string>();
  const backoff = new Backoff(timing);
  let offset = 0;
  let failures = 0;
  let fatal = false;

  /** Rejects only when stopped, or where only the operator can help. The runner's signal comes from a polyfill. */
  async function supply(limit: number, signal: Parameters<BotApi["getUpdates"]>[1]): Promise<Update[]> {
    const ending = new AbortController();
    signal?.addEventListener("abort", () => ending.abort());
    for (;;) {
      try {
        const batch: unknown = await api.getUpdates(
          { offset, limit: Math.max(1, Math.min(limit, 100)), timeout: timing.pollSeconds, allowed_updates: allowedUpdates },
          signal,
        );
        if (!Array.isArray(batch)) throw new TypeError("getUpdates did not answer with a list");
        const ids = batch.map(updateId).filter((id) => id !== null);
        if (batch.length > 0 && ids.length === 0) throw new TypeError("no update of the batch has an id");
        // A random id follows a quiet week (Bot API, Update), so the offset follows the newest batch, not the greatest id ever.
        if (ids.length > 0) offset = Math.max(...ids) + 1;
        if (failures > 0) log.info({ failures }, "Telegram answers again");
        failures = 0;
        backoff.reset();
        return batch;
      } catch (error) {
        if (ending.signal.aborted) throw error;
        const hopeless = operatorError(error);
        if (hopeless !== null) throw hopeless;
        if (failures++ === 0) log.warn(noteOf(error), "no updates from Telegram; trying again until it answers");
        await backoff.pause(ending.signal, toldToWaitMs(error) ?? 0);
      }
    }
  }

  const inOrder = sequentialize<Update>((update) => [...orderKeys(update)]);

  async function consume(update: Update): Promise<void> {
    const [key] = orderKeys(update);
    const ahead = key === undefined ? 0 : (waiting.get(key) ?? 0);
    if (key !== undefined && ahead >= backlogPerKey && isText(update)) {
      if (!flooded.has(key)) log.warn({ update: updateId(update) }, "a flooded chat's messages are dropped until it has caught up");
      flooded.add(key);
      return;
    }
    if (key !== undefined) waiting.set(key, ahead + 1);
    const task = inOrder(update, () => handle(update))
      .catch((error: unknown) => log.error({ update: updateId(update), ...noteOf(error) }, "an update could not be handled"))
      .finally(() => {
        inFlight.delete(task);
        if (key === undefined) return;
        const left = (waiting.get(key) ?? 1) - 1;
        if (left > 0) {
          waiting.set(key, left);
          return;
        }
        waiting.delete(key);
        flooded.delete(key);
      });
    inFlight.add(task);
    await task;
  }

  const source = createSource<Update>({ supply });
  const sink = createConcurrentSink<Update>({ consume }, async (error) => log.error(noteOf(error), "an update could not be handled"), {
    concurrency,
  });
  const runner = createRunner(source, sink);
  runner.start();
  runner.task()?.catch((error: unknown) => {
    fatal = true;
    if (error instanceof OperatorError) onFatal(error);
    else log.error(noteOf(error), "polling ended unexpectedly");
  });

  async function drain(): Promise<void> {
    if (!fatal) await runner.stop();
    while (inFlight.size > 0) await Promise.all(inFlight);
  }

  /** Confirms what was handled, so that a restart does not handle it again; grammY's own bot does the same when it stops. */
  async function confirm(): Promise<void> {
    if (offset === 0 || fatal) return;
    await within(Math.min(2_000, timing.drain), api.getUpdates({ offset, limit: 1, timeout: 0 }));
  }

  return {
    async stop() {
      await within(timing.drain, drain());
      await confirm();
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
