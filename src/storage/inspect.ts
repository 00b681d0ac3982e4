/** What can be said of the configured database without making, migrating or changing anything: for `npm start -- --check`. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Logger } from "../lib/logger.ts";
import { cannotWrite, isEmpty, paths } from "./data-folder.ts";
import { lockHolder } from "./lock.ts";
import { assertOurs, major } from "./open-folder.ts";

export interface Inspection {
  /** Whether there is a database already; where there is none, the next start makes it. */
  readonly made: boolean;
  /** What was found, for people. */
  readonly remark: string;
}

/**
 * Looks at the database that `openStorage` would open; beside a running bot too.
 * @throws OperatorError in one sentence, where the next start would fail with it
 */
export async function inspectStorage(options: {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly log: Logger;
}): Promise<Inspection> {
  const { databaseUrl, dataDir, log } = options;
  if (databaseUrl === undefined) return inspectFolder(dataDir);
  const { version, outstanding } = await (await import("./postgresql.ts")).inspectPostgresql({ databaseUrl, log });
  if (outstanding === 0) return { made: true, remark: `${version}, up to date` };
  const count = outstanding === 1 ? "1 migration is" : `${outstanding} migrations are`;
  return { made: true, remark: `${version}; ${count} outstanding, the next start applies them` };
}

const notMade: Inspection = { made: false, remark: "not made yet; the first start makes it" };

function inspectFolder(dataDir: string): Inspection {
  if (!existsSync(dataDir)) {
    assertWritable(nearestExisting(resolve(dataDir)), dataDir);
    return notMade;
  }
  const holder = lockHolder(dataDir);
  // Whoever holds the lock has opened and migrated the database; reading files below its feet would tell less.
  if (holder !== null) return { made: true, remark: `in use by the running bot: ${holder.replace("another", "a")}` };
  assertWritable(dataDir, dataDir);
  const { db, restored } = paths(dataDir);
  if (existsSync(restored)) return { made: true, remark: "a restored backup is waiting; the next start puts it in its place" };
  if (isEmpty(db)) return notMade;
  assertOurs(db);
  return { made: true, remark: `PostgreSQL ${major} in a folder that nobody uses; the next start opens it` };
}

const nearestExisting = (path: string): string => (existsSync(path) ? path : nearestExisting(dirname(path)));

/** Asks the system, and leaves nothing behind. The dot makes a file in the place of a folder an error. */
function assertWritable(folder: string, dataDir: string): void {
  try {
    accessSync(`${folder}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(dataDir, error);
  }
}
