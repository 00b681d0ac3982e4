/** Questions as people type them: what is understood, what is refused, and that nothing is understood differently when it is read again. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestGpus } from "../../src/compute/gpus.ts";
import { type Unit, units } from "../../src/core/figure.ts";
import { readDeadline } from "../../src/forecasts/deadline.ts";
import { latestMs, questionLine, readQuestion, soonestMs } from "../../src/forecasts/read-question.ts";
import { formatThreshold, readThreshold } from "../../src/forecasts/threshold.ts";
import { comparisons, type Draft } from "../../src/forecasts/types.ts";
import { watchList } from "../../src/market/assets.ts";
import { price } from "../contracts/stores/fixtures.ts";

const now = new Date("2026-11-22T18:00:00Z");
const archive = (
  [
    ["bitcoin.price", "Bitcoin price", 90_000, "usd"],
    ["bitcoin.market_cap", "Bitcoin market cap", 1.8e12, "usd"],
    ["akash.price", "Akash price", 1.2, "usd"],
    ["akash.market_cap", "Akash market cap", 3e8, "usd"],
    ["akash.change_7d", "Akash 7 d change", -4, "percent"],
    ["akash.gpus_active", "Akash GPUs leased", 400, "count"],
    ["sector.market_cap", "DePIN sector market cap", 19e9, "usd"],
    ["filecoin.capacity_raw", "Filecoin raw capacity", 22.754, "eib"],
    ["filecoin.market_cap", "Filecoin market cap", 2e9, "usd"],
    ["arweave.height", "Arweave blocks", 1_500_000, "count"],
    ["arweave.weave_size", "Arweave data stored", 2 ** 47, "bytes"],
    ["compute.index", "GPU-hours on networks over clouds' lists, same GPU", 29.4, "share"],
    ["compute.h100_sxm_80.akash.price", "H100 SXM 80 GB, Akash: GPU-hour, providers' bids", 2.58, "usd"],
    ["compute.h100_pcie_80.akash.price", "H100 PCIe 80 GB, Akash: GPU-hour, providers' bids", 2.2, "usd"],
    ["compute.h100_sxm_80.aws.price", "H100 SXM 80 GB, AWS: GPU-hour, list price", 6.88, "usd"],
    ["compute.h100_sxm_80.networks", "H100 SXM 80 GB: networks' median GPU-hour", 2.04, "usd"],
    ["compute.h100_sxm_80.clouds", "H100 SXM 80 GB: clouds' median list price", 6.88, "usd"],
    ["compute.h100_sxm_80.index", "H100 SXM 80 GB: networks over clouds' lists", 29.7, "share"],
    ["compute.rtx_4090_24.akash.price", "RTX 4090 24 GB, Akash: GPU-hour, providers' bids", 0.4, "usd"],
    ["compute.h100_sxm_80.akash.low", "H100 SXM 80 GB, Akash: lowest GPU-hour", 1.9, "usd"],
  ] as const
).map(([metric, label, value, unit]) => price({ metric, label, value, unit, fetchedAt: now, observedAt: null, raw: String(value) }));
const networkMetrics = new Set(["akash.gpus_active", "filecoin.capacity_raw", "arweave.height", "arweave.weave_size"]);
const names = { assets: watchList, gpus: nearestGpus("") };
const read = (text: string, zone = "UTC", archived = archive) => readQuestion(text, { archived, networkMetrics, zone, now, ...names });
async function understood(text: string, zone = "UTC"): Promise<Draft> {
  const found = await read(text, zone);
  if (found.kind === "problem") throw new TypeError(`“${text}”: ${JSON.stringify(found.problem)}`);
  return found.draft;
}
async function problemOf(text: string) {
  const found = await read(text);
  return found.kind === "problem" ? found.problem : found.draft.metric;
}

describe("a figure", () => {
  it.each([
    ["Akash H100 median", "compute.h100_sxm_80.akash.price"],
    ["H100 on Akash", "compute.h100_sxm_80.akash.price"],
    ["the price of an Akash h100 pcie", "compute.h100_pcie_80.akash.price"],
    ["akash rtx4090", "compute.rtx_4090_24.akash.price"],
    ["AWS H100 80GB list price", "compute.h100_sxm_80.aws.price"],
    ["H100 networks median", "compute.h100_sxm_80.networks"],
    ["decentralised H100", "compute.h100_sxm_80.networks"],
    ["H100 index", "compute.h100_sxm_80.index"],
    ["compute index", "compute.index"],
    ["compute.h100_sxm_80.clouds", "compute.h100_sxm_80.clouds"],
    ["Bitcoin", "bitcoin.price"],
    ["btc", "bitcoin.price"],
    ["will bitcoin be", "bitcoin.price"],
    ["bitcoin's market cap", "bitcoin.market_cap"],
    ["Bitcion price", "bitcoin.price"],
    ["AKT", "akash.price"],
    ["akash price", "akash.price"],
    ["Akash GPUs leased", "akash.gpus_active"],
    ["DePIN market cap", "sector.market_cap"],
    ["Filecoin raw capacity", "filecoin.capacity_raw"],
  ])("“%s” is %s", async (typed, metric) => {
    const unit = archive.find((one) => one.metric === metric);
    const near = formatThreshold(Number(unit?.value) * 2, unit?.unit ?? "usd");
    expect((await understood(`${typed} above ${near} by 2027-01-31`)).metric).toBe(metric);
  });

  it("that could be several is asked back, and one that is not archived is refused with the nearest", async () => {
    expect(await problemOf("H100 below $2 by 2027-01-31")).toMatchObject({
      kind: "several_metrics",
      near: expect.arrayContaining([expect.objectContaining({ metric: "compute.h100_sxm_80.akash.price" })]),
      rest: "below $2 by 2027-01-31",
    });
    expect(await problemOf("Akash H200 below $2 by 2027-01-31")).toMatchObject({ kind: "unknown_metric", near: expect.any(Array) });
    expect(await problemOf("Dogecoin above $2 by 2027-01-31")).toMatchObject({ kind: "unknown_metric" });
    expect(await problemOf("above $2 by 2027-01-31")).toMatchObject({ kind: "unknown_metric", typed: "" });
    // Stored only where somebody asks: no figure could be counted on.
    expect(await problemOf("compute.h100_sxm_80.akash.low below $2 by 2027-01-31")).toMatchObject({ kind: "unknown_metric" });
  });

  it("that has not been archived lately, or never, cannot be asked about", async () => {
    const old = archive.map((one) => ({ ...one, fetchedAt: new Date(now.getTime() - 7 * 3_600_000) }));
    expect(await read("bitcoin above $100k by 2027-01-31", "UTC", old)).toMatchObject({ problem: { kind: "stale" } });
    // A day's price may be a day old.
    expect(await read("Akash H100 median below $2 by 2027-01-31", "UTC", old)).toMatchObject({ kind: "draft" });
    expect(await read("bitcoin above $100k by 2027-01-31", "UTC", [])).toMatchObject({ problem: { kind: "nothing_archived" } });
  });
});

describe("a comparison", () => {
  it.each([
    ["below", "below"],
    ["under", "below"],
    ["less than", "below"],
    ["falls below", "below"],
    ["<", "below"],
    ["above", "above"],
    ["over", "above"],
    ["more than", "above"],
    [">", "above"],
    ["at least", "at_least"],
    ["not below", "at_least"],
    ["≥", "at_least"],
    [">=", "at_least"],
    ["at most", "at_most"],
    ["no more than", "at_most"],
    ["<=", "at_most"],
  ] as const)("“%s” is %s", async (typed, comparison) => {
    expect((await understood(`bitcoin ${typed} $80,000 by 2027-01-31`)).comparison).toBe(comparison);
  });

  it("is what a number stands behind, not a word of the figure's name", async () => {
    expect(await understood("H100 networks over clouds index below 50 % by 2027-01-31")).toMatchObject({
      metric: "compute.h100_sxm_80.index",
      comparison: "below",
    });
  });
});

describe("a threshold", () => {
  it.each([
    ["$2", "usd", 2],
    ["2 usd", "usd", 2],
    ["2.5 dollars", "usd", 2.5],
    ["$1,000,000.50", "usd", 1_000_000.5],
    ["$19bn", "usd", 19e9],
    ["19 billion", "usd", 19e9],
    ["$1.2 trillion", "usd", 1.2e12],
    ["100k", "usd", 100_000],
    ["25 EiB", "eib", 25],
    ["25600 PiB", "eib", 25],
    ["128 TiB", "bytes", 2 ** 47],
    ["60%", "share", 60],
    ["-5 %", "percent", -5],
    ["−5 percent", "percent", -5],
    ["1.5 million", "count", 1_500_000],
    [".5", "tao", 0.5],
    ["7 AR", "ar", 7],
  ] as const)("“%s” in %s is %s", (typed, unit, value) => {
    expect(readThreshold(`${typed} by 2027-01-31`, unit)).toEqual({ kind: "threshold", value, rest: " by 2027-01-31" });
  });

  it.each([
    ["25 EiB", "usd", "wrong_unit"],
    ["60 %", "usd", "wrong_unit"],
    ["$5", "count", "wrong_unit"],
    ["5 TAO", "ar", "wrong_unit"],
    ["1,5", "usd", "no_threshold"],
    ["100.000", "usd", "dotted_threshold"],
    ["$1.000", "usd", "dotted_threshold"],
    ["1.000.000", "usd", "no_threshold"],
    ["two", "usd", "no_threshold"],
    ["1e999", "usd", "no_threshold"],
    ["--5", "percent", "no_threshold"],
    ["5x", "usd", "no_threshold"],
    ["", "usd", "no_threshold"],
  ] as const)("“%s” for %s is refused: %s", (typed, unit, kind) => {
    expect(readThreshold(`${typed} by 2027-01-31`, unit)).toEqual({ kind });
  });

  it("is written so that it reads back as exactly the same number", () =>
    fc.assert(
      fc.property(
        fc.constantFrom<Unit>(...units),
        fc.oneof(
          fc.double({ min: 1e-6, max: 1e15, noNaN: true }),
          fc.nat(10_000_000).map((n) => n / 100),
          fc.nat(1_000).map((n) => n * 1e9),
        ),
        fc.boolean(),
        (unit, size, minus) => {
          const value = unit === "percent" && minus && size > 0 ? -size : size;
          expect(readThreshold(formatThreshold(value, unit), unit)).toEqual({ kind: "threshold", value, rest: "" });
        },
      ),
      { numRuns: 1000 },
    ));

  it("far beyond reason, below zero, or reached for ever already is refused", async () => {
    expect(await problemOf("bitcoin above $99,000,000 by 2027-01-31")).toMatchObject({ kind: "far_threshold", low: 90, high: 90_000_000 });
    expect(await problemOf("bitcoin above 0 by 2027-01-31")).toMatchObject({ kind: "below_zero" });
    expect(await problemOf("akash.change_7d below -100 % by 2027-01-31")).toMatchObject({ kind: "far_threshold" });
    expect(await problemOf("arweave.height above 1.4m by 2027-01-31")).toMatchObject({ kind: "decided" });
    expect(await problemOf("arweave.height at least 1,500,000 by 2027-01-31")).toMatchObject({ kind: "decided" });
    expect(await problemOf("arweave.height above 1.5m by 2027-01-31")).toBe("arweave.height");
  });
});

describe("a moment", () => {
  it.each([
    ["by 2027-01-31", "UTC", "2027-02-01T00:00:00Z"],
    ["on 31 January 2027", "UTC", "2027-02-01T00:00:00Z"],
    ["by 31 January?", "UTC", "2027-02-01T00:00:00Z"],
    ["by Jan 31st", "UTC", "2027-02-01T00:00:00Z"],
    ["by 31.1.2027", "UTC", "2027-02-01T00:00:00Z"],
    ["by the end of 2027-01-31", "UTC", "2027-02-01T00:00:00Z"],
    ["before 2027-02-01", "UTC", "2027-02-01T00:00:00Z"],
    ["by 2027-01-31", "Europe/Vienna", "2027-01-31T23:00:00Z"],
    ["by 2027-01-31", "Asia/Tokyo", "2027-01-31T15:00:00Z"],
    // The night in which the clocks go back is an hour longer.
    ["by 2027-10-31", "Europe/Vienna", "2027-10-31T23:00:00Z"],
    ["by 2027-01-31 18:30", "Europe/Vienna", "2027-01-31T17:30:00Z"],
    ["by 2027-01-31 18:30 UTC", "Europe/Vienna", "2027-01-31T18:30:00Z"],
    ["by 2027-01-31T23:00:00.000Z", "Asia/Tokyo", "2027-01-31T23:00:00Z"],
    ["tomorrow", "UTC", "2026-11-24T00:00:00Z"],
    // It is Monday already in Tokyo.
    ["tomorrow", "Asia/Tokyo", "2026-11-24T15:00:00Z"],
    ["by next Friday", "UTC", "2026-11-28T00:00:00Z"],
    ["in 3 months", "UTC", "2027-02-23T00:00:00Z"],
    ["in 5 hours", "Asia/Tokyo", "2026-11-22T23:00:00Z"],
  ])("“%s” in %s is %s", async (text, zone, at) => {
    expect(await readDeadline(` ${text}`, zone, now)).toEqual({ kind: "deadline", at: new Date(at) });
  });

  it.each([
    ["", "no_date"],
    ["by 2027", "no_date"],
    ["by January 2027", "no_date"],
    ["by next year", "no_date"],
    ["by 2027-02-30", "no_date"],
    ["soon", "no_date"],
    ["by 2027-01-31 or so", "no_date"],
    ["between 2027-01-31 and 2027-02-03", "no_date"],
    ["by 2027-01-31 to 2027-02-03", "no_date"],
    ["by 1/2/2027", "slashed_date"],
    ["by 31/1", "slashed_date"],
  ])("“%s” is none: %s", async (text, kind) => {
    expect(await readDeadline(` ${text}`, "UTC", now)).toEqual({ kind });
  });

  it("lies between an hour and two years ahead, and forecasts close before it", async () => {
    const at = async (ms: number) => problemOf(`bitcoin above $100k by ${new Date(now.getTime() + ms).toISOString()}`);
    expect(await at(-1)).toMatchObject({ kind: "past" });
    expect(await at(soonestMs - 1)).toMatchObject({ kind: "too_soon" });
    expect(await at(soonestMs)).toBe("bitcoin.price");
    expect(await at(latestMs)).toBe("bitcoin.price");
    expect(await at(latestMs + 1)).toMatchObject({ kind: "too_far" });
    const short = await understood("bitcoin above $100k by 2026-11-23 04:00");
    expect(short.closesAt).toEqual(new Date("2026-11-23T03:00:00Z"));
    expect((await understood("bitcoin above $100k by 2027-01-31")).closesAt).toEqual(new Date("2027-01-31T00:00:00Z"));
  });
});

describe("any question", () => {
  it("reads back from its own line as exactly the same", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ...archive.filter(({ metric }) => !metric.endsWith(".low") && metric !== "arweave.height" && metric !== "arweave.weave_size"),
        ),
        fc.constantFrom(...comparisons),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: soonestMs, max: latestMs }),
        fc.constantFrom("UTC", "Asia/Tokyo", "America/St_Johns"),
        async (present, comparison, factor, ms, zone) => {
          const { metric, label, unit } = present;
          const terms = {
            metric,
            label,
            unit,
            comparison,
            threshold: Math.abs(Number(present.value)) * factor,
            resolvesAt: new Date(now.getTime() + ms),
          };
          const draft = await understood(questionLine({ ...terms, closesAt: now, toleranceMs: 0, source: "" }), zone);
          expect(draft).toMatchObject(terms);
          expect(draft.closesAt.getTime()).toBeLessThan(draft.resolvesAt.getTime());
          expect(draft.closesAt.getTime()).toBeGreaterThan(now.getTime());
        },
      ),
      { numRuns: 200 },
    ));

  it("whatever is typed, is a question or a problem, and never a mistake of the program", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ maxLength: 80 }),
          fc
            .array(
              fc.constantFrom(
                "bitcoin",
                "H100",
                "akash",
                "below",
                "above",
                "at least",
                "$2",
                "19bn",
                "-5 %",
                "1e308",
                "by",
                "2027-01-31",
                "31/1",
                "0",
                "?",
                "<",
                "not",
                "NaN",
                "Infinity",
              ),
              { maxLength: 8 },
            )
            .map((words) => words.join(" ")),
        ),
        async (text) => {
          const found = await read(text);
          if (found.kind === "draft") {
            expect(Number.isFinite(found.draft.threshold)).toBe(true);
            expect(found.draft.resolvesAt.getTime()).toBeGreaterThan(now.getTime());
          }
        },
      ),
      { numRuns: 400 },
    ));
});
