/** Digests in the database, each as it was posted; bodies and pictures that many of them share are kept once. */
import { z } from "zod";
import { digestId, opinionId, receiptId, roomId, topicId } from "../core/ids.ts";
import { languages } from "../core/texts.ts";
import type { Digest, DigestBlock, DigestStore } from "../digest/types.ts";
import type { Database, Transactions } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { communityText } from "./rows.ts";

const block = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["heading", "text", "note"]), text: z.string() }),
  z.object({
    kind: z.literal("pulse"),
    language: z.enum(languages),
    lines: z.array(z.object({ topic: z.string().transform(topicId), version: z.int().default(1), text: z.string() })),
  }),
  z.object({ kind: z.literal("question"), topic: z.string().transform(topicId), text: z.string() }),
  z.object({ kind: z.literal("opinion"), opinion: z.string().transform(opinionId), by: z.string() }),
  z.object({ kind: z.literal("picture"), picture: z.string(), alt: z.string(), name: z.string() }),
]);
const blocks = z
  .string()
  .transform((json): unknown => JSON.parse(json))
  .pipe(z.array(block))
  .transform((list): readonly DigestBlock[] => list);

const digestRow = z
  .object({
    id: z.string().transform(digestId),
    community: communityText,
    room: z.string(),
    localDate: z.string(),
    composedAt: z.date(),
    own: blocks,
    bodyId: z.string(),
    bodyAt: z.date(),
    blocks,
    print: blocks,
    figures: z.array(z.string().transform(receiptId)),
  })
  .transform(({ bodyId, bodyAt, blocks, print, figures, room, ...row }): Digest => {
    const colon = room.indexOf(":");
    return {
      ...row,
      room: roomId(z.enum(["discord", "telegram", "console"]).parse(room.slice(0, colon)), room.slice(colon + 1)),
      body: { id: bodyId, composedAt: bodyAt, blocks, print, figures },
    };
  });

/** Longer than anyone shares a body that no digest names yet. */
const keepUnnamedMs = 24 * 3_600_000;

const joined = Prisma.sql`
  SELECT digest.id, community, room, local_date AS "localDate", digest.composed_at AS "composedAt", own,
         body AS "bodyId", digest_body.composed_at AS "bodyAt", blocks, print, figures
    FROM digest JOIN digest_body ON digest_body.id = digest.body`;

/** A scheduled digest is composed before it is sent: it was posted once a part of it was handed over, and not taken back. */
const posted = Prisma.sql`NOT EXISTS (SELECT FROM delivery WHERE delivery.id = digest.id
                                         AND NOT EXISTS (SELECT FROM delivery_part WHERE delivery_id = delivery.id))`;

/** Read as text: a quotation mark inside what people wrote has a backslash before it, and PostgreSQL cannot unescape all they write. */
const named = `
  written AS (SELECT blocks AS json FROM digest_body UNION ALL SELECT print FROM digest_body UNION ALL SELECT own FROM digest),
  named AS (SELECT DISTINCT hit[1] AS id FROM written, regexp_matches(json, '"picture":"([^"]+)"', 'g') AS hit)`;
const isUnnamed = "NOT EXISTS (SELECT FROM named WHERE named.id = picture.id)";
const pictureIds = z.array(z.object({ id: z.string() })).transform((rows) => rows.map(({ id }) => id));

const first = (rows: unknown): Digest | null => z.array(digestRow).parse(rows)[0] ?? null;

export function createDigestStore(database: Database & Transactions): DigestStore {
  /** Locked first and looked at again under the lock, where whoever named one of them meanwhile is seen. */
  const sweepPictures = () =>
    database.transaction(async (session) => {
      const { rows } = await session.executeSql(`WITH ${named} SELECT id FROM picture WHERE ${isUnnamed} FOR UPDATE`);
      const ids = pictureIds.parse(rows);
      if (ids.length === 0) return 0;
      const gone = await session.executeSql(`WITH ${named} DELETE FROM picture WHERE id = ANY($1::text[]) AND ${isUnnamed} RETURNING id`, [
        ids,
      ]);
      return gone.rows.length;
    });

  return {
    async save({ id, community, room, localDate, composedAt, body, own }, pictures) {
      const written = await database.write(
        (client) => client.$executeRaw`
          WITH pictures AS (
            INSERT INTO picture (id, png) SELECT * FROM unnest(${pictures.map((p) => p.id)}::text[], ${pictures.map((p) => p.png)}::bytea[])
            -- Locks a picture that is there already: nobody deletes it before the body that names it is there too.
            ON CONFLICT (id) DO UPDATE SET id = excluded.id),
          bodies AS (
            INSERT INTO digest_body (id, composed_at, blocks, print, figures)
            VALUES (${body.id}, ${body.composedAt}, ${JSON.stringify(body.blocks)}, ${JSON.stringify(body.print)}, ${[...body.figures]}::text[])
            ON CONFLICT (id) DO NOTHING)
          INSERT INTO digest (id, community, room, local_date, composed_at, body, own)
          VALUES (${id}, ${community}, ${room}, ${localDate}, ${composedAt}, ${body.id}, ${JSON.stringify(own)})
          ON CONFLICT (id) DO NOTHING`,
      );
      return written > 0;
    },

    async find(id) {
      return first(await database.read((client) => client.$queryRaw`${joined} WHERE digest.id = ${id}`));
    },

    async on(community, localDate) {
      return first(
        await database.read(
          (client) =>
            client.$queryRaw`${joined} WHERE community = ${community} AND local_date = ${localDate} AND ${posted} ORDER BY digest.composed_at DESC LIMIT 1`,
        ),
      );
    },

    async last(community, room, before) {
      return first(
        await database.read(
          (client) =>
            client.$queryRaw`${joined} WHERE room = ${room} AND community = ${community} AND digest.composed_at < ${before} AND ${posted}
                              ORDER BY digest.composed_at DESC LIMIT 1`,
        ),
      );
    },

    async dates(community, limit) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT DISTINCT local_date AS date FROM digest WHERE community = ${community} AND ${posted} ORDER BY local_date DESC LIMIT ${limit}`,
      );
      return z
        .array(z.object({ date: z.string() }))
        .parse(rows)
        .map((row) => row.date);
    },

    async picture(id) {
      const row = await database.read((client) => client.picture.findUnique({ where: { id } }));
      return row === null ? null : row.png;
    },

    async quotes(community, ids) {
      const rows = await database.read((client) =>
        client.opinion.findMany({ where: { community, id: { in: [...ids] }, quotable: true }, select: { id: true, text: true } }),
      );
      return new Map(rows.map(({ id, text }) => [opinionId(id), text]));
    },

    async sweep(now) {
      // A body that was composed lately may be named again: rooms share it for some minutes.
      const before = new Date(now.getTime() - keepUnnamedMs);
      const bodies = await database.write(
        (client) => client.$executeRaw`
          DELETE FROM digest_body WHERE composed_at < ${before} AND NOT EXISTS (SELECT FROM digest WHERE digest.body = digest_body.id)`,
      );
      return bodies + (await sweepPictures());
    },
  };
}
