/** What a chart shows, as data, and the same in words for whoever cannot see it. */
import { formatTime, formatValue, type Unit } from "./figure.ts";

export interface ChartPoint {
  readonly at: Date;
  /** null where nothing is known: a gap, never zero. */
  readonly value: number | null;
}

export interface LineChart {
  readonly kind: "line";
  readonly title: string;
  /** Source and time of the numbers. */
  readonly subtitle: string;
  readonly series: readonly { readonly label: string; readonly points: readonly ChartPoint[] }[];
  readonly unit: Unit;
}

export interface BarChart {
  readonly kind: "bars";
  readonly title: string;
  /** Source and time of the numbers. */
  readonly subtitle: string;
  /** From top to bottom. */
  readonly bars: readonly { readonly label: string; readonly value: number }[];
  readonly unit: Unit;
}

/** Several charts in one picture, one below the other. Those without enough values are left out. */
export interface ChartStack {
  readonly kind: "stack";
  readonly charts: readonly (LineChart | BarChart)[];
}

export type ChartSpec = LineChart | BarChart | ChartStack;

/** A point whose value is known. */
export interface KnownPoint {
  readonly at: Date;
  readonly value: number;
}

/** The known points of a series, oldest first. A number that is none is as unknown as null. */
export const knownPoints = (points: readonly ChartPoint[]): readonly KnownPoint[] =>
  points
    .flatMap(({ at, value }) => (value === null || !Number.isFinite(value) ? [] : [{ at, value }]))
    .sort((a, b) => a.at.getTime() - b.at.getTime());

export const knownBars = ({ bars }: BarChart): BarChart["bars"] => bars.filter(({ value }) => Number.isFinite(value));

/**
 * A chart in words, from the numbers that are drawn: first, last, lowest and highest of each series, or each bar.
 * @returns null where there are fewer than two values, and so no chart
 */
export function describeChart(spec: ChartSpec): string | null {
  if (spec.kind === "stack") {
    const all = spec.charts.map(describeChart).filter((words) => words !== null);
    return all.length === 0 ? null : all.join(" ");
  }
  const told = spec.kind === "line" ? describeLines(spec) : describeBars(spec);
  return told === null ? null : [spec.title, spec.subtitle, ...told].map(sentence).join(" ");
}

function describeLines({ series, unit }: LineChart): readonly string[] | null {
  if (!series.some(({ points }) => knownPoints(points).length > 1)) return null;
  return series.map(({ label, points }) => {
    const known = knownPoints(points);
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined) return `${label}: no data`;
    const precision = last.at.getTime() - first.at.getTime() < 2 * 86_400_000 ? "instant" : "day";
    const tell = ({ at, value }: KnownPoint) => `${formatValue(value, unit)} (${formatTime(at, precision)})`;
    const lowest = known.reduce((a, b) => (b.value < a.value ? b : a));
    const highest = known.reduce((a, b) => (b.value > a.value ? b : a));
    const missing = points.length - known.length;
    const gaps = missing === 0 ? "" : `; ${missing} of ${points.length} values are missing`;
    return `${label}: first ${tell(first)}, last ${tell(last)}, lowest ${tell(lowest)}, highest ${tell(highest)}${gaps}`;
  });
}

function describeBars(spec: BarChart): readonly string[] | null {
  const bars = knownBars(spec);
  return bars.length < 2 ? null : [bars.map(({ label, value }) => `${label} ${formatValue(value, spec.unit)}`).join(", ")];
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
