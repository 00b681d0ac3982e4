/** Brier's score and the reliability bins: worked examples, and what holds for any forecasts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { questionId } from "../../src/core/ids.ts";
import { textsIn } from "../../src/core/texts.ts";
import { calibrationChart } from "../../src/forecasts/chart.ts";
import { brier, crowdScore, personScore, reliability } from "../../src/forecasts/scores.ts";
import { readPercent, type Scored } from "../../src/forecasts/types.ts";

const probability = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const scored = fc.record({
  question: fc.nat(12).map((n) => questionId(`q${n}`)),
  person: fc.nat(9).map((n) => `person${n}`),
  probability,
});
/** One forecast for each person and question, and one outcome for each question. */
const many = fc
  .tuple(fc.uniqueArray(scored, { selector: (s) => `${s.question} ${s.person}`, maxLength: 80 }), fc.infiniteStream(fc.boolean()))
  .map(([list, coins]): readonly Scored[] => {
    const outcomes = new Map([...new Set(list.map(({ question }) => question))].map((id) => [id, coins.next().value === true]));
    return list.map((one) => ({ ...one, happened: outcomes.get(one.question) ?? false }));
  });
const said = (question: number, person: number, p: number, happened: boolean): Scored => ({
  question: questionId(`q${question}`),
  person: `person${person}`,
  probability: p,
  happened,
});

describe("Brier's score", () => {
  it("is 0 for certain and right, 1 for certain and wrong, and 0.25 for one half", () => {
    expect([brier(1, true), brier(0, false), brier(0, true), brier(1, false), brier(0.5, true), brier(0.5, false)]).toEqual([
      0, 0, 1, 1, 0.25, 0.25,
    ]);
  });

  it("is half of Brier's own sum over both classes", () =>
    fc.assert(
      fc.property(probability, fc.boolean(), (p, happened) => {
        const [yes, no] = happened ? [1, 0] : [0, 1];
        expect(brier(p, happened)).toBeCloseTo(((p - yes) ** 2 + (1 - p - no) ** 2) / 2, 12);
      }),
    ));

  it("is proper: on average nobody gains by saying other than they believe", () =>
    fc.assert(
      fc.property(probability, probability, (believed, told) => {
        const expected = (p: number) => believed * brier(p, true) + (1 - believed) * brier(p, false);
        expect(expected(believed)).toBeLessThanOrEqual(expected(told) + 1e-12);
      }),
    ));

  it("of a community's mean is never worse than the mean of its members' scores", () =>
    fc.assert(
      fc.property(fc.array(probability, { minLength: 5, maxLength: 9 }), fc.boolean(), (list, happened) => {
        const all = [0, 1, 2, 3, 4].flatMap((question) => list.map((p, person) => said(question, person, p, happened)));
        const alone = list.reduce((sum, p) => sum + brier(p, happened), 0) / list.length;
        expect(crowdScore(all).brier).toBeLessThanOrEqual(alone + 1e-12);
      }),
    ));
});

describe("a community's score", () => {
  it("counts questions that five people answered, and says nothing of fewer than five such questions", () => {
    const answered = (questions: number, people: number) =>
      Array.from({ length: questions }, (_, q) => Array.from({ length: people }, (_, p) => said(q, p, 0.8, true))).flat();
    expect(crowdScore(answered(5, 4))).toEqual({ questions: 0, forecasts: 0, brier: null, bins: [] });
    expect(crowdScore(answered(4, 5))).toMatchObject({ questions: 4, forecasts: 20, brier: null, bins: [] });
    const enough = crowdScore([...answered(5, 5), said(9, 1, 0, true)]);
    expect(enough).toMatchObject({ questions: 5, forecasts: 25, bins: [{ from: 0.8, to: 0.9, forecasts: 25, people: 5, happened: 1 }] });
    expect(enough.brier).toBeCloseTo(0.04, 12);
  });

  it("never shows a bin that one person fills: it would tell what they said", () => {
    const all = [0, 1, 2, 3, 4, 5].flatMap((q) => [0, 1, 2, 3, 4].map((p) => said(q, p, p === 0 ? 0.05 : 0.85, false)));
    expect(crowdScore(all).bins.map(({ from, people }) => [from, people])).toEqual([]);
    const five = [...all, ...[0, 1, 2, 3, 4, 5].map((q) => said(q, 5, 0.85, false))];
    expect(crowdScore(five).bins.map(({ from, people }) => [from, people])).toEqual([[0.8, 5]]);
  });

  it("of any forecasts keeps its minimum, lies between 0 and 1, and has bins whose parts are true", () =>
    fc.assert(
      fc.property(many, (list) => {
        const { questions, forecasts, brier: score, bins } = crowdScore(list);
        expect(score === null).toBe(questions < 5);
        if (score !== null) expect(score >= 0 && score <= 1).toBe(true);
        expect(bins.reduce((sum, bin) => sum + bin.forecasts, 0)).toBeLessThanOrEqual(forecasts);
        for (const bin of bins) {
          expect(bin.people).toBeGreaterThanOrEqual(5);
          expect(bin.said).toBeGreaterThanOrEqual(bin.from - 1e-9);
          expect(bin.said).toBeLessThanOrEqual(bin.to + 1e-9);
        }
      }),
    ));
});

describe("reliability bins", () => {
  it("hold each forecast once: the upper end belongs to the next bin, and certainty to the last", () =>
    fc.assert(
      fc.property(many, (list) => {
        const five = list.flatMap((one) => [0, 1, 2, 3, 4].map((n) => ({ ...one, person: `${one.person}-${n}` })));
        const bins = reliability(five, 1);
        expect(bins.reduce((sum, bin) => sum + bin.forecasts, 0)).toBe(five.length);
        expect(bins.reduce((sum, bin) => sum + bin.happened * bin.forecasts, 0)).toBeCloseTo(
          five.filter(({ happened }) => happened).length,
          6,
        );
        expect(bins.map(({ from }) => from)).toEqual(bins.map(({ from }) => from).toSorted((a, b) => a - b));
      }),
    ));

  it("put 10 % into the second tenth, and 100 % into the last", () => {
    const five = (p: number) => Array.from({ length: 5 }, (_, n) => said(1, n, p, true));
    expect(reliability(five(0.1), 1).map(({ from }) => from)).toEqual([0.1]);
    expect(reliability(five(1), 1).map(({ from, to }) => [from, to])).toEqual([[0.9, 1]]);
  });

  it("are drawn from two on, each with its number", () => {
    const score = (list: readonly Scored[]) => calibrationChart(personScore(list), textsIn("en"));
    const five = (p: number, happened: (n: number) => boolean) => Array.from({ length: 5 }, (_, n) => said(n, n, p, happened(n)));
    expect(score(five(0.1, () => false))).toBeNull();
    expect(score([...five(0.1, () => false), ...five(0.75, (n) => n < 4)])).toMatchObject({
      bars: [
        { label: "said 10–20 % (n = 5)", value: 0 },
        { label: "said 70–80 % (n = 5)", value: 80 },
      ],
      unit: "share",
    });
  });
});

describe("a typed probability", () => {
  it.each([
    ["37", 37],
    ["37%", 37],
    [" 2.5 % ", 2.5],
    ["0", 0],
    ["100", 100],
  ])("%s is %s", (typed, percent) => expect(readPercent(typed)).toBe(percent));

  it.each(["101", "-1", "abc", "", "1e2", "0,5", "5 5", "NaN", "٣"])("“%s” is none", (typed) => expect(readPercent(typed)).toBeUndefined());
});
