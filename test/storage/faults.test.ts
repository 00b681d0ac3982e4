/** What can go wrong with a database while it is used: a line that breaks, none left, others in the way, a copied folder, a damaged page. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { OperatorError, UpstreamError } from "../../src/core/errors.ts";
import { communityId, opinionId } from "../../src/core/ids.ts";
import { openStorage, type Storage } from "../../src/storage/open.ts";
import { restoreBackup } from "../../src/storage/restore.ts";
import { now, openEmbedded, openPostgres, postgresUrl, silent, testFolder } from "../support/database.ts";
import { startTcpProxy, through } from "../support/tcp-proxy.ts";
import { startChild } from "./child-process.ts";
import { opinion } from "./opinion.ts";

const insert = "INSERT INTO community (id) VALUES ($1)";
const known = async (storage: Storage) => (await storage.rooms.known("discord")).map(({ community }) => community).toSorted();
const gone = { service: "The database", kind: "unreachable" };

test("a connection that is lost in the middle of a transaction undoes it whole, and the next one works", async () => {
  const storage = await openPostgres(await postgresUrl());
  const torn = storage.transaction(async (session) => {
    await session.executeSql(insert, ["discord:1"]);
    const { rows } = await session.executeSql("SELECT pg_backend_pid()::text AS pid");
    const [[, pid] = []] = Object.entries(rows[0] ?? {});
    await storage.session.executeSql("SELECT pg_terminate_backend($1::int)", [pid]);
    await session.executeSql(insert, ["discord:2"]);
  });
  await expect(torn).rejects.toMatchObject(gone);
  expect(await known(storage)).toEqual([]);
  await storage.transaction((session) => session.executeSql(insert, ["discord:3"]));
  expect(await known(storage)).toEqual(["discord:3"]);
  await storage.close();
});

test("what the database undoes because of others at the same moment is done again: serialization failures and deadlocks", async () => {
  const url = new URL(await postgresUrl());
  url.searchParams.set("options", "-c default_transaction_isolation=serializable -c deadlock_timeout=50ms");
  const storage = await openPostgres(url.href);
  // Everyone changes the same counts, of which each transaction may have seen only its own.
  const many = Array.from({ length: 12 }, (_, n) => opinion(`${n}`));
  const added = await Promise.allSettled(many.map((one) => storage.opinions.add(one)));
  expect(added.filter(({ status }) => status === "rejected").length).toBe(0);
  const { rows } = await storage.session.executeSql("SELECT count(*)::int AS count FROM opinion");
  expect(rows).toEqual([{ count: many.length }]);
  // Two that lock the same rows in opposite order.
  await storage.session.executeSql("INSERT INTO community (id) VALUES ('discord:1'), ('discord:2')");
  const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const lock = (order: readonly string[], mine: number) =>
    storage.transaction(async (session) => {
      const update = (id: string | undefined) => session.executeSql("UPDATE community SET id = id WHERE id = $1", [id]);
      await update(order[0]);
      met[mine]?.resolve();
      await met[1 - mine]?.promise;
      await update(order[1]);
      return order.join();
    });
  expect(await Promise.all([lock(["discord:1", "discord:2"], 0), lock(["discord:2", "discord:1"], 1)])).toEqual([
    "discord:1,discord:2",
    "discord:2,discord:1",
  ]);
  await storage.close();
});

// Both wait for what the program itself waits for.
describe.concurrent("a database that keeps silent", () => {
  test("because all its connections are taken says so after five seconds, and answers when one is free", async () => {
    const storage = await openPostgres(await postgresUrl());
    const gate = Promise.withResolvers<void>();
    const holding = Array.from({ length: 10 }, () =>
      storage.transaction(async (session) => {
        await session.executeSql("SELECT 1");
        await gate.promise;
      }),
    );
    const began = performance.now();
    await expect(storage.ping()).rejects.toMatchObject(gone);
    expect(performance.now() - began).toBeLessThan(10_000);
    gate.resolve();
    await Promise.all(holding);
    await storage.ping();
    await storage.close();
  });

  test("because its line is dead says so after eight seconds, and answers on a new line", async () => {
    const url = await postgresUrl();
    const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(url).port) });
    const storage = await openPostgres(through(proxy, url));
    await storage.opinions.add(opinion("before"));
    proxy.hold();
    const began = performance.now();
    const attempts = await Promise.allSettled([storage.opinions.add(opinion("meanwhile")), storage.opinions.find(opinionId("before"))]);
    expect(performance.now() - began).toBeLessThan(15_000);
    for (const attempt of attempts) expect(attempt).toMatchObject({ status: "rejected", reason: expect.any(UpstreamError) });
    proxy.mend();
    expect((await storage.opinions.find(opinionId("before")))?.text).toBe("Words of before.");
    expect(await storage.opinions.find(opinionId("meanwhile"))).toBeNull();
    await storage.close();
    await proxy.close();
  });
});

test("a folder that was copied while the program wrote is opened with true words alone, or refused with the way out", async () => {
  const folder = await testFolder();
  const child = startChild("append", folder);
  const copies: string[] = [];
  for (const acknowledged of [20, 60, 100]) {
    while (child.lines.length < acknowledged) await child.line();
    const copy = await testFolder();
    // File by file, as `cp -r` does, while another process writes into them: no backup, and nobody should take it for one.
    await cp(join(folder, "db"), join(copy, "db"), { recursive: true });
    copies.push(copy);
  }
  await child.kill();
  for (const copy of copies) {
    const opened = await openEmbedded(copy).catch((error: unknown) => {
      if (!(error instanceof OperatorError)) throw error;
      expect(error.message).toContain('Restore a backup with "npm start -- --restore <file>"');
    });
    if (opened === undefined) continue;
    const { opinions, close } = opened;
    const found = await Promise.all(child.lines.slice(1).map(async (id) => [id, await opinions.find(opinionId(id))] as const));
    expect(found.filter(([id, one]) => one !== null && one.text !== `It is fine. ${id}`)).toEqual([]);
    await close();
  }
});

test("a damaged last page is told to the operator with the way out, spares what is elsewhere, and is mended by a restore", async () => {
  const folder = await testFolder();
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const open = () => openStorage({ databaseUrl: undefined, dataDir: folder, log, now });
  const first = await open();
  for (let n = 0; n < 200; n++) await first.opinions.add(opinion(`${n}`, "x".repeat(500)));
  await first.rooms.arrive(communityId("discord", "9"), now());
  const backup = await first.backup(now());
  const { rows } = await first.session.executeSql("SELECT pg_relation_filepath('opinion') AS path");
  const [[, path] = []] = Object.entries(rows[0] ?? {});
  await first.close();
  const file = join(folder, "db", String(path));
  const bytes = readFileSync(file);
  bytes.fill(0xa5, statSync(file).size - 8_192);
  writeFileSync(file, bytes);
  const damaged = await open();
  await expect(damaged.opinions.find(opinionId("199"))).rejects.toThrow(/^database: .*XX00/);
  expect(lines.join("")).toContain('stop the bot and restore a backup with \\"npm run restore\\"');
  expect(lines.join("")).not.toContain("xxx");
  // What stands elsewhere is served all the same.
  expect((await damaged.opinions.find(opinionId("0")))?.id).toBe("0");
  expect((await damaged.rooms.known("discord")).map(({ community }) => community)).toContain("discord:9");
  await damaged.close();
  await restoreBackup({ file: backup ?? "", dataDir: folder, log: silent, now: now() });
  const mended = await openEmbedded(folder);
  expect((await mended.opinions.find(opinionId("199")))?.text).toBe("x".repeat(500));
  await mended.close();
});
