/** Puts a backup into PostgreSQL, whichever kind of database it was made of: also the way up from the embedded one. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { SqlSession } from "../schedule/types.ts";
import { rowsOf } from "./backup-now.ts";
import { copyRows, holdsRows } from "./copy-rows.ts";
import { prepareFolder } from "./data-folder.ts";
import { openFolder } from "./open-folder.ts";
import { openPostgresql } from "./postgresql.ts";
import { type Restored, unpackDatabase } from "./restore.ts";

const held = z.tuple([z.object({ held: z.boolean() })]).transform(([row]) => row.held);

/**
 * Restores in one transaction: the database is as it was, or as the backup says.
 * @param options.replace may take the place of what is there
 * @throws OperatorError where a bot is running on the database, where it holds something and `replace` is not given, or as `unpackDatabase` does
 */
export async function restoreIntoPostgresql(options: {
  readonly file: string;
  /** Where the notes of erasures are, and room for unpacking. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly replace: boolean;
  readonly log: Logger;
  readonly now: Date;
}): Promise<Omit<Restored, "keptAs"> & { readonly madeAt: Date | null }> {
  const { file, dataDir, databaseUrl, replace, log, now } = options;
  prepareFolder(dataDir);
  const scratch = mkdtempSync(join(dataDir, "restoring-"));
  try {
    const folder = join(scratch, "db");
    const restored = await unpackDatabase(file, folder, { dataDir, now });
    const engine = await openPostgresql({ databaseUrl, log });
    try {
      await engine.transaction(async (to) => {
        await assertFree(to, replace);
        const pglite = await openFolder(folder);
        try {
          await pglite.transaction((from) => copyRows(rowsOf(from), to));
        } finally {
          await pglite.close();
        }
      });
    } finally {
      await engine.close();
    }
    log.info({ file, opinions: restored.opinions, erasures: restored.erasures }, "backup restored");
    return restored;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function assertFree(session: SqlSession, replace: boolean): Promise<void> {
  const { rows } = await session.executeSql("SELECT EXISTS (SELECT 1 FROM lease WHERE until > now()) AS held");
  if (held.parse(rows)) throw new OperatorError("A bot is running on the database in DATABASE_URL. Stop it first; nothing was changed.");
  if (!replace && (await holdsRows(session)))
    throw new OperatorError(
      "The database in DATABASE_URL holds something already. To put the backup in its place, for good, add --replace; nothing was changed.",
    );
}
