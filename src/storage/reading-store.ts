/** How opinions were read, in the database. */
import { z } from "zod";
import { opinionId, topicId } from "../core/ids.ts";
import { aspects, evidenceGrades, type Reading, type ReadingStore, stances, strengths } from "../reading/types.ts";
import type { Database } from "./database.ts";

const readingRows = z.array(
  z
    .object({
      opinionId: z.string().transform(opinionId),
      stance: z.enum(stances),
      strength: z.enum(strengths),
      aspect: z.enum(aspects).nullable(),
      evidence: z.enum(evidenceGrades).nullable(),
      by: z.enum(["model", "classifier"]),
      opinion: z.object({ topic: z.string().transform(topicId) }),
    })
    .transform(({ opinionId: id, opinion, ...rest }): readonly [typeof id, Reading] => [id, { topic: opinion.topic, ...rest }]),
);

export function createReadingStore(database: Database): ReadingStore {
  return {
    async of(member) {
      const rows = await database.read((client) =>
        client.reading.findMany({ where: { opinion: { member } }, include: { opinion: { select: { topic: true } } } }),
      );
      return new Map(readingRows.parse(rows));
    },
  };
}
