/** A database that fails now and then, before it did what it was asked or after: every digest gets through, and none twice. */
import { expect, test } from "vitest";
import { UpstreamError } from "../../src/core/errors.ts";
import type { Subscription } from "../../src/schedule/types.ts";
import type { Storage } from "../../src/storage/open.ts";
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
  const found = await storage.deliveries.latest(
    wishes.map(({ id }) => id),
    9,
  );
  expect(found).toHaveLength(wishes.length);
  const idsIn = (room: string) =>
    room.startsWith("discord:")
      ? discord.world.visibleIn(room.slice("discord:".length)).map(({ id }) => id)
      : (groups.find((group) => room === chatRoom(group))?.posts.map(({ id }) => String(id)) ?? []);
  for (const { room, state, parts } of found) {
    const shown = idsIn(room);
    if (room.startsWith("discord:")) expect([state, shown]).toEqual(["delivered", [parts[0]?.messageId]]);
    else if (state === "delivered") expect(shown).toEqual([parts[0]?.messageId]);
    else expect(shown.length).toBeLessThanOrEqual(1);
  }
  expect(found.filter(({ state }) => state === "delivered").length).toBeGreaterThan(wishes.length / 2);
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
