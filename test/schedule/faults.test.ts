/** A database that fails now and then, before it did what it was asked or after: every digest gets through, and none twice. */
import { expect, test } from "vitest";
import { UpstreamError } from "../../src/core/errors.ts";
import { platformNames } from "../../src/core/ids.ts";
import type { Subscription } from "../../src/schedule/types.ts";
import type { Storage } from "../../src/storage/open.ts";
import { ledgerFaults } from "../support/ledger-check.ts";
import { randomFrom, seedOf } from "../support/random.ts";
import { channelRoom, chatRoom } from "./loopback.ts";
import { stage } from "./stage.ts";

const seed = seedOf(4_711);
const failure = () => new UpstreamError("The database", "unreachable");

/** The same methods, of which one call in `1 / share` fails: half of these before the work, half after it. */
function flaky<Methods extends object>(methods: Methods, share: number, random: () => number): Methods {
  return new Proxy(methods, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...args: unknown[]) => {
        const fate = random();
        if (fate < share / 2) throw failure();
        const result: unknown = await Reflect.apply(method, target, args);
        if (fate < share) throw failure();
        return result;
      };
    },
  });
}

test(`one failure in ten costs time, and no digest and no honesty (seed ${seed})`, { timeout: 60_000 }, async () => {
  const set = await stage();
  const { discord, telegram, storage } = set;
  const channels = Array.from({ length: 15 }, () => discord.addChannel());
  const groups = Array.from({ length: 15 }, (_, i) => telegram.group(`Group ${i}`));
  const wishes: Subscription[] = [];
  for (const room of [...channels.map(channelRoom), ...groups.map(chatRoom)]) wishes.push(await set.subscribe(room));
  await set.delivery.stop();
  const random = randomFrom(seed);
  const unreliable: Storage = {
    ...storage,
    deliveries: flaky(storage.deliveries, 0.1, random),
    leases: flaky(storage.leases, 0.1, random),
    session: flaky(storage.session, 0.1, random),
  };
  await set.restart({ storage: unreliable });
  while ((await set.beat().catch(() => "failed")) === "failed");
  for (const wish of wishes) await set.becomes(wish, "delivered", "uncertain");
  expect(await ledgerFaults(wishes, set)).toEqual([]);
  const found = await storage.deliveries.latest(
    wishes.map(({ id }) => id),
    9,
  );
  expect(found).toHaveLength(wishes.length);
  expect(found.filter(({ state }) => state === "delivered").length).toBeGreaterThan(wishes.length / 2);
});

test(`services that refuse, fail, break off and lose one message in three cost time, and no digest and no honesty (seed ${seed})`, {
  timeout: 60_000,
}, async () => {
  const set = await stage();
  const { discord, telegram, storage } = set;
  const random = randomFrom(seed);
  const now = (share: number) => ({ times: Number.POSITIVE_INFINITY, when: () => random() < share });
  const posting = { method: "POST", path: "/messages" } as const;
  for (const fault of [
    "lost",
    "cut",
    "half",
    "html",
    { status: 500 },
    { status: 502, body: "Bad gateway" },
    { limit: "route", retryAfter: 0.2 },
  ] as const)
    discord.fail({ ...posting, fault, ...now(0.05) });
  for (const fault of [
    { kind: "lost" },
    { kind: "truncated" },
    { kind: "html", status: 502 },
    { kind: "error", code: 500, description: "Internal Server Error" },
    { kind: "rate_limit", retryAfter: 1 },
    { kind: "body", body: "null" },
  ] as const)
    telegram.fault("sendMessage", fault, now(0.06));
  const rooms = [
    ...Array.from({ length: 30 }, () => discord.addChannel()).map(channelRoom),
    ...Array.from({ length: 30 }, (_, i) => telegram.group(`Group ${i}`)).map(chatRoom),
  ];
  const wishes: Subscription[] = [];
  for (const room of rooms) wishes.push(await set.subscribe(room));
  await set.beat();
  await expect
    .poll(async () => (await Promise.all(platformNames.map((name) => storage.deliveries.unsettled(name)))).flat(), { timeout: 40_000 })
    .toEqual([]);
  expect(await ledgerFaults(wishes, set)).toEqual([]);
  const found = await storage.deliveries.latest(
    wishes.map(({ id }) => id),
    9,
  );
  expect(found.filter(({ state, room }) => room.startsWith("discord:") && state !== "delivered")).toEqual([]);
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set(["delivered", "uncertain"]));
});

test("a proof that the database does not take is kept until it does", async () => {
  const { telegram, storage, subscribe, beat, becomes, restart, log } = await stage();
  const group = telegram.group("DePIN");
  const here = await subscribe(chatRoom(group));
  let outages = 3;
  const deliveries = {
    ...storage.deliveries,
    prove: async (...args: Parameters<Storage["deliveries"]["prove"]>) => {
      if (outages-- > 0) throw failure();
      return storage.deliveries.prove(...args);
    },
  };
  await restart({ storage: { ...storage, deliveries } });
  await beat();
  const { parts } = await becomes(here, "delivered", "uncertain");
  expect(parts.map(({ messageId }) => messageId)).toEqual([String(group.posts[0]?.id)]);
  expect(group.posts).toHaveLength(1);
  expect(log.join("")).toContain("the proof of a message cannot be stored; trying until it can");
});
