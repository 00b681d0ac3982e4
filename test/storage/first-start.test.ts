/** The first start on a machine: whole or not at all, and clear about what it cannot use. */
import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { communityId } from "../../src/core/ids.ts";
import { databaseFolder, prepareFolder, templateFolder } from "../../src/storage/data-folder.ts";
import { openEmbedded, silent, testFolder } from "../support/database.ts";
import { startChild } from "./child-process.ts";

/** Whether the folder can be started from and keeps what it is given. */
async function expectUsable(folder: string): Promise<void> {
  for (const first of [true, false]) {
    const storage = await openEmbedded(folder);
    expect(await storage.rooms.arrive(communityId("discord", "1"), new Date())).toBe(first);
    await storage.close();
  }
  expect(readdirSync(folder).sort()).toEqual(["db", "lock"]);
}

async function millisecondsOf(task: "start" | "start-without-template"): Promise<number> {
  const child = startChild(task, await testFolder());
  await child.line();
  const begun = performance.now();
  expect(await child.line()).toBe("done");
  return performance.now() - begun;
}

async function killAfter(task: "start" | "start-without-template", folder: string, milliseconds: number): Promise<void> {
  const child = startChild(task, folder);
  await child.line();
  await new Promise((elapsed) => setTimeout(elapsed, milliseconds));
  await child.kill();
}

test("a first start that is killed at any moment leaves a folder that the next one can use", { timeout: 120_000 }, async () => {
  const whole = await millisecondsOf("start");
  for (const part of [0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95]) {
    const folder = await testFolder();
    await killAfter("start", folder, part * whole);
    await expectUsable(folder);
  }
});

test("so does one that has no ready-made database to copy and is killed, then killed again", { timeout: 120_000 }, async () => {
  const whole = await millisecondsOf("start-without-template");
  const folder = await testFolder();
  for (const part of [0.3, 0.8]) await killAfter("start-without-template", folder, part * whole);
  await expectUsable(folder);
});

test("the ready-made database is there after npm install, and a first start copies it", async () => {
  expect(existsSync(join(templateFolder(), "PG_VERSION"))).toBe(true);
  const folder = await testFolder();
  const db = await databaseFolder(folder, silent);
  expect(readdirSync(db).sort()).toEqual(readdirSync(templateFolder()).sort());
});

test("the data folder and the database are closed to other users, because PGlite makes files that anyone may write", async () => {
  const folder = join(await testFolder(), "new", "data");
  prepareFolder(folder);
  const db = await databaseFolder(folder, silent);
  for (const path of [folder, db]) expect(statSync(path).mode & 0o777).toBe(0o700);
});

test("an empty db folder is a first start too", async () => {
  const folder = await testFolder();
  mkdirSync(join(folder, "db"));
  await expectUsable(folder);
});

test("a data folder that cannot be made is named with the reason", async () => {
  const file = join(await testFolder(), "file");
  writeFileSync(file, "");
  await expect(openEmbedded(join(file, "data"))).rejects.toThrow(`The data folder ${join(file, "data")} cannot be written to (ENOTDIR).`);
  await expect(openEmbedded("/proc/depinion")).rejects.toThrow("The data folder /proc/depinion cannot be written to (ENOENT).");
});

test("a data folder that cannot be written to is named", async () => {
  await expect(openEmbedded("/proc")).rejects.toThrow(/^The data folder \/proc cannot be written to/);
});

test("something else in the place of the database is left alone", async () => {
  const folder = await testFolder();
  mkdirSync(join(folder, "db"));
  writeFileSync(join(folder, "db", "thesis.txt"), "my only copy");
  await expect(openEmbedded(folder)).rejects.toThrow(`The database in ${join(folder, "db")} cannot be opened: it holds no database.`);
  expect(readdirSync(join(folder, "db"))).toEqual(["thesis.txt"]);
});

test("a database of another PostgreSQL version is not touched", async () => {
  const folder = await testFolder();
  await databaseFolder(folder, silent);
  writeFileSync(join(folder, "db", "PG_VERSION"), "17\n");
  await expect(openEmbedded(folder)).rejects.toThrow("it was made by PostgreSQL 17, this program has 18. Restore a backup with");
});

test("a damaged database is said to be that, with the way out, and lets go of the folder", async () => {
  const folder = await testFolder();
  await databaseFolder(folder, silent);
  truncateSync(join(folder, "db", "global", "pg_control"), 100);
  for (const _ of [1, 2])
    await expect(openEmbedded(folder)).rejects.toThrow(
      /cannot be opened: .*pg_control.* Restore a backup with "npm start -- --restore <file>"/,
    );
});
