/** Opinions in the database. What is counted comes from `opinion_cell`, which triggers keep; only the ends of a window are read from the opinions. */
import { z } from "zod";
import { type CommunityId, opinionId, platformNames, platformOf, topicId } from "../core/ids.ts";
import { together } from "../lib/together.ts";
import { asides, type Cohort, glance, type Opinion, type OpinionStore, type Standing, type Windows } from "../opinions/types.ts";
import { type Reading, stances } from "../reading/types.ts";
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
const companyRows = z.array(z.object({ copied: z.boolean(), others: z.int() }));

/** Standing of what was logged without saying more. */
const plain = (community: CommunityId): Standing => ({
  version: 1,
  platform: platformOf(community),
  evidence: null,
  aside: null,
  print: null,
  quotable: false,
});

interface Logged extends Opinion, Standing {
  readonly reading: Reading | null;
}

type Column = readonly [name: string, type: string, value: (logged: Logged) => unknown];

/** Those of the opinion's reading at the end. */
const columns: readonly Column[] = [
  ["id", "text", ({ id }) => id],
  ["community", "text", ({ community }) => community],
  ["member", "text", ({ member }) => member],
  ["topic", "text", ({ topic }) => topic],
  ["text", "text", ({ text }) => text],
  ["stance", "text", ({ stance }) => stance],
  ["stance_by", "text", ({ stanceBy }) => stanceBy],
  ["at", "timestamptz", ({ at }) => at],
  ["version", "int", ({ version }) => version],
  ["platform", "text", ({ platform }) => platform],
  ["evidence", "text", ({ evidence }) => evidence],
  ["aside", "text", ({ aside }) => aside],
  ["print", "text", ({ print }) => print],
  ["quotable", "boolean", ({ quotable }) => quotable],
  ["read_stance", "text", ({ reading }) => reading?.stance ?? null],
  ["read_strength", "text", ({ reading }) => reading?.strength ?? null],
  ["read_aspect", "text", ({ reading }) => reading?.aspect ?? null],
  ["read_evidence", "text", ({ reading }) => reading?.evidence ?? null],
  ["read_by", "text", ({ reading }) => reading?.by ?? null],
];

const names = columns.map(([name]) => name);
const ofOpinion = names.filter((name) => !name.startsWith("read_")).join(", ");
const logAll = `
  WITH given AS (SELECT * FROM unnest(${columns.map(([, type], n) => `$${n + 1}::${type}[]`).join(", ")}) AS given (${names.join(", ")})),
       logged AS (INSERT INTO opinion (${ofOpinion}) SELECT ${ofOpinion} FROM given ON CONFLICT DO NOTHING)
  INSERT INTO reading (opinion_id, stance, strength, aspect, evidence, read_by)
  SELECT id, read_stance, read_strength, read_aspect, read_evidence, read_by FROM given WHERE read_by IS NOT NULL ON CONFLICT DO NOTHING`;

interface Newcome {
  readonly opinion: Opinion;
  readonly version: number;
  readonly print: string | null;
  readonly since: { readonly copies: Date; readonly burst: Date };
}

const companies = `
  SELECT EXISTS (SELECT FROM opinion AS one WHERE one.community = new.community AND one.topic = new.topic AND one.print = new.print
                    AND one.member <> new.member AND one.at >= new.copies AND one.at <= new.at) AS copied,
         (SELECT count(*)::int FROM (
            SELECT FROM opinion AS one
             WHERE one.community = new.community AND one.topic = new.topic AND one.version = new.version AND one.stance = new.stance
               AND one.at >= new.burst AND one.at <= new.at AND one.next_at IS NULL AND one.member <> new.member LIMIT 100) AS near) AS others
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::int[], $7::text[], $8::timestamptz[], $9::timestamptz[])
         WITH ORDINALITY AS new (community, topic, member, stance, at, version, print, copies, burst, place)
   ORDER BY place`;

/** What is logged goes to the database itself: Prisma takes as long over the statement as PGlite does (measured). */
export function createOpinionStore(database: Pick<Engine, "read" | "write" | "session" | "noteErased">): OpinionStore {
  /** The cohorts of each window, in their order. */
  async function cohorts(community: CommunityId, wording: Wording, windows: readonly Omit<Windows, "before">[]) {
    const rows = await database.read((client) => client.$queryRaw(cohortQuery(community, wording, windows)));
    const all = cohortRows.parse(rows);
    return windows.map((_, n): readonly Cohort[] => all.filter(({ window }) => window === n).map(({ window: _, ...cohort }) => cohort));
  }

  const add = together(async (all: readonly Logged[]) => {
    await database.session.executeSql(
      logAll,
      columns.map(([, , value]) => all.map(value)),
    );
    return all.map(() => undefined);
  });

  const company = together(async (all: readonly Newcome[]) => {
    const { rows } = await database.session.executeSql(companies, [
      all.map(({ opinion }) => opinion.community),
      all.map(({ opinion }) => opinion.topic),
      all.map(({ opinion }) => opinion.member),
      all.map(({ opinion }) => opinion.stance),
      all.map(({ opinion }) => opinion.at),
      all.map(({ version }) => version),
      all.map(({ print }) => print),
      all.map(({ since }) => since.copies),
      all.map(({ since }) => since.burst),
    ]);
    return companyRows.parse(rows);
  });

  return {
    add: (opinion, standing, reading) => add({ ...opinion, ...plain(opinion.community), ...standing, reading: reading ?? null }),

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

    company: (opinion, { version, print }, since) => company({ opinion, version, print, since }),
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
