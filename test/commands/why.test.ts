/** What a person reads after `/why`: where a figure came from, what another source says, and what it is now. */
import { beforeEach, describe, expect, it } from "vitest";
import { baseline } from "../../src/market/baseline.ts";
import { FakeSource, MemoryFigures } from "../market/fakes.ts";
import { type MarketTalk, marketTalk, receiptIn } from "../support/market-talk.ts";
import { buttonsOf, linesOf } from "../support/talk.ts";

let time: number;
let gecko: FakeSource;
let paprika: FakeSource;
let store: MemoryFigures;
let talk: MarketTalk;
const now = () => new Date(time);
const minutes = (n: number) => n * 60_000;
const bitcoin = async () => receiptIn(await talk.read("/market bitcoin"), "Bitcoin price");

beforeEach(() => {
  time = Date.parse("2026-11-22T12:00:00Z");
  store = new MemoryFigures();
  gecko = new FakeSource("CoinGecko", now);
  gecko.says = { bitcoin: { price: 70_000, change: 1.5 } };
  gecko.sector = { cap: 1.1e10, change: 3.2 };
  paprika = new FakeSource("CoinPaprika", now);
  paprika.says = { bitcoin: { price: 70_001, change: 1.25 } };
  talk = marketTalk({ sources: [gecko, paprika], store, now });
});

