/** How sure a count of people makes one: intervals around a share, and whether two shares differ by more than chance. */
import type { Estimate } from "./types.ts";

/** The 97.5 % point of the standard normal distribution: two-sided intervals of 95 %. */
const z = 1.959963984540054;

/**
 * A share with its 95 % Wilson score interval, which, unlike the textbook's, stays within 0 and 1 and holds for few people too.
 * Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212; method 3 in R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872.
 * @param count of those who do, a whole number from 0 to `of`; @param of all who were counted, at least 1
 * @returns parts of one
 * @throws RangeError for what is no count
 */
export function wilson(count: number, of: number): Estimate {
  if (!(Number.isSafeInteger(count) && Number.isSafeInteger(of) && count >= 0 && count <= of && of > 0))
    throw new RangeError(`${count} of ${of} is no share`);
  const middle = (count + z ** 2 / 2) / (of + z ** 2);
  const reach = (z / (of + z ** 2)) * Math.sqrt((count * (of - count)) / of + z ** 2 / 4);
  // At the ends the formula gives exactly 0 and 1; floating point may miss them by a hair.
  return {
    value: count / of,
    low: count === 0 ? 0 : Math.max(0, middle - reach),
    high: count === of ? 1 : Math.min(1, middle + reach),
  };
}

/**
 * How much one share exceeds another, with the 95 % interval that combines their Wilson intervals. Where it excludes zero, the two
 * differ at the 5 % level: a test of two proportions that, unlike the pooled z-test, can be trusted with a handful of people.
 * The shares are taken as of different people. Where the same ones are in both and mostly stay with what they think, the interval
 * is too wide rather than too narrow.
 * Source: method 10 in R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
 * Medicine 17 (1998) 873–890.
 * @returns parts of one, from −1 to 1
 */
export function difference(now: Estimate, then: Estimate): Estimate {
  const value = now.value - then.value;
  return {
    value,
    low: Math.max(-1, value - Math.hypot(now.value - now.low, then.high - then.value)),
    high: Math.min(1, value + Math.hypot(now.high - now.value, then.value - then.low)),
  };
}

/**
 * The Cochran–Armitage test for a linear trend in shares: the standard normal statistic, positive where the share rises; beyond ±1.96 it
 * is a trend at the 5 % level. The groups are taken as of different people: where the same ones are in several, the test is the more cautious.
 * Source: P. Armitage, "Tests for linear trends in proportions and frequencies", Biometrics 11 (1955) 375–386.
 * @param groups in order, each with its score; @returns 0 where all are alike, or where there is nothing to compare
 */
export function linearTrend(groups: readonly { readonly count: number; readonly of: number; readonly score: number }[]): number {
  const all = groups.reduce((sum, { of }) => sum + of, 0);
  const share = groups.reduce((sum, { count }) => sum + count, 0) / all;
  const middle = groups.reduce((sum, { of, score }) => sum + of * score, 0) / all;
  const drift = groups.reduce((sum, { count, of, score }) => sum + (count - of * share) * (score - middle), 0);
  const spread = share * (1 - share) * groups.reduce((sum, { of, score }) => sum + of * (score - middle) ** 2, 0);
  return spread > 0 ? drift / Math.sqrt(spread) : 0;
}

/** Whether a standard normal statistic is further out than chance brings it in nineteen of twenty cases. */
export const isBeyondChance = (statistic: number): boolean => Math.abs(statistic) > z;
