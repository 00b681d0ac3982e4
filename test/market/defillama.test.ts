/** DefiLlama keeps the contract of price sources, and its own peculiarities are known. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { watchList } from "../../src/market/assets.ts";
import type { PriceSource } from "../../src/market/types.ts";
import { failureOf, fixtureNow, instantHttp, priceSourceContract } from "../contracts/price-sources.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { defillama, geodnet } from "./fixtures.ts";

priceSourceContract("DefiLlama", defillama);

describe("DefiLlama", () => {
  let web: FakeWeb;
  let source: PriceSource;
  let warnings: string[];
  const { signal } = new AbortController();
  const fetch = async () => (await source.fetch(watchList, signal)).figures;
  /** Bitcoin as it should be, and Helium as given; undefined is not in the answer at all. */
  const serveHelium = (helium: object | undefined) =>
    web.answer("/prices/current/", {
      body: {
        coins: {
          "coingecko:bitcoin": { price: 77671, symbol: "BTC", timestamp: 1779108000, confidence: 0.99 },
          ...(helium === undefined ? {} : { "coingecko:helium": { symbol: "HNT", ...helium } }),
        },
      },
    });

  beforeAll(async () => {
    web = await startFakeWeb();
  });
  afterAll(() => web.close());
  afterEach(() => web.reset());
  beforeEach(() => {
    warnings = [];
    const log = { warn: (_: object, message: string) => void warnings.push(message), error: () => undefined };
    source = defillama.make({ baseUrl: web.url, http: instantHttp().http, now: () => fixtureNow, log });
    defillama.serve(web);
  });

  it("asks for all coins by CoinGecko's ids, within four hours, and for three periods", async () => {
    await fetch();
    const paths = web.seen.map(({ path }) => path);
    expect(paths[0]).toMatch(/^\/prices\/current\/coingecko:bitcoin,coingecko:ethereum,coingecko:render-token,.*\?searchWidth=4h$/);
    expect(paths.slice(1).map((path) => path.split("?")[1])).toEqual(["period=24h", "period=7d", "period=30d"]);
  });

  it.each([
    ["is not in the answer", undefined],
    ["is null", null],
    ["has little confidence", { price: 5, timestamp: 1779108000, confidence: 0.3 }],
    ["was last seen months ago", { price: 5, timestamp: 1769900000, confidence: 0.99 }],
    ["has no price", { timestamp: 1779108000, confidence: 0.99 }],
  ])("drops a coin that %s, with its changes", async (_name, helium) => {
    if (helium === null)
      web.answer("/prices/current/", { body: { coins: { "coingecko:bitcoin": { price: 1 }, "coingecko:helium": null } } });
    else serveHelium(helium);
    const metrics = (await fetch()).map((f) => f.metric);
    expect(metrics.filter((m) => m.startsWith("helium."))).toEqual([]);
    expect(metrics).toContain("bitcoin.price");
  });

  it("keeps a coin of just enough confidence, and one of which none is said", async () => {
    for (const helium of [
      { price: 5, timestamp: 1779108000, confidence: 0.5 },
      { price: 5, timestamp: 1779108000 },
    ]) {
      serveHelium(helium);
      expect((await fetch()).map((f) => f.metric)).toContain("helium.price");
    }
  });

  it("gives the prices when the changes cannot be read", async () => {
    web.answerTo((path) => path.startsWith("/percentage/"), { status: 502, body: "" });
    const figures = await fetch();
    expect(new Set(figures.map((f) => f.metric.split(".")[1]))).toEqual(new Set(["price"]));
    expect(warnings).toEqual(Array.from({ length: 3 }, () => "changes could not be read"));
  });

  it("leaves out a change that is null or no number", async () => {
    const nulls = { "coingecko:bitcoin": null, "coingecko:helium": "much" };
    web.answerTo((path) => path.startsWith("/percentage/"), { body: { coins: nulls } });
    expect((await fetch()).filter((f) => f.unit === "percent")).toEqual([]);
  });

  it("knows coins beyond the watch list", async () => {
    expect((await source.ask(geodnet, signal)).figures.map((f) => [f.metric, f.value])).toContainEqual(["geodnet.price", 0.151]);
  });

  it("does not ask for nothing", async () => {
    expect((await failureOf(source.fetch([], signal))).kind).toBe("bad_shape");
    expect(web.seen).toEqual([]);
  });
});
