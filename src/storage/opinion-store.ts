/** Opinions in the database. What is counted comes from `opinion_cell`, which triggers keep; only the ends of a window are read from the opinions. */
import { z } from "zod";
import { type CommunityId, opinionId, platformNames, platformOf, topicId } from "../core/ids.ts";
import { asides, type Cohort, glance, type OpinionStore, type Standing, type Windows } from "../opinions/types.ts";
import { stances } from "../reading/types.ts";
import type { Wording } from "../topics/types.ts";
import type { Engine } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { opinionRow } from "./rows.ts";

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

const wordingCounts = z.array(z.object({ topic: z.string().transform(topicId), version: z.int(), people: z.int() }));
const cohortRows = z.array(
  z.object({
    window: z.int(),
    stance: z.enum(stances),
    platform: z.enum(platformNames),
    measured: z.boolean(),
    aside: z.enum([...asides, ""]).transform((why) => (why === "" ? null : why)),
    people: z.int(),
  }),
);
const quotationRows = z.array(z.object({ id: z.string().transform(opinionId), stance: z.enum(stances), text: z.string(), at: z.date() }));
const companyRows = z.tuple([z.object({ copied: z.boolean(), others: z.int() })]);

/** Standing of what was logged without saying more. */
const plain = (community: CommunityId): Standing => ({
  version: 1,
  platform: platformOf(community),
  evidence: null,
  aside: null,
  print: null,
  quotable: false,
});

/** What is logged goes to the database itself: Prisma takes as long over the statement as PGlite does (measured). */
export function createOpinionStore(database: Pick<Engine, "read" | "write" | "session" | "noteErased">): OpinionStore {
  /** The cohorts of each window, in their order. */
  async function cohorts(community: CommunityId, wording: Wording, windows: readonly Omit<Windows, "before">[]) {
    const rows = await database.read((client) => client.$queryRaw(cohortQuery(community, wording, windows)));
    const all = cohortRows.parse(rows);
    return windows.map((_, n): readonly Cohort[] => all.filter(({ window }) => window === n).map(({ window: _, ...cohort }) => cohort));
  }

  return {
    async add({ id, community, member, topic, text, stance, stanceBy, at }, standing, reading) {
      const { version, platform, evidence, aside, print, quotable } = { ...plain(community), ...standing };
      const opinion = [id, community, member, topic, text, stance, stanceBy, at, version, platform, evidence, aside, print, quotable];
      const insert = `INSERT INTO opinion (id, community, member, topic, text, stance, stance_by, at, version, platform, evidence, aside, print, quotable)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`;
      if (reading === undefined) await database.session.executeSql(insert, opinion);
      else
        await database.session.executeSql(
          `WITH logged AS (${insert})
           INSERT INTO reading (opinion_id, stance, strength, aspect, evidence, read_by) VALUES ($1, $15, $16, $17, $18, $19) ON CONFLICT DO NOTHING`,
          [...opinion, reading.stance, reading.strength, reading.aspect, reading.evidence, reading.by],
        );
    },

    async find(id) {
      const row = await database.read((client) => client.opinion.findUnique({ where: { id } }));
      return row === null ? null : opinionRow.parse(row);
    },

    async correct(id, member, stance) {
      const data = { stance, stanceBy: "author" };
      const { count } = await database.write((client) => client.opinion.updateMany({ where: { id, member }, data }));
      return count > 0;
    },

    async remove(id, member) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH gone AS (DELETE FROM opinion WHERE id = ${id} AND member = ${member} RETURNING id),
               claims AS (DELETE FROM statement USING gone WHERE statement.opinion = gone.id)
          SELECT id FROM gone`,
      );
      const removed = z.array(z.unknown()).parse(rows).length > 0;
      if (removed) await database.noteErased([{ opinion: id }]);
      return removed;
    },

    async tally(community, wording, { before, from, to }) {
      const [recent = [], earlier = []] = await cohorts(community, wording, [
        { from, to },
        { from: before, to: from },
      ]);
      return { recent, before: earlier };
    },

    weeks(community, wording, from, weeks) {
      const begin = (week: number) => new Date(from.getTime() + week * weekMs);
      return cohorts(
        community,
        wording,
        Array.from({ length: weeks }, (_, week) => ({ from: begin(week), to: begin(week + 1) })),
      );
    },

    async quotable(community, { topic, version }, { from, to }, each) {
      const sided = stances.filter((stance) => stance !== "unclear");
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT quoted.* FROM unnest(${sided}::text[]) AS side(stance), LATERAL (
            SELECT id, stance, text, at FROM opinion
             WHERE community = ${community} AND topic = ${topic} AND version = ${version} AND quotable AND stance = side.stance
               AND at >= ${from} AND at < ${to} AND (next_at IS NULL OR next_at >= ${to})
               AND aside IS NULL AND text <> '' AND char_length(text) <= ${glance}
             ORDER BY at DESC, seq DESC LIMIT ${each}) AS quoted`,
      );
      return quotationRows.parse(rows);
    },

    async counts(community) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT topic, version, sum(n)::int AS people FROM opinion_cell WHERE community = ${community} AND next = ${never}::int
           GROUP BY topic, version`,
      );
      return wordingCounts.parse(rows);
    },

    async company({ community, topic, member, stance, at }, { version, print }, since) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT EXISTS (SELECT FROM opinion WHERE community = ${community} AND topic = ${topic} AND print = ${print}
                            AND member <> ${member} AND at >= ${since.copies} AND at <= ${at}) AS copied,
                 (SELECT count(*)::int FROM (
                    SELECT FROM opinion WHERE community = ${community} AND topic = ${topic} AND version = ${version} AND stance = ${stance}
                       AND at >= ${since.burst} AND at <= ${at} AND next_at IS NULL AND member <> ${member} LIMIT 100) AS one) AS others`,
      );
      return companyRows.parse(rows)[0];
    },
  };
}

