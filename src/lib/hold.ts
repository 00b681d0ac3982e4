/** Holds a lease for as long as it is wanted, and says at any moment whether it is certainly held. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fence, LeaseStore } from "../core/lease.ts";
import type { Logger } from "./logger.ts";

export interface Hold {
  readonly fence: Fence;
  /** Resolves with a signal that fires when the lease is no longer certainly held; with null when `stopping` fired before. */
  acquire(stopping: AbortSignal): Promise<AbortSignal | null>;
  /** Renews it now. False where it is lost. */
  confirm(): Promise<boolean>;
  release(): Promise<void>;
}

export interface HoldOptions {
  readonly leases: LeaseStore;
  readonly name: string;
  /** How long the database lets nobody else in after the last renewal. */
  readonly ttlMs: number;
  readonly log: Logger;
}

/** It is renewed three times within its life, and given up when a fifth of that is left: a clock may run a little slow. */
const renewals = 3;
const usable = 0.8;

export function createHold({ leases, name, ttlMs, log }: HoldOptions): Hold {
  const fence: Fence = { name, holder: randomUUID() };
  let tenure: AbortController | null = null;
  let end: NodeJS.Timeout | undefined;
  let failing = false;

  function lose(): void {
    clearTimeout(end);
    tenure?.abort();
    tenure = null;
  }

  /** Null where the database did not say. */
  async function renew(): Promise<boolean | null> {
    // Counted from the question, not from the answer: the database cannot have counted from earlier. Monotonic.
    const asked = performance.now();
    try {
      const taken = await leases.take(fence, ttlMs);
      if (failing) log.info({ lease: name }, "the lease can be renewed again");
      failing = false;
      const left = asked + ttlMs * usable - performance.now();
      if (!taken || left <= 0) {
        lose();
        return taken ? null : false;
      }
      clearTimeout(end);
      end = setTimeout(() => {
        log.warn({ lease: name }, "the lease could not be renewed in time: nothing is sent until it is");
        lose();
      }, left);
      return true;
    } catch (error) {
      if (!failing) log.warn({ lease: name, err: error }, "the lease could not be renewed");
      failing = true;
      return null;
    }
  }

  async function keep(mine: AbortController, stopping: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([mine.signal, stopping]);
    while (!signal.aborted) {
      await sleep(ttlMs / renewals, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await renew();
    }
  }

  return {
    fence,
    async acquire(stopping) {
      while (!stopping.aborted) {
        if (await renew()) {
          tenure = new AbortController();
          const { signal } = tenure;
          void keep(tenure, stopping);
          return signal;
        }
        await sleep(ttlMs / renewals, undefined, { signal: stopping }).catch(() => undefined);
      }
      return null;
    },
    confirm: async () => (await renew()) === true && tenure !== null,
    async release() {
      lose();
      await leases.release(fence);
    },
  };
}
