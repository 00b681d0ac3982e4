/** A dated copy of the embedded database, written beside it once a day. */
import { mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { cp, open } from "node:fs/promises";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { paths } from "./data-folder.ts";

const kept = 7;
const dated = /^depinion-\d{4}-\d{2}-\d{2}\.tar\.gz$/;

/**
 * Writes `backups/depinion-<UTC date>.tar.gz` and forgets all but the seven newest; null where today's is there already.
 *
 * The database waits only while its folder is copied (150 ms for 135 MB); packing the copy happens beside it. What is copied is what a
 * `kill -9` at that moment would leave, which PostgreSQL opens without loss.
 * @throws OperatorError where there is no room for it
 */
export async function writeBackup(options: {
  dataDir: string;
  pglite: PGlite;
  now: Date;
  log: Logger;
  signal: AbortSignal;
}): Promise<string | null> {
  const { dataDir, pglite, now, log, signal } = options;
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
    await pglite.runExclusive(() => cp(db, copy, { recursive: true }));
    // Loaded here, because it would cost every start 20 ms.
    const { packFolder } = await import("./tar.ts");
    await packFolder(copy, part, signal);
    renameSync(part, file);
    await syncFolder(backups);
  } catch (error) {
    if (signal.aborted) return null; // The program ends; tomorrow is another day.
    throw error;
  } finally {
    clear();
  }
  for (const old of readdirSync(backups)
    .filter((entry) => dated.test(entry))
    .sort()
    .slice(0, -kept))
    rmSync(join(backups, old));
  log.info({ file, bytes: statSync(file).size }, "backup written");
  return file;
}

/** PGlite has no autovacuum: once a day is enough here. Table by table, so that others get their turn in between. */
async function tidy(pglite: PGlite): Promise<void> {
  for (const table of ["opinion", "figure", "button", "community"]) await pglite.exec(`VACUUM (ANALYZE) ${table}`);
  await pglite.exec("CHECKPOINT");
}

/** A backup must not be what fills the disk. */
function assertRoom(db: string, backups: string): void {
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
