/** How a metric changed: the arithmetic of the stored figures, and nothing else. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type Figure, figure } from "../../src/core/figure.ts";
import { receiptId } from "../../src/core/ids.ts";
import { createMarket } from "../../src/market/market.ts";
import type { Market } from "../../src/market/types.ts";
import { FakeSource, MemoryFigures } from "./fakes.ts";

const start = Date.parse("2026-11-22T12:00:00Z");
const hour = 3_600_000;
let time: number;
let store: MemoryFigures;
let gecko: FakeSource;
let paprika: FakeSource;
let market: Market;
let logged: string[];
const now = () => new Date(time);
const { signal } = new AbortController();
const open = () =>
  createMarket({
    sources: [gecko, paprika],
    store,
    watched: async () => [],
    now,
    log: { warn: () => undefined, error: (_, message) => void logged.push(message) },
  });
/** Stores a figure that was fetched so many hours before now. */
const stored = async (metric: string, hoursAgo: number, value: number | bigint, parts: Partial<Figure> = {}): Promise<Figure> => {
  const at = new Date(start - hoursAgo * hour);
  const one = figure({
    metric,
    label: "It",
    value,
    unit: "usd",
    raw: String(value),
    source: { name: "CoinGecko", url: "https://prices.example/" },
    observedAt: at,
    precision: "instant",
    fetchedAt: at,
    state: "live",
    ...parts,
  });
  await store.save([one]);
  return one;
};
/** Of the best that is known of a metric. */
const changes = async (metric: string) => {
  const shown = await market.known(metric);
  return shown === null ? [] : market.changes(shown);
};
const told = async (metric: string) => (await changes(metric)).map(({ period, figure: f, from }) => [period, f.value, from]);

beforeEach(() => {
  time = start;
  logged = [];
  store = new MemoryFigures();
  gecko = new FakeSource("CoinGecko", now);
  paprika = new FakeSource("CoinPaprika", now);
  gecko.says = { akash: { price: 110, change: 1, week: 2, month: 3 } };
  paprika.says = { akash: { price: 111, change: 9 } };
  market = open();
});

