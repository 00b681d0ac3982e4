/** Puts a backup in the place of the embedded database; the present one is kept beside it. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { isBeyondMemory, takeMark } from "./backup.ts";
import { cannotWrite, completeRestore, paths, prepareFolder } from "./data-folder.ts";
import { type Erasure, erasedSince } from "./erasures.ts";
import { codesOf, failureOf } from "./failures.ts";
import { PrismaClient } from "./generated/client.ts";
import { takeLock } from "./lock.ts";
import { createMemberStore } from "./member-store.ts";
import { migrate, pgliteSession } from "./migrate.ts";
import { openFolder } from "./open-folder.ts";
import type { GuardedPGlite } from "./pglite.ts";
import { counted } from "./rows.ts";
import { NotAnArchive, unpackFile } from "./tar.ts";

export interface Restored {
  /** How many opinions the restored database holds. */
  readonly opinions: number;
  /** How many erasures that were made since the backup were made again. */
  readonly erasures: number;
  /** The backup is older than what is remembered of erasures: something that was erased may be back. */
  readonly beyondMemory: boolean;
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
  prepareFolder(dataDir);
  const lock = takeLock(dataDir);
  try {
    // Both may be left by a restore that was killed; this one takes their place.
    for (const path of [fresh, restored]) rmSync(path, { recursive: true, force: true });
    const { opinions, erasures, beyondMemory } = await unpackDatabase(file, fresh, { dataDir, now });
    renameSync(fresh, restored);
    const keptAs = completeRestore(dataDir, now);
    log.info({ file, opinions, erasures, keptAs }, "backup restored");
    return { opinions, erasures, beyondMemory, keptAs };
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
}

/**
 * Unpacks a backup into a new folder as a database that this program can open: migrated, and without what was erased since.
 * @throws OperatorError where the file is no backup, cut off, or of a newer version
 */
export async function unpackDatabase(
  file: string,
  folder: string,
  { dataDir, now }: { readonly dataDir: string; readonly now: Date },
): Promise<Omit<Restored, "keptAs"> & { readonly madeAt: Date | null }> {
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file} to restore.`);
  mkdirSync(folder, { mode: 0o700 });
  await unpack(file, folder, dataDir);
  return inspect(folder, { file, dataDir, now });
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

/** Brings what was unpacked up to date: this program's tables, and without what was erased since. */
async function inspect(
  folder: string,
  { file, dataDir, now }: { file: string; dataDir: string; now: Date },
): Promise<Omit<Restored, "keptAs"> & { readonly madeAt: Date | null }> {
  if (!existsSync(`${folder}/PG_VERSION`)) throw notABackup(file, "it holds no database");
  const madeAt = takeMark(folder);
  const pglite = await openFolder(folder).catch((error) => {
    throw notABackup(file, "its database cannot be opened", error);
  });
  try {
    await migrate(pgliteSession(pglite));
    // Without a mark it is of a version that noted nothing: every note is younger.
    const erasures = erasedSince(dataDir, madeAt ?? new Date(0));
    await eraseAgain(pglite, erasures);
    const { rows } = await pglite.query("SELECT count(*)::int AS count FROM opinion");
    const beyondMemory = madeAt === null || isBeyondMemory(madeAt, now);
    return { opinions: counted.parse(rows), erasures: erasures.length, beyondMemory, madeAt };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw notABackup(file, error instanceof z.ZodError ? "it answers oddly" : codesOf(error).join(", "), error);
  } finally {
    await pglite.close();
  }
}

/** By the stores themselves, so that nothing of a member is forgotten here that they know of. */
async function eraseAgain(pglite: GuardedPGlite, erasures: readonly Erasure[]): Promise<void> {
  const client = new PrismaClient({ adapter: new PrismaPGlite(pglite), errorFormat: "minimal" });
  const members = createMemberStore({ read: (work) => work(client), write: (work) => work(client), noteErased: () => Promise.resolve() });
  for (const erasure of erasures) {
    if ("said" in erasure) await members.choose(erasure.member, erasure.said === "opted_out" ? { optedOut: true } : { quoting: false });
    else if ("member" in erasure) await members.erase(erasure.member);
    else if ("report" in erasure) await client.report.deleteMany({ where: { id: erasure.report } });
    else await client.opinion.deleteMany({ where: { id: erasure.opinion } });
  }
}

const notABackup = (file: string, reason: string, cause?: unknown): OperatorError =>
  new OperatorError(`${file} is not a backup of Depinion that can be restored: ${reason}. Nothing was changed.`, { cause });
