/** Finds entries by name, acronym, expansion, slip of the finger, and by how people ask. */
import { distance } from "fastest-levenshtein";
import MiniSearch from "minisearch";
import { nameKey } from "./load.ts";
import { fillSlots } from "./slots.ts";
import type { Entry, Knowledge, Lookup } from "./types.ts";

/** Words around a term that are no part of its name: "what is a …?", "explain …". */
const wrapping =
  /^(?:please\s+)?(?:(?:what\s+does|what(?:'s|’s|s|\s+is|\s+are)?|who\s+is|explain|define|meaning\s+of)\s+)+(?:(?:an?|the)\s+)?|\s+(?:mean|means|stand\s+for|stands\s+for)(?=\s*\?*$)|[?!.]+$/giu;

const stopWords = new Set(
  "a an and are as at be by do does for from how i if in is it its me my of on or so that the their them they this to was what when where which who why will with you your".split(
    " ",
  ),
);

/** Slips that leave no doubt: one letter in a short name, two in a long one, none in an acronym. */
const allowedSlips = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2);

/** Fields that together make the nearest entries; a term counts most, a question least. */
const boosts = { term: 4, names: 3, asks: 1.5 };

export function createKnowledge(entries: readonly Entry[]): Knowledge {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const byName = new Map<string, { readonly entry: Entry; readonly misspelt: boolean }>();
  for (const entry of entries) {
    for (const name of entry.misspellings) byName.set(nameKey(name), { entry, misspelt: true });
    for (const name of [entry.id, entry.term, ...entry.aliases, ...(entry.expansion === undefined ? [] : [entry.expansion])])
      byName.set(nameKey(name), { entry, misspelt: false });
  }
  const index = new MiniSearch<Entry>({
    fields: ["term", "names", "asks"],
    extractField: (entry, field) => {
      if (field === "names") return [...entry.aliases, entry.expansion ?? ""].join(" ");
      if (field === "asks") return entry.asks.join(" ");
      return field === "id" ? entry.id : entry.term;
    },
    processTerm: (word) => (stopWords.has(word.toLowerCase()) ? null : stem(word.toLowerCase())),
    searchOptions: { boost: boosts, fuzzy: (word) => (word.length > 4 ? 0.2 : false), prefix: (word) => word.length > 3 },
  });
  index.addAll(entries);

  function slipOf(key: string): Entry | null {
    let best: { entry: Entry; slips: number } | null = null;
    let tied = false;
    for (const [name, { entry }] of byName) {
      const allowed = allowedSlips(Math.min(name.length, key.length));
      if (allowed === 0 || Math.abs(name.length - key.length) > allowed) continue;
      const slips = distance(name, key);
      if (slips > allowed || (best !== null && slips > best.slips)) continue;
      tied = best !== null && slips === best.slips && best.entry !== entry;
      best = { entry, slips };
    }
    return tied ? null : (best?.entry ?? null);
  }

  function named(query: string): Lookup | null {
    const key = nameKey(query);
    const exact = byName.get(key);
    if (exact !== undefined) return { kind: "found", entry: exact.entry, corrected: exact.misspelt };
    // A plural is no slip: "validators" is what people type for "validator".
    const singular = key.endsWith("s") ? byName.get(key.slice(0, -1)) : undefined;
    if (singular !== undefined) return { kind: "found", entry: singular.entry, corrected: singular.misspelt };
    const slip = slipOf(key);
    return slip === null ? null : { kind: "found", entry: slip, corrected: true };
  }

  function find(query: string): Lookup {
    const bare = query.replace(wrapping, "").trim();
    const hit = named(query) ?? (bare === "" ? null : named(bare));
    if (hit !== null) return hit;
    const near = index
      .search(bare === "" ? query : bare)
      // A fuzzy hit alone is no hit: "pizza" must not find "optimization". Slips in names were already forgiven above.
      .filter(({ terms, queryTerms }) => terms.some((term) => queryTerms.some((word) => term.startsWith(word) || word.startsWith(term))))
      .slice(0, 3)
      .map((result) => byId.get(String(result.id)));
    const known = near.filter((entry) => entry !== undefined);
    return known.length === 0 ? { kind: "none" } : { kind: "near", entries: known };
  }

  function suggest(typed: string, limit: number): readonly Entry[] {
    const key = nameKey(typed);
    if (key === "") return entries.slice(0, limit);
    const found = new Set<Entry>();
    const hit = named(typed);
    if (hit?.kind === "found") found.add(hit.entry);
    for (const [name, { entry, misspelt }] of byName) if (!misspelt && name.startsWith(key)) found.add(entry);
    for (const result of index.search(typed)) {
      const entry = byId.get(String(result.id));
      if (entry !== undefined) found.add(entry);
    }
    return [...found].slice(0, limit);
  }

  return { entry: (id) => byId.get(id) ?? null, find, suggest, fill: fillSlots };
}

/** Enough stemming for look-ups: endings that English adds to one word. */
const stem = (word: string): string => (word.length > 4 ? word.replace(/(?:ing|ies|es|ed|s)$/u, "") : word);
