/** What platforms told, in the database: whole until it is handled, then its ids alone. */
import { z } from "zod";
import type { InboxStore, Incoming } from "../core/inbox.ts";
import type { Engine } from "./database.ts";
import { communityText, counted } from "./rows.ts";

const takenRows = z.array(z.object({ seq: z.int() }));
const sortedRow = z.tuple([
  z.object({ seq: z.int().nullable(), known: z.string().transform((text) => z.array(z.int()).parse(JSON.parse(text))) }),
]);
const waitingRows = z.array(z.object({ seq: z.int(), id: z.int(), payload: z.string(), community: communityText, starts: z.int() }));

const low = (ids: readonly number[]): number => Math.min(...ids);
const high = (ids: readonly number[]): number => Math.max(...ids);

/**
 * The two statements that every update waits for go to the database itself: Prisma takes as long over each as the database does
 * (measured on PGlite).
 */
export function createInboxStore(database: Pick<Engine, "read" | "write" | "session">): InboxStore {
  const { session } = database;
  /** Of each row that this process has taken or taken up, what is not handled yet. */
  const rest = new Map<number, { readonly inbox: string; readonly waiting: Set<number> }>();

  return {
    async take(inbox, incoming, now) {
      if (incoming.length === 0) return new Set();
      const given = new Map(incoming.map((one) => [one.id, one]));
      const ids = [...given.keys()];
      const [least, most] = [low(ids), high(ids)];
      const content = JSON.stringify([...given.values()].map(columnsOf));
      // As a rule all ids are greater than those known, and this is all: planning the other statement takes longer than running this one.
      const { rows: all } = await session.executeSql(
        `INSERT INTO inbound (inbox, low, high, ids, content, taken_at)
         SELECT $1, $2::bigint, $3::bigint, $4::bigint[], $5, $6
          WHERE NOT EXISTS (SELECT 1 FROM handled WHERE inbox = $1 AND high >= $2::bigint AND low <= $3::bigint)
            AND NOT EXISTS (SELECT 1 FROM inbound WHERE inbox = $1 AND high >= $2::bigint AND low <= $3::bigint)
         RETURNING seq::float8 AS seq`,
        [inbox, least, most, ids, content, now],
      );
      const [whole] = takenRows.parse(all);
      if (whole !== undefined) {
        rest.set(whole.seq, { inbox, waiting: new Set(ids) });
        return new Set(ids);
      }
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH known AS MATERIALIZED (
                 SELECT COALESCE(array_agg(id), '{}') AS ids FROM (
                   SELECT unnest(ids) AS id FROM handled WHERE inbox = ${inbox} AND high >= ${least}::bigint AND low <= ${most}::bigint
                   UNION ALL
                   SELECT unnest(ids) FROM inbound WHERE inbox = ${inbox} AND high >= ${least}::bigint AND low <= ${most}::bigint) AS seen
                  WHERE id = ANY(${ids}::bigint[])),
               fresh AS (
                 SELECT CASE WHEN known.ids = '{}' THEN ${ids}::bigint[]
                             ELSE ARRAY(SELECT id FROM unnest(${ids}::bigint[]) AS given(id) WHERE id <> ALL(known.ids)) END AS ids,
                        CASE WHEN known.ids = '{}' THEN ${content}
                             ELSE (SELECT COALESCE(json_agg(one ORDER BY place), '[]')::text
                                     FROM json_array_elements(${content}::json) WITH ORDINALITY AS given(one, place)
                                    WHERE (one->>'id')::bigint <> ALL(known.ids)) END AS content
                   FROM known),
               kept AS (
                 INSERT INTO inbound (inbox, low, high, ids, content, taken_at)
                 SELECT ${inbox}, ${least}::bigint, ${most}::bigint, ids, content, ${now} FROM fresh WHERE ids <> '{}'
                 RETURNING seq)
          SELECT (SELECT seq::float8 FROM kept) AS seq, array_to_json(ids)::text AS known FROM known`,
      );
      const [{ seq, known }] = sortedRow.parse(rows);
      const fresh = new Set(ids).difference(new Set(known));
      if (seq !== null) rest.set(seq, { inbox, waiting: new Set(fresh) });
      return fresh;
    },

    async unhandled(inbox, since) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH begun AS (
            UPDATE inbound SET starts = starts + 1 WHERE inbox = ${inbox} AND taken_at >= ${since} RETURNING seq, low, high, content, starts)
          SELECT seq::float8 AS seq, (one->>'id')::float8 AS id, one->>'payload' AS payload, one->>'community' AS community, starts
            FROM begun CROSS JOIN json_array_elements(content::json) WITH ORDINALITY AS waiting(one, place)
           WHERE NOT EXISTS (SELECT 1 FROM handled
                              WHERE inbox = ${inbox} AND handled.high >= begun.low AND handled.low <= begun.high
                                AND (one->>'id')::bigint = ANY(ids))
           ORDER BY seq, place`,
      );
      const waiting = waitingRows.parse(rows);
      for (const { seq } of waiting) rest.set(seq, { inbox, waiting: new Set() });
      for (const { seq, id } of waiting) rest.get(seq)?.waiting.add(id);
      return waiting.map(({ seq: _, ...one }) => one);
    },

    async done(inbox, ids, now) {
      if (ids.length === 0) return;
      const own = [...rest].filter(([, row]) => row.inbox === inbox);
      for (const [, { waiting }] of own) for (const id of ids) waiting.delete(id);
      // Those too whose deletion failed before.
      const finished = own.filter(([, { waiting }]) => waiting.size === 0).map(([seq]) => seq);
      await session.executeSql(
        `WITH noted AS (
           INSERT INTO handled (inbox, low, high, ids, at) VALUES ($1, $2::bigint, $3::bigint, $4::bigint[], $5))
         DELETE FROM inbound WHERE inbox = $1 AND seq = ANY($6::bigint[])`,
        [inbox, low(ids), high(ids), ids, now, finished],
      );
      for (const seq of finished) rest.delete(seq);
    },

    async expire(before) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH gone AS (DELETE FROM inbound WHERE taken_at < ${before} RETURNING inbox, low, high, ids, taken_at),
               noted AS (INSERT INTO handled (inbox, low, high, ids, at) SELECT inbox, low, high, ids, taken_at FROM gone)
          SELECT count(*)::int AS count FROM gone CROSS JOIN unnest(gone.ids) AS waited(id)
           WHERE NOT EXISTS (SELECT 1 FROM handled
                              WHERE handled.inbox = gone.inbox AND handled.high >= gone.low AND handled.low <= gone.high
                                AND waited.id = ANY(handled.ids))`,
      );
      return counted.parse(rows);
    },

    async forget(before) {
      await database.write((client) => client.handled.deleteMany({ where: { at: { lt: before } } }));
    },
  };
}

/** As the statements of this folder read it. */
const columnsOf = ({ id, payload, member, quoted, community }: Incoming) => ({ id, payload, member, quoted, community });
