/** Finds entries by their names: as they are, with a slip of the finger, and inside a longer question. */
import { createSlips, type Slips } from "./slips.ts";
import { audiences, type Entry, type Scored } from "./types.ts";
import { isAskingWord, isStopWord, nameKey, wordsOf } from "./words.ts";

export interface Named {
  readonly entry: Entry;
  /** The name was not written as it is. */
  readonly corrected: boolean;
}

export interface Names {
  /** The entry that the whole text names, if there is one and no other fits as well. */
  whole(text: string): Named | null;
  /** The entries that the text names among other words, with the share of its letters that the name is, greatest first. */
  within(text: string): readonly Scored[];
  /** Entries one of whose names begins so. */
  beginning(typed: string): readonly Entry[];
}

/** The least letters of a name that is recognised inside a question in spite of a slip: shorter ones resemble too many other words. */
const leastWithin = 6;
/** What a name may be said to be: “the fil token” is “fil”. */
const kindWords = new Set(["coin", "crypto", "network", "project", "protocol", "token"]);
/** The longest name, in words. */
const longest = 6;

export function createNames(entries: readonly Entry[]): Names {
  const byKey = new Map<string, { readonly entry: Entry; readonly misspelt: boolean; readonly words: readonly string[] }>();
  for (const entry of entries) {
    for (const name of entry.misspellings) byKey.set(nameKey(name), { entry, misspelt: true, words: wordsOf(name) });
    for (const name of namesOf(entry)) byKey.set(nameKey(name), { entry, misspelt: false, words: wordsOf(name) });
  }
  // Built with the first name that is not written as it is.
  let slips: Slips | null = null;
  let spoken: ReadonlySet<string> | null = null;
  /** Whether a word stands in the entries as it is: "trading" is a word of its own, and no slip of "training". */
  function isWord(word: string): boolean {
    spoken ??= new Set(entries.flatMap(({ asks, texts }) => wordsOf([...asks, ...audiences.map((audience) => texts[audience])].join(" "))));
    return spoken.has(word);
  }

  function slipOf(written: readonly string[]): Entry | null {
    if (written.length === 1 && isWord(written[0] ?? "")) return null;
    slips ??= createSlips([...byKey.keys()]);
    let best: { entry: Entry; slips: number } | null = null;
    let tied = false;
    for (const { name, slips: count } of slips(written.join(""))) {
      const known = byKey.get(name);
      if (known === undefined || (best !== null && count > best.slips)) continue;
      if (!sameEdges(written, known.words)) continue;
      tied = best !== null && count === best.slips && (tied || best.entry !== known.entry);
      best = { entry: known.entry, slips: count };
    }
    return tied ? null : (best?.entry ?? null);
  }

  function exact(key: string): Named | null {
    const known = byKey.get(key);
    if (known !== undefined) return { entry: known.entry, corrected: known.misspelt };
    // A plural is no slip: "validators" is what people type for "validator".
    const singular = key.endsWith("s") ? byKey.get(key.slice(0, -1)) : undefined;
    return singular === undefined ? null : { entry: singular.entry, corrected: singular.misspelt };
  }

  function named(written: readonly string[]): Named | null {
    const hit = exact(written.join(""));
    if (hit !== null) return hit;
    const slip = slipOf(written);
    return slip === null ? null : { entry: slip, corrected: true };
  }

  function whole(text: string): Named | null {
    const key = nameKey(text);
    const hit = exact(key);
    if (hit !== null) return hit;
    const words = wordsOf(text);
    // Around the name nothing but the words with which one asks for it; tried from the longest name to the shortest.
    for (let length = Math.min(words.length, longest); length > 0; length--) {
      for (let from = 0; from + length <= words.length; from++) {
        const rest = [...words.slice(0, from), ...words.slice(from + length)];
        if (!rest.every((word) => isAskingWord(word) || kindWords.has(word))) continue;
        const part = words.slice(from, from + length);
        if (part.every(isAskingWord) && rest.length > 0 && exact(part.join("")) === null) continue;
        const found = rest.length === 0 ? named(part) : (exact(part.join("")) ?? longSlip(part));
        if (found !== null) return found;
      }
    }
    return null;
  }

  function longSlip(written: readonly string[]): Named | null {
    if (written.join("").length < leastWithin) return null;
    const slip = slipOf(written);
    return slip === null ? null : { entry: slip, corrected: true };
  }

  function within(text: string): readonly Scored[] {
    const words = wordsOf(text);
    const letters = words.reduce((sum, word) => sum + (isAskingWord(word) ? 0 : word.length), 0);
    const found = new Map<Entry, number>();
    for (let length = 1; length <= longest; length++) {
      for (let from = 0; from + length <= words.length; from++) {
        const part = words.slice(from, from + length);
        if (part.every(isAskingWord)) continue;
        const hit = exact(part.join("")) ?? longSlip(part);
        if (hit === null) continue;
        const own = part.reduce((sum, word) => sum + (isAskingWord(word) ? 0 : word.length), 0);
        const share = (own / letters) * (hit.corrected ? 0.9 : 1);
        found.set(hit.entry, Math.max(share, found.get(hit.entry) ?? 0));
      }
    }
    return [...found].map(([entry, score]) => ({ entry, score })).sort((a, b) => b.score - a.score);
  }

  return {
    whole,
    within,
    beginning(typed) {
      const key = nameKey(typed);
      const found = new Set<Entry>();
      for (const [name, { entry, misspelt }] of byKey) if (!misspelt && name.startsWith(key)) found.add(entry);
      return [...found];
    },
  };
}

/** Every right name of an entry. */
export const namesOf = (entry: Entry): readonly string[] => [
  entry.id,
  entry.term,
  ...entry.aliases,
  ...(entry.expansion === undefined ? [] : [entry.expansion]),
];

/** Whether the little words at either end are the name's own: "is a coin" is no slip of "siacoin", nor "the network" one of "Theta network". */
const sameEdges = (written: readonly string[], name: readonly string[]): boolean =>
  [0, -1].every((at) => {
    const word = written.at(at) ?? "";
    return !isStopWord(word) || word === name.at(at);
  });
