/** The lock of a data folder, between real processes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OperatorError } from "../../src/core/errors.ts";
import { takeLock } from "../../src/storage/lock.ts";
import { openEmbedded, testFolder } from "../support/database.ts";
import { startChild } from "./child-process.ts";

async function holder(folder: string) {
  const child = startChild("lock", folder);
  child.process.stdin.write("go\n");
  expect(await child.line()).toBe("taken");
  return child;
}

test("a second process is refused with the id of the first and the folder, and nothing is opened", async () => {
  const folder = await testFolder();
  const child = await holder(folder);
  const refused = openEmbedded(folder);
  await expect(refused).rejects.toThrow(OperatorError);
  await expect(refused).rejects.toThrow(
    `The data folder ${folder} is in use by another Depinion (process ${child.process.pid}). Stop that one first.`,
  );
});

test("the lock of a process that was killed is free at once", async () => {
  const folder = await testFolder();
  const child = await holder(folder);
  await child.kill();
  takeLock(folder).release();
});

test("the lock of a process that ended by itself is free", async () => {
  const folder = await testFolder();
  const child = await holder(folder);
  child.process.stdin.end();
  await new Promise((ended) => child.process.once("close", ended));
  takeLock(folder).release();
});

test("of many processes that start at the same moment exactly one gets the folder", async () => {
  const folder = await testFolder();
  const dead = await holder(folder);
  await dead.kill(); // what it left behind must not help or hinder anyone
  const children = Array.from({ length: 6 }, () => startChild("lock", folder));
  const answers = Promise.all(children.map((child) => child.line()));
  for (const child of children) child.process.stdin.write("go\n");
  expect((await answers).filter((line) => line === "taken")).toHaveLength(1);
});

test("a process cannot take the same folder twice, and can again after letting go", async () => {
  const folder = await testFolder();
  const lock = takeLock(folder);
  expect(() => takeLock(folder)).toThrow(`(process ${process.pid})`);
  lock.release();
  lock.release();
  takeLock(folder).release();
});

test("a note that names a living process locks nothing: ids are used again, in containers always the same ones", async () => {
  const folder = await testFolder();
  writeFileSync(join(folder, "lock.json"), JSON.stringify({ pid: process.ppid, host: "elsewhere" }));
  takeLock(folder).release();
});

test("who holds the lock is told also when the note is unreadable", async () => {
  const folder = await testFolder();
  const lock = takeLock(folder);
  writeFileSync(join(folder, "lock.json"), "{");
  expect(() => takeLock(folder)).toThrow(/in use by another Depinion that is just starting/);
  lock.release();
});

test("a folder that cannot be written to is said to be that", () => {
  expect(() => takeLock("/proc")).toThrow(/^The data folder \/proc cannot be written to/);
});
