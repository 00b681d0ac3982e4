/** Stored buttons in the database. */
import { z } from "zod";
import type { ButtonStore, StoredButton } from "../core/buttons.ts";
import { buttonId, memberId } from "../core/ids.ts";
import { together } from "../lib/together.ts";
import type { Engine } from "./database.ts";
import { argsText, communityText } from "./rows.ts";

const buttonRow = z
  .object({
    id: z.string().transform(buttonId),
    command: z.string(),
    args: argsText,
    member: z.string().transform(memberId).nullable(),
    quoted: z.string().transform(memberId).nullable(),
    community: communityText,
    expiresAt: z.date(),
  })
  .transform((row): StoredButton => row);

/** Answers wait for their buttons, so these go to the database itself: Prisma takes as long over the statement as PGlite does (measured). */
export function createButtonStore(database: Pick<Engine, "read" | "write" | "session">): ButtonStore {
  const write = together(async (all: readonly (readonly StoredButton[])[]) => {
    const buttons = all.flat();
    const column = (of: (button: StoredButton) => string | null) => buttons.map(of);
    await database.session.executeSql(
      `INSERT INTO button (id, command, args, member, quoted, community, expires_at)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])`,
      [
        column(({ id }) => id),
        column(({ command }) => command),
        column(({ args }) => JSON.stringify(args)),
        column(({ member }) => member),
        column(({ quoted }) => quoted),
        column(({ community }) => community),
        buttons.map(({ expiresAt }) => expiresAt),
      ],
    );
    return all.map(() => undefined);
  });
  return {
    async save(buttons) {
      if (buttons.length > 0) await write(buttons);
    },

    async find(id, now) {
      // Prisma makes one batch of all `findUnique` of a moment, and a transaction of a batch with more in it than ids: PGlite has none to give.
      const row = await database.read((client) => client.button.findFirst({ where: { id, expiresAt: { gt: now } } }));
      return row === null ? null : buttonRow.parse(row);
    },

    async sweep(now) {
      const { count } = await database.write((client) => client.button.deleteMany({ where: { expiresAt: { lte: now } } }));
      return count;
    },
  };
}
