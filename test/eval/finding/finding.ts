/** The evaluation of finding: questions, and the entries that answer them. */
import { loadEntries } from "../../../src/knowledge/load.ts";
import { type Evaluation, type Figures, ours, percent } from "../evaluation.ts";
import type { Report } from "./measure.ts";

export const finding: Evaluation = {
  name: "finding",
  learn: async (encoder) => (await import("./fit.ts")).fitGate(await loadEntries(), encoder),
  async measure(encoder, half) {
    // Not before it is fitted, so that it judges by that.
    const { measure } = await import("./measure.ts");
    const report = await measure(await loadEntries(), encoder, half, { slowly: true });
    return { title: titleOf(report), head, rows: rowsOf(report), figures: figuresOf(report), missed: report.missed };
  },
};

export function figuresOf({ results }: Report): Figures {
  const own = results.find(({ system }) => system === ours);
  if (own === undefined) throw new TypeError("Depinion itself was not measured");
  return {
    recall1: { value: own.recall1, better: "more" },
    recall3: { value: own.recall3, better: "more" },
    refused: { value: own.refused, better: "more" },
    wrong: { value: own.wrong, better: "less" },
  };
}

const titleOf = ({ questions, suggestP99Ms }: Report): string => `${questions} questions; suggestions p99 ${suggestP99Ms.toFixed(1)} ms`;

const head = ["", "recall@1", "recall@3", "outside refused", "wrong answers", "median", "p99", "paraphrase @1", "@3"];
const rowsOf = ({ results }: Report): readonly (readonly string[])[] =>
  results.map((r) => [
    r.system,
    percent(r.recall1),
    percent(r.recall3),
    percent(r.refused),
    percent(r.wrong),
    `${r.medianMs.toFixed(1)} ms`,
    `${r.p99Ms.toFixed(1)} ms`,
    percent(r.recall1ByKind.paraphrase),
    percent(r.recall3ByKind.paraphrase),
  ]);
