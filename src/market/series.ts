/** A metric's stored history as one line for a chart. */
import type { Figure } from "../core/figure.ts";

/** The values of the source that has most of them, because two sources in one line would show their difference as a change. */
export function dailyValues(figures: readonly Figure[]): readonly { readonly at: Date; readonly value: number }[] {
  const bySource = Map.groupBy(
    figures.filter(({ value }) => value !== null),
    ({ source }) => source.name,
  );
  const [most = []] = [...bySource.values()].toSorted((a, b) => b.length - a.length);
  return most.map(({ fetchedAt, observedAt, precision, value }) => ({
    at: precision === "instant" ? (observedAt ?? fetchedAt) : fetchedAt,
    value: Number(value),
  }));
}
