/** Ranks the entries for a question by four lists together, and says how well the lists support the result. */
import type { Lexical } from "./lexical.ts";
import type { Near } from "./meaning.ts";
import type { Entry, Scored } from "./types.ts";
import { stemsOf } from "./words.ts";

/**
 * How much each list says: the names' share, the words' score as a part of the best one's, and two cosines. Added up, the scores put 174 of 218
 * paraphrases of the development half first; fused by rank alone (k 20, weights 3, 2, 1, 1) it was 124.
 */
const weights = { names: 0.5, lexical: 1, trigrams: 0.25, meaning: 4 };

/**
 * What the gate looks at; the order is that of its weights. The length of a question is left out on purpose: it tells more of who wrote the
 * questions of the evaluation than of what they are about.
 */
export const featureNames = [
  "name share",
  "lexical score",
  "lexical score a word",
  "lexical margin",
  "known words",
  "shared words",
  "trigram cosine",
  "trigram margin",
  "agreement",
  "meaning cosine",
  "meaning margin",
  "meaning cosine of the first",
  "cosine of everyday questions",
] as const;
/** Those that need no encoder. */
export const plainFeatures = 9;

export interface Ranking {
  /** Best first. */
  readonly entries: readonly Entry[];
  /** As many as `featureNames`, or the first `plainFeatures` of them where no encoder was asked. */
  readonly features: readonly number[];
}

export interface Lists {
  readonly names: readonly Scored[];
  readonly lexical: readonly Scored[];
  readonly trigrams: readonly Scored[];
  /** Null where the encoder was not asked. */
  readonly meaning: Near | null;
}

export function rank(query: string, lists: Lists, coverage: Lexical["coverage"]): Ranking {
  const { names, lexical, trigrams, meaning } = lists;
  const [best = 0, second = 0] = scoresOf(lexical);
  const points = new Map<Entry, number>();
  const add = (list: readonly Scored[], weight: number) => {
    for (const { entry, score } of list) points.set(entry, (points.get(entry) ?? 0) + weight * score);
  };
  add(names, weights.names);
  add(lexical, weights.lexical / best);
  add(trigrams, weights.trigrams);
  if (meaning !== null) add(meaning.entries, weights.meaning);
  const entries = [...points].sort(([, a], [, b]) => b - a).map(([entry]) => entry);
  const [first] = entries;
  const words = stemsOf(query).length;
  const { known, shared } = coverage(query, first);
  const [letters = 0, nextLetters = 0] = scoresOf(trigrams);
  const asked = [names, lexical, trigrams, ...(meaning === null ? [] : [meaning.entries])];
  const plain = [
    names[0]?.score ?? 0,
    Math.log(1 + best),
    best / (1 + words) / 10,
    best === 0 ? 0 : (best - second) / best,
    known,
    shared,
    letters,
    letters - nextLetters,
    asked.filter((list) => first !== undefined && list[0]?.entry === first).length / asked.length,
  ];
  if (meaning === null) return { entries, features: plain };
  const [nearest = 0, next = 0] = scoresOf(meaning.entries);
  const ofFirst = meaning.entries.find(({ entry }) => entry === first)?.score ?? 0;
  return { entries, features: [...plain, nearest, nearest - next, ofFirst, meaning.everyday] };
}

const scoresOf = (list: readonly Scored[]): readonly number[] => list.slice(0, 2).map(({ score }) => score);
