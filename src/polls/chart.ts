/** A poll's counts as bars. */
import type { BarChart } from "../core/chart.ts";
import { formatTime } from "../core/figure.ts";
import type { Texts } from "../core/texts.ts";
import type { Results } from "./types.ts";

export function resultChart({ poll, tally }: Results, words: Texts["results"]): BarChart {
  return {
    kind: "bars",
    title: poll.question,
    subtitle: words.chart(tally.people, poll.closedAt === null ? null : formatTime(poll.closedAt, "instant")),
    bars: poll.options.map((label, option) => ({ label, value: tally.options[option] ?? 0 })),
    unit: "count",
  };
}
