/** The numbers behind the answer of `/training`, as rows of a table. */
import type { Texts } from "../core/texts.ts";
import { nodeRate, nodesOf, segmentsOf } from "./closed-form.ts";
import type { BestInterval, Estimate, Finishing, Plan, Rule, Simulated } from "./types.ts";

type Row = readonly [what: string, value: string];
type Words = Texts["training"]["rows"];

/** @param simulated null where one run alone is too long to be played */
export const details = (estimate: Estimate, simulated: Simulated | null, { rows }: Texts["training"]): readonly Row[] => [
  ...inputs(estimate.plan, rows),
  ...(estimate.kind === "finishing" ? results(estimate, rows) : []),
  ...(estimate.best === null ? [] : intervals(estimate.best, estimate.plan, rows)),
  ...played(simulated, rows),
];

function inputs(plan: Plan, rows: Words): readonly Row[] {
  const nodes = nodesOf(plan);
  const rate = nodes * nodeRate(plan);
  return [
    rows.gpus(plan.gpus, nodes),
    rows.work(plan.hours),
    rows.interruptions(plan.perNodeDay, rate === 0 ? null : 1 / rate),
    rows.checkpoints(segmentsOf(plan), plan.interval),
    rows.writing(plan.write),
    rows.restart(plan.restart),
    rows.lost(plan.lost),
    rows.recovery(plan.recovery === "all"),
  ];
}

const results = ({ wall, goodput, lostGpuHours, interruptions }: Finishing, rows: Words): readonly Row[] => [
  rows.expected(wall.hours, wall.error),
  rows.goodput(goodput),
  rows.lostHours(lostGpuHours),
  rows.expectedInterruptions(interruptions),
];

function intervals({ interval, young, daly }: BestInterval, plan: Plan, rows: Words): readonly Row[] {
  if (plan.perNodeDay === 0) return [];
  return [rows.best(interval), rule("Young (1974)", young, plan, rows), rule("Daly (2006)", daly, plan, rows)];
}

function rule(name: Parameters<Words["rule"]>[0], { interval, holds, excess }: Rule, plan: Plan, rows: Words): Row {
  const outside = holds ? null : plan.lost > 0 ? "lost" : "frequent";
  // The rules know no end of the run: beyond it, one checkpoint is all there is.
  const within = interval > plan.hours ? null : interval;
  return rows.rule(name, within, excess === null ? null : Math.max(0, excess), outside);
}

function played(simulated: Simulated | null, rows: Words): readonly Row[] {
  if (simulated === null) return [rows.notPlayed];
  const { mean, error, low, middle, high, runs } = simulated;
  return [rows.runs(runs), rows.mean(mean, error), rows.middle(middle), rows.between(low, high)];
}
