/** Polls in the database: what is asked, where, and what is still to be read. Their votes are in `vote-store.ts`. */
import { z } from "zod";
import { ballotId, pollId, topicId } from "../core/ids.ts";
import { type Poll, type PollStore, postStates, type Series } from "../polls/types.ts";
import type { Database } from "./database.ts";
import type { Prisma } from "./generated/client.ts";
import { communityText, counted, roomText } from "./rows.ts";
import { createVoteStore } from "./vote-store.ts";

const topic = z.string().transform(topicId).nullable();

const seriesRow = z
  .object({
    id: z.string(),
    community: communityText,
    question: z.string(),
    options: z.array(z.string()),
    topic,
    hidden: z.boolean(),
    hours: z.int(),
    createdAt: z.date(),
  })
  .transform((row): Series => row);

const pollRows = z.array(
  z.object({
    id: z.string().transform(pollId),
    series: z.string(),
    community: communityText,
    question: z.string(),
    options: z.array(z.string()),
    topic,
    hidden: z.boolean(),
    opensAt: z.date(),
    closesAt: z.date(),
    closedAt: z.date().nullable(),
    posts: z.array(
      z.object({
        place: z.int(),
        room: roomText,
        community: communityText,
        state: z.enum(postStates),
        ballot: z.string().transform(ballotId).nullable(),
        messageId: z.string().nullable(),
        totals: z.array(z.int()).transform((totals) => (totals.length === 0 ? null : totals)),
        erased: z.int(),
      }),
    ),
  }),
);

const posts = { posts: { orderBy: { place: "asc" } } } as const satisfies Prisma.PollInclude;

