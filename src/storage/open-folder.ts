/** Opens a folder as an embedded database, or says in one sentence why it cannot be opened. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "../core/errors.ts";
import { failureOf } from "./failures.ts";
import { GuardedPGlite } from "./pglite.ts";

/** PostgreSQL's major version inside the pinned PGlite; data folders of another one cannot be read. */
const major = "18";

/**
 * Opens a database folder; an empty or absent one becomes a new database by initdb, in 3 s and with 600 MB for a moment.
 * @throws OperatorError
 */
export async function openFolder(folder: string): Promise<GuardedPGlite> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const versionFile = join(folder, "PG_VERSION");
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, "utf8").trim();
    if (found !== major) throw unreadable(folder, `it was made by PostgreSQL ${found}, this program has ${major}`);
  } else if (readdirSync(folder).length > 0) {
    throw unreadable(folder, "it holds something that is not a database");
  }
  const pglite = new GuardedPGlite(folder);
  try {
    return await pglite.open();
  } catch (error) {
    const reason = pglite.complaint ?? (error instanceof Error ? error.message : String(error));
    if (failureOf(error) === "disk_full" || failureOf(new Error(reason)) === "disk_full")
      throw new OperatorError(`The disk of ${folder} is full. Make room, at least 64 MB, and start again: nothing is lost.`, {
        cause: error,
      });
    throw unreadable(folder, reason);
  }
}

const unreadable = (folder: string, reason: string): OperatorError =>
  new OperatorError(
    `The database in ${folder} cannot be opened: ${reason}. Restore a backup with "npm start -- --restore <file>", or move the folder away to begin anew.`,
  );
