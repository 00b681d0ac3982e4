/** Whether answers stay as fast while the knowledge base grows tenfold and the opinions a thousandfold. */
import { rm } from "node:fs/promises";
import { pino } from "pino";
import { createEncoder } from "../src/embedding/encoder.ts";
import { loadEntries } from "../src/knowledge/load.ts";
import { createKnowledge } from "../src/knowledge/search.ts";
import type { Entry } from "../src/knowledge/types.ts";
import { openStorage } from "../src/storage/open.ts";
import { freshFolder, median, print } from "./process.ts";
import { fill, timesOf } from "./sentiment.ts";

const times = 10;
const rounds = 300;
const log = pino({ level: "silent" });

const questions = [
  ["by its name", "filecoin"],
  ["misspelled", "proof of replicatoin"],
  ["in other words", "the thing where miners prove they keep storing your file"],
] as const;

/** The same entries again under names of their own. */
const copies = (entries: readonly Entry[], n: number): readonly Entry[] =>
  entries.map((entry) => {
    const renamed = (name: string) => `${name} of world ${n}`;
    return {
      ...entry,
      id: `${entry.id}-${n}`,
      term: renamed(entry.term),
      aliases: entry.aliases.map(renamed),
      misspellings: [],
      related: entry.related.map((id) => `${id}-${n}`),
    };
  });

async function find(entries: readonly Entry[]): Promise<readonly number[]> {
  const encoder = createEncoder();
  const knowledge = createKnowledge(entries, { encoder, log });
  const medians: number[] = [];
  for (const [, question] of questions) {
    const took: number[] = [];
    for (let n = 0; n < rounds; n++) {
      const began = performance.now();
      // No two are equal, so that nothing is answered from memory.
      await knowledge.find(`${question}${" ".repeat(n % 7)}`);
      took.push(performance.now() - began);
    }
    medians.push(median(took));
  }
  await encoder.close();
  return medians;
}

async function sentiment(opinions: number): Promise<number> {
  const folder = await freshFolder();
  const now = new Date("2026-11-22T12:00:00Z");
  const storage = await openStorage({ databaseUrl: undefined, dataDir: folder, log, now: () => now });
  await fill(storage, opinions, 365);
  const { ours } = await timesOf(storage);
  await storage.close();
  await rm(folder, { recursive: true });
  return median(ours);
}

/** Where two digits of a millisecond would hide what the ratio is of, in microseconds. */
const inUnits = (ms: number): string => (ms < 1 ? `${(ms * 1_000).toFixed(1)} µs` : `${ms.toFixed(2)} ms`);

export async function benchGrowth(): Promise<void> {
  const entries = await loadEntries();
  const [few, many] = [
    await find(entries),
    await find([entries, ...Array.from({ length: times - 1 }, (_, n) => copies(entries, n + 2))].flat()),
  ];
  const row = (name: string, before: number, after: number) => [name, inUnits(before), inUnits(after), (after / before).toFixed(2)];
  print(
    `An entry found, median of ${rounds}, with ${entries.length} entries and ${entries.length * times}`,
    ["asked", "before", "after", "ratio (aim 1.2)"],
    questions.map(([name], i) => row(name, few[i] ?? Number.NaN, many[i] ?? Number.NaN)),
  );
  print(
    "/sentiment of one topic on PGlite, with 1,000 opinions and 1,000,000",
    ["", "before", "after", "ratio (aim 1.2)"],
    [row("/sentiment", await sentiment(1_000), await sentiment(1_000_000))],
  );
}
