/** Intervals and the test of a change: against published values, and for what must hold of any counts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { difference, isBeyondChance, linearTrend, wilson } from "../../src/opinions/statistics.ts";

const counted = fc.integer({ min: 1, max: 100_000 }).chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));

describe("the interval around a share", () => {
  it.each([
    // Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %i in %i is as published", (count, of, low, high) => {
    const interval = wilson(count, of);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
    expect(interval.value).toBe(count / of);
  });

  it("lies within 0 and 1 and around the share", () => {
    fc.assert(
      fc.property(counted, ([count, of]) => {
        const { value, low, high } = wilson(count, of);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });

  it("of those who do mirrors that of those who do not", () => {
    fc.assert(
      fc.property(counted, ([count, of]) => {
        const [those, others] = [wilson(count, of), wilson(of - count, of)];
        expect(those.low).toBeCloseTo(1 - others.high, 12);
        expect(those.high).toBeCloseTo(1 - others.low, 12);
      }),
    );
  });

  it("narrows with more people, down to the share itself", () => {
    fc.assert(
      fc.property(counted, fc.integer({ min: 2, max: 50 }), ([count, of], times) => {
        const [few, many] = [wilson(count, of), wilson(count * times, of * times)];
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    );
    const { low, high } = wilson(300_000_000, 1_000_000_000);
    expect(high - low).toBeLessThan(0.0001);
  });

  it.each([
    [1, 0],
    [3, 2],
    [-1, 5],
    [1.5, 5],
    [Number.NaN, 5],
  ])("of %d in %d does not exist", (count, of) => {
    expect(() => wilson(count, of)).toThrow(RangeError);
  });
});

describe("the change of a share", () => {
  it.each([
    // Newcombe 1998, Statistics in Medicine 17, 873–890, table II, method 10.
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
  ])("from %i of %i against %i of %i is as published", (count, of, before, ofBefore, low, high) => {
    const change = difference(wilson(count, of), wilson(before, ofBefore));
    expect(change.low).toBeCloseTo(low, 4);
    expect(change.high).toBeCloseTo(high, 4);
  });

  it("lies within −1 and 1 and around the difference, and is the same backwards", () => {
    fc.assert(
      fc.property(counted, counted, (now, then) => {
        const [there, back] = [difference(wilson(...now), wilson(...then)), difference(wilson(...then), wilson(...now))];
        expect(there.low).toBeGreaterThanOrEqual(-1);
        expect(there.low).toBeLessThanOrEqual(there.value);
        expect(there.high).toBeGreaterThanOrEqual(there.value);
        expect(there.high).toBeLessThanOrEqual(1);
        expect(there.value).toBeCloseTo(-back.value, 12);
        expect(there.low).toBeCloseTo(-back.high, 12);
        expect(there.high).toBeCloseTo(-back.low, 12);
      }),
    );
  });

  it("is never told of one and the same share, and always of a large one among many people", () => {
    fc.assert(
      fc.property(counted, ([count, of]) => {
        const { low, high } = difference(wilson(count, of), wilson(count, of));
        expect(low < 0 && high > 0).toBe(true);
      }),
    );
    expect(difference(wilson(5_200, 10_000), wilson(5_000, 10_000)).low).toBeGreaterThan(0);
    expect(difference(wilson(6, 10), wilson(5, 10)).low).toBeLessThan(0);
  });
});

describe("the trend of shares", () => {
  it.each([
    // A. Agresti, An Introduction to Categorical Data Analysis (2007), table 2.7: malformations by alcohol consumption, M² = 6.57.
    [[48, 38, 5, 1, 1], [17_114, 14_502, 793, 127, 38], [0, 0.5, 1.5, 4, 7], 6.57, 2],
    // J. L. Fleiss, Statistical Methods for Rates and Proportions (1981), p. 139: smokers among lung patients; R's prop.trend.test gives 8.2249.
    [[83, 90, 129, 70], [86, 93, 136, 82], [1, 2, 3, 4], 8.2249, 4],
  ])("of %j in %j is as published", (counts, sizes, scores, square, digits) => {
    const z = linearTrend(counts.map((count, n) => ({ count, of: sizes[n] ?? 0, score: scores[n] ?? 0 })));
    expect(z ** 2).toBeCloseTo(square, digits);
  });

  it("is up where shares rise, down where they fall, and none where all are alike", () => {
    const shares = (...counts: number[]) => linearTrend(counts.map((count, score) => ({ count, of: 40, score })));
    expect(isBeyondChance(shares(10, 20, 30)) && shares(10, 20, 30) > 0).toBe(true);
    expect(shares(30, 20, 10)).toBeCloseTo(-shares(10, 20, 30), 12);
    expect([shares(20, 20, 20), shares(40, 40), shares(0, 0)]).toEqual([0, 0, 0]);
    expect(isBeyondChance(shares(20, 21, 20))).toBe(false);
  });
});
