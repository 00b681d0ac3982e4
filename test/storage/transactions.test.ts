/** The database's own transactions, which the queue's jobs need: whole or not at all, on either kind of database. */
import { describe, expect, test } from "vitest";
import type { Storage } from "../../src/storage/open.ts";
import { openEmbedded, openPostgres, postgresUrl, testFolder } from "../support/database.ts";

const kinds: readonly (readonly [string, () => Promise<Storage>])[] = [
  ["PGlite", async () => openEmbedded(await testFolder())],
  ["PostgreSQL", async () => openPostgres(await postgresUrl())],
];

describe.each(kinds)("transactions on %s", (_, open) => {
  const insert = "INSERT INTO community (id) VALUES ($1)";
  const known = async (storage: Storage) => (await storage.rooms.known("discord")).map(({ community }) => community).toSorted();

  test("all of it is there afterwards, or nothing", async () => {
    const storage = await open();
    const given = await storage.transaction(async (session) => {
      await session.executeSql(insert, ["discord:1"]);
      await session.executeSql(insert, ["discord:2"]);
      return (await session.executeSql("SELECT id FROM community ORDER BY id")).rows;
    });
    expect(given).toEqual([{ id: "discord:1" }, { id: "discord:2" }]);
    const broken = storage.transaction(async (session) => {
      await session.executeSql(insert, ["discord:3"]);
      await session.executeSql(insert, ["discord:1"]);
    });
    await expect(broken).rejects.toThrow("database: 23505");
    const changedItsMind = storage.transaction(async (session) => {
      await session.executeSql(insert, ["discord:4"]);
      throw new TypeError("no");
    });
    await expect(changedItsMind).rejects.toThrow("no");
    expect(await known(storage)).toEqual(["discord:1", "discord:2"]);
    await storage.close();
  });

  test("others wait, and see nothing of what is undone", async () => {
    const storage = await open();
    const answers = await Promise.allSettled([
      storage.transaction(async (session) => {
        await session.executeSql(insert, ["discord:1"]);
        await session.executeSql("SELECT 1 / 0");
      }),
      known(storage),
      storage.transaction((session) => session.executeSql(insert, ["discord:2"])),
      known(storage),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
    for (const answer of answers) if (answer.status === "fulfilled") expect(answer.value).not.toContain("discord:1");
    expect(await known(storage)).toEqual(["discord:2"]);
    await storage.close();
  });

  test("a script that fails halfway leaves nobody else in its transaction", async () => {
    const storage = await open();
    const script = "BEGIN; INSERT INTO community (id) VALUES ('discord:1'); SELECT 1 / 0; COMMIT;";
    const [failed, ...others] = await Promise.allSettled([
      storage.session.executeSql(script),
      ...[1, 2, 3].map(() => storage.session.executeSql("SELECT 1 AS one")),
    ]);
    expect(failed?.status).toBe("rejected");
    expect(others.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(await known(storage)).toEqual([]);
    const { rows } = await storage.session.executeSql("BEGIN; INSERT INTO community (id) VALUES ('discord:2') RETURNING id; COMMIT;");
    expect(rows).toEqual([{ id: "discord:2" }]);
    expect(await known(storage)).toEqual(["discord:2"]);
    await storage.close();
  });
});
