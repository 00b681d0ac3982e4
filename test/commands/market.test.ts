/** What a person reads after `/market`, with every source in every mood. */
import { beforeEach, describe, expect, it } from "vitest";
import type { PriceSource } from "../../src/market/types.ts";
import { FakeSource, MemoryFigures } from "../market/fakes.ts";
import { type MarketTalk, marketTalk, receiptIn } from "../support/market-talk.ts";
import { buttonsOf } from "../support/talk.ts";

let time: number;
let gecko: FakeSource;
let paprika: FakeSource;
let store: MemoryFigures;
let talk: MarketTalk;
const now = () => new Date(time);
const hours = (n: number) => n * 3_600_000;
const open = (sources: readonly PriceSource[]) => marketTalk({ sources, store, now });
const failAll = () => {
  gecko.failing("timeout");
  paprika.failing("rate_limited");
};

beforeEach(() => {
  time = Date.parse("2026-11-22T12:00:00Z");
  store = new MemoryFigures();
  gecko = new FakeSource("CoinGecko", now);
  gecko.says = {
    bitcoin: { price: 70_000, cap: 1.4e12, change: 1.5, week: 4.25, month: -7.5, volume: 3.2e10 },
    render: { price: 2.31, cap: 1.2e9, change: 4.5 },
    akash: { price: 0.6, cap: 1.7e8, change: -2, week: 3, volume: 4e6 },
    helium: { price: 3.271e-9, change: 900 },
  };
  gecko.sector = { cap: 1.1e10, change: 3.2, volume: 8e8 };
  gecko.global = { cap: 2.6e12, change: -1.6 };
  const traded = { price: 1, cap: 5e7, rank: 500, depin: true, volume: 2e6 };
  gecko.listed = {
    geodnet: { ...traded, name: "GEODNET", ticker: "GEOD", change: 14.25 },
    "peaq-2": { ...traded, name: "peaq", ticker: "PEAQ", change: -11.5 },
    "thin-coin": { ...traded, name: "Thin Coin", ticker: "THIN", change: 77, volume: 999_999 },
    dogecoin: { ...traded, name: "Dogecoin", ticker: "DOGE", depin: false, change: 5 },
  };
  paprika = new FakeSource("CoinPaprika", now);
  paprika.says = { bitcoin: { price: 70_001 } };
  talk = open([gecko, paprika]);
});

