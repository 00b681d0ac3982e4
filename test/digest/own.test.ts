/** What a digest says of one community: counts of its own people, one quote, and what changed since its last digest. */
import { describe, expect, it } from "vitest";
import { communityId, digestId, opinionId, roomId } from "../../src/core/ids.ts";
import { pulse, sinceLast } from "../../src/digest/own.ts";
import type { Digest } from "../../src/digest/types.ts";
import { topics } from "../../src/opinions/topics.ts";
import type { Quotation, SentimentView, StanceCounts } from "../../src/opinions/types.ts";
import { made, morning } from "./facts.ts";

const nobody: StanceCounts = { agree: 0, mixed: 0, disagree: 0, unclear: 0 };

function view(index: number, counts: Partial<StanceCounts>, parts: Partial<SentimentView> = {}): SentimentView {
  const topic = topics[index];
  if (topic === undefined) throw new TypeError("no such topic");
  const all = { ...nobody, ...counts };
  return { topic, days: 1, people: Object.values(all).reduce((a, b) => a + b), counts: all, before: null, quotes: [], ...parts };
}

const said = (id: string, stance: Quotation["stance"], at: string): Quotation => ({
  id: opinionId(id),
  stance,
  text: id,
  at: new Date(at),
});

describe("the community's pulse", () => {
  it("is left out where nobody spoke", () => {
    expect(pulse([view(0, {})], true)).toEqual([]);
  });

  it("counts people, says how agreement moved, and names three topics at most, the most spoken of first", () => {
    const [block] = pulse(
      [
        view(0, { agree: 1 }),
        view(1, { agree: 3, disagree: 1 }, { before: { ...nobody, agree: 1, disagree: 1 } }),
        view(2, { unclear: 2 }),
        view(3, { mixed: 3 }),
      ],
      true,
    );
    const text = block?.kind === "text" ? block.text : "";
    const title = (index: number) => topics[index]?.title;
    expect(text.split("\n").slice(1)).toEqual([
      `${title(1)}: 4 people, 3 agree, 1 disagree (agreement 50 % → 75 %)`,
      `${title(3)}: 3 people, 3 mixed`,
      `${title(2)}: 2 people, 2 unclear`,
    ]);
  });

  it("quotes whoever spoke last, whichever side that is, and nobody where the community does not want it", () => {
    const spoken = [
      view(
        0,
        { agree: 2, disagree: 2 },
        { quotes: [said("pro", "agree", "2026-11-22T06:00:00Z"), said("con", "disagree", "2026-11-22T07:00:00Z")] },
      ),
    ];
    expect(pulse(spoken, true).filter(({ kind }) => kind === "opinion")).toMatchObject([{ opinion: "con" }]);
    expect(pulse(spoken, false).filter(({ kind }) => kind === "opinion")).toEqual([]);
  });
});

describe("what changed since the last digest", () => {
  const last: Digest = {
    id: digestId("d"),
    community: communityId("console", "1"),
    room: roomId("console", "1"),
    localDate: "2026-11-21",
    composedAt: new Date("2026-11-21T08:00:00Z"),
    body: { id: "b", composedAt: morning, blocks: [], print: [], figures: [] },
    own: [],
  };
  const bitcoin = (price: number, source?: string) => made("bitcoin.price", "Bitcoin price", price, "usd", source);

  it("is told from the same source alone, and only where it reads differently", () => {
    expect(sinceLast(last, [bitcoin(70_000)], [bitcoin(77_671)])).toEqual([
      { kind: "text", text: "**Since the digest of 2026-11-21**\nBitcoin price: $70,000 → $77,671" },
    ]);
    expect(sinceLast(last, [bitcoin(70_000, "CoinPaprika")], [bitcoin(77_671)])).toEqual([]);
    expect(sinceLast(last, [bitcoin(70_000.1)], [bitcoin(70_000.2)])).toEqual([]);
    expect(sinceLast(null, [], [bitcoin(77_671)])).toEqual([]);
  });
});
