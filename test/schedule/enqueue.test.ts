/** What comes due is recorded and queued once, however often it is looked at. */
import { expect, test } from "vitest";
import { type DeliveryId, memberId, roomId } from "../../src/core/ids.ts";
import { createEnqueue } from "../../src/schedule/enqueue.ts";
import type { AddJobs, Due, Subscription } from "../../src/schedule/types.ts";
import { silent } from "../support/database.ts";
import { createMemoryStores } from "../support/memory-stores.ts";
import { dueAt, wishOf } from "./loopback.ts";

const morning = new Date("2026-11-23T06:30:00Z");
const minutesAfter = (minutes: number) => new Date(morning.getTime() + minutes * 60_000);

async function town(rooms: number, due: Due = dueAt(morning)) {
  const stores = createMemoryStores();
  const queued: DeliveryId[] = [];
  const add: AddJobs = async (_, jobs) => void queued.push(...jobs.map(({ id }) => id));
  const queue = { ready: async () => {}, add };
  const wishes: Subscription[] = [];
  for (let i = 0; i < rooms; i++) {
    const wish = wishOf(roomId(i % 2 === 0 ? "telegram" : "discord", `${i}`));
    await stores.subscriptions.add(wish, memberId("admin"));
    wishes.push(wish);
  }
  const options = { deliveries: stores.deliveries, queue, due, log: silent };
  const enqueue = createEnqueue({ ...options, platforms: ["discord", "telegram"] });
  const latest = (limit = 9) =>
    stores.deliveries.latest(
      wishes.map(({ id }) => id),
      limit,
    );
  return { ...stores, queued, wishes, options, enqueue, latest };
}

test("a run is queued for every room when its minute comes, and never again", async () => {
  const { enqueue, queued } = await town(700);
  expect(await enqueue(minutesAfter(-1))).toBe(0);
  expect(await enqueue(minutesAfter(0))).toBe(700);
  for (const minute of [0, 0, 1, 2, 60, 240]) expect(await enqueue(minutesAfter(minute))).toBe(0);
  expect(new Set(queued).size).toBe(700);
});

test("rooms with one schedule are one computation", async () => {
  let computed = 0;
  const due: Due = (schedule, times) => {
    computed++;
    return dueAt(morning)(schedule, times);
  };
  const { enqueue } = await town(50, due);
  await enqueue(minutesAfter(0));
  expect(computed).toBe(1);
});

test("beats at the same moment, or in another process, share the work", async () => {
  const { enqueue, queued, options } = await town(600);
  const another = createEnqueue({ ...options, platforms: ["discord", "telegram"] });
  const found = await Promise.all([enqueue(morning), another(morning), enqueue(morning)]);
  expect(found.reduce((sum, n) => sum + n, 0)).toBe(600);
  expect(new Set(queued).size).toBe(600);
});

test("after an outage what is within its window is queued, and what is not is recorded as skipped", async () => {
  const { enqueue, queued, latest } = await town(2, dueAt(minutesAfter(-1440), morning));
  expect(await enqueue(minutesAfter(170))).toBe(2);
  expect((await latest()).map(({ localDate, state }) => `${localDate} ${state}`)).toEqual([
    "2026-11-23 waiting",
    "2026-11-23 waiting",
    "2026-11-22 skipped",
    "2026-11-22 skipped",
  ]);
  expect(queued).toHaveLength(2);
});

test("a crash between two steps loses nothing: the next beat records the rest", async () => {
  const { options, queued, latest } = await town(600);
  let steps = 0;
  const add: AddJobs = async (session, jobs) => {
    if (++steps === 2) throw new Error("killed");
    await options.queue.add(session, jobs);
  };
  const dying = createEnqueue({ ...options, queue: { ...options.queue, add }, platforms: ["discord", "telegram"] });
  await expect(dying(morning)).rejects.toThrow("killed");
  const next = createEnqueue({ ...options, platforms: ["discord", "telegram"] });
  await next(minutesAfter(1));
  expect(new Set(queued).size).toBe(600);
  expect(await latest()).toHaveLength(600);
});

test("only what this process serves is queued; the rest is there for who does", async () => {
  const { options, queued } = await town(10);
  const telegram = createEnqueue({ ...options, platforms: ["telegram"] });
  const discord = createEnqueue({ ...options, platforms: ["discord"] });
  expect([await telegram(morning), await telegram(morning), await discord(morning)]).toEqual([5, 0, 5]);
  expect(queued).toHaveLength(10);
});

test("a schedule that cannot be read does not keep the others from coming due", async () => {
  const due: Due = (schedule, times) => {
    if (schedule.zone === "Atlantis/Poseidonis") throw new RangeError("no such zone");
    return dueAt(morning)(schedule, times);
  };
  const { enqueue, subscriptions } = await town(2, due);
  await subscriptions.add({ ...wishOf(roomId("telegram", "99")), zone: "Atlantis/Poseidonis" }, memberId("admin"));
  expect(await enqueue(morning)).toBe(2);
});

test("what could not be sent within its window is expired also where no courier comes by", async () => {
  const { enqueue, latest } = await town(1);
  await enqueue(morning);
  await enqueue(minutesAfter(180));
  expect((await latest()).map(({ state }) => state)).toEqual(["waiting"]);
  await enqueue(minutesAfter(181));
  expect((await latest()).map(({ state }) => state)).toEqual(["expired"]);
});
