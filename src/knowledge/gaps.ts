/** Notes what was asked for in vain: the words alone, never who asked. */
import { isPrivateCommunity } from "../core/ids.ts";
import { type GapStore, type Gaps, maxGapLength } from "./types.ts";
import { wordsOf } from "./words.ts";

export function createGaps(store: GapStore): Gaps {
  return {
    async note(community, text, now) {
      // What one person asks in private is nobody's list.
      if (isPrivateCommunity(community)) return;
      const normal = normalise(text);
      if (normal !== "") await store.add(community, normal, now);
    },
    list: (community, limit) => store.list(community, limit),
  };
}

/** The same question in other case and punctuation is the same gap. What looks like a number of a person or an account is left out. */
const normalise = (text: string): string =>
  wordsOf(text.replace(/\S*[@#]\S+|https?:\S+|\d[\d\s().-]{5,}\d/gu, " "))
    .join(" ")
    .slice(0, maxGapLength)
    .trim();
