/** The contract of the ledger of deliveries, and of the leases that fence it. */
import { describe, expect, test } from "vitest";
import { type DeliveryId, deliveryId, memberId, platformNames, roomId } from "../../../src/core/ids.ts";
import { type AddJobs, courierLease, type Delivery, type Subscription } from "../../../src/schedule/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { fresh, later, next, subscription } from "./fixtures.ts";
import { deliver, due, enqueueAll, expiry, fenced, run } from "./schedule.ts";

const life = 120_000;

export function deliveryContract(stores: () => Stores): void {
  const subscribed = async (parts: Partial<Subscription> = {}) => {
    const one = subscription(parts);
    await stores().subscriptions.add(one, memberId("somebody"));
    return one;
  };
  const stateOf = async (id: DeliveryId) => (await stores().deliveries.find(id))?.state;
  const partsOf = async (id: DeliveryId) =>
    (await stores().deliveries.find(id))?.parts.map(({ index, state, messageId }) => ({ index, state, messageId }));

  describe("deliveries", () => {
    test("a run is recorded and queued once per subscription and local date, however often and by however many it is recorded", async () => {
      const one = await subscribed();
      const found = await Promise.all([1, 2, 3].map(() => enqueueAll(stores(), one)));
      const [id] = found.flat();
      expect(found.flat()).toHaveLength(1);
      expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      const { id: subscriptionId, room, community } = one;
      const expected: Delivery = {
        id: id ?? deliveryId(""),
        subscription: subscriptionId,
        room,
        community,
        localDate: run.localDate,
        dueAt: due,
        expiresAt: expiry,
        state: "waiting",
        reason: null,
        attempts: 0,
        round: 0,
        settledAt: null,
        parts: [],
      };
      expect(await stores().deliveries.find(expected.id)).toEqual(expected);
      expect(await enqueueAll(stores(), one)).toEqual([]);
      expect(await stores().deliveries.latest([one.id], 9)).toEqual([expected]);
    });

    test("a schedule is looked at once for all its rooms, from the moment of the one that waits longest", async () => {
      const zone = `Test/Shared${next()}`;
      const [young, old, elsewhere] = [
        await subscribed({ zone, createdAt: later(3) }),
        await subscribed({ zone, createdAt: later(1) }),
        await subscribed({ zone, createdAt: later(2), room: roomId("discord", `${next()}`) }),
      ];
      const groups = async (...platforms: (typeof platformNames)[number][]) =>
        (await stores().deliveries.groups(platforms)).filter(({ schedule }) => schedule.zone === zone);
      const { time, days } = old;
      expect(await groups("telegram", "discord")).toEqual([{ schedule: { time, zone, days }, since: later(1) }]);
      expect(await groups("discord")).toEqual([{ schedule: { time, zone, days }, since: later(2) }]);
      expect(await groups("console")).toEqual([]);
      expect(await enqueueAll(stores(), young)).toHaveLength(3);
      expect(await groups("telegram")).toEqual([{ schedule: { time, zone, days }, since: due }]);
      expect((await stores().deliveries.latest([young.id, old.id, elsewhere.id], 1)).map(({ subscription }) => subscription)).toHaveLength(
        3,
      );
    });

    test("a room that subscribed after a run does not get it", async () => {
      const zone = `Test/Late${next()}`;
      const [before, after] = [await subscribed({ zone }), await subscribed({ zone, createdAt: later(18 * 60) })];
      expect(await enqueueAll(stores(), before)).toHaveLength(1);
      expect(await stores().deliveries.latest([after.id], 9)).toEqual([]);
    });

    test("many are recorded in steps, each whole in itself, and those of other platforms are left alone", async () => {
      const zone = `Test/Many${next()}`;
      const many: Subscription[] = [];
      for (let i = 0; i < 5; i++) many.push(await subscribed({ zone }));
      const foreign = await subscribed({ zone, room: roomId("discord", `${next()}`) });
      const queued: DeliveryId[] = [];
      const addJobs: AddJobs = async (_, jobs) => void queued.push(...jobs.map(({ id }) => id));
      const step = () =>
        stores().deliveries.enqueue({ ...foreign, zone }, run, { platforms: ["telegram"], expiresAt: expiry, most: 2, addJobs });
      expect([await step(), await step(), await step()]).toEqual([
        { considered: 2, queued: 2 },
        { considered: 2, queued: 2 },
        { considered: 1, queued: 1 },
      ]);
      expect(new Set(queued).size).toBe(5);
      expect(await stores().deliveries.latest([foreign.id], 1)).toEqual([]);
    });

    test("nothing is recorded where its jobs cannot be queued", async () => {
      const one = await subscribed();
      const addJobs: AddJobs = () => Promise.reject(new TypeError("no queue"));
      const options = { platforms: platformNames, expiresAt: expiry, most: 10, addJobs };
      await expect(stores().deliveries.enqueue(one, run, options)).rejects.toThrow("no queue");
      expect(await stores().deliveries.latest([one.id], 1)).toEqual([]);
      expect(await enqueueAll(stores(), one)).toHaveLength(1);
    });

    test("a run of too long ago is recorded as skipped and not queued", async () => {
      const one = await subscribed();
      expect(await enqueueAll(stores(), one, due, "skipped")).toEqual([]);
      const [skipped] = await stores().deliveries.latest([one.id], 1);
      expect(skipped).toMatchObject({ state: "skipped", settledAt: expect.any(Date) });
    });

    test("the newest deliveries of each subscription are listed, newest first", async () => {
      const [a, b] = [await subscribed(), await subscribed()];
      const day = (n: number) => later(18 * 60 + n * 24 * 60);
      for (const n of [0, 1, 2]) await enqueueAll(stores(), a, day(n));
      await enqueueAll(stores(), b, day(1.5));
      const listed = await stores().deliveries.latest([a.id, b.id], 2);
      expect(listed.map(({ subscription, dueAt }) => [subscription, dueAt])).toEqual([
        [a.id, day(2)],
        [b.id, day(1.5)],
        [a.id, day(1)],
      ]);
      expect(await stores().deliveries.latest([], 2)).toEqual([]);
    });

    test("a part is marked before it is sent, and delivered with the platform's message id alone", async () => {
      const { deliveries } = stores();
      const one = await subscribed();
      const id = await deliver(stores(), one, async (fence, delivery) => {
        expect(await deliveries.unsettled("telegram")).toContain(delivery);
        expect(await deliveries.begin(fence, delivery, 0, 0)).toBe("fresh");
        expect(await stateOf(delivery)).toBe("sending");
        expect(await deliveries.prove(delivery, 0, "4711", false)).toBe(true);
        expect(await deliveries.prove(delivery, 0, "4712", false)).toBe(false);
        expect(await stateOf(delivery)).toBe("sending");
        expect(await deliveries.begin(fence, delivery, 1, 0)).toBe("fresh");
        expect(await deliveries.prove(delivery, 1, "4713", true)).toBe(true);
        expect(await deliveries.begin(fence, delivery, 2, 0)).toBe("lost");
        expect(await deliveries.unsettled("telegram")).not.toContain(delivery);
      });
      expect(await deliveries.find(id)).toMatchObject({ state: "delivered", settledAt: expect.any(Date) });
      expect(await partsOf(id)).toEqual([
        { index: 0, state: "delivered", messageId: "4711" },
        { index: 1, state: "delivered", messageId: "4713" },
      ]);
    });

    test("a part that was marked before may be sent again while its key lives, and never otherwise", async () => {
      const { deliveries } = stores();
      await deliver(stores(), await subscribed(), async (fence, id) => {
        expect(await deliveries.begin(fence, id, 0, life)).toBe("fresh");
        expect(await deliveries.begin(fence, id, 0, life)).toBe("again");
        expect(await deliveries.begin(fence, id, 0, 0)).toBe("stale");
        await deliveries.prove(id, 0, "1", false);
        expect(await deliveries.begin(fence, id, 0, life)).toBe("stale");
      });
    });

    test("without the lease nothing but a proof is written", async () => {
      const { deliveries, leases } = stores();
      const one = await subscribed();
      const [id] = await enqueueAll(stores(), one);
      if (id === undefined) throw new TypeError("nothing was queued");
      const fence = await fenced(stores());
      const other = { ...fence, holder: "another" };
      const free = { name: `lease-${next()}`, holder: "me" };
      for (const wrong of [other, free]) {
        expect(await deliveries.begin(wrong, id, 0, life)).toBe("lost");
        expect(await deliveries.postpone(wrong, id, null)).toBe(false);
        expect(await deliveries.settle(wrong, id, "expired")).toBe(false);
        expect(await deliveries.refuse(wrong, id, "gone", null)).toBe(false);
      }
      expect(await deliveries.find(id)).toMatchObject({ state: "waiting", attempts: 0, parts: [] });
      expect((await stores().subscriptions.find(one.id))?.paused).toBeNull();
      await deliveries.begin(fence, id, 0, life);
      await leases.release(fence);
      expect(await deliveries.settle(fence, id, "uncertain")).toBe(false);
      expect(await deliveries.prove(id, 0, "1", true)).toBe(true);
    });

    test("what was certainly not sent is put off without a trace, what may have been sent stays marked", async () => {
      const { deliveries } = stores();
      await deliver(stores(), await subscribed(), async (fence, id) => {
        await deliveries.begin(fence, id, 0, life);
        expect(await deliveries.postpone(fence, id, 0)).toBe(true);
        expect(await deliveries.find(id)).toMatchObject({ state: "waiting", attempts: 1, parts: [] });
        expect(await deliveries.begin(fence, id, 0, 0)).toBe("fresh");
        expect(await deliveries.postpone(fence, id, null)).toBe(true);
        expect(await deliveries.find(id)).toMatchObject({ state: "sending", attempts: 2, parts: [{ index: 0, state: "sending" }] });
      });
    });

    test("what is given up is uncertain until somebody brings the proof", async () => {
      const { deliveries } = stores();
      const id = await deliver(stores(), await subscribed(), async (fence, delivery) => {
        await deliveries.begin(fence, delivery, 0, 0);
        await deliveries.prove(delivery, 0, "1", false);
        await deliveries.begin(fence, delivery, 1, 0);
        expect(await deliveries.settle(fence, delivery, "uncertain")).toBe(true);
        expect(await deliveries.settle(fence, delivery, "expired")).toBe(false);
      });
      expect(await stateOf(id)).toBe("uncertain");
      expect(await partsOf(id)).toEqual([
        { index: 0, state: "delivered", messageId: "1" },
        { index: 1, state: "uncertain", messageId: null },
      ]);
      expect(await deliveries.prove(id, 1, "2", true)).toBe(true);
      expect(await stateOf(id)).toBe("delivered");
    });

    test("a refusal settles the delivery with its reason and pauses its subscription alone", async () => {
      const { deliveries, subscriptions } = stores();
      const community = fresh.community();
      const [one, neighbour] = [await subscribed({ community }), await subscribed({ community })];
      const id = await deliver(stores(), one, async (fence, delivery) => {
        await deliveries.begin(fence, delivery, 0, 0);
        expect(await deliveries.refuse(fence, delivery, "gone", 0)).toBe(true);
      });
      expect(await deliveries.find(id)).toMatchObject({ state: "refused", reason: "gone", parts: [], settledAt: expect.any(Date) });
      expect((await subscriptions.find(one.id))?.paused?.reason).toBe("gone");
      expect((await subscriptions.find(neighbour.id))?.paused).toBeNull();
      const doubtful = await deliver(stores(), neighbour, async (fence, delivery) => {
        await deliveries.begin(fence, delivery, 0, 0);
        await deliveries.refuse(fence, delivery, "forbidden", null);
      });
      expect(await partsOf(doubtful)).toEqual([{ index: 0, state: "uncertain", messageId: null }]);
    });

    test("what never began is expired when its window has passed; what began is settled by its courier while there is one", async () => {
      const { deliveries, leases } = stores();
      const [waits, begun] = [await subscribed(), await subscribed()];
      const [waiting] = await enqueueAll(stores(), waits);
      const sending = await deliver(stores(), begun, (fence, id) => deliveries.begin(fence, id, 0, 0));
      if (waiting === undefined) throw new TypeError("nothing was queued");
      const courier = { name: courierLease("telegram"), holder: "a courier at work" };
      await leases.take(courier, 60_000);
      await deliveries.expire(expiry);
      expect(await stateOf(waiting)).toBe("waiting");
      await deliveries.expire(new Date(expiry.getTime() + 1));
      expect([await stateOf(waiting), await stateOf(sending)]).toEqual(["expired", "sending"]);
      // Nobody serves the platform any more: nobody else will ever say what became of it.
      await leases.release(courier);
      await deliveries.expire(expiry);
      expect(await stateOf(sending)).toBe("sending");
      await deliveries.expire(new Date(expiry.getTime() + 1));
      expect(await stateOf(sending)).toBe("uncertain");
      expect(await partsOf(sending)).toEqual([{ index: 0, state: "uncertain", messageId: null }]);
    });

    test("an uncertain one is sent again only for its own community, with its unproven parts new and a new round", async () => {
      const { deliveries } = stores();
      const one = await subscribed();
      const jobs: unknown[] = [];
      const addJobs: AddJobs = async (_, added) => void jobs.push(...added);
      const id = await deliver(stores(), one, async (fence, delivery) => {
        await deliveries.begin(fence, delivery, 0, 0);
        await deliveries.prove(delivery, 0, "1", false);
        await deliveries.begin(fence, delivery, 1, 0);
        await deliveries.settle(fence, delivery, "uncertain");
      });
      expect(await deliveries.sendAgain(id, fresh.community(), later(0), addJobs)).toBe(false);
      expect(await deliveries.sendAgain(id, one.community, later(9999), addJobs)).toBe(true);
      expect(await deliveries.sendAgain(id, one.community, later(9999), addJobs)).toBe(false);
      expect(jobs).toEqual([{ id, platform: "telegram" }]);
      expect(await deliveries.find(id)).toMatchObject({
        state: "waiting",
        round: 1,
        attempts: 0,
        settledAt: null,
        expiresAt: later(9999),
        parts: [{ index: 0, state: "delivered" }],
      });
      expect(await deliveries.begin(await fenced(stores()), id, 1, 0)).toBe("fresh");
    });

    test("old deliveries are forgotten", async () => {
      const one = await subscribed({ createdAt: new Date("1999-01-01T00:00:00Z") });
      const [old] = await enqueueAll(stores(), one, new Date("1999-01-02T00:00:00Z"));
      const [young] = await enqueueAll(stores(), one);
      expect(await stores().deliveries.forget(new Date("2000-01-01T00:00:00Z"))).toBe(1);
      expect((await stores().deliveries.latest([one.id], 9)).map(({ id }) => id)).toEqual([young]);
      expect(old).not.toBe(young);
    });

    test("a delivery that nobody knows is not there", async () => {
      expect(await stores().deliveries.find(deliveryId("00000000-0000-0000-0000-000000000000"))).toBeNull();
    });
  });

  describe("leases", () => {
    test("one of many who ask at once gets it, keeps it by renewing, and the next one only after it was let go", async () => {
      const { leases } = stores();
      const name = `lease-${next()}`;
      const holders = ["a", "b", "c"].map((holder) => ({ name, holder }));
      const taken = await Promise.all(holders.map((fence) => leases.take(fence, 60_000)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      const [winner] = holders.filter((_, i) => taken[i]);
      const [loser] = holders.filter((_, i) => !taken[i]);
      if (winner === undefined || loser === undefined) throw new TypeError("one winner, two losers");
      expect(await leases.take(winner, 60_000)).toBe(true);
      await leases.release(loser);
      expect(await leases.take(loser, 60_000)).toBe(false);
      await leases.release(winner);
      expect(await leases.take(loser, 60_000)).toBe(true);
    });

    test("one that was not renewed in time is free", async () => {
      const { leases } = stores();
      const name = `lease-${next()}`;
      expect(await leases.take({ name, holder: "a" }, -1)).toBe(true);
      expect(await leases.take({ name, holder: "b" }, 60_000)).toBe(true);
      expect(await leases.take({ name, holder: "a" }, 60_000)).toBe(false);
    });

    test("several are taken at once: those that are free or one's own", async () => {
      const { leases } = stores();
      const name = `lease-${next()}`;
      const names = ["0", "1", "2"].map((share) => `${name}/${share}`);
      const [first, second, third] = names;
      if (first === undefined || second === undefined || third === undefined) throw new TypeError("three names");
      expect(await leases.takeEach([], "a", 60_000)).toEqual(new Set());
      expect(await leases.takeEach([second], "a", 60_000)).toEqual(new Set([second]));
      expect(await leases.takeEach([third], "c", -1)).toEqual(new Set([third]));
      expect(await leases.takeEach(names, "b", 60_000)).toEqual(new Set([first, third]));
      expect(await leases.takeEach(names, "a", 60_000)).toEqual(new Set([second]));
      const both = await Promise.all([leases.takeEach(names, "a", 60_000), leases.takeEach(names.toReversed(), "b", 60_000)]);
      expect(both).toEqual([new Set([second]), new Set([first, third])]);
    });

    test("those that are held are listed with what is left of them, and what ended long ago is forgotten", async () => {
      const { leases } = stores();
      const name = `lease-${next()}`;
      await leases.take({ name: `${name}/a%`, holder: "a" }, 60_000);
      await leases.take({ name: `${name}/over`, holder: "a" }, -1);
      await leases.take({ name: `${name.slice(0, -1)}_/other`, holder: "a" }, 60_000);
      const [held, ...others] = await leases.held(`${name}/`);
      expect(others).toEqual([]);
      expect(held).toMatchObject({ name: `${name}/a%`, holder: "a" });
      expect(held?.leftMs).toBeGreaterThan(50_000);
      expect(held?.leftMs).toBeLessThanOrEqual(60_000);
      await leases.forget(60_000);
      await leases.forget(-1);
      expect(await leases.held(`${name}/`)).toHaveLength(1);
    });
  });
}
