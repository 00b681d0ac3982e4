/** Brings a database to this program's schema: applies `prisma/migrations` in order, recorded as Prisma's own command line records it. */
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";

/** One connection, used by nobody else while migrations run. */
export interface Session {
  /** Runs a script of one or more statements. */
  exec(script: string): Promise<unknown>;
  query(sql: string, values: readonly string[]): Promise<{ readonly rows: readonly unknown[] }>;
}

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the script, in hex. */
  readonly checksum: string;
}

// As Prisma creates it (prisma-engines, sql_migration_persistence), so that `prisma migrate` works on the same database.
const historyTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

// The key of Prisma's own lock: this program and `prisma migrate` wait for each other.
const advisoryLock = 72707369;
const lockTimeoutMs = 30_000;

/** The migrations of this program, oldest first. Line ends are LF whatever git made of them, or a checksum would depend on the machine. */
export function readMigrations(folder = new URL("../../prisma/migrations/", import.meta.url)): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(`${name}/migration.sql`, folder), "utf8").replaceAll("\r\n", "\n");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

const historyFound = z.tuple([z.object({ history: z.string().nullable() })]);
const recorded = z.array(z.object({ migration_name: z.string(), checksum: z.string(), finished: z.boolean() }));

/**
 * Applies what is missing, each migration in a transaction of its own; returns the names of what was applied.
 * @throws OperatorError where the database belongs to a newer version, was changed by hand, or refuses a migration
 */
export async function migrate(session: Session, migrations: readonly Migration[] = readMigrations()): Promise<readonly string[]> {
  await session.exec(historyTable);
  const missing = await outstanding(session, migrations);
  for (const migration of missing) await apply(session, migration);
  return missing.map(({ name }) => name);
}

/** What `migrate` would apply; only reads. @throws OperatorError as `migrate` does */
export async function outstanding(session: Session, migrations: readonly Migration[] = readMigrations()): Promise<readonly Migration[]> {
  const { rows: tables } = await session.query("SELECT to_regclass('_prisma_migrations')::text AS history", []);
  if (historyFound.parse(tables)[0].history === null) return migrations;
  const { rows } = await session.query(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations
      WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
    [],
  );
  const history = recorded.parse(rows);
  const known = new Map(migrations.map((m) => [m.name, m]));
  for (const { migration_name: name, checksum, finished } of history) {
    const migration = known.get(name);
    if (migration === undefined)
      throw new OperatorError(`The database was made by a newer version of Depinion (migration ${name}). Update the program.`);
    if (!finished)
      throw new OperatorError(`Migration ${name} was begun by another tool and did not finish. Mend it with "prisma migrate resolve".`);
    if (migration.checksum !== checksum)
      throw new OperatorError(
        `Migration ${name} is not the one that the database was made with. Install an unchanged version of the program.`,
      );
    known.delete(name);
  }
  return [...known.values()];
}

async function apply(session: Session, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date().toISOString();
  try {
    await session.exec("BEGIN");
    await session.exec(sql);
    await session.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await session.exec("COMMIT");
  } catch (error) {
    await session.exec("ROLLBACK").catch(() => {});
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`The database refused migration ${name}: ${reason}. Nothing of it was kept.`, { cause: error });
  }
}

/** Runs `work` while no other process migrates this PostgreSQL database. */
export async function underMigrationLock<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.exec(`SET lock_timeout = ${lockTimeoutMs}`);
  await session.query(`SELECT pg_advisory_lock(${advisoryLock})`, []);
  try {
    return await work();
  } finally {
    await session.query(`SELECT pg_advisory_unlock(${advisoryLock})`, []);
    await session.exec("RESET lock_timeout");
  }
}

/** The embedded database is one connection anyway, and the data folder's lock keeps other processes out. */
export const pgliteSession = (database: PGlite): Session => ({
  exec: (script) => database.exec(script),
  query: (sql, values) => database.query(sql, [...values]),
});