describe("a change", () => {
  it("is what the source says while the archive does not reach back", async () => {
    await market.view(signal);
    expect(await told("akash.price")).toEqual([
      ["24h", 1, "source"],
      ["7d", 2, "source"],
      ["30d", 3, "source"],
    ]);
  });

  it("is worked out from the archive where that reaches back", async () => {
    await stored("akash.price", 24, 100);
    await stored("akash.price", 7 * 24 + 5, 55);
    await market.view(signal);
    expect(await told("akash.price")).toEqual([
      ["24h", expect.closeTo(10), "archive"],
      ["7d", 100, "archive"],
      ["30d", 3, "source"],
    ]);
  });

  it("is never worked out from two sources, nor from another metric", async () => {
    await stored("akash.price", 24, 100, { source: { name: "CoinPaprika", url: "https://x.example/" } });
    await stored("akash.market_cap", 24, 100);
    await market.view(signal);
    expect((await told("akash.price"))[0]).toEqual(["24h", 1, "source"]);
  });

  it.each([
    ["a little too young", 23.9],
    ["too old", 26.1],
  ])("is not worked out from a figure that is %s", async (_name, hoursAgo) => {
    await stored("akash.price", hoursAgo, 100);
    await market.view(signal);
    expect((await told("akash.price"))[0]).toEqual(["24h", 1, "source"]);
  });

  it("is not worked out from an observation that is much older or newer than when it was fetched", async () => {
    await stored("akash.price", 24, 100, { observedAt: new Date(start - 40 * hour) });
    await market.view(signal);
    expect((await told("akash.price"))[0]).toEqual(["24h", 1, "source"]);
  });

  it.each([
    ["zero", 0, {}],
    ["of another unit", 100, { unit: "count" }],
  ] as const)("is not worked out from a figure that is %s", async (_name, value, parts) => {
    await stored("akash.price", 24, value, parts);
    gecko.says = { akash: { price: 110 } };
    await market.view(signal);
    expect(await told("akash.price")).toEqual([]);
  });

  it("of the snapshot carries “about” on, and the snapshot itself has none", async () => {
    gecko.says = { render: { price: 2, cap: 0.9e9 } };
    expect(await changes("render.market_cap")).toEqual([]);
    await market.view(signal);
    const [since] = await changes("render.market_cap");
    expect(since).toMatchObject({ period: "baseline", from: "archive", figure: { bound: "about", unit: "percent" } });
    expect(since?.figure.value).toBeCloseTo(-50);
  });

  it("is told of what networks measure, from the archive and the snapshot alone", async () => {
    const source = { name: "Filecoin", url: "https://filecoin.example/" };
    await stored("filecoin.capacity_raw", 24, 20, { unit: "eib", source });
    await stored("filecoin.capacity_raw", 0, 22, { unit: "eib", source });
    expect(await told("filecoin.capacity_raw")).toEqual([
      ["24h", expect.closeTo(10), "archive"],
      ["baseline", expect.closeTo((22 / 22.754 - 1) * 100), "archive"],
    ]);
    expect(await changes("filecoin.moon_phase")).toEqual([]);
  });

  it("is that of the figure which is shown, although a newer one is known", async () => {
    const shown = await stored("akash.price", 0, 110);
    await stored("akash.price", 24, 100);
    gecko.says = { akash: { price: 300 } };
    time += 10 * 60_000;
    await market.view(signal);
    expect((await market.known("akash.price"))?.value).toBe(300);
    expect(await market.changes(shown)).toMatchObject([{ period: "24h", from: "archive", figure: { value: expect.closeTo(10) } }]);
  });

  it("is none of a percentage", async () => {
    await market.view(signal);
    expect(await changes("akash.change_24h")).toEqual([]);
  });

  it("is stale where what it is the change of is stale", async () => {
    await stored("akash.price", 24, 100);
    await stored("akash.price", 0, 110);
    time += 3 * hour;
    gecko.failing("timeout");
    paprika.failing("timeout");
    await market.view(signal);
    const [change] = await changes("akash.price");
    expect(change).toMatchObject({ period: "24h", figure: { state: "stale", fetchedAt: new Date(start) } });
  });

  it("is what the source says while the archive cannot be read, and has a receipt although it cannot be stored", async () => {
    await market.view(signal);
    store.broken = true;
    expect((await told("akash.price"))[0]).toEqual(["24h", 1, "source"]);
    expect(logged).toContain("stored figures could not be read");
    gecko.says = { bitcoin: { price: 70_000 } };
    time += 2 * hour;
    await market.view(signal);
    const [since] = await changes("bitcoin.price");
    expect(await market.receipt(since?.figure.id ?? "")).toEqual(since?.figure);
  });

  it("is looked up once for everyone who asks, and stored although the first attempt failed", async () => {
    await stored("akash.price", 24, 100);
    await market.view(signal);
    store.broken = true;
    const [first] = await changes("bitcoin.price");
    expect(first).toBeUndefined();
    gecko.says = { ...gecko.says, bitcoin: { price: 70_000 } };
    time += 2 * 60_000;
    await market.view(signal);
    const [since] = await changes("bitcoin.price");
    store.broken = false;
    await changes("bitcoin.price");
    expect(await store.find(since?.figure.id ?? receiptId("none"))).toEqual(since?.figure);
    const looked = store.looked;
    await Promise.all(Array.from({ length: 50 }, () => changes("bitcoin.price")));
    expect(store.looked - looked).toBe(0);
  });

  it("whatever was stored, equals the arithmetic on two stored figures that its raw value names, at about the right distance", async () => {
    const hours = fc.integer({ min: 0, max: 40 * 24 });
    const price = fc.oneof(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), fc.bigInt({ min: 1n, max: 2n ** 90n }));
    const rows = fc.array(fc.tuple(hours, price, fc.constantFrom("CoinGecko", "CoinPaprika")), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(rows, price, async (given, current) => {
        store = new MemoryFigures();
        market = open();
        const all = [await stored("x.count", 0, current)];
        for (const [hoursAgo, value, name] of given)
          if (hoursAgo > 0) all.push(await stored("x.count", hoursAgo, value, { source: { name, url: "https://x.example/" } }));
        for (const { period, figure: change, from } of await changes("x.count")) {
          expect(from).toBe("archive");
          const [newer, older] = [...change.raw.matchAll(/\((\w{8})\)/g)].map(([, id]) => all.find((f) => f.id === id));
          if (newer === undefined || older === undefined) throw new TypeError(`no figures behind ${change.raw}`);
          expect(newer).toBe(all[0]);
          expect(older.source.name).toBe("CoinGecko");
          const [to, was] = [Number(newer.value), Number(older.value)];
          expect(change.value).toBe(((to - was) / was) * 100);
          const days = { "24h": 1, "7d": 7, "30d": 30, baseline: 0 }[period];
          const apart = newer.fetchedAt.getTime() - older.fetchedAt.getTime();
          expect(apart).toBeGreaterThanOrEqual(days * 24 * hour);
          expect(apart).toBeLessThanOrEqual(days * 24 * hour * 1.1);
          expect(change.raw).toBe(`${newer.raw} (${newer.id}) against ${older.raw} (${older.id})`);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a series", () => {
  it("is the last value of each day, of the source that has most", async () => {
    for (const [hoursAgo, value] of [
      [50, 1],
      [40, 2],
      [26, 3],
      [2, 4],
    ] as const)
      await stored("akash.price", hoursAgo, value);
    await stored("akash.price", 1, 99, { source: { name: "CoinPaprika", url: "https://x.example/" } });
    expect((await market.series("akash.price", 30))?.points.map(({ at, value }) => [at.toISOString().slice(0, 13), value])).toEqual([
      ["2026-11-20T20", 2],
      ["2026-11-21T10", 3],
      ["2026-11-22T10", 4],
    ]);
    expect(await market.series("akash.price", 1)).toMatchObject({ source: "CoinGecko", points: [{ value: 4 }] });
    expect(await market.series("akash.moon_phase", 30)).toBeNull();
  });

  it("holds no missing values, and says that the archive cannot be read", async () => {
    await stored("akash.price", 30, 5);
    await store.save([figure({ ...(await stored("akash.price", 6, 5)), value: null, raw: "null", state: "missing" })]);
    expect((await market.series("akash.price", 30))?.points.map(({ value }) => value)).toEqual([5]);
    store.broken = true;
    await expect(market.series("akash.price", 30)).rejects.toThrow("disk full");
  });
});
