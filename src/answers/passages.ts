/** Finds passages by the names in a question, and by how much of its words an entry covers: simple, in process, and strict. */
import { type Audience, audiences, type Entry, type Knowledge } from "../knowledge/types.ts";
import type { FindPassages, Passage } from "./types.ts";
import { contentOf, coverage, isEmptyWord, wordsOf } from "./words.ts";

/** Words of the longest name that is looked for inside a question. */
const longestName = 5;
const most = 4;
/** Of the question's meaningful words, the share that the entries found must hold: with less, the question is about something else. */
const enough = 0.5;
/** Entries that are not named must hold nearly all of it, and more than one word. */
const enoughUnnamed = 0.75;

/** @param knowledge asked by name, and for what is near */
export function createPassages(knowledge: Pick<Knowledge, "find" | "named">): FindPassages {
  const vocabularies = new WeakMap<Entry, ReadonlySet<string>>();
  const vocabularyOf = (entry: Entry): ReadonlySet<string> => {
    const known = vocabularies.get(entry);
    if (known !== undefined) return known;
    const all = [entry.term, entry.expansion ?? "", ...entry.aliases, ...entry.asks, ...audiences.map((audience) => entry.texts[audience])];
    const words = new Set(contentOf(all.join(" ")));
    vocabularies.set(entry, words);
    return words;
  };

  /** Entries that the question calls by an exact name; of overlapping names the longest. */
  function named(question: string): readonly Entry[] {
    const words = wordsOf(question);
    const found = new Set<Entry>();
    for (let at = 0; at < words.length; at++) {
      for (let length = Math.min(longestName, words.length - at); length > 0; length--) {
        const name = words.slice(at, at + length);
        if (name.every(isEmptyWord)) continue;
        const hit = knowledge.named(name.join(" "));
        if (hit === null || hit.corrected) continue;
        // "the gpu" is found as "gpu" too: only a name without the words around it takes them out of the search.
        found.add(hit.entry);
        at += length - 1;
        break;
      }
    }
    return [...found];
  }

  return async (question) => {
    const wanted = contentOf(question);
    if (wanted.length === 0) return [];
    const whole = await knowledge.find(question);
    const byName = [...new Set([...(whole.kind === "found" ? [whole.entry] : []), ...named(question)])];
    const share = (entries: readonly Entry[]) => coverage(wanted, new Set(entries.flatMap((entry) => [...vocabularyOf(entry)])));
    const near = whole.kind === "near" ? whole.entries.filter((entry) => !byName.includes(entry)) : [];
    const unnamed = wanted.length > 1 ? near.filter((entry) => share([entry]) >= enoughUnnamed) : [];
    const entries = [...byName, ...unnamed].slice(0, most);
    const certain = whole.kind === "found" && !whole.corrected;
    if (entries.length === 0 || (!certain && share(entries) < enough)) return [];
    return entries.flatMap((entry, place) =>
      audiences.map((audience): Passage => {
        const text = entry.texts[audience];
        return { entry, audience, text, score: entries.length - place + coverage(wanted, new Set(contentOf(`${entry.term} ${text}`))) };
      }),
    );
  };
}

/** Of each entry one passage: the reader's own, unless another one says clearly more to the question. */
export function choosePassages(passages: readonly Passage[], audience: Audience): readonly Passage[] {
  const margin = 0.25;
  const worth = (passage: Passage) => passage.score + (passage.audience === audience ? margin : 0);
  const best = new Map<Entry, Passage>();
  for (const passage of passages) {
    const known = best.get(passage.entry);
    if (known === undefined || worth(passage) > worth(known)) best.set(passage.entry, passage);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score).slice(0, most);
}
