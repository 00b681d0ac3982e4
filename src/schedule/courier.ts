/** Brings a platform's deliveries to their rooms: one process at a time, a few at once, and never twice what it cannot take back. */
import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import type { DeliveryId } from "../core/ids.ts";
import type { LeaseStore } from "../core/lease.ts";
import { createHold } from "../lib/hold.ts";
import { type DeliverDeps, deliver, type Tenure } from "./deliver.ts";
import type { Queue } from "./queue.ts";
import { courierLease } from "./types.ts";

export interface Courier {
  start(): void;
  /** Something was queued: do not wait for the next look. */
  wake(): void;
  /** Sends nothing new; resolves when what is in flight has ended and the lease is let go. */
  stop(): Promise<void>;
}

export interface CourierOptions extends Omit<DeliverDeps, "fence" | "keyLifeMs" | "retryMs"> {
  readonly queue: Queue;
  readonly leases: LeaseStore;
  /** For tests. */
  readonly timing?: Partial<CourierTiming>;
}

interface CourierTiming {
  /** How long another process waits for one that died: the life of the lease. */
  readonly ttlMs: number;
  /** Between two looks at an empty queue. */
  readonly idleMs: number;
  /** Discord keeps a nonce for “a few minutes”: within two of them we trust it. */
  readonly keyLifeMs: number;
  /** After a message or a digest failed; doubles. */
  readonly retryMs: number;
  /** After something went wrong on our side. */
  readonly troubleMs: number;
}

const usualTiming: CourierTiming = { ttlMs: 15_000, idleMs: 5_000, keyLifeMs: 120_000, retryMs: 1_000, troubleMs: 2_000 };

/** Deliveries under way at once: what 40 messages a second need where each takes a quarter of a second. */
const workers = 10;
/** When as many are turned away in a row, the platform is not to be had, and trying the next one only wears the database. */
const longestLullMs = 30_000;
const longestTroubleMs = 60_000;

export function createCourier(options: CourierOptions): Courier {
  const { platform, queue, deliveries, leases, log } = options;
  const timing = { ...usualTiming, ...options.timing };
  const { name } = platform;
  const stopping = new AbortController();
  const hold = createHold({ leases, name: courierLease(name), ttlMs: timing.ttlMs, log });
  const deps: DeliverDeps = { ...options, ...timing, fence: hold.fence };
  let running: Promise<void> | null = null;
  let look = Promise.withResolvers<void>();
  let turnedAway = 0;
  let troubles = 0;

  const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

  /** Resolves after `ms`, or when something was queued. */
  async function idle(ms: number, signal: AbortSignal): Promise<void> {
    look = Promise.withResolvers();
    const over = new AbortController();
    await Promise.race([look.promise, pause(ms, AbortSignal.any([signal, over.signal]))]);
    over.abort();
  }

  async function serve(tenure: Tenure): Promise<void> {
    const line = new PQueue({ concurrency: workers });
    const trouble = new AbortController();
    const signal = AbortSignal.any([tenure.over, trouble.signal]);
    try {
      await queue.takeStock(name, await deliveries.unsettled(name));
      while (!signal.aborted) {
        await line.onSizeLessThan(workers);
        const lull = turnedAway < workers ? 0 : Math.min(1_000 * 2 ** Math.floor(turnedAway / workers), longestLullMs);
        if (lull > 0) await pause(lull, signal);
        if (signal.aborted) break;
        const ids = await queue.fetch(name, workers);
        troubles = 0;
        for (const id of ids) void line.add(() => handle(id, tenure).catch((error: unknown) => trouble.abort(error)));
        if (ids.length === 0) await idle(timing.idleMs, signal);
      }
    } finally {
      line.clear();
      await line.onIdle();
    }
    if (!tenure.over.aborted) throw trouble.signal.reason;
  }

  async function handle(id: DeliveryId, tenure: Tenure): Promise<void> {
    if (tenure.over.aborted) return;
    const attempt = await deliver(id, deps, tenure);
    if (attempt.turnedAway) turnedAway++;
    else if (attempt.next === "settled") turnedAway = 0;
    if (attempt.next === "settled") await queue.drop(name, [id]);
    else if (attempt.next !== "lost") await queue.requeue(name, id, attempt.next);
    else if (!tenure.over.aborted) throw new Error("the lease was taken by another process");
  }

  async function run(): Promise<void> {
    for (;;) {
      const lost = await hold.acquire(stopping.signal);
      if (lost === null) return;
      const over = AbortSignal.any([lost, stopping.signal]);
      while (!over.aborted) {
        try {
          await serve({ lost, over });
        } catch (error) {
          log.error({ platform: name, err: error }, "deliveries are held up; trying again");
          await pause(Math.min(timing.troubleMs * 2 ** troubles++, longestTroubleMs), over);
        }
        // Taking stock is for the holder alone.
        if (!over.aborted) await hold.confirm();
      }
    }
  }

  return {
    start() {
      running ??= run();
    },
    wake: () => look.resolve(),
    async stop() {
      stopping.abort();
      await running;
      await hold
        .release()
        .catch((error: unknown) => log.warn({ platform: name, err: error }, "the lease was not let go; it ends by itself"));
    },
  };
}
