/** A dated copy of the embedded database, written beside it once a day, and what is forgotten after seven days. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { cp, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { paths, setAside } from "./data-folder.ts";
import { forgetErasures } from "./erasures.ts";

const dayMs = 24 * 3_600_000;
/** Backups are kept for this long, and so is everything that only makes sense beside them. PRIVACY.md and /privacy say so. */
const keptDays = 7;
const dated = /^depinion-(\d{4}-\d{2}-\d{2})\.tar\.gz$/;
/** In the backup's root, where PostgreSQL leaves it alone: when the copy began. */
const markName = "depinion-backup-began";
const mark = z.iso.datetime().transform((text) => new Date(text));

/**
 * Writes `backups/depinion-<UTC date>.tar.gz` and deletes what is older than seven days; null where today's is there already.
 *
 * The database waits only while its folder is copied (150 ms for 135 MB); packing the copy happens beside it. What is copied is what a
 * `kill -9` at that moment would leave, which PostgreSQL opens without loss.
 * @throws OperatorError where there is no room for it
 */
export async function writeBackup(options: {
  dataDir: string;
  pglite: PGlite;
  /** Whose day it is. */
  now: Date;
  /** The clock by which erasures are noted. */
  clock: () => Date;
  log: Logger;
  signal: AbortSignal;
}): Promise<string | null> {
  const { dataDir, pglite, now, clock, log, signal } = options;
  const { backups, db } = paths(dataDir);
  const name = `depinion-${now.toISOString().slice(0, 10)}.tar.gz`;
  const file = join(backups, name);
  mkdirSync(backups, { recursive: true, mode: 0o700 });
  const copy = join(backups, ".copy");
  const part = join(backups, ".part");
  const clear = () => {
    for (const path of [copy, part]) rmSync(path, { recursive: true, force: true });
  };
  clear();
  if (readdirSync(backups).includes(name)) return null;
  try {
    assertRoom(db, backups);
    await tidy(pglite);
    const at = clock();
    await pglite.runExclusive(() => cp(db, copy, { recursive: true }));
    await packDatabase(copy, { part, file, at, signal });
  } catch (error) {
    if (signal.aborted) return null; // The program ends; tomorrow is another day.
    throw error;
  } finally {
    clear();
  }
  forgetOld(dataDir, now);
  log.info({ file, bytes: statSync(file).size }, "backup written");
  return file;
}

/**
 * Packs a database's folder that nobody uses into `file`, by way of `part` on the same disk. It is whole and on the disk when this resolves.
 * @param at since when erasures may be missing in it
 */
export async function packDatabase(
  folder: string,
  { part, file, at, signal }: { readonly part: string; readonly file: string; readonly at: Date; readonly signal?: AbortSignal },
): Promise<void> {
  await writeFile(join(folder, markName), at.toISOString());
  // Loaded here, because it would cost every start 20 ms.
  const { packFolder } = await import("./tar.ts");
  await packFolder(folder, part, signal);
  renameSync(part, file);
  await syncFolder(dirname(file));
}

/** The days of which a backup is there, `YYYY-MM-DD`, the oldest first. */
export function backupDays(dataDir: string): readonly string[] {
  const { backups } = paths(dataDir);
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .flatMap((name) => dated.exec(name)?.[1] ?? [])
    .sort();
}

/** When a backup that was unpacked here was made; null where a version made it that noted no erasures either. Takes the mark away. */
export function takeMark(folder: string): Date | null {
  const file = join(folder, markName);
  if (!existsSync(file)) return null;
  const found = mark.safeParse(readFileSync(file, "utf8"));
  rmSync(file);
  return found.success ? found.data : null;
}

/** Whether erasures may have been forgotten that were made since this moment. */
export const isBeyondMemory = (madeAt: Date, now: Date): boolean => now.getTime() - madeAt.getTime() > keptDays * dayMs;

/** Only after a new backup was written: without it an old one is better than none. */
function forgetOld(dataDir: string, now: Date): void {
  const { backups } = paths(dataDir);
  const before = new Date(now.getTime() - keptDays * dayMs);
  const lastDay = before.toISOString().slice(0, 10);
  for (const name of readdirSync(backups)) {
    const day = dated.exec(name)?.[1];
    if (day !== undefined && day <= lastDay) rmSync(join(backups, name));
  }
  for (const { path, at } of setAside(dataDir)) if (at < before) rmSync(path, { recursive: true });
  // A day more than the backups: one of them may be from the first minute of its day.
  forgetErasures(dataDir, new Date(before.getTime() - dayMs));
}

/** PGlite has no autovacuum: once a day is enough here. Table by table, so that others get their turn in between. */
async function tidy(pglite: PGlite): Promise<void> {
  const { rows } = await pglite.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss')",
  );
  for (const { name } of rows) await pglite.exec(`VACUUM (ANALYZE) ${name}`);
  await pglite.exec("CHECKPOINT");
}

/** A backup must not be what fills the disk. */
export function assertRoom(db: string, backups: string): void {
  const sizes = readdirSync(db, { recursive: true, withFileTypes: true }).map((entry) =>
    entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0,
  );
  const needed = 1.5 * sizes.reduce((sum, size) => sum + size, 0) + 32 * 2 ** 20;
  const { bavail, bsize } = statfsSync(backups);
  if (bavail * bsize < needed)
    throw new OperatorError(`There is no room for a backup in ${backups}: about ${Math.ceil(needed / 2 ** 20)} MB are needed.`);
}

/** Makes a rename last through a power cut. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // cannot open a folder
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
