/** The market domain: which figures are shown when sources fail, and that nobody asks them more than needed. */
import { beforeEach, describe, expect, it } from "vitest";
import { formatFreshness } from "../../src/core/figure.ts";
import { baseline } from "../../src/market/baseline.ts";
import { createMarket } from "../../src/market/market.ts";
import type { Market, PriceSource } from "../../src/market/types.ts";
import { FakeSource, MemoryFigures } from "./fakes.ts";

let time: number;
let store: MemoryFigures;
let gecko: FakeSource;
let paprika: FakeSource;
let market: Market;
let logged: string[];
let watched: readonly string[];
const now = () => new Date(time);
const minutes = (n: number) => n * 60_000;
const { signal } = new AbortController();
const open = (sources: readonly PriceSource[] = [gecko, paprika]) =>
  createMarket({
    sources,
    store,
    watched: async () => watched,
    now,
    log: { warn: (_, message) => void logged.push(message), error: (_, message) => void logged.push(message) },
  });

beforeEach(() => {
  time = Date.parse("2026-11-22T12:00:00Z");
  logged = [];
  watched = [];
  store = new MemoryFigures();
  gecko = new FakeSource("CoinGecko", now);
  gecko.says = { bitcoin: { price: 70_000, cap: 1.4e12, change: 1.5 }, akash: { price: 0.6, cap: 1.7e8, change: -2 } };
  gecko.sector = { cap: 1.1e10, change: 3.2 };
  paprika = new FakeSource("CoinPaprika", now);
  paprika.says = { bitcoin: { price: 70_001 } };
  market = open();
});

describe("a market view", () => {
  it("is live while a source answers, the sector first", async () => {
    const view = await market.view(signal);
    expect(view).toMatchObject({ origin: "live", troubles: [] });
    expect(view.figures.map((f) => f.metric).slice(0, 3)).toEqual(["sector.market_cap", "sector.change_24h", "bitcoin.price"]);
    expect(paprika.asked).toBe(0);
  });

  it("falls back to the next source, says why, and never mixes the two", async () => {
    gecko.failing("timeout");
    const view = await market.view(signal);
    expect(view.origin).toBe("live");
    expect(view.troubles).toEqual([{ source: "CoinGecko", kind: "timeout" }]);
    expect(new Set(view.figures.map((f) => f.source.name))).toEqual(new Set(["CoinPaprika"]));
  });

  it("is the last answer, marked stale, when every source fails", async () => {
    await market.view(signal);
    time += minutes(180);
    gecko.failing("rate_limited");
    paprika.failing("unauthorised");
    const view = await market.view(signal);
    expect(view.origin).toBe("stored");
    expect(view.troubles).toEqual([
      { source: "CoinGecko", kind: "rate_limited" },
      { source: "CoinPaprika", kind: "unauthorised" },
    ]);
    expect(view.figures.every((f) => f.state === "stale")).toBe(true);
    for (const f of view.figures) expect(formatFreshness(f, now())).toContain("3 h old");
  });

  it("is the stored answer after a restart", async () => {
    await market.view(signal);
    time += minutes(60);
    gecko.failing("unreachable");
    paprika.failing("unreachable");
    const view = await open().view(signal);
    expect(view.origin).toBe("stored");
    expect(view.figures).toHaveLength(8);
  });

  it("is of the newest source alone when stored figures come from two", async () => {
    await market.view(signal);
    time += minutes(5);
    gecko.failing("timeout");
    await market.view(signal);
    time += minutes(5);
    paprika.failing("timeout");
    for (const view of [await market.view(signal), await open().view(signal)]) {
      expect(view.origin).toBe("stored");
      expect(view.figures.map((f) => [f.metric, f.source.name])).toEqual([["bitcoin.price", "CoinPaprika"]]);
    }
  });

  it("is the snapshot of August 2024 when nothing was ever stored", async () => {
    gecko.failing("server_error");
    paprika.failing("bad_shape");
    const view = await market.view(signal);
    expect(view).toMatchObject({ origin: "baseline", figures: baseline });
    expect(view.troubles).toHaveLength(2);
  });

  it("says that no source is switched on", async () => {
    expect(await open([]).view(signal)).toMatchObject({ origin: "baseline", troubles: [{ source: null, kind: "switched_off" }] });
  });

  it("takes an empty answer for a failure", async () => {
    gecko.says = {};
    gecko.sector = null;
    expect((await market.view(signal)).troubles).toEqual([{ source: "CoinGecko", kind: "bad_shape" }]);
  });

  it("survives a source with a bug", async () => {
    gecko.fails = new TypeError("planted");
    const view = await market.view(signal);
    expect(view.troubles).toEqual([{ source: "CoinGecko", kind: "unexpected" }]);
    expect(logged).toContain("a source failed unexpectedly");
  });

  it("is shown although it cannot be stored, and is still known when the sources fail later", async () => {
    store.broken = true;
    expect((await market.view(signal)).origin).toBe("live");
    expect(logged).toContain("live figures could not be stored");
    time += minutes(10);
    gecko.failing("timeout");
    paprika.failing("timeout");
    expect(await market.view(signal)).toMatchObject({ origin: "stored" });
    expect(await open().view(signal)).toMatchObject({ origin: "baseline" });
  });

  it("logs once which assets a source has no price for", async () => {
    await market.view(signal);
    time += minutes(2);
    await market.view(signal);
    expect(logged.filter((line) => line === "the source has no usable price for these assets")).toHaveLength(1);
  });
});

