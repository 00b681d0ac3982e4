/** The digest's picture: the sector's market cap over the last days, and below it the movers. */
import type { BarChart, ChartSpec, LineChart } from "../core/chart.ts";
import { formatTime } from "../core/figure.ts";
import type { Texts } from "../core/texts.ts";
import type { Series } from "../market/types.ts";
import type { MoverFact } from "./body.ts";
import type { Facts } from "./gather.ts";

/** @param sector of the archive, one value a day; null where there is none */
export function chartOf(facts: Facts, sector: Series | null, { chart: words }: Texts["digest"]): ChartSpec {
  const newest = sector?.points.at(-1)?.at ?? facts.now;
  const line: LineChart = {
    kind: "line",
    title: words.sector,
    // The archive's line may come from another source than today's figure.
    subtitle: words.subtitle(sector?.source ?? words.archive, formatTime(newest, "instant")),
    series: [{ label: words.line, points: sector?.points ?? [] }],
    unit: "usd",
  };
  const movers: readonly MoverFact[] = [...(facts.movers?.up ?? []), ...(facts.movers?.down ?? []).toReversed()];
  const first = movers[0]?.change;
  const bars: BarChart = {
    kind: "bars",
    title: words.movers,
    subtitle: first === undefined ? "" : words.subtitle(first.source.name, formatTime(first.observedAt ?? first.fetchedAt, "instant")),
    bars: movers.flatMap(({ name, change }) => (change.value === null ? [] : [{ label: name, value: Number(change.value) }])),
    unit: "percent",
  };
  return { kind: "stack", charts: [line, bars] };
}
