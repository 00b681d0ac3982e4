/** What a person reads after `/market` and `/why`, with every source in every mood. */
import { beforeEach, describe, expect, it } from "vitest";
import market from "../../commands/market.ts";
import why from "../../commands/why.ts";
import { createDispatch } from "../../src/core/dispatch.ts";
import { formatFigure, formatFreshness } from "../../src/core/figure.ts";
import { communityId, memberId, roomId } from "../../src/core/ids.ts";
import { plainText } from "../../src/core/markup.ts";
import type { Answer, SealedBlock, SealedButton } from "../../src/core/reply.ts";
import { baseline } from "../../src/market/baseline.ts";
import { createMarket } from "../../src/market/market.ts";
import type { PriceSource } from "../../src/market/types.ts";
import type { Services } from "../../src/services.ts";
import { FakeSource, MemoryFigures } from "../market/fakes.ts";

let time: number;
let gecko: FakeSource;
let paprika: FakeSource;
let store: MemoryFigures;
let notes: string[];
let dispatch: ReturnType<typeof createDispatch<Services>>;
const now = () => new Date(time);
const unused = (): never => {
  throw new TypeError("not needed here");
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function open(sources: readonly PriceSource[]): void {
  const services: Services = {
    market: createMarket({ sources, store, now, log: silent }),
    status: unused,
    get networks(): never {
      return unused();
    },
    get knowledge(): never {
      return unused();
    },
    get opinions(): never {
      return unused();
    },
    get privacy(): never {
      return unused();
    },
  };
  dispatch = createDispatch<Services>({
    commands: [market, why],
    services,
    buttons: { save: async () => undefined, find: async () => null, sweep: async () => 0 },
    limiter: { admit: async () => undefined },
    log: silent,
    now,
    closest: () => undefined,
    recognise: async () => undefined,
  });
}

beforeEach(() => {
  time = Date.parse("2026-11-22T12:00:00Z");
  notes = [];
  store = new MemoryFigures();
  gecko = new FakeSource("CoinGecko", now);
  gecko.says = {
    bitcoin: { price: 70_000, cap: 1.4e12, change: 1.5 },
    render: { price: 2.31, cap: 1.2e9, change: 4.5 },
    akash: { price: 0.6, cap: 1.7e8, change: -2 },
    helium: { price: 3.271e-9, change: 900 },
  };
  gecko.sector = { cap: 1.1e10, change: 3.2 };
  paprika = new FakeSource("CoinPaprika", now);
  paprika.says = { bitcoin: { price: 70_001 } };
  open([gecko, paprika]);
});

function ask(input: string | SealedButton): Promise<Answer> {
  const member = memberId("ann");
  const room = { id: roomId("console", "1"), community: communityId("console", "1"), kind: "public", privateAnswers: false } as const;
  const [command = "", ...words] = typeof input === "string" ? input.slice(1).split(" ") : [];
  const invocation =
    typeof input === "string"
      ? ({ kind: "text", command, line: words.join(" ") } as const)
      : ({ kind: "button", payload: input.payload } as const);
  const actor = { member, former: [], person: true, isAdmin: async () => false };
  return dispatch.answer({ platform: "console", input: invocation, actor, room }, (note) => void notes.push(note));
}

/** An answer as plain lines, the way the simplest door would show it. */
function lines(blocks: readonly SealedBlock[]): readonly string[] {
  return blocks.flatMap((block): readonly string[] => {
    switch (block.kind) {
      case "figures":
        return block.figures.map((f) => `${f.label}: ${formatFigure(f)} · ${formatFreshness(f, block.asOf)} · ${f.id}`);
      case "buttons":
        return [block.buttons.map((b) => `[${b.label}]`).join(" ")];
      case "sources":
        return block.sources.map((s) => `${s.title} ${s.url}`);
      case "heading":
      case "text":
      case "note":
        return plainText(block.text).split("\n");
      default:
        return [JSON.stringify(block)];
    }
  });
}

async function read(input: string | SealedButton): Promise<string> {
  const shown = lines((await ask(input)).blocks).join("\n");
  // Whatever a source does, nobody ever reads the insides of the program or a zero that stands for "unknown".
  expect(shown).not.toMatch(/NaN|undefined|null|Infinity|\[object|Invalid Date|\$0(?![.\d])|\$0\.00(?!\d)|±0/);
  return shown;
}

const buttonsOf = (answer: Answer) => answer.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
const failAll = () => {
  gecko.failing("timeout");
  paprika.failing("rate_limited");
};

describe("/market with a live source", () => {
  it("opens with the sector, then prices, caps and movers, each with its receipt", async () => {
    const shown = await read("/market");
    expect(shown).toMatch(/^DePIN market\nDePIN sector market cap: \$11 billion · .+ · [a-z2-9]{8}\nDePIN sector 24 h change: \+3\.2 %/);
    expect(shown).toMatch(/Prices\nBitcoin price: \$70,000/);
    expect(shown).toContain("Helium price: $0.00000000327");
    expect(shown).toMatch(/Market caps\nBitcoin market cap: \$1\.4 trillion/);
    expect(notes).toEqual(["Asking the price sources …"]);
  });

  it("lists movers from most up to most down, without a coin of unknown size", async () => {
    const shown = await read("/market");
    const movers = shown.slice(shown.indexOf("Movers")).match(/\w+ 24 h change: \S+/g);
    expect(movers).toEqual(["Render 24 h change: +4.5", "Bitcoin 24 h change: +1.5", "Akash 24 h change: −2"]);
  });

  it("names the source and the time, and is no advice", async () => {
    const shown = await read("/market");
    expect(shown).toMatch(/Fetched from CoinGecko, .*2026, 12:00 UTC\./);
    expect(shown).toContain("CoinGecko https://prices.example/sector.market_cap");
    expect(shown).toContain("Not financial advice.");
    expect(shown).not.toContain("not live");
  });

  it("shows one asset by name, ticker or button", async () => {
    const byName = await read("/market akash");
    expect(byName).toMatch(/^Akash \(AKT\)\nAkash price: \$0\.6.*\nAkash market cap: \$170 million.*\nAkash 24 h change: −2 %/);
    expect(byName).not.toContain("Bitcoin");
    expect(await read("/market $AKT")).toBe(byName);
    const button = buttonsOf(await ask("/market")).find((b) => b.label === "Akash");
    if (button === undefined) throw new TypeError("no button for Akash");
    expect(await read(button)).toBe(byName);
    expect(byName).toContain("[Whole market]");
  });

  it("fills what the source leaves out from what was last known, and says so", async () => {
    const shown = await read("/market filecoin");
    expect(shown).toContain("CoinGecko gives no current figure here. Last known, from Depinion baseline, August 2024:");
    expect(shown).toContain("Filecoin market cap: about $2 billion · August 2024");
  });

  it("says that there is no data where there is none", async () => {
    expect(await read("/market arweave")).toContain("There is no data on Arweave");
  });
});

describe("/market when the first source fails", () => {
  it("says which source it is from and why, and keeps the sector apart", async () => {
    gecko.failing("rate_limited");
    const shown = await read("/market");
    expect(shown).toContain("CoinGecko asked me to come back later. These figures are from CoinPaprika.");
    expect(shown).toContain("CoinPaprika gives no current figure here. Last known, from Depinion baseline, August 2024:");
    expect(shown).toContain("DePIN sector market cap: about $19 billion · August 2024");
    expect(shown).toContain("Fetched from CoinPaprika, ");
  });
});

describe("/market when every source fails", () => {
  it("shows the last figures with their age and the reasons", async () => {
    await ask("/market");
    time += 3 * 3_600_000;
    failAll();
    const shown = await read("/market");
    expect(shown).toMatch(
      /^DePIN market\nThese figures are not live\. CoinGecko did not answer in time, and CoinPaprika asked me to come back later\. CoinGecko gave them 3 h ago\./,
    );
    expect(shown).toMatch(/Bitcoin price: \$70,000 · .+, 3 h old/);
    expect(shown).toContain("Change over 24 h, as last seen");
    expect(shown).not.toContain("Movers");
    expect(await read("/market akash")).toContain("These figures are not live.");
  });

  it("shows the snapshot of August 2024 as what it is", async () => {
    failAll();
    const shown = await read("/market");
    expect(shown).toContain("No live source was reached. CoinGecko did not answer in time, and CoinPaprika asked me to come back later.");
    expect(shown).toContain("This is the bundled snapshot of August 2024, not today's market.");
    expect(shown).toContain("DePIN sector market cap: about $19 billion · August 2024");
    expect(shown).toContain("Networks\nFilecoin raw capacity: 22.754 EiB · August 2024");
    expect(shown).toContain("Helium hotspots onboarded: at least 1,000,000 · August 2024");
    expect(shown).toContain("bundled with the program");
    expect(shown).not.toContain("24 h");
    expect(await read("/market filecoin")).toContain("Filecoin raw capacity: 22.754 EiB");
    expect(await read("/market akash")).toContain("There is no data on Akash");
  });

  it("says so too when no source is switched on", async () => {
    open([]);
    expect(await read("/market")).toContain("No live source was reached. No price source is switched on.");
  });
});

describe("/market with an asset nobody knows", () => {
  it("asks whether another was meant, with buttons, and asks no source", async () => {
    expect(await read("/market bit")).toBe("I follow no asset called “bit”. Did you mean one of these?\n[Bitcoin] [Bittensor]");
    expect(gecko.asked).toBe(0);
  });

  it("offers all where nothing is near, and shows marks as typed", async () => {
    const shown = await read("/market **@everyone** [x](http://y)");
    expect(shown).toContain("“**@everyone** [x](http://y)”. I follow these:");
    expect(shown).toContain("[Arweave]");
  });

  it("shows the whole market for a name of invisible characters", async () => {
    expect(await read("/market \u200b\u200b")).toMatch(/^DePIN market/);
  });

  it("refuses a name that is too long", async () => {
    expect((await ask(`/market ${"x".repeat(100_000)}`)).error).toBe("bad_arguments");
  });

  it("suggests while a member types", async () => {
    const room = { id: roomId("console", "1"), community: communityId("console", "1"), kind: "public", privateAnswers: false } as const;
    expect(await dispatch.suggest({ command: "market", param: "asset", typed: "ak", room })).toEqual([
      { label: "Akash (AKT)", value: "akash" },
    ]);
    expect(await dispatch.suggest({ command: "market", param: "asset", typed: "", room })).toHaveLength(8);
  });
});

describe("/why", () => {
  const receiptOf = async (label: string) => {
    const shown = (await read("/market")).split("\n").find((line) => line.startsWith(label));
    return shown?.split(" · ").at(-1) ?? "";
  };

  it("shows where a live figure came from", async () => {
    const shown = await read(`/why ${await receiptOf("Bitcoin price")}`);
    expect(shown).toMatch(
      /^Bitcoin price: \$70,000\nSource: CoinGecko\nAs the source wrote it: 70000\nThe source's time: .*2026, 12:00 UTC\nFetched: /,
    );
    expect(shown).toContain("State: live when it was fetched, less than a minute ago");
    expect(shown).toContain("Metric: bitcoin.price");
    expect(shown).toContain("CoinGecko https://prices.example/bitcoin.price");
  });

  it("still knows the figure after newer ones came", async () => {
    const receipt = await receiptOf("Bitcoin price");
    time += 2 * 3_600_000;
    gecko.says = { bitcoin: { price: 71_000 } };
    await ask("/market");
    expect(await read(`/why ${receipt.toUpperCase()}`)).toContain("State: live when it was fetched, 2 h ago");
  });

  it("says that a figure of the snapshot is bundled and has no page", async () => {
    const shown = await read(`/why ${baseline[0]?.id}`);
    expect(shown).toMatch(
      /^DePIN sector market cap: about \$19 billion\nSource: Depinion baseline, August 2024 \(bundled with the program/,
    );
    expect(shown).toContain("As the source wrote it: about $19 billion");
    expect(shown).toContain("The source's time: August 2024");
    expect(shown).toContain("State: stale: a snapshot of the past");
  });

  it("knows no receipt that was never given", async () => {
    const answer = await ask("/why `abcd2345`");
    expect(answer).toMatchObject({ error: "unknown_receipt", private: true });
    expect(lines(answer.blocks)[0]).toBe("I have no figure with the receipt “`abcd2345`”.");
  });

  it("asks for a receipt where none was given", async () => {
    expect((await ask("/why")).error).toBe("bad_arguments");
    expect((await ask("/why \u200b")).error).toBe("bad_arguments");
  });
});
