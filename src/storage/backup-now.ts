/** A backup at the operator's word, of either kind of database, in the one format that `restore` reads: an embedded database, packed. */
import { existsSync, rmSync, statSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { SqlSession } from "../schedule/types.ts";
import { assertRoom, backupDays, packDatabase } from "./backup.ts";
import { copyRows } from "./copy-rows.ts";
import { cannotWrite, isEmpty, makeDatabase, paths, prepareFolder, templateFolder } from "./data-folder.ts";
import { lockHolder, takeLock } from "./lock.ts";
import { migrate, pgliteSession } from "./migrate.ts";
import { openFolder } from "./open-folder.ts";
import { inspectPostgresql, openPostgresql } from "./postgresql.ts";

interface Written {
  /** Size of the file. */
  readonly bytes: number;
}

/** Beside the daily ones, and never one of them: those are deleted after seven days, this one is the operator's. */
export const newBackupFile = (dataDir: string, now: Date): string =>
  join(paths(dataDir).backups, `depinion-by-hand-${now.toISOString().replaceAll(":", "-").slice(0, 19)}.tar.gz`);

/**
 * Packs the embedded database as it lies there; neither opens nor migrates it.
 * @throws OperatorError where a bot uses it, where there is none, where the file exists, or where there is no room
 */
export async function backupFolder({ dataDir, file, now }: { dataDir: string; file: string; now: Date }): Promise<Written> {
  const { db, backups } = paths(dataDir);
  if (isEmpty(db)) throw new OperatorError(`There is no database in ${dataDir} to back up.`);
  if (lockHolder(dataDir) !== null) {
    const newest = backupDays(dataDir).at(-1);
    const daily = newest === undefined ? "" : ` The newest is ${join(backups, `depinion-${newest}.tar.gz`)}.`;
    throw new OperatorError(
      `The bot is running on ${dataDir}: it writes a backup a day by itself, and nobody else can read its database.${daily} Stop it to make one now.`,
    );
  }
  const lock = takeLock(dataDir);
  try {
    return await intoFile(file, async (scratch) => {
      assertRoom(db, dirname(file));
      await cp(db, scratch, { recursive: true });
      return now;
    });
  } finally {
    lock.release();
  }
}

/**
 * Copies all of it, as it is at one moment, into an embedded database, and packs that; beside a running bot too.
 * @throws OperatorError where the database is of another version, where the file exists, or as `openPostgresql` does
 */
export async function backupPostgresql(options: { databaseUrl: string; file: string; log: Logger; now: Date }): Promise<Written> {
  const { databaseUrl, file, log, now } = options;
  const { outstanding } = await inspectPostgresql({ databaseUrl, log });
  if (outstanding > 0)
    throw new OperatorError(
      "The database is empty, or of an earlier version of Depinion: back it up with the version that served it. Nothing was changed.",
    );
  const engine = await openPostgresql({ databaseUrl, log });
  try {
    return await intoFile(file, async (scratch) => {
      await makeDatabase(scratch, templateFolder(), log);
      const pglite = await openFolder(scratch);
      try {
        await migrate(pgliteSession(pglite));
        await engine.transaction(async (from) => {
          await from.executeSql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
          await pglite.transaction((to) => copyRows(from, rowsOf(to)));
        });
      } finally {
        await pglite.close();
      }
      return now;
    });
  } finally {
    await engine.close();
  }
}

/** A transaction of PGlite, for one statement at a time. */
export const rowsOf = (database: Pick<PGlite, "query">): SqlSession => ({
  executeSql: (text, values = []) => database.query(text, values),
});

/** Has a database made in a scratch folder beside the file, and packs it; leaves nothing but the whole file. */
async function intoFile(file: string, make: (scratch: string) => Promise<Date>): Promise<Written> {
  if (existsSync(file)) throw new OperatorError(`${file} exists already. Name another file; nothing was changed.`);
  const scratch = `${file}.making`;
  const part = `${file}.part`;
  const clear = () => {
    for (const path of [scratch, part]) rmSync(path, { recursive: true, force: true });
  };
  try {
    prepareFolder(dirname(file));
    clear();
    const at = await make(scratch);
    await packDatabase(scratch, { part, file, at });
    return { bytes: statSync(file).size };
  } catch (error) {
    throw error instanceof OperatorError ? error : cannotWrite(dirname(file), error);
  } finally {
    clear();
  }
}
