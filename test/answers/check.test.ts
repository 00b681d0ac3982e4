/** What a model writes is shown only where the evidence it cites carries its words, names, numbers, judgements and denials. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDrafts } from "../../src/answers/check.ts";
import { createPassages } from "../../src/answers/passages.ts";
import type { Dossier, Draft } from "../../src/answers/types.ts";
import { figure } from "../../src/core/figure.ts";
import { plainText } from "../../src/core/markup.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createKnowledge } from "../../src/knowledge/search.ts";
import { topics } from "../../src/topics/topics.ts";

const now = new Date("2026-11-22T12:00:00Z");
const entries = await loadEntries();
const knowledge = createKnowledge(entries, { encoder: null, log: { warn: () => undefined } });
const filecoin = knowledge.entry("filecoin");
const slashing = knowledge.entry("slashing");
const latency = topics.find(({ id }) => id === "latency");
if (filecoin === null || slashing === null || latency === undefined) throw new Error("entries that the test is about are missing");

const made = (metric: string, label: string, value: number, unit: "usd" | "percent" | "eib") =>
  figure({
    metric,
    label,
    value,
    unit,
    source: { name: "CoinGecko", url: "https://www.coingecko.com" },
    observedAt: now,
    precision: "instant",
    fetchedAt: now,
    raw: String(value),
    state: "live",
  });
const capacity = made("filecoin.capacity_raw", "Filecoin raw capacity", 2.17, "eib");
const price = made("filecoin.price", "Filecoin price", 1.45, "usd");
const change = made("filecoin.change_24h", "Filecoin 24 h change", -4.2, "percent");
const other = made("akash.price", "Akash price", 0.6, "usd");

const dossier: Dossier = {
  evidence: [
    { n: 1, kind: "passage", entry: filecoin, audience: "investor", text: filecoin.texts.investor },
    { n: 2, kind: "passage", entry: slashing, audience: "newcomer", text: slashing.texts.newcomer },
    { n: 3, kind: "figure", figure: price },
    { n: 4, kind: "figure", figure: change },
    { n: 5, kind: "opinions", topic: latency, days: 90, people: 7, counts: { agree: 2, mixed: 0, disagree: 4, unclear: 1 } },
  ],
  figures: new Map([capacity, price, change, other].map((one) => [one.metric, one])),
};
const check = (...drafts: Draft[]) => checkDrafts(drafts, dossier, now);
const say = (text: string, ...cites: number[]): Draft => ({ text, cites });

describe("a sentence that its evidence carries", () => {
  it.each<[string, Draft, RegExp]>([
    [
      "a claim in the passage's words",
      say("Clients pay Filecoin providers in deals, and block rewards in FIL come on top.", 1),
      /block rewards in FIL come on top/,
    ],
    ["a denial that the passage has", say("Data on Filecoin is not encrypted unless you do it.", 1), /not encrypted/],
    [
      "a figure of a passage",
      say("The raw capacity of Filecoin is {{filecoin.capacity_raw}}.", 1),
      /2\.17 EiB \(22 Nov 2026, 12:00 UTC, receipt [a-z2-9]{8}\)/,
    ],
    ["a figure of its own", say("The price of Filecoin is {{filecoin.price}}.", 3), /\$1\.45 \(.*receipt/],
    ["a change as its sign says", say("Filecoin fell {{filecoin.change_24h}}.", 4), /−4\.2 %/],
    [
      "counted opinions",
      say("On latency, {{opinions.latency.disagree}} that decentralised compute is fast enough for real-time workloads.", 5),
      /4 of 7 people here disagree that/,
    ],
    [
      "numbers in brackets, which are citations",
      say("Retrieval can be slow and is not covered by the classic proofs [1].", 1),
      /classic proofs\.$/,
    ],
  ])("is shown: %s", (_, draft, shown) => {
    const { kept, dropped } = check(draft);
    expect(dropped).toEqual([]);
    expect(plainText(kept[0]?.text ?? "")).toMatch(shown);
  });

  it("stands for itself where several come in one", () => {
    const both = say(
      "Retrieval can be slow and is not covered by the classic proofs. Filecoin was founded by Satoshi Nakamoto in secret.",
      1,
    );
    const { kept, dropped } = check(both);
    expect(kept.map(({ text }) => text)).toEqual(["Retrieval can be slow and is not covered by the classic proofs."]);
    expect(dropped).toHaveLength(1);
  });
});

describe("a sentence that its evidence does not carry", () => {
  it.each<[string, Draft, string]>([
    ["no citation", say("Clients pay providers in deals."), "no citation"],
    ["a citation that does not exist", say("Clients pay providers in deals.", 9), "a citation that does not exist"],
    ["one of two that does not exist", say("Clients pay providers in deals.", 1, 9), "a citation that does not exist"],
    [
      "the wrong citation",
      say("Clients pay providers in deals; block rewards in FIL come on top.", 2),
      "words that the evidence does not have",
    ],
    ["an invented number", say("Filecoin stores 40 exbibytes for clients in deals.", 1), "a number outside a slot"],
    ["an invented number in words", say("Filecoin pays providers two rewards in deals.", 1), "a number in words"],
    ["an unknown slot", say("The raw capacity of Filecoin is {{filecoin.raw}}.", 1), "an unknown slot"],
    [
      "a slot of evidence that is not cited",
      say("The price of Filecoin is {{filecoin.price}}.", 1),
      "a slot of evidence that is not cited",
    ],
    ["a figure under another name", say("The raw capacity of Arweave is {{filecoin.capacity_raw}}.", 1), "a figure under another name"],
    ["a figure under no name", say("The price is {{filecoin.price}}.", 3), "a figure under another name"],
    ["a figure under another measure", say("The market cap of Filecoin is {{filecoin.price}}.", 3), "a figure under another measure"],
    ["a direction that the sign denies", say("Filecoin rose {{filecoin.change_24h}}.", 4), "a direction that the figure denies"],
    ["a direction without a figure", say("Filecoin rose to {{filecoin.price}}.", 3), "a direction without a figure"],
    ["a denial turned around", say("Data on Filecoin is encrypted unless you do it.", 1), "a denial turned around"],
    ["a denial of its own", say("Clients never pay Filecoin providers in deals.", 1), "a denial turned around"],
    [
      "a foreign subject",
      say("Ethereum pays providers in deals with block rewards in FIL on top.", 1),
      "a name that the evidence does not have",
    ],
    ["a foreign name", say("Clients such as Netflix pay providers in deals.", 1), "a name that the evidence does not have"],
    ["a judgement of its own", say("Clients safely pay Filecoin providers in deals.", 1), "a judgement that the evidence does not have"],
    ["advice", say("Clients should buy FIL and pay providers in deals.", 1), "a judgement that the evidence does not have"],
    ["a prophecy", say("Block rewards in FIL will soon come on top of deals.", 1), "a judgement that the evidence does not have"],
    ["opinions as facts", say("Decentralised compute is fast enough for real-time workloads.", 5), "opinions without their count"],
    [
      "opinions about something else",
      say("{{opinions.latency.agree}} that decentralised compute is cheaper than clouds.", 5),
      "words that the evidence does not have",
    ],
    [
      "a patchwork of words",
      say("Clients quit heavy collateral for placeholder gaming deals with classic data.", 1),
      "words from here and there",
    ],
    ["a link", say("Clients pay providers in deals, see https://evil.example for more.", 1), "marks, links or invisible characters"],
    ["a mention", say("Clients pay providers in deals, @everyone knows.", 1), "marks, links or invisible characters"],
    ["marks", say("**Clients** pay `providers` in deals.", 1), "marks, links or invisible characters"],
    ["another script", say("Клиенты pay providers in deals.", 1), "a foreign script"],
    ["its own instructions", say("My instructions say that a program holds each sentence against the evidence.", 1), "obeys somebody else"],
    [
      "a product that the passage does not name",
      say("Clients pay providers in deals with H100 cards.", 1),
      "a product that the evidence does not have",
    ],
  ])("is dropped: %s", (_, draft, reason) => {
    expect(check(draft)).toEqual({ kept: [], dropped: [reason] });
  });
});

describe("whatever a model writes", () => {
  const words = [filecoin.texts.investor, slashing.texts.newcomer, latency.proposition].join(" ").split(/\s+/);
  const bad = [
    "https://evil.example",
    "@everyone",
    "<@123>",
    "[click](https://evil.example)",
    "999",
    "$5",
    "**b**",
    "```",
    "Ignore",
    "{{akash.price}}",
    "{{x",
    "ninety",
    "½",
  ];
  const slots = [...dossier.figures.keys(), "opinions.latency.agree", "opinions.latency.mixed"].map((slot) => `{{${slot}}}`);
  const text = fc
    .array(
      fc.oneof(
        { arbitrary: fc.constantFrom(...words), weight: 8 },
        { arbitrary: fc.constantFrom(...slots), weight: 2 },
        fc.constantFrom(...bad),
        fc.string(),
      ),
      { maxLength: 14 },
    )
    .map((parts) => `${parts.join(" ")}.`);
  const lifted = fc.constantFrom(...[filecoin.texts.investor, slashing.texts.newcomer].flatMap((passage) => passage.split(/(?<=\.)\s+/)));
  const draft = fc.record({ text: fc.oneof(text, lifted, fc.string()), cites: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 4 }) });

  it("every sentence that is shown has a citation that exists, and every number in it a receipt or a count", () => {
    let shown = 0;
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 6 }), (drafts) => {
        for (const sentence of checkDrafts(drafts, dossier, now).kept) {
          shown++;
          expect(sentence.cites.length).toBeGreaterThan(0);
          for (const n of sentence.cites) expect(dossier.evidence.map((one) => one.n)).toContain(n);
          const rest = plainText(sentence.text)
            .replace(/(?:[+−±]?\$?[\d.,]+(?: EiB| %)?) \(22 Nov 2026, 12:00 UTC, receipt [a-z2-9]{8}\)/g, "")
            .replace(/\d of 7 people here/g, "");
          expect(rest).not.toMatch(/\p{N}|https?:|[@<>{}`]/u);
        }
      }),
      { numRuns: 3_000 },
    );
    // The property must not hold for want of sentences.
    expect(shown).toBeGreaterThan(100);
  });

  it("what was shown of it while it was written stays as it was shown", () => {
    let shown = 0;
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 6 }), fc.nat(6), (drafts, some) => {
        const before = checkDrafts(drafts.slice(0, some), dossier, now).kept;
        shown += before.length;
        expect(checkDrafts(drafts, dossier, now).kept.slice(0, before.length)).toEqual(before);
      }),
      { numRuns: 1_000 },
    );
    expect(shown).toBeGreaterThan(50);
  });

  it("nothing makes the check fail", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ text: fc.string({ unit: "grapheme", maxLength: 900 }), cites: fc.array(fc.nat()) })), (drafts) => {
        checkDrafts(drafts, dossier, now);
      }),
    );
  });

  it("the sentences of every entry are carried by the entry itself, but for those with numbers", () => {
    const reasons = new Map<string, number>();
    let [kept, all] = [0, 0];
    for (const entry of entries) {
      const own: Dossier = {
        evidence: [{ n: 1, kind: "passage", entry, audience: "builder", text: entry.texts.builder }],
        figures: new Map(),
      };
      for (const sentence of entry.texts.builder.split(/(?<=[.!?])\s+/)) {
        const result = checkDrafts([say(sentence, 1)], own, now);
        all++;
        if (result.kept.length > 0) kept++;
        for (const reason of result.dropped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }
    for (const reason of [
      "words that the evidence does not have",
      "words from here and there",
      "a denial turned around",
      "a judgement that the evidence does not have",
    ])
      expect(reasons.get(reason) ?? 0, reason).toBe(0);
    expect(kept / all).toBeGreaterThan(0.8);
  });
});

describe("passages", () => {
  const find = createPassages(knowledge);
  const found = async (question: string) => [...new Set((await find(question)).map(({ entry }) => entry.id))];

  it.each([
    ["What is DePIN?", "depin"],
    ["how do proof of replication and proof of spacetime differ", "proof-of-replication"],
    ["How does Filecoin make sure that providers keep storing files?", "filecoin"],
    ["explain slashing to me please", "slashing"],
    ["What happens to providers' collateral with slashing?", "slashing"],
  ])("are found for “%s”", async (question, id) => {
    expect(await found(question)).toContain(id);
  });

  it.each([
    "who won the world cup",
    "what is the weather in Vienna tomorrow",
    "write me a poem about autumn leaves",
    "what did the oracle of Delphi tell Croesus",
    "best pizza near me",
    "how do I fix my bicycle chain",
    "how old is the queen",
    "translate good morning into French",
    "why is the sky blue",
    "what is the capital of Australia",
    "???",
    "",
  ])("are none for “%s”", async (question) => {
    expect(await found(question)).toEqual([]);
  });
});
