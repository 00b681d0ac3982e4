/** A metric's stored history as one line for a chart. */
import type { Figure } from "../core/figure.ts";
import type { Series } from "./types.ts";

/** The values of the source that has most of them, because two sources in one line would show their difference as a change. */
export function dailyValues(figures: readonly Figure[]): Series | null {
  const bySource = Map.groupBy(
    figures.filter(({ value }) => value !== null),
    ({ source }) => source.name,
  );
  const [most] = [...bySource].toSorted(([, a], [, b]) => b.length - a.length);
  if (most === undefined) return null;
  const [source, values] = most;
  const points = values.map(({ fetchedAt, observedAt, precision, value }) => ({
    at: precision === "instant" ? (observedAt ?? fetchedAt) : fetchedAt,
    value: Number(value),
  }));
  return { source, points };
}
