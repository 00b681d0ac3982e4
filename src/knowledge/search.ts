/** Finds entries by any wording: by name where one is named, else by four lists together, and not at all where the question is about something else. */
import type { Encoder } from "../embedding/types.ts";
import type { Logger } from "../lib/logger.ts";
import { createFinder } from "./finder.ts";
import { judge } from "./gate.ts";
import { createMeaning } from "./meaning.ts";
import type { Lists } from "./ranking.ts";
import { fillSlots } from "./slots.ts";
import type { Entry, Knowledge, Lookup } from "./types.ts";
import { nameKey } from "./words.ts";

const comparing = /\b(?:vs|versus|compared?|comparison|differences?|differs?|different|better)\b/iu;

export interface KnowledgeOptions {
  /** Null: searches go without it, and find less of what is asked in other words. */
  readonly encoder: Encoder | null;
  readonly log: Pick<Logger, "warn">;
  /** Longest wait for the encoder, in milliseconds; the search then goes without it. */
  readonly patienceMs?: number;
}

export function createKnowledge(entries: readonly Entry[], { encoder, log, patienceMs = 4_000 }: KnowledgeOptions): Knowledge {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const finder = createFinder(entries);
  const meaning = encoder === null ? null : createMeaning(entries, encoder);

  async function lists(query: string): Promise<Lists> {
    if (meaning === null) return finder.lists(query, null);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("the encoder took too long")), patienceMs);
    });
    try {
      return await Promise.race([finder.lists(query, meaning), late]);
    } catch (error) {
      log.warn({ err: error }, "a question was searched without the encoder");
      return finder.lists(query, null);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    entries,
    entry: (id) => byId.get(id) ?? null,
    async find(query): Promise<Lookup> {
      const named = finder.named(query);
      if (named !== null) return { kind: "found", entry: named.entry, corrected: named.corrected, others: [] };
      if (nameKey(query) === "") return { kind: "none" };
      const found = await lists(query);
      const ranking = finder.rank(query, found);
      const { answerable, certain } = judge(ranking.features);
      const [first, ...others] = ranking.entries.slice(0, 3);
      // Who names two things asks about them, whatever else the words resemble: "the difference between Akash and Render".
      const both = found.names.filter(({ score }) => score > 0.25).map(({ entry }) => entry);
      if (both.length > 1 && (comparing.test(query) || first === undefined || !both.includes(first)))
        return { kind: "near", entries: both.slice(0, 3) };
      if (!answerable || first === undefined) return { kind: "none" };
      return certain ? { kind: "found", entry: first, corrected: true, others } : { kind: "near", entries: [first, ...others] };
    },
    named: finder.named,
    suggest: (typed, limit) => (nameKey(typed) === "" ? entries : finder.complete(typed)).slice(0, limit),
    fill: fillSlots,
  };
}
