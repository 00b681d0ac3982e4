/** Once a minute: records every run that has come due, for all its subscriptions, together with the jobs that deliver it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PlatformName } from "../core/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { Queue } from "./queue.ts";
import type { DeliveryStore, Due, DueGroup, DueRun } from "./types.ts";

export interface EnqueueOptions {
  readonly deliveries: DeliveryStore;
  readonly queue: Pick<Queue, "ready" | "add">;
  readonly due: Due;
  /** Those that this process serves: what nobody serves does not pile up, and is told as skipped when somebody does again. */
  readonly platforms: readonly PlatformName[];
  readonly log: Logger;
}

/** A morning digest is still welcome this much later. */
const windowMs = 3 * 3_600_000;
/** One transaction each: on PGlite everyone else waits for it. */
const most = 100;

/**
 * Makes the function that the heartbeat calls; it resolves to the number of deliveries that were queued. Calling it twice, in two processes,
 * or again after a crash changes nothing: what was recorded is not recorded again, and what was not is recorded then.
 */
export function createEnqueue({ deliveries, queue, due, platforms, log }: EnqueueOptions): (now: Date) => Promise<number> {
  function runsOf({ schedule, since }: DueGroup, now: Date): readonly DueRun[] {
    try {
      return due(schedule, { now, since, windowMs });
    } catch (error) {
      // A zone that this version of Node does not know any more; the other schedules do not wait for it.
      log.error({ err: error, ...schedule }, "a schedule cannot be read");
      return [];
    }
  }

  async function record({ schedule }: DueGroup, run: DueRun): Promise<number> {
    if (run.kind === "run") await queue.ready();
    const expiresAt = new Date(run.at.getTime() + windowMs);
    let sum = 0;
    for (;;) {
      const { considered, queued } = await deliveries.enqueue(schedule, run, { platforms, expiresAt, most, addJobs: queue.add });
      sum += queued;
      if (considered < most) return sum;
      await nextTurn();
    }
  }

  return async (now) => {
    const expired = await deliveries.expire(now);
    if (expired > 0) log.warn({ deliveries: expired }, "digests could not be sent within their window");
    let sum = 0;
    for (const group of await deliveries.groups(platforms)) {
      for (const run of runsOf(group, now)) sum += await record(group, run);
      await nextTurn();
    }
    if (sum > 0) log.info({ deliveries: sum }, "digests are due");
    return sum;
  };
}
