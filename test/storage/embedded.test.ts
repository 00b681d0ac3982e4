/** The embedded database when PostgreSQL inside it ends: opened again by itself, without a second of silence more than needed. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { openEmbedded } from "../../src/storage/embedded.ts";
import { testFolder } from "../support/database.ts";

const gone = { service: "The database", kind: "unreachable" };

const community = (id: string) => ({ data: { id } });

async function engine(clock: () => Date = () => new Date()) {
  const dataDir = await testFolder();
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const opened = await openEmbedded({ dataDir, log, now: clock });
  /** PostgreSQL panics when it cannot begin the next file of its log. */
  const end = async () => {
    const [there, away] = [join(dataDir, "db", "pg_wal"), join(dataDir, "away")];
    renameSync(there, away);
    await expect(opened.read((client) => client.$queryRaw`SELECT pg_switch_wal(), txid_current()`)).rejects.toMatchObject(gone);
    renameSync(away, there);
  };
  const count = () => opened.read((client) => client.community.count());
  return { ...opened, dataDir, lines, end, count };
}

test("it is opened again at the next question, with everything that was acknowledged, as often as needed", async () => {
  const { write, end, count, close, lines } = await engine();
  for (const round of [1, 2, 3]) {
    await write((client) => client.community.create(community(`discord:${round}`)));
    await end();
    expect(await count()).toBe(round);
  }
  expect(lines.filter((line) => line.includes("had stopped and is opened again"))).toHaveLength(3);
  await close();
});

test("many who ask at once open it once", async () => {
  const { write, end, count, close, lines } = await engine();
  await write((client) => client.community.create(community("discord:1")));
  await end();
  expect(await Promise.all([count(), count(), count()])).toEqual([1, 1, 1]);
  await write((client) => client.community.create(community("discord:2")));
  expect(lines.filter((line) => line.includes("had stopped and is opened again"))).toHaveLength(1);
  await close();
});

test("while it cannot be opened everyone is told so, at once but for one attempt every five seconds", async () => {
  let at = Date.parse("2026-11-22T12:00:00Z");
  const { end, count, close, dataDir, lines } = await engine(() => new Date(at));
  await end();
  renameSync(join(dataDir, "db"), join(dataDir, "elsewhere"));
  for (const _ of [1, 2, 3]) await expect(count()).rejects.toMatchObject(gone);
  expect(lines.filter((line) => line.includes("had stopped and is opened again"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes("the embedded database cannot be opened"))).toHaveLength(1);
  renameSync(join(dataDir, "elsewhere"), join(dataDir, "db"));
  await expect(count()).rejects.toMatchObject(gone);
  at += 5_000;
  expect(await count()).toBe(0);
  await close();
});

test("it is closed without a word where it had ended, and the folder is free", async () => {
  const { end, close, dataDir } = await engine();
  await end();
  await close();
  const again = await openEmbedded({ dataDir, log: pino({ level: "silent" }), now: () => new Date() });
  await again.close();
});

test("its log of changes stays small however much is written", async () => {
  const { write, read, close } = await engine();
  for (let round = 0; round < 12; round++)
    await Promise.all(
      Array.from({ length: 250 }, (_, i) =>
        write((client) => client.community.create({ data: { id: `discord:${round}-${i}-${"x".repeat(200)}` } })),
      ),
    );
  const [row] = await read(
    (client) => client.$queryRaw<{ since: number }[]>`
    SELECT (pg_current_wal_lsn() - redo_lsn)::float8 AS since FROM pg_control_checkpoint()`,
  );
  expect(row?.since).toBeLessThan(4 * 2 ** 20);
  await close();
});
