/**
 * One process per data folder: an exclusive lock that the operating system lets go of by itself when its holder dies.
 *
 * PGlite takes no lock, and two processes on one folder silently lose each other's rows. The lock is SQLite's own lock on an empty file
 * (`node:sqlite` is part of Node): a kernel lock, so it is taken by exactly one process whatever the race, it is gone the moment its
 * holder is killed, however that happened, and it holds between containers that share a folder. A file with a process id in it has none
 * of that: ids are used again after a restart (in a container it is always 1) and taking over a stale file is a race. `proper-lockfile`
 * replaces the id by a heartbeat, which makes every restart after a `kill -9` wait until the last beat is old enough.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import { noRoom } from "./failures.ts";

// Nothing else in the program may open this file: closing any descriptor of it would drop the lock (POSIX, fcntl).
const lockName = "lock";
/** Only says who holds the lock, for the message; it decides nothing. */
const holderName = "lock.json";
// Primary result codes, the low byte of `errcode`: https://www.sqlite.org/rescode.html
const busy = 5;
const readOnly = 8;
const full = 13;
const cannotOpen = 14;

/** Keeps the locks from the garbage collector, which would close and so release them. */
const held = new Set<DatabaseSync>();

export interface Lock {
  release(): void;
}

/**
 * Takes the lock of an existing folder, without waiting.
 * @throws OperatorError where another process has it, naming the process and the folder, or where the file system cannot lock
 */
export function takeLock(folder: string): Lock {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(folder, lockName), { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    throw refusal(folder, error);
  }
  const lock = database;
  held.add(lock);
  const note = join(folder, holderName);
  // A full disk must not keep the program from starting: the note is worth nothing without the lock, and the lock nothing less without it.
  try {
    writeFileSync(note, JSON.stringify({ pid: process.pid, host: hostname() }));
  } catch {}
  return {
    release() {
      if (!held.delete(lock)) return;
      rmSync(note, { force: true });
      lock.close();
    },
  };
}

/**
 * Who has the lock of a folder at this moment, such as "another Depinion (process 42)"; null where nobody has.
 * Makes and takes nothing: the file is opened for reading only, where SQLite asks for a shared lock and lets go of it at once.
 */
export function lockHolder(folder: string): string | null {
  const file = join(folder, lockName);
  if (!existsSync(file)) return null;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0, readOnly: true });
    database.exec("BEGIN EXCLUSIVE");
    return null;
  } catch (error) {
    if (resultCode(error) === busy) return holder(folder);
    throw refusal(folder, error);
  } finally {
    database?.close();
  }
}

function refusal(folder: string, error: unknown): OperatorError {
  const reason = error instanceof Error ? error.message : String(error);
  switch (resultCode(error)) {
    case busy:
      return new OperatorError(`The data folder ${folder} is in use by ${holder(folder)}. Stop that one first.`);
    case readOnly:
    case cannotOpen:
      return new OperatorError(`The data folder ${folder} cannot be written to (${reason}). Mend its permissions or set DATA_DIR.`);
    case full:
      return noRoom(folder);
    default:
      return new OperatorError(
        `The file system of ${folder} cannot lock files (${reason}). Set DATA_DIR to a folder on a local disk, or use DATABASE_URL.`,
      );
  }
}

const holderNote = z.object({ pid: z.int(), host: z.string() });

function holder(folder: string): string {
  try {
    const { pid, host } = holderNote.parse(JSON.parse(readFileSync(join(folder, holderName), "utf8")));
    return host === hostname() ? `another Depinion (process ${pid})` : `another Depinion (process ${pid} on ${host})`;
  } catch {
    return "another Depinion that is just starting";
  }
}

const sqliteError = z.object({ errcode: z.int() });

function resultCode(error: unknown): number | undefined {
  const found = sqliteError.safeParse(error);
  return found.success ? found.data.errcode & 0xff : undefined;
}
