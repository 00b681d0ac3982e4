/** A poll's counts as bars. */
import type { BarChart } from "../core/chart.ts";
import { formatTime } from "../core/figure.ts";
import type { Results } from "./types.ts";

export function resultChart({ poll, tally }: Results): BarChart {
  const people = tally.people === 1 ? "1 person" : `${tally.people} people`;
  const when = poll.closedAt === null ? "so far" : `closed ${formatTime(poll.closedAt, "instant")}`;
  return {
    kind: "bars",
    title: poll.question,
    subtitle: `${people}, ${when}`,
    bars: poll.options.map((label, option) => ({ label, value: tally.options[option] ?? 0 })),
    unit: "count",
  };
}
