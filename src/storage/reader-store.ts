/** Members' own audiences, in the database. */
import { z } from "zod";
import { audiences, type ReaderStore } from "../knowledge/types.ts";
import type { Database } from "./database.ts";

const readerRow = z.object({ audience: z.enum(audiences) }).nullable();

export function createReaderStore(database: Database): ReaderStore {
  return {
    async audience(member) {
      const row = await database.read((client) => client.reader.findUnique({ where: { member }, select: { audience: true } }));
      return readerRow.parse(row)?.audience ?? null;
    },
    async choose(member, audience) {
      await database.write((client) => client.reader.upsert({ where: { member }, create: { member, audience }, update: { audience } }));
    },
  };
}
