/** What an admin can do with subscriptions. */
import { expect, test } from "vitest";
import { communityId, memberId, roomId } from "../../src/core/ids.ts";
import { createSchedules } from "../../src/schedule/subscriptions.ts";
import type { Weekday } from "../../src/schedule/types.ts";
import { now } from "../support/database.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

const room = roomId("telegram", "-100");
const community = communityId("telegram", "-100");
const at = (time: string, days: readonly Weekday[] = [1, 2, 3, 4, 5]) => ({
  room,
  community,
  schedule: { time, zone: "Europe/Vienna", days },
  sections: null,
  by: memberId("ann"),
  now: now(),
});
const schedules = () => {
  const queue = { ready: async () => {}, add: async () => {} };
  return createSchedules({ ...createMemoryStores(), queue, wake: () => {} });
};

test("a room subscribes, lists what it has, and unsubscribes", async () => {
  const { subscribe, list, remove } = schedules();
  const one = await subscribe({ ...at("07:30"), sections: ["movers"] });
  expect(one).toMatchObject({ room, time: "07:30", zone: "Europe/Vienna", days: [1, 2, 3, 4, 5], sections: ["movers"], paused: null });
  expect(await list(room)).toEqual([one]);
  expect(await remove(one.id, communityId("telegram", "-200"))).toBe(false);
  expect(await remove(one.id, community)).toBe(true);
  expect(await list(room)).toEqual([]);
});

test("the same digest twice, a sixth one, and one for the console are refused with a reason", async () => {
  const { subscribe } = schedules();
  await subscribe(at("07:30"));
  await expect(subscribe(at("07:30"))).rejects.toMatchObject({ code: "subscribed_already" });
  await subscribe(at("07:30", [6, 7]));
  for (const time of ["08:00", "09:00", "10:00"]) await subscribe(at(time));
  await expect(subscribe(at("11:00"))).rejects.toMatchObject({
    code: "too_many_subscriptions",
    message: "A room can have 5 digests. Remove one first.",
  });
  await expect(subscribe({ ...at("07:30"), room: roomId("console", "here") })).rejects.toMatchObject({ code: "no_digests_here" });
});
