/** When a shard may identify: Discord resets the bot's token when it identifies too often. */
import { setTimeout as sleep } from "node:timers/promises";

export interface IdentifyLimits {
  /** Shards of one remainder class identify one after another (`max_concurrency`, events/gateway "Rate Limiting"). */
  readonly maxConcurrency: number;
  /** Identifies allowed in 24 hours over all shards (`session_start_limit.total`); one more resets the token. */
  readonly perDay: number;
  /** Between two identifies of one class: 5 seconds. */
  readonly everyMs: number;
}

const hourMs = 3_600_000;

/**
 * Lets identifies through in order: one per class and interval, and never more in an hour than a whole day of faults could bear.
 * Waiting rejects when the signal fires.
 */
export class IdentifyGate {
  readonly #limits: IdentifyLimits;
  readonly #now: () => Date;
  readonly #queues = new Map<number, Promise<void>>();
  readonly #lastOf = new Map<number, number>();
  #recent: number[] = [];

  constructor(limits: IdentifyLimits, now: () => Date) {
    this.#limits = limits;
    this.#now = now;
  }

  async wait(shardId: number, signal: AbortSignal): Promise<void> {
    const key = shardId % this.#limits.maxConcurrency;
    const before = this.#queues.get(key) ?? Promise.resolve();
    const turn = Promise.withResolvers<void>();
    this.#queues.set(key, turn.promise);
    try {
      await before;
      signal.throwIfAborted();
      for (let delay = this.#delay(key); delay > 0; delay = this.#delay(key)) await sleep(delay, undefined, { signal });
      const at = this.#now().getTime();
      this.#lastOf.set(key, at);
      this.#recent.push(at);
    } finally {
      turn.resolve();
    }
  }

  /** Milliseconds until this class may identify. A clock that was set back counts as a passed interval. */
  #delay(key: number): number {
    const now = this.#now().getTime();
    this.#recent = this.#recent.filter((at) => at <= now && now - at < hourMs);
    const last = this.#lastOf.get(key);
    const since = last === undefined ? Number.POSITIVE_INFINITY : now - last;
    const interval = since >= 0 && since < this.#limits.everyMs ? this.#limits.everyMs - since : 0;
    const perHour = Math.max(1, Math.floor(this.#limits.perDay / 24));
    const oldest = this.#recent.at(-perHour);
    return Math.max(interval, oldest === undefined ? 0 : oldest + hourMs - now);
  }
}
