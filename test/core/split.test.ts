import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { literal, plainText } from "../../src/core/markup.ts";
import type { SealedBlock } from "../../src/core/reply.ts";
import { splitBlocks } from "../../src/core/split.ts";

const textOf = (block: SealedBlock): string => {
  switch (block.kind) {
    case "heading":
    case "text":
    case "note":
      return plainText(block.text);
    case "quote":
      return block.text + (block.by ?? "");
    case "table":
      return block.rows.flat().join("");
    case "sources":
      return block.sources.map((s) => s.title + s.url).join("");
    case "buttons":
      return block.buttons.map((b) => b.label).join("");
    default:
      return "";
  }
};
const size = (blocks: readonly SealedBlock[]) => blocks.reduce((n, b) => n + textOf(b).length, 0);
const within = (limit: number) => (blocks: readonly SealedBlock[]) => size(blocks) <= limit;
const words = (text: string): SealedBlock => ({ kind: "text", text: literal(text) });

describe("splitting an answer", () => {
  it("leaves what fits in one message", () => {
    const blocks = [words("one"), words("two")];
    expect(splitBlocks(blocks, within(10))).toEqual([blocks]);
  });

  it("breaks between blocks before it breaks a block", () => {
    expect(splitBlocks([words("aaaa"), words("bbbbbb")], within(8))).toEqual([[words("aaaa")], [words("bbbbbb")]]);
  });

  it("keeps a heading with what it heads", () => {
    const parts = splitBlocks([words("aaaaaaaa"), { kind: "heading", text: "h" }, words("bbbbbb")], within(10));
    expect(parts).toEqual([[words("aaaaaaaa")], [{ kind: "heading", text: "h" }, words("bbbbbb")]]);
  });

  it("breaks a long text between sentences, and inside a word only when the word is too long", () => {
    expect(splitBlocks([words("First one. Second one. Third.")], within(24))).toEqual([
      [words("First one. Second one. ")],
      [words("Third.")],
    ]);
    expect(splitBlocks([words("abcdefghij")], within(4))).toEqual([[words("abcd")], [words("efgh")], [words("ij")]]);
  });

  it("closes and reopens a bold passage that is too long", () => {
    expect(splitBlocks([{ kind: "text", text: "**abcdef**" }], within(4))).toEqual([
      [{ kind: "text", text: "**abcd**" }],
      [{ kind: "text", text: "**ef**" }],
    ]);
  });

  it("never splits a character that is seen as one", () => {
    const parts = splitBlocks([words("👩‍💻".repeat(4))], within(11));
    for (const [part] of parts) expect(part === undefined ? "" : textOf(part)).toMatch(/^(?:👩‍💻)+$/u);
  });

  const block: fc.Arbitrary<SealedBlock> = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 120 }).map(words),
    fc
      .string({ unit: fc.constantFrom("a", " ", ". ", "**", "`", "*", "\\", "[x](https://y.example)", "é"), maxLength: 60 })
      .map((text): SealedBlock => ({ kind: "text", text })),
    fc.string({ maxLength: 20 }).map((text): SealedBlock => ({ kind: "heading", text: literal(text) })),
    fc.string({ unit: "grapheme", maxLength: 120 }).map((text): SealedBlock => ({ kind: "quote", text, by: "ann" })),
    fc
      .array(fc.array(fc.string({ maxLength: 5 }), { minLength: 2, maxLength: 2 }), { maxLength: 12 })
      .map((rows): SealedBlock => ({ kind: "table", head: ["a", "b"], rows })),
  );

  it("loses nothing, keeps the order, and fits every message", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), fc.integer({ min: 30, max: 200 }), (blocks, limit) => {
        const parts = splitBlocks(blocks, within(limit));
        expect(parts.flat().map(textOf).join("")).toBe(blocks.map(textOf).join(""));
        for (const part of parts) expect(size(part)).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
