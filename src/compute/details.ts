/** The numbers behind the answer of `/training`, as rows of a table. */
import { nodeRate, nodesOf, segmentsOf } from "./closed-form.ts";
import type { BestInterval, Estimate, Finishing, Plan, Rule, Simulated } from "./types.ts";
import { amountInWords, hoursInWords, shareInWords } from "./words.ts";

type Row = readonly [what: string, value: string];

/** @param simulated null where one run alone is too long to be played */
export const details = (estimate: Estimate, simulated: Simulated | null): readonly Row[] => [
  ...inputs(estimate.plan),
  ...(estimate.kind === "finishing" ? results(estimate) : []),
  ...(estimate.best === null ? [] : intervals(estimate.best, estimate.plan)),
  ...played(simulated),
];

function inputs(plan: Plan): readonly Row[] {
  const nodes = nodesOf(plan);
  const rate = nodes * nodeRate(plan);
  return [
    ["GPUs", `${amountInWords(plan.gpus)} on ${amountInWords(nodes)} ${nodes === 1 ? "node" : "nodes"}`],
    ["Work", hoursInWords(plan.hours)],
    [
      "Interruptions",
      `${amountInWords(plan.perNodeDay)} per node-day${rate === 0 ? "" : `, one in the run every ${hoursInWords(1 / rate)}`}`,
    ],
    ["Checkpoints", `${amountInWords(segmentsOf(plan))}, one every ${hoursInWords(plan.interval)} or a little sooner`],
    ["Writing one", hoursInWords(plan.write)],
    ["Restart", hoursInWords(plan.restart)],
    ["Lost checkpoints", shareInWords(plan.lost)],
    ["Recovery", plan.recovery === "all" ? "all stop" : "elastic: the others go on"],
  ];
}

function results({ wall, goodput, lostGpuHours, interruptions }: Finishing): readonly Row[] {
  const how = wall.error === null ? "by formula" : `simulated, ± ${hoursInWords(wall.error)}`;
  return [
    ["Expected time", `${hoursInWords(wall.hours)} (${how})`],
    ["Goodput", shareInWords(goodput)],
    ["Lost GPU-hours", amountInWords(lostGpuHours)],
    ["Expected interruptions", amountInWords(interruptions)],
  ];
}

function intervals({ interval, young, daly }: BestInterval, plan: Plan): readonly Row[] {
  if (plan.perNodeDay === 0) return [];
  return [
    ["Best interval", hoursInWords(interval)],
    ["Young (1974)", rule(young, plan)],
    ["Daly (2006)", rule(daly, plan)],
  ];
}

function rule({ interval, holds, excess }: Rule, plan: Plan): string {
  const reason = plan.lost > 0 ? "it knows no lost checkpoints" : "interruptions are too frequent for it";
  const cost = excess === null ? "" : `, ${shareInWords(Math.max(0, excess))} over the best`;
  // The rules know no end of the run: beyond it, one checkpoint is all there is.
  const where = interval > plan.hours ? `longer than the run` : hoursInWords(interval);
  return `${where}${cost}${holds ? "" : ` (outside its range: ${reason})`}`;
}

function played(simulated: Simulated | null): readonly Row[] {
  if (simulated === null) return [["Simulated", "too many interruptions to be played"]];
  const { mean, error, low, middle, high, runs } = simulated;
  return [
    ["Simulated runs", amountInWords(runs)],
    ["Their mean", `${hoursInWords(mean)} ± ${hoursInWords(error)}`],
    ["Half of them within", hoursInWords(middle)],
    ["9 of 10 between", `${hoursInWords(low)} and ${hoursInWords(high)}`],
  ];
}
