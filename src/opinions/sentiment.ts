/** From counts of people to what may be said of them: shares with intervals, a tested change, and the course over weeks. */
import type { LineChart } from "../core/chart.ts";
import { difference, wilson } from "./statistics.ts";
import {
  type Estimate,
  fewestForShares,
  type SentimentView,
  type Share,
  type Shift,
  type StanceCounts,
  stances,
  type Tally,
  type Topic,
} from "./types.ts";

const weekMs = 7 * 86_400_000;

export function viewOf(topic: Topic, days: number, { counts, before, quotes }: Tally): SentimentView {
  const people = stances.reduce((sum, stance) => sum + counts[stance], 0);
  const shares = {
    agree: shareOf(counts.agree, people),
    mixed: shareOf(counts.mixed, people),
    disagree: shareOf(counts.disagree, people),
    unclear: shareOf(counts.unclear, people),
  };
  const [agreement, earlier] = [agreementOf(counts), agreementOf(before)];
  return { topic, days, people, shares, agreement, earlier, shift: shiftOf(agreement.estimate, earlier.estimate), quotes };
}

/** @param weeks counts of consecutive weeks, the first of which begins at `from` */
export function agreementChart(topic: Topic, from: Date, weeks: readonly StanceCounts[]): LineChart {
  const shares = weeks.map(agreementOf);
  const people = shares.flatMap(({ of, estimate }) => (estimate === null ? [] : [of]));
  const [fewest, most] = [Math.min(...people), Math.max(...people)];
  return {
    kind: "line",
    title: `${topic.title}: agreement by week`,
    subtitle: `Of the ${fewest === most ? fewest : `${fewest} to ${most}`} people a week who took a side; open where fewer than ${fewestForShares}`,
    series: [
      {
        label: "Agree",
        points: shares.map(({ estimate }, week) => ({
          // Its last moment: the first of the next week is called by another day.
          at: new Date(from.getTime() + (week + 1) * weekMs - 1),
          value: estimate === null ? null : 100 * estimate.value,
        })),
      },
    ],
    unit: "share",
  };
}

/** Who is of two minds, or was not understood, took no side. */
const agreementOf = ({ agree, disagree }: StanceCounts): Share => shareOf(agree, agree + disagree);

const shareOf = (count: number, of: number): Share => ({ count, of, estimate: of < fewestForShares ? null : wilson(count, of) });

function shiftOf(now: Estimate | null, then: Estimate | null): Shift | null {
  if (now === null || then === null) return null;
  const by = difference(now, then);
  return { direction: by.low > 0 ? "up" : by.high < 0 ? "down" : "none", by };
}
