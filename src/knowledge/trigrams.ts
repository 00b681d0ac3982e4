/** Finds entries by the letters they share with a question, for words that are written, joined or inflected in another way. */
import { namesOf } from "./names.ts";
import type { Entry, Scored } from "./types.ts";
import { isStopWord, wordsOf } from "./words.ts";

/** @returns every entry that shares a trigram in a name or a question, with the cosine of the nearest of them, best first */
export type Trigrams = (query: string) => readonly Scored[];

export function createTrigrams(entries: readonly Entry[]): Trigrams {
  const lines = entries.flatMap((entry) => [...namesOf(entry), ...entry.asks].map((line) => ({ entry, counts: countsOf(line) })));
  const frequency = new Map<string, number>();
  for (const { counts } of lines) for (const gram of counts.keys()) frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  const weight = (gram: string): number => Math.log(1 + lines.length / (frequency.get(gram) ?? 1));
  const lengthOf = (counts: ReadonlyMap<string, number>): number => Math.hypot(...[...counts].map(([gram, n]) => n * weight(gram)));
  /** Trigram → the lines that have it, and how much it is of each. */
  const postings = new Map<string, { readonly line: number; readonly part: number }[]>();
  for (const [line, { counts }] of lines.entries()) {
    const length = lengthOf(counts);
    for (const [gram, n] of counts) {
      const list = postings.get(gram) ?? [];
      list.push({ line, part: (n * weight(gram)) / length });
      postings.set(gram, list);
    }
  }

  return (query) => {
    const counts = countsOf(query);
    const length = lengthOf(counts);
    const cosines = new Float64Array(lines.length);
    for (const [gram, n] of counts) {
      const own = (n * weight(gram)) / length;
      for (const { line, part } of postings.get(gram) ?? []) cosines[line] = (cosines[line] ?? 0) + own * part;
    }
    const best = new Map<Entry, number>();
    for (const [line, { entry }] of lines.entries()) {
      const cosine = cosines[line] ?? 0;
      if (cosine > (best.get(entry) ?? 0)) best.set(entry, cosine);
    }
    return [...best].map(([entry, score]) => ({ entry, score })).sort((a, b) => b.score - a.score);
  };
}

function countsOf(text: string): ReadonlyMap<string, number> {
  const words = wordsOf(text);
  const own = words.filter((word) => !isStopWord(word));
  const counts = new Map<string, number>();
  for (const word of own.length === 0 ? words : own) {
    const padded = ` ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) {
      const gram = padded.slice(at, at + 3);
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}
