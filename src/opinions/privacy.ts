/** A member's rights over what is stored of them: see it, take it along, have it erased. */
import type { MemberId } from "../core/ids.ts";
import type { MemberStore, Privacy } from "./types.ts";

/** @param eraseCopies drops what is kept of a member outside the store, such as files of exports; resolves with the files that stay */
export function createPrivacy(store: MemberStore, now: () => Date, eraseCopies: (member: MemberId) => Promise<readonly string[]>): Privacy {
  return {
    read: (member) => store.read(member),
    erase: async (member, former) => ({ ...(await store.erase(member, former)), left: await eraseCopies(member) }),
    async export(member) {
      const record = await store.read(member);
      const document = {
        about: "Everything Depinion stores of you",
        exportedAt: now().toISOString(),
        pseudonym: member,
        opinions: record.opinions.map(({ id, community, topic, text, stance, stanceBy, at }) => ({
          id,
          community,
          topic,
          text,
          stance,
          stanceBy,
          at: at.toISOString(),
        })),
        buttonsBoundToYou: record.buttons,
      };
      return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
    },
  };
}
