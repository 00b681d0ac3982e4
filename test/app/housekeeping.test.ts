import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keepHouse } from "../../src/app/housekeeping.ts";
import { buttonId, communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { createLogger } from "../../src/lib/logger.ts";
import type { MarketView } from "../../src/market/types.ts";
import { price } from "../contracts/stores/fixtures.ts";
import { openEmbedded, silent, testFolder } from "../support/database.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

const day = 24 * 3_600_000;
const left = new Date("2026-10-01T12:00:00Z");
const view: MarketView = { figures: [], origin: "baseline", troubles: [], assets: [], leftOut: [] };
const memory = () => ({
  ...createMemoryStores(),
  settings: { expire: async () => 0 },
  modelBudget: { forget: async () => {} },
  modelAnswers: { add: async () => {}, find: async () => null, forget: async () => {} },
  digests: { sweep: async () => 0 },
});
const quiet = { market: { view: async () => view }, networks: { views: async () => [] }, prices: { record: async () => {} } };
const server = communityId("discord", "100000000000000001");

describe("housekeeping", () => {
  it("deletes unanswered what has waited for a day, says so, and forgets ids after two", async () => {
    let lines = "";
    const log = createLogger({ level: "info", secrets: [], out: { write: (line: string) => (lines += line) } });
    const storage = { ...memory(), backup: async () => null };
    const told = { id: 7, payload: "{}", member: memberId("ann"), quoted: null, community: server };
    const waiting = async () => (await storage.inbox.unhandled("telegram:1", new Date(0))).length;
    await storage.inbox.take("telegram:1", [told], left);
    await keepHouse(storage, quiet, log, new Date(left.getTime() + day));
    expect([await waiting(), lines]).toEqual([1, ""]);
    await keepHouse(storage, quiet, log, new Date(left.getTime() + day + 1));
    expect(await waiting()).toBe(0);
    expect(lines).toMatch(/"updates":1.*was deleted unanswered/);
    await keepHouse(storage, quiet, log, new Date(left.getTime() + 2 * day));
    expect(await storage.inbox.take("telegram:1", [told], left)).toEqual(new Set());
    await keepHouse(storage, quiet, log, new Date(left.getTime() + 2 * day + 1));
    expect(await storage.inbox.take("telegram:1", [told], left)).toEqual(new Set([7]));
  });

  it("erases a community 30 days after the bot was removed, not a day before", async () => {
    const stores = memory();
    const storage = { ...stores, backup: async () => null };
    await stores.opinions.add({
      id: opinionId("1"),
      community: server,
      member: memberId("ann"),
      topic: topicId("latency"),
      text: "slow",
      stance: "disagree",
      stanceBy: "reading",
      at: left,
    });
    await stores.rooms.leave(server, left);
    await keepHouse(storage, quiet, silent, new Date(left.getTime() + 29 * day));
    expect((await stores.members.read(memberId("ann"))).opinions).toHaveLength(1);
    await keepHouse(storage, quiet, silent, new Date(left.getTime() + 31 * day));
    expect((await stores.members.read(memberId("ann"))).opinions).toHaveLength(0);
  });

  it("forgets what was asked for in vain 90 days after it was last asked", async () => {
    const stores = memory();
    const storage = { ...stores, backup: async () => null };
    await stores.gaps.add(server, "moon base", left);
    await keepHouse(storage, quiet, silent, new Date(left.getTime() + 90 * day));
    expect(await stores.gaps.list(server, 9)).toHaveLength(1);
    await keepHouse(storage, quiet, silent, new Date(left.getTime() + 90 * day + 1));
    expect(await stores.gaps.list(server, 9)).toEqual([]);
  });

  it("forgets buttons when they expire", async () => {
    const stores = memory();
    const id = buttonId("b");
    await stores.buttons.save([
      {
        id,
        command: "help",
        args: {},
        member: memberId("ann"),
        quoted: null,
        community: server,
        expiresAt: new Date(left.getTime() + day),
      },
    ]);
    await keepHouse({ ...stores, backup: async () => null }, quiet, silent, new Date(left.getTime() + 2 * day));
    expect((await stores.members.read(memberId("ann"))).buttons).toEqual([]);
  });

  it("forgets of old figures what need not be kept", async () => {
    const stores = memory();
    const [early, late] = [0, 5].map((minutes) =>
      price({ metric: "bitcoin.price", fetchedAt: new Date(left.getTime() + minutes * 60_000) }),
    );
    if (early === undefined || late === undefined) throw new TypeError("there are two");
    await stores.figures.save([early, late]);
    await keepHouse({ ...stores, backup: async () => null }, quiet, silent, new Date(left.getTime() + 8 * day));
    expect([await stores.figures.find(early.id), await stores.figures.find(late.id)]).toEqual([null, late]);
  });

  it("deletes digests that nobody is shown any more, once an hour", async () => {
    const swept: Date[] = [];
    const digests = {
      async sweep(now: Date) {
        swept.push(now);
        return 0;
      },
    };
    const storage = { ...memory(), digests, backup: async () => null };
    for (let minute = 0; minute < 120; minute++) await keepHouse(storage, quiet, silent, new Date(left.getTime() + minute * 60_000));
    expect(swept).toEqual([left, new Date(left.getTime() + 3_600_000)]);
  });

  it("looks six times an hour whether the market's and the networks' figures are fresh, and today's GPU prices stored, so that the archive has no gaps", async () => {
    const storage = { ...memory(), backup: async () => null };
    const looked = { market: 0, networks: 0, prices: 0 };
    const sources = {
      market: {
        async view() {
          looked.market++;
          throw new Error("and one that fails stops no other");
        },
      },
      networks: {
        async views() {
          looked.networks++;
          return [];
        },
      },
      prices: {
        async record() {
          looked.prices++;
        },
      },
    };
    for (let minute = 0; minute < 60; minute++) await keepHouse(storage, sources, silent, new Date(left.getTime() + minute * 60_000));
    expect(looked).toEqual({ market: 6, networks: 6, prices: 6 });
  });

  it("makes one backup a day and keeps the others going when one step fails", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    for (const at of ["2026-11-21T23:59:00Z", "2026-11-22T00:00:00Z", "2026-11-22T00:01:00Z"])
      await keepHouse(storage, quiet, silent, new Date(at));
    await storage.close();
    expect((await readdir(join(folder, "backups"))).sort()).toEqual(["depinion-2026-11-21.tar.gz", "depinion-2026-11-22.tar.gz"]);
    let lines = "";
    const log = createLogger({ level: "info", secrets: [], out: { write: (line: string) => (lines += line) } });
    const stores = memory();
    await stores.rooms.leave(server, left);
    await keepHouse({ ...stores, backup: () => Promise.reject(new Error("no room")) }, quiet, log, new Date(left.getTime() + 31 * day));
    expect(lines).toMatch(/the daily backup could not be made/);
  });
});
