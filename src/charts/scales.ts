/** Where a line chart's axes begin and end, and where its line breaks. */
import { type KnownPoint, knownPoints, type LineChart } from "../core/chart.ts";
import type { Unit } from "../core/figure.ts";

const day = 86_400_000;

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** From the first to the last moment, also where nothing is known of it. */
export function timeRange({ series }: LineChart): Range {
  const times = series.flatMap(({ points }) => points.map(({ at }) => at.getTime()));
  return { min: Math.min(...times), max: Math.max(...times) };
}

/** Values with room around them. A nearly level line stays level: the axis spans at least 4 % of the value. */
export function valueRange({ series, unit }: LineChart): Range {
  // A share is read against the whole: cut out, a few people more would look like a landslide.
  if (unit === "share") return { min: 0, max: 100 };
  const values = series.flatMap(({ points }) => knownPoints(points).map(({ value }) => value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const least = Math.max(0.04 * Math.max(Math.abs(low), Math.abs(high)), leastSpan[unit]);
  const room = Math.max(0.06 * (high - low), (least - (high - low)) / 2);
  return { min: low >= 0 ? Math.max(0, low - room) : low - room, max: high + room };
}

/** So that the labels of a line at zero still differ from each other. */
const leastSpan: Readonly<Record<Unit, number>> = {
  usd: 1e-6,
  percent: 0.2,
  share: 10,
  eib: 0.02,
  bytes: 4,
  count: 4,
  tao: 1e-6,
  ar: 1e-6,
};

/** Moments to name, the newest always: whole days apart, or with the hour where all happened within two days. */
export function timeTicks({ min, max }: Range): { readonly times: readonly number[]; readonly label: (at: number) => string } {
  const short = max - min < 2 * day;
  const step = short ? (max - min) / 2 : Math.ceil((max - min) / day / 4) * day;
  const format = short ? hourFormat : dayFormat;
  return { times: [4, 3, 2, 1, 0].map((i) => max - i * step).filter((at) => at >= min), label: (at) => format.format(at) };
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const hourFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * Stretches of which nothing is known: where values are null, and where a point is missing altogether, which shows by two neighbours
 * standing further apart than one and a half times the usual distance. No line is drawn across, because nobody knows where it would run.
 */
export function gapsOf(points: LineChart["series"][number]["points"], { min, max }: Range): readonly Gap[] {
  const times = points.map(({ at }) => at.getTime()).sort((a, b) => a - b);
  const distances = times.slice(1).map((at, i) => at - (times[i] ?? at));
  const usual = distances.toSorted((a, b) => a - b)[Math.floor((distances.length - 1) / 2)] ?? 0;
  const known = knownPoints(points).map(({ at }) => at.getTime());
  const [first, last] = [known[0] ?? min, known.at(-1) ?? max];
  const between = known.slice(1).map((to, i) => ({ from: known[i] ?? to, to }));
  return [{ from: min, to: first }, ...between, { from: last, to: max }].filter(({ from, to }) => to - from > 1.5 * usual && to > from);
}

/** What chart.js draws: the known points, and a break inside each gap. */
export function withBreaks(known: readonly KnownPoint[], gaps: readonly Gap[]): { x: number; y: number }[] {
  const drawn = known.map(({ at, value }) => ({ x: at.getTime(), y: value }));
  const breaks = gaps.map(({ from, to }) => ({ x: (from + to) / 2, y: Number.NaN }));
  return [...drawn, ...breaks].sort((a, b) => a.x - b.x);
}
