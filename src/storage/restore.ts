/** Puts a backup in the place of the embedded database; the present one is kept beside it. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { cannotWrite, completeRestore, paths, prepareFolder } from "./data-folder.ts";
import { codesOf, failureOf } from "./failures.ts";
import { takeLock } from "./lock.ts";
import { migrate, pgliteSession } from "./migrate.ts";
import { openFolder } from "./open-folder.ts";
import { counted } from "./rows.ts";
import { NotAnArchive, unpackFile } from "./tar.ts";

export interface Restored {
  /** How many opinions the restored database holds. */
  readonly opinions: number;
  /** Where the database is now that was there before; null where there was none. */
  readonly keptAs: string | null;
}

/**
 * Restores a file that `Storage.backup` wrote. A kill at any moment leaves either the present database or the restored one in place.
 * @throws OperatorError where the folder is in use, the file is missing, no backup, cut off, or of a newer version
 */
export async function restoreBackup(options: { file: string; dataDir: string; log: Logger; now?: Date }): Promise<Restored> {
  const { file, dataDir, log, now = new Date() } = options;
  const { fresh, restored } = paths(dataDir);
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file} to restore.`);
  prepareFolder(dataDir);
  const lock = takeLock(dataDir);
  try {
    // Both may be left by a restore that was killed; this one takes their place.
    for (const path of [fresh, restored]) rmSync(path, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    await unpack(file, fresh, dataDir);
    const opinions = await inspect(fresh, file);
    renameSync(fresh, restored);
    const keptAs = completeRestore(dataDir, now);
    log.info({ file, opinions, keptAs }, "backup restored");
    return { opinions, keptAs };
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
}

async function unpack(file: string, folder: string, dataDir: string): Promise<void> {
  try {
    await unpackFile(file, folder);
  } catch (error) {
    if (failureOf(error) === "disk_full") throw cannotWrite(dataDir, error);
    if (error instanceof NotAnArchive) throw notABackup(file, error.message, error);
    throw notABackup(file, codesOf(error).join(", "), error);
  }
}

async function inspect(folder: string, file: string): Promise<number> {
  if (!existsSync(`${folder}/PG_VERSION`)) throw notABackup(file, "it holds no database");
  const pglite = await openFolder(folder).catch((error) => {
    throw notABackup(file, "its database cannot be opened", error);
  });
  try {
    await migrate(pgliteSession(pglite));
    const { rows } = await pglite.query("SELECT count(*)::int AS count FROM opinion");
    return counted.parse(rows);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw notABackup(file, error instanceof z.ZodError ? "it answers oddly" : codesOf(error).join(", "), error);
  } finally {
    await pglite.close();
  }
}

const notABackup = (file: string, reason: string, cause?: unknown): OperatorError =>
  new OperatorError(`${file} is not a backup of Depinion that can be restored: ${reason}. Nothing was changed.`, { cause });
