/** The exact intervals against published tables and against their own definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clopperPearson, garwood } from "../../src/ledger/intervals.ts";

describe("Garwood's interval", () => {
  /** Two-sided 95 % limits of a Poisson count: K. Ulm, Am. J. Epidemiol. 131 (1990) 373–375, and the tables of Garwood (1936). */
  it.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [2, 0.2422, 7.225],
    [3, 0.6187, 8.767],
    [4, 1.0899, 10.242],
    [5, 1.6235, 11.668],
    [10, 4.7954, 18.39],
    [20, 12.2165, 30.888],
    [50, 37.1112, 65.919],
    [100, 81.3637, 121.627],
  ])("of %i events is the published one", (events, low, high) => {
    const found = garwood(events, 1);
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
    expect(garwood(events, 40)).toMatchObject({ value: events / 40, low: found.low / 40, high: found.high / 40 });
  });

  /** P(X ≤ k) for a Poisson variable, summed term by term. */
  const upTo = (k: number, mean: number) => {
    let term = Math.exp(-mean);
    let sum = term;
    for (let i = 1; i <= k; i++) sum += term *= mean / i;
    return sum;
  };

  it("leaves exactly 2.5 % on either side, at any count and level", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.constantFrom(0.8, 0.95, 0.999), (events, level) => {
        const { low, high } = garwood(events, 1, level);
        expect(upTo(events, high)).toBeCloseTo((1 - level) / 2, 8);
        if (events > 0) expect(1 - upTo(events - 1, low)).toBeCloseTo((1 - level) / 2, 8);
      }),
    );
  });

  it("holds the true rate in at least 95 of 100 cases, whatever the rate is", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 60, noNaN: true }), (mean) => {
        let covered = 0;
        for (let events = 0; events <= mean + 12 * Math.sqrt(mean) + 20; events++) {
          const { low, high } = garwood(events, 1);
          if (low <= mean && mean <= high) covered += upTo(events, mean) - (events === 0 ? 0 : upTo(events - 1, mean));
        }
        expect(covered).toBeGreaterThan(0.95 - 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

describe("Clopper and Pearson's interval", () => {
  /** Method 5 in table I of R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, and common tables for n = 10. */
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
    [0, 10, 0, 0.3085],
    [1, 10, 0.0025, 0.445],
    [5, 10, 0.1871, 0.8129],
    [10, 10, 0.6915, 1],
  ])("of %i in %i is the published one", (count, of, low, high) => {
    const found = clopperPearson(count, of);
    expect(Math.abs(found.low - low)).toBeLessThan(0.000_11);
    expect(Math.abs(found.high - high)).toBeLessThan(0.000_11);
    expect(found.value).toBe(count / of);
  });

  const logFactorials = [0];
  for (let i = 1; i <= 300; i++) logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i));
  const chance = (k: number, n: number, p: number) =>
    p === 0 || p === 1
      ? Number(k === p * n)
      : Math.exp(
          (logFactorials[n] ?? 0) - (logFactorials[k] ?? 0) - (logFactorials[n - k] ?? 0) + k * Math.log(p) + (n - k) * Math.log1p(-p),
        );
  const sum = (from: number, to: number, n: number, p: number) => {
    let total = 0;
    for (let k = from; k <= to; k++) total += chance(k, n, p);
    return total;
  };
  const counts = fc.integer({ min: 1, max: 300 }).chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));

  it("leaves exactly 2.5 % on either side, at any count and level", () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.8, 0.95, 0.999), ([count, of], level) => {
        const { low, high } = clopperPearson(count, of, level);
        if (count > 0) expect(sum(count, of, of, low)).toBeCloseTo((1 - level) / 2, 7);
        if (count < of) expect(sum(0, count, of, high)).toBeCloseTo((1 - level) / 2, 7);
      }),
    );
  });

  it("lies within nothing and all, around the share, and mirrors itself", () => {
    fc.assert(
      fc.property(counts, ([count, of]) => {
        const [one, other] = [clopperPearson(count, of), clopperPearson(of - count, of)];
        expect(0 <= one.low && one.low <= one.value && one.value <= one.high && one.high <= 1).toBe(true);
        expect(one.low).toBeCloseTo(1 - other.high, 8);
      }),
    );
  });
});

it("of very many events is told without a long wait, and goes on from that of fewer", () => {
  const [below, above] = [garwood(9_999, 1), garwood(10_001, 1)];
  for (const end of ["low", "high"] as const) expect((above[end] - below[end]) / 2).toBeCloseTo(1, 1);
  expect(garwood(1e9, 1).high / 1e9).toBeCloseTo(1 + 1.959964 / Math.sqrt(1e9), 7);
});

it("counts in between lie in between, and what is no count is refused", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), fc.double({ min: 0.001, max: 5, noNaN: true }), (events, more) => {
      const [few, many] = [garwood(events, 1), garwood(events + more, 1)];
      expect(few.low < few.value && few.value < few.high && few.low < many.low && few.high < many.high).toBe(true);
      const [seldom, often] = [clopperPearson(events, 600), clopperPearson(events + more, 600)];
      expect(seldom.low < seldom.value && seldom.value < seldom.high && seldom.low < often.low && seldom.high < often.high).toBe(true);
    }),
  );
  for (const [events, exposure] of [
    [-1, 1],
    [1, 0],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
  ] as const)
    expect(() => garwood(events, exposure)).toThrow(RangeError);
  for (const [count, of] of [
    [2, 1],
    [-1, 4],
    [0, 0],
    [Number.NaN, 4],
  ] as const)
    expect(() => clopperPearson(count, of)).toThrow(RangeError);
});
