import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keepHouse } from "../../src/app/housekeeping.ts";
import { buttonId, communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { openEmbedded, silent, testFolder } from "../support/database.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

const day = 24 * 3_600_000;
const left = new Date("2026-10-01T12:00:00Z");
const server = communityId("discord", "100000000000000001");

describe("housekeeping", () => {
  it("erases a community 30 days after the bot was removed, not a day before", async () => {
    const stores = createMemoryStores();
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
    await keepHouse(storage, silent, new Date(left.getTime() + 29 * day));
    expect((await stores.members.read(memberId("ann"))).opinions).toHaveLength(1);
    await keepHouse(storage, silent, new Date(left.getTime() + 31 * day));
    expect((await stores.members.read(memberId("ann"))).opinions).toHaveLength(0);
  });

  it("forgets buttons when they expire", async () => {
    const stores = createMemoryStores();
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
    await keepHouse({ ...stores, backup: async () => null }, silent, new Date(left.getTime() + 2 * day));
    expect((await stores.members.read(memberId("ann"))).buttons).toBe(0);
  });

  it("makes one backup a day and keeps the others going when one step fails", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    for (const at of ["2026-11-21T23:59:00Z", "2026-11-22T00:00:00Z", "2026-11-22T00:01:00Z"])
      await keepHouse(storage, silent, new Date(at));
    await storage.close();
    expect((await readdir(join(folder, "backups"))).sort()).toEqual(["depinion-2026-11-21.tar.gz", "depinion-2026-11-22.tar.gz"]);
    let lines = "";
    const log = createLogger({ level: "info", secrets: [], out: { write: (line: string) => (lines += line) } });
    const stores = createMemoryStores();
    await stores.rooms.leave(server, left);
    await keepHouse({ ...stores, backup: () => Promise.reject(new Error("no room")) }, log, new Date(left.getTime() + 31 * day));
    expect(lines).toMatch(/the daily backup could not be made/);
  });
});
