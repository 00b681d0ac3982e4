/** Daily backups of the embedded database, and the way back. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { OperatorError } from "../../src/core/errors.ts";
import { figure } from "../../src/core/figure.ts";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import type { Opinion } from "../../src/opinions/types.ts";
import type { Storage } from "../../src/storage/open.ts";
import { openFolder } from "../../src/storage/open-folder.ts";
import { restoreBackup } from "../../src/storage/restore.ts";
import { packFolder, unpackFile } from "../../src/storage/tar.ts";
import { now, openEmbedded, silent, testFolder } from "../support/database.ts";

const opinion = (id: string): Opinion => ({
  id: opinionId(id),
  community: communityId("discord", "1"),
  member: memberId(id),
  topic: topicId("latency"),
  text: "Fine. 👍",
  stance: "agree",
  stanceBy: "reading",
  at: now(),
});

const capacity = figure({
  metric: "filecoin.capacity",
  label: "Filecoin raw capacity",
  value: 2n ** 70n,
  unit: "count",
  source: { name: "Filfox", url: "https://filfox.info" },
  observedAt: null,
  precision: "day",
  fetchedAt: now(),
  raw: "1180591620717411303424",
  state: "live",
});

async function backupOf(folder: string, fill: (storage: Storage) => Promise<unknown>): Promise<string> {
  const storage = await openEmbedded(folder);
  await fill(storage);
  const file = await storage.backup(now());
  await storage.close();
  if (file === null) throw new Error("no backup");
  return file;
}

const restore = (file: string, dataDir: string) => restoreBackup({ file, dataDir, log: silent, now: now() });

async function found(folder: string, ids: readonly string[]): Promise<readonly string[]> {
  const { opinions, close } = await openEmbedded(folder);
  const all = await Promise.all(ids.map((id) => opinions.find(opinionId(id))));
  await close();
  return all.flatMap((one) => (one === null ? [] : [one.id]));
}

describe("a backup", () => {
  test("is written once a day under its date, readable by its owner only, and leaves nothing else behind", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    const backups = join(folder, "backups");
    expect(await storage.backup(now())).toBe(join(backups, "depinion-2026-11-22.tar.gz"));
    expect(await storage.backup(new Date("2026-11-22T23:59:59Z"))).toBeNull();
    expect(await storage.backup(new Date("2026-11-23T00:00:00Z"))).toBe(join(backups, "depinion-2026-11-23.tar.gz"));
    await storage.close();
    expect(readdirSync(backups)).toEqual(["depinion-2026-11-22.tar.gz", "depinion-2026-11-23.tar.gz"]);
    expect(statSync(backups).mode & 0o777).toBe(0o700);
    expect(statSync(join(backups, "depinion-2026-11-22.tar.gz")).mode & 0o777).toBe(0o600);
  });

  test("is kept for as long as it is one of the seven newest; other files are left alone", async () => {
    const folder = await testFolder();
    const backups = join(folder, "backups");
    mkdirSync(backups);
    const old = ["2026-11-01", "2025-12-31", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-20", "2026-11-21"].map(
      (d) => `depinion-${d}.tar.gz`,
    );
    for (const name of [...old, "before-the-move.tar.gz", ".part"]) writeFileSync(join(backups, name), "");
    mkdirSync(join(backups, ".copy")); // like .part, left by a process that was killed
    await backupOf(folder, async () => {});
    expect(readdirSync(backups).sort()).toEqual(
      ["before-the-move.tar.gz", ...old.filter((name) => !name.includes("2025")), "depinion-2026-11-22.tar.gz"].sort(),
    );
  });

  test("may be asked for twice at the same moment, and goes on beside other work", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    await storage.opinions.add(opinion("before"));
    const [first, second] = [storage.backup(now()), storage.backup(now())];
    const during = Array.from({ length: 200 }, (_, i) => `during-${i}`);
    await Promise.all(during.map((id) => storage.opinions.add(opinion(id))));
    expect(await first).toBe(await second);
    await storage.close();
    const other = await testFolder();
    await restore((await first) ?? "", other);
    expect(await found(other, ["before"])).toEqual(["before"]);
    expect(await found(folder, during)).toEqual(during);
  });

  test("that is interrupted by the end of the program leaves no half file", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    const backup = storage.backup(now());
    await storage.close();
    expect(await backup).toBeNull();
    expect(readdirSync(join(folder, "backups")).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("is an ordinary archive that tar can read", async () => {
    const file = await backupOf(await testFolder(), async () => {});
    const { stdout, status } = spawnSync("tar", ["-tzf", file], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout.split("\n")).toEqual(expect.arrayContaining(["PG_VERSION", "base/", "global/pg_control"]));
  });
});

describe("restoring", () => {
  test("brings back what was there, keeps what is there now beside it, and goes on from there", async () => {
    const folder = await testFolder();
    const file = await backupOf(folder, async ({ opinions, figures }) => {
      await opinions.add(opinion("old"));
      await figures.save([capacity]);
    });
    const storage = await openEmbedded(folder);
    await storage.opinions.add(opinion("new"));
    await storage.close();

    const { opinions, keptAs } = await restore(file, folder);
    expect(opinions).toBe(1);
    expect(keptAs).toBe(join(folder, "db-before-restore-2026-11-22T12-00-00"));
    expect((await restore(file, folder)).keptAs).toBe(`${keptAs}-2`); // in the same second
    expect(await found(folder, ["old", "new"])).toEqual(["old"]);
    const again = await openEmbedded(folder);
    expect(await again.figures.find(capacity.id)).toEqual(capacity);
    await again.opinions.add(opinion("after"));
    await again.close();

    const aside = await openFolder(keptAs ?? "");
    expect((await aside.query("SELECT id FROM opinion ORDER BY seq")).rows).toEqual([{ id: "old" }, { id: "new" }]);
    await aside.close();
  });

  test("works on a machine that has no data yet", async () => {
    const file = await backupOf(await testFolder(), ({ opinions }) => opinions.add(opinion("old")));
    const folder = join(await testFolder(), "new", "place");
    expect(await restore(file, folder)).toEqual({ opinions: 1, keptAs: null });
    expect(await found(folder, ["old"])).toEqual(["old"]);
  });

  test("is refused while the program runs", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    const file = await storage.backup(now());
    await expect(restore(file ?? "", folder)).rejects.toThrow(
      `The data folder ${folder} is in use by another Depinion (process ${process.pid}).`,
    );
    await storage.close();
  });

  test("that was killed after the archive was found good is completed by the next start", async () => {
    const folder = await testFolder();
    const file = await backupOf(folder, ({ opinions }) => opinions.add(opinion("old")));
    for (const present of [true, false]) {
      // As far as a restore gets before its last two renames, and between them.
      mkdirSync(join(folder, "db.restored"), { mode: 0o700 });
      await unpackFile(file, join(folder, "db.restored"));
      if (!present) renameSync(join(folder, "db"), join(folder, "db-before-restore-now"));
      expect(await found(folder, ["old"])).toEqual(["old"]);
      expect(existsSync(join(folder, "db.restored"))).toBe(false);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith("db-before-restore"))).toHaveLength(2);
  });

  test("of something else is refused in a sentence, and nothing is changed", async () => {
    const folder = await testFolder();
    const good = await backupOf(folder, ({ opinions }) => opinions.add(opinion("present")));
    const place = await testFolder();
    const make = (name: string, content: Buffer | string) => {
      writeFileSync(join(place, name), content);
      return join(place, name);
    };
    const bytes = readFileSync(good);
    const flipped = Buffer.from(bytes);
    flipped.writeUInt32LE(~flipped.readUInt32LE(bytes.length >> 1) >>> 0, bytes.length >> 1);
    mkdirSync(join(place, "photos"));
    writeFileSync(join(place, "photos", "cat.jpg"), "cat");
    await packFolder(join(place, "photos"), join(place, "photos.tar.gz"));
    const evil = gunzipSync(readFileSync(join(place, "photos.tar.gz")));
    evil.write("../cat", 0);
    evil.write("0000", 154 - 6); // any wrong sum: it is damaged first

    const refusals: readonly (readonly [file: string, reason: string])[] = [
      [make("text.txt", "no archive"), "it is damaged, or no archive at all"],
      [make("empty.tar.gz", ""), "it ends too early"],
      [make("cut.tar.gz", bytes.subarray(0, bytes.length / 2)), "it ends too early"],
      [make("flipped.tar.gz", flipped), "it is damaged"],
      [make("zeros.tar.gz", gzipSync(Buffer.alloc(4096))), "it is damaged"],
      [make("odd.tar.gz", gzipSync(Buffer.alloc(4096, "x"))), "it is damaged"],
      [make("evil.tar.gz", gzipSync(evil)), "it is damaged"],
      [join(place, "photos.tar.gz"), "it holds no database"],
      [place, "EISDIR"],
    ];
    for (const [file, reason] of refusals) {
      const attempt = restore(file, folder);
      await expect(attempt, file).rejects.toThrow(OperatorError);
      await expect(attempt, file).rejects.toThrow(`${file} is not a backup of Depinion that can be restored: ${reason}`);
    }
    await expect(restore(join(place, "nothing"), folder)).rejects.toThrow(`There is no file ${join(place, "nothing")} to restore.`);
    expect(readdirSync(folder).sort()).toEqual(["backups", "db", "lock"]);
    expect(await found(folder, ["present"])).toEqual(["present"]);
  });

  test("of a newer version's backup is refused, and so is one whose database is broken inside", async () => {
    const folder = await testFolder();
    await backupOf(folder, async () => {});
    const copy = join(await testFolder(), "db");
    cpSync(join(folder, "db"), copy, { recursive: true });
    const pglite = await openFolder(copy);
    await pglite.exec(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('1', '1', '99990101000000_later', now())",
    );
    await pglite.close();
    await packFolder(copy, `${copy}.tar.gz`);
    await expect(restore(`${copy}.tar.gz`, folder)).rejects.toThrow("The database was made by a newer version of Depinion");
    writeFileSync(join(copy, "global", "pg_control"), "");
    await packFolder(copy, `${copy}-broken.tar.gz`);
    await expect(restore(`${copy}-broken.tar.gz`, folder)).rejects.toThrow("its database cannot be opened");
    expect(readdirSync(folder).sort()).toEqual(["backups", "db", "lock"]);
  });
});
