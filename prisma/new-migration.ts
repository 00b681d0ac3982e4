/** Writes the next migration: `node prisma/new-migration.ts <name>` compares the schema with what the present migrations make. */
import { mkdirSync, writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { migrate, pgliteSession } from "../src/storage/migrate.ts";
import { schemaDiff } from "./schema-diff.ts";

const name = process.argv[2] ?? "";
if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  process.stderr.write("Usage: node prisma/new-migration.ts <name>, the name in a-z, 0-9 and _\n");
  process.exit(64);
}

const database = await PGlite.create();
await migrate(pgliteSession(database));
const sql = await schemaDiff(new PrismaPGlite(database));
await database.close();
if (sql === null) {
  process.stdout.write("Schema and migrations agree: nothing to write.\n");
} else {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = new URL(`migrations/${stamp}_${name}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("migration.sql", folder), sql);
  process.stdout.write(`${folder.pathname}migration.sql\n${sql}`);
}
