/** CoinGecko keeps the contract of price sources, and its own peculiarities are known. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { watchList } from "../../src/market/assets.ts";
import { createCoinGecko } from "../../src/market/sources/coingecko.ts";
import type { PriceSource } from "../../src/market/types.ts";
import { failureOf, fixtureNow, instantHttp, priceSourceContract } from "../contracts/price-sources.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { coingecko } from "./fixtures.ts";

priceSourceContract("CoinGecko", coingecko);

describe("CoinGecko", () => {
  let web: FakeWeb;
  let time: number;
  let source: PriceSource;
  let warnings: string[];
  const { signal } = new AbortController();
  const make = (apiKey?: string) =>
    createCoinGecko({
      http: instantHttp().http,
      baseUrl: web.url,
      apiKey,
      now: () => new Date(time),
      log: { warn: (_, message) => void warnings.push(message), error: () => undefined },
    });
  const sectorOf = async () => (await source.fetch(watchList, signal)).filter((f) => f.metric.startsWith("sector."));
  const asked = (path: string) => web.seen.filter((request) => request.path.startsWith(path)).length;

  beforeAll(async () => {
    web = await startFakeWeb();
  });
  afterAll(() => web.close());
  afterEach(() => web.reset());
  beforeEach(() => {
    time = fixtureNow.getTime();
    warnings = [];
    source = make();
    coingecko.serve(web);
  });

  it("takes the sector's change as the percentage it is there, and an asset's from the percentage beside the amount", async () => {
    const figures = await source.fetch(watchList, signal);
    const value = (metric: string) => figures.find((f) => f.metric === metric)?.value;
    expect(value("sector.change_24h")).toBe(7.585361826232026);
    expect(value("sector.market_cap")).toBe(10566306128.726738);
    expect(value("bitcoin.change_24h")).toBe(-0.95302);
  });

  it("asks for all assets by id in one request", async () => {
    await source.fetch(watchList, signal);
    expect(asked("/coins/markets")).toBe(1);
    expect(web.seen.map((r) => r.path).find((path) => path.includes("markets"))).toContain(
      "vs_currency=usd&ids=bitcoin,ethereum,render-token,",
    );
  });

  it("asks for the sector again only after five minutes", async () => {
    await sectorOf();
    time += 4 * 60_000;
    expect(await sectorOf()).toHaveLength(2);
    expect(asked("/coins/categories")).toBe(1);
    time += 2 * 60_000;
    await sectorOf();
    expect(asked("/coins/categories")).toBe(2);
  });

  it.each([
    ["no depin row", [{ id: "layer-1", market_cap: 1, market_cap_change_24h: 1, updated_at: null }]],
    ["nothing", []],
    ["a depin row of nulls", [{ id: "depin", market_cap: null, market_cap_change_24h: null, updated_at: null }]],
    ["a market cap of zero", [{ id: "depin", market_cap: 0, market_cap_change_24h: null, updated_at: null }]],
    ["rows that are no rows", [null, 7, { id: 5 }, []]],
  ])("shows the assets without the sector when the categories hold %s", async (_name, body) => {
    web.answer("/coins/categories", { body });
    expect(await sectorOf()).toEqual([]);
    expect(warnings).toEqual(["the source gives no figure for the sector"]);
    await sectorOf();
    expect(asked("/coins/categories")).toBe(1);
  });

  it("shows the assets when the sector fails, and asks for the sector again next time", async () => {
    web.answer("/coins/categories", { status: 500 });
    expect(await source.fetch(watchList, signal)).toHaveLength(24);
    expect(warnings).toEqual(["the sector could not be read"]);
    coingecko.serve(web);
    expect(await sectorOf()).toHaveLength(2);
  });

  it("does not list the whole market when it is asked for no asset", async () => {
    expect(await source.fetch([], signal)).toHaveLength(2);
    expect(asked("/coins/markets")).toBe(0);
  });

  const limit = { status: { error_code: 429, error_message: "You've exceeded the Rate Limit. Please visit https://www.coingecko.com" } };
  it("believes an error inside a 200, and asks once more", async () => {
    web.answer("/coins/markets", { body: limit });
    expect((await failureOf(source.fetch(watchList, signal))).kind).toBe("rate_limited");
    expect(asked("/coins/markets")).toBe(2);
  });

  it("recovers when the second try after a 429 is answered", async () => {
    web.answer(
      "/coins/markets",
      { status: 429, headers: { "retry-after": "soon" }, body: limit },
      { body: [{ id: "bitcoin", current_price: 5 }] },
    );
    expect((await source.fetch(watchList, signal)).map((f) => f.metric)).toContain("bitcoin.price");
  });

  it.each([
    [401, { status: { timestamp: "x", error_code: 10002, error_message: "API Key Missing" } }],
    [401, { error: { status: { error_code: 10002, error_message: "API Key Missing" } } }],
    [400, { error_code: 10010, status: { error_code: 10010, error_message: "wrong host" } }],
    [200, { status: { error_code: 10011, error_message: "wrong host" } }],
    [401, { error: { status: { error_code: "10005", error_message: "plan" } } }],
  ])("reports a refused key as one, without asking again (%i %j)", async (status, body) => {
    web.answer("/coins/markets", { status, body });
    expect((await failureOf(source.fetch(watchList, signal))).kind).toBe("unauthorised");
    expect(asked("/coins/markets")).toBe(1);
  });

  it("sends the demo key in its header, and never in the address", async () => {
    await make("CG-planted-key").fetch(watchList, signal);
    for (const request of web.seen) {
      expect(request.headers["x-cg-demo-api-key"]).toBe("CG-planted-key");
      expect(request.path).not.toContain("planted");
    }
  });

  it("sends no key header without a key", async () => {
    await make("").fetch(watchList, signal);
    expect(web.seen.every((request) => request.headers["x-cg-demo-api-key"] === undefined)).toBe(true);
  });

  it("sends a key to the pro host under the pro header", async () => {
    const headers: unknown[] = [];
    const refuse = (request: { headers?: unknown }) => {
      headers.push(request.headers);
      return Promise.reject(new Error("not asked in tests"));
    };
    const pro = createCoinGecko({
      http: { getJson: refuse, postJson: refuse, getText: refuse },
      baseUrl: "https://pro-api.coingecko.com/api/v3",
      apiKey: "k",
      now: () => fixtureNow,
      log: { warn: () => undefined, error: () => undefined },
    });
    await expect(pro.fetch(watchList, signal)).rejects.toThrow();
    expect(headers).toContainEqual({ "x-cg-pro-api-key": "k" });
  });

  it("keeps the key out of errors", async () => {
    web.reset();
    web.answer("/", { status: 401, body: { status: { error_code: 10002, error_message: "key CG-planted-key is wrong" } } });
    const error = await failureOf(make("CG-planted-key").fetch(watchList, signal));
    expect(`${error.message}${error.stack}`).not.toContain("planted");
  });
});
