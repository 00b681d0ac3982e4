/** What a person reads after `/sentiment`: counts, how sure they make one, whether anything changed, and what was measured. */
import { beforeEach, describe, expect, it } from "vitest";
import opinion from "../../commands/opinion.ts";
import sentiment from "../../commands/sentiment.ts";
import topics from "../../commands/topics.ts";
import type { ChartSpec } from "../../src/core/chart.ts";
import { describeChart } from "../../src/core/chart.ts";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { image } from "../../src/core/reply.ts";
import { pulse } from "../../src/digest/own.ts";
import { createMarket } from "../../src/market/market.ts";
import { createOpinions } from "../../src/opinions/opinions.ts";
import type { Opinions, Standing } from "../../src/opinions/types.ts";
import { type Stance, stances } from "../../src/reading/types.ts";
import { createTopicDesk } from "../../src/topics/topic-desk.ts";
import { MemoryFigures } from "../market/fakes.ts";
import { createMemoryStores, type Stores } from "../support/memory-stores.ts";
import { plainReading } from "../support/plain-reading.ts";
import { buttonsOf, createTalk, type Talk } from "../support/talk.ts";

const now = () => new Date("2026-11-22T12:00:00Z");
const community = communityId("console", "1");
const day = 86_400_000;

let stores: Stores;
let opinions: Opinions;
let talk: Talk;
let drawn: ChartSpec[];
let serial = 0;

beforeEach(() => {
  stores = createMemoryStores();
  opinions = createOpinions(stores, createTopicDesk(stores.topics), plainReading());
  drawn = [];
  const market = createMarket({
    sources: [],
    watched: async () => [],
    store: new MemoryFigures(),
    now,
    log: { warn: () => undefined, error: () => undefined },
  });
  const illustrate = async (spec: ChartSpec, name: string) => {
    drawn.push(spec);
    const alt = describeChart(spec);
    return alt === null ? null : image(name, new Uint8Array(), alt);
  };
  talk = createTalk([opinion, sentiment, topics], { opinions, market, illustrate }, now);
});

/** So many people each, so many days ago. */
async function said(
  topic: string,
  counts: Partial<Record<Stance, number>>,
  daysAgo = 1,
  standing: Partial<Standing> = {},
  words = (stance: Stance, n: number) => `${stance} ${n}`,
): Promise<void> {
  for (const stance of stances) {
    for (let i = 0; i < (counts[stance] ?? 0); i++) {
      serial++;
      await stores.opinions.add(
        {
          id: opinionId(`o${serial}`),
          community,
          member: memberId(`m${serial}`),
          topic: topicId(topic),
          text: words(stance, serial),
          stance,
          stanceBy: "reading",
          at: new Date(now().getTime() - daysAgo * day),
        },
        standing,
      );
    }
  }
}

