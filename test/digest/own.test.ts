/** What a digest says of one community: counts of its own people, one quote, and what changed since its last digest. */
import { describe, expect, it } from "vitest";
import { communityId, digestId, opinionId, roomId } from "../../src/core/ids.ts";
import { textsIn } from "../../src/core/texts.ts";
import { pulse, sinceLast } from "../../src/digest/own.ts";
import type { Digest } from "../../src/digest/types.ts";
import { viewOf } from "../../src/opinions/sentiment.ts";
import type { Quotation, SentimentView, StanceCounts } from "../../src/opinions/types.ts";
import { stances } from "../../src/reading/types.ts";
import { topics } from "../../src/topics/topics.ts";
import { made, morning } from "./facts.ts";

const words = textsIn("en").digest;
const cohorts = (counts: Partial<StanceCounts>) =>
  stances.map((stance) => ({ stance, platform: "discord" as const, measured: false, aside: null, people: counts[stance] ?? 0 }));

function view(
  index: number,
  counts: Partial<StanceCounts>,
  parts: { readonly before?: Partial<StanceCounts>; readonly quotes?: readonly Quotation[] } = {},
): SentimentView {
  const topic = topics[index];
  if (topic === undefined) throw new TypeError("no such topic");
  const { before = {}, quotes = [] } = parts;
  return viewOf(topic, 1, { recent: cohorts(counts), before: cohorts(before) }, quotes);
}

const said = (id: string, stance: Quotation["stance"], at: string): Quotation => ({
  id: opinionId(id),
  stance,
  text: id,
  at: new Date(at),
});

describe("the community's pulse", () => {
  it("is left out where nobody spoke", () => {
    expect(pulse([], true, "en")).toEqual([]);
  });

  it("counts people, says how agreement moved where that is no chance, and names three topics at most", () => {
    const [block] = pulse(
      [
        view(1, { agree: 30, disagree: 10 }, { before: { agree: 10, disagree: 30 } }),
        view(3, { agree: 3, disagree: 1 }, { before: { agree: 1, disagree: 1 } }),
        view(2, { unclear: 1 }),
        view(0, { agree: 1 }),
      ],
      true,
      "en",
    );
    const lines = block?.kind === "pulse" ? block.lines.map(({ text }) => text) : [];
    const title = (index: number) => topics[index]?.title;
    expect(lines).toEqual([
      `${title(1)}: 40 people, 30 agree, 10 disagree (agreement up from 25 % of 40 to 75 % of 40 who took a side)`,
      `${title(3)}: 4 people, 3 agree, 1 disagree`,
      `${title(2)}: 1 person, 1 unclear`,
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
    expect(pulse(spoken, true, "en").filter(({ kind }) => kind === "opinion")).toMatchObject([{ opinion: "con" }]);
    expect(pulse(spoken, false, "en").filter(({ kind }) => kind === "opinion")).toEqual([]);
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
    expect(sinceLast(last, [bitcoin(70_000)], [bitcoin(77_671)], words)).toEqual([
      { kind: "text", text: "**Since the digest of 2026-11-21**\nBitcoin price: $70,000 → $77,671" },
    ]);
    expect(sinceLast(last, [bitcoin(70_000, "CoinPaprika")], [bitcoin(77_671)], words)).toEqual([]);
    expect(sinceLast(last, [bitcoin(70_000.1)], [bitcoin(70_000.2)], words)).toEqual([]);
    expect(sinceLast(null, [], [bitcoin(77_671)], words)).toEqual([]);
  });
});
