/** Migrations: they make what the schema says, on both engines, once, and recorded as Prisma records it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { schemaDiff, schemaEngine } from "../../prisma/schema-diff.ts";
import { databaseFolder } from "../../src/storage/data-folder.ts";
import { type Migration, migrate, pgliteSession, readMigrations, type Session } from "../../src/storage/migrate.ts";
import { openFolder } from "../../src/storage/open-folder.ts";
import { openPostgres, postgresUrl, silent, testFolder } from "../support/database.ts";

const names = readMigrations().map((m) => m.name);
const lockFile = "prisma/migrations/migration_lock.toml";

/** The migrations as Prisma's engine wants to be told of them. */
const migrationsList = {
  baseDir: "prisma/migrations",
  lockfile: { path: lockFile, content: readFileSync(lockFile, "utf8") },
  shadowDbInitScript: "",
  migrationDirectories: readMigrations().map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
  })),
};
const filters = { externalTables: [], externalEnums: [] };

/** Tables and history are dropped, so that one database serves all tests. */
const emptied = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";

const history =
  "SELECT migration_name, checksum, finished_at >= started_at AS finished, rolled_back_at, logs, applied_steps_count FROM _prisma_migrations";

interface Target {
  readonly session: Session;
  readonly factory: PrismaPg | PrismaPGlite;
  readonly close: () => Promise<void>;
}

async function pgliteTarget(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), "depinion-storage-"));
  const pglite = await openFolder(await databaseFolder(folder, silent));
  const close = async () => {
    await pglite.close();
    await rm(folder, { recursive: true });
  };
  return { session: pgliteSession(pglite), factory: new PrismaPGlite(pglite), close };
}

async function postgresTarget(): Promise<Target> {
  const factory = new PrismaPg({ connectionString: await postgresUrl() });
  // @prisma/adapter-pg 7.10 cuts a script at every semicolon, also inside a function; Prisma's own engine, which is no WASM, does not.
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const made = await connect();
    made.executeScript = async (script) => void (await made.underlyingDriver().query(script));
    return made;
  };
  const adapter = await factory.connect();
  const client = await adapter.underlyingDriver().connect();
  const session: Session = { exec: (script) => client.query(script), query: (sql, values) => client.query(sql, [...values]) };
  const close = async () => {
    client.release();
    await adapter.dispose();
  };
  return { session, factory, close };
}

describe.each([
  ["PGlite", pgliteTarget],
  ["PostgreSQL", postgresTarget],
] as const)("migrations on %s", (_, open) => {
  let target: Target;
  beforeAll(async () => {
    target = await open();
  });
  afterAll(() => target.close());

  const empty = () => target.session.exec(emptied);

  test("every migration is applied to an empty database, and none a second time", async () => {
    await empty();
    expect(await migrate(target.session)).toEqual(names);
    expect(await migrate(target.session)).toEqual([]);
    const { rows } = await target.session.query(history, []);
    expect(rows).toEqual(
      readMigrations().map(({ name, checksum }) => ({
        migration_name: name,
        checksum,
        finished: true,
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      })),
    );
  });

  test("Prisma's own engine finds nothing to do where this program has migrated, and the other way round", async () => {
    const engine = await schemaEngine(target.factory);
    await empty();
    await migrate(target.session);
    expect(await engine.applyMigrations({ migrationsList, filters })).toEqual({ appliedMigrationNames: [] });
    await empty();
    expect(await engine.applyMigrations({ migrationsList, filters })).toEqual({ appliedMigrationNames: names });
    expect(await migrate(target.session)).toEqual([]);
  });

  test("a database of a newer version is refused and left as it is", async () => {
    await empty();
    await migrate(target.session, [...readMigrations(), { name: "99990101000000_later", sql: "SELECT 1", checksum: "0".repeat(64) }]);
    await expect(migrate(target.session)).rejects.toThrow(
      "The database was made by a newer version of Depinion (migration 99990101000000_later). Update the program.",
    );
  });

  test("a migration that was changed after it was applied is refused", async () => {
    await empty();
    await migrate(target.session);
    const changed = readMigrations().map((m) => ({ ...m, checksum: "f".repeat(64) }));
    await expect(migrate(target.session, changed)).rejects.toThrow(`Migration ${names[0]} is not the one that the database was made with.`);
  });

  test("a migration that another tool did not finish is refused", async () => {
    await empty();
    await migrate(target.session);
    await target.session.exec("UPDATE _prisma_migrations SET finished_at = NULL");
    await expect(migrate(target.session)).rejects.toThrow(`Migration ${names[0]} was begun by another tool and did not finish.`);
    // Prisma's way to mend that is to mark it as rolled back, after which it counts as not applied.
    await target.session.exec("UPDATE _prisma_migrations SET rolled_back_at = now()");
    await expect(migrate(target.session)).rejects.toThrow(`The database refused migration ${names[0]}: relation "opinion" already exists.`);
  });

  test("a migration that fails in the middle leaves nothing of itself, and can be applied once it is mended", async () => {
    await empty();
    await migrate(target.session);
    const later = (sql: string): readonly Migration[] => [
      ...readMigrations(),
      { name: "99990101000000_later", sql, checksum: "0".repeat(64) },
    ];
    await expect(migrate(target.session, later("CREATE TABLE half (id int); SELECT 1 / 0"))).rejects.toThrow(
      "The database refused migration 99990101000000_later: division by zero. Nothing of it was kept.",
    );
    expect(await migrate(target.session)).toEqual([]);
    expect(await migrate(target.session, later("CREATE TABLE half (id int)"))).toEqual(["99990101000000_later"]);
  });
});

test("schema and migrations agree (else: node prisma/new-migration.ts <name>), and both engines have the same tables", async () => {
  const targets = await Promise.all([pgliteTarget(), postgresTarget()]);
  const shapes = [];
  for (const { session } of targets) {
    await migrate(session);
    const columns = await session.query(
      `SELECT table_name, column_name, data_type, datetime_precision, is_nullable, column_default FROM information_schema.columns
        WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
      [],
    );
    const indexes = await session.query("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname", []);
    shapes.push([columns.rows, indexes.rows]);
  }
  // Over a PostgreSQL server Prisma's engine cannot look: its adapter has no type "char" (@prisma/adapter-pg 7.10).
  const difference = await schemaDiff(targets[0].factory);
  await Promise.all(targets.map((target) => target.close()));
  expect(difference).toBeNull();
  expect(shapes[0]).toEqual(shapes[1]);
});

test("two processes that start on one empty PostgreSQL at the same moment migrate it once", async () => {
  const url = await postgresUrl();
  const opened = await Promise.all([openPostgres(url), openPostgres(url), openPostgres(url)]);
  await Promise.all(opened.map((storage) => storage.ping()));
  await Promise.all(opened.map((storage) => storage.close()));
  const adapter = await new PrismaPg({ connectionString: url }).connect();
  const { rows } = await adapter.queryRaw({ sql: "SELECT count(*)::int FROM _prisma_migrations", args: [], argTypes: [] });
  await adapter.dispose();
  expect(rows).toEqual([[names.length]]);
});

test("a migration has the same checksum with the line ends of Windows", async () => {
  const folder = await testFolder();
  for (const [name, sql] of [
    ["1_lf", "SELECT 1;\nSELECT 2;\n"],
    ["2_crlf", "SELECT 1;\r\nSELECT 2;\r\n"],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "migration.sql"), sql);
  }
  writeFileSync(join(folder, "migration_lock.toml"), "");
  const [lf, crlf] = readMigrations(pathToFileURL(`${folder}/`));
  expect(crlf?.checksum).toBe(lf?.checksum);
});