describe("/sentiment of one topic", () => {
  it("tells every share with its people and its interval", async () => {
    await said("latency", { agree: 12, mixed: 2, disagree: 6 });
    const shown = await talk.read("/sentiment latency");
    expect(shown).toContain(
      [
        "Stance | People | Share of 20 | 95 % interval",
        "Agree | 12 | 60 % | 39 % to 78 %",
        "Mixed | 2 | 10 % | 3 % to 30 %",
        "Disagree | 6 | 30 % | 15 % to 52 %",
        "Unclear | 0 | 0 % | 0 % to 16 %",
      ].join("\n"),
    );
    expect(shown).toContain("20 people in the last 30 days. Agreement: 67 % of the 18 who took a side (44 % to 84 %).");
    expect(shown).toContain("Nobody took a side in the 30 days before, so there is no trend yet.");
    expect(shown).toContain("Open question: Which response times did you measure");
  });

  it("shows no percentage of fewer than five people, and says so", async () => {
    await said("latency", { agree: 3, disagree: 1 });
    const shown = await talk.read("/sentiment latency");
    expect(shown).toContain("Agree | 3 of 4\n");
    expect(shown).toContain("Agreement: 3 of the 4 who took a side.");
    expect(shown).toContain("Fewer than 5 people: counts only, no percentages.");
    expect(shown).not.toContain(" %");
  });

  it("shows no percentage of those who took a side where they are fewer than five", async () => {
    await said("latency", { agree: 4, unclear: 6 });
    expect(await talk.read("/sentiment latency")).toContain("Agreement: 4 of the 4 who took a side.");
    await said("market-size", { agree: 1, mixed: 6 });
    expect(await talk.read("/sentiment market-size")).toContain("Agreement: 1 of the one person who took a side.");
    await said("data-privacy", { mixed: 6 });
    expect(await talk.read("/sentiment data-privacy")).toContain("6 people in the last 30 days. Nobody took a side.");
  });

  it("calls 199 of 200 neither all nor a round number", async () => {
    await said("latency", { agree: 199, disagree: 1 });
    expect(await talk.read("/sentiment latency")).toMatch(
      /Agree \| 199 \| >99 % \| 97 % to >99 %[\s\S]*Disagree \| 1 \| 1 % \| <1 % to 3 %/,
    );
  });

  it("speaks of a change only where chance would not explain it", async () => {
    await said("latency", { agree: 48, disagree: 32 }, 40);
    await said("latency", { agree: 42, disagree: 28 });
    const level = await talk.read("/sentiment latency");
    expect(level).toContain("Trend: no change that chance would not explain, after 60 % of 80 (49 % to 70 %) in the 30 days before");
    expect(level).toContain("(±0 percentage points, 95 % interval −15 to +15)");
    await said("latency", { agree: 42 });
    const risen = await talk.read("/sentiment latency");
    expect(risen).toContain("Trend: agreement rose by more than chance, after 60 % of 80 (49 % to 70 %) in the 30 days before");
    await said("latency", { disagree: 120 });
    expect(await talk.read("/sentiment latency")).toContain("Trend: agreement fell by more than chance, after 60 % of 80");
  });

  it("does not test a change against a handful", async () => {
    await said("latency", { agree: 3 }, 40);
    await said("latency", { disagree: 30 });
    expect(await talk.read("/sentiment latency")).toContain(
      "Trend: after 3 of 3 in the 30 days before. A change is only tested where at least 5 people took a side each time (here 3 and 30).",
    );
  });

  it("draws agreement by week, open where too few took a side", async () => {
    await said("latency", { agree: 5, disagree: 5 }, 22);
    await said("latency", { agree: 2 }, 15);
    await said("latency", { agree: 6, disagree: 2, mixed: 9 }, 8);
    await said("latency", { agree: 10 }, 1);
    const shown = await talk.read("/sentiment latency");
    expect(shown).toContain("Latency: agreement by week. Of the 8 to 10 people a week who took a side; open where fewer than 5.");
    expect(shown).toContain("first 50 % (1 Nov 2026), last 100 % (22 Nov 2026), lowest 50 % (1 Nov 2026), highest 100 % (22 Nov 2026)");
    expect(shown).toContain("9 of 12 values are missing");
  });

  it("has no picture of a single week, and asks for none where nobody spoke", async () => {
    await talk.read("/sentiment latency");
    expect(drawn).toEqual([]);
    await said("latency", { agree: 10 });
    expect(await talk.read("/sentiment latency")).not.toContain("agreement by week");
  });

  it("sets what was measured beside what is believed, with its receipt", async () => {
    await said("market-size", { agree: 5 });
    const shown = await talk.read("/sentiment market-size");
    expect(shown).toMatch(
      /Measured, beside what is believed \(Depinion baseline, August 2024\):\nDePIN sector market cap: about \$19 billion · August 2024 · [a-z2-9]{8}\n/,
    );
    expect(await talk.read("/sentiment latency")).not.toContain("Measured");
  });
});

