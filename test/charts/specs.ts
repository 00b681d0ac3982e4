/** Charts as they occur, and as they should not; each has its picture in `test/fixtures/charts`. */
import type { ChartPoint, ChartSpec } from "../../src/core/chart.ts";

const day = 86_400_000;
const end = Date.UTC(2026, 10, 22, 12);
const subtitle = "CoinGecko · 22 Nov 2026, 12:00 UTC";

/** One value a day up to the same day; no randomness, so that pictures stay the same. */
const daily = (days: number, value: (day: number) => number | null): readonly ChartPoint[] =>
  Array.from({ length: days }, (_, i) => ({ at: new Date(end - (days - 1 - i) * day), value: value(i) }));
const cap = (i: number): number => 10.4e9 + 0.6e9 * Math.sin(i / 4) + 0.25e9 * Math.cos(i * 1.7);

export const sector = {
  kind: "line",
  title: "DePIN sector market cap, 30 days",
  subtitle,
  series: [{ label: "DePIN sector", points: daily(30, cap) }],
  unit: "usd",
} as const satisfies ChartSpec;

const unknown = new Set([5, 12, 13, 15, 16, 17, 18]);

const movers = {
  kind: "bars",
  title: "Movers in 24 hours",
  subtitle,
  bars: [
    { label: "Akash Network", value: 12.41 },
    { label: "Render", value: 7.2 },
    { label: "io.net", value: 3.05 },
    { label: "Filecoin", value: -2.1 },
    { label: "Helium", value: -4.85 },
    { label: "The Graph", value: -9.6 },
  ],
  unit: "percent",
} as const satisfies ChartSpec;

export const specs = {
  sector,
  /** The picture of a digest. */
  digest: { kind: "stack", charts: [sector, movers] },
  /** Days of which nothing is known, one known day between them, and a day that is not even mentioned. */
  gap: {
    ...sector,
    series: [{ label: "DePIN sector", points: daily(30, (i) => (unknown.has(i) ? null : cap(i))).filter((_, i) => i !== 25) }],
  },
  /** Nothing is known of the newest days: the axis still reaches today. */
  ended: { ...sector, series: [{ label: "DePIN sector", points: daily(30, (i) => (i > 20 ? null : cap(i))) }] },
  two: { ...sector, title: "DePIN sector market cap", series: [{ label: "DePIN sector", points: daily(2, cap) }] },
  level: {
    kind: "line",
    title: "Filecoin raw capacity",
    subtitle: "Filfox · 22 Nov 2026, 12:00 UTC",
    series: [{ label: "Filecoin", points: daily(30, (i) => 22.7 + i / 1000) }],
    unit: "eib",
  },
  several: {
    kind: "line",
    title: "Change since 24 October",
    subtitle,
    series: [
      { label: "Akash", points: daily(30, (i) => i * 0.4) },
      { label: "Filecoin", points: daily(30, (i) => -i * 0.3 + Math.sin(i)) },
      { label: "Render", points: daily(30, (i) => (i > 9 && i < 14 ? null : Math.sin(i / 3) * 5)) },
    ],
    unit: "percent",
  },
  movers,
  down: {
    kind: "bars",
    title: "Movers in 24 hours",
    subtitle,
    bars: [
      { label: "Filecoin", value: -2.1 },
      { label: "Helium", value: -4.85 },
    ],
    unit: "percent",
  },
  /** Too long, right to left, signs that the font lacks, a mark that turns the writing around, and changes too small to show. */
  labels: {
    kind: "bars",
    title: "A title that goes on and on about everything that moved up and everything that moved down today, and then some more of it",
    subtitle: "CoinGecko, weighted by market capitalisation and free float, as of 22 Nov 2026, 12:00 UTC",
    bars: [
      { label: "The Decentralised Autonomous Physical Infrastructure Network of Networks", value: 2 },
      { label: "רשת אקאש", value: 1 },
      { label: "🚀🚀 Rocket 🚀", value: 0 },
      { label: "ビットコイン BTC", value: -1 },
      { label: "\u202etsitra\u202c", value: -0.004 },
    ],
    unit: "percent",
  },
} as const satisfies Record<string, ChartSpec>;
