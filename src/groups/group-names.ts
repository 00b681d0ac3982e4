/** What a model may call groups: words of the claims that they hold, and a few for people; all of it or nothing. */
import { badForm } from "../core/claims.ts";
import type { GroupHeld } from "./types.ts";

/** What people may be called, and how it is put together. */
export const groupWords = [
  ...["advocates", "believers", "believe", "critics", "doubters", "doubt", "enthusiasts", "first", "optimists", "pragmatists"],
  ...["realists", "sceptics", "skeptics", "sceptical", "supporters", "cautious", "convinced", "undecided", "users"],
] as const;

const joining = new Set(["a", "and", "for", "in", "of", "on", "or", "over", "the", "to", "with", ...groupWords]);
const [longest, mostWords] = [40, 5];
/** Beginnings of this length make "checkpoint" of "checkpoints", and "price" of "prices". */
const stem = 5;

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];
const stemOf = (word: string): string => word.slice(0, stem);

/**
 * Holds names against what they are of: short words of the groups' own claims or of the topic, no numbers, each once. Claims are people's
 * words, which may ask a model for anything: whatever it brings along that they do not say of the topic is no name.
 * @returns why they cannot be shown; null where they can
 */
export function badNames(names: readonly string[], groups: readonly GroupHeld[], topic: string): string | null {
  if (names.length !== groups.length) return "not one name for each group";
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return "a name twice";
  for (const [n, name] of names.entries()) {
    const form = badForm(name);
    if (form !== null) return form;
    const words = wordsOf(name);
    if (name.trim() !== name || name.length > longest || words.length === 0 || words.length > mostWords) return "no short name";
    const known = new Set([topic, ...(groups[n] ?? []).map(({ claim }) => claim)].flatMap(wordsOf).map(stemOf));
    if (words.some((word) => !joining.has(word) && !known.has(stemOf(word)))) return "words that its claims do not have";
    // One that could be anybody's says nothing.
    if (words.every((word) => joining.has(word))) return "nothing of its claims";
  }
  return null;
}
