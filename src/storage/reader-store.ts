/** Members' own audiences, in the database. */
import { z } from "zod";
import type { MemberId } from "../core/ids.ts";
import { audiences, type ReaderStore } from "../knowledge/types.ts";
import { together } from "../lib/together.ts";
import type { Engine } from "./database.ts";

const readerRows = z.array(z.object({ member: z.string(), audience: z.enum(audiences) }));

/** Every explanation asks for whom it is, so it asks the database itself: Prisma takes as long over the statement as PGlite does (measured). */
export function createReaderStore(database: Pick<Engine, "write" | "session">): ReaderStore {
  const audience = together(async (members: readonly MemberId[]) => {
    const { rows } = await database.session.executeSql("SELECT member, audience FROM reader WHERE member = ANY($1::text[])", [members]);
    const chosen = new Map(readerRows.parse(rows).map((row) => [row.member, row.audience]));
    return members.map((member) => chosen.get(member) ?? null);
  });
  return {
    audience,
    async choose(member, audience) {
      await database.write((client) => client.reader.upsert({ where: { member }, create: { member, audience }, update: { audience } }));
    },
  };
}
