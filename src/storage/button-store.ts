/** Stored buttons in the database. */
import { z } from "zod";
import type { ButtonStore, StoredButton } from "../core/buttons.ts";
import { buttonId, memberId } from "../core/ids.ts";
import type { Database } from "./database.ts";
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

export function createButtonStore(database: Database): ButtonStore {
  return {
    async save(buttons) {
      if (buttons.length === 0) return;
      const data = buttons.map(({ id, command, args, member, quoted, community, expiresAt }) => ({
        id,
        command,
        args: JSON.stringify(args),
        member,
        quoted,
        community,
        expiresAt,
      }));
      await database.write((client) => client.button.createMany({ data }));
    },

    async find(id, now) {
      const row = await database.read((client) => client.button.findUnique({ where: { id, expiresAt: { gt: now } } }));
      return row === null ? null : buttonRow.parse(row);
    },

    async sweep(now) {
      const { count } = await database.write((client) => client.button.deleteMany({ where: { expiresAt: { lte: now } } }));
      return count;
    },
  };
}
