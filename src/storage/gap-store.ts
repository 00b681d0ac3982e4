/** What communities asked for in vain, in the database. */
import { z } from "zod";
import { type GapStore, maxGaps } from "../knowledge/types.ts";
import type { Database } from "./database.ts";

const gapRows = z.array(z.object({ text: z.string(), count: z.int(), lastAt: z.date() }));

export function createGapStore(database: Database): GapStore {
  return {
    async add(community, text, now) {
      // Room is made first, whether or not the text is a new one: the rows that are kept are those beside it.
      await database.write(
        (client) => client.$executeRaw`
          WITH surplus AS (
            DELETE FROM gap WHERE community = ${community} AND text IN (
              SELECT text FROM gap WHERE community = ${community} AND text <> ${text} ORDER BY count DESC, last_at DESC, text OFFSET ${maxGaps - 1}::int))
          INSERT INTO gap (community, text, count, last_at) VALUES (${community}, ${text}, 1, ${now})
          ON CONFLICT (community, text) DO UPDATE SET count = gap.count + 1, last_at = GREATEST(gap.last_at, excluded.last_at)`,
      );
    },

    async list(community, limit) {
      const rows = await database.read((client) =>
        client.gap.findMany({
          where: { community },
          orderBy: [{ count: "desc" }, { lastAt: "desc" }, { text: "asc" }],
          take: limit,
          select: { text: true, count: true, lastAt: true },
        }),
      );
      return gapRows.parse(rows);
    },

    async expire(before) {
      const { count } = await database.write((client) => client.gap.deleteMany({ where: { lastAt: { lt: before } } }));
      return count;
    },
  };
}
