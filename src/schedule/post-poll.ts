/** Has polls posted by the couriers: on a schedule like digests, or at once. */
import { randomUUID } from "node:crypto";
import { UserError } from "../core/errors.ts";
import { type PlatformName, subscriptionId } from "../core/ids.ts";
import type { Queue } from "./queue.ts";
import { type DeliveryStore, mostPerRoom, type PostPoll, type Schedule, type SubscriptionStore } from "./types.ts";

export interface PostPollOptions {
  readonly subscriptions: Pick<SubscriptionStore, "add">;
  readonly deliveries: Pick<DeliveryStore, "enqueue">;
  readonly queue: Pick<Queue, "ready" | "add">;
  /** Those that this process serves. */
  readonly platforms: readonly PlatformName[];
  /** Something was queued. */
  readonly wake: () => void;
}

/** Who asks now does not want to be answered in the evening. */
const onceWindowMs = 3_600_000;

/** @throws UserError where a room has as many repeating polls as it can have */
export function createPostPoll({ subscriptions, deliveries, queue, platforms, wake }: PostPollOptions): PostPoll {
  return async ({ series, rooms, schedule, by, now }) => {
    // No time comes due on no day, and no other poll has this one's zone: what is recorded below is recorded for its rooms alone.
    const times: Schedule = schedule ?? { time: "", zone: series, days: [] };
    for (const { room, community } of rooms) {
      const { time, zone, days } = times;
      const subscription = {
        id: subscriptionId(randomUUID()),
        room,
        community,
        time,
        zone,
        days,
        sections: null,
        series,
        createdAt: now,
        paused: null,
      };
      if ((await subscriptions.add(subscription, by)) === "full")
        throw new UserError("too_many_polls", (texts) => texts.schedule.tooManyPolls(mostPerRoom));
    }
    if (schedule !== null) return;
    await queue.ready();
    const run = { localDate: now.toISOString().slice(0, 10), at: new Date(now.getTime() + 1), kind: "run" } as const;
    const expiresAt = new Date(now.getTime() + onceWindowMs);
    await deliveries.enqueue(times, run, { platforms, expiresAt, most: rooms.length, addJobs: queue.add });
    wake();
  };
}
