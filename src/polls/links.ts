/** Rooms that are asked together, agreed to on both sides, and accounts that their one owner has joined. */
import { createHash, randomBytes, randomInt } from "node:crypto";
import { UserError } from "../core/errors.ts";
import type { LinkStore, Links } from "./types.ts";

const minute = 60_000;
const codeLifeMs = 15 * minute;
/** One poll is posted to so many rooms at most. */
const mostRooms = 10;

/** Without letters and digits that are taken for each other; 40 bits, guessed at within minutes and against the cool-down. */
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const newCode = (): string => Array.from({ length: 8 }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
const hashOf = (code: string): string =>
  createHash("sha256")
    .update(code.toUpperCase().replace(/[^A-Z0-9]/g, ""))
    .digest("hex");
const randomId = (): string => randomBytes(12).toString("base64url");

const noCode = (command: string) => new UserError("no_such_code", (texts) => texts.link.noCode(command));

export function createLinks(store: LinkStore): Links {
  const circle: Links["circle"] = async (room) => {
    const link = await store.linkOf(room);
    return link === null ? [] : store.roomsOf(link.circle);
  };
  return {
    circle,

    async invite({ room, community }, by, now) {
      const link = await store.linkOf(room);
      if (link !== null && !link.agreed) throw new UserError("link_pending", (texts) => texts.link.pending);
      const id = link?.circle ?? randomId();
      if ((await store.roomsOf(id)).length >= mostRooms) throw new UserError("circle_full", (texts) => texts.link.full(mostRooms));
      await store.addRoom({ room, community, circle: id, agreed: true }, now);
      const code = newCode();
      await store.addCode({ hash: hashOf(code), member: by, community, circle: id, expiresAt: new Date(now.getTime() + codeLifeMs) });
      return code;
    },

    async accept(code, { room, community }, now) {
      const present = await circle(room);
      if (present.length > 1) throw new UserError("linked_already", (texts) => texts.link.already);
      const taken = await store.takeCode(hashOf(code), "rooms", now);
      if (taken?.circle == null) throw noCode("link");
      const [own] = present;
      if (own?.circle === taken.circle) throw new UserError("own_code", (texts) => texts.link.ownCode);
      // A circle of one that an earlier invitation left behind.
      if (own !== undefined) await store.removeRoom(room, own.circle);
      await store.addRoom({ room, community, circle: taken.circle, agreed: false }, now);
    },

    async decide(here, there, agreed, now) {
      const rooms = await circle(here);
      const [own, other] = [here, there].map((id) => rooms.find(({ room }) => room === id));
      if (own?.agreed !== true || other === undefined || other.agreed) return false;
      return agreed ? store.addRoom({ ...other, agreed: true }, now) : store.removeRoom(other.room, other.circle);
    },

    async leave(room) {
      const link = await store.linkOf(room);
      if (link === null) return false;
      const others = (await store.roomsOf(link.circle)).length - 1;
      // A circle of one is only an invitation that nobody has taken up.
      return (await store.removeRoom(room, link.circle)) && others > 0;
    },

    async inviteAccount(member, now) {
      const code = newCode();
      await store.addCode({ hash: hashOf(code), member, community: null, circle: null, expiresAt: new Date(now.getTime() + codeLifeMs) });
      return code;
    },

    async joinAccount(code, member, now) {
      if ((await store.personOf(member)) !== null) throw new UserError("joined_already", (texts) => texts.linkme.already);
      const taken = await store.takeCode(hashOf(code), "accounts", now);
      if (taken === null) throw noCode("linkme");
      if (taken.member === member) throw new UserError("own_code", (texts) => texts.linkme.ownCode);
      const person = await store.personOf(taken.member);
      if (person !== null && (await store.accountsOf(person)).length >= 2)
        throw new UserError("joined_already", (texts) => texts.linkme.third);
      await store.join([taken.member, member], person ?? randomId());
    },

    isJoined: async (member) => (await store.personOf(member)) !== null,
    partAccount: (member) => store.part(member),
  };
}
