/** Movers: of CoinGecko's category, those whose percentages say something. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMarket } from "../../src/market/market.ts";
import { findMovers } from "../../src/market/movers.ts";
import type { Listing } from "../../src/market/types.ts";
import { fixtureNow, instantHttp } from "../contracts/price-sources.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { FakeSource, MemoryFigures } from "./fakes.ts";
import { coingecko } from "./fixtures.ts";

const { signal } = new AbortController();
const log = { warn: () => undefined, error: () => undefined };

describe("the sector's movers", () => {
  let web: FakeWeb;
  let store: MemoryFigures;
  const open = () =>
    createMarket({
      sources: [coingecko.make({ baseUrl: web.url, http: instantHttp().http, now: () => fixtureNow, log })],
      store,
      watched: async () => [],
      now: () => fixtureNow,
      log,
    });

  beforeAll(async () => {
    web = await startFakeWeb();
  });
  afterAll(() => web.close());
  beforeEach(() => {
    web.reset();
    store = new MemoryFigures();
    coingecko.serve(web);
  });

  it("are members that are ranked, traded, fresh and no other coin's shadow, under their own or our metrics", async () => {
    const movers = await open().movers();
    // Not: kiwigo (nulls, stale), o2-token (no cap, stale), dsun-token (no cap, no rank), unranked, thin-coin, wrapped-tao.
    expect(movers?.up.map((f) => [f.metric, f.label, f.value])).toEqual([
      ["geodnet.change_24h", "GEODNET 24 h change", 14.25],
      ["zelcash.change_24h", "Flux 24 h change", 9.75],
      ["akash.change_24h", "Akash 24 h change", 7.81],
    ]);
    expect(movers?.down.map((f) => f.metric)).toEqual(["peaq-2.change_24h", "grass.change_24h", "io.change_24h"]);
    expect(movers?.floor).toBe(1_000_000);
  });

  it("are stored when they are shown, and the other members are not", async () => {
    const market = open();
    await market.view(signal);
    expect((await store.latest()).some((f) => f.metric.startsWith("geodnet."))).toBe(false);
    const [first] = (await market.movers())?.up ?? [];
    expect(first === undefined ? null : await store.find(first.id)).toEqual(first);
    expect((await store.latest()).filter((f) => /^(zelcash|thin-coin|wrapped-tao)\./.test(f.metric)).map((f) => f.metric)).toEqual([
      "zelcash.change_24h",
    ]);
  });

  it.each([
    ["the category cannot be read", { status: 500 }],
    ["the category is empty", { body: [] }],
    ["the category holds no rows", { body: [null, 7, { id: 3 }] }],
  ])("are none where %s", async (_name, script) => {
    web.answer("/coins/markets?vs_currency=usd&category=depin", script);
    expect(await open().movers()).toBeNull();
  });

  it("are none of a source that lists no members", async () => {
    const paprika = new FakeSource("CoinPaprika", () => fixtureNow);
    paprika.says = { bitcoin: { price: 1, change: 5, cap: 5, volume: 5e9 } };
    const market = createMarket({ sources: [paprika], store, watched: async () => [], now: () => fixtureNow, log });
    expect(await market.movers()).toBeNull();
    expect(await createMarket({ sources: [], store, watched: async () => [], now: () => fixtureNow, log }).movers()).toBeNull();
  });
});

describe("a coin that stands for another", () => {
  const source = new FakeSource("CoinGecko", () => fixtureNow);
  const listing = (coin: string, name: string, ticker: string): Listing => ({ coin, name, ticker, rank: 5, depin: true });
  it.each([
    ["wrapped-iotex", "Wrapped IoTeX", "WIOTX"],
    ["liquid-staked-fil", "GLIF Liquid Staking FIL", "ICNT"],
    ["stfil", "stFIL", "STFIL"],
    ["usd-coin", "USDC", "USDC"],
    ["bridged-x", "Bridged X", "X"],
  ])("is no mover (%s)", async (coin, name, ticker) => {
    const said = { price: 1, cap: 1e8, change: 50, volume: 5e7, rank: 5, depin: true };
    source.listed = { [coin]: { ...said, name, ticker }, filecoin: { ...said, name: "Filecoin", ticker: "FIL", change: 1 } };
    const { figures } = await source.fetch([], signal);
    const { up } = findMovers(figures, [listing(coin, name, ticker), listing("filecoin", "Filecoin", "FIL")]);
    expect(up.map((f) => f.metric)).toEqual(["filecoin.change_24h"]);
  });

  it("is told from a coin whose ticker only begins like that", async () => {
    const said = { price: 1, cap: 1e8, change: 50, volume: 5e7, rank: 5, depin: true };
    source.listed = { storj: { ...said, name: "Storj", ticker: "STORJ" }, wicrypt: { ...said, name: "Wicrypt", ticker: "WNT" } };
    const { figures } = await source.fetch([], signal);
    expect(findMovers(figures, [listing("storj", "Storj", "STORJ"), listing("wicrypt", "Wicrypt", "WNT")]).up).toHaveLength(2);
  });
});
