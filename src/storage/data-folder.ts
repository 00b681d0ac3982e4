/** The data folder and what lies in it: `db`, `backups`, the lock; and how a first start makes `db` whole or not at all. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { codesOf, failureOf, noRoom } from "./failures.ts";
import { readMigrations } from "./migrate.ts";
import { initFolder } from "./open-folder.ts";
import { initDbStartParams } from "./pglite.ts";

/** Paths inside a data folder. `fresh` is being made and worth nothing; `restored` is whole and takes the place of `db` at the next chance. */
export const paths = (dataDir: string) => ({
  db: join(dataDir, "db"),
  fresh: join(dataDir, "db.new"),
  restored: join(dataDir, "db.restored"),
  backups: join(dataDir, "backups"),
});

/** Makes the data folder, closed to other users of the machine: PGlite makes its files readable and writable for everyone. */
export function prepareFolder(dataDir: string): void {
  try {
    makeFolders(resolve(dataDir));
  } catch (error) {
    throw cannotWrite(dataDir, error);
  }
}

/** `mkdir` with `recursive` never returns where a parent exists and the system still answers ENOENT, as in /proc (Node 26.10). */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** The sentence for a data folder that cannot be written to. */
export function cannotWrite(dataDir: string, error: unknown): OperatorError {
  if (failureOf(error) === "disk_full") return noRoom(dataDir, error);
  const reason = codesOf(error).join(", ") || String(error);
  return new OperatorError(`The data folder ${dataDir} cannot be written to (${reason}). Mend its permissions or set DATA_DIR.`, {
    cause: error,
  });
}

/**
 * The folder of the embedded database, made now if this is the first start. Whoever calls holds the lock.
 * A start that was killed leaves at most `db.new`, which the next one throws away, or a restore that the next one completes.
 */
export async function databaseFolder(dataDir: string, log: Logger, template = templateFolder()): Promise<string> {
  const { db, fresh, restored } = paths(dataDir);
  try {
    rmSync(fresh, { recursive: true, force: true });
    if (existsSync(restored)) completeRestore(dataDir, new Date());
    if (!isEmpty(db)) return db;
    await makeDatabase(fresh, template, log);
    rmSync(db, { recursive: true, force: true });
    renameSync(fresh, db);
    return db;
  } catch (error) {
    throw error instanceof OperatorError ? error : cannotWrite(dataDir, error);
  }
}

/** Puts a whole restored database in the place of the present one, which is kept beside it; returns where. */
export function completeRestore(dataDir: string, now: Date): string | null {
  const { db, restored } = paths(dataDir);
  let aside: string | null = null;
  if (existsSync(db)) {
    const name = join(dataDir, `db-before-restore-${now.toISOString().replaceAll(":", "-").slice(0, 19)}`);
    aside = name;
    for (let n = 2; existsSync(aside); n++) aside = `${name}-${n}`;
    renameSync(db, aside);
  }
  renameSync(restored, db);
  return aside;
}

/** The databases that restores have put aside, and when. */
export function setAside(dataDir: string): readonly { readonly path: string; readonly at: Date }[] {
  return readdirSync(dataDir).flatMap((name) => {
    const [, day, hour, minute, second] = /^db-before-restore-(\d{4}-\d{2}-\d{2}T)(\d{2})-(\d{2})-(\d{2})(?:-\d+)?$/.exec(name) ?? [];
    return day === undefined ? [] : [{ path: join(dataDir, name), at: new Date(`${day}${hour}:${minute}:${second}Z`) }];
  });
}

export const isEmpty = (folder: string): boolean => !existsSync(folder) || readdirSync(folder).length === 0;

/** Makes a new, empty database in a new folder. */
export async function makeDatabase(folder: string, template: string, log: Logger): Promise<void> {
  if (existsSync(template)) {
    await cp(template, folder, { recursive: true });
  } else {
    log.info("no ready-made database was found (npm install makes one), so this first start takes a few seconds longer");
    const pglite = await initFolder(folder);
    await pglite.close();
  }
  chmodSync(folder, 0o700);
}

/**
 * Where `prisma/prepare.ts` puts a migrated, empty database for first starts to copy: 30 ms instead of 3 s and 600 MB for initdb.
 * Its name says what it was made from, so that an outdated one is never used.
 */
export function templateFolder(): string {
  const made = createHash("sha256");
  for (const part of [...initDbStartParams, ...readMigrations().map((m) => m.checksum)]) made.update(`${part}\n`);
  return fileURLToPath(new URL(`../../prisma/template/pglite-${pgliteVersion()}-${made.digest("hex").slice(0, 12)}/`, import.meta.url));
}

function pgliteVersion(): string {
  const manifest = new URL("../package.json", import.meta.resolve("@electric-sql/pglite"));
  const match = /"version":\s*"([^"]+)"/.exec(readFileSync(manifest, "utf8"));
  return match?.[1] ?? "unknown";
}