describe("/why", () => {
  it("shows where a live figure came from", async () => {
    const shown = await talk.read(`/why ${await bitcoin()}`);
    expect(shown).toMatch(
      /^Bitcoin price: \$70,000\nSource: CoinGecko\nAs the source wrote it: 70000\nThe source's time: .*2026, 12:00 UTC\nFetched: /,
    );
    expect(shown).toContain("State: live when it was fetched, less than a minute ago");
    expect(shown).toContain("Metric: bitcoin.price");
    expect(shown).toContain("CoinGecko https://prices.example/bitcoin.price");
    expect(shown).not.toContain("Another source");
  });

  it("still knows the figure after newer ones came", async () => {
    const receipt = await bitcoin();
    time += minutes(120);
    gecko.says = { bitcoin: { price: 71_000 } };
    await talk.ask("/market");
    expect(await talk.read(`/why ${receipt.toUpperCase()}`)).toContain("State: live when it was fetched, 2 h ago");
  });

  it("sets beside it what another source said last, and how far apart they are", async () => {
    gecko.failing("timeout");
    await talk.ask("/market");
    time += minutes(70);
    gecko.fails = null;
    const shown = await talk.read(`/why ${await bitcoin()}`);
    expect(shown).toMatch(/\nAnother source: CoinPaprika: \$70,001, fetched 1 h ago, [a-z2-9]{8}; the same\n/);
    time += minutes(7 * 60);
    gecko.says = { bitcoin: { price: 140_002 } };
    expect(await talk.read(`/why ${await bitcoin()}`)).toContain("; too far apart in time to compare\n");
  });

  it("names both figures of a change that was worked out, and says where each came from", async () => {
    const first = await bitcoin();
    time += minutes(24 * 60);
    gecko.says = { bitcoin: { price: 77_000 } };
    const second = await bitcoin();
    const shown = await talk.read(`/why ${receiptIn(await talk.read("/market bitcoin"), "24 h: +10 %")}`);
    expect(shown).toMatch(/^Bitcoin price, change over 24 h: \+10 %\nSource: CoinGecko, worked out by Depinion\n/);
    expect(shown).toContain(`\nWorked out from: 77000 (${second}) against 70000 (${first})\n`);
    expect(shown).toContain("\nMetric: bitcoin.price_change_24h\n");
    expect(shown).not.toContain("[Ask again now]");
  });

  it("keeps the receipt of a change from one question to the next", async () => {
    await bitcoin();
    time += minutes(24 * 60);
    gecko.says = { bitcoin: { price: 77_000 } };
    const receipts = await Promise.all([1, 2].map(async () => receiptIn(await talk.read("/market bitcoin"), "24 h:")));
    expect(new Set(receipts).size).toBe(1);
    const afterwards = marketTalk({ sources: [], store, now });
    expect(await afterwards.read(`/why ${receipts[0]}`)).toContain("Metric: bitcoin.price_change_24h");
  });

  it("says that a figure of the snapshot is bundled and has no page", async () => {
    const shown = await talk.read(`/why ${baseline[0]?.id}`);
    expect(shown).toMatch(
      /^DePIN sector market cap: about \$19 billion\nSource: Depinion baseline, August 2024 \(bundled with the program/,
    );
    expect(shown).toContain("As the source wrote it: about $19 billion");
    expect(shown).toContain("The source's time: August 2024");
    expect(shown).toContain("State: stale: a snapshot of the past");
    expect(shown).not.toContain("[Ask again now]");
  });

  it("knows no receipt that was never given", async () => {
    const answer = await talk.ask("/why `abcd2345`");
    expect(answer).toMatchObject({ error: "unknown_receipt", private: true });
    expect(linesOf(answer.blocks)[0]).toBe("I have nothing with the receipt “`abcd2345`”.");
  });

  it("asks for a receipt where none was given", async () => {
    expect((await talk.ask("/why")).error).toBe("bad_arguments");
    expect((await talk.ask("/why \u200b")).error).toBe("bad_arguments");
  });
});

describe("/why … again", () => {
  it("asks the source and another one now, and gives receipts for what they say", async () => {
    const receipt = await bitcoin();
    time += minutes(5);
    gecko.says = { bitcoin: { price: 70_700 } };
    const shown = await talk.read(`/why ${receipt} again`);
    expect(shown).toMatch(/\nAsked again: CoinGecko: \$70,700, fetched less than a minute ago, [a-z2-9]{8}; 1 % more\n/);
    expect(shown).toMatch(/\nAnother source: CoinPaprika: \$70,001, fetched less than a minute ago, [a-z2-9]{8}; 0\.99 % less\n/);
    expect(talk.progress).toContain("Asking the sources again …");
    const again = shown.match(/Asked again: .*, ([a-z2-9]{8});/)?.[1];
    expect(await talk.read(`/why ${again}`)).toMatch(/^Bitcoin price: \$70,700\n/);
  });

  it("can be had with a button", async () => {
    const [button] = buttonsOf(await talk.ask(`/why ${await bitcoin()}`));
    if (button === undefined) throw new TypeError("no button");
    expect(await talk.read(button)).toContain("Asked again: CoinGecko: $70,000");
  });

  it("compares changes in percentage points", async () => {
    const change = receiptIn(await talk.read("/market bitcoin"), "24 h: +1.5 %");
    expect(await talk.read(`/why ${change} again=yes`)).toMatch(/CoinPaprika: \+1\.25 %, fetched .*; 0\.25 percentage points less\n/);
  });

  it("asks once a minute at most, whoever asks", async () => {
    const receipt = await bitcoin();
    for (let n = 0; n < 20; n++) await talk.read(`/why ${receipt} again`);
    expect([gecko.askedFor, paprika.askedFor]).toEqual([["bitcoin"], ["bitcoin"]]);
    time += 61_000;
    await talk.read(`/why ${receipt} again`);
    expect(gecko.askedFor).toHaveLength(2);
  });

  it("says who did not answer, and shows the figure all the same", async () => {
    const receipt = await bitcoin();
    gecko.failing("rate_limited");
    paprika.failing("unauthorised");
    const shown = await talk.read(`/why ${receipt} again`);
    expect(shown).toContain("\nAsked again: CoinGecko gave no value\nAnother source: none gave a value\n");
    expect(shown).toContain("CoinGecko asked me to come back later.");
    expect(shown).toContain("CoinPaprika refused the request.");
    expect(shown).toMatch(/^Bitcoin price: \$70,000\n/);
  });

  it("says so where another source does not have the metric", async () => {
    const sector = receiptIn(await talk.read("/market"), "DePIN sector market cap");
    const shown = await talk.read(`/why ${sector} again`);
    expect(shown).toMatch(/\nAsked again: CoinGecko: \$11 billion, .*; the same\nAnother source: none gave a value\n/);
    expect(gecko.askedFor).toEqual(["sector"]);
  });

  it("says what cannot be asked again", async () => {
    expect(await talk.read(`/why ${baseline[0]?.id} again`)).toContain("It is bundled with the program: there is nothing to ask again.");
    const since = receiptIn(await talk.read("/market bitcoin"), "Since August 2024");
    expect(await talk.read(`/why ${since} again`)).toContain("It is worked out from other figures: ask again about those");
    expect(gecko.askedFor).toEqual([]);
  });
});
