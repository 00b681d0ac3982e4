/** Opinions in the database. */
import { z } from "zod";
import { opinionId, type TopicId, topicId } from "../core/ids.ts";
import { glance, type OpinionStore, stances, type Tally } from "../opinions/types.ts";
import type { Database } from "./database.ts";
import { opinionRow } from "./rows.ts";

const topicCounts = z.array(z.object({ topic: z.string().transform(topicId), members: z.int() }));

const weekMs = 7 * 86_400_000;
const weekRows = z.array(z.object({ week: z.int(), stance: z.enum(stances), members: z.int() }));

const tallyRows = z.array(
  z.object({
    stance: z.enum(stances),
    recent: z.int(),
    earlier: z.int(),
    id: z.string().transform(opinionId).nullable(),
    text: z.string().nullable(),
    at: z.date().nullable(),
  }),
);

/** Each stance once, zero included: here zero is what was counted, not what is missing. */
function tallyOf(rows: z.infer<typeof tallyRows>): Tally {
  const nobody = { agree: 0, mixed: 0, disagree: 0, unclear: 0 };
  const [counts, before] = [{ ...nobody }, { ...nobody }];
  for (const { stance, recent, earlier } of rows) {
    counts[stance] = recent;
    before[stance] = earlier;
  }
  const quotes = stances.flatMap((stance) => {
    const row = rows.find((r) => r.stance === stance);
    return row === undefined || row.id === null || row.text === null || row.at === null
      ? []
      : [{ id: row.id, stance, text: row.text, at: row.at }];
  });
  return { counts, before, quotes };
}

export function createOpinionStore(database: Database): OpinionStore {
  return {
    async add({ id, community, member, topic, text, stance, stanceBy, at }) {
      const data = { id, community, member, topic, text, stance, stanceBy, at };
      await database.write((client) => client.opinion.createMany({ data, skipDuplicates: true }));
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
      const { count } = await database.write((client) => client.opinion.deleteMany({ where: { id, member } }));
      if (count > 0) await database.noteErased([{ opinion: id }]);
      return count > 0;
    },

    async tally(community, topic, { before, from, to }) {
      // Texts stay in the table but for those that are quoted: a busy community has tens of thousands in a window.
      const rows = await database.read(
        (client) => client.$queryRaw`
          WITH said AS (
                 SELECT member COLLATE "C" AS member, at >= ${from} AS recent, id, stance, at, seq FROM opinion
                  WHERE community = ${community} AND topic = ${topic} AND at >= ${before} AND at < ${to}),
               newest AS (SELECT DISTINCT ON (recent, member) * FROM said ORDER BY recent, member, at DESC, seq DESC),
               counted AS (
                 SELECT stance, count(*) FILTER (WHERE recent)::int AS recent, count(*) FILTER (WHERE NOT recent)::int AS earlier
                   FROM newest GROUP BY stance)
          SELECT counted.*, quoted.id, quoted.text, quoted.at
            FROM counted LEFT JOIN LATERAL (
                   SELECT one.id, opinion.text, one.at
                     FROM (SELECT id, at, seq FROM newest WHERE recent AND stance = counted.stance ORDER BY at DESC, seq DESC) AS one
                     JOIN opinion ON opinion.id = one.id AND char_length(opinion.text) <= ${glance}
                    ORDER BY one.at DESC, one.seq DESC LIMIT 1) AS quoted ON true`,
      );
      return tallyOf(tallyRows.parse(rows));
    },

    async weeks(community, topic, from, weeks) {
      const to = new Date(from.getTime() + weeks * weekMs);
      const rows = await database.read(
        (client) => client.$queryRaw`
          WITH said AS (
                 SELECT floor(extract(epoch FROM at - ${from}::timestamptz) / ${weekMs / 1000}::int)::int AS week,
                        member COLLATE "C" AS member, stance, at, seq FROM opinion
                  WHERE community = ${community} AND topic = ${topic} AND at >= ${from} AND at < ${to}),
               newest AS (SELECT DISTINCT ON (week, member) week, stance FROM said ORDER BY week, member, at DESC, seq DESC)
          SELECT week, stance, count(*)::int AS members FROM newest GROUP BY week, stance`,
      );
      const counted = weekRows.parse(rows);
      return Array.from({ length: weeks }, (_, week) => {
        const counts = { agree: 0, mixed: 0, disagree: 0, unclear: 0 };
        for (const row of counted) if (row.week === week) counts[row.stance] = row.members;
        return counts;
      });
    },

    async counts(community) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT topic, count(DISTINCT member)::int AS members FROM opinion WHERE community = ${community} GROUP BY topic`,
      );
      return new Map<TopicId, number>(topicCounts.parse(rows).map((row) => [row.topic, row.members]));
    },

    older: (community, before) => database.read((client) => client.opinion.count({ where: { community, at: { lt: before } } })),
  };
}
