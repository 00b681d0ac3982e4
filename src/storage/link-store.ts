/** Links in the database: rooms that are asked together, and accounts that are one person's. */
import { z } from "zod";
import { memberId } from "../core/ids.ts";
import type { LinkStore } from "../polls/types.ts";
import type { Database } from "./database.ts";
import { communityText, roomText } from "./rows.ts";

const roomRow = z.object({ room: roomText, community: communityText, circle: z.string(), agreed: z.boolean() });
const codeRows = z.array(z.object({ member: z.string().transform(memberId), circle: z.string().nullable() }));

export function createLinkStore(database: Database): LinkStore {
  return {
    async addCode({ hash, member, community, circle, expiresAt }) {
      await database.write((client) => client.linkCode.create({ data: { code: hash, member, community, circle, expiresAt } }));
    },

    async takeCode(hash, kind, now) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          DELETE FROM link_code WHERE code = ${hash} AND expires_at > ${now} AND (circle IS NOT NULL) = ${kind === "rooms"}::boolean
          RETURNING member, circle`,
      );
      return codeRows.parse(rows)[0] ?? null;
    },

    async roomsOf(circle) {
      const rows = await database.read((client) =>
        client.linkedRoom.findMany({ where: { circle }, orderBy: [{ at: "asc" }, { room: "asc" }] }),
      );
      return z.array(roomRow).parse(rows);
    },

    async linkOf(room) {
      const row = await database.read((client) => client.linkedRoom.findUnique({ where: { room } }));
      return row === null ? null : roomRow.parse(row);
    },

    async addRoom({ room, community, circle, agreed }, at) {
      const written = await database.write(
        (client) => client.$executeRaw`
          INSERT INTO linked_room (room, community, circle, agreed, at) VALUES (${room}, ${community}, ${circle}, ${agreed}, ${at})
          ON CONFLICT (room) DO UPDATE SET agreed = linked_room.agreed OR excluded.agreed WHERE linked_room.circle = excluded.circle`,
      );
      return written > 0;
    },

    async removeRoom(room, circle) {
      const { count } = await database.write((client) => client.linkedRoom.deleteMany({ where: { room, circle } }));
      return count > 0;
    },

    async personOf(member) {
      return (await database.read((client) => client.person.findUnique({ where: { member } })))?.person ?? null;
    },

    async accountsOf(person) {
      const rows = await database.read((client) => client.person.findMany({ where: { person }, orderBy: { member: "asc" } }));
      return rows.map(({ member }) => memberId(member));
    },

    async join(members, person) {
      await database.write((client) =>
        client.person.createMany({ data: members.map((member) => ({ member, person })), skipDuplicates: true }),
      );
    },

    async part(member) {
      // Of two accounts neither is joined without the other.
      const parted = await database.write(
        (client) => client.$executeRaw`DELETE FROM person WHERE person = (SELECT person FROM person WHERE member = ${member})`,
      );
      return parted > 0;
    },
  };
}