describe("/market with a live source", () => {
  it("opens with the sector and how it changed, each change saying from where", async () => {
    const shown = await talk.read("/market");
    expect(shown).toMatch(
      /^DePIN market\nDePIN sector market cap: \$11 billion · .+ · [a-z2-9]{8}\nDePIN sector 24 h volume: \$800 million · .+ · [a-z2-9]{8}\n/,
    );
    expect(shown).toMatch(/\n24 h: \+3\.2 % [a-z2-9]{8} as CoinGecko says\n/);
    expect(shown).toMatch(/\nSince August 2024: about −42\.11 % [a-z2-9]{8} against the snapshot\n/);
    expect(shown).toContain("\n7 d, 30 d: no data, my archive does not reach back that far\n");
    expect(talk.progress).toEqual(["Asking the price sources …"]);
  });

  it("works changes out of what it stored, once that reaches back", async () => {
    const start = time;
    for (const [before, cap] of [
      [hours(30 * 24), 8e9],
      [hours(7 * 24), 1e10],
      [hours(24), 1.25e10],
    ] as const) {
      time = start - before;
      gecko.sector = { cap };
      await talk.read("/market");
    }
    time = start;
    gecko.sector = { cap: 1.1e10, change: 3.2 };
    const shown = await talk.read("/market");
    expect(shown).toMatch(
      /\n24 h: −12 % [a-z2-9]{8} from my archive\n7 d: \+10 % [a-z2-9]{8} from my archive\n30 d: \+37\.5 % [a-z2-9]{8} from/,
    );
    expect(shown).not.toContain("no data, my archive");
  });

  it("sets all coins, Bitcoin and Ether behind it", async () => {
    gecko.says = { ...gecko.says, ethereum: { price: 2_600 } };
    expect(await talk.read("/market")).toMatch(
      /\nBackdrop\nWhole crypto market \$2\.6 trillion [a-z2-9]{8}, 24 h −1\.6 % [a-z2-9]{8}\nBitcoin \$70,000 [a-z2-9]{8}, 24 h \+1\.5 % [a-z2-9]{8}\nEthereum \$2,600 [a-z2-9]{8}\n/,
    );
  });

  it("lists the sector's movers, up and down, of those that are traded enough", async () => {
    const shown = await talk.read("/market");
    expect(shown).toMatch(
      /\nMovers over 24 h \(\$1 million or more traded\)\n▲ GEODNET \+14\.25 % [a-z2-9]{8}\n▼ peaq −11\.5 % [a-z2-9]{8}\nWatch list\n/,
    );
    expect(await talk.read(`/why ${receiptIn(shown, "▲ GEODNET")}`)).toContain("Metric: geodnet.change_24h");
  });

  it("says that nothing moved where nothing did", async () => {
    gecko.listed = { geodnet: { name: "GEODNET", ticker: "GEOD", rank: 600, depin: true, cap: 1, change: 5, volume: 10 } };
    expect(await talk.read("/market")).toContain("\nNo coin of the sector with $1 million or more traded in 24 h moved.\n");
  });

  it("shows the watch list in lines that fit a phone, and names what it has no data on", async () => {
    const shown = await talk.read("/market");
    expect(shown).toContain("\nAsset | Price | 24 h\nBitcoin | $70,000 | +1.5 %\nRender | $2.31 | +4.5 %\nAkash | $0.6 | −2 %\n");
    expect(shown).toContain("\nNo data from CoinGecko: Ethereum, Bittensor, Filecoin, Arweave, Theta, The Graph,");
    gecko.says = { akash: { price: 0.6 } };
    time += hours(1);
    expect(await talk.read("/market")).toContain("\nAkash | $0.6 | no data\n");
  });

  it("names the source and the time, and is no advice", async () => {
    const shown = await talk.read("/market");
    expect(shown).toMatch(/Fetched from CoinGecko, .*2026, 12:00 UTC\./);
    expect(shown).toContain("CoinGecko https://prices.example/sector.market_cap");
    expect(shown).toContain("Not financial advice.");
    expect(shown).not.toContain("not live");
  });

  it("shows one asset by name, ticker or button, with a receipt for each figure of the table", async () => {
    const byName = await talk.read("/market akash");
    expect(byName).toMatch(
      /^Akash \(AKT\)\nAkash price: \$0\.6 .*\nAkash market cap: \$170 million.*\nAkash 24 h volume: \$4 million.*\nPrice\n/,
    );
    expect(byName).toMatch(/\nPrice\n24 h: −2 % [a-z2-9]{8} as CoinGecko says\n7 d: \+3 % [a-z2-9]{8} as CoinGecko says\n30 d: no data/);
    expect(byName).not.toContain("Bitcoin");
    expect(await talk.read("/market $AKT")).toBe(byName);
    const answer = await talk.ask("/market");
    expect(buttonsOf(answer)).toHaveLength(19);
    const button = buttonsOf(answer).find((b) => b.label === "Akash");
    if (button === undefined) throw new TypeError("no button for Akash");
    expect(await talk.read(button)).toBe(byName);
    expect(byName).toContain("[Whole market]");
    expect(await talk.read(`/why ${receiptIn(byName, "24 h: −2 %")}`)).toContain("Metric: akash.change_24h");
  });

  it("holds an asset against August 2024 where that is known, and carries “about” on", async () => {
    const render = await talk.read("/market render");
    expect(render).toMatch(/\nMarket cap\nSince August 2024: about −33\.33 % [a-z2-9]{8} against the snapshot\n/);
    const bitcoin = await talk.read("/market bitcoin");
    expect(bitcoin).toMatch(/\nSince August 2024: \+17\.66 % [a-z2-9]{8} against the snapshot\n/);
    expect(await talk.read(`/why ${receiptIn(bitcoin, "Since August")}`)).toMatch(
      /^Bitcoin price, change since August 2024: \+17\.66 %\nSource: CoinGecko against Depinion baseline, August 2024\nWorked out from: 70000 \([a-z2-9]{8}\) against \$59,493 \(tbcj4exz\)\n/,
    );
  });

  it("fills what the source leaves out from what was last known, and says so", async () => {
    const shown = await talk.read("/market filecoin");
    expect(shown).toContain("CoinGecko gives no current figure here. Last known, from Depinion baseline, August 2024:");
    expect(shown).toContain("Filecoin market cap: about $2 billion · August 2024");
    expect(shown).not.toContain("Fetched from CoinGecko");
  });

  it("says that there is no data where there is none", async () => {
    expect(await talk.read("/market arweave")).toContain("There is no data on Arweave");
  });
});

