/** What schedule and courier work with, and the ports that storage implements for them. */
import type { CommunityId, DeliveryId, MemberId, PlatformName, RoomId, SubscriptionId } from "../core/ids.ts";
import type { SealedBlock } from "../core/reply.ts";

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A local time on certain days. */
export interface Schedule {
  /** `HH:MM`, 00:00 to 23:59. */
  readonly time: string;
  /** IANA name. */
  readonly zone: string;
  /** In ascending order, at least one. */
  readonly days: readonly Weekday[];
}

export type PauseReason = "gone" | "forbidden" | "invalid";

export interface Subscription extends Schedule {
  readonly id: SubscriptionId;
  readonly room: RoomId;
  readonly community: CommunityId;
  /** Sections of this subscription alone; null follows the community's settings. */
  readonly sections: readonly string[] | null;
  readonly createdAt: Date;
  /** The platform refused a post; nothing is sent until access returns. */
  readonly paused: { readonly at: Date; readonly reason: PauseReason } | null;
}

export interface SubscriptionStore {
  add(subscription: Subscription, by: MemberId): Promise<void>;
  ofRoom(room: RoomId): Promise<readonly Subscription[]>;
  ofCommunity(community: CommunityId): Promise<readonly Subscription[]>;
  find(id: SubscriptionId): Promise<Subscription | null>;
  /** Removes; what is waiting for it is not delivered any more. False where there was none in this community. */
  remove(id: SubscriptionId, community: CommunityId): Promise<boolean>;
  /** Access has returned: everything paused in the community goes on, with the next due run. Returns how many. */
  resume(community: CommunityId): Promise<number>;
  /** Paused ones of the community that nobody was told of yet; marks them told, so that it is said once. */
  takeUntold(community: CommunityId): Promise<readonly Subscription[]>;
}

/**
 * - `waiting` queued; `sending` a part was handed to the platform and is not proven yet;
 * - `delivered` every part has its message id; `uncertain` a part may or may not stand in the room;
 * - `refused` the platform says no; `expired` its window passed before it could be sent; `skipped` it was due too long ago.
 */
export const deliveryStates = ["waiting", "sending", "delivered", "uncertain", "refused", "expired", "skipped"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** The proof of one message. */
export interface DeliveryPart {
  /** From 0. */
  readonly index: number;
  readonly state: "sending" | "delivered" | "uncertain";
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
  readonly attempts: number;
  readonly settledAt: Date | null;
  readonly parts: readonly DeliveryPart[];
}

/** What is due of every subscription with this schedule that was last considered at `since`. */
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

/** One transaction of the database, for the queue to put its jobs into. */
export interface SqlSession {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Puts the jobs of new deliveries into the same transaction as their rows. */
export type AddJobs = (
  session: SqlSession,
  jobs: readonly { readonly id: DeliveryId; readonly platform: PlatformName; readonly notBefore?: Date }[],
) => Promise<void>;

/** Posts a room's digest: composes and stores it at the first call, and gives the same one at later calls. */
export type Content = (delivery: Delivery, signal: AbortSignal) => Promise<readonly SealedBlock[]>;
