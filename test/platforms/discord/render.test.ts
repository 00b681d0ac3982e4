/** Drawing: within every limit, nothing lost, nothing that a person typed taken for a mark. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { figure } from "../../../src/core/figure.ts";
import { cleanText, literal, plainText } from "../../../src/core/markup.ts";
import { figures, heading, image, note, quote, type SealedBlock, sources, table, text } from "../../../src/core/reply.ts";
import { escapeMarkdown, inline, readExact, unescapeMarkdown, writeExact } from "../../../src/platforms/discord/markdown.ts";
import { drawMessage, drawPlain, fits, readPayload, split } from "../../../src/platforms/discord/render.ts";
import { anyBlocks, holdsInOrder, wordsIn } from "../../contracts/platforms.ts";
import { applyMessage, emptyMessage } from "../../support/fake-discord/validate.ts";
import { unmark, visibleText } from "../../support/fake-discord/visible.ts";
import { png } from "../../support/png.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        "\\",
        "*",
        "_",
        "~",
        "`",
        "|",
        ">",
        "#",
        "-",
        "+",
        "1.",
        "[",
        "]",
        "(",
        ")",
        "<@1>",
        "@everyone",
        ":",
        "://",
        "\n",
        " ",
        "a",
      ),
      { maxLength: 80 },
    )
    .map((l) => l.join("")),
);

const description = (...blocks: readonly SealedBlock[]) => drawMessage(blocks).body.embeds[0]?.description;
const shown = (blocks: readonly SealedBlock[]) => {
  const { body, files } = drawMessage(blocks);
  const uploads = files.map(({ name }, id) => ({ id, name, content: new Uint8Array() }));
  return visibleText({ body: applyMessage(emptyMessage, body, uploads) });
};
const button = (label: string, payload: string) => ({ label, payload, command: "x", args: {} });

describe("a person's text", () => {
  test("escaping can be undone, to the last character", () => {
    fc.assert(
      fc.property(anyText, (s) => unescapeMarkdown(escapeMarkdown(s)) === s),
      { numRuns: 1000 },
    );
  });

  test("what is escaped is shown as it was typed", () => {
    fc.assert(
      fc.property(anyText, (s) => unmark(escapeMarkdown(s)) === s),
      { numRuns: 1000 },
    );
  });

  test("what must survive Discord's trimming does", () => {
    fc.assert(
      fc.property(anyText, (s) => readExact(writeExact(s).trim()) === s),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["**bold**", "\\*\\*bold\\*\\*"],
    ["<@123>", "\\<\\@123\\>"],
    ["# heading", "\\# heading"],
    ["a # b", "a # b"],
    ["-# small", "\\-# small"],
    ["  - item\n10. ten", "  \\- item\n10\\. ten"],
    ["a-b 1.5", "a-b 1.5"],
    ["https://evil.example", "https\\://evil.example"],
    [":smile: 12:49", "\\:smile: 12\\:49"],
    ["||x||", "\\|\\|x\\|\\|"],
  ])("%j is written %j", (typed, written) => {
    expect(escapeMarkdown(typed)).toBe(written);
  });
});

describe("the bot's own marks", () => {
  test("bold, code and links are Discord's", () => {
    expect(inline("Some **bold** and `code` and [a link](https://example.org/x).")).toBe(
      "Some **bold** and `code` and [a link](https://example.org/x).",
    );
  });

  test("neighbours of one kind do not run into each other", () => {
    expect(inline("**a****b**")).toBe("**ab**");
    expect(inline("`a``b`")).toBe("`ab`");
  });

  test("a web address with brackets or spaces stays one link", () => {
    expect(drawMessage([sources([{ title: "A (b)", url: "https://example.org/a_(b) c" }])]).body.embeds[0]?.description).toBe(
      "[A (b)](https://example.org/a_%28b%29%20c)",
    );
  });

  test("what is no web address becomes no link", () => {
    expect(description(sources([{ title: "X", url: "javascript:alert(1)" }]))).toBe("X (javascript\\:alert(1))");
  });
});

describe("blocks", () => {
  test("the first heading is the title, notes are the footer, later headings stand in the text", () => {
    const { embeds } = drawMessage([heading("First"), text("Body"), heading("Second"), note("Small print")]).body;
    expect(embeds).toMatchObject([{ title: "First", description: "Body\n\n### Second", footer: { text: "Small print" } }]);
  });

  test("a note with a link stays where links work", () => {
    const { embeds } = drawMessage([text("Body"), note("See [here](https://example.org)")]).body;
    expect(embeds).toMatchObject([{ description: "Body\n\n-# See [here](https://example.org)" }]);
  });

  test("a figure is one line with value, time and receipt; a missing one says so", () => {
    const at = new Date("2026-11-20T12:49:00Z");
    const base = {
      metric: "x.y",
      label: "Sector cap",
      unit: "usd",
      source: { name: "S", url: "https://s.example" },
      precision: "instant",
      raw: "1",
      observedAt: at,
      fetchedAt: at,
    } as const;
    const live = figure({ ...base, value: 19e9, bound: "about", state: "live" });
    const missing = figure({ ...base, value: null, raw: "", state: "missing" });
    expect(description(figures([live, missing], at))).toBe(
      `**Sector cap** about $19 billion · 20 Nov 2026, 12\\:49 UTC · \`${live.id}\`\n**Sector cap** no data · \`${missing.id}\``,
    );
  });

  test("a narrow table is aligned, a wide one has a line for each row", () => {
    expect(description(table(["Stance", "People"], [["Agree", "3"]]))).toBe("```\nStance  People\nAgree   3\n```");
    expect(description(table(["Asset", "What it does, in a few words"], [["Akash", "rents out unused computers"]]))).toBe(
      "-# Asset · What it does, in a few words\n**Akash** · rents out unused computers",
    );
  });

  test("a table cannot be broken out of", () => {
    expect(shown([table(["a", "b"], [["```", "@everyone"]])])).toContain("``` · @everyone");
  });

  test("a quote is a block quote with whose words they are", () => {
    expect(description(quote("one\n# two", "agree"))).toBe("> one\n> \\# two\n> — agree");
  });

  test("a quote under which a stored button stands is an embed of its own; other buttons change nothing", () => {
    const asking = drawMessage([
      text("May I?"),
      quote("# words", "bob"),
      note("Only you"),
      { kind: "buttons", buttons: [button("Yes", "fu#id")] },
    ]).body;
    expect(asking.embeds).toMatchObject([
      { description: "May I?" },
      { author: { name: "bob" }, description: "\\# words", footer: { text: "Only you" } },
    ]);
    const showing = drawMessage([quote("words"), { kind: "buttons", buttons: [button("More", "o:topics")] }]).body;
    expect(showing.embeds).toMatchObject([{ description: "> words" }]);
  });

  test("a quoted message too long for one message is never found in pieces", () => {
    const blocks: readonly SealedBlock[] = [quote("*".repeat(4000), "bob"), { kind: "buttons", buttons: [button("Yes", "fu#id")] }];
    const parts = split(blocks);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts)
      expect(part.blocks.some((b) => b.kind === "quote") && part.blocks.some((b) => b.kind === "buttons")).toBe(false);
  });

  test("buttons stand in rows of five, each with its own id that leads back to its payload", () => {
    const { components } = drawMessage([
      { kind: "buttons", buttons: Array.from({ length: 7 }, (_, i) => button(`B${i}`, "o:topics")) },
    ]).body;
    expect(components.map((row) => row.components.length)).toEqual([5, 2]);
    const ids = components.flatMap((row) => row.components.map((b) => b.custom_id));
    expect(new Set(ids).size).toBe(7);
    expect(new Set(ids.map(readPayload))).toEqual(new Set(["o:topics"]));
  });

  test("an error is plain text, unless it is too long for that", () => {
    expect(drawPlain([text("No."), text("Try `/help`.")])?.body.content).toBe("No.\nTry `/help`.");
    expect(drawPlain([text("x".repeat(2001))])).toBeNull();
  });
});

describe("pictures", () => {
  test("a picture stands in the embed of the words before it, each further one in an embed of its own", () => {
    const one = (n: number) => image("chart.png", png(), `Number ${n}`);
    const { embeds, attachments } = drawMessage([heading("Today"), text("Up."), one(1), note("Small print"), one(2)]).body;
    expect(embeds).toMatchObject([
      { title: "Today", description: "Up.", image: { url: "attachment://chart.png" }, footer: { text: "Small print" } },
      { image: { url: "attachment://1_chart.png" } },
    ]);
    expect(attachments.map(({ description: words }) => words)).toEqual(["Number 1", "Number 2"]);
  });

  test("a description is shortened to what Discord takes, and no character is torn apart", () => {
    const [only] = drawMessage([image("chart.png", png(), `${"x".repeat(1022)}😀😀`)]).body.attachments;
    expect(only?.description).toBe(`${"x".repeat(1022)}…`);
  });

  test("a picture under a quote whose author is asked leaves the quote as it is", () => {
    const { embeds } = drawMessage([
      quote("words", "bob"),
      image("chart.png", png(), "A chart"),
      { kind: "buttons", buttons: [button("Yes", "fu#id")] },
    ]).body;
    expect(embeds).toMatchObject([{ description: "words" }, { image: { url: "attachment://chart.png" } }]);
    expect(embeds[0]?.image).toBeUndefined();
  });

  test("eleven pictures are two messages", () => {
    const parts = split(Array.from({ length: 11 }, (_, i) => image(`${i}.png`, png(), `Number ${i}`)));
    expect(parts.map((part) => part.blocks.length)).toEqual([10, 1]);
  });
});

describe("splitting", () => {
  test("every part of any answer is a message that Discord takes, and no word is lost", () => {
    const bare = (s: string) => s.normalize("NFKC").replace(/[^\p{L}\p{N}]/gu, "");
    let most = 0;
    fc.assert(
      fc.property(anyBlocks, (blocks) => {
        const parts = split(blocks);
        most = Math.max(most, parts.length);
        const whole = bare(parts.map((part) => shown(part.blocks)).join("\n"));
        for (const block of blocks) for (const words of wordsIn(block)) expect(holdsInOrder(whole, bare(words))).toBe(true);
        expect(parts.every((part) => fits(part.blocks))).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(most).toBeGreaterThan(3);
  });

  test("100 kB of text are split in a moment", () => {
    const words = cleanText("Some words, *and* marks_. ".repeat(4000));
    const before = performance.now();
    const parts = split([text(literal(words))]);
    expect(performance.now() - before).toBeLessThan(3000);
    expect(parts.map((p) => p.blocks.map((b) => (b.kind === "text" ? plainText(b.text) : "")).join("")).join("")).toBe(words);
  });

  test("an empty answer makes no message", () => {
    expect(split([])).toEqual([]);
  });

  test("more than 25 buttons go on in the next message", () => {
    const parts = split([{ kind: "buttons", buttons: Array.from({ length: 40 }, (_, i) => button(`B${i}`, `o:x?a=${i}`)) }]);
    expect(parts.map((p) => drawMessage(p.blocks).body.components.flatMap((r) => r.components).length)).toEqual([25, 15]);
  });
});
