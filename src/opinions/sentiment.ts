/** From counts of people to what may be said of them: shares with intervals, a tested change, and the course over weeks. */
import type { LineChart } from "../core/chart.ts";
import { platformNames } from "../core/ids.ts";
import type { Texts } from "../core/texts.ts";
import { type Stance, stances } from "../reading/types.ts";
import type { Topic } from "../topics/types.ts";
import { difference, isBeyondChance, linearTrend, wilson } from "./statistics.ts";
import {
  asides,
  type Cohort,
  type Course,
  type Estimate,
  fewestForShares,
  type Quotation,
  type SentimentView,
  type Share,
  type Shift,
  type StanceCounts,
  type Standpoint,
  type Tally,
} from "./types.ts";

const weekMs = 7 * 86_400_000;
/** A trend over fewer weeks is a change, which the two windows show already. */
const fewestWeeks = 3;
/** Points by which agreement must differ between the two counts to be told: less is lost in the rounding of small groups. */
const tellingDifference = 0.05;

export function viewOf(topic: Topic, days: number, { recent, before }: Tally, quotes: readonly Quotation[]): SentimentView {
  const kept = (cohorts: readonly Cohort[]) => cohorts.filter(({ aside }) => aside === null);
  const [all, robust] = [standpointOf(recent), standpointOf(kept(recent))];
  const [earlier, robustEarlier] = [standpointOf(before).agreement, standpointOf(kept(before)).agreement];
  const shift = shiftOf(all.agreement.estimate, earlier.estimate);
  const robustShift = shiftOf(robust.agreement.estimate, robustEarlier.estimate);
  const leftOut = asides.flatMap((why) => {
    const people = peopleOf(recent.filter(({ aside }) => aside === why));
    return people === 0 ? [] : [[why, people] as const];
  });
  const platforms = platformNames
    .map((platform) => ({ platform, ...standpointOf(recent.filter((cohort) => cohort.platform === platform)) }))
    .filter(({ people }) => people > 0)
    .toSorted((a, b) => b.people - a.people);
  return {
    topic,
    days,
    ...all,
    earlier,
    shift,
    robust: { ...robust, shift: robustShift },
    leftOut: Object.fromEntries(leftOut),
    differs: differ(all.agreement, robust.agreement) || shift?.direction !== robustShift?.direction,
    measured: standpointOf(recent.filter(({ measured }) => measured)),
    platforms,
    quotes,
  };
}

/** Two shares of which one is of too few people, or that lie on two sides of the middle, or clearly apart. */
function differ(raw: Share, robust: Share): boolean {
  if (raw.estimate === null || robust.estimate === null) return (raw.estimate === null) !== (robust.estimate === null);
  const [a, b] = [raw.estimate.value, robust.estimate.value];
  return (a - 0.5) * (b - 0.5) < 0 || Math.abs(a - b) >= tellingDifference;
}

/** @param weeks cohorts of consecutive weeks, the first of which begins at `from` */
export function agreementByWeek(
  topic: Topic,
  from: Date,
  weeks: readonly (readonly Cohort[])[],
  { chart: words }: Texts["sentiment"],
): { readonly chart: LineChart; readonly course: Course | null } {
  const shares = weeks.map((week) => standpointOf(week).agreement);
  const people = shares.flatMap(({ of, estimate }) => (estimate === null ? [] : [of]));
  const [fewest, most] = [Math.min(...people), Math.max(...people)];
  const chart: LineChart = {
    kind: "line",
    title: words.title(topic.title),
    subtitle: words.subtitle(fewest, most, fewestForShares),
    series: [
      {
        label: words.line,
        points: shares.map(({ estimate }, week) => ({
          // Its last moment: the first of the next week is called by another day.
          at: new Date(from.getTime() + (week + 1) * weekMs - 1),
          value: estimate === null ? null : 100 * estimate.value,
        })),
      },
    ],
    unit: "share",
  };
  return { chart, course: courseOf(shares) };
}

/** Of the weeks that are drawn. */
function courseOf(shares: readonly Share[]): Course | null {
  const drawn = shares.flatMap(({ count, of, estimate }, score) => (estimate === null ? [] : [{ count, of, score }]));
  if (drawn.length < fewestWeeks) return null;
  const z = linearTrend(drawn);
  return { weeks: drawn.length, z, direction: !isBeyondChance(z) ? "none" : z > 0 ? "up" : "down" };
}

export function standpointOf(cohorts: readonly Cohort[]): Standpoint {
  const count = (stance: Stance) => peopleOf(cohorts.filter((cohort) => cohort.stance === stance));
  const counts: StanceCounts = { agree: count("agree"), mixed: count("mixed"), disagree: count("disagree"), unclear: count("unclear") };
  const people = stances.reduce((sum, stance) => sum + counts[stance], 0);
  const shares = {
    agree: shareOf(counts.agree, people),
    mixed: shareOf(counts.mixed, people),
    disagree: shareOf(counts.disagree, people),
    unclear: shareOf(counts.unclear, people),
  };
  // Who is of two minds, or was not understood, took no side.
  return { people, shares, agreement: shareOf(counts.agree, counts.agree + counts.disagree) };
}

const peopleOf = (cohorts: readonly Cohort[]): number => cohorts.reduce((sum, { people }) => sum + people, 0);

const shareOf = (count: number, of: number): Share => ({ count, of, estimate: of < fewestForShares ? null : wilson(count, of) });

function shiftOf(now: Estimate | null, then: Estimate | null): Shift | null {
  if (now === null || then === null) return null;
  const by = difference(now, then);
  return { direction: by.low > 0 ? "up" : by.high < 0 ? "down" : "none", by };
}
