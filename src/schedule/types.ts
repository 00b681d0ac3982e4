/** What schedule and courier work with, and the ports that storage implements for them. */

import type { Choice } from "../core/context.ts";
import type { CommunityId, DeliveryId, MemberId, PlatformName, RoomId, SubscriptionId } from "../core/ids.ts";
import type { Fence } from "../core/lease.ts";
import type { PausedRooms, Sent } from "../core/platform.ts";
import type { SealedBlock } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";

/** ISO weekdays: 1 is Monday, 7 is Sunday. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = (typeof weekdays)[number];

/** A local time on certain days. */
export interface Schedule {
  /** `HH:MM`, 00:00 to 23:59. */
  readonly time: string;
  /** IANA name. */
  readonly zone: string;
  /** In ascending order, at least one. */
  readonly days: readonly Weekday[];
}

/** Of `SendFailure`. */
export const pauseReasons = ["gone", "forbidden", "invalid"] as const;
export type PauseReason = (typeof pauseReasons)[number];

export interface Subscription extends Schedule {
  readonly id: SubscriptionId;
  readonly room: RoomId;
  readonly community: CommunityId;
  /** Sections of this subscription alone; null follows the community's settings. */
  readonly sections: readonly string[] | null;
  /** The poll, or the outcome, that it posts; absent for digests. Its days are empty where it is posted once. */
  readonly series?: string;
  readonly createdAt: Date;
  /** The platform refused a post; nothing is sent until access returns. */
  readonly paused: { readonly at: Date; readonly reason: PauseReason } | null;
}

/** Most subscriptions of one room. */
export const mostPerRoom = 5;

export interface SubscriptionStore {
  /**
   * Adds one, unless its room has the same time, zone and days already, or `mostPerRoom` subscriptions; digests and polls are counted apart.
   * @param by null where whoever wished for it has erased themselves
   */
  add(subscription: Subscription, by: MemberId | null): Promise<"added" | "same" | "full">;
  /** Digests alone, as in the next one. */
  ofRoom(room: RoomId): Promise<readonly Subscription[]>;
  ofCommunity(community: CommunityId): Promise<readonly Subscription[]>;
  find(id: SubscriptionId): Promise<Subscription | null>;
  /** Removes, with its deliveries and what was composed for them and never posted; what is waiting for it is not delivered any more. False where there was none in this community. */
  remove(id: SubscriptionId, community: CommunityId): Promise<boolean>;
  /** Access has returned: everything paused in the community goes on, with the first run after `now`. Returns how many. */
  resume(community: CommunityId, now: Date): Promise<number>;
  /** What the platforms may resume by themselves. A digest that was refused for what it says is not among it. */
  readonly pausedRooms: PausedRooms;
  /** Communities with subscriptions that were paused, which nobody was told of yet. */
  untold(): Promise<readonly CommunityId[]>;
  /**
   * Those of the community that nobody was told of yet: paused ones, or ones that go on meanwhile; marks them told.
   * @param unsaid where it is told in a digest of this room: paused ones of the same room are left, because this post may be refused too
   */
  takeUntold(community: CommunityId, unsaid?: RoomId): Promise<readonly Subscription[]>;
}

/**
 * - `waiting` queued; `sending` a part was handed to the platform, and not every part is proven yet;
 * - `delivered` every part has its message id; `uncertain` a part may or may not stand in the room;
 * - `refused` the platform says no; `expired` its window passed before it could be sent; `skipped` it was due too long ago.
 */
