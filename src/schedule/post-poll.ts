/** Has polls posted by the couriers: on a schedule like digests, or at once. */
import { randomUUID } from "node:crypto";
import { UserError } from "../core/errors.ts";
import { subscriptionId } from "../core/ids.ts";
import { mostPerRoom, type PostOnce, type PostPoll, type SubscriptionStore } from "./types.ts";

export interface PostPollOptions {
  readonly subscriptions: Pick<SubscriptionStore, "add">;
  readonly postOnce: PostOnce;
}

/** Who asks now does not want to be answered in the evening. */
const onceWithinMs = 3_600_000;

/** @throws UserError where a room has as many repeating polls as it can have */
export function createPostPoll({ subscriptions, postOnce }: PostPollOptions): PostPoll {
  return async ({ series, rooms, schedule, by, now }) => {
    if (schedule === null) return postOnce({ series, rooms, withinMs: onceWithinMs, by, now });
    const { time, zone, days } = schedule;
    for (const { room, community } of rooms) {
      const id = subscriptionId(randomUUID());
      const subscription = { id, room, community, time, zone, days, sections: null, series, createdAt: now, paused: null };
      if ((await subscriptions.add(subscription, by)) === "full")
        throw new UserError("too_many_polls", (texts) => texts.schedule.tooManyPolls(mostPerRoom));
    }
  };
}
