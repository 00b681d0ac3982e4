/** What is between a database and `schema.prisma`, as SQL, by Prisma's own schema engine in WASM: the native one would be a download. */
import { readFileSync } from "node:fs";
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";

const path = "prisma/schema.prisma";
const content = readFileSync(new URL("schema.prisma", import.meta.url), "utf8");

/** The SQL that turns the database into what the schema says; null where they agree. */
export async function schemaDiff(database: SqlMigrationAwareDriverAdapterFactory): Promise<string | null> {
  const engine = await schemaEngine(database);
  const diff = await engine.diff({
    from: { tag: "schemaDatasource", files: [{ path, content }], configDir: "." },
    to: { tag: "schemaDatamodel", files: [{ path, content }] },
    script: true,
    exitCode: false,
    filters: { externalTables: [], externalEnums: [] },
  });
  const sql = diff.stdout ?? "";
  return /^-- This is an empty migration\.\s*$/.test(sql) ? null : sql;
}

/** Prisma's schema engine over a database. */
export function schemaEngine(database: SqlMigrationAwareDriverAdapterFactory): Promise<SchemaEngine> {
  return SchemaEngine.new({ datamodels: [[path, content]] }, () => {}, bindMigrationAwareSqlAdapterFactory(database));
}
