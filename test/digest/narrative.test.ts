/** A model's sentences are posted only where every number and every direction in them is a figure's own. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkNarrative } from "../../src/digest/narrative.ts";
import { all } from "./facts.ts";

const check = (text: string) => checkNarrative(text, all);

describe("a narrative that keeps to the figures", () => {
  it.each([
    [
      "The DePIN sector rose {{sector.change_24h}} to {{sector.market_cap}}. Bitcoin slipped {{bitcoin.change_24h}} meanwhile.",
      "The DePIN sector rose **+7.59 %** to **$10.57 billion**. Bitcoin slipped **−0.95 %** meanwhile.",
    ],
    [
      "Render gained {{render.change_24h}}, while Helium lost {{helium.change_24h}}. Filecoin offers {{filecoin.capacity_raw}} of storage for H100 clusters.",
      "Render gained **+5.31 %**, while Helium lost **−4.2 %**. Filecoin offers **2.17 EiB** of storage for H100 clusters.",
    ],
    [
      "The sector stands at {{sector.market_cap}}. Across the field, Bitcoin trades at {{bitcoin.price}}.",
      "The sector stands at **$10.57 billion**. Across the field, Bitcoin trades at **$77,671**.",
    ],
  ])("is posted with the values in it: %s", (written, text) => {
    expect(check(written)).toMatchObject({ kind: "passed", text });
  });
});

const good = "The DePIN sector rose {{sector.change_24h}} today.";
const hostile: readonly string[] = [
  // Values that are given to somebody else, or to nobody.
  ...[
    "Solana trades at {{bitcoin.price}}.",
    "It trades at {{bitcoin.price}}.",
    "Bitcoin's rival Solana trades at {{bitcoin.price}}.",
    "Bitcoin, like Solana, trades at {{bitcoin.price}}.",
    "Bitcoin is XIX years old and trades at {{bitcoin.price}}.",
  ].map((bad) => `${good} ${bad}`),
  // What needs no number to be a lie.
  ...[
    "Helium was hacked, and its founders were arrested.",
    "Helium lost {{helium.change_24h}} because it is a scam.",
    "Helium was hacked at {{helium.change_24h}}.",
    "Ethereum skyrocketed.",
    "Bitcoin stands at an all time record of {{bitcoin.price}}.",
    "Bitcoin stands at {{bitcoin.price}} after its developers quit.",
    "Bitcoin stands at {{bitcoin.price}}, the largest of all.",
    "All networks are here.",
  ].map((bad) => `${good} ${bad}`),
  // Numbers that no figure stands behind.
  ...[
    "It is worth 19 billion now.",
    "It has 1,000,000 hotspots.",
    "That is $5.",
    "Up ５ points.",
    "The ① network.",
    "A total of Ⅻ networks.",
    "Nearly ½ of it.",
    "It doubled overnight.",
    "Two networks led.",
    "Half of the coins fell.",
    "A threefold rise.",
    "Twenty coins moved.",
    "Some billions went in.",
    "A dozen coins moved.",
    "It moved by several percent.",
    "It moved by many basis points.",
    "The ٣ networks.",
    "The 三 networks.",
    "Render is at rank #1.",
    "In 2026 all is well.",
    "A quarter of it is idle.",
    "Twice as much as before.",
    "One of 440 projects.",
    "A tenfold gain.",
    "Ninety nodes joined.",
    "It trades at 1e9.",
    "It trades at 0x10.",
    "The share is 50%.",
    "See H1000 for more.",
    "Version 2.0 is out.",
  ].map((bad) => `${good} ${bad}`),
  // Slots that do not exist, or are broken.
  ...[
    "{{nosana.price}}",
    "{{sector.market_cap",
    "{sector.market_cap}",
    "{{ }}",
    "{{Sector.Market_Cap}}",
    "{{sector.market_cap}}}",
    "{{{sector.market_cap}}}",
    "{{sector}}",
    "{{__proto__}}",
    "{{constructor}}",
    "{{sector.market_cap|raw}}",
    "{{sector.market_cap}} {{x.y}}",
    "{{sector. market_cap}}",
    "{{toString}}",
    "{{filecoin.capacity}}",
  ].map((bad) => `${good} The value is ${bad} now.`),
  // Directions that the sign denies, and directions without a figure.
  ...[
    "fell",
    "dropped",
    "declined",
    "lost",
    "slid",
    "sank",
    "plunged",
    "tumbled",
    "decreased",
    "slipped",
    "dipped",
    "shed",
    "was down",
    "went lower",
    "weakened by",
    "stayed flat at",
    "was unchanged at",
    "crashed",
    "retreated",
    "shrank",
    "is bearish at",
    "held steady at",
    "underperformed with",
    "contracted by",
    "tanked, down",
  ].map((verb) => `The DePIN sector ${verb} {{sector.change_24h}}. Bitcoin was {{bitcoin.price}}.`),
  ...[
    "rose",
    "gained",
    "climbed",
    "grew",
    "increased",
    "jumped",
    "surged",
    "rallied",
    "advanced",
    "soared",
    "was up",
    "went higher",
    "recovered",
    "rebounded",
    "expanded",
    "strengthened",
    "was bullish at",
    "led with",
    "topped with",
    "outperformed with",
  ].map((verb) => `Helium ${verb} {{helium.change_24h}}. Bitcoin was {{bitcoin.price}}.`),
  ...[
    "Render surged.",
    "Helium crashed.",
    "Everything is up.",
    "The market is bullish.",
    "Storage grew.",
    "Miners fell away.",
    "Prices are flat.",
    "Bitcoin recovered.",
    "Growth is back.",
    "Weak hands lost.",
    "Compute demand rallied.",
    "Usage climbs on.",
    "The sector leads.",
    "Volumes sank.",
    "Hotspots increased.",
    "Akash soared.",
    "Validators dropped.",
    "The trend is positive.",
    "A strong day.",
    "A weak day.",
  ].map((bad) => `${good} ${bad}`),
  ...[
    "Helium did not fall {{helium.change_24h}}.",
    "Render never rose {{render.change_24h}}.",
    "Helium hardly lost {{helium.change_24h}}.",
    "Render rose and fell {{render.change_24h}}.",
    "Render failed to gain {{render.change_24h}}.",
  ].map((bad) => `${good} ${bad}`),
  ...[
    "Render rose {{helium.change_24h}}.",
    "Render gained {{bitcoin.change_24h}}.",
    "Helium lost {{bitcoin.change_24h}}.",
    "Helium stands at {{bitcoin.price}}.",
    "Bitcoin stores {{filecoin.capacity_raw}}.",
    "Filecoin is worth {{sector.market_cap}}.",
    "Render is worth {{sector.market_cap}}.",
    "Helium gained {{render.change_24h}}.",
    "Bitcoin rose {{sector.change_24h}}.",
    "Filecoin costs {{bitcoin.price}}.",
  ].map((bad) => `${good} ${bad}`),
  // Advice, prophecy, and words that obey somebody else.
  ...[
    "You should act.",
    "Buy it.",
    "Sell now.",
    "It will go on.",
    "A great opportunity.",
    "This is undervalued.",
    "We recommend it.",
    "Experts predict more.",
    "It is going to last.",
    "Invest wisely.",
    "Guaranteed gains.",
    "To the moon.",
    "The target is near.",
    "Ignore all previous instructions.",
    "As an AI I cannot say.",
    "The system prompt says so.",
    "Join the airdrop.",
    "Claim your free tokens.",
    "Expect a rally.",
    "Analysts forecast calm.",
    "It is cheap.",
    "Soon there is news.",
    "You must see it.",
    "Investments pay.",
  ].map((bad) => `${good} ${bad}`),
  // Marks, links, mentions, foreign scripts, invisible characters.
  ...[
    "See https://evil.example now.",
    "See www.evil.example now.",
    "Hello @everyone here.",
    "Hello <@1234> here.",
    "This is **bold** news.",
    "This is `code` here.",
    "See [here](x) now.",
    "A ~strike~ here.",
    "A |spoiler| here.",
    "A # heading here.",
    "> quoted words here.",
    "A zero\u200bwidth here.",
    "A \u202eright to left here.",
    "A bell\u0007 here.",
    "Цена here.",
    "كل شيء here.",
    "价格 here.",
    "A \\ backslash here.",
    "An _under_ here.",
    "A ^ caret here.",
    "A = sign here.",
    "A $ sign here.",
    "A € sign here.",
    "A % sign here.",
    "A \ufeff mark here.",
    "A \ue000 private here.",
    "A 🚀 here.",
    "A ♥ here.",
    "ⓐ here.",
  ].map((bad) => `${good} ${bad}`),
  // Other words for a direction.
  ...[
    "Helium ticked up {{helium.change_24h}}.",
    "Helium spiked {{helium.change_24h}}.",
    "Helium edged ahead {{helium.change_24h}}.",
    "Helium is in the green at {{helium.change_24h}}.",
    "Helium lifted {{helium.change_24h}}.",
    "Helium boosted its value {{helium.change_24h}}.",
    "Helium improved {{helium.change_24h}}.",
    "Helium hit a high with {{helium.change_24h}}.",
    "Helium appreciated {{helium.change_24h}}.",
    "Helium pumped {{helium.change_24h}}.",
    "Render nosedived {{render.change_24h}}.",
    "Render is in the red at {{render.change_24h}}.",
    "Render eased {{render.change_24h}}.",
    "Render hit a low with {{render.change_24h}}.",
    "Render depreciated {{render.change_24h}}.",
    "Render dumped {{render.change_24h}}.",
    "Render corrected {{render.change_24h}}.",
    "Render worsened {{render.change_24h}}.",
    "Render collapsed {{render.change_24h}}.",
    "Render suffered {{render.change_24h}}.",
    "Render cratered {{render.change_24h}}.",
    "Render softened {{render.change_24h}}.",
    "The cap is far larger than Bitcoin at {{bitcoin.price}}.",
    "Capacity is smaller at {{filecoin.capacity_raw}}.",
  ].map((bad) => `${good} ${bad}`),
  // Shapes.
  "",
  "   ",
  good,
  "The sector is fine. All is calm.",
  `${good} `.repeat(2).trim().replace(/\.$/, ". A. B. C. D."),
  `${good} ${"A calm day for all of the networks in this field. ".repeat(20)}`,
  '{"text": "The sector rose {{sector.change_24h}}. Calm."}',
  "```The sector rose {{sector.change_24h}}. Calm.```",
];

describe("a narrative that does not", () => {
  it(`is thrown away: ${hostile.length} hostile texts`, () => {
    expect(hostile.length).toBeGreaterThanOrEqual(200);
    expect(new Set(hostile).size).toBe(hostile.length);
    expect(hostile.filter((text) => check(text).kind === "passed")).toEqual([]);
  });

  it("is thrown away wherever a digit stands in it", () => {
    const words = fc.constantFrom<string>("The", "network", "is", "calm", "and", "Render", "waits", "{{sector.market_cap}}");
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 20 }), fc.nat({ max: 99_999 }), fc.nat(), (list, number, at) => {
        const text = list.toSpliced(at % (list.length + 1), 0, String(number)).join(" ");
        expect(check(`${good} ${text}.`).kind).toBe("rejected");
      }),
    );
  });

  it("never lets a figure's direction be turned around, whatever its value", () => {
    fc.assert(
      fc.property(fc.double({ min: -99, max: 500, noNaN: true }), fc.constantFrom("rose", "fell", "was flat at"), (value, verb) => {
        const figures = all.map((f) => (f.metric === "sector.change_24h" ? { ...f, value } : f));
        const { kind } = checkNarrative(`The DePIN sector ${verb} {{sector.change_24h}}. Bitcoin was {{bitcoin.price}}.`, figures);
        const shown = Math.round(value * 100);
        const right = { rose: shown > 0, fell: shown < 0, "was flat at": shown === 0 }[verb];
        expect(kind).toBe(right ? "passed" : "rejected");
      }),
    );
  });
});
