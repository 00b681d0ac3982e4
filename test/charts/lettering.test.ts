import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createCanvas } from "@napi-rs/canvas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameOf, shorten, wrap } from "../../src/charts/lettering.ts";
import { loadFonts, measureWith } from "../../src/charts/paper.ts";

loadFonts();
const context = createCanvas(1, 1).getContext("2d");
const measure = measureWith(context, 29);
/** One pixel a character. */
const count = (text: string) => text.length;

/** Which characters a font has: its cmap table's subtable of format 12 (OpenType specification, "cmap"). */
function charactersOf(font: string): (character: number) => boolean {
  const bytes = readFileSync(fileURLToPath(import.meta.resolve(font)));
  const tables = Array.from({ length: bytes.readUInt16BE(4) }, (_, i) => 12 + 16 * i);
  const entry = tables.find((at) => bytes.toString("latin1", at, at + 4) === "cmap") ?? 0;
  const cmap = bytes.readUInt32BE(entry + 8);
  const subtables = Array.from({ length: bytes.readUInt16BE(cmap + 2) }, (_, i) => cmap + bytes.readUInt32BE(cmap + 8 + 8 * i));
  const table = subtables.find((at) => bytes.readUInt16BE(at) === 12);
  if (table === undefined) throw new Error("the font has no subtable of format 12");
  const groups = Array.from({ length: bytes.readUInt32BE(table + 12) }, (_, i) => table + 16 + 12 * i);
  const ranges = groups.map((at) => [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)] as const);
  return (character) => ranges.some(([from, to]) => character >= from && character <= to);
}

describe("names on a chart", () => {
  it.each([
    ["Akash Network", "Akash Network"],
    ["The Decentralised Network", "The Decentral…"],
    ["🚀 Rocket 🚀", "Rocket"],
    ["ビットコイン BTC", "… BTC"],
    ["Ａｋａｓｈ", "Akash"],
    ["\u202etsitra\u202c", "tsitra"],
    ["two\nlines", "two lines"],
    ["Δίκτυο", "Δίκτυο"],
    ["רשת", "#3"],
    ["🚀", "#3"],
    ["", "#3"],
    ["\ud83d", "#3"],
  ])("%j is drawn as %j", (label, shown) => {
    expect(nameOf(label, 2, 14, count)).toBe(shown);
  });

  it("hold no character that the font lacks, whatever they are called", () => {
    const has = charactersOf("@expo-google-fonts/inter/500Medium/Inter_500Medium.ttf");
    expect([has(0x41), has(0x5d0), has(0x1f680)]).toEqual([true, false, false]);
    const anyLabel = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
      // Where most characters are that the font has, and those it lacks between them.
      fc.array(fc.integer({ min: 0x20, max: 0x2700 }), { minLength: 1, maxLength: 40 }).map((list) => String.fromCodePoint(...list)),
    );
    fc.assert(
      fc.property(anyLabel, (label) => {
        for (const character of nameOf(label, 0, 1000, count))
          expect([character, has(character.codePointAt(0) ?? 0)]).toEqual([character, true]);
      }),
      { numRuns: 1000 },
    );
  });

  it("fit into their room, and show where something is missing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 60, max: 300 }), (text, room) => {
        const short = shorten(text, room, measure);
        expect(measure(short)).toBeLessThanOrEqual(room);
        expect(short === text || short.endsWith("…")).toBe(true);
      }),
    );
  });
});

describe("a title", () => {
  it("is broken between words, and shortened only in its last line", () => {
    expect(wrap("one two three", 20, 2, count)).toEqual(["one two three"]);
    expect(wrap("one two three", 8, 2, count)).toEqual(["one two", "three"]);
    expect(wrap("one two three four", 8, 2, count)).toEqual(["one two", "three f…"]);
    expect(wrap("incomprehensibilities", 8, 2, count)).toEqual(["incompr…"]);
  });
});
