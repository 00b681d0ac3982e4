/** The evaluation as a test: what is found today may not be lost tomorrow. `npm run eval` prints it. */
import { beforeAll, describe, expect, it } from "vitest";
import { createEncoder } from "../../../src/embedding/encoder.ts";
import { everyday } from "../../../src/knowledge/everyday.ts";
import { loadEntries } from "../../../src/knowledge/load.ts";
import { namesOf } from "../../../src/knowledge/names.ts";
import type { Entry } from "../../../src/knowledge/types.ts";
import { nameKey, stemsOf } from "../../../src/knowledge/words.ts";
import { worsened } from "../baseline.ts";
import { ours } from "../evaluation.ts";
import { figuresOf } from "./finding.ts";
import { measure, type Report } from "./measure.ts";
import { kinds, readQuestions } from "./questions.ts";

const questions = readQuestions();
let entries: readonly Entry[];
let report: Report;
beforeAll(async () => {
  entries = await loadEntries();
  const encoder = createEncoder();
  report = await measure(entries, encoder, "held-out", { slowly: false });
  await encoder.close();
}, 120_000);

describe("the questions", () => {
  it("are at least 1,000, each once, at least 20 of every kind in either half", () => {
    expect(questions.length).toBeGreaterThanOrEqual(1_000);
    expect(new Set(questions.map(({ text }) => text.toLowerCase())).size).toBe(questions.length);
    for (const half of ["development", "held-out"])
      for (const kind of kinds)
        expect(questions.filter((q) => q.half === half && q.kind === kind).length, `${half} ${kind}`).toBeGreaterThan(19);
  });

  it("name entries that exist, the one of that very name where there is one, and each entry is asked for", () => {
    const wanted = new Set(questions.flatMap(({ entry }) => (entry === null ? [] : [entry])));
    expect([...wanted].filter((id) => !entries.some((entry) => entry.id === id))).toEqual([]);
    expect(entries.filter(({ id }) => !wanted.has(id)).map(({ id }) => id)).toEqual([]);
    const owners = new Map(entries.flatMap((entry) => namesOf(entry).map((name) => [nameKey(name), entry.id] as const)));
    expect(questions.filter(({ text, entry }) => (owners.get(nameKey(text)) ?? entry) !== entry)).toEqual([]);
  });

  it("that paraphrase share no word with the term, its expansion or a name of one word, nor stand among the entry's own questions", () => {
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    const shared = questions
      .filter(({ kind }) => kind === "paraphrase")
      .flatMap(({ text, entry: id }) => {
        const entry = byId.get(id ?? "");
        const full = [entry?.term ?? "", entry?.expansion ?? "", ...(entry?.aliases.filter((name) => !/[\s-]/.test(name)) ?? [])];
        const names = new Set(stemsOf(full.join(" ")));
        const words = stemsOf(text).filter((one) => names.has(one));
        return words.length > 0 || entry?.asks.includes(text) === true ? [`${text} (${id}: ${words})`] : [];
      });
    expect(shared).toEqual([]);
  });

  it("repeat no line that the search knows: no paraphrase nearly an entry's, none outside nearly an everyday one, no slip a listed one", () => {
    const lineOf = (id: string, ask: string) => ({ id, ask, stems: new Set(stemsOf(ask)) });
    const asked = entries.flatMap(({ id, asks }) => asks.map((ask) => lineOf(id, ask)));
    const daily = everyday.map((ask) => lineOf("everyday", ask));
    const slips = new Set(entries.flatMap(({ misspellings }) => misspellings.map(nameKey)));
    const repeated = questions.flatMap(({ kind, text }) => {
      if (kind === "misspelling") return slips.has(nameKey(text)) ? [text] : [];
      const stems = new Set(stemsOf(text));
      const lines = kind === "paraphrase" ? asked : kind === "outside" ? daily : [];
      const near = lines.filter((line) => likeness(stems, line.stems) >= tooAlike);
      return near.map(({ id, ask }) => `${text} = ${id}: ${ask}`);
    });
    expect(repeated).toEqual([]);
  });
});

/** Two lines with this part of their stems in common are one line said twice. */
const tooAlike = 0.6;
const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => a.intersection(b).size / Math.max(1, a.union(b).size);

describe("the held-out half", () => {
  it("loses no more than two points of what was reached before (npm run eval -- --baseline keeps what is better)", () => {
    expect(worsened("finding", figuresOf(report))).toEqual([]);
  });

  it("is found better than by the better library alone (npm run eval asks both)", () => {
    const own = report.results.find(({ system }) => system === ours);
    for (const alone of report.results.filter(({ system }) => system.endsWith("alone"))) {
      expect(own?.recall1).toBeGreaterThan(alone.recall1);
      expect(own?.refused).toBeGreaterThan(alone.refused);
      expect(own?.wrong).toBeLessThan(alone.wrong);
    }
  });

  it("gets suggestions within 20 ms at the 99th percentile", () => {
    expect(report.suggestP99Ms).toBeLessThan(20);
  });
});
