/** A PostgreSQL whose connections break, or whose line goes dead, in the middle of a fan-out: every digest gets through, as the ledger says. */
import { expect, test } from "vitest";
import { memberId, platformNames } from "../../src/core/ids.ts";
import { openPostgres, postgresUrl } from "../support/database.ts";
import { ledgerFaults } from "../support/ledger-check.ts";
import { startTcpProxy, through } from "../support/tcp-proxy.ts";
import { channelRoom, chatRoom, wishOf } from "./loopback.ts";
import { stage } from "./stage.ts";

const roomsEach = 40;

test("connections that break again and again during a fan-out cost time, and no digest and no honesty", { timeout: 60_000 }, async () => {
  const url = await postgresUrl();
  const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(url).port) });
  const storage = await openPostgres(through(proxy, url));
  const set = await stage({ storage, timing: { idleMs: 10, retryMs: 5, troubleMs: 10 } });
  const { discord, telegram } = set;
  const groups = Array.from({ length: roomsEach }, (_, n) => telegram.group(`Group ${n}`));
  const rooms = [...Array.from({ length: roomsEach }, () => discord.addChannel()).map(channelRoom), ...groups.map(chatRoom)];
  const wishes = rooms.map((room) => wishOf(room));
  for (const wish of wishes) await storage.subscriptions.add(wish, memberId("admin"));
  const stored = () => discord.world.messages.size + groups.reduce((sum, { posts }) => sum + posts.length, 0);
  const settled = async () =>
    (await Promise.all(platformNames.map((name) => storage.deliveries.unsettled(name)))).flat().length === 0 && stored() > 0;
  let [cuts, next] = [0, 1];
  const breaking = setInterval(() => {
    if (stored() < next) return;
    next = stored() + 12;
    cuts++;
    proxy.mend();
  }, 1);
  while ((await set.beat().catch(() => "failed")) === "failed");
  await expect.poll(() => settled().catch(() => false), { timeout: 40_000, interval: 50 }).toBe(true);
  clearInterval(breaking);
  expect(cuts).toBeGreaterThan(2);
  expect(await ledgerFaults(wishes, { storage, discord, telegram })).toEqual([]);
  const found = await storage.deliveries.latest(
    wishes.map(({ id }) => id),
    9,
  );
  expect(found).toHaveLength(wishes.length);
  expect(found.filter(({ state }) => state === "delivered").length).toBeGreaterThan(wishes.length / 2);
  await set.delivery.stop();
  await storage.close();
  await proxy.close();
});
