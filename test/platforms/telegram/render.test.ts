/** Drawing and splitting, checked against the limits that the fake server enforces. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figure } from "../../../src/core/figure.ts";
import { literal } from "../../../src/core/markup.ts";
import { figures, file, heading, image, note, quote, type SealedBlock, sources, table, text } from "../../../src/core/reply.ts";
import { linkedPayload, startedPayload, startLink } from "../../../src/platforms/telegram/deep-link.ts";
import { type Drawn, draw, split } from "../../../src/platforms/telegram/message.ts";
import { mentionsIn } from "../../support/fake-telegram/index.ts";
import { markupProblem, textProblem } from "../../support/fake-telegram/limits.ts";
import { png } from "../../support/png.ts";

const options = { username: "depinion_bot", forms: "reply" } as const;
const drawAll = (blocks: readonly SealedBlock[]): readonly Drawn[] => split(blocks, options).map((part) => draw(part.blocks, options));

const now = new Date("2026-11-22T12:00:00Z");
const cap = figure({
  metric: "sector.cap",
  label: "Sector market cap",
  value: 19e9,
  unit: "usd",
  bound: "about",
  source: { name: "Article", url: "https://example.com" },
  observedAt: new Date("2024-08-01T00:00:00Z"),
  precision: "month",
  fetchedAt: new Date("2024-08-01T00:00:00Z"),
  raw: "19000000000",
  state: "live",
});

describe("drawing", () => {
  it("shows figures with their time and receipt, and a missing one as no data", () => {
    const missing = { ...cap, value: null, state: "missing", label: "Hotspots" } as const;
    expect(draw([figures([cap, missing], now)], options).text).toBe(
      `Sector market cap: about $19 billion · August 2024 · ${cap.id}\nHotspots: no data · ${cap.id}`,
    );
  });

  it("shows a narrow table in columns and a wide one as a list", () => {
    const narrow = draw(
      [
        table(
          ["Topic", "n"],
          [
            ["latency", "12"],
            ["a", "3"],
          ],
        ),
      ],
      options,
    );
    expect(narrow.text).toBe("Topic    n\nlatency  12\na        3");
    expect(narrow.entities).toEqual([{ type: "pre", offset: 0, length: narrow.text.length }]);
    const wide = draw([table(["Topic", "What people say"], [["latency", "that it is much better than it used to be"]])], options);
    expect(wide.text).toBe("Topic: latency · What people say: that it is much better than it used to be");
  });

  it("marks around code, which takes no other mark", () => {
    const drawn = draw([heading("Use `/help` now"), note("a [link](https://example.com/x) and **bold**")], options);
    expect(textProblem(drawn.text, drawn.entities, 4096, "")).toBeNull();
    expect(drawn.entities.map(({ type }) => type)).toEqual([
      "bold",
      "code",
      "bold",
      "italic",
      "italic",
      "text_link",
      "italic",
      "italic",
      "bold",
    ]);
  });

  it.each(["**@**durov", "see [@](https://example.com/)durov", "@**durov**"])("puts no mention together of pieces: %s", (source) => {
    const drawn = draw([text(source)], options);
    expect(drawn.text.replaceAll("\u2060", "")).toMatch(/@durov$/);
    expect(mentionsIn({ text: drawn.text, entities: drawn.entities.map((one) => ({ ...one })) })).toEqual([]);
  });

  it("writes out a link that Telegram would refuse", () => {
    const drawn = draw(
      [
        sources([
          { title: "Local", url: "http://localhost:8080/x" },
          { title: "Web", url: "https://example.com/" },
        ]),
      ],
      options,
    );
    expect(drawn.text).toBe("Source: Local (http://localhost:8080/x)\nSource: Web");
    expect(drawn.entities).toEqual([{ type: "text_link", url: "https://example.com/", offset: 48, length: 3 }]);
  });

  it.each([
    ["nothing", [], "–"],
    ["spaces", [text(" \n ")], "–"],
    ["joiners", [quote("\u200d\u2060\u200b")], "–"],
    ["buttons alone", [{ kind: "buttons", buttons: [{ label: " ", command: "x", args: {}, payload: "o:x" }] }], "Choose:"],
  ] as const)("never sends a message without visible text: %s", (_, blocks, shown) => {
    const drawn = draw(blocks, options);
    expect(drawn.text).toBe(shown);
    expect(textProblem(drawn.text, drawn.entities, 4096, "")).toBeNull();
    expect(markupProblem(drawn.markup, "supergroup")).toBeNull();
  });

  it("puts short buttons side by side and long ones below each other", () => {
    const button = (label: string) => ({ label, command: "x", args: {}, payload: "o:x" });
    const rows = (...labels: string[]) => {
      const { markup } = draw([text("x"), { kind: "buttons", buttons: labels.map(button) }], options);
      return markup !== undefined && "inline_keyboard" in markup ? markup.inline_keyboard.map((row) => row.length) : [];
    };
    expect(rows("agree", "mixed", "disagree", "Delete")).toEqual([3, 1]);
    expect(rows("Proof of coverage explained", "Decentralised physical infrastructure")).toEqual([1, 1]);
  });
});

describe("deep links", () => {
  it("carry a stored button there and back, within the alphabet and the length", () => {
    const payload = fc
      .tuple(fc.constantFrom("o", "p", "f", "ou", "pu"), fc.stringMatching(/^[\w-]{20}$/))
      .map(([kind, id]) => `${kind}#${id}`);
    fc.assert(
      fc.property(payload, (stored) => {
        const link = startLink("depinion_bot", stored) ?? "";
        expect(link).toMatch(/^https:\/\/t\.me\/depinion_bot\?start=[\w-]{1,64}$/);
        expect(linkedPayload("Depinion_bot", link)).toBe(stored);
      }),
    );
  });

  it("carry nothing that could be written by hand", () => {
    expect(startLink("depinion_bot", "o:privacy?action=erase")).toBeNull();
    expect(startedPayload("-x-AAAA")).toBeNull();
    expect(startedPayload("o:privacy")).toBeNull();
    expect(linkedPayload("depinion_bot", "https://t.me/other_bot?start=-o-AAAA")).toBeNull();
    expect(linkedPayload("depinion_bot", "https://evil.example/depinion_bot?start=-o-AAAA")).toBeNull();
    expect(linkedPayload("depinion_bot", "not a link")).toBeNull();
  });
});

describe("splitting", () => {
  const pieces = [
    "word ",
    "Sentence one. ",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "é",
    "e\u0301",
    "\n",
    "\n\n",
    "𝒳",
    "漢字",
    "﷽",
    "@everyone ",
    "**",
    "`",
    "[x](y)",
    "\ud83d",
    "<b>",
    " ",
    "🇦🇹",
  ];
  const words = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 40 }).map((list) => list.join(""));
  const long = fc.tuple(words, fc.integer({ min: 1, max: 90 })).map(([unit, times]) => unit.repeat(times).slice(0, 9_000));
  const marked = fc.array(fc.tuple(fc.constantFrom("plain", "bold", "link", "code"), words), { minLength: 1, maxLength: 60 }).map((runs) =>
    runs
      .map(([kind, raw]) => {
        if (kind === "bold") return `**${literal(raw)}**`;
        if (kind === "link") return `[${literal(raw)}](https://example.com/${raw.length})`;
        return kind === "code" ? `\`${raw.replaceAll("`", "")}x\`` : literal(raw);
      })
      .join(" "),
  );
  const block: fc.Arbitrary<SealedBlock> = fc.oneof(
    marked.map(text),
    long.map((raw) => text(literal(raw))),
    long.map((raw) => quote(raw, "a member")),
    words.map((raw) => heading(literal(raw))),
    marked.map(note),
    fc.integer({ min: 1, max: 130 }).map((n) =>
      figures(
        Array.from({ length: n }, () => cap),
        now,
      ),
    ),
    fc
      .integer({ min: 1, max: 130 })
      .map((n) => sources(Array.from({ length: n }, (_, i) => ({ title: `Source ${i}`, url: `https://example.com/${i}` })))),
  );

  /**
   * Each visible character with the marks on it: what a reader sees, whatever the message it stands in. The word joiner
   * between an @ and a name is left out: it is not needed where one part ends with the @.
   */
  function seen(drawn: readonly Drawn[]): string {
    return drawn
      .map(({ text: shown, entities }) => {
        const marks = Array.from({ length: shown.length }, () => "");
        for (const { type, offset, length } of entities) for (let i = offset; i < offset + length; i++) marks[i] += type[0] ?? "";
        return marks.map((mark, i) => (/[\s\u2060]/.test(shown[i] ?? "") ? "" : `${shown[i]}${mark}`)).join("");
      })
      .join("");
  }

  it("keeps every part within the limits, loses no character and no mark, and tears no character apart", () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
        const parts = drawAll(blocks);
        for (const { text: shown, entities } of parts) expect(textProblem(shown, entities, 4096, "too long")).toBeNull();
        const whole = draw(blocks, options);
        if (whole.text !== "–") expect(seen(parts.filter(({ text: shown }) => shown !== "–"))).toBe(seen([whole]));
        const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });
        // A family of emoji at the border of two parts stays a family.
        for (const { text: shown } of parts)
          expect([...clusters.segment(shown)].every(({ segment }) => !segment.startsWith("\u200d"))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps a picture with a short text, and shows it before a long one, which is never cut to a caption", () => {
    const chart = image("chart.png", png(), "Thirty days");
    const beside = (words: string) => drawAll([text(words), chart]).map((part) => [part.file?.name, part.text]);
    // The limit counts UTF-16 code units, of which this sign has two.
    expect(beside("𝒳".repeat(512))).toEqual([["chart.png", "𝒳".repeat(512)]]);
    expect(beside(`${"𝒳".repeat(512)}.`)).toEqual([
      ["chart.png", "Thirty days"],
      [undefined, `${"𝒳".repeat(512)}.`],
    ]);
  });

  it("shows all pictures first, then the words with their heading and buttons", () => {
    const button = { label: "More", command: "x", args: {}, payload: "o:x" };
    const blocks: SealedBlock[] = [
      heading("Today"),
      text("Sentence. ".repeat(150)),
      image("a.png", png(), "A"),
      note("Small print"),
      image("b.png", png(), "B"),
      { kind: "buttons", buttons: [button] },
    ];
    const parts = drawAll(blocks);
    expect(parts.map((part) => part.file?.name)).toEqual(["a.png", "b.png", undefined]);
    expect(parts[2]?.text).toMatch(/^Today\nSentence\.[\s\S]*Small print$/);
    expect(parts.map((part) => part.markup !== undefined)).toEqual([false, false, true]);
  });

  it("shortens what a picture shows to a caption, and no character is torn apart", () => {
    const [only] = drawAll([image("a.png", png(), `${"x".repeat(1022)}😀😀`)]);
    expect(only?.text).toBe(`${"x".repeat(1022)}…`);
  });

  it("gives every file a message of its own, and keeps buttons and a form apart", () => {
    const one = (name: string) => file(name, "text/csv", new Uint8Array(1), name);
    expect(drawAll([one("a"), one("b")]).map((part) => part.file?.name)).toEqual(["a", "b"]);
    const button = { label: "x", command: "x", args: {}, payload: "f#AAAAAAAAAAAAAAAAAAAA" };
    const mixed: SealedBlock[] = [
      { kind: "form", title: "T", prompt: "P", maxLength: 9, submit: button },
      { kind: "buttons", buttons: [button] },
    ];
    const parts = drawAll(mixed);
    expect(parts.map((part) => Object.keys(part.markup ?? {})[0])).toEqual(["force_reply", "inline_keyboard"]);
  });

  it("puts more than a hundred buttons into several messages", () => {
    const buttons = Array.from({ length: 130 }, (_, i) => ({ label: `b${i}`, command: "x", args: {}, payload: `o:x?n=${i}` }));
    const parts = drawAll([text("Many"), { kind: "buttons", buttons }]);
    expect(parts.map((part) => markupProblem(part.markup, "supergroup"))).toEqual([null, null]);
  });
});
