/** CoinPaprika keeps the contract of price sources, and its own peculiarities are known. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { watchList } from "../../src/market/assets.ts";
import type { PriceSource } from "../../src/market/types.ts";
import { failureOf, fixtureNow, instantHttp, priceSourceContract } from "../contracts/price-sources.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { coinpaprika } from "./fixtures.ts";

priceSourceContract("CoinPaprika", coinpaprika);

describe("CoinPaprika", () => {
  let web: FakeWeb;
  let source: PriceSource;
  const { signal } = new AbortController();
  const prices = async () => (await source.fetch(watchList, signal)).filter((f) => f.metric.endsWith(".price")).map((f) => f.metric);

  beforeAll(async () => {
    web = await startFakeWeb();
  });
  afterAll(() => web.close());
  afterEach(() => web.reset());
  beforeEach(() => {
    const log = { warn: () => undefined, error: () => undefined };
    source = coinpaprika.make({ baseUrl: web.url, http: instantHttp().http, now: () => fixtureNow, log });
    coinpaprika.serve(web);
  });

  it.each([{ quotes: null }, { quotes: {} }, { quotes: { USD: null } }, { quotes: { EUR: { price: 1 } } }, {}])(
    "leaves out a coin with %j",
    async (more) => {
      web.answer("/tickers/hnt-helium", { body: { id: "hnt-helium", last_updated: "2026-05-18T12:47:10Z", ...more } });
      expect(await prices()).toHaveLength(7);
    },
  );

  it("does not take another coin's answer for the one it asked for", async () => {
    web.answer("/tickers/hnt-helium", { body: { id: "hnt-other", quotes: { USD: { price: 5 } } } });
    expect(await prices()).not.toContain("helium.price");
  });

  it("keeps what it has when the quota ends half-way, and stops asking", async () => {
    web.answer("/tickers/eth-ethereum", { status: 402, body: { error: "quota" } });
    web.answer("/tickers/ar-arweave", { fault: "hang" });
    expect(await prices()).toContain("bitcoin.price");
    expect(web.seen.map((request) => request.path)).not.toContain("/tickers/ar-arweave?quotes=USD");
  });

  it("fails with the quota when it ends at once", async () => {
    web.answer("/tickers", { status: 402, body: { error: "quota" } });
    for (const asset of watchList) web.answer(`/tickers/${asset.coinpaprika}`, { status: 402, body: {} });
    expect((await failureOf(source.fetch(watchList, signal))).kind).toBe("unauthorised");
    expect(web.seen.length).toBeLessThanOrEqual(4);
  });

  it("does not ask for assets whose id is not certain", async () => {
    const unsure = { id: "theta", name: "Theta", ticker: "THETA", aliases: [], coingecko: "theta-token", coinpaprika: null };
    expect((await failureOf(source.fetch([unsure], signal))).kind).toBe("bad_shape");
    expect(web.seen).toEqual([]);
  });
});
