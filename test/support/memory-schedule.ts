/** Subscriptions, deliveries and leases in memory. They keep the same contract as the database (`test/contracts/stores/schedule.ts`). */
import { createHash } from "node:crypto";
import { type CommunityId, type DeliveryId, deliveryId, type MemberId, platformOf, type RoomId, roomId } from "../../src/core/ids.ts";
import type { Fence, LeaseStore } from "../../src/core/lease.ts";
import {
  type AddJobs,
  courierLease,
  type Delivery,
  type DeliveryPart,
  type DeliveryStore,
  mostPerRoom,
  type Schedule,
  type Subscription,
  type SubscriptionStore,
} from "../../src/schedule/types.ts";

export interface StoredSubscription extends Subscription {
  readonly by: MemberId | null;
  readonly consideredAt: Date;
  readonly untold: boolean;
}

type StoredDelivery = Omit<Delivery, "room" | "community">;

export interface ScheduleMemory {
  subscriptions: StoredSubscription[];
  deliveries: Map<DeliveryId, StoredDelivery>;
  readonly leases: Map<string, { readonly holder: string; readonly until: number }>;
}

export const scheduleMemory = (): ScheduleMemory => ({ subscriptions: [], deliveries: new Map(), leases: new Map() });

const sameSchedule = (a: Schedule, b: Schedule) => a.time === b.time && a.zone === b.zone && a.days.join("") === b.days.join("");
const strip = ({ by: _by, consideredAt: _at, untold: _untold, ...subscription }: StoredSubscription): Subscription => subscription;

/** Removes subscriptions with their deliveries. */
export function dropSubscriptions(memory: ScheduleMemory, which: (one: StoredSubscription) => boolean): void {
  const gone = new Set(memory.subscriptions.filter(which).map(({ id }) => id));
  memory.subscriptions = memory.subscriptions.filter(({ id }) => !gone.has(id));
  memory.deliveries = new Map([...memory.deliveries].filter(([, delivery]) => !gone.has(delivery.subscription)));
}

/** A group's new address; the forum topic stays. */
export function moveSubscriptions(memory: ScheduleMemory, from: CommunityId, to: CommunityId): void {
  const moved = (room: RoomId) => (room === `${from}` || room.startsWith(`${from}:`) ? `${to}${room.slice(from.length)}` : room);
  const there = (one: StoredSubscription) => memory.subscriptions.some((t) => t.room === moved(one.room) && sameSchedule(t, one));
  dropSubscriptions(memory, (one) => one.community === from && there(one));
  memory.subscriptions = memory.subscriptions.map((one) => {
    if (one.community !== from) return one;
    const [, ...address] = moved(one.room).split(":");
    return { ...one, community: to, room: roomId(platformOf(one.room), address.join(":")) };
  });
}

const isDenied = ({ paused }: StoredSubscription) => paused !== null && paused.reason !== "invalid";

export function subscriptionStore(memory: ScheduleMemory): SubscriptionStore {
  const change = (which: (one: StoredSubscription) => boolean, to: Partial<StoredSubscription>): readonly Subscription[] => {
    const found = memory.subscriptions.filter(which);
    memory.subscriptions = memory.subscriptions.map((one) => (found.includes(one) ? { ...one, ...to } : one));
    return memory.subscriptions.filter(({ id }) => found.some((f) => f.id === id)).map(strip);
  };
  return {
    async add(subscription, by) {
      const present = memory.subscriptions.filter(({ room }) => room === subscription.room);
      if (present.some((one) => sameSchedule(one, subscription))) return "same";
      if (present.length >= mostPerRoom) return "full";
      memory.subscriptions.push({ ...subscription, by, consideredAt: subscription.createdAt, untold: false });
      return "added";
    },
    ofRoom: async (room) => memory.subscriptions.filter((one) => one.room === room).map(strip),
    ofCommunity: async (community) => memory.subscriptions.filter((one) => one.community === community).map(strip),
    find: async (id) => memory.subscriptions.filter((one) => one.id === id).map(strip)[0] ?? null,
    async remove(id, community) {
      const before = memory.subscriptions.length;
      dropSubscriptions(memory, (one) => one.id === id && one.community === community);
      return memory.subscriptions.length < before;
    },
    resume: async (community, now) =>
      change((one) => one.community === community && one.paused !== null, { paused: null, untold: false, consideredAt: now }).length,
    pausedRooms: {
      of: async (where) =>
        memory.subscriptions
          .filter((one) => isDenied(one) && (one.community === where || one.community.startsWith(`${where}:`)))
          .map(({ room, community }) => ({ room, community })),
      resume: async (rooms, now) => change((one) => isDenied(one) && rooms.includes(one.room), { paused: null, consideredAt: now }).length,
    },
    untold: async () => [...new Set(memory.subscriptions.filter(({ untold }) => untold).map(({ community }) => community))],
    takeUntold: async (community, unsaid) =>
      change((one) => one.community === community && one.untold && (one.paused === null || one.room !== unsaid), { untold: false }),
  };
}