describe("what stands beside the count of everyone", () => {
  it("is the count without copies, floods and newcomers, which is only told apart where it differs", async () => {
    await said("latency", { agree: 40, disagree: 40 });
    await said("latency", { agree: 1 }, 1, { aside: "copy" });
    expect(await talk.read("/sentiment latency")).toContain(
      "Robust count, without 1 copy of other words: 80 of 81 people. It says the same.",
    );
    await said("latency", { agree: 30 }, 1, { aside: "burst" });
    await said("latency", { agree: 2 }, 1, { aside: "newcomer" });
    const shown = await talk.read("/sentiment latency");
    expect(shown).toContain(
      "Robust count, without 1 copy of other words, 30 in a flood within minutes, 2 only just here: 80 of 113 people. It tells something else: Agreement: 50 % of the 80 who took a side",
    );
    expect(await talk.read("/sentiment")).toMatch(/Latency \| 113 \|.*\*[\s\S]*The robust count tells something else/);
  });

  it("is those who measured, and the platforms where there are two", async () => {
    await said("latency", { agree: 20, disagree: 5 });
    expect(await talk.read("/sentiment latency")).toContain("Measured only: none of the 25 says to have measured.");
    await said("latency", { disagree: 6 }, 1, { evidence: "measured", platform: "telegram" });
    const shown = await talk.read("/sentiment latency");
    expect(shown).toContain("Measured only: 6 of 31 people say to have measured. Agreement: 0 % of the 6 who took a side (0 % to 39 %).");
    expect(shown).toContain("Platform | People | Agree\nConsole | 25 | 80 % of 25 (61 % to 91 %)\nTelegram | 6 | 0 % of 6 (0 % to 39 %)");
  });

  it("is the course over weeks, tested as one, where there are three weeks to test", async () => {
    for (const [weeksAgo, agree] of [8, 12, 16].entries()) await said("latency", { agree, disagree: 20 - agree }, 1 + 7 * (2 - weeksAgo));
    expect(await talk.read("/sentiment latency")).toMatch(
      /By week: agreement rises by more than chance \(Cochran–Armitage test over 3 weeks, z 2\.6\)/,
    );
    await said("data-privacy", { agree: 10, disagree: 10 }, 1);
    await said("data-privacy", { agree: 10, disagree: 10 }, 8);
    expect(await talk.read("/sentiment data-privacy")).not.toContain("By week");
    await said("data-privacy", { agree: 11, disagree: 10 }, 15);
    expect(await talk.read("/sentiment data-privacy")).toContain("By week: no trend that chance would not explain");
  });

  it("are two to four quotes of who allowed it, for each side what is most like the rest of it", async () => {
    await said("latency", { agree: 9, disagree: 9 });
    expect((await talk.ask("/sentiment latency")).blocks.filter(({ kind }) => kind === "quote")).toEqual([]);
    const quotable = { quotable: true };
    const words = (...texts: string[]) => {
      let n = 0;
      return () => texts[n++] ?? "";
    };
    await said(
      "latency",
      { agree: 3 },
      3,
      quotable,
      words("Voice calls run fine on home nodes", "Home nodes answer voice calls in time", "Voice calls on home nodes are fine for me"),
    );
    await said("latency", { agree: 1 }, 1, quotable, words("LOUDEST OF ALL!!! TO THE MOON!!!"));
    await said("latency", { disagree: 1 }, 2, quotable, words("Jitter ruins every call"));
    const quoted = (await talk.ask("/sentiment latency")).blocks.flatMap((block) =>
      block.kind === "quote" ? [`${block.by}: ${block.text}`] : [],
    );
    expect(quoted).toHaveLength(3);
    expect(quoted.filter((text) => /^agree: .*voice calls/i.test(text))).toHaveLength(2);
    expect(quoted).toContain("disagree: Jitter ruins every call");
  });
});

describe("/sentiment alone", () => {
  it("lists what was spoken of, most discussed first, and leads to each", async () => {
    await said("latency", { agree: 30, disagree: 30 }, 40);
    await said("latency", { agree: 30, disagree: 5 });
    await said("data-privacy", { agree: 40 });
    await said("market-size", { agree: 30, disagree: 6, mixed: 9 }, 40);
    await said("market-size", { agree: 10, disagree: 20 });
    await said("compute-pricing", { agree: 3, unclear: 1 });
    await said("cloud-competition", { agree: 30 }, 31);
    await said("training-reliability", { unclear: 3 });
    const answer = await talk.ask("/sentiment");
    const table = answer.blocks.find((block) => block.kind === "table");
    expect(table).toMatchObject({
      head: ["Topic", "People", "Agree", "Trend"],
      rows: [
        ["Data privacy", "40", "100 % of 40 (91 % to 100 %)", "–"],
        ["Latency", "35", "86 % of 35 (71 % to 94 %)", "▲"],
        ["Market size", "30", "33 % of 30 (19 % to 51 %)", "▼"],
        ["Compute pricing", "4", "3 of 3", "–"],
        ["Training reliability", "3", "no side taken", "–"],
      ],
    });
    const first = buttonsOf(answer)[0];
    if (first === undefined) throw new TypeError("no button");
    expect(await talk.read(first)).toMatch(/^Data privacy\n/);
  });

  it("says where nobody has spoken, in the days that were asked for", async () => {
    await said("latency", { agree: 30 }, 8);
    expect(await talk.read("/sentiment 7 days")).toContain("Nobody here has said anything in the last 7 days.");
    expect(await talk.read("/sentiment 9")).toContain("Latency | 30 | 100 % of 30");
  });
});

describe("the digest's pulse", () => {
  const read = async () =>
    pulse(await opinions.overview(community, 1, now()), false, "en")
      .flatMap((block) => (block.kind === "pulse" ? block.lines.map(({ text }) => text) : []))
      .join("\n");

  it("tells of a change that is more than chance, with its people, and of no other", async () => {
    await said("latency", { agree: 5, disagree: 5 }, 1.5);
    await said("latency", { agree: 6, disagree: 4 }, 0.5);
    expect(await read()).toBe("Latency: 10 people, 6 agree, 4 disagree");
    await said("latency", { agree: 20 }, 0.5);
    expect(await read()).toContain("Latency: 30 people, 26 agree, 4 disagree (agreement up from 50 % of 10 to 87 % of 30 who took a side)");
  });

  it("is silent where nobody spoke", async () => {
    expect(await read()).toBe("");
  });
});
