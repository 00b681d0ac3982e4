/** Takes a question apart into figure, comparison, threshold and moment, and says what of it cannot be asked. */
import type { Figure } from "../core/figure.ts";
import { readDeadline } from "./deadline.ts";
import { metricsMeant, type Names, onlyGrows, toleranceOf } from "./metrics.ts";
import { readThreshold } from "./threshold.ts";
import type { Comparison, Problem, Read, Terms } from "./types.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Sooner than this nobody could answer. */
export const soonestMs = 60 * minuteMs;
/** Two years: what the bot archives then, nobody can promise. */
export const latestMs = 731 * dayMs;
/** A threshold further from today's value than this is a slip of a digit or a unit. */
export const farthest = 1000;
/** Whoever waits until the figure is nearly known has not forecast: the last tenth of the time is closed, and at most its last day. */
const closedMs = (leftMs: number): number => Math.min(dayMs, leftMs / 10);

/** In the order in which they are tried: "not below" is read before "below". */
const phrases: readonly (readonly [RegExp, Comparison])[] = [
  [/(?:\b(?:at least|no less than|not less than|not below|not under|greater than or equal to|reach(?:es)?)\b|>=|≥)/i, "at_least"],
  [/(?:\b(?:at most|no more than|not more than|not above|not over|less than or equal to)\b|<=|≤)/i, "at_most"],
  [/(?:\b(?:(?:falls?|drops?|stays?|be|is|trades?)\s+)?(?:below|under|beneath|(?:less|lower|cheaper) than)\b|<)/i, "below"],
  [/(?:\b(?:(?:rises?|climbs?|stays?|be|is|trades?)\s+)?(?:above|over|(?:more|greater|higher) than|exceeds?)\b|>)/i, "above"],
];

function comparisonIn(text: string): { readonly metric: string; readonly comparison: Comparison; readonly rest: string } | null {
  for (const [pattern, comparison] of phrases) {
    // "networks over clouds" is a figure's name: the comparison is what a number stands behind.
    for (const found of text.matchAll(new RegExp(pattern, "gi"))) {
      const rest = text.slice(found.index + found[0].length).trimStart();
      if (/^[-+−]?\s*(?:\$|usd\b)?\s*[-+−]?\.?\d/i.test(rest)) return { metric: text.slice(0, found.index), comparison, rest };
    }
  }
  return null;
}

const hasComparison = (text: string): boolean => phrases.some(([pattern]) => pattern.test(text));

export interface ReadOptions extends Names {
  /** The newest of each metric. */
  readonly archived: readonly Figure[];
  readonly networkMetrics: ReadonlySet<string>;
  readonly zone: string;
  readonly now: Date;
}

const problem = (one: Problem): Read => ({ kind: "problem", problem: one });

export async function readQuestion(text: string, { archived, networkMetrics, zone, now, ...names }: ReadOptions): Promise<Read> {
  const known = archived.filter(({ metric, value }) => value !== null && toleranceOf(metric, networkMetrics) !== null);
  if (known.length === 0) return problem({ kind: "nothing_archived" });
  const parts = comparisonIn(text);
  if (parts === null) return problem({ kind: hasComparison(text) ? "no_threshold" : "no_comparison" });
  const typed = parts.metric.trim();
  const { meant, near } = metricsMeant(typed, known, names);
  const [first, ...others] = meant;
  const said = { typed, rest: text.slice(parts.metric.length).trim() };
  if (first === undefined) return problem({ kind: "unknown_metric", ...said, near });
  if (others.length > 0) return problem({ kind: "several_metrics", ...said, near: meant });
  const present = known.find(({ metric }) => metric === first.metric);
  const toleranceMs = toleranceOf(first.metric, networkMetrics);
  if (present === undefined || toleranceMs === null) throw new TypeError(`${first.metric} was known a moment ago`);
  if (now.getTime() - present.fetchedAt.getTime() > toleranceMs) return problem({ kind: "stale", present });
  const threshold = readThreshold(parts.rest, present.unit);
  if (threshold.kind !== "threshold")
    return problem(threshold.kind === "wrong_unit" ? { kind: "wrong_unit", present } : { kind: threshold.kind });
  const nonsense = checkThreshold(present, parts.comparison, threshold.value);
  if (nonsense !== null) return problem(nonsense);
  const deadline = await readDeadline(threshold.rest, zone, now);
  if (deadline.kind !== "deadline") return problem({ kind: deadline.kind });
  const leftMs = deadline.at.getTime() - now.getTime();
  if (leftMs <= 0) return problem({ kind: "past" });
  if (leftMs < soonestMs) return problem({ kind: "too_soon" });
  if (leftMs > latestMs) return problem({ kind: "too_far" });
  const { metric, label, unit, source } = present;
  const terms: Terms = {
    ...{ metric, label, unit, comparison: parts.comparison, threshold: threshold.value, resolvesAt: deadline.at, toleranceMs },
    closesAt: new Date(deadline.at.getTime() - closedMs(leftMs)),
    source: source.name,
  };
  return { kind: "draft", draft: { ...terms, present } };
}

/** Null where it can be asked about. */
function checkThreshold(present: Figure, comparison: Comparison, threshold: number): Problem | null {
  const value = Number(present.value);
  if (present.unit === "percent")
    return Math.abs(threshold) > 100 * farthest || threshold <= -100 ? far(present, -100, 100 * farthest) : null;
  if (threshold <= 0) return { kind: "below_zero", present };
  if (value > 0 && (threshold > value * farthest || threshold < value / farthest)) return far(present, value / farthest, value * farthest);
  if (onlyGrows(present.metric) && (threshold < value || (threshold === value && (comparison === "at_least" || comparison === "below"))))
    return { kind: "decided", present, comparison, threshold };
  return null;
}

const far = (present: Figure, low: number, high: number): Problem => ({ kind: "far_threshold", present, low, high });

const words: Readonly<Record<Comparison, string>> = { below: "below", at_most: "at most", above: "above", at_least: "at least" };

/** A question that reads back as exactly the same, whatever the archive holds by then. */
export const questionLine = ({ metric, comparison, threshold, resolvesAt }: Terms): string =>
  `${metric} ${words[comparison]} ${plainDigits(threshold)} by ${resolvesAt.toISOString()}`;

/** JavaScript's own shortest digits, without an exponent that `readThreshold` does not know. */
const plainDigits = (value: number): string => String(value).replace(/e\+/, "e");