/** `next` of who did not speak again: the greatest whole number of PostgreSQL. */
const never = 2_147_483_647;

/**
 * Counts people in windows `from <= at < to`, each by the newest opinion in it: the cells of its whole days, without those who spoke again
 * between the last midnight and its end, and with who counts by an opinion of the days that it cuts.
 */
function cohortQuery(community: CommunityId, { topic, version }: Wording, windows: readonly Omit<Windows, "before">[]): Prisma.Sql {
  const bounds = windows.map(({ from, to }) => {
    const [first, past] = [Math.ceil(from.getTime() / dayMs), Math.floor(to.getTime() / dayMs)];
    // Midnight of the first whole day and behind the last one; a window without a midnight is one cut day.
    const [head, tail] = first <= past ? [new Date(first * dayMs), new Date(past * dayMs)] : [to, to];
    return { from, to, head, tail, first, past };
  });
  const here = Prisma.sql`community = ${community} AND topic = ${topic} AND version = ${version}`;
  const counted = Prisma.sql`stance, platform, COALESCE(evidence = 'measured', false), COALESCE(aside, '')`;
  return Prisma.sql`
    SELECT bound.n AS window, stance, platform, measured, aside, sum(counted.n)::int AS people
      FROM unnest(${bounds.map((b) => b.from)}::timestamptz[], ${bounds.map((b) => b.to)}::timestamptz[],
                  ${bounds.map((b) => b.head)}::timestamptz[], ${bounds.map((b) => b.tail)}::timestamptz[],
                  ${bounds.map((b) => b.first)}::int[], ${bounds.map((b) => b.past)}::int[], ${bounds.map((_, n) => n)}::int[])
             AS bound(since, until, head, tail, first, past, n),
           LATERAL (
             SELECT stance, platform, measured, aside, n FROM opinion_cell
              WHERE ${here} AND day >= bound.first AND day < bound.past AND next >= bound.past
             UNION ALL
             SELECT ${counted}, -1 FROM opinion WHERE ${here} AND next_at >= bound.tail AND next_at < bound.until AND at >= bound.head AND at < bound.tail
             UNION ALL
             SELECT ${counted}, 1 FROM opinion WHERE ${here} AND at >= bound.since AND at < bound.head AND (next_at IS NULL OR next_at >= bound.until)
             UNION ALL
             SELECT ${counted}, 1 FROM opinion WHERE ${here} AND at >= bound.tail AND at < bound.until AND (next_at IS NULL OR next_at >= bound.until)
           ) AS counted
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(counted.n) <> 0`;
}
