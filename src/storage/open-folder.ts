/** Opens a folder as an embedded database, or says in one sentence why it cannot be opened. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../core/errors.ts";
import { failureOf, noRoom } from "./failures.ts";
import { GuardedPGlite } from "./pglite.ts";

/** PostgreSQL's major version inside the pinned PGlite; data folders of another one cannot be read. */
export const major = "18";

/**
 * Opens an existing database folder; never makes one.
 * @throws OperatorError
 */
export async function openFolder(folder: string): Promise<GuardedPGlite> {
  assertOurs(folder);
  return open(folder);
}

/**
 * Whether a folder holds a database of the version that this program has; only looks.
 * @throws OperatorError
 */
export function assertOurs(folder: string): void {
  const versionFile = join(folder, "PG_VERSION");
  if (!existsSync(versionFile)) throw unreadable(folder, "it holds no database");
  const found = readFileSync(versionFile, "utf8").trim();
  if (found !== major) throw unreadable(folder, `it was made by PostgreSQL ${found}, this program has ${major}`);
}

/** Makes a new database in a new folder by initdb: 3 s, and 600 MB for a moment. */
export async function initFolder(folder: string): Promise<GuardedPGlite> {
  mkdirSync(folder, { mode: 0o700 });
  return open(folder);
}

async function open(folder: string): Promise<GuardedPGlite> {
  const pglite = new GuardedPGlite(folder);
  try {
    return await pglite.open();
  } catch (error) {
    const reason = pglite.complaint ?? (error instanceof Error ? error.message : String(error));
    if (failureOf(error) === "disk_full" || failureOf(new Error(reason)) === "disk_full") throw noRoom(folder, error);
    throw unreadable(folder, reason);
  }
}

const unreadable = (folder: string, reason: string): OperatorError =>
  new OperatorError(
    `The database in ${folder} cannot be opened: ${reason}. Restore a backup with "npm start -- --restore <file>", or move the folder away to begin anew.`,
  );
