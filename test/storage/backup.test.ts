/** Daily backups of the embedded database, and the way back. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { OperatorError } from "../../src/core/errors.ts";
import { figure } from "../../src/core/figure.ts";
import { buttonId, communityId, memberId, opinionId, reportId, topicId } from "../../src/core/ids.ts";
import type { Opinion } from "../../src/opinions/types.ts";
import type { Storage } from "../../src/storage/open.ts";
import { openFolder } from "../../src/storage/open-folder.ts";
import { restoreBackup } from "../../src/storage/restore.ts";
import { packFolder, unpackFile } from "../../src/storage/tar.ts";
import { report } from "../contracts/stores/reports.ts";
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

  test("is kept for the last seven days, however many there are, and so is a database that a restore put aside; others are left alone", async () => {
    const folder = await testFolder();
    const backups = join(folder, "backups");
    mkdirSync(backups);
    const named = (day: string) => `depinion-${day}.tar.gz`;
    const [old, recent] = [["2025-12-31", "2026-11-14", "2026-11-15"].map(named), ["2026-11-16", "2026-11-21"].map(named)];
    for (const name of [...old, ...recent, "before-the-move.tar.gz", ".part"]) writeFileSync(join(backups, name), "");
    mkdirSync(join(backups, ".copy")); // like .part, left by a process that was killed
    const aside = ["db-before-restore-2026-11-15T11-59-59", "db-before-restore-2026-11-15T12-00-00-2", "db-before-restore-mine"];
    for (const name of aside) mkdirSync(join(folder, name, "base"), { recursive: true });
    await backupOf(folder, async () => {});
    expect(readdirSync(backups).sort()).toEqual(["before-the-move.tar.gz", ...recent, named("2026-11-22")].sort());
    expect(readdirSync(folder).filter((name) => name.startsWith("db-"))).toEqual(aside.slice(1));
  });

  test("that could not be written leaves the old ones where they are", async () => {
    const folder = await testFolder();
    const backups = join(folder, "backups");
    mkdirSync(backups);
    writeFileSync(join(backups, "depinion-2026-11-01.tar.gz"), "");
    const storage = await openEmbedded(folder);
    const interrupted = storage.backup(now());
    await storage.close();
    expect(await interrupted).toBeNull();
    expect(readdirSync(backups)).toEqual(["depinion-2026-11-01.tar.gz"]);
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
    expect(await restore(file, folder)).toEqual({ opinions: 1, erasures: 0, beyondMemory: false, keptAs: null });
    expect(await found(folder, ["old"])).toEqual(["old"]);
  });

  test("forgets again what was erased since, and only that", async () => {
    const folder = await testFolder();
    const [ann, bob, eve] = [memberId("ann"), memberId("bob"), memberId("eve")];
    const chat = communityId("telegram", "private:ann");
    const file = await backupOf(folder, async ({ opinions, buttons, members, reports, rooms }) => {
      // Erased before the backup, and back since: these words were not erased.
      await members.erase(eve);
      await opinions.add({ ...opinion("eve again"), member: eve });
      await opinions.add({ ...opinion("ann in public"), member: ann });
      await opinions.add({ ...opinion("ann in private"), member: ann, community: chat });
      await rooms.arrive(chat, now());
      const bound = { command: "help", args: {}, quoted: null, community: chat, expiresAt: new Date("2100-01-01T00:00:00Z") };
      await buttons.save([{ ...bound, id: buttonId("ann's"), member: ann }]);
      await opinions.add({ ...opinion("ann under an earlier key"), member: memberId("former ann") });
      await opinions.add({ ...opinion("bob deletes"), member: bob });
      await opinions.add({ ...opinion("bob keeps"), member: bob });
      for (const id of ["erased", "kept"]) await reports.put(report({ id: reportId(id), member: bob }));
      await reports.put(report({ id: reportId("ann's"), member: ann }));
    });
    const storage = await openEmbedded(folder);
    await storage.members.rekey([memberId("former ann")], ann);
    expect(await storage.members.erase(ann, [memberId("former ann")])).toEqual({ opinions: 3, reports: 1, buttons: 1 });
    expect(await storage.reports.remove(reportId("erased"), bob)).toBe(true);
    expect(await storage.opinions.remove(opinionId("bob deletes"), bob)).toBe(true);
    expect(await storage.opinions.remove(opinionId("bob keeps"), eve)).toBe(false); // not eve's to delete, now or in the backup
    await storage.close();
    appendFileSync(join(folder, "erased.jsonl"), '\n{"member":"bob","at":"2026-'); // a power cut in the middle of a note

    expect(await restore(file, folder)).toMatchObject({ opinions: 2, erasures: 4, beyondMemory: false });
    const again = await openEmbedded(folder);
    expect((await again.members.read(eve)).opinions.map((o) => o.id)).toEqual(["eve again"]);
    expect((await again.members.read(bob)).opinions.map((o) => o.id)).toEqual(["bob keeps"]);
    expect((await again.members.read(bob)).reports.map(({ id }) => id)).toEqual(["kept"]);
    for (const gone of [ann, memberId("former ann")])
      expect(await again.members.read(gone)).toMatchObject({ opinions: [], reports: [], buttons: [] });
    expect(await again.rooms.arrive(chat, now())).toBe(true);
    // The half line spoils nothing that is noted behind it.
    await again.members.erase(bob);
    await again.close();
    expect(await restore(file, folder)).toMatchObject({ opinions: 1, erasures: 5 });
    expect(statSync(join(folder, "erased.jsonl")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "db"))).not.toContain("depinion-backup-began");
  });

  test("says when it cannot know what was erased since: of a file of an earlier version, or older than seven days", async () => {
    const folder = await testFolder();
    const copy = join(await testFolder(), "db");
    const file = await backupOf(folder, async () => {});
    mkdirSync(copy);
    await unpackFile(file, copy);
    for (const mark of [undefined, "nonsense", "2026-11-15T11:59:59.000Z"]) {
      rmSync(join(copy, "depinion-backup-began"), { force: true });
      if (mark !== undefined) writeFileSync(join(copy, "depinion-backup-began"), mark);
      await packFolder(copy, `${copy}.tar.gz`);
      expect(await restore(`${copy}.tar.gz`, folder)).toMatchObject({ beyondMemory: true });
    }
  });

  test("keeps its notes of what was erased no longer than backups that could hold it", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    const notes = () => readFileSync(join(folder, "erased.jsonl"), "utf8");
    const day = 24 * 3_600_000;
    await storage.members.erase(memberId("ann"));
    await storage.backup(new Date(Date.now() + 7 * day));
    expect(notes()).toContain("ann");
    await storage.members.erase(memberId("bob"));
    await storage.backup(new Date(Date.now() + 9 * day));
    expect(notes()).toBe("");
    await storage.members.erase(memberId("eve"));
    expect(notes()).toContain("eve");
    await storage.close();
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
