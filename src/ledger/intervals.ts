/** Exact intervals around a rate and a share that were counted: they hold for few events too, and for none. */
import jstat from "jstat";
import type { Estimate } from "../opinions/types.ts";

/**
 * Events per unit of exposure, with the exact interval of Garwood for a Poisson count: its ends are quantiles of gamma distributions.
 * A count that is no whole number, as of reports that weigh less than others, takes the same quantiles in between.
 * Source: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936) 437–442.
 * @param events at least 0; @param exposure above 0, in node-days for instance; @param level of confidence, above 0 and below 1
 * @throws RangeError for what cannot be counted
 */
export function garwood(events: number, exposure: number, level = 0.95): Estimate {
  if (!(Number.isFinite(events) && events >= 0 && Number.isFinite(exposure) && exposure > 0))
    throw new RangeError(`${events} events in ${exposure} are no rate`);
  const tail = (1 - level) / 2;
  return {
    value: events / exposure,
    low: events === 0 ? 0 : gammaQuantile(tail, events) / exposure,
    high: gammaQuantile(1 - tail, events + 1) / exposure,
  };
}

/** Beyond it the library sums so many terms that everyone would wait, and the cube root is as good. */
const large = 10_000;

/**
 * With a scale of one. Of large shapes by the cube root's normal distribution, which is right to seven digits at 95 % there.
 * Source: E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", Proc. Natl. Acad. Sci. USA 17 (1931) 684–688.
 */
function gammaQuantile(p: number, shape: number): number {
  if (shape <= large) return jstat.gamma.inv(p, shape, 1);
  return shape * (1 - 1 / (9 * shape) + jstat.normal.inv(p, 0, 1) / (3 * Math.sqrt(shape))) ** 3;
}

/**
 * A share with the exact interval of Clopper and Pearson for a binomial count: its ends are quantiles of beta distributions.
 * Counts that are no whole numbers take the same quantiles in between.
 * Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
 * Biometrika 26 (1934) 404–413.
 * @param count from 0 to `of`; @param of above 0; @param level of confidence, above 0 and below 1
 * @returns parts of one
 * @throws RangeError for what is no share
 */
export function clopperPearson(count: number, of: number, level = 0.95): Estimate {
  // Sums of weighted counts may miss a whole by a hair.
  const others = Math.max(0, of - count);
  if (!(Number.isFinite(of) && of > 0 && count >= 0 && count <= of * (1 + 1e-12))) throw new RangeError(`${count} of ${of} is no share`);
  const tail = (1 - level) / 2;
  return {
    value: Math.min(1, count / of),
    low: count === 0 ? 0 : jstat.beta.inv(tail, count, others + 1),
    high: others === 0 ? 1 : jstat.beta.inv(1 - tail, count + 1, others),
  };
}
