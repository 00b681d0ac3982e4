/** Opinions in the database. */
import { z } from "zod";
import type { TopicId } from "../core/ids.ts";
import { topicId } from "../core/ids.ts";
import type { OpinionStore } from "../opinions/types.ts";
import type { Database } from "./database.ts";
import { opinionRow } from "./rows.ts";

const topicCounts = z.array(z.object({ topic: z.string().transform(topicId), members: z.int() }));

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

    async newest(community, topic, from, to) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT id, community, member, topic, text, stance, stance_by AS "stanceBy", at FROM (
            SELECT DISTINCT ON (member) * FROM opinion
             WHERE community = ${community} AND topic = ${topic} AND at >= ${from} AND at < ${to}
             ORDER BY member, at DESC, seq DESC
          ) AS newest ORDER BY at DESC, seq DESC`,
      );
      return z.array(opinionRow).parse(rows);
    },

    async counts(community) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT topic, count(DISTINCT member)::int AS members FROM opinion WHERE community = ${community} GROUP BY topic`,
      );
      return new Map<TopicId, number>(topicCounts.parse(rows).map((row) => [row.topic, row.members]));
    },
  };
}