export const deliveryStates = ["waiting", "sending", "delivered", "uncertain", "refused", "expired", "skipped"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const partStates = ["sending", "delivered", "uncertain"] as const;

/** The proof of one message. */
export interface DeliveryPart {
  /** From 0. */
  readonly index: number;
  readonly state: (typeof partStates)[number];
  /** When it was handed to the platform; once delivered, when that was proven. */
  readonly at: Date;
  /** The platform's message id: the only proof of delivery. */
  readonly messageId: string | null;
}

export interface Delivery {
  readonly id: DeliveryId;
  readonly subscription: SubscriptionId;
  readonly room: RoomId;
  readonly community: CommunityId;
  /** `YYYY-MM-DD` in the subscription's zone. */
  readonly localDate: string;
  readonly dueAt: Date;
  /** Never sent after this. */
  readonly expiresAt: Date;
  readonly state: DeliveryState;
  /** Why it was refused, in the words of `PauseReason`. */
  readonly reason: string | null;
  /** How often it was put off. */
  readonly attempts: number;
  /** How often an admin had it sent again; each round has fresh keys. */
  readonly round: number;
  readonly settledAt: Date | null;
  readonly parts: readonly DeliveryPart[];
}

/** A schedule that subscriptions have, and when the one of them that was looked at longest ago was. */
export interface DueGroup {
  readonly schedule: Schedule;
  readonly since: Date;
}

/** What `due` found for one local date. */
export interface DueRun {
  readonly localDate: string;
  readonly at: Date;
  readonly kind: "run" | "skipped";
}

/** The local dates that came due in (since, now], oldest first. */
export type Due = (schedule: Schedule, times: { readonly now: Date; readonly since: Date; readonly windowMs: number }) => readonly DueRun[];

/** A connection or a transaction of the database, for the queue. */
export interface SqlSession {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Puts the jobs of deliveries into the same transaction as their rows. A job that is there already stays as it is. */
export type AddJobs = (session: SqlSession, jobs: readonly { readonly id: DeliveryId; readonly platform: PlatformName }[]) => Promise<void>;

/** The lease of a platform's courier. */
export const courierLease = (platform: string): string => `courier-${platform}`;

/**
 * What became of a wish to hand a part to the platform:
 * - `fresh` it is marked as sending, for the first time; `again` it was, and its key still lives, so the same message comes of it;
 * - `stale` it was, and may stand in the room; `lost` the lease, or the delivery, is no longer ours to act on.
 */
export type Begun = "fresh" | "again" | "stale" | "lost";

/** Whatever takes a fence does nothing where its lease is not held, or where the delivery is settled, and then resolves to false. */
export interface DeliveryStore {
  /** Every schedule that subscriptions on these platforms have, paused ones apart. */
  groups(platforms: readonly PlatformName[]): Promise<readonly DueGroup[]>;
  /**
   * Records a run for subscriptions with this schedule that it was not recorded for yet, and queues what is to be sent, all of it in one
   * transaction. Resolves to how many it looked at, which is less than `most` when none are left, and how many it queued.
   */
  enqueue(
    schedule: Schedule,
    run: DueRun,
    options: { readonly platforms: readonly PlatformName[]; readonly expiresAt: Date; readonly most: number; readonly addJobs: AddJobs },
  ): Promise<{ readonly considered: number; readonly queued: number }>;
  find(id: DeliveryId): Promise<Delivery | null>;
  /** The newest of each subscription first, at most `limit` of each. */
  latest(subscriptions: readonly SubscriptionId[], limit: number): Promise<readonly Delivery[]>;
  /** What is waiting or under way on a platform. */
  unsettled(platform: PlatformName): Promise<readonly DeliveryId[]>;
  /** Marks a part as sending. @param keyLifeMs how long a key makes the same message of two requests; 0 where it never does */
  begin(fence: Fence, id: DeliveryId, index: number, keyLifeMs: number): Promise<Begun>;
  /**
   * Keeps the proof that a part stands in the room. Needs no lease: a proof is one whoever brings it, also for a part given up as uncertain.
   * @param last whether the delivery is complete with it
   */
  prove(id: DeliveryId, index: number, messageId: string, last: boolean): Promise<boolean>;
  /** Puts it off. @param unsent a part that is known not to have been sent, whose mark is taken back */
  postpone(fence: Fence, id: DeliveryId, unsent: number | null): Promise<boolean>;
  /** It is over; parts that are under way without a proof are uncertain now. */
  settle(fence: Fence, id: DeliveryId, state: "delivered" | "uncertain" | "expired"): Promise<boolean>;
  /** The platform says no: the subscription is paused until access returns. @param unsent as for `postpone` */
  refuse(fence: Fence, id: DeliveryId, reason: PauseReason, unsent: number | null): Promise<boolean>;
  /**
   * Marks as expired what was never begun and can only be too late now, and as uncertain what was begun and whose courier is gone, because
   * its platform is not served any more. Returns how many.
   */
  expire(now: Date): Promise<number>;
  /** Queues an uncertain one of this community once more, with fresh keys for the parts that are not proven. */
  sendAgain(id: DeliveryId, community: CommunityId, expiresAt: Date, addJobs: AddJobs): Promise<boolean>;
  /** Forgets what was due before, with the digests that were composed for it and never posted. Returns how many. */
  forget(before: Date): Promise<number>;
}

/** A message that proves itself, told before its proof is kept: what else is to be known of it must be durable when this resolves. */
export type Posted = (delivery: Delivery, sent: Sent) => Promise<void>;

/** Has a poll posted: one subscription of its series for each room, due by a schedule, or at once where that is null. */
export type PostPoll = (post: {
  readonly series: string;
  readonly rooms: readonly { readonly room: RoomId; readonly community: CommunityId }[];
  readonly schedule: Schedule | null;
  readonly by: MemberId;
  readonly now: Date;
}) => Promise<void>;

/** Has something posted at once and once, in each of some rooms; of one series a second time changes nothing. */
export type PostOnce = (post: {
  /** What the couriers ask their content by. */
  readonly series: string;
  readonly rooms: readonly { readonly room: RoomId; readonly community: CommunityId }[];
  /** How long after `now` it may still be sent, in milliseconds. */
  readonly withinMs: number;
  readonly by: MemberId | null;
  /** When it came to be posted: the same at every attempt. */
  readonly now: Date;
}) => Promise<void>;

/** What a room's digest says: composes and stores it at the first call, and gives the same one at later calls. @throws UpstreamError */
export type Content = (delivery: Delivery, signal: AbortSignal) => Promise<readonly SealedBlock[]>;

/** What commands may do with subscriptions. */
export interface Schedules {
  /**
   * @throws UserError subscribed_already, too_many_subscriptions, or no_digests_here
   */
  subscribe(wish: {
    readonly room: RoomId;
    readonly community: CommunityId;
    readonly schedule: Schedule;
    /** Null follows the community's settings. */
    readonly sections: readonly string[] | null;
    readonly by: MemberId;
    readonly now: Date;
  }): Promise<Subscription>;
  /** The subscriptions of a room, oldest first. */
  list(room: RoomId): Promise<readonly Subscription[]>;
  /** False where this community has none of this id. */
  remove(id: SubscriptionId, community: CommunityId): Promise<boolean>;
  /** The last deliveries of each, the newest first, with what proves them. */
  lastDeliveries(subscriptions: readonly SubscriptionId[], limit: number): Promise<readonly Delivery[]>;
  /** As in the store. */
  resume(community: CommunityId, now: Date): Promise<number>;
  /** Sends an uncertain digest once more, and says whether it was one of this community. It may then stand in the room twice. */
  sendAgain(id: DeliveryId, community: CommunityId, now: Date): Promise<boolean>;
}

/** Schedules in words, as commands see them. */
export interface Planning {
  /**
   * Reads a schedule as people write it, in any order: `9`, `9am`, `09:00`; an IANA name or a city; `daily`, `weekdays`, `mon,thu`.
   * @param unsaid.zone what counts where no place is named
   * @param unsaid.also what else can be said where this line was typed, in a sentence, for whoever wrote what cannot be read
   * @throws UserError with an example where it cannot be read
   */
  plan(line: string, unsaid: { readonly zone: string; readonly also: (texts: Texts) => string }, now: Date): Promise<Schedule>;
  /** A zone by name or city. @throws UserError */
  zone(text: string, now: Date): Promise<string>;
  suggestZones(typed: string, now: Date, words: Texts["schedule"]): Promise<readonly Choice[]>;
  /** Such as "weekdays at 09:00 (Europe/Vienna)". */
  describe(schedule: Schedule, words: Texts["schedule"]): string;
  /** The next runs after an instant in the schedule's local time, such as "Mon, 23 Nov, 09:00 CET". */
  next(schedule: Schedule, runs: { readonly after: Date; readonly count: number; readonly words: Texts["schedule"] }): readonly string[];
}
