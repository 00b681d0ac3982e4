/** Puts proven delivery together: the queue, what comes due, one courier per platform, and what commands may do. */
import type { OperatorError } from "../core/errors.ts";
import type { PlatformName } from "../core/ids.ts";
import type { Platform } from "../core/platform.ts";
import type { Logger } from "../lib/logger.ts";
import { type Courier, type CourierOptions, createCourier } from "../schedule/courier.ts";
import { createEnqueue } from "../schedule/enqueue.ts";
import { createPostOnce } from "../schedule/post-once.ts";
import { createPostPoll } from "../schedule/post-poll.ts";
import { createQueue } from "../schedule/queue.ts";
import { createSchedules } from "../schedule/subscriptions.ts";
import type { Content, Due, PostOnce, PostPoll, Schedules } from "../schedule/types.ts";
import type { Storage } from "../storage/open.ts";
import { unwatched, type Watch } from "./watch.ts";

export interface DeliveryService {
  readonly schedules: Schedules;
  readonly postPoll: PostPoll;
  readonly postOnce: PostOnce;
  /** What the heartbeat calls: queues what has come due, and forgets what nobody asks for any more. */
  beat(now: Date): Promise<void>;
  /** The platform is being served: its courier sets out. */
  started(platform: PlatformName): void;
  /** The platform cannot go on: its courier stops, unless messages are still taken. */
  failed(platform: PlatformName, error: OperatorError): void;
  /** Sends nothing new, and waits for what is in flight. Before the platforms stop. */
  stop(): Promise<void>;
}

export interface DeliveryOptions {
  readonly storage: Storage;
  readonly platforms: readonly Platform[];
  /** Puts whoever counts in front of the ledger. */
  readonly watched?: Watch["deliveries"];
  readonly due: Due;
  readonly content: Content;
  readonly posted?: CourierOptions["posted"];
  readonly now: () => Date;
  readonly log: Logger;
  /** For tests. */
  readonly timing?: CourierOptions["timing"];
}

/** Longer than anybody scrolls back; a year of daily digests in 10,000 rooms would be millions of rows. */
const rememberedMs = 90 * 24 * 3_600_000;

export function createDelivery(options: DeliveryOptions): DeliveryService {
  const { storage, platforms, watched = unwatched.deliveries, due, content, posted, now, log, timing = {} } = options;
  const { subscriptions, deliveries, leases } = storage;
  const queue = createQueue({ database: storage, backend: storage.kind, log });
  const couriers = new Map<PlatformName, Courier>(
    platforms.map((platform) => [
      platform.name,
      createCourier({
        platform,
        pace: platform.pace,
        queue,
        deliveries: watched(deliveries, platform.name),
        leases,
        content,
        now,
        log,
        timing,
        ...(posted === undefined ? {} : { posted }),
      }),
    ]),
  );
  const wake = () => {
    for (const courier of couriers.values()) courier.wake();
  };
  const enqueue = createEnqueue({ deliveries: watched(deliveries, null), queue, due, platforms: platforms.map(({ name }) => name), log });

  const postOnce = createPostOnce({ subscriptions, deliveries, queue, platforms: platforms.map(({ name }) => name), wake });

  return {
    postPoll: createPostPoll({ subscriptions, postOnce }),
    postOnce,
    schedules: createSchedules({ subscriptions, deliveries, queue, wake }),
    async beat(at) {
      if ((await enqueue(at)) > 0) wake();
      await deliveries.forget(new Date(at.getTime() - rememberedMs));
    },
    started: (platform) => couriers.get(platform)?.start(),
    failed(platform, error) {
      if (error.stillSends) return;
      couriers
        .get(platform)
        ?.stop()
        .catch((trouble: unknown) => log.error({ platform, err: trouble }, "the courier did not stop cleanly"));
    },
    async stop() {
      await Promise.all([...couriers.values()].map((courier) => courier.stop()));
      await queue.stop();
    },
  };
}
