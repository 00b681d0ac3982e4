/** What commands may do with subscriptions, over the stores and the queue. */
import { randomUUID } from "node:crypto";
import { UserError } from "../core/errors.ts";
import { platformOf, subscriptionId } from "../core/ids.ts";
import type { Queue } from "./queue.ts";
import { type DeliveryStore, mostPerRoom, type Schedules, type Subscription, type SubscriptionStore } from "./types.ts";

/** What an admin sends again may take this long: it was asked for now, not for the morning. */
const againWindowMs = 3_600_000;

export interface SchedulesOptions {
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly queue: Pick<Queue, "ready" | "add">;
  /** Something was queued. */
  readonly wake: () => void;
}

export function createSchedules({ subscriptions, deliveries, queue, wake }: SchedulesOptions): Schedules {
  return {
    async subscribe({ room, community, schedule, sections, by, now }) {
      if (platformOf(room) === "console") throw new UserError("no_digests_here", (texts) => texts.schedule.notAtTheConsole);
      const { time, zone, days } = schedule;
      const subscription: Subscription = {
        id: subscriptionId(randomUUID()),
        room,
        community,
        time,
        zone,
        days,
        sections,
        createdAt: now,
        paused: null,
      };
      switch (await subscriptions.add(subscription, by)) {
        case "added":
          return subscription;
        case "same":
          throw new UserError("subscribed_already", (texts) => texts.schedule.subscribedAlready);
        case "full":
          throw new UserError("too_many_subscriptions", (texts) => texts.schedule.tooManyDigests(mostPerRoom));
      }
    },
    list: (room) => subscriptions.ofRoom(room),
    remove: (id, community) => subscriptions.remove(id, community),
    lastDeliveries: (ids, limit) => deliveries.latest(ids, limit),
    resume: (community, now) => subscriptions.resume(community, now),
    async sendAgain(id, community, now) {
      await queue.ready();
      const queued = await deliveries.sendAgain(id, community, new Date(now.getTime() + againWindowMs), queue.add);
      if (queued) wake();
      return queued;
    },
  };
}
