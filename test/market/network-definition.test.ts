/** Whole numbers and amounts of coins, at any size, as sources write them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseJson } from "../../src/lib/http-json.ts";
import { coins, saidCount, saidInteger } from "../../src/market/network-definition.ts";

const read = (json: string) => z.object({ n: saidInteger }).parse(parseJson(`{"n":${json}}`)).n;
const amount = fc.bigInt({ min: 0n, max: 10n ** 40n - 1n });

describe("a whole number of an answer", () => {
  it("keeps every digit, as a number and as a text", () => {
    fc.assert(
      fc.property(amount, (n) => {
        expect(read(String(n))).toEqual({ value: n, raw: String(n) });
        expect(read(`"${n}"`)).toEqual({ value: n, raw: String(n) });
      }),
    );
  });

  it.each([
    ["1e6", 1_000_000n],
    ["12.0", 12n],
    ["0", 0n],
  ])("is read from %s", (json, value) => expect(read(json)).toEqual({ value, raw: json }));

  it.each([
    "-1",
    "2.5",
    "1e40",
    "1e999",
    '""',
    '" 7"',
    '"0x10"',
    '"1e6"',
    "null",
    "true",
    "[]",
    "{}",
    "9".repeat(41),
    `"${"9".repeat(41)}"`,
  ])("is not read from %s", (json) => expect(read(json) ?? null).toBeNull());

  it("is no count where it is zero", () => {
    expect(saidCount.parse("0")).toBeNull();
    expect(saidCount.parse("1")).toEqual({ value: 1n, raw: "1" });
  });
});

describe("an amount of coins", () => {
  it("is the nearest number to the exact amount", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (smallest) => {
        // A double holds 53 bits: half of the last one is the most that rounding may cost.
        const error = coins(smallest, 9) * 1e9 - Number(smallest);
        expect(Math.abs(error)).toBeLessThanOrEqual(Number(smallest) * 2 ** -51);
      }),
    );
    expect(coins(31_205_630n, 12)).toBe(0.00003120563);
  });
});
