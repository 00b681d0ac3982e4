/** The answer of `/training` in a few sentences: each is true of the numbers as they are written in it. */
import { formatValue } from "../core/figure.ts";
import type { Texts } from "../core/texts.ts";
import type { BestInterval, Endless, Estimate, Finishing, Plan } from "./types.ts";

type Words = Texts["training"];

export const verdict = (estimate: Estimate, words: Words): readonly string[] =>
  estimate.kind === "endless" ? endless(estimate, words) : finishing(estimate, words);

const finishing = (estimate: Finishing, words: Words): readonly string[] => [
  words.verdict.time(estimate.plan, estimate.wall.hours, estimate.goodput, estimate.lostGpuHours),
  price(estimate, words),
  ...interval(estimate, words),
  help(estimate, words),
];

function price({ plan, wall, cost, costElsewhere, breakEven }: Finishing, { verdict: words }: Words): string {
  const otherwise = words.pays(wall.hours / plan.hours - 1);
  if (cost === null && breakEven === null) return otherwise;
  if (breakEven === null || costElsewhere === null) return words.cost(dollars(cost ?? 0), otherwise);
  const even = words.even(dollars(breakEven));
  if (cost === null) return words.elsewhere(dollars(costElsewhere), even);
  const [here, there] = [dollars(cost), dollars(costElsewhere)];
  // What reads the same is not called cheaper.
  return words.compared(here, here === there ? "same" : cost < costElsewhere ? "less" : "more", there, even);
}

const dollars = (amount: number): string => formatValue(amount, "usd");

function interval({ plan, wall, best, guard }: Finishing, { hours, verdict: words }: Words): readonly string[] {
  if (plan.perNodeDay === 0) return [];
  if (best === null) {
    if (guard === null) return [];
    // Less likely than one in a hundred runs.
    return [words.seldom(guard.every > 100 * wall.hours ? null : guard)];
  }
  const saved = 1 - best.hours / wall.hours;
  const [now, then] = [hours(plan.interval), hours(best.interval)];
  return [saved < 0.005 || now === then ? words.closeToBest(now, then) : words.better(then, now, best.hours, saved)];
}

function help({ plan, savings: { uptime, checkpoints, dominant } }: Finishing, { hours, verdict: words }: Words): string {
  if (plan.perNodeDay === 0) return words.noInterruptions;
  const [less, safer] = [hours(uptime), hours(checkpoints)];
  if (plan.lost === 0) return words.noneLost(less);
  return words.help(less === safer ? "neither" : dominant, [survival(plan.lost), survival(plan.lost / 5)], less, safer);
}

/** With as many digits as it takes: 99.8 %, 99.98 %; never rounded up to all of them. */
function survival(lost: number): string {
  const digits = Math.max(1, Math.ceil(-Math.log10(lost * 100)) + 1);
  return `${((1 - lost) * 100).toFixed(Math.min(12, digits)).replace(/\.?0+$/, "")} %`;
}

function endless({ plan, best }: Endless, { verdict: words }: Words): readonly string[] {
  return best === null ? [words.unknown] : [words.endless(plan), wayOut(plan, best, words)];
}

const wayOut = (plan: Plan, best: BestInterval, words: Words["verdict"]): string =>
  best.hours > 100 * plan.hours ? words.noWayOut : words.wayOut(best.interval, plan.interval, best.hours);
