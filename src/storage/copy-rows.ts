/** Copies every row from one database of this program to another one of the same schema, whichever kinds they are. */
import { z } from "zod";
import type { SqlSession } from "../schedule/types.ts";

/** What only means something to the processes that run now, and what Prisma's own history says of the target. */
const leftOut = ["_prisma_migrations", "lease"];

/** A picture of a digest takes some 100 kB, and twice that as text. */
const rowsPerStatement = 200;

const names = z.array(z.object({ name: z.string() })).transform((rows) => rows.map(({ name }) => name));
const links = z.array(z.object({ child: z.string(), parent: z.string() }));
const jsonRows = z.array(z.object({ row: z.string() }));
const sequences = z.array(z.object({ name: z.string(), last: z.string().nullable() }));
const anything = z.tuple([z.object({ found: z.boolean() })]).transform(([row]) => row.found);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tables that are copied, each after those that its rows point at. */
async function tablesOf(session: SqlSession): Promise<readonly string[]> {
  const { rows } = await session.executeSql(
    "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1::text[]) ORDER BY 1",
    [leftOut],
  );
  const { rows: keys } = await session.executeSql(
    `SELECT child.relname::text AS child, parent.relname::text AS parent FROM pg_constraint c
       JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
      WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`,
  );
  const wanted = names.parse(rows);
  const known = links.parse(keys);
  const sorted: string[] = [];
  const visit = (table: string, path: readonly string[]): void => {
    if (sorted.includes(table) || path.includes(table)) return;
    for (const { child, parent } of known) if (child === table) visit(parent, [...path, table]);
    sorted.push(table);
  };
  for (const table of wanted) visit(table, []);
  return sorted;
}

/** Whether any table that would be copied holds a row. */
export async function holdsRows(session: SqlSession): Promise<boolean> {
  for (const table of await tablesOf(session)) {
    const { rows } = await session.executeSql(`SELECT EXISTS (SELECT 1 FROM ${quoted(table)}) AS found`);
    if (anything.parse(rows)) return true;
  }
  return false;
}

/**
 * Puts the rows of `from` in the place of all rows of `to`. Both sessions are transactions of their own: `to` is whole or unchanged, and `from`
 * is as it was at one moment where its transaction sees one. Rows pass as JSON text that nothing here reads, so that no number loses a digit.
 */
export async function copyRows(from: SqlSession, to: SqlSession): Promise<void> {
  const tables = await tablesOf(to);
  await to.executeSql(`TRUNCATE ${tables.map(quoted).join(", ")}`);
  for (const table of tables) {
    // What triggers would count is copied as it was counted.
    await to.executeSql(`ALTER TABLE ${quoted(table)} DISABLE TRIGGER USER`);
    await copyTable(from, to, quoted(table));
    await to.executeSql(`ALTER TABLE ${quoted(table)} ENABLE TRIGGER USER`);
  }
  const { rows } = await from.executeSql(
    "SELECT sequencename::text AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public'",
  );
  for (const { name, last } of sequences.parse(rows))
    if (last !== null) await to.executeSql("SELECT setval(format('public.%I', $1::text)::regclass, $2::bigint)", [name, last]);
}

async function copyTable(from: SqlSession, to: SqlSession, table: string): Promise<void> {
  await from.executeSql(`DECLARE copied NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS row FROM ${table} AS t`);
  for (;;) {
    const { rows } = await from.executeSql(`FETCH ${rowsPerStatement} FROM copied`);
    const batch = jsonRows.parse(rows);
    if (batch.length > 0)
      await to.executeSql(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
        `[${batch.map(({ row }) => row).join(",")}]`,
      ]);
    if (batch.length < rowsPerStatement) break;
  }
  await from.executeSql("CLOSE copied");
}
