import fc from "fast-check";
import { expect, it } from "vitest";
import { together } from "../../src/lib/together.ts";

it("does what is asked for at the same moment in one go, and gives everyone their own", async () => {
  const goes: (readonly number[])[] = [];
  const double = together(async (all: readonly number[]) => {
    goes.push(all);
    return all.map((n) => n * 2);
  });
  expect(await Promise.all([1, 2, 2, 3].map(double))).toEqual([2, 4, 4, 6]);
  expect(await double(4)).toBe(8);
  expect(goes).toEqual([[1, 2, 2, 3], [4]]);
});

it("fails nobody but whom it would fail alone, and never does more than a hundred in one go", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 250 }), async (good) => {
      const stored: number[] = [];
      const store = together(async (all: readonly number[]) => {
        expect(all.length).toBeLessThanOrEqual(100);
        const bad = all.find((n) => good[n] !== true);
        if (bad !== undefined) throw new Error(`${bad} cannot be stored`);
        stored.push(...all);
        return all.map((n) => `stored ${n}`);
      });
      const outcomes = await Promise.all(
        good.map((_, n) => store(n).catch((error: unknown) => (error instanceof Error ? error.message : error))),
      );
      expect(outcomes).toEqual(good.map((isGood, n) => (isGood ? `stored ${n}` : `${n} cannot be stored`)));
      expect(stored.toSorted((a, b) => a - b)).toEqual(good.flatMap((isGood, n) => (isGood ? [n] : [])));
    }),
  );
});
