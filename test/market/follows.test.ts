/** What communities follow, what is looked up, and how seldom CoinGecko is asked for all of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { watchList } from "../../src/market/assets.ts";
import { createMarket } from "../../src/market/market.ts";
import type { Market } from "../../src/market/types.ts";
import { fixtureNow, instantHttp } from "../contracts/price-sources.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { marketTalk } from "../support/market-talk.ts";
import { FakeSource, MemoryFigures } from "./fakes.ts";
import { coingecko, coinpaprika, defillama } from "./fixtures.ts";

const { signal } = new AbortController();
const hour = 3_600_000;
let time: number;
const now = () => new Date(time);

describe("what a community follows", () => {
  let store: MemoryFigures;
  let gecko: FakeSource;
  let paprika: FakeSource;
  let watched: readonly string[];
  let logged: string[];
  let market: Market;
  const listed = { price: 2, change: 5, cap: 1e8, volume: 1e7, rank: 400, depin: false };
  const open = () =>
    createMarket({
      sources: [gecko, paprika],
      store,
      watched: async () => {
        if (watched.includes("broken")) throw new Error("disk full");
        return watched;
      },
      now,
      log: { warn: () => undefined, error: (_, message) => void logged.push(message) },
    });

  beforeEach(() => {
    time = fixtureNow.getTime();
    logged = [];
    watched = [];
    store = new MemoryFigures();
    gecko = new FakeSource("CoinGecko", now);
    gecko.freshMs = hour;
    gecko.says = { bitcoin: { price: 70_000 }, akash: { price: 0.6 } };
    gecko.listed = {
      dogecoin: { ...listed, name: "Dogecoin", ticker: "DOGE" },
      geodnet: { ...listed, name: "GEODNET", ticker: "GEOD", depin: true },
    };
    paprika = new FakeSource("CoinPaprika", now);
    market = open();
  });

  it("comes with the one question for all, the watch list first, then the most followed", async () => {
    watched = ["dogecoin", "akash-network", "dogecoin", "no id!", "geodnet"];
    await market.view(signal);
    expect(gecko.wanted).toEqual([...watchList.map(({ coingecko: coin }) => coin), "dogecoin", "geodnet"]);
  });

  it("is 250 coins at most, and what is left out is said", async () => {
    watched = Array.from({ length: 300 }, (_, n) => `coin-${n}`);
    const { leftOut, assets } = await market.view(signal, { watched: ["coin-230", "coin-231", "coin-5"], unwatched: [] });
    expect(gecko.wanted).toHaveLength(250);
    expect(leftOut).toEqual(["coin-231"]);
    expect(assets.slice(19).map(({ id }) => id)).toEqual(["coin-230", "coin-231", "coin-5"]);
  });

  it("adds to the watch list and takes from it, and is stored for /why", async () => {
    watched = ["dogecoin"];
    const view = await market.view(signal, { watched: ["dogecoin"], unwatched: ["helium", "render-token"] });
    expect(view.assets.map(({ name }) => name)).toEqual(
      [...watchList.map(({ name }) => name), "Dogecoin"].filter((name) => name !== "Helium" && name !== "Render"),
    );
    const price = view.figures.find((f) => f.metric === "dogecoin.price");
    expect(price).toMatchObject({ label: "Dogecoin price", value: 2 });
    expect(price === undefined ? null : await store.find(price.id)).toEqual(price);
    expect(view.leftOut).toEqual([]);
    expect((await market.view(signal)).figures.some((f) => f.metric.startsWith("dogecoin."))).toBe(false);
  });

  it("is shown at once where it is a member of the sector, with receipts that last", async () => {
    const view = await market.view(signal, { watched: ["geodnet"], unwatched: [] });
    const price = view.figures.find((f) => f.metric === "geodnet.price");
    expect(price === undefined ? null : await open().receipt(price.id)).toEqual(price);
    expect([view.leftOut, gecko.asked, gecko.askedFor]).toEqual([[], 1, []]);
  });

  it("is shown at once after it was looked up, and else left out until the next question", async () => {
    await market.view(signal);
    const follows = { watched: ["dogecoin"], unwatched: [] };
    expect((await market.view(signal, follows)).leftOut).toEqual(["dogecoin"]);
    expect(await market.lookUp("Dogecoin ", signal)).toMatchObject({ id: "dogecoin", name: "Dogecoin", ticker: "DOGE", coinpaprika: null });
    const view = await market.view(signal, follows);
    expect(view.leftOut).toEqual([]);
    expect(view.figures.some((f) => f.metric === "dogecoin.price")).toBe(true);
  });

  it("does not keep the watch list from being asked for when it cannot be read", async () => {
    watched = ["broken"];
    expect((await market.view(signal)).origin).toBe("live");
    expect(logged).toEqual(["what communities follow could not be read"]);
  });

  it("is still shown from the archive when every source fails", async () => {
    watched = ["dogecoin"];
    await market.view(signal);
    time += 5 * hour;
    gecko.failing("timeout");
    paprika.failing("timeout");
    const view = await open().view(signal, { watched: ["dogecoin"], unwatched: [] });
    expect(view).toMatchObject({ origin: "stored", leftOut: [] });
    expect(view.figures.find((f) => f.metric === "dogecoin.price")).toMatchObject({ state: "stale", value: 2 });
  });
});

describe("looking a coin up", () => {
  let gecko: FakeSource;
  let market: Market;
  beforeEach(() => {
    time = fixtureNow.getTime();
    gecko = new FakeSource("CoinGecko", now);
    gecko.listed = { dogecoin: { name: "Dogecoin", ticker: "DOGE", rank: 9, depin: false, price: 1 } };
    const log = { warn: () => undefined, error: () => undefined };
    market = createMarket({ sources: [gecko], store: new MemoryFigures(), watched: async () => [], now, log });
  });

  it("asks once for all who wait, and not again while the answer is fresh", async () => {
    const found = await Promise.all(Array.from({ length: 50 }, () => market.lookUp("dogecoin", signal)));
    expect(found.every((asset) => asset?.name === "Dogecoin")).toBe(true);
    time += gecko.freshMs - 1;
    await market.lookUp("dogecoin", signal);
    expect(gecko.askedFor).toEqual(["dogecoin"]);
    time += 1;
    await market.lookUp("dogecoin", signal);
    expect(gecko.askedFor).toHaveLength(2);
  });

  it("asks nothing about the watch list, nor about what is no id", async () => {
    expect(await market.lookUp("render-token", signal)).toMatchObject({ id: "render" });
    for (const typed of ["", "two words", "a,b", "../etc", "x".repeat(200), "💎", "-"])
      expect(await market.lookUp(typed, signal)).toBeNull();
    expect(gecko.askedFor).toEqual([]);
  });

  it("finds nothing where there is no such id, whether the source answers with nothing or with 404", async () => {
    expect(await market.lookUp("nothing-at-all", signal)).toBeNull();
    gecko.failing("not_found");
    expect(await market.lookUp("gone-coin", signal)).toBeNull();
  });

  it("says that the source failed, and goes on for the others when one member gives up", async () => {
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    gecko.hold = promise;
    const impatient = new AbortController();
    const [gaveUp, patient] = [market.lookUp("dogecoin", impatient.signal), market.lookUp("dogecoin", signal)];
    impatient.abort(new Error("enough"));
    await expect(gaveUp).rejects.toThrow("enough");
    letGo();
    expect(await patient).toMatchObject({ name: "Dogecoin" });
    gecko.failing("timeout");
    await expect(market.lookUp("other-coin", signal)).rejects.toMatchObject({ service: "CoinGecko", kind: "timeout" });
  });

  it("knows nothing without a source that lists coins", async () => {
    const log = { warn: () => undefined, error: () => undefined };
    const alone = createMarket({ sources: [], store: new MemoryFigures(), watched: async () => [], now, log });
    expect(await alone.lookUp("dogecoin", signal)).toBeNull();
  });
});

describe("a day with fifty rooms", () => {
  let web: FakeWeb;
  beforeAll(async () => {
    web = await startFakeWeb();
  });
  afterAll(() => web.close());

  it("costs CoinGecko four questions an hour, and the others none", async () => {
    time = fixtureNow.getTime();
    coinpaprika.serve(web);
    defillama.serve(web);
    coingecko.serve(web);
    const parts = {
      baseUrl: web.url,
      http: instantHttp().http,
      now: () => fixtureNow,
      log: { warn: () => undefined, error: () => undefined },
    };
    const talk = marketTalk({
      sources: [coingecko.make(parts), coinpaprika.make(parts), defillama.make(parts)],
      store: new MemoryFigures(),
      watched: async () => ["geodnet", "dogecoin"],
      now,
    });
    const perHour: number[] = [];
    // A coin beyond the watch list is known once the first answer is there; before that it would be a question of its own.
    await talk.read("/market");
    for (let passed = 0; passed < 24; passed++) {
      const before = passed === 0 ? 0 : web.seen.length;
      // Every ten minutes fifty members ask, all for the same moment, and each for something else.
      for (let step = 0; step < 6; step++) {
        const questions = ["/market", "/market akash", "/market geodnet", "/market io.net"];
        await Promise.all(Array.from({ length: 50 }, (_, n) => talk.read(questions[n % questions.length] ?? "/market")));
        time += hour / 6;
      }
      perHour.push(web.seen.length - before);
    }
    expect(perHour).toEqual(Array.from({ length: 24 }, () => 4));
    expect(web.seen.some(({ path }) => path.startsWith("/tickers") || path.startsWith("/prices"))).toBe(false);
  });
});
