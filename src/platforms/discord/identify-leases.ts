/** When a shard may identify where other processes identify too: Discord counts all of them together. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { HeldLease, LeaseStore } from "../../core/lease.ts";
import type { Logger } from "../../lib/logger.ts";
import { describe } from "./errors.ts";
import type { IdentifyLimits } from "./identify.ts";

export interface IdentifyLeasesOptions {
  readonly leases: LeaseStore;
  readonly limits: IdentifyLimits;
  readonly log: Logger;
}

const hourMs = 3_600_000;
/** From asking for a turn to identifying; who took longer asks again, so that two never come closer together than they may. */
const slackMs = 100;
const retryMs = 1_000;

/**
 * Lets identifies through like `IdentifyGate`, over all processes that share the leases: one per class and interval, and in any hour a
 * 24th of what a day may bear. A turn is a lease that nobody lets go: it ends when the next one may come.
 * @returns waits for a shard's turn; rejects when the signal fires
 */
export function createIdentifyLeases({
  leases,
  limits,
  log,
}: IdentifyLeasesOptions): (shard: number, signal: AbortSignal) => Promise<void> {
  const perHour = Math.max(1, Math.floor(limits.perDay / 24));
  const soonest = (held: readonly HeldLease[]): number => Math.min(...held.map(({ leftMs }) => leftMs)) + 1;

  /** Takes one of the hour's turns. */
  async function spend(holder: string, signal: AbortSignal): Promise<void> {
    const turns = "discord:identified/";
    for (;;) {
      const held = await leases.held(turns);
      const spent = new Set(held.map(({ name }) => name));
      const free = Array.from({ length: perHour }, (_, turn) => `${turns}${turn}`).find((name) => !spent.has(name));
      if (free === undefined) await sleep(soonest(held), undefined, { signal });
      else if (await leases.take({ name: free, holder }, hourMs)) return;
    }
  }

  /** Takes the turn of a class. */
  async function step(holder: string, shard: number, signal: AbortSignal): Promise<void> {
    const name = `discord:identify/${shard % limits.maxConcurrency}`;
    for (;;) {
      signal.throwIfAborted();
      const asked = performance.now();
      if (await leases.take({ name, holder }, limits.everyMs + slackMs)) {
        if (performance.now() - asked <= slackMs) return;
        continue;
      }
      const held = (await leases.held(name)).filter((lease) => lease.name === name);
      if (held.length > 0) await sleep(soonest(held), undefined, { signal });
    }
  }

  /** A database that does not answer only makes everybody wait. */
  async function persist(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ platform: "discord", ...describe(error) }, "no turn to identify could be had; trying again");
        await sleep(retryMs, undefined, { signal });
      }
    }
  }

  return async (shard, signal) => {
    const holder = randomUUID();
    await persist(() => spend(holder, signal), signal);
    await persist(() => step(holder, shard, signal), signal);
  };
}
