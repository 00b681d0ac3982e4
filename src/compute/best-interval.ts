/** The checkpoint interval of least expected time: by search, and by the rules that are usually quoted. */
import { nodeRate, nodesOf, segmentsOf, wallStoppingAll } from "./closed-form.ts";
import type { BestInterval, Plan, Rule } from "./types.ts";

/**
 * Young's rule: √(2δM), δ the time to write and M the mean time between failures of the whole run, both in hours.
 * Source: J. W. Young, “A first order approximation to the optimum checkpoint interval”, Communications of the ACM 17(9), 1974,
 * https://doi.org/10.1145/361147.361115
 */
export const young = (write: number, mtbf: number): number => Math.sqrt(2 * write * mtbf);

/**
 * Daly's higher-order rule, for δ < 2M: √(2δM)[1 + ⅓√(δ/2M) + ⅑(δ/2M)] − δ; beyond that, M.
 * Source: J. T. Daly, Future Generation Computer Systems 22 (2006), equation 37, https://doi.org/10.1016/j.future.2004.11.016
 */
export function daly(write: number, mtbf: number): number {
  const x = write / (2 * mtbf);
  return x < 1 ? young(write, mtbf) * (1 + Math.sqrt(x) / 3 + x / 9) - write : mtbf;
}

/**
 * Searches the best number of checkpoints, in about 100 evaluations however long the run: the expected time falls and then rises with it.
 * Only for a run that an interruption stops as a whole.
 */
export function bestInterval(plan: Plan): BestInterval {
  const at = (interval: number): number => wallStoppingAll({ ...plan, interval });
  const byCount = (count: number): number => at(plan.hours / count);
  const rate = nodesOf(plan) * nodeRate(plan);
  // An interval shorter than its own writing is never asked for.
  let low = 1;
  let high = Math.max(1, Math.floor(plan.hours / Math.max(plan.write, plan.hours / 1e7)));
  while (high - low > 2) {
    const third = Math.floor((high - low) / 3);
    // Both may be too great to be written: then more checkpoints are needed.
    const [left, right] = [byCount(low + third), byCount(high - third)];
    if (left < right) high -= third + 1;
    else low += third;
  }
  let count = low;
  for (let other = low; other <= high; other++) if (byCount(other) < byCount(count)) count = other;
  const best = byCount(count);
  const rule = (interval: number, holds: boolean): Rule => {
    const usable = Math.min(Math.max(interval, plan.write), plan.hours);
    const wall = at(usable);
    return { interval, holds, excess: Number.isFinite(wall) && Number.isFinite(best) ? wall / best - 1 : null };
  };
  const mtbf = rate === 0 ? Number.POSITIVE_INFINITY : 1 / rate;
  const first = young(plan.write, mtbf);
  return {
    interval: plan.hours / segmentsOf({ ...plan, interval: plan.hours / count }),
    hours: best,
    // Young breaks the series of e^x off behind its square, x = (interval + write) / M: below 0.3 the cube adds less than a tenth to that.
    young: rule(first, plan.lost === 0 && (first + plan.write) / mtbf <= 0.3),
    daly: rule(daly(plan.write, mtbf), plan.lost === 0 && plan.write < 2 * mtbf),
  };
}
