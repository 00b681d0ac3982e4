/** Whatever run is asked about, the sentences of the answer are true of the numbers that stand in them. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectedWall } from "../../src/compute/closed-form.ts";
import { simulate } from "../../src/compute/simulate.ts";
import { createTrainings } from "../../src/compute/training.ts";
import type { Estimate, Plan } from "../../src/compute/types.ts";
import { textsIn } from "../../src/core/texts.ts";
import { anyPlan, ordinary } from "./plans.ts";

const english = textsIn("en").training;
const never = new AbortController().signal;
const trainings = createTrainings({
  simulate: async (plan, _runs, _signal, progress) => simulate(plan, 200, 3, progress, 200_000),
  drawChart: async () => null,
  log: { error: () => undefined },
});

const second = 1 / 3600;
const price = fc.option(fc.double({ min: 0.001, max: 1000, noNaN: true }), { nil: null });
/** Also runs that hardly end, and elastic ones that must be simulated. */
const asked = fc.record({
  plan: fc.tuple(anyPlan, fc.constantFrom(0, 1, 1, 1, 4, 40), fc.constantFrom("all", "elastic"), fc.constantFrom(0, 1, 1)).map(
    ([plan, strain, recovery, loss]): Plan => ({
      ...plan,
      recovery,
      write: Math.max(plan.write, second),
      restart: Math.max(plan.restart, second),
      lost: plan.lost * loss,
      perNodeDay: plan.perNodeDay * strain,
    }),
  ),
  here: price,
  elsewhere: price,
});

const amount = String.raw`\$?[\d,.]+(?: (?:million|billion|trillion))?`;
const duration = String.raw`([\d,.]+) (s|min|h|days)\b`;
const hoursPer: Readonly<Record<string, number>> = { s: 1 / 3600, min: 1 / 60, h: 1, days: 24 };
const words: Readonly<Record<string, number>> = { million: 1e6, billion: 1e9, trillion: 1e12 };

/** The sentence's numbers, read back from its words. */
const plainNumber = (text: string): number => {
  const [number = "", word = ""] = text.replaceAll(/[$,]/g, "").split(" ");
  return Number(number) * (words[word] ?? 1);
};
const durations = (text: string): readonly number[] =>
  [...text.matchAll(new RegExp(duration, "g"))].map(([, n = "", unit = ""]) => plainNumber(n) * (hoursPer[unit] ?? Number.NaN));
const shares = (text: string): readonly number[] => [...text.matchAll(/([\d,.]+) %/g)].map(([, n = ""]) => plainNumber(n) / 100);
const find = (sentences: readonly string[], part: string | RegExp) => sentences.find((sentence) => sentence.search(part) >= 0);
/** Written with three digits. */
const near = (said: number | undefined, is: number) =>
  expect(Math.abs((said ?? Number.NaN) - is)).toBeLessThanOrEqual(Math.abs(is) * 0.006 + 1e-9);