describe("/market when the first source fails", () => {
  it("says which source it is from and why, and keeps the sector apart", async () => {
    gecko.failing("rate_limited");
    const shown = await talk.read("/market");
    expect(shown).toContain("CoinGecko asked me to come back later. These figures are from CoinPaprika.");
    expect(shown).toContain("CoinPaprika gives no current figure here. Last known, from Depinion baseline, August 2024:");
    expect(shown).toContain("DePIN sector market cap: about $19 billion · August 2024");
    expect(shown).toContain("\nBitcoin | $70,001 | no data\nNo data from CoinPaprika: Ethereum, Render,");
    expect(shown).not.toContain("Movers");
    expect(shown).toContain("Fetched from CoinPaprika, ");
  });
});

describe("/market when every source fails", () => {
  it("shows the last figures with their age and the reasons", async () => {
    await talk.ask("/market");
    time += hours(3);
    failAll();
    const shown = await talk.read("/market");
    expect(shown).toMatch(
      /^DePIN market\nThese figures are not live\. CoinGecko did not answer in time, and CoinPaprika asked me to come back later\. CoinGecko gave them 3 h ago\./,
    );
    expect(shown).toMatch(/DePIN sector market cap: \$11 billion · .+, 3 h old/);
    expect(shown).toMatch(/\n24 h: \+3\.2 % [a-z2-9]{8} as CoinGecko says\n/);
    expect(shown).toContain("Watch list, as last seen\nAsset | Price | 24 h\nBitcoin | $70,000 | +1.5 %");
    expect(shown).not.toContain("Movers");
    expect(await talk.read("/market akash")).toContain("These figures are not live.");
  });

  it("says how much older a row is than the rest", async () => {
    await talk.ask("/market");
    time += hours(30);
    gecko.says = { bitcoin: { price: 71_000 } };
    await talk.ask("/market");
    time += hours(2);
    failAll();
    expect(await talk.read("/market")).toContain(
      "\nBitcoin | $71,000 | +1.5 %, 30 h older\nRender | $2.31, 30 h older | +4.5 %, 30 h older\n",
    );
  });

  it("shows the snapshot of August 2024 as what it is", async () => {
    failAll();
    const shown = await talk.read("/market");
    expect(shown).toContain("No live source was reached. CoinGecko did not answer in time, and CoinPaprika asked me to come back later.");
    expect(shown).toContain("This is the bundled snapshot of August 2024, not today's market.");
    expect(shown).toContain("DePIN sector market cap: about $19 billion · August 2024");
    expect(shown).toContain("Prices\nBitcoin price: $59,493 · August 2024");
    expect(shown).toContain("Networks\nFilecoin raw capacity: 22.754 EiB · August 2024");
    expect(shown).toContain("Helium hotspots onboarded: at least 1,000,000 · August 2024");
    expect(shown).toContain("bundled with the program");
    expect(shown).not.toContain("24 h");
    expect(await talk.read("/market filecoin")).toContain("Filecoin raw capacity: 22.754 EiB");
    expect(await talk.read("/market akash")).toContain("There is no data on Akash");
  });

  it("says so too when no source is switched on", async () => {
    expect(await open([]).read("/market")).toContain("No live source was reached. No price source is switched on.");
  });
});