export function leaseStore(memory: Pick<ScheduleMemory, "leases">): LeaseStore {
  const take = ({ name, holder }: Fence, ttlMs: number): boolean => {
    const lease = memory.leases.get(name);
    if (lease !== undefined && lease.holder !== holder && lease.until > Date.now()) return false;
    memory.leases.set(name, { holder, until: Date.now() + ttlMs });
    return true;
  };
  return {
    take: async (fence, ttlMs) => take(fence, ttlMs),
    takeEach: async (names, holder, ttlMs) => new Set(names.filter((name) => take({ name, holder }, ttlMs))),
    held: async (prefix) =>
      [...memory.leases].flatMap(([name, { holder, until }]) => {
        const leftMs = until - Date.now();
        return name.startsWith(prefix) && leftMs > 0 ? [{ name, holder, leftMs }] : [];
      }),
    async release({ name, holder }) {
      if (memory.leases.get(name)?.holder === holder) memory.leases.delete(name);
    },
    async forget(endedForMs) {
      for (const [name, { until }] of memory.leases) if (until < Date.now() - endedForMs) memory.leases.delete(name);
    },
  };
}

const idOf = (subscription: string, localDate: string): DeliveryId => {
  const hex = createHash("sha256").update(`${subscription} ${localDate}`).digest("hex");
  return deliveryId([hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-"));
};

export function deliveryStore(memory: ScheduleMemory): DeliveryStore {
  const session = { executeSql: async () => ({ rows: [] }) };
  const ownerOf = ({ subscription }: StoredDelivery) => memory.subscriptions.find(({ id }) => id === subscription);
  const show = (delivery: StoredDelivery): readonly Delivery[] => {
    const owner = ownerOf(delivery);
    return owner === undefined ? [] : [{ ...delivery, room: owner.room, community: owner.community }];
  };
  const isOpen = ({ state }: StoredDelivery) => state === "waiting" || state === "sending";
  const isHeld = ({ name, holder }: Fence) => {
    const lease = memory.leases.get(name);
    return lease?.holder === holder && lease.until > Date.now();
  };
  /** Changes an open delivery under a held lease. */
  function act(fence: Fence, id: DeliveryId, to: (delivery: StoredDelivery) => Partial<StoredDelivery>): boolean {
    const delivery = memory.deliveries.get(id);
    if (delivery === undefined || !isOpen(delivery) || !isHeld(fence)) return false;
    memory.deliveries.set(id, { ...delivery, ...to(delivery) });
    return true;
  }
  const unmark = (parts: readonly DeliveryPart[], unsent: number | null) =>
    parts.filter(({ index, state }) => index !== unsent || state !== "sending");
  const doubt = (parts: readonly DeliveryPart[]) => parts.map((p) => (p.state === "sending" ? { ...p, state: "uncertain" as const } : p));
  const queue = (list: readonly StoredDelivery[], addJobs: AddJobs) =>
    addJobs(
      session,
      list.flatMap(show).map(({ id, room }) => ({ id, platform: platformOf(room) })),
    );

  return {
    async groups(platforms) {
      const groups = new Map<string, { schedule: Schedule; since: Date }>();
      for (const { time, zone, days, room, paused, consideredAt } of memory.subscriptions) {
        if (paused !== null || !platforms.includes(platformOf(room))) continue;
        const key = JSON.stringify([time, zone, days]);
        const since = groups.get(key)?.since ?? consideredAt;
        groups.set(key, { schedule: { time, zone, days }, since: consideredAt < since ? consideredAt : since });
      }
      return [...groups.values()];
    },
    async enqueue(schedule, { localDate, at, kind }, { platforms, expiresAt, most, addJobs }) {
      const before = { subscriptions: memory.subscriptions, deliveries: new Map(memory.deliveries) };
      const chosen = memory.subscriptions
        .filter((s) => sameSchedule(s, schedule) && s.paused === null && s.consideredAt < at && platforms.includes(platformOf(s.room)))
        .slice(0, most);
      memory.subscriptions = memory.subscriptions.map((s) => (chosen.includes(s) ? { ...s, consideredAt: at } : s));
      const made = chosen
        .map(({ id }): StoredDelivery => {
          const state = kind === "run" ? "waiting" : "skipped";
          const settledAt = kind === "run" ? null : new Date();
          const rest = { reason: null, attempts: 0, round: 0, parts: [] };
          return { id: idOf(id, localDate), subscription: id, localDate, dueAt: at, expiresAt, state, settledAt, ...rest };
        })
        .filter(({ id }) => !memory.deliveries.has(id));
      for (const delivery of made) memory.deliveries.set(delivery.id, delivery);
      const queued = kind === "run" ? made : [];
      try {
        if (queued.length > 0) await queue(queued, addJobs);
      } catch (error) {
        Object.assign(memory, before);
        throw error;
      }
      return { considered: chosen.length, queued: queued.length };
    },
    find: async (id) => [memory.deliveries.get(id)].flatMap((d) => (d === undefined ? [] : show(d)))[0] ?? null,
    async latest(subscriptions, limit) {
      const newestFirst = [...memory.deliveries.values()].sort((a, b) => b.dueAt.getTime() - a.dueAt.getTime());
      const kept = subscriptions.flatMap((id) => newestFirst.filter((d) => d.subscription === id).slice(0, limit));
      return newestFirst.filter((d) => kept.includes(d)).flatMap(show);
    },
    unsettled: async (platform) =>
      [...memory.deliveries.values()]
        .filter(isOpen)
        .flatMap(show)
        .filter(({ room }) => platformOf(room) === platform)
        .map(({ id }) => id),
    async begin(fence, id, index, keyLifeMs) {
      const before = memory.deliveries.get(id)?.parts.find((part) => part.index === index);
      if (!act(fence, id, () => ({ state: "sending" }))) return "lost";
      if (before !== undefined) return before.state === "sending" && before.at.getTime() > Date.now() - keyLifeMs ? "again" : "stale";
      act(fence, id, ({ parts }) => ({ parts: [...parts, { index, state: "sending", at: new Date(), messageId: null }] }));
      return "fresh";
    },
    async prove(id, index, messageId, last) {
      const delivery = memory.deliveries.get(id);
      const part = delivery?.parts.find((p) => p.index === index && p.state !== "delivered");
      if (delivery === undefined || part === undefined) return false;
      const parts = delivery.parts.map((p) => (p === part ? { ...p, state: "delivered" as const, messageId, at: new Date() } : p));
      memory.deliveries.set(id, { ...delivery, parts, ...(last ? { state: "delivered" as const, settledAt: new Date() } : {}) });
      return true;
    },
    postpone: async (fence, id, unsent) =>
      act(fence, id, ({ attempts, parts }) => {
        const left = unmark(parts, unsent);
        return { attempts: attempts + 1, parts: left, state: left.some(({ state }) => state === "sending") ? "sending" : "waiting" };
      }),
    settle: async (fence, id, state) => act(fence, id, ({ parts }) => ({ state, settledAt: new Date(), parts: doubt(parts) })),
    async refuse(fence, id, reason, unsent) {
      const done = act(fence, id, ({ parts }) => ({
        state: "refused",
        reason,
        settledAt: new Date(),
        parts: doubt(unmark(parts, unsent)),
      }));
      const owner = memory.deliveries.get(id)?.subscription;
      if (done)
        memory.subscriptions = memory.subscriptions.map((s) =>
          s.id === owner && s.paused === null ? { ...s, paused: { at: new Date(), reason }, untold: true } : s,
        );
      return done;
    },
    async expire(now) {
      const isServed = (d: StoredDelivery) => {
        const owner = ownerOf(d);
        return owner !== undefined && (memory.leases.get(courierLease(platformOf(owner.room)))?.until ?? 0) > Date.now();
      };
      const late = [...memory.deliveries.values()].filter(
        (d) => d.expiresAt < now && (d.state === "waiting" || (d.state === "sending" && !isServed(d))),
      );
      for (const one of late) {
        const state = one.state === "waiting" ? "expired" : "uncertain";
        memory.deliveries.set(one.id, { ...one, state, settledAt: new Date(), parts: doubt(one.parts) });
      }
      return late.length;
    },
    async sendAgain(id, community, expiresAt, addJobs) {
      const delivery = memory.deliveries.get(id);
      if (delivery?.state !== "uncertain" || ownerOf(delivery)?.community !== community) return false;
      const parts = delivery.parts.filter(({ state }) => state !== "uncertain");
      const again: StoredDelivery = {
        ...delivery,
        state: "waiting",
        round: delivery.round + 1,
        attempts: 0,
        settledAt: null,
        expiresAt,
        parts,
      };
      memory.deliveries.set(id, again);
      await queue([again], addJobs);
      return true;
    },
    async forget(before) {
      const gone = [...memory.deliveries.values()].filter(({ dueAt }) => dueAt < before);
      for (const { id } of gone) memory.deliveries.delete(id);
      return gone.length;
    },
  };
}
