/** Questions about figures, and what members say of them, in the database. */
import { z } from "zod";
import { units } from "../core/figure.ts";
import { memberId, questionId, receiptId } from "../core/ids.ts";
import { comparisons, type ForecastStore, type Own, outcomes, type Question } from "../forecasts/types.ts";
import type { Database } from "./database.ts";
import type { Prisma } from "./generated/client.ts";
import { communityText, counted, roomText } from "./rows.ts";

const questionRow = z
  .object({
    id: z.string().transform(questionId),
    community: communityText,
    room: roomText,
    metric: z.string(),
    label: z.string(),
    unit: z.enum(units),
    comparison: z.enum(comparisons),
    threshold: z.number(),
    resolvesAt: z.date(),
    closesAt: z.date(),
    toleranceMs: z.int(),
    source: z.string(),
    askedAt: z.date(),
    askedBy: z.string().transform(memberId).nullable(),
    outcome: z.enum(outcomes).nullable(),
    figure: z.string().transform(receiptId).nullable(),
    resolvedAt: z.date().nullable(),
  })
  .transform(({ askedBy, ...row }): Question => ({ ...row, by: askedBy }));
const questionRows = z.array(questionRow);

const peopleRows = z.array(z.object({ question: z.string().transform(questionId), people: z.int() }));
const scoredRows = z.array(
  z
    .object({ question: z.string().transform(questionId), person: z.string(), percent: z.number(), happened: z.boolean() })
    .transform(({ percent, ...row }) => ({ ...row, probability: percent / 100 })),
);
const ownRows = z.array(z.object({ question: questionRow, percent: z.number(), at: z.date() }).transform((row): Own => row));
const answered = z.tuple([z.object({ kept: z.boolean(), optedOut: z.boolean() })]).transform(([row]) => row);

const omit = { seq: true, answered: true, announced: true } as const;

export function createForecastStore(database: Database): ForecastStore {
  const list = async (
    where: Prisma.ForecastQuestionWhereInput,
    orderBy: Prisma.ForecastQuestionOrderByWithRelationInput[],
    take?: number,
  ): Promise<readonly Question[]> =>
    questionRows.parse(
      await database.read((client) => client.forecastQuestion.findMany({ where, orderBy, omit, ...(take === undefined ? {} : { take }) })),
    );

  return {
    async add({ by, ...question }) {
      // Of who wants nothing logged not even that they asked is kept.
      const silent = by !== null && (await database.read((client) => client.choice.count({ where: { member: by, optedOut: true } }))) > 0;
      const data = { ...question, askedBy: silent ? null : by };
      await database.write((client) => client.forecastQuestion.createMany({ data, skipDuplicates: true }));
    },

    find: async (id) => (await list({ id }, []))[0] ?? null,
    open: (community) => list({ community, outcome: null }, [{ resolvesAt: "asc" }, { seq: "asc" }]),
    resolved: (community, limit) => list({ community, outcome: { not: null } }, [{ resolvedAt: "desc" }, { seq: "desc" }], limit),
    due: (before) => list({ outcome: null, resolvesAt: { lte: before } }, [{ resolvesAt: "asc" }, { seq: "asc" }]),

    async people(questions) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT f.question_id AS question, count(DISTINCT COALESCE(person.person, f.member))::int AS people
            FROM forecast f LEFT JOIN person ON person.member = f.member
           WHERE f.question_id = ANY(${[...questions]}::text[]) GROUP BY f.question_id`,
      );
      return new Map(peopleRows.parse(rows).map(({ question, people }) => [question, people]));
    },

    async answer(question, member, percent, at) {
      if (percent === null) {
        const { count } = await database.write((client) =>
          client.forecast.deleteMany({ where: { questionId: question, member, question: { outcome: null, closesAt: { gt: at } } } }),
        );
        if (count > 0) return "kept";
        const open = await database.read((client) =>
          client.forecastQuestion.count({ where: { id: question, outcome: null, closesAt: { gt: at } } }),
        );
        return open > 0 ? "kept" : "closed";
      }
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH refused AS (SELECT FROM choice WHERE member = ${member} AND opted_out),
               open AS (
                 UPDATE forecast_question SET answered = true
                  WHERE id = ${question} AND outcome IS NULL AND closes_at > ${at}::timestamptz AND NOT EXISTS (SELECT FROM refused) RETURNING id),
               kept AS (
                 INSERT INTO forecast (question_id, member, percent, at)
                 SELECT id, ${member}, ${percent}::float8, ${at}::timestamptz FROM open
                 ON CONFLICT (question_id, member) DO UPDATE SET percent = excluded.percent, at = excluded.at WHERE forecast.at <= excluded.at)
          SELECT EXISTS (SELECT FROM open) AS kept, EXISTS (SELECT FROM refused) AS "optedOut"`,
      );
      const { kept, optedOut } = answered.parse(rows);
      return optedOut ? "opted_out" : kept ? "kept" : "closed";
    },

    async own(community, member) {
      const rows = await database.read((client) =>
        client.forecast.findMany({
          where: { member, question: { community } },
          select: { percent: true, at: true, question: { omit } },
          orderBy: [{ question: { seq: "desc" } }],
        }),
      );
      const all = ownRows.parse(rows);
      return [...all.filter(({ question }) => question.outcome === null), ...all.filter(({ question }) => question.outcome !== null)];
    },

    async scored(community) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT DISTINCT ON (q.seq, COALESCE(person.person, f.member))
                 q.id AS question, COALESCE(person.person, f.member) AS person, f.percent, q.outcome = 'yes' AS happened
            FROM forecast_question q JOIN forecast f ON f.question_id = q.id LEFT JOIN person ON person.member = f.member
           WHERE q.community = ${community} AND q.outcome IN ('yes', 'no')
           ORDER BY q.seq, COALESCE(person.person, f.member), f.at DESC, f.member`,
      );
      return scoredRows.parse(rows);
    },

    async cancel(id, community) {
      const { count } = await database.write((client) =>
        client.forecastQuestion.deleteMany({ where: { id, community, outcome: null, answered: false } }),
      );
      return count > 0;
    },

    async resolve(id, outcome, figure, at) {
      const { count } = await database.write((client) =>
        client.forecastQuestion.updateMany({ where: { id, outcome: null }, data: { outcome, figure, resolvedAt: at } }),
      );
      return count > 0;
    },

    unannounced: (platforms) =>
      list({ outcome: { not: null }, announced: false, OR: platforms.map((platform) => ({ room: { startsWith: `${platform}:` } })) }, [
        { resolvedAt: "asc" },
        { seq: "asc" },
      ]),

    async announced(id) {
      await database.write((client) => client.forecastQuestion.updateMany({ where: { id }, data: { announced: true } }));
    },

    async sweep(before) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH gone AS (DELETE FROM subscription WHERE starts_with(series, 'forecast:') AND created_at < ${before} RETURNING 1)
          SELECT count(*)::int AS count FROM gone`,
      );
      return counted.parse(rows);
    },
  };
}
