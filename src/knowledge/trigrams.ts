/** Finds entries by the letters they share with a question, for words that are written, joined or inflected in another way. */
import { namesOf } from "./names.ts";
import type { Entry, Scored } from "./types.ts";
import { isStopWord, wordsOf } from "./words.ts";

/** @returns every entry that shares a trigram in a name or a question, with the cosine of the nearest of them, best first */
export type Trigrams = (query: string) => readonly Scored[];

export function createTrigrams(entries: readonly Entry[]): Trigrams {
  const lines = entries.flatMap((entry) => [...namesOf(entry), ...entry.asks].map((text) => ({ entry, grams: gramsOf(text) })));
  /** Trigram → the numbers of the lines that have it, a line as often as it has it. */
  const postings = new Map<string, number[]>();
  for (const [line, { grams }] of lines.entries()) {
    for (const gram of grams) {
      const list = postings.get(gram);
      if (list === undefined) postings.set(gram, [line]);
      else list.push(line);
    }
  }
  const weight = (gram: string): number => Math.log(1 + lines.length / (new Set(postings.get(gram)).size || 1));
  const weights = new Map([...postings.keys()].map((gram) => [gram, weight(gram)] as const));
  const unseen = Math.log(1 + lines.length);
  const weightOf = (gram: string): number => weights.get(gram) ?? unseen;
  const lengthOf = (grams: readonly string[]): number =>
    Math.hypot(
      ...Map.groupBy(grams, (gram) => gram)
        .entries()
        .map(([gram, same]) => same.length * weightOf(gram)),
    );
  const lengths = Float64Array.from(lines, ({ grams }) => lengthOf(grams));
  const owners = lines.map(({ entry }) => entry);

  return (query) => {
    const grams = gramsOf(query);
    const length = lengthOf(grams);
    const cosines = new Float64Array(owners.length);
    for (const gram of grams) {
      const part = weightOf(gram) ** 2 / length;
      for (const line of postings.get(gram) ?? []) cosines[line] = (cosines[line] ?? 0) + part / (lengths[line] ?? 1);
    }
    const best = new Map<Entry, number>();
    for (const [line, entry] of owners.entries()) {
      const cosine = cosines[line] ?? 0;
      if (cosine > (best.get(entry) ?? 0)) best.set(entry, cosine);
    }
    return [...best].map(([entry, score]) => ({ entry, score })).sort((a, b) => b.score - a.score);
  };
}

/** The trigrams of the words that carry meaning, in order and as often as they stand there. */
function gramsOf(text: string): readonly string[] {
  const words = wordsOf(text);
  const own = words.filter((word) => !isStopWord(word));
  return (own.length === 0 ? words : own).flatMap((word) => {
    const padded = ` ${word} `;
    return Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3));
  });
}
