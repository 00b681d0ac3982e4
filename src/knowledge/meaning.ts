/** Finds entries by what a question means: the nearest of their sentences, as the encoder sees them. */
import type { Encoder } from "../embedding/types.ts";
import { everyday } from "./everyday.ts";
import type { Entry, Scored } from "./types.ts";
import { bytesOf, readVectors, vectorKey } from "./vectors.ts";

/** What a question means, by the sentences that are nearest to it. */
export interface Near {
  /** Every entry with how near its nearest sentences are, from -1 to 1, best first. */
  readonly entries: readonly Scored[];
  /** The same of the everyday questions, which no entry answers. */
  readonly everyday: number;
}

export interface Meaning {
  /** @throws Error where the encoder cannot be asked */
  nearest(query: string): Promise<Near>;
}

/**
 * Sentences of an entry that a question is compared with: its name and how people ask for it. The sentences of its newcomer text find no more
 * beside the words' list, which reads them anyway, and would double the vectors.
 */
export function sentencesOf(entry: Entry): readonly string[] {
  return [entry.expansion === undefined ? entry.term : `${entry.term}, ${entry.expansion}`, ...entry.asks];
}

/** Nothing is read or encoded before the first question. */
export function createMeaning(entries: readonly Entry[], encoder: Encoder): Meaning {
  let loading: Promise<{ readonly byEntry: ReadonlyMap<Entry, readonly Sentence[]>; readonly everyday: readonly Sentence[] }> | null = null;

  async function load() {
    const shipped = await readVectors();
    // What somebody added without `npm run vectors` is encoded now: a few milliseconds a sentence.
    const missing = [...entries.flatMap(sentencesOf), ...everyday].filter((text) => !shipped.has(vectorKey(text)));
    const encoded = await encoder.encode(missing);
    const fresh = new Map(encoded.map((vector, at) => [missing[at], bytesOf(vector)]));
    const inVectors = (texts: readonly string[]): readonly Sentence[] =>
      texts.flatMap((text) => {
        const bytes = shipped.get(vectorKey(text)) ?? fresh.get(text);
        return bytes === undefined ? [] : [{ bytes, length: Math.hypot(...bytes) }];
      });
    return { byEntry: new Map(entries.map((entry) => [entry, inVectors(sentencesOf(entry))])), everyday: inVectors(everyday) };
  }

  return {
    async nearest(query) {
      loading ??= load().catch((error: unknown) => {
        loading = null;
        throw error;
      });
      const [lines, [asked]] = await Promise.all([loading, encoder.encode([query])]);
      if (asked === undefined) throw new Error("the encoder gave no vector");
      return {
        entries: [...lines.byEntry]
          .map(([entry, sentences]) => ({ entry, score: likeness(asked, sentences) }))
          .sort((x, y) => y.score - x.score),
        everyday: likeness(asked, lines.everyday),
      };
    },
  };
}

interface Sentence {
  readonly bytes: Int8Array;
  readonly length: number;
}

/** The three nearest sentences, the nearest most: several that come near say more than one (122 to 104 of 223 questions of the development half). */
function likeness(asked: Float32Array, sentences: readonly Sentence[]): number {
  const cosines = sentences.map(({ bytes, length }) => dot(asked, bytes) / length);
  const [first = 0, second = first, third = second] = cosines.sort((a, b) => b - a);
  return (4 * first + 2 * second + third) / 7;
}

function dot(asked: Float32Array, bytes: Int8Array): number {
  let sum = 0;
  // Read once: asked for with each number, it takes half as long again.
  const { length } = bytes;
  for (let at = 0; at < length; at++) sum += (asked[at] ?? 0) * (bytes[at] ?? 0);
  return sum;
}
