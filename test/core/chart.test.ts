import { describe, expect, it } from "vitest";
import { type ChartSpec, describeChart } from "../../src/core/chart.ts";

const at = (day: number, hour = 12) => new Date(Date.UTC(2026, 10, day, hour));
const line = (...points: readonly (readonly [day: number, value: number | null])[]): ChartSpec => ({
  kind: "line",
  title: "Sector market cap",
  subtitle: "CoinGecko, 22 Nov 2026",
  series: [{ label: "DePIN", points: points.map(([day, value]) => ({ at: at(day), value })) }],
  unit: "usd",
});
const bars = (...list: readonly (readonly [label: string, value: number])[]): ChartSpec => ({
  kind: "bars",
  title: "Movers",
  subtitle: "CoinGecko, 22 Nov 2026",
  bars: list.map(([label, value]) => ({ label, value })),
  unit: "percent",
});

describe("a chart in words", () => {
  it("tells the first, last, lowest and highest value of a line, whatever the order of its points", () => {
    const told =
      "Sector market cap. CoinGecko, 22 Nov 2026. DePIN: first $10.2 billion (1 Nov 2026), last $10.5 billion (22 Nov 2026), lowest $9.8 billion (8 Nov 2026), highest $11 billion (15 Nov 2026).";
    expect(describeChart(line([1, 10.2e9], [8, 9.8e9], [15, 11e9], [22, 10.5e9]))).toBe(told);
    expect(describeChart(line([15, 11e9], [22, 10.5e9], [1, 10.2e9], [8, 9.8e9]))).toBe(told);
  });

  it("counts what is missing, and never takes it for zero", () => {
    const told = describeChart(line([1, null], [2, 3e9], [5, Number.NaN], [9, 4e9], [10, null]));
    expect(told).toContain("first $3 billion (2 Nov 2026), last $4 billion (9 Nov 2026), lowest $3 billion");
    expect(told).toMatch(/; 3 of 5 values are missing\.$/);
    expect(told).not.toMatch(/\$0|NaN|null/);
  });

  it("tells the hour where all happened within two days", () => {
    const chart = line([22, 1e9], [22, 2e9]);
    if (chart.kind !== "line") throw new Error("a line was asked for");
    const points = chart.series[0]?.points.map((point, i) => ({ ...point, at: at(22, 9 + i) })) ?? [];
    expect(describeChart({ ...chart, series: [{ label: "DePIN", points }] })).toContain("first $1 billion (22 Nov 2026, 09:00 UTC)");
  });

  it("says of a series without values that it has none", () => {
    const chart = line([1, 1e9], [9, 2e9]);
    if (chart.kind !== "line") throw new Error("a line was asked for");
    const empty = { label: "Akash", points: [{ at: at(1), value: null }] };
    expect(describeChart({ ...chart, series: [...chart.series, empty] })).toMatch(/ Akash: no data\.$/);
  });

  it("tells each bar with its sign", () => {
    expect(describeChart(bars(["Akash", 12.4], ["Render", 0], ["Helium", -4.85]))).toBe(
      "Movers. CoinGecko, 22 Nov 2026. Akash +12.4 %, Render ±0 %, Helium −4.85 %.",
    );
  });

  it("is nothing where there are fewer than two values", () => {
    for (const spec of [
      line(),
      line([1, 1]),
      line([1, null], [2, 5]),
      bars(),
      bars(["Akash", 1]),
      bars(["Akash", 1], ["Render", Number.NaN]),
    ])
      expect(describeChart(spec)).toBeNull();
  });
});