describe("asking the sources", () => {
  it("happens once for all members who ask at the same time", async () => {
    const views = await Promise.all(Array.from({ length: 50 }, () => market.view(signal)));
    expect(gecko.asked).toBe(1);
    expect(new Set(views.map((v) => v.figures[2]?.id)).size).toBe(1);
  });

  it("happens again only when the answer is no longer fresh", async () => {
    await market.view(signal);
    time += 59_000;
    await market.view(signal);
    expect(gecko.asked).toBe(1);
    time += 2_000;
    await market.view(signal);
    expect(gecko.asked).toBe(2);
  });

  it("lets a source that failed rest for 15 seconds, and remembers why", async () => {
    gecko.failing("timeout");
    paprika.failing("timeout");
    const first = await market.view(signal);
    time += 14_000;
    expect((await market.view(signal)).troubles).toEqual(first.troubles);
    expect(gecko.asked).toBe(1);
    time += 2_000;
    gecko.fails = null;
    expect((await market.view(signal)).origin).toBe("live");
  });

  it("lets a source rest for as long as it asked", async () => {
    gecko.failing("rate_limited", 50_000);
    paprika.failing("timeout");
    await market.view(signal);
    time += 40_000;
    await market.view(signal);
    expect([gecko.asked, paprika.asked]).toEqual([1, 2]);
  });

  it("goes on for the others when one member gives up", async () => {
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    gecko.hold = promise;
    const impatient = new AbortController();
    const [gaveUp, patient] = [market.view(impatient.signal), market.view(signal)];
    impatient.abort(new Error("enough"));
    await expect(gaveUp).rejects.toThrow("enough");
    letGo();
    expect((await patient).origin).toBe("live");
    expect(gecko.asked).toBe(1);
  });

  it("ends when the program stops, also with a source that does not listen", async () => {
    gecko.hold = new Promise(() => undefined);
    const stop = new AbortController();
    market = createMarket({
      sources: [gecko],
      store,
      watched: async () => [],
      now,
      log: { warn: () => undefined, error: () => undefined },
      stop: stop.signal,
    });
    const view = market.view(signal);
    stop.abort();
    expect(await view).toMatchObject({ origin: "baseline", troubles: [{ source: "CoinGecko", kind: "timeout" }] });
  });
});

describe("a known figure", () => {
  it("is live, then stale, then the snapshot's, and never asks a source", async () => {
    expect(await market.known("sector.market_cap")).toMatchObject({ value: 19e9, bound: "about", precision: "month", state: "stale" });
    await market.view(signal);
    expect(await market.known("sector.market_cap")).toMatchObject({ value: 1.1e10, state: "live" });
    time += minutes(5);
    expect(await market.known("sector.market_cap")).toMatchObject({ value: 1.1e10, state: "stale" });
    expect(await open().known("sector.market_cap")).toMatchObject({ value: 1.1e10, state: "stale" });
    expect(await market.known("filecoin.capacity_raw")).toMatchObject({ value: 22.754, unit: "eib" });
    expect(await market.known("filecoin.moon_phase")).toBeNull();
    expect(gecko.asked).toBe(1);
  });

  it("does not read the archive for each of a thousand questions", async () => {
    await Promise.all(Array.from({ length: 1000 }, () => market.known("bitcoin.price")));
    expect(store.reads).toBe(1);
  });

  it("is the snapshot's when the archive is broken", async () => {
    store.broken = true;
    expect(await market.known("bitcoin.price")).toMatchObject({ value: 59_493 });
  });
});

describe("a receipt", () => {
  it("is found for live, stored and bundled figures, however it was typed", async () => {
    const [shown] = (await market.view(signal)).figures;
    for (const typed of [shown?.id ?? "", ` ${shown?.id.toUpperCase()} `, `\`${shown?.id}\``])
      expect(await market.receipt(typed)).toEqual(shown);
    expect(await open().receipt(shown?.id ?? "")).toEqual(shown);
    for (const f of baseline) expect(await market.receipt(f.id)).toEqual(f);
    expect(await market.receipt("nonsense")).toBeNull();
    expect(await market.receipt("")).toBeNull();
  });

  it("is not called unknown when the archive cannot be read", async () => {
    store.broken = true;
    await expect(market.receipt("abcdefgh")).rejects.toThrow("disk full");
  });
});
