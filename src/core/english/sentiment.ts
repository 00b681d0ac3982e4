/** In English: what a community thinks, in numbers; shares come as "57 %" and ranges as what `range` makes of them. */
import { peopleOf } from "./count.ts";

const windowOf = (days: number): string => (days === 1 ? "the last day" : `the last ${days} days`);
const beforeOf = (days: number): string => (days === 1 ? "the day before" : `the ${days} days before`);
const reasons = {
  copy: ["copy of other words", "copies of other words"],
  burst: ["in a flood within minutes", "in a flood within minutes"],
  newcomer: ["only just here", "only just here"],
} as const;

/** How many of whom; `share` and `range` are null where a percentage would say too much. */
interface Counted {
  readonly count: number;
  readonly of: number;
  readonly share: string | null;
  readonly range: string | null;
}

const ofWhom = ({ count, of, share, range }: Counted): string =>
  of === 0 ? "no side taken" : share === null ? `${count} of ${of}` : `${share} of ${of} (${range})`;

/** "57 % of the 21 who took a side (34 % to 77 %)". */
const ofThose = ({ count, of, share, range }: Counted): string => {
  const those = of === 1 ? "the one person who took a side" : `the ${of} who took a side`;
  return share === null ? `${count} of ${those}` : `${share} of ${those} (${range})`;
};

export const sentiment = {
  stances: { agree: "Agree", mixed: "Mixed", disagree: "Disagree", unclear: "Unclear" },
  /** Who stands behind a quote. */
  by: { agree: "agree", mixed: "mixed", disagree: "disagree", unclear: "unclear" },
  allTopics: "All topics",
  closed: "This topic is closed: nothing is logged on it any more.",
  nobody: (days: number): string => `Nobody here has said anything about this in ${windowOf(days)}.`,
  nobodyAtAll: (days: number): string => `Nobody here has said anything in ${windowOf(days)}.`,
  people: (people: number, days: number, belief: string): string => `${peopleOf(people)} in ${windowOf(days)}. ${belief}`,
  few: (fewest: number): string => `Fewer than ${fewest} people: counts only, no percentages. Each member's newest opinion counts once.`,
  once: "Each member's newest opinion counts once. Beside each share stands its 95 % interval (Wilson): the fewer people, the wider.",
  title: "What this community thinks",
  discussed: (days: number): string => `In ${windowOf(days)}, most discussed first:`,
  head: {
    topic: "Topic",
    people: "People",
    agree: "Agree",
    trend: "Trend",
    stance: "Stance",
    interval: "95 % interval",
    platform: "Platform",
  },
  shareOf: (people: number): string => `Share of ${people}`,
  countOf: (count: number, people: number): string => `${count} of ${people}`,
  agreeNote: (fewest: number): string => `Agree: of those who took a side, with the 95 % interval; below ${fewest} people no percentage.`,
  trendNote: (days: number): string =>
    `Trend against ${beforeOf(days)}: ▲ ▼ more than chance, = no more than chance, – too few people to test.`,
  robustNote: "* The robust count tells something else: open the topic.",
  range: (low: string, high: string): string => `${low} to ${high}`,
  ofWhom,
  belief: (agreement: Counted): string => (agreement.of === 0 ? "Nobody took a side." : `**Agreement:** ${ofThose(agreement)}.`),
  noTrend: (days: number): string => `Nobody took a side in ${beforeOf(days)}, so there is no trend yet.`,
  untested: (earlier: Counted, days: number, fewest: number, now: number): string =>
    `**Trend:** after ${ofWhom(earlier)} in ${beforeOf(days)}. A change is only tested where at least ${fewest} people took a side each time (here ${earlier.of} and ${now}).`,
  /** @param by signed percentage points */
  trend: (
    direction: "up" | "down" | "none",
    earlier: Counted,
    days: number,
    by: { readonly value: string; readonly low: string; readonly high: string },
  ): string => {
    const then = `${ofWhom(earlier)} in ${beforeOf(days)}`;
    const points = `${by.value} percentage points, 95 % interval ${by.low} to ${by.high}`;
    if (direction === "none") return `**Trend:** no change that chance would not explain, after ${then} (${points}).`;
    return `**Trend:** agreement ${direction === "up" ? "rose" : "fell"} by more than chance, after ${then} (${points}).`;
  },
  course: (direction: "up" | "down" | "none", weeks: number, z: string): string => {
    const test = `Cochran–Armitage test over ${weeks} weeks, z ${z}`;
    if (direction === "none") return `**By week:** no trend that chance would not explain (${test}).`;
    return `**By week:** agreement ${direction === "up" ? "rises" : "falls"} by more than chance (${test}).`;
  },
  leftOut: (why: keyof typeof reasons, n: number): string => `${n} ${reasons[why][n === 1 ? 0 : 1]}`,
  /** @param differs what is believed then; null where it is the same */
  robust: (leftOut: string, people: number, of: number, differs: string | null): string => {
    const told = `**Robust count**, without ${leftOut}: ${people} of ${peopleOf(of)}`;
    return differs === null ? `${told}. It says the same.` : `${told}. **It tells something else:** ${differs}`;
  },
  measured: (measured: number, people: number, belief: string): string =>
    measured === 0
      ? `**Measured only:** none of ${people === 1 ? "one person" : `the ${people}`} says to have measured.`
      : `**Measured only:** ${measured} of ${peopleOf(people)} say${measured === 1 ? "s" : ""} to have measured. ${belief}`,
  earlierWording: (proposition: string, people: number, days: number, belief: string): string =>
    `**On an earlier wording**, “${proposition}”: ${peopleOf(people)} in ${windowOf(days)}. ${belief}`,
  noMeasurement: (metric: string): string => `**Measured, beside what is believed:** no data on ${metric}.`,
  measurement: (source: string): string => `**Measured, beside what is believed** (${source}):`,
  chart: {
    title: (topic: string): string => `${topic}: agreement by week`,
    subtitle: (fewest: number, most: number, least: number): string =>
      `Of the ${fewest === most ? fewest : `${fewest} to ${most}`} people a week who took a side; open where fewer than ${least}`,
    line: "Agree",
  },
} as const;
