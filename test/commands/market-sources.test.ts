/** What a person reads while a source sends what was seen in the wild: each bad answer over real HTTP, through to the words. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fixtureNow, instantHttp } from "../contracts/price-sources.ts";
import { MemoryFigures } from "../market/fakes.ts";
import { coingecko, coinpaprika, defillama } from "../market/fixtures.ts";
import { type FakeWeb, type Scripted, startFakeWeb } from "../support/fake-web.ts";
import { type MarketTalk, marketTalk, receiptIn } from "../support/market-talk.ts";

const log = { warn: () => undefined, error: () => undefined };
const html = { "content-type": "text/html" };
const limit = { status: { error_code: 429, error_message: "You've exceeded the Rate Limit. Please visit https://www.coingecko.com" } };
const missingKey = { timestamp: "2026-05-18T12:49:21.599Z", error_code: 10002, error_message: "API Key Missing" };
const later = new Date(fixtureNow.getTime() + 30_000).toUTCString();

let gecko: FakeWeb;
let paprika: FakeWeb;
let llama: FakeWeb;
let expire: () => void;
let talk: MarketTalk;

beforeAll(async () => {
  [gecko, paprika, llama] = await Promise.all([startFakeWeb(), startFakeWeb(), startFakeWeb()]);
});
afterAll(() => Promise.all([gecko, paprika, llama].map((web) => web.close())));
beforeEach(() => {
  for (const web of [gecko, paprika, llama]) web.reset();
  coingecko.serve(gecko);
  coinpaprika.serve(paprika);
  defillama.serve(llama);
  const instant = instantHttp();
  expire = instant.expire;
  const parts = (web: FakeWeb, http = instantHttp().http) => ({ baseUrl: web.url, http, now: () => fixtureNow, log });
  talk = marketTalk({
    sources: [coingecko.make(parts(gecko, instant.http)), coinpaprika.make(parts(paprika)), defillama.make(parts(llama))],
    store: new MemoryFigures(),
    now: () => fixtureNow,
  });
});

const ids = "/coins/markets?vs_currency=usd&ids=";
const depin = "/coins/markets?vs_currency=usd&category=depin";
const askedTimes = (web: FakeWeb, path: string) => web.seen.filter((request) => request.path.startsWith(path)).length;

describe("while every source is well, /market", () => {
  it("is CoinGecko's alone", async () => {
    const shown = await talk.read("/market");
    expect(shown).toMatch(/^DePIN market\nDePIN sector market cap: \$10\.57 billion · 18 May 2026, 12:46 UTC · /);
    expect(shown).toContain("\nWhole crypto market $2.62 trillion ");
    expect(shown).toContain("\nHivemapper | $0.0071 | +0.93 %\n");
    expect(shown).not.toContain("no data\n");
    expect(shown).not.toContain("No data from");
    expect([gecko.seen.length, paprika.seen.length, llama.seen.length]).toEqual([4, 0, 0]);
  });

  it("never asks for what it does not need", async () => {
    for (const line of ["/market", "/market akash", "/market geodnet"]) await talk.read(line);
    // The past of one that nobody follows is asked for; of the others it is in the archive.
    const past = gecko.seen.filter(({ path }) => path.includes("market_chart")).map(({ path }) => path);
    expect(past).toEqual(["/coins/geodnet/market_chart?vs_currency=usd&days=30"]);
    expect(gecko.seen.some(({ path }) => /simple\/price|coins\/list/.test(path))).toBe(false);
  });
});

describe("when CoinGecko answers", () => {
  it.each<[string, Scripted, string, number]>([
    ["429 with a wait of 7 s", { status: 429, headers: { "retry-after": "7" }, body: limit }, "asked me to come back later", 1],
    ["429 without a wait", { status: 429, body: limit }, "asked me to come back later", 2],
    ["429 with a wait of “soon”", { status: 429, headers: { "retry-after": "soon" }, body: limit }, "asked me to come back later", 2],
    ["429 with a wait of a day", { status: 429, headers: { "retry-after": "86400" }, body: limit }, "asked me to come back later", 1],
    ["429 with a date", { status: 429, headers: { "retry-after": later }, body: limit }, "asked me to come back later", 1],
    ["429 in plain text", { status: 429, headers: { "content-type": "text/plain" }, body: "Throttled" }, "asked me to come back later", 2],
    ["200 with a 429 inside", { body: limit }, "asked me to come back later", 2],
    ["a page with 200", { headers: html, body: "<html>Just a moment...</html>" }, "sent nothing I could use", 1],
    ["a 403 page of the CDN", { status: 403, headers: html, body: "<html>error code: 1020</html>" }, "refused the request", 1],
    ["truncated JSON", { body: '[{"id":"bitc' }, "sent nothing I could use", 1],
    ["50 MB", { fault: "flood", bytes: 50_000_000 }, "sent far more than I asked for", 1],
    ["401 for a missing key", { status: 401, body: { status: missingKey } }, "refused the request", 1],
    ["401 in its other envelope", { status: 401, body: { error: { status: missingKey } } }, "refused the request", 1],
    ["401 for a key at the wrong host", { status: 401, body: { status: { ...missingKey, error_code: 10011 } } }, "refused the request", 1],
    ["404", { status: 404, body: { error: "coin not found" } }, "did not find what I asked for", 1],
    ["an empty list", { body: [] }, "sent nothing I could use", 1],
    ["500", { status: 500, body: "" }, "has trouble of its own", 2],
  ])("with %s, the person reads why, and CoinPaprika's figures", async (_name, script, words, asked) => {
    gecko.answer(ids, script);
    const shown = await talk.read("/market");
    expect(shown).toContain(`\nCoinGecko ${words}. These figures are from CoinPaprika.\n`);
    expect(shown).toContain("\nBitcoin | $77,671 | −0.95 %\n");
    expect(shown).toContain("\nNo data from CoinPaprika: Theta, io.net, Aethir, Grass, Hivemapper, Livepeer, Nosana.\n");
    expect(shown).toContain("DePIN sector market cap: about $19 billion · August 2024");
    expect(shown).not.toContain("Movers");
    expect(askedTimes(gecko, ids)).toBe(asked);
  });

  it("with a body that never ends, the person reads that it took too long", async () => {
    gecko.answer(ids, { fault: "drip" });
    const reading = talk.read("/market");
    await gecko.arrived(ids);
    expire();
    expect(await reading).toContain("CoinGecko did not answer in time. These figures are from CoinPaprika.");
  });

  it("a coin looked up with 404, the person reads that there is none", async () => {
    gecko.answer("/coins/markets?vs_currency=usd&ids=gone-coin", { status: 404, body: { error: "coin not found" } });
    expect(await talk.read("/market gone-coin")).toContain("“gone-coin”, and found no coin with this id.");
  });

  it("with nulls, the person reads “no data”, and never 0 %", async () => {
    coingecko.serve(gecko, {
      helium: { price: null, marketCap: null, change24h: null },
      akash: { change24h: null },
      render: { price: null },
      arweave: { price: 0, marketCap: 0, change24h: null },
      golem: "absent",
    });
    const shown = await talk.read("/market");
    expect(shown).toContain("\nRender | no data | +4.5 %\n");
    expect(shown).toMatch(/\nAkash \| \$\d\.\d+ \| no data\n/);
    expect(shown).toContain("\nNo data from CoinGecko: Helium, Arweave, Golem.\n");
    expect(await talk.read("/market akash")).toMatch(/\nPrice\n7 d: .+ as CoinGecko says\n30 d: .+ as CoinGecko says\n24 h: no data/);
    expect(await talk.read("/market golem")).toContain("There is no data on Golem");
  });

  it("with dead coins in the category, none of them moves", async () => {
    const shown = await talk.read("/market");
    const movers = shown.slice(shown.indexOf("Movers"), shown.indexOf("Watch list"));
    expect(movers).toMatch(/^Movers over 24 h \(\$1 million or more traded\)\n▲ GEODNET \+14\.25 % [a-z2-9]{8}\n▲ Flux \+9\.75 %/);
    expect(movers).not.toMatch(/Kiwigo|O2 Token|DSUN|Unranked|Thin Coin|Wrapped/);
    expect(await talk.read(`/why ${receiptIn(shown, "▲ Flux")}`)).toContain("CoinGecko https://www.coingecko.com/en/coins/zelcash");
  });

  it.each<[string, string, Scripted, RegExp]>([
    [
      "categories of nulls",
      "/coins/categories",
      { body: [{ id: "depin", market_cap: null, updated_at: null }, { id: "x" }] },
      /about \$19 billion/,
    ],
    ["no depin category", "/coins/categories", { body: [{ id: "layer-1", market_cap: 1 }] }, /about \$19 billion/],
    ["an empty category", depin, { body: [] }, /\$10\.57 billion/],
    ["a failing category", depin, { status: 500 }, /\$10\.57 billion/],
    ["failing sums", "/global", { headers: html, body: "<html>" }, /\$10\.57 billion/],
  ])("with %s, the person reads the rest", async (_name, path, script, sector) => {
    gecko.answer(path, script);
    const shown = await talk.read("/market");
    expect(shown).toMatch(sector);
    expect(shown).toContain("\nBitcoin | $77,671 | −0.95 %\n");
    expect(shown.includes("Movers")).toBe(path !== depin);
    expect(shown.includes("Whole crypto market")).toBe(path !== "/global");
  });
});

describe("when CoinGecko and CoinPaprika fail", () => {
  beforeEach(() => gecko.answer(ids, { status: 403, body: "" }));

  it.each<[string, Scripted, string]>([
    ["402", { status: 402, body: { error: "quota" } }, "refused the request"],
    ["404", { status: 404, body: { error: "id not found" } }, "did not find what I asked for"],
    ["quotes of null", { body: [{ id: "btc-bitcoin", quotes: null }] }, "sent nothing I could use"],
  ])("with %s, the person reads DefiLlama's figures", async (_name, script, words) => {
    paprika.answer("/tickers", script);
    const shown = await talk.read("/market");
    expect(shown).toContain(`CoinGecko refused the request, and CoinPaprika ${words}. These figures are from DefiLlama.`);
    expect(shown).toContain("\nTheta | $0.61 | +2.41 %\n");
    expect(await talk.read("/market bitcoin")).toMatch(
      /\nPrice\n24 h: −0\.95 % .+ as DefiLlama says\n7 d: −4\.04 % .+ as DefiLlama says\n/,
    );
  });

  it("a coin that DefiLlama has not, doubts or saw long ago has no data", async () => {
    paprika.answer("/tickers", { status: 402, body: {} });
    defillama.serve(llama, { akash: "absent", helium: { updated: "2025-11-02T00:00:00Z" } });
    expect(await talk.read("/market")).toContain("\nNo data from DefiLlama: Akash, Helium.\n");
  });

  it("and DefiLlama too, the person reads all three reasons and the snapshot", async () => {
    paprika.answer("/tickers", { fault: "reset" });
    llama.answer("/prices/current/", { body: { coins: { "coingecko:bitcoin": { price: 1, timestamp: 1779108000, confidence: 0.3 } } } });
    expect(await talk.read("/market")).toContain(
      "No live source was reached. CoinGecko refused the request, and CoinPaprika could not be reached, and DefiLlama sent nothing I could use.",
    );
  });
});
