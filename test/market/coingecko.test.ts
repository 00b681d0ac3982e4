/** CoinGecko keeps the contract of price sources, and its own peculiarities are known. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { outsider, watchList } from "../../src/market/assets.ts";
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
  const fetch = async () => (await source.fetch(watchList, signal)).figures;
  const sectorOf = async () => (await fetch()).filter((f) => f.metric.startsWith("sector."));
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

  it("takes the sector's change as the percentage it is there, and a coin's from the percentage beside the amount", async () => {
    const figures = await fetch();
    const value = (metric: string) => figures.find((f) => f.metric === metric)?.value;
    expect(value("sector.change_24h")).toBe(7.585361826232026);
    expect(value("sector.market_cap")).toBe(10566306128.726738);
    expect(value("sector.volume_24h")).toBe(803230262.5349176);
    expect(value("global.market_cap")).toBe(2621040321355.0405);
    expect(value("global.change_24h")).toBe(-1.608);
    expect(value("bitcoin.change_24h")).toBe(-0.95302);
    expect(value("bitcoin.change_7d")).toBe(-4.042267423689584);
    expect(value("bitcoin.volume_24h")).toBe(33235034316);
  });

  it("asks exactly four questions, the coins by their ids first", async () => {
    await fetch();
    const paths = web.seen.map((request) => request.path);
    expect(paths[0]).toMatch(
      /^\/coins\/markets\?vs_currency=usd&ids=bitcoin,ethereum,render-token,.*&per_page=250&price_change_percentage=7d,30d$/,
    );
    expect(new Set(paths.slice(1))).toEqual(
      new Set([
        "/coins/markets?vs_currency=usd&category=depin&order=market_cap_desc&page=1&per_page=250&price_change_percentage=7d,30d",
        "/global",
        "/coins/categories",
      ]),
    );
    expect(paths).toHaveLength(4);
  });

  it("asks nothing more where the first question fails", async () => {
    web.answer("/coins/markets?vs_currency=usd&ids=", { status: 403, body: "" });
    await failureOf(fetch());
    expect(web.seen).toHaveLength(1);
  });

  it("tells the past of a coin by the last price of each day, whatever order and holes it comes in", async () => {
    const [monday, tuesday, wednesday] = [20, 21, 22].map((day) => Date.parse(`2026-11-${day}T00:00:00Z`)) as [number, number, number];
    const akash = watchList.find(({ id }) => id === "akash") ?? outsider("akash-network");
    const path = "/coins/akash-network/market_chart?vs_currency=usd&days=30";
    const points = [
      [tuesday + 60_000, 0.52],
      [monday, 0.5],
      [monday, 0.5],
      [monday + 7_200_000, 0.51],
      [monday + 3_600_000, null],
      [wednesday, 0],
      [wednesday + 1, -3],
      [null, 0.4],
      "no point",
      [wednesday + 2, 3e-9],
    ];
    web.answer(path, {
      body: { prices: points, market_caps: [], total_volumes: [] },
    });
    expect(await source.history?.(akash, 30, signal)).toEqual([
      { at: new Date(monday + 7_200_000), value: 0.51 },
      { at: new Date(tuesday + 60_000), value: 0.52 },
      { at: new Date(wednesday + 2), value: 3e-9 },
    ]);
    web.answer(path, { body: { prices: [], market_caps: [], total_volumes: [] } });
    expect(await source.history?.(akash, 30, signal)).toEqual([]);
    for (const body of ["{}", "[]", '{"prices":null}']) {
      web.answer(path, { body });
      expect(await failureOf(source.history?.(akash, 30, signal) ?? Promise.resolve())).toMatchObject({ kind: "bad_shape" });
    }
  });

  it("never asks for simple prices, where an unknown id is silently absent and a change is null", async () => {
    web.answer("/simple/price", { body: "{}" });
    await fetch();
    await source.ask(outsider("geodnet"), signal);
    await source.ask("sector", signal);
    await source.ask("global", signal);
    expect(asked("/simple/price")).toBe(0);
  });

  it("asks for 250 coins at most", async () => {
    await source
      .fetch(Array.from({ length: 300 }, (_, n) => outsider(`coin-${n}`)).concat(watchList.slice(0, 1)), signal)
      .catch(() => undefined);
    expect(web.seen[0]?.path.split("ids=")[1]?.split("&")[0]?.split(",")).toHaveLength(250);
  });

  it("tells which coins are DePIN, what they are called and their rank, and gives their figures under their ids", async () => {
    const { figures, listings } = await source.fetch(watchList, signal);
    expect(listings.filter(({ depin }) => depin).map(({ coin }) => coin)).toEqual(
      expect.arrayContaining(["render-token", "geodnet", "dsun-token"]),
    );
    expect(listings.some(({ coin, depin }) => coin === "bitcoin" && depin)).toBe(false);
    expect(listings.find(({ coin }) => coin === "geodnet")).toEqual({
      coin: "geodnet",
      name: "GEODNET",
      ticker: "GEOD",
      rank: 601,
      depin: true,
    });
    expect(listings.find(({ coin }) => coin === "dsun-token")?.rank).toBeNull();
    expect(figures.find((f) => f.metric === "geodnet.change_24h")).toMatchObject({ label: "GEODNET 24 h change", value: 14.25 });
    expect(figures.some((f) => f.metric.startsWith("kiwigo."))).toBe(false);
  });

  it("does not give a stranger's figures under the name of one of ours", async () => {
    web.answer("/coins/markets?vs_currency=usd&category=depin", {
      body: ["akash", "sector", "global"].map((id) => ({ id, name: "Impostor", symbol: "x", market_cap_rank: 1, current_price: 9 })),
    });
    const figures = await fetch();
    expect(figures.filter((f) => f.label.startsWith("Impostor")).map((f) => f.metric)).toEqual([
      "coingecko-akash.price",
      "coingecko-sector.price",
      "coingecko-global.price",
    ]);
  });

  it("shortens a name without end and makes it one line", async () => {
    web.answer("/coins/markets?vs_currency=usd&ids=long&per_page", {
      body: [{ id: "long", name: `Free\nmoney\u202e ${"x".repeat(500)}`, symbol: "l", current_price: 1 }],
    });
    const [figure] = (await source.ask(outsider("long"), signal)).figures;
    expect(figure?.label).toBe(`Free money ${"x".repeat(29)} price`);
  });

  it.each([
    ["no depin row", [{ id: "layer-1", market_cap: 1, market_cap_change_24h: 1, updated_at: null }]],
    ["nothing", []],
    ["a depin row of nulls", [{ id: "depin", market_cap: null, market_cap_change_24h: null, volume_24h: null, updated_at: null }]],
    ["a market cap of zero", [{ id: "depin", market_cap: 0, market_cap_change_24h: null, updated_at: null }]],
    ["rows that are no rows", [null, 7, { id: 5 }, []]],
  ])("shows the assets without the sector when the categories hold %s", async (_name, body) => {
    web.answer("/coins/categories", { body });
    expect(await sectorOf()).toEqual([]);
    expect(warnings).toEqual(["a part of the answer holds no figure"]);
  });

  it.each([
    ["/coins/categories", "sector."],
    ["/global", "global."],
    ["/coins/markets?vs_currency=usd&category=depin", "geodnet."],
  ])("shows the rest when %s fails", async (path, gone) => {
    web.answer(path, { status: 500 });
    const figures = await fetch();
    expect(figures.some((f) => f.metric.startsWith(gone))).toBe(false);
    for (const metric of ["bitcoin.price", "akash.price"]) expect(figures.map((f) => f.metric)).toContain(metric);
    expect(warnings).toEqual(["a part of the answer could not be read"]);
  });

  it("shows the rest when the category is empty", async () => {
    web.answer("/coins/markets?vs_currency=usd&category=depin", { body: [] });
    expect((await source.fetch(watchList, signal)).listings.some(({ depin }) => depin)).toBe(false);
  });

  it("does not list the whole market when it is asked for no asset", async () => {
    expect((await source.fetch([], signal)).figures.some((f) => f.metric === "bitcoin.price")).toBe(false);
    expect(asked("/coins/markets?vs_currency=usd&ids=")).toBe(0);
  });

  const limit = { status: { error_code: 429, error_message: "You've exceeded the Rate Limit. Please visit https://www.coingecko.com" } };
  it("believes an error inside a 200, and asks once more", async () => {
    web.answer("/coins/markets?vs_currency=usd&ids=", { body: limit });
    expect((await failureOf(source.fetch(watchList, signal))).kind).toBe("rate_limited");
    expect(asked("/coins/markets?vs_currency=usd&ids=")).toBe(2);
  });

  it("recovers when the second try after a 429 is answered", async () => {
    web.answer(
      "/coins/markets?vs_currency=usd&ids=",
      { status: 429, headers: { "retry-after": "soon" }, body: limit },
      { body: [{ id: "bitcoin", current_price: 5 }] },
    );
    expect((await fetch()).map((f) => f.metric)).toContain("bitcoin.price");
  });

  it.each([
    [401, { status: { timestamp: "x", error_code: 10002, error_message: "API Key Missing" } }],
    [401, { error: { status: { error_code: 10002, error_message: "API Key Missing" } } }],
    [400, { error_code: 10010, status: { error_code: 10010, error_message: "wrong host" } }],
    [200, { status: { error_code: 10011, error_message: "wrong host" } }],
    [401, { error: { status: { error_code: "10005", error_message: "plan" } } }],
  ])("reports a refused key as one, without asking again (%i %j)", async (status, body) => {
    web.answer("/coins/markets?vs_currency=usd&ids=", { status, body });
    expect((await failureOf(source.fetch(watchList, signal))).kind).toBe("unauthorised");
    expect(asked("/coins/markets?vs_currency=usd&ids=")).toBe(1);
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
      http: { getJson: refuse, postJson: refuse, postBytes: refuse, getText: refuse, getBytes: refuse },
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
