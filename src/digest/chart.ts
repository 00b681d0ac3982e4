/** The digest's picture: the sector's market cap over the last days, and below it the movers. */
import type { BarChart, ChartSpec, LineChart } from "../core/chart.ts";
import { formatTime } from "../core/figure.ts";
import type { MoverFact } from "./body.ts";
import type { Facts } from "./gather.ts";

/** @param points of the archive, one a day, oldest first */
export function chartOf(facts: Facts, points: readonly { readonly at: Date; readonly value: number }[]): ChartSpec {
  const time = formatTime(facts.now, "instant");
  const line: LineChart = {
    kind: "line",
    title: "DePIN sector market cap, 30 days",
    subtitle: `${facts.sector?.source.name ?? "Depinion's archive"}, ${time}`,
    series: [{ label: "DePIN sector", points }],
    unit: "usd",
  };
  const movers: readonly MoverFact[] = [...(facts.movers?.up ?? []), ...(facts.movers?.down ?? []).toReversed()];
  const bars: BarChart = {
    kind: "bars",
    title: "Movers in 24 hours",
    subtitle: `${movers[0]?.change.source.name ?? ""}, ${time}`,
    bars: movers.flatMap(({ name, change }) => (change.value === null ? [] : [{ label: name, value: Number(change.value) }])),
    unit: "percent",
  };
  return { kind: "stack", charts: [line, bars] };
}
