/** The four lists over one set of entries, and the ranking they make together. */
import { createLexical } from "./lexical.ts";
import type { Meaning } from "./meaning.ts";
import { createNames, type Named } from "./names.ts";
import { type Lists, type Ranking, rank } from "./ranking.ts";
import { createTrigrams } from "./trigrams.ts";
import type { Entry } from "./types.ts";

export interface Finder {
  /** The entry that the question is nothing but the name of. */
  named(query: string): Named | null;
  /** @throws Error where the encoder cannot be asked */
  lists(query: string, meaning: Meaning | null): Promise<Lists>;
  rank(query: string, lists: Lists): Ranking;
  /** Entries whose names begin so, then those that share words. */
  complete(typed: string): readonly Entry[];
}

export function createFinder(entries: readonly Entry[]): Finder {
  const names = createNames(entries);
  // Built with the first question that is not a name: 50 MB of work that a start and most questions do without.
  const lexical = once(() => createLexical(entries));
  const trigrams = once(() => createTrigrams(entries));
  return {
    named: (query) => names.whole(query),
    async lists(query, meaning) {
      // The encoder works in its own process while the words are looked up here.
      const nearest = meaning === null ? null : meaning.nearest(query);
      return { names: names.within(query), lexical: lexical().search(query), trigrams: trigrams()(query), meaning: await nearest };
    },
    rank: (query, lists) => rank(query, lists, lexical().coverage),
    complete(typed) {
      const hit = names.whole(typed);
      return [...new Set([...(hit === null ? [] : [hit.entry]), ...names.beginning(typed), ...lexical().complete(typed)])];
    },
  };
}

/** What is made at its first use. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