describe("/market with an asset that is not on the watch list", () => {
  it("asks whether another was meant, with buttons, and asks no source", async () => {
    expect(await talk.read("/market bit")).toBe(
      "I follow no asset called “bit”. Did you mean one of these?\n[Bitcoin] [Bittensor] [CoinGecko id “bit”]",
    );
    expect([gecko.asked, gecko.askedFor]).toEqual([0, []]);
  });

  it("finds a coin by its CoinGecko id, with one question of its own, and says so", async () => {
    const shown = await talk.read("/market dogecoin");
    expect(shown).toMatch(/^Dogecoin \(DOGE\)\nDogecoin price: \$1\.00 · .+ · [a-z2-9]{8}\nDogecoin market cap: \$50 million/);
    expect(shown).toContain("\nNot on the watch list: found by its CoinGecko id dogecoin.\n");
    expect(shown).toMatch(/\n24 h: \+5 % [a-z2-9]{8} as CoinGecko says\n/);
    await talk.read("/market dogecoin");
    expect([gecko.asked, gecko.askedFor]).toEqual([1, ["dogecoin"]]);
    expect(await open([]).read(`/why ${receiptIn(shown, "Dogecoin price")}`)).toContain("Metric: dogecoin.price");
  });

  it("needs no question for a member of the sector that came with the last answer", async () => {
    await talk.read("/market");
    expect(await talk.read("/market GEODNET")).toMatch(/^GEODNET \(GEOD\)\nGEODNET price: \$1/);
    expect([gecko.asked, gecko.askedFor]).toEqual([1, []]);
  });

  it("looks an id up beside a near name only where it is said to be one", async () => {
    gecko.listed = { ...gecko.listed, etherium: { name: "Etherium", ticker: "ETI", rank: 9_000, depin: false, price: 0.001 } };
    const answer = await talk.ask("/market etherium");
    expect(buttonsOf(answer).map((b) => b.label)).toEqual(["Ethereum", "CoinGecko id “etherium”"]);
    const byId = buttonsOf(answer)[1];
    if (byId === undefined) throw new TypeError("no button for the id");
    expect(await talk.read(byId)).toMatch(/^Etherium \(ETI\)\nEtherium price: \$0\.001/);
  });

  it("offers all where there is no such id, and asks for it once a minute at most", async () => {
    for (let n = 0; n < 5; n++)
      expect(await talk.read("/market zzzzzz")).toContain("“zzzzzz”, and found no coin with this id. I follow these:");
    expect(gecko.askedFor).toEqual(["zzzzzz"]);
  });

  it("shows marks as typed, and asks no source about what is no id", async () => {
    const shown = await talk.read("/market **@everyone** [x](http://y)");
    expect(shown).toContain("“**@everyone** [x](http://y)”, and found no coin with this id. I follow these:");
    expect(shown).toContain("[Arweave]");
    expect(gecko.askedFor).toEqual([]);
  });

  it("says who did not answer when it cannot be looked up", async () => {
    gecko.failing("timeout");
    expect(await talk.ask("/market dogecoin")).toMatchObject({ error: "upstream", private: true });
    expect(await talk.read("/market dogecoin")).toMatch(/^CoinGecko did not answer in time\. Ref [0-9a-f]{8}$/);
  });

  it("does not show a coin's CoinGecko figures as another source's", async () => {
    await talk.read("/market dogecoin");
    time += 70_000;
    gecko.failing("timeout");
    const shown = await talk.read("/market bitcoin");
    expect(shown).toContain("These figures are from CoinPaprika.");
    gecko.fails = null;
    time += 16_000;
    expect(await talk.read("/market dogecoin")).toMatch(
      /CoinPaprika gives no current figure here\. Last known, from CoinGecko:\nDogecoin price: \$1\.00 /,
    );
  });

  it("shows the whole market for a name of invisible characters", async () => {
    expect(await talk.read("/market \u200b\u200b")).toMatch(/^DePIN market/);
  });

  it("refuses a name that is too long", async () => {
    expect((await talk.ask(`/market ${"x".repeat(100_000)}`)).error).toBe("bad_arguments");
  });

  it("suggests while a member types", async () => {
    expect(await talk.suggest("ak")).toEqual([{ label: "Akash (AKT)", value: "akash" }]);
    expect(await talk.suggest("")).toHaveLength(19);
  });
});

describe("the picture of /market <asset>", () => {
  const day = 24 * 3_600_000;
  const line = (days: number, price: (n: number) => number) =>
    Array.from({ length: days }, (_, n) => ({ at: new Date(time - (days - 1 - n) * day), value: price(n) }));

  it("shows the archive's own line of a coin that is followed, once it is a week long, and asks nobody", async () => {
    const end = time;
    gecko.past = { akash: line(30, () => 9) };
    let shown = "";
    for (let n = 7; n >= 0; n--) {
      expect(shown).not.toContain("days.");
      time = end - n * day;
      gecko.says = { akash: { price: 1 + n / 100 } };
      shown = await talk.read("/market akash");
    }
    expect(shown).toContain(
      "Akash (AKT), 7 days. CoinGecko, 21 Nov 2026, 12:00 UTC. AKT: first $1.07 (15 Nov 2026), last $1.01 (21 Nov 2026)",
    );
    expect(gecko.pastAsked).toBe(0);
  });

  it("shows what CoinGecko says of a coin that nobody follows, asked once an hour", async () => {
    gecko.past = { geodnet: line(30, (n) => 0.5 + n / 100) };
    const read = () => talk.read("/market coingecko:geodnet");
    expect(await read()).toContain(
      "GEODNET (GEOD), 30 days. CoinGecko, 22 Nov 2026, 12:00 UTC. GEOD: first $0.5 (24 Oct 2026), last $0.79 (22 Nov 2026)",
    );
    await read();
    expect(gecko.pastAsked).toBe(1);
    time += hours(1);
    await read();
    expect(gecko.pastAsked).toBe(2);
  });

  it("is left out where nobody tells the past, and the figures stand alone", async () => {
    const shown = await talk.read("/market coingecko:geodnet");
    expect(shown).toContain("GEODNET price: $1.00");
    expect(shown).not.toContain("days.");
  });

  it("is no part of the whole market's answer", async () => {
    gecko.past = { akash: line(30, () => 1) };
    await talk.read("/market");
    expect(gecko.pastAsked).toBe(0);
  });
});
