/** No table is forgotten when somebody is erased, moves to a new key, or a group moves or is left: asked of the database, not of a list. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  type CommunityId,
  communityId,
  isPrivateCommunity,
  memberId,
  platformNames,
  privateCommunityId,
  roomId,
} from "../../src/core/ids.ts";
import type { Storage } from "../../src/storage/open.ts";
import { openEmbedded } from "../support/database.ts";

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly needed: boolean;
  readonly refers: string | null;
}

const member = memberId("ann-under-her-key");
const renamed = memberId("ann-under-her-next-key");
const [group, moved] = [communityId("telegram", "-4711"), communityId("telegram", "-1004711")];
/** Columns that say whose row it is. */
const persons = ["member", "quoted", "created_by", "asked_by", "changed_by", "by", "author"];

let storage: Storage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depinion-storage-"));
  storage = await openEmbedded(folder);
  return async () => {
    await storage.close();
    await rm(folder, { recursive: true });
  };
});
beforeEach(async () => {
  const rows = await query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^_'");
  await query(`TRUNCATE ${rows.map(({ name }) => name)}`);
});
const query = async <Row>(sql: string, values: unknown[] = []) => (await storage.session.executeSql(sql, values)).rows as Row[];

let fills = 0;

/** Fills every table with rows of this community, each naming the member wherever a person can be named. */
async function fill(community: CommunityId): Promise<void> {
  const id = `row-${++fills}`;
  const rows = await query<Column>(`
    SELECT c.table_name AS table, c.column_name AS column, c.data_type AS type, c.is_nullable = 'NO' AND c.column_default IS NULL AS needed,
           f.table_name AS refers
      FROM information_schema.columns c
      LEFT JOIN information_schema.key_column_usage k
        ON k.table_name = c.table_name AND k.column_name = c.column_name AND k.constraint_name LIKE '%_fkey'
      LEFT JOIN information_schema.constraint_column_usage f ON f.constraint_name = k.constraint_name
     WHERE c.table_schema = 'public' AND c.table_name NOT IN ('_prisma_migrations', 'lease', 'opinion_cell')`); // the last fills itself
  const waiting = new Map(Map.groupBy(rows, ({ table }) => table));
  while (waiting.size > 0) {
    const before = waiting.size;
    for (const [table, columns] of waiting) {
      if (columns.some(({ refers }) => refers !== null && waiting.has(refers))) continue;
      const values = columns.flatMap((column) => {
        const value = cellOf(column, community, id);
        return value === null ? [] : [{ name: `"${column.column}"`, value }];
      });
      await query(
        // A member has some things once, in however many communities.
        `INSERT INTO "${table}" (${values.map(({ name }) => name)}) VALUES (${values.map((_, i) => `$${i + 1}`)}) ON CONFLICT DO NOTHING`,
        values.map(({ value }) => value),
      );
      waiting.delete(table);
    }
    if (waiting.size === before) throw new Error(`cannot fill ${[...waiting.keys()]}`);
  }
}

function cellOf({ table, column, type, needed, refers }: Column, community: CommunityId, id: string): unknown {
  if (column === "community" || (table === "community" && column === "id")) return community;
  if (persons.includes(column)) return member;
  if (column === "room") return isPrivateCommunity(community) ? roomId("telegram", id) : `${community}:7`;
  // Whose it is stands beside what waits, and goes with it.
  if (table === "pushed" && column === "payload") return "{}";
  if (!needed) return null;
  if (refers !== null || type === "text" || type === "character varying") return id;
  if (type.startsWith("timestamp") || type === "date") return "2026-11-22T12:00:00Z";
  if (type === "boolean") return false;
  if (type === "jsonb" || type === "json") return "{}";
  if (type === "bytea") return new Uint8Array([1]);
  if (/int|numeric|double/.test(type)) return 1;
  throw new Error(`a ${type} is new here: ${table}.${column}`);
}

/** The tables in which this text stands anywhere. */
async function tablesWith(text: string): Promise<readonly string[]> {
  const rows = await query<{ table: string }>("SELECT tablename AS table FROM pg_tables WHERE schemaname = 'public'");
  const found: string[] = [];
  for (const { table } of rows) {
    const hits = await query(`SELECT 1 FROM "${table}" t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [text]);
    if (hits.length > 0) found.push(table);
  }
  return found.sort();
}

test("every table that names a member or a community is found by this test", async () => {
  await fill(group);
  expect(await tablesWith(group)).toEqual([
    "button",
    "community",
    "digest",
    "follow",
    "forecast_question",
    "gap",
    "link_code",
    "linked_room",
    "opinion",
    "opinion_cell",
    "poll",
    "poll_post",
    "poll_series",
    "pushed",
    "report",
    "setting",
    "setting_change",
    "statement",
    "subscription",
    "topic_change",
  ]);
  expect(await tablesWith(member)).toEqual([
    "button",
    "choice",
    "forecast",
    "forecast_question",
    "link_code",
    "opinion",
    "person",
    "poll",
    "poll_series",
    "pushed",
    "reader",
    "report",
    "setting_change",
    "statement",
    "statement_vote",
    "subscription",
    "topic_change",
    "vote",
  ]);
});

test("nothing names a member after they were erased, and nothing of their private chats is left", async () => {
  for (const chat of platformNames.map((platform) => privateCommunityId(platform, member))) await fill(chat);
  await fill(group);
  await storage.members.erase(member);
  expect(await tablesWith(member)).toEqual([]);
  expect(await tablesWith(group)).toContain("subscription"); // the group's wish stays
});

test("nothing is left under an old key", async () => {
  for (const chat of platformNames.map((platform) => privateCommunityId(platform, member))) await fill(chat);
  await storage.members.rekey([member], renamed);
  expect(await tablesWith(member)).toEqual([]);
  expect(await tablesWith(renamed)).toContain("subscription");
});

test("nothing of a group is left at its old address after it moved", async () => {
  await fill(group);
  await storage.rooms.migrate(group, moved);
  expect(await tablesWith(group)).toEqual([]);
  expect(await tablesWith(moved)).toContain("subscription");
});

test("nothing of a community is left when it is erased", async () => {
  await fill(group);
  await storage.rooms.leave(group, new Date("2026-11-22T12:00:00Z"));
  await storage.rooms.eraseLeft(new Date("2026-11-23T12:00:00Z"));
  expect(await tablesWith(group)).toEqual([]);
});
