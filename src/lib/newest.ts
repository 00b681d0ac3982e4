/** The best of several figures of one metric, and what it is called once it is no longer live. */
import type { Figure } from "../core/figure.ts";

const timeOf = (figure: Figure): number => (figure.observedAt ?? figure.fetchedAt).getTime();

/** The newest figure of each metric, by the source's own time. */
export function newestOfEach(figures: readonly Figure[]): readonly Figure[] {
  const best = new Map<string, Figure>();
  for (const figure of figures) {
    const known = best.get(figure.metric);
    if (known === undefined || timeOf(figure) > timeOf(known)) best.set(figure.metric, figure);
  }
  return [...best.values()];
}

export const stale = (figure: Figure): Figure => (figure.state === "live" ? { ...figure, state: "stale" } : figure);
