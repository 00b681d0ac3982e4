/** What the contracts of subscriptions and deliveries share: recording a run, and acting under a lease. */
import { expect } from "vitest";
import { type DeliveryId, platformNames } from "../../../src/core/ids.ts";
import type { Fence } from "../../../src/core/lease.ts";
import type { AddJobs, Subscription } from "../../../src/schedule/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { later, next } from "./fixtures.ts";

/** Half past seven in the morning after `noon`, wherever that is. */
export const due = later(18 * 60);
export const expiry = later(21 * 60);
export const run = { localDate: "2026-11-23", at: due, kind: "run" } as const;

/** Records this run of a subscription's schedule; resolves to what was queued. */
export async function enqueueAll(stores: Stores, { time, zone, days }: Subscription, at = due, kind: "run" | "skipped" = "run") {
  const queued: DeliveryId[] = [];
  const addJobs: AddJobs = async (_, jobs) => void queued.push(...jobs.map(({ id }) => id));
  const localDate = at.toISOString().slice(0, 10);
  const options = { platforms: platformNames, expiresAt: new Date(at.getTime() + 3 * 3_600_000), most: 100, addJobs };
  await stores.deliveries.enqueue({ time, zone, days }, { localDate, at, kind }, options);
  return queued;
}

/** A lease that is held. */
export async function fenced(stores: Stores): Promise<Fence> {
  const fence = { name: `lease-${next()}`, holder: "me" };
  expect(await stores.leases.take(fence, 60_000)).toBe(true);
  return fence;
}

/** Records a run of this subscription and does something with it under a lease. */
export async function deliver(stores: Stores, one: Subscription, work: (fence: Fence, id: DeliveryId) => Promise<unknown>) {
  const [id] = await enqueueAll(stores, one);
  if (id === undefined) throw new TypeError("nothing was queued");
  await work(await fenced(stores), id);
  return id;
}
