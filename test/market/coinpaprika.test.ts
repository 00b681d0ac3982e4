/** CoinPaprika keeps the contract of price sources, and its own peculiarities are known. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { outsider, watchList } from "../../src/market/assets.ts";
import type { PriceSource } from "../../src/market/types.ts";
import { failureOf, fixtureNow, instantHttp, priceSourceContract } from "../contracts/price-sources.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { coinpaprika } from "./fixtures.ts";

priceSourceContract("CoinPaprika", coinpaprika);

describe("CoinPaprika", () => {
  let web: FakeWeb;
  let source: PriceSource;
  const { signal } = new AbortController();
  let warnings: string[];
  const fetch = async () => (await source.fetch(watchList, signal)).figures;
  const prices = async () => (await fetch()).filter((f) => f.metric.endsWith(".price")).map((f) => f.metric);
  /** A sound answer with other rows besides. */
  const serveAlso = (...rows: readonly unknown[]) => {
    const sound: unknown = { id: "btc-bitcoin", last_updated: "2026-05-18T12:47:10Z", quotes: { USD: { price: 77671 } } };
    web.answer("/tickers", { body: [sound, ...rows] });
  };

  beforeAll(async () => {
    web = await startFakeWeb();
  });
  afterAll(() => web.close());
  afterEach(() => web.reset());
  beforeEach(() => {
    warnings = [];
    const log = { warn: (_: object, message: string) => void warnings.push(message), error: () => undefined };
    source = coinpaprika.make({ baseUrl: web.url, http: instantHttp().http, now: () => fixtureNow, log });
    coinpaprika.serve(web);
  });

  it("asks two questions for all coins together", async () => {
    expect(await prices()).toHaveLength(12);
    expect(web.seen.map(({ path }) => path).toSorted()).toEqual(["/global", "/tickers?quotes=USD"]);
  });

  it("reads a list of several megabytes", async () => {
    const row = { id: "x", name: "x".repeat(400), quotes: { USD: { price: 1.5 } } };
    serveAlso(...Array.from({ length: 12_000 }, (_, n) => ({ ...row, id: `c${n}-coin` })));
    expect(await prices()).toEqual(["bitcoin.price"]);
  });

  it.each([{ quotes: null }, { quotes: {} }, { quotes: { USD: null } }, { quotes: { EUR: { price: 1 } } }, {}])(
    "leaves out a coin with %j",
    async (more) => {
      serveAlso({ id: "hnt-helium", last_updated: "2026-05-18T12:47:10Z", ...more });
      expect(await prices()).toEqual(["bitcoin.price"]);
    },
  );

  it("leaves out rows that are no rows", async () => {
    serveAlso(null, 7, [], { id: 5 }, { id: "hnt-helium" });
    expect(await prices()).toEqual(["bitcoin.price"]);
  });

  it("does not take a change of exactly nothing over a week or a month for one", async () => {
    const USD = { price: 5, percent_change_24h: 0, percent_change_7d: 0, percent_change_30d: 0 };
    serveAlso({ id: "hnt-helium", last_updated: "2026-05-18T12:47:10Z", quotes: { USD } });
    expect((await fetch()).map((f) => f.metric).filter((m) => m.startsWith("helium."))).toEqual(["helium.price", "helium.change_24h"]);
  });

  it("shows the coins when all coins together cannot be read", async () => {
    web.answer("/global", { status: 500 });
    expect(await prices()).toHaveLength(12);
    expect(warnings).toEqual(["all coins together could not be read"]);
  });

  it("does not take another coin's answer for the one it asked for", async () => {
    web.answer("/tickers/hnt-helium", { body: { id: "hnt-other", quotes: { USD: { price: 5 } } } });
    const helium = watchList.filter(({ id }) => id === "helium");
    for (const asset of helium) expect((await failureOf(source.ask(asset, signal))).kind).toBe("bad_shape");
  });

  it.each([
    ["the quota is used up", { status: 402, body: { error: "quota" } }, "unauthorised"],
    ["a coin is gone", { status: 404, body: { error: "id not found" } }, "not_found"],
  ])("says so when %s, without asking again", async (_name, script, kind) => {
    web.answer("/", script);
    web.answer("/tickers", script);
    expect((await failureOf(source.fetch(watchList, signal))).kind).toBe(kind);
    expect(web.seen.filter(({ path }) => path.startsWith("/tickers"))).toHaveLength(1);
  });

  it("does not load megabytes for coins whose id is not certain", async () => {
    expect((await failureOf(source.fetch([outsider("geodnet")], signal))).kind).toBe("bad_shape");
    expect(web.seen).toEqual([]);
  });
});
