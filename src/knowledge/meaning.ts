/** Finds entries by what a question means: the nearest of their sentences, as the encoder sees them. */
import type { Encoder } from "../embedding/types.ts";
import type { Entry, Scored } from "./types.ts";
import { readVectors, vectorKey } from "./vectors.ts";

export interface Meaning {
  /**
   * Every entry with how near its nearest sentences are, from -1 to 1, best first.
   * @throws Error where the encoder cannot be asked
   */
  nearest(query: string): Promise<readonly Scored[]>;
}

/** Sentences of an entry that a question is compared with. */
export function sentencesOf(entry: Entry): readonly string[] {
  const { newcomer } = entry.texts;
  const plain = newcomer.replace(/\{\{[^}]*\}\}/g, "").replace(/[*`]/g, "");
  const sentences = plain.split(/(?<=[.!?])\s+/);
  const name = entry.expansion === undefined ? entry.term : `${entry.term}, ${entry.expansion}`;
  return [name, ...entry.asks, ...sentences.filter((sentence) => sentence.length > 15)];
}

/** Nothing is read or encoded before the first question. */
export function createMeaning(entries: readonly Entry[], encoder: Encoder): Meaning {
  let loading: Promise<readonly { readonly entry: Entry; readonly vector: Float32Array }[]> | null = null;

  async function load() {
    const lines = entries.flatMap((entry) => sentencesOf(entry).map((text) => ({ entry, text, key: vectorKey(text) })));
    const shipped = await readVectors();
    // What somebody added to an entry without `npm run vectors` is encoded now: a few milliseconds a sentence.
    const missing = lines.filter(({ key }) => !shipped.has(key));
    const encoded = await encoder.encode(missing.map(({ text }) => text));
    const fresh = new Map(missing.map(({ key }, at) => [key, encoded[at]]));
    return lines.flatMap(({ entry, key }) => {
      const vector = shipped.get(key) ?? fresh.get(key);
      return vector === undefined ? [] : [{ entry, vector }];
    });
  }

  return {
    async nearest(query) {
      loading ??= load().catch((error: unknown) => {
        loading = null;
        throw error;
      });
      const [lines, [asked]] = await Promise.all([loading, encoder.encode([query])]);
      if (asked === undefined) throw new Error("the encoder gave no vector");
      const cosines = Map.groupBy(lines, ({ entry }) => entry);
      return [...cosines]
        .map(([entry, own]) => ({ entry, score: likeness(own.map(({ vector }) => dot(asked, vector))) }))
        .sort((x, y) => y.score - x.score);
    },
  };
}

/** The three nearest sentences, the nearest most: several that come near say more than one (42 to 37 of 83 questions on the development half). */
function likeness(cosines: readonly number[]): number {
  const [first = 0, second = first, third = second] = cosines.toSorted((a, b) => b - a);
  return (4 * first + 2 * second + third) / 7;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
