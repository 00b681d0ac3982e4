/** The answer of `/training` in a few sentences: each is true of the numbers as they are written in it. */
import { formatValue } from "../core/figure.ts";
import type { BestInterval, Endless, Estimate, Finishing, Plan } from "./types.ts";
import { amountInWords, hoursInWords, shareInWords } from "./words.ts";

export const verdict = (estimate: Estimate): readonly string[] => (estimate.kind === "endless" ? endless(estimate) : finishing(estimate));

const counted = (count: number, thing: string): string => `${amountInWords(count)} ${thing}${count === 1 ? "" : "s"}`;

const finishing = (estimate: Finishing): readonly string[] => [time(estimate), price(estimate), ...interval(estimate), help(estimate)];

function time({ plan, wall, goodput, lostGpuHours }: Finishing): string {
  const took = `${hoursInWords(plan.hours)} of work on ${counted(plan.gpus, "GPU")} take about **${hoursInWords(wall.hours)}**`;
  return `${took}: ${shareInWords(goodput)} of the time is useful, and ${amountInWords(lostGpuHours)} GPU-hours are lost.`;
}

function price({ plan, wall, cost, costElsewhere, breakEven }: Finishing): string {
  const more = shareInWords(wall.hours / plan.hours - 1);
  const otherwise = `It pays where uninterrupted GPUs elsewhere cost over ${more} more per GPU-hour.`;
  if (cost === null && breakEven === null) return otherwise;
  if (breakEven === null || costElsewhere === null) return `It costs about **${dollars(cost ?? 0)}**. ${otherwise}`;
  const even = `Both cost the same at ${dollars(breakEven)} per GPU-hour here.`;
  if (cost === null) return `Uninterrupted elsewhere it costs ${dollars(costElsewhere)}. ${even}`;
  const [here, there] = [dollars(cost), dollars(costElsewhere)];
  // What reads the same is not called cheaper.
  const compared = here === there ? "about as much as" : cost < costElsewhere ? "less than" : "more than";
  return `It costs about **${here}**, ${compared} the ${there} of an uninterrupted run elsewhere. ${even}`;
}

const dollars = (amount: number): string => formatValue(amount, "usd");

function interval({ plan, wall, best, guard }: Finishing): readonly string[] {
  if (plan.perNodeDay === 0) return [];
  if (best === null) return guard === null ? [] : [seldom(wall.hours, guard)];
  const saved = 1 - best.hours / wall.hours;
  const [now, then] = [hoursInWords(plan.interval), hoursInWords(best.interval)];
  if (saved < 0.005 || now === then) return [`A checkpoint every ${now} is close to the best there is (${then}).`];
  return [`A checkpoint every ${then} instead of ${now} would be best: about ${hoursInWords(best.hours)}, ${shareInWords(saved)} less.`];
}

function seldom(wall: number, { every, interval: fitting }: NonNullable<Finishing["guard"]>): string {
  const why = "The others go on when a node leaves, so checkpoints only guard against losing all nodes at once";
  // Less likely than one in a hundred runs.
  if (every > 100 * wall) return `${why}. That is hardly to be expected here: seldom is enough.`;
  return `${why}, about every ${hoursInWords(every)}: by Daly's rule, a checkpoint every ${hoursInWords(fitting)} fits that.`;
}

function help({ plan, savings: { uptime, checkpoints, dominant } }: Finishing): string {
  if (plan.perNodeDay === 0) return "Without interruptions only the writing of checkpoints takes time.";
  const [less, safer] = [hoursInWords(uptime), hoursInWords(checkpoints)];
  if (plan.lost === 0) return `No checkpoint is lost here. Half as many interruptions would save ${less}.`;
  const survival = `raising checkpoint survival from ${survivalInWords(plan.lost)} to ${survivalInWords(plan.lost / 5)}`;
  if (dominant === "neither" || less === safer)
    return `Half as many interruptions, or ${survival}: neither would save clearly more than the other (${less}, ${safer}).`;
  return dominant === "uptime"
    ? `Half as many interruptions would save more than ${survival}: ${less} against ${safer}.`
    : `${survival.replace("raising", "Raising")} would save more than half as many interruptions: ${safer} against ${less}.`;
}

/** With as many digits as it takes: 99.8 %, 99.98 %; never rounded up to all of them. */
function survivalInWords(lost: number): string {
  const digits = Math.max(1, Math.ceil(-Math.log10(lost * 100)) + 1);
  return `${((1 - lost) * 100).toFixed(Math.min(12, digits)).replace(/\.?0+$/, "")} %`;
}

function endless({ plan, best }: Endless): readonly string[] {
  if (best === null)
    return ["I cannot say how long this run takes: it is interrupted so often that even its simulation does not come to an end."];
  const work = `${hoursInWords(plan.hours)} of work on ${counted(plan.gpus, "GPU")}`;
  return [`${work} would practically never end: they take more than a hundred times as long.`, wayOut(plan, best)];
}

const wayOut = (plan: Plan, best: BestInterval): string =>
  best.hours > 100 * plan.hours
    ? "No checkpoint interval mends that: it takes fewer interruptions, fewer nodes, or a quicker restart."
    : `A checkpoint every ${hoursInWords(best.interval)} instead of ${hoursInWords(plan.interval)} would: about ${hoursInWords(best.hours)}.`;
