/** Finds entries by the words they share with a question: well-kept full-text search over names, questions and texts. */
import MiniSearch from "minisearch";
import { namesOf } from "./names.ts";
import { audiences, type Entry, type Scored } from "./types.ts";
import { isStopWord, stem, stemsOf } from "./words.ts";

export interface Lexical {
  /** Every entry that shares a word, best first. */
  search(query: string): readonly Scored[];
  /** The same for a question whose last word may not be finished. */
  complete(typed: string): readonly Entry[];
  /** How much the words of a question weigh, how much of that this base knows at all, and how much of it this entry has. */
  coverage(query: string, entry: Entry | undefined): { readonly known: number; readonly shared: number };
}

/** The field a word stands in; what newcomers read is written in the words in which they ask. */
const boost = { term: 1, names: 1, asks: 3, newcomer: 1.5, others: 1 };

export function createLexical(entries: readonly Entry[]): Lexical {
  const index = new MiniSearch<Entry>({
    fields: Object.keys(boost),
    extractField: (entry, field) => {
      if (field === "names") return [...entry.aliases, entry.expansion ?? ""].join(" ");
      if (field === "asks") return entry.asks.join(" ");
      if (field === "newcomer") return entry.texts.newcomer;
      if (field === "others") return `${entry.texts.investor} ${entry.texts.builder}`;
      return field === "id" ? entry.id : entry.term;
    },
    processTerm: (word) => (isStopWord(word.toLowerCase()) ? null : stem(word.toLowerCase())),
    // No fuzzy hits and no prefixes: slips are the names' and the trigrams' business, and "pizza" must not find "optimization".
    searchOptions: { boost },
  });
  index.addAll(entries);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const stems = new Map(
    entries.map((entry) => [entry, new Set(stemsOf([...namesOf(entry), ...entry.asks, textsOf(entry)].join(" ")))] as const),
  );
  const frequency = new Map<string, number>();
  for (const own of stems.values()) for (const one of own) frequency.set(one, (frequency.get(one) ?? 0) + 1);
  const weight = (one: string): number => Math.log(1 + entries.length / (frequency.get(one) ?? 0.5));

  const scored = (results: readonly { readonly id: unknown; readonly score: number }[]): readonly Scored[] =>
    results.flatMap(({ id, score }) => {
      const entry = byId.get(String(id));
      return entry === undefined ? [] : [{ entry, score }];
    });

  return {
    search: (query) => scored(index.search(query)),
    complete: (typed) =>
      scored(
        index.search(typed, {
          fields: ["term", "names", "asks"],
          boost: { term: 4, names: 3, asks: 1.5 },
          prefix: (word, at, words) => word.length > 2 && at === words.length - 1,
        }),
      ).map(({ entry }) => entry),
    coverage(query, entry) {
      const own = entry === undefined ? undefined : stems.get(entry);
      let [all, known, shared] = [0, 0, 0];
      for (const one of new Set(stemsOf(query))) {
        const mass = weight(one);
        all += mass;
        if (frequency.has(one)) known += mass;
        if (own?.has(one) === true) shared += mass;
      }
      return all === 0 ? { known: 0, shared: 0 } : { known: known / all, shared: shared / all };
    },
  };
}

const textsOf = (entry: Entry): string => audiences.map((audience) => entry.texts[audience]).join(" ");
