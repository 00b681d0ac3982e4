import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, literal, parseMarkup, plainText, writeMarkup } from "../../src/core/markup.ts";

describe("inline marks", () => {
  it("reads bold, code and links, and leaves the rest", () => {
    expect(parseMarkup("a **b** `c` [d](https://e.example/f) *g* [h]")).toEqual([
      { kind: "text", text: "a " },
      { kind: "bold", text: "b" },
      { kind: "text", text: " " },
      { kind: "code", text: "c" },
      { kind: "text", text: " " },
      { kind: "link", text: "d", url: "https://e.example/f" },
      { kind: "text", text: " *g* [h]" },
    ]);
  });

  it("makes no link to anything but the web", () => {
    expect(parseMarkup("[x](javascript:alert(1))")).toEqual([{ kind: "text", text: "[x](javascript:alert(1))" }]);
  });

  it("a person's text stays what it was, whatever it holds", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (words) => void expect(plainText(literal(words))).toBe(words)));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("*", "`", "[", "]", "(", ")", "\\", "a", " ", "http://x") }),
        (words) => void expect(plainText(`**bold** ${literal(words)} \`code\``)).toBe(`bold ${words} code`),
      ),
    );
  });

  it("writing what was read reads the same again", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("**", "*", "`", "[", "](https://x.example)", "\\", "a", "b ") }),
        (source) =>
          void expect(
            parseMarkup(writeMarkup(parseMarkup(source)))
              .map((s) => s.text)
              .join(""),
          ).toBe(plainText(source)),
      ),
    );
  });
});

describe("a person's text", () => {
  it.each([
    ["bidirectional overrides", "a\u202Eb\u2066c", "abc"],
    ["zero-width fillers", "a\u200Bb\uFEFFc\u2060", "abc"],
    ["control characters and terminal escapes", "a\u0007b\u001b[31mc", "ab[31mc"],
    ["lone surrogates", "a\ud800b", "a\ufffdb"],
    ["carriage returns", "a\r\nb", "a\nb"],
  ])("loses %s", (_, raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });

  it.each(["\u200b\u200b", "\u200d \u200c", " \n\t", "\u3164", "\ufe0f"])("is empty when nothing of it can be seen (%j)", (raw) => {
    expect(cleanText(raw)).toBe("");
  });

  it("keeps emoji of several parts and scripts that join", () => {
    for (const text of ["👩‍💻", "❤️", "می‌خواهم", "ක්‍ෂ"]) expect(cleanText(text)).toBe(text.normalize("NFC"));
  });
});
