/** A member's rights over what is stored of them: see it, take it along, have it erased. */
import type { MemberStore, Privacy } from "./types.ts";

export function createPrivacy(store: MemberStore, now: () => Date): Privacy {
  return {
    read: (member) => store.read(member),
    erase: (member, former) => store.erase(member, former),
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
