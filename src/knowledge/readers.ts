/** For whom things are explained: the member's own last choice, else the community's, else newcomers. */
import { LRUCache } from "lru-cache";
import type { CommunityId, MemberId } from "../core/ids.ts";
import type { Audience, ReaderStore, Readers } from "./types.ts";

/** Every explanation asks: a choice is read again after this long, for what another process noted. */
const rememberedMs = 300_000;

/** @param usual the community's audience */
export function createReaders(store: ReaderStore, usual: (community: CommunityId) => Promise<Audience>): Readers {
  const choices = new LRUCache<MemberId, Promise<{ readonly audience: Audience | null }>>({ max: 10_000, ttl: rememberedMs });

  function choiceOf(member: MemberId): Promise<{ readonly audience: Audience | null }> {
    const known = choices.get(member);
    if (known !== undefined) return known;
    const read = store.audience(member).then((audience) => ({ audience }));
    choices.set(member, read);
    read.catch(() => choices.delete(member));
    return read;
  }

  return {
    async audience({ member, person }, community) {
      // Explanations need no database, so they do not fail with it.
      const own = person ? await choiceOf(member).catch(() => null) : null;
      return own?.audience ?? (await usual(community).catch(() => "newcomer" as const));
    },

    async choose({ member, person }, audience) {
      if (!person) return;
      const before = await choiceOf(member).catch(() => null);
      if (before?.audience === audience) return;
      choices.delete(member);
      // Whoever asked gets what they asked for in any case; the next choice is noted again.
      await store.choose(member, audience).catch(() => undefined);
    },

    forget: (member) => void choices.delete(member),
  };
}
