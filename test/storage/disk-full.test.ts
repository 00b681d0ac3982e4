/** A full disk, on a real file system of a few megabytes. Mounting one takes root on Linux; elsewhere these tests are skipped. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { figure } from "../../src/core/figure.ts";
import { communityId, opinionId } from "../../src/core/ids.ts";
import { openStorage } from "../../src/storage/open.ts";
import { now, openEmbedded, testFolder } from "../support/database.ts";
import { startChild } from "./child-process.ts";
import { opinion } from "./opinion.ts";

const disk = mkdtempSync(join(tmpdir(), "depinion-disk-"));
const size = (megabytes: number): boolean =>
  spawnSync("mount", ["-o", `remount,size=${megabytes}m`, disk], { stdio: "ignore" }).status === 0;
const mounted =
  process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], { stdio: "ignore" }).status === 0;

afterAll(() => {
  if (mounted) spawnSync("umount", ["-l", disk]);
  rmSync(disk, { recursive: true, force: true });
});

const filler = join(disk, "filler");
const free = (): number => {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
};
const fillUpTo = (bytes: number): void => writeFileSync(filler, Buffer.alloc(Math.max(0, free() - bytes)));
const makeRoom = (): void => rmSync(filler, { force: true });

const sentence = "The disk I keep things on is full, so I could not do this. Nothing was stored.";

/** A fresh folder on the small disk, which has room for `megabytes`. */
function folderOn(megabytes: number): string {
  makeRoom();
  const folder = join(disk, "data");
  rmSync(folder, { recursive: true, force: true });
  size(megabytes);
  mkdirSync(folder);
  return folder;
}

describe.skipIf(!mounted)("a full disk", () => {
  test("refuses what is to be stored in a clear sentence, tells the operator, answers what is known, and is over when there is room", async () => {
    const folder = folderOn(96);
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
    const { opinions, rooms, ping, close } = await openStorage({ databaseUrl: undefined, dataDir: folder, log, now });
    await opinions.add(opinion("before"));
    fillUpTo(4 * 2 ** 20);
    const refused = opinions.add(opinion("refused", "secret words"));
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toMatchObject({ code: "disk_full", message: sentence });
    await expect(rooms.arrive(communityId("discord", "1"), now())).rejects.toMatchObject({ code: "disk_full" });
    expect((await opinions.find(opinionId("before")))?.text).toBe("Words of before.");
    await ping();
    expect(lines.join("")).toContain("the disk of the database is full");
    expect(lines.join("")).not.toContain("secret words");
    makeRoom();
    await opinions.add(opinion("after"));
    await close();
    const again = await openEmbedded(folder);
    const kept = await Promise.all(["before", "refused", "after"].map((id) => again.opinions.find(opinionId(id))));
    expect(kept.map((one) => one !== null)).toEqual([true, false, true]);
    await again.close();
  });

  test("that comes in the middle of a write loses nothing acknowledged, and the same process goes on when there is room", async () => {
    const folder = folderOn(96);
    const { opinions, figures, ping, close } = await openEmbedded(folder);
    const acknowledged: string[] = [];
    for (let i = 0; i < 200; i++) {
      await opinions.add(opinion(`${i}`));
      acknowledged.push(`${i}`);
    }
    // Just above the reserve, and then one statement that needs more than there is.
    fillUpTo(17 * 2 ** 20);
    const huge = Array.from({ length: 3_000 }, (_, i) =>
      figure({
        metric: `m${i}.price`,
        label: "Price",
        value: i,
        unit: "usd",
        source: { name: "S", url: "https://example.com" },
        observedAt: null,
        precision: "instant",
        fetchedAt: now(),
        // Nothing that PostgreSQL could compress away.
        raw: Array.from({ length: 600 }, (_, k) => Math.imul(i * 600 + k, 2654435761).toString(36)).join(""),
        state: "live",
      }),
    );
    const attempt = figures.save(huge);
    await expect(attempt).rejects.toMatchObject({ code: "disk_full", message: sentence });
    await expect(opinions.add(opinion("full"))).rejects.toMatchObject({ code: "disk_full" });
    makeRoom();
    await ping();
    await opinions.add(opinion("after"));
    expect(await figures.latest()).toEqual([]);
    await close();
    const again = await openEmbedded(folder);
    for (const id of [...acknowledged, "after"]) expect(await again.opinions.find(opinionId(id)), id).not.toBeNull();
    expect(await again.opinions.find(opinionId("full"))).toBeNull();
    await again.close();
  });

  test("that stops PostgreSQL for good does not hang the process, and loses nothing acknowledged", { timeout: 60_000 }, async () => {
    const child = startChild("fill-log", folderOn(96));
    expect(await child.line()).toBe("ready");
    fillUpTo(100_000);
    child.process.stdin.write("go\n");
    expect(await child.line()).toMatch(/^stopped: could not write to file "pg_wal.*No space left on device$/);
    expect(await child.line()).toMatch(/^EngineStopped/);
    makeRoom();
    child.process.stdin.write("room\n");
    expect(await child.line()).toBe("nothing lost");
    await child.kill();
  });

  test("at the first start is said, and the next start works when there is room", async () => {
    const folder = folderOn(10);
    await expect(openEmbedded(folder)).rejects.toThrow(
      `The disk of ${folder} is full. Make room, at least 64 MB, and start again: nothing is lost.`,
    );
    size(96);
    const storage = await openEmbedded(folder);
    await storage.opinions.add(opinion("1"));
    await storage.close();
  });

  test("at a later start is said, and nothing is lost", async () => {
    const folder = folderOn(96);
    const storage = await openEmbedded(folder);
    await storage.opinions.add(opinion("1"));
    await storage.close();
    fillUpTo(0);
    await expect(openEmbedded(folder)).rejects.toThrow(
      /^The disk of .* is full\. Make room, at least 64 MB, and start again: nothing is lost\.$/,
    );
    makeRoom();
    const again = await openEmbedded(folder);
    expect(await again.opinions.find(opinionId("1"))).not.toBeNull();
    await again.close();
  });

  test("is not brought about by a backup", async () => {
    const folder = folderOn(160);
    const storage = await openEmbedded(folder);
    fillUpTo(40 * 2 ** 20);
    await expect(storage.backup(now())).rejects.toThrow(/^There is no room for a backup in .*: about \d+ MB are needed\.$/);
    await storage.opinions.add(opinion("1"));
    makeRoom();
    expect(await storage.backup(now())).not.toBeNull();
    await storage.close();
  });
});

test("a folder on a disk with room is not taken for a full one", async () => {
  const storage = await openEmbedded(await testFolder());
  await storage.opinions.add(opinion("1"));
  await storage.close();
});
