/** The evaluation of reading: labelled comments, the topics they speak of, and where their authors stand. */
import { type Evaluation, type Figures, ours, percent } from "../evaluation.ts";
import type { Half } from "../halves.ts";
import { kinds } from "./comments.ts";
import { measure, type Report } from "./measure.ts";

export const reading: Evaluation = {
  name: "reading",
  learn: async () => (await import("./fit.ts")).fitReading(),
  async measure(_encoder, half) {
    const report = await measure(half);
    return { title: titleOf(report, half), head, rows: rowsOf(report), figures: figuresOf(report), missed: report.missed };
  },
};

export function figuresOf({ results }: Report): Figures {
  const own = results.find(({ system }) => system === ours);
  if (own?.topic === undefined) throw new TypeError("Depinion itself was not measured");
  return {
    topic: { value: own.topic, better: "more" },
    stance: { value: own.stance, better: "more" },
    abstention: { value: own.abstention, better: "less" },
    wrongSides: { value: own.wrongSides, better: "less" },
  };
}

function titleOf({ comments, opinions, byKind }: Report, half: Half): string {
  const each = kinds.flatMap((kind) => {
    const one = byKind[kind];
    return one === undefined ? [] : [`${kind} ${percent(one.right)}, ${percent(one.wrong)}`];
  });
  const learned = half === "development" ? ", which the weights were learned from" : "";
  return `${comments} comments with ${opinions} opinions${learned}. Sides read rightly and wrongly by kind: ${each.join("; ")}`;
}

const head = ["", "topic micro-F1", "stance macro-F1", "95 % interval", "agree, mixed, disagree", "abstention", "wrong side", "median"];
const rowsOf = ({ results }: Report): readonly (readonly string[])[] =>
  results.map((r) => [
    r.system,
    percent(r.topic),
    percent(r.stance),
    `${percent(r.stanceInterval.low)} to ${percent(r.stanceInterval.high)}`,
    r.sides.map(percent).join(", "),
    percent(r.abstention),
    percent(r.wrongSides),
    `${r.medianMs.toFixed(1)} ms`,
  ]);
