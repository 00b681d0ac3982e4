/** How good forecasts were: Brier's score, and the bins of a reliability diagram. */
import { type Bin, fewestForecasts, type Score, type Scored } from "./types.ts";

/** A bin of fewer forecasts is luck too. */
const fewestInBin = 5;
const bins = 10;

/**
 * Brier's score of one forecast of an event that happens or not, from 0 (certain and right) to 1 (certain and wrong); who always says one
 * half has 0.25.
 *
 * G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950) 1–3, equation 2, sums over
 * both classes and so goes to 2; this is the half of it, as is usual today for two classes.
 * @param probability from 0 to 1
 */
export const brier = (probability: number, happened: boolean): number => (probability - (happened ? 1 : 0)) ** 2;

/** @returns null of nothing */
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The points of a reliability diagram: in each tenth of the scale, what was said on average and how often it came true. Forecasts are
 * well calibrated where both agree. The upper end belongs to the next bin, and 1 to the last.
 *
 * A. H. Murphy and R. L. Winkler, "Reliability of subjective probability forecasts of precipitation and temperature", Journal of the Royal
 * Statistical Society C 26 (1977) 41–47.
 * @param leastPeople bins with fewer people are left out, and so are those with fewer than 5 forecasts
 */
export function reliability(scored: readonly Scored[], leastPeople: number): readonly Bin[] {
  const byBin = Map.groupBy(scored, ({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)));
  return [...byBin]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, inside]) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      forecasts: inside.length,
      people: new Set(inside.map(({ person }) => person)).size,
      said: mean(inside.map(({ probability }) => probability)) ?? 0,
      happened: inside.filter(({ happened }) => happened).length / inside.length,
    }))
    .filter(({ forecasts, people }) => forecasts >= fewestInBin && people >= leastPeople);
}

/**
 * The score of a community: on each question its mean counts as one forecast, and only questions that enough people answered count.
 * Calibration is that of all forecasts in them.
 */
export function crowdScore(scored: readonly Scored[]): Score {
  const questions = [...Map.groupBy(scored, ({ question }) => question).values()].filter((one) => one.length >= fewestForecasts.people);
  const all = questions.flat();
  const enough = questions.length >= fewestForecasts.questions;
  const each = questions.map((one) => brier(mean(one.map(({ probability }) => probability)) ?? 0, one[0]?.happened ?? false));
  return {
    questions: questions.length,
    forecasts: all.length,
    brier: enough ? mean(each) : null,
    bins: enough ? reliability(all, fewestForecasts.people) : [],
  };
}

/** The score of one person, for their own eyes. */
export function personScore(scored: readonly Scored[]): Score {
  const enough = scored.length >= fewestForecasts.questions;
  return {
    questions: scored.length,
    forecasts: scored.length,
    brier: enough ? mean(scored.map(({ probability, happened }) => brier(probability, happened))) : null,
    bins: enough ? reliability(scored, 1) : [],
  };
}
