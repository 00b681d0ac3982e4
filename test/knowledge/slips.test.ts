import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { describe, expect, it } from "vitest";
import { createSlips } from "../../src/knowledge/slips.ts";

/** The same by comparing with every name: what the rules say, word for word. */
function slipsByHand(names: readonly string[], written: string) {
  const letters = (text: string) => [...text].sort().join("");
  const allowed = (length: number) => (length < 4 ? 0 : length < 8 ? 1 : length < 16 ? 2 : 3);
  return names
    .map((name) => {
      const away = distance(name, written);
      return { name, slips: away === 2 && letters(name) === letters(written) ? 1 : away };
    })
    .filter(({ name, slips }) => slips <= allowed(Math.min(name.length, written.length)));
}

const sorted = <T extends { readonly name: string }>(found: readonly T[]) => found.toSorted((a, b) => (a.name < b.name ? -1 : 1));

describe("slips of the finger", () => {
  it.each([
    ["filecoin", "filecion", 1],
    ["proofofreplication", "proofofreplicatoin", 1],
    ["helium", "heliun", 1],
    ["decentralizedcompute", "decentralisedcomputers", 3],
  ])("finds %s in %s", (name, written, slips) => {
    expect(createSlips(["render", name, "akash"])(written)).toEqual([{ name, slips }]);
  });

  it("allows none in an acronym, and one in a short name", () => {
    expect(createSlips(["hnt", "tao"])("hmt")).toEqual([]);
    expect(createSlips(["akash"])("akahhs")).toEqual([]);
  });

  it("finds what comparing with every name finds", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), maxLength: 20 });
    // A name with a few letters changed is near to it more often than one of chance.
    const edit = fc.tuple(fc.nat(20), fc.constantFrom("a", "b", "", "bc"), fc.nat(2));
    const edited = (text: string, edits: readonly (readonly [number, string, number])[]) =>
      edits.reduce((made, [at, by, cut]) => `${made.slice(0, at)}${by}${made.slice(at + cut)}`, text);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 30 }), fc.array(edit, { maxLength: 4 }), (names, edits) => {
        const written = edited(names[0] ?? "", edits);
        expect(sorted(createSlips(names)(written))).toEqual(sorted(slipsByHand(names, written)));
      }),
      { numRuns: 500 },
    );
  });
});