export function createPollStore(database: Database): PollStore {
  const list = async (where: Prisma.PollWhereInput, take?: number): Promise<readonly Poll[]> => {
    const orderBy: Prisma.PollOrderByWithRelationInput[] = [{ opensAt: "desc" }, { id: "asc" }];
    const rows = await database.read((client) =>
      client.poll.findMany({ where, include: posts, orderBy, ...(take === undefined ? {} : { take }) }),
    );
    return pollRows.parse(rows);
  };
  const find: PollStore["find"] = async (id) => (await list({ id }))[0] ?? null;
  const changed = async (work: Parameters<typeof database.write<number>>[0]) => (await database.write(work)) > 0;

  return {
    ...createVoteStore(database),

    async addSeries(series, by) {
      const { id, community, question, options, topic, hidden, hours, createdAt } = series;
      const data = { id, community, question, options: [...options], topic, hidden, hours, createdAt, createdBy: by };
      await database.write((client) => client.pollSeries.createMany({ data, skipDuplicates: true }));
    },

    async findSeries(id) {
      const row = await database.read((client) => client.pollSeries.findUnique({ where: { id } }));
      return row === null ? null : seriesRow.parse(row);
    },

    async seriesOf(community) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT id, community, question, options, topic, hidden, hours, created_at AS "createdAt" FROM poll_series s
           WHERE community = ${community} AND EXISTS (SELECT FROM subscription WHERE series = s.id AND days <> '') ORDER BY created_at, id`,
      );
      return z.array(seriesRow).parse(rows);
    },

    removeSeries: (id, community) =>
      changed(
        (client) => client.$executeRaw`
          WITH wishes AS (DELETE FROM subscription WHERE series = ${id} AND EXISTS (SELECT FROM poll_series WHERE id = ${id} AND community = ${community}))
          DELETE FROM poll_series WHERE id = ${id} AND community = ${community}`,
      ),

    async open({ id, series, community, question, options, topic, hidden, opensAt, closesAt }) {
      // Its own community's rooms come first: who votes in several rooms counts by the first of them.
      await database.write(
        (client) => client.$executeRaw`
          WITH opened AS (
            INSERT INTO poll (id, series, community, question, options, topic, hidden, created_by, opens_at, closes_at)
            SELECT ${id}, ${series}, ${community}, ${question}, ${[...options]}::text[], ${topic}, ${hidden}, created_by, ${opensAt}::timestamptz, ${closesAt}::timestamptz
              FROM poll_series WHERE id = ${series}
            ON CONFLICT (id) DO NOTHING RETURNING id)
          INSERT INTO poll_post (poll_id, place, room, community, state)
          SELECT opened.id, row_number() OVER (ORDER BY s.community <> ${community}, s.room) - 1, s.room, s.community, 'waiting'
            FROM opened CROSS JOIN (SELECT DISTINCT room, community FROM subscription WHERE series = ${series}) AS s`,
      );
      const poll = await find(id);
      if (poll === null) throw new TypeError("a poll without a series");
      return poll;
    },

    find,

    latest: (community, limit) => list({ posts: { some: { community } } }, limit),
    closedIn: (community, from, to) => list({ posts: { some: { community } }, closedAt: { gt: from, lte: to } }),
    overdue: (now) => list({ closedAt: null, closesAt: { lte: now } }),

    async posted(poll, room, { ballot, messageId, at }) {
      await database.write(
        (client) => client.$executeRaw`
          UPDATE poll_post SET ballot = ${ballot}, message_id = ${messageId}, posted_at = ${at}, state = 'open'
           WHERE poll_id = ${poll} AND room = ${room} AND ballot IS NULL`,
      );
    },

    async claim(platform, ballot, { question, options }, at) {
      await database.write(
        (client) => client.$executeRaw`
          UPDATE poll_post SET ballot = ${ballot}, posted_at = ${at}, state = 'open'
           WHERE NOT EXISTS (SELECT FROM poll_post WHERE ballot = ${ballot})
             AND (poll_id, place) = (
               SELECT p.poll_id, p.place
                 FROM poll_post p JOIN poll ON poll.id = p.poll_id JOIN subscription s ON s.series = poll.series AND s.room = p.room
                 JOIN delivery d ON d.subscription_id = s.id AND d.state = 'uncertain'
                WHERE p.state = 'waiting' AND starts_with(p.room, ${`${platform}:`}) AND poll.closed_at IS NULL
                  AND poll.question = ${question} AND poll.options = ${[...options]}::text[]
                ORDER BY poll.opens_at DESC, p.place LIMIT 1)`,
      );
      return (await database.read((client) => client.pollPost.count({ where: { ballot } }))) > 0;
    },

    async end(poll, place, state, totals) {
      // The hashes of voters who erased themselves have done their work: nothing of an ended poll is counted anew.
      await database.write(
        (client) => client.$executeRaw`
          WITH ended AS (
            UPDATE poll_post SET state = ${state}, totals = CASE WHEN ${totals !== null} THEN ${[...(totals ?? [])]}::int[] ELSE totals END
             WHERE poll_id = ${poll} AND place = ${place} RETURNING ballot)
          DELETE FROM vote USING ended WHERE vote.ballot = ended.ballot AND vote.standing = 'erased'`,
      );
    },

    async close(poll, now) {
      await database.write((client) => client.poll.updateMany({ where: { id: poll, closedAt: null }, data: { closedAt: now } }));
    },

    async hasten(poll, community, now) {
      const where = { id: poll, community, closedAt: null };
      const { count } = await database.write((client) => client.poll.updateMany({ where, data: { closesAt: now } }));
      return count > 0;
    },

    async sweep(before, now) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH votes AS (DELETE FROM vote v WHERE v.at < ${before} AND NOT EXISTS (SELECT FROM poll_post p WHERE p.ballot = v.ballot) RETURNING 1),
               codes AS (DELETE FROM link_code WHERE expires_at <= ${now} RETURNING 1),
               over AS (
                 SELECT id FROM poll_series s WHERE created_at < ${before}
                    AND NOT EXISTS (SELECT FROM subscription WHERE series = s.id AND days <> '')
                    AND NOT EXISTS (SELECT FROM poll WHERE series = s.id AND closed_at IS NULL)),
               wishes AS (DELETE FROM subscription USING over WHERE series = over.id),
               series AS (DELETE FROM poll_series USING over WHERE poll_series.id = over.id RETURNING 1)
          SELECT ((SELECT count(*) FROM votes) + (SELECT count(*) FROM codes) + (SELECT count(*) FROM series))::int AS count`,
      );
      return counted.parse(rows);
    },
  };
}
