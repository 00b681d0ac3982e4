import { describe, expect, it } from "vitest";
import { type Figure, figure, formatAge, formatFigure, formatFreshness, formatTime, receiptOf } from "../../src/core/figure.ts";

const at = new Date("2026-11-22T12:00:00Z");
const make = (value: Figure["value"], unit: Figure["unit"], more: Partial<Figure> = {}): Figure => ({
  ...figure({
    metric: "x.y",
    label: "X",
    value,
    unit,
    source: { name: "S", url: "" },
    observedAt: at,
    precision: "instant",
    fetchedAt: at,
    raw: String(value),
    state: "live",
  }),
  ...more,
});

describe("a figure in words", () => {
  it.each([
    [19e9, "usd", "$19 billion"],
    [999_999_999, "usd", "$1 billion"],
    [1_800_000_000, "usd", "$1.8 billion"],
    [2_621_040_321_355, "usd", "$2.62 trillion"],
    [59_493, "usd", "$59,493"],
    [1.25, "usd", "$1.25"],
    [3.271e-9, "usd", "$0.00000000327"],
    [-4.0423, "percent", "−4.04 %"],
    [7.585, "percent", "+7.59 %"],
    [-0.001, "percent", "±0 %"],
    [57.142857, "share", "57.1 %"],
    [22.754, "eib", "22.754 EiB"],
    [1_034_741n, "count", "1,034,741"],
    [371_000_000_000_000_001n, "bytes", "329.514 PiB"],
    [97_088_718_807_286n, "bytes", "88.302 TiB"],
    [1_125_899_906_842_600n, "bytes", "1 PiB"],
    [512n, "bytes", "512 bytes"],
    [10_512_345.6789, "tao", "10,512,346 TAO"],
    [3.5, "ar", "3.5 AR"],
    [0.00003120563, "ar", "0.0000312 AR"],
  ] as const)("%s %s is %s", (value, unit, words) => {
    expect(formatFigure(make(value, unit))).toBe(words);
  });

  it("keeps what the source would not say more exactly", () => {
    expect(formatFigure(make(19e9, "usd", { bound: "about" }))).toBe("about $19 billion");
    expect(formatFigure(make(1_000_000, "count", { bound: "at_least" }))).toBe("at least 1,000,000");
  });

  it("is never a zero where it is missing", () => {
    expect(formatFigure(make(null, "usd"))).toBe("no data");
    expect(formatFigure(make(0, "usd", { state: "missing" }))).toBe("no data");
    expect(formatFreshness(make(null, "usd"), at)).toBe("");
  });
});

describe("its time", () => {
  it("is as exact as it is known", () => {
    expect(formatTime(at, "instant")).toBe("22 Nov 2026, 12:00 UTC");
    expect(formatTime(at, "day")).toBe("22 Nov 2026");
    expect(formatTime(at, "month")).toBe("November 2026");
  });
  it("comes with its age when it is stale", () => {
    const stale = make(1, "usd", { state: "stale" });
    expect(formatFreshness(stale, new Date(at.getTime() + 5 * 3_600_000))).toBe("22 Nov 2026, 12:00 UTC, 5 h old");
  });
  it.each([
    [20_000, "less than a minute"],
    [180_000, "3 min"],
    [5 * 3_600_000, "5 h"],
    [12 * 24 * 3_600_000, "12 days"],
  ])("an age of %s ms is %s", (ms, words) => {
    expect(formatAge(ms)).toBe(words);
  });
});

describe("its receipt", () => {
  it("is eight characters that nobody confuses, the same for the same figure and another for any other", () => {
    const one = make(1, "usd");
    expect(one.id).toMatch(/^[a-km-np-z2-9]{8}$/);
    expect(receiptOf(one)).toBe(one.id);
    const others = [make(2, "usd"), { ...one, metric: "x.z" }, { ...one, fetchedAt: new Date(0) }, { ...one, observedAt: null }].map(
      receiptOf,
    );
    expect(new Set([one.id, ...others]).size).toBe(5);
  });
});
