/** Has something posted by the couriers at once, and once: a subscription that comes due on no day, and its one delivery. */
import { randomUUID } from "node:crypto";
import { type PlatformName, subscriptionId } from "../core/ids.ts";
import type { Queue } from "./queue.ts";
import type { DeliveryStore, PostOnce, SubscriptionStore } from "./types.ts";

export interface PostOnceOptions {
  readonly subscriptions: Pick<SubscriptionStore, "add">;
  readonly deliveries: Pick<DeliveryStore, "enqueue">;
  readonly queue: Pick<Queue, "ready" | "add">;
  /** Those that this process serves. */
  readonly platforms: readonly PlatformName[];
  /** Something was queued. */
  readonly wake: () => void;
}

export function createPostOnce({ subscriptions, deliveries, queue, platforms, wake }: PostOnceOptions): PostOnce {
  return async ({ series, rooms, withinMs, by, now }) => {
    // No time comes due on no day, and nothing else has this one's zone: what is recorded below is recorded for its rooms alone.
    const times = { time: "", zone: series, days: [] };
    for (const { room, community } of rooms) {
      const id = subscriptionId(randomUUID());
      await subscriptions.add({ id, room, community, ...times, sections: null, series, createdAt: now, paused: null }, by);
    }
    await queue.ready();
    const run = { localDate: now.toISOString().slice(0, 10), at: new Date(now.getTime() + 1), kind: "run" } as const;
    const expiresAt = new Date(now.getTime() + withinMs);
    await deliveries.enqueue(times, run, { platforms, expiresAt, most: rooms.length, addJobs: queue.add });
    wake();
  };
}