function check(estimate: Estimate, sentences: readonly string[], again: (plan: Plan) => number | null): void {
  const all = sentences.join(" ");
  expect(all).not.toMatch(/NaN|undefined|null|Infinity|-\d|e[+-]\d/);
  if (estimate.kind === "endless") {
    const wall = again(estimate.plan);
    expect(wall === null || wall > 100 * estimate.plan.hours).toBe(true);
    const instead = find(sentences, "would: about");
    if (instead !== undefined && estimate.best !== null) {
      near(again({ ...estimate.plan, interval: estimate.best.interval }) ?? 0, estimate.best.hours);
      near(durations(instead)[2], estimate.best.hours);
    }
    return;
  }
  const { plan, prices, wall, savings, best } = estimate;
  const first = find(sentences, "take about") ?? "";
  const [work = 0, took = 0] = durations(first);
  near(work, plan.hours);
  near(took, wall.hours);
  expect(took).toBeGreaterThanOrEqual(work);
  const [useful] = shares(first);
  if (!first.includes(" than ")) expect(Math.abs((useful ?? 0) - plan.hours / wall.hours)).toBeLessThan(0.0006);
  near(plainNumber(/and (?:less than )?([\d,.]+) GPU-hours/.exec(first)?.[1] ?? ""), (wall.hours - plan.hours) * plan.gpus);

  const compared = new RegExp(`about \\*\\*(${amount})\\*\\*, (less|more|about as much) (?:than|as) the (${amount}) of`).exec(all);
  if (prices.here !== null && prices.elsewhere !== null) {
    const [, here = "", relation, there = ""] = compared ?? [];
    const [a, b] = [plainNumber(here), plainNumber(there)];
    expect(relation).toBe(a < b ? "less" : a > b ? "more" : "about as much");
    near(a, wall.hours * plan.gpus * prices.here);
    near(b, plan.hours * plan.gpus * prices.elsewhere);
  } else expect(compared).toBeNull();
  const even = new RegExp(`cost the same at (${amount}) per GPU-hour`).exec(all);
  expect(even === null).toBe(prices.elsewhere === null);
  // At the break-even price both bills are the same.
  if (prices.elsewhere !== null && even !== null && (estimate.breakEven ?? 0) > 1e-3)
    expect(Math.abs(plainNumber(even[1] ?? "") / ((prices.elsewhere * plan.hours) / wall.hours) - 1)).toBeLessThan(0.006);

  const better = find(sentences, "would be best");
  if (better !== undefined && best !== null) {
    const [then = 0, , long = 0] = durations(better);
    near(then, best.interval);
    near(again({ ...plan, interval: best.interval }) ?? 0, best.hours);
    near(long, best.hours);
    expect(best.hours).toBeLessThan(wall.hours);
  }
  const help = find(sentences, " against ");
  if (help !== undefined && !help.startsWith("The others")) {
    const [more = 0, less = 0] = durations(help);
    expect(more).toBeGreaterThan(less);
    near(more, Math.max(savings.uptime, savings.checkpoints));
    // Told of the right one: worked out anew.
    const [base, calmer, safer] = [
      again(plan),
      again({ ...plan, perNodeDay: plan.perNodeDay / 2 }),
      again({ ...plan, lost: plan.lost / 5 }),
    ];
    if (base !== null && calmer !== null && safer !== null && expectedWall(plan) !== null)
      expect(calmer < safer).toBe(help.startsWith("Half as many"));
  }
}

describe("the answer in words", () => {
  it("is true of its numbers, at 500 random questions", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(asked, async ({ plan, here, elsewhere }) => {
        const estimate = await trainings.estimate(plan, { here, elsewhere }, never);
        const sentences = trainings.verdict(estimate, english);
        seen.add(estimate.kind === "endless" ? "endless" : estimate.savings.dominant);
        if (estimate.kind === "finishing" && estimate.wall.error !== null) seen.add("simulated");
        check(estimate, sentences, (other) => expectedWall(other) ?? simulate(other, 20_000, 3, () => undefined, 200_000)?.mean ?? null);
      }),
      { numRuns: 500, seed: 2 },
    );
    // The questions were of every kind.
    expect([...seen].toSorted()).toEqual(["checkpoints", "endless", "neither", "simulated", "uptime"]);
  });

  it("says which of uptime and checkpoints matters more, by name", async () => {
    const lossy = { ...ordinary, lost: 0.8 };
    const told = async (plan: Plan) =>
      trainings.verdict(await trainings.estimate(plan, { here: null, elsewhere: null }, never), english).at(-1);
    expect(await told(lossy)).toMatch(/^Raising checkpoint survival from 20 % to 84 % would save more than half as many interruptions: /);
    expect(await told(ordinary)).toMatch(
      /^Half as many interruptions would save more than raising checkpoint survival from 95 % to 99 %: /,
    );
    expect(await told({ ...ordinary, lost: 0 })).toMatch(/^No checkpoint is lost here\. Half as many interruptions would save /);
  });
});
