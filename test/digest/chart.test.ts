/** What stands over the digest's picture: where each of its numbers is from, and when that was. */
import { describe, expect, it } from "vitest";
import type { ChartSpec } from "../../src/core/chart.ts";
import { textsIn } from "../../src/core/texts.ts";
import { chartOf } from "../../src/digest/chart.ts";
import { facts } from "./facts.ts";

const subtitles = (spec: ChartSpec) => (spec.kind === "stack" ? spec.charts.map(({ subtitle }) => subtitle) : []);

describe("the picture of a digest", () => {
  it("names the source that the drawn line is of, and not that of today's figure, with the time of its newest point", () => {
    const points = [20, 21].map((day) => ({ at: new Date(`2026-11-${day}T23:50:00Z`), value: day }));
    expect(subtitles(chartOf(facts(), { source: "CoinPaprika", points }, textsIn("en").digest))).toEqual([
      "CoinPaprika, 21 Nov 2026, 23:50 UTC",
      "CoinGecko, 22 Nov 2026, 07:55 UTC",
    ]);
  });
});
