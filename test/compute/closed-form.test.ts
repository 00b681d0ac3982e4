/** The formulas against Daly's paper, against brute force, and against runs by chance. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestInterval, daly, young } from "../../src/compute/best-interval.ts";
import {
  elasticFormulaHolds,
  expectedInterruptions,
  expectedWall,
  nodesOf,
  wallElastic,
  wallStoppingAll,
} from "../../src/compute/closed-form.ts";
import { playOf, seeded, simulate } from "../../src/compute/simulate.ts";
import type { Plan } from "../../src/compute/types.ts";
import { anyPlan, ordinary } from "./plans.ts";

const minute = 1 / 60;
const quiet = () => undefined;

/** Simulated against expected, in standard errors. */
function distances(plans: readonly Plan[], runs: number, wall: (plan: Plan) => number): readonly number[] {
  return plans.map((plan, seed) => {
    const played = simulate(plan, runs, seed + 1, quiet, 1e9);
    if (played === null) throw new Error("the run was not played to its end");
    const difference = played.mean - wall(plan);
    return played.error < 1e-9 * played.mean ? difference / played.mean : difference / played.error;
  });
}

/** What chance alone allows of 200 normal distances: none beyond 4.5, and squares that average 1 ± 0.35 (3.5 standard deviations). */
function expectChanceOnly(found: readonly number[]): void {
  expect(found).toHaveLength(200);
  expect(Math.max(...found.map(Math.abs))).toBeLessThan(4.5);
  const squares = found.reduce((sum, z) => sum + z * z, 0) / found.length;
  expect(squares).toBeGreaterThan(0.65);
  expect(squares).toBeLessThan(1.35);
}

describe("the best interval", () => {
  it("is by Daly's rule what his paper prints: 117, 57 and 9.1 minutes for 24 h, 6 h and 15 min between failures (figures 3 to 5)", () => {
    expect((daly(5 * minute, 6) * 60).toFixed(0)).toBe("57");
    expect((daly(5 * minute, 0.25) * 60).toFixed(1)).toBe("9.1");
    expect((daly(5 * minute, 24) * 60).toFixed(0)).toBe("117");
  });

  it("is by Young's rule two hours where writing takes five minutes and failures are a day apart", () => {
    expect(young(5 * minute, 24) * 60).toBeCloseTo(120, 9);
  });

  it("is by Daly's rule the time between failures where writing takes more than twice as long", () => {
    expect(daly(1, 0.4)).toBe(0.4);
    expect(daly(0.8, 0.4)).toBeCloseTo(0.4, 9);
  });

  it("is the one that brute force finds, over every number of checkpoints", () => {
    fc.assert(
      fc.property(anyPlan, fc.double({ min: 0.02, max: 1, noNaN: true }), (plan, share) => {
        const written = { ...plan, write: Math.max(share * plan.interval, plan.hours / 2000) };
        const walls = Array.from({ length: Math.floor(written.hours / written.write) }, (_, i) =>
          wallStoppingAll({ ...written, interval: written.hours / (i + 1) }),
        );
        expect(bestInterval(written).hours).toBeCloseTo(Math.min(...walls), 9);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("is never beaten by Young or Daly, and hardly misses what Daly says where his rule holds", () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const best = bestInterval({ ...plan, lost: 0, write: Math.max(plan.write, plan.hours / 5000) });
        for (const rule of [best.young, best.daly]) expect(rule.excess ?? 0).toBeGreaterThanOrEqual(-1e-9);
      }),
      { numRuns: 200, seed: 8 },
    );
    const long = bestInterval({ ...ordinary, hours: 5000, lost: 0 });
    expect(long.daly.holds).toBe(true);
    expect(long.daly.excess).toBeLessThan(0.001);
    expect(long.interval / long.daly.interval).toBeCloseTo(1, 1);
  });

  it("is not vouched for by the rules where they do not hold", () => {
    expect(bestInterval({ ...ordinary, lost: 0.2 }).daly.holds).toBe(false);
    const frequent = bestInterval({ ...ordinary, lost: 0, perNodeDay: 6 });
    expect([frequent.young.holds, frequent.daly.holds]).toEqual([false, true]);
    expect(bestInterval({ ...ordinary, lost: 0, perNodeDay: 300, write: 0.03 }).daly.holds).toBe(false);
  });
});

describe("the expected time", () => {
  it("is Daly's complete cost function where no checkpoint is lost", () => {
    fc.assert(
      fc.property(anyPlan, (drawn) => {
        const plan = { ...drawn, lost: 0 };
        const mtbf = 24 / (plan.perNodeDay * nodesOf(plan));
        const parts = Math.round(plan.hours / plan.interval);
        const theirs = mtbf * Math.exp(plan.restart / mtbf) * Math.expm1((plan.interval + plan.write) / mtbf) * parts;
        expect(wallStoppingAll(plan) / theirs).toBeCloseTo(1, 9);
      }),
    );
  });

  it("without interruptions is work and writing alone", () => {
    expect(wallStoppingAll({ ...ordinary, perNodeDay: 0 })).toBeCloseTo(105, 9);
    expect(wallStoppingAll({ ...ordinary, perNodeDay: 1e-12 })).toBeCloseTo(105, 6);
  });

  it("is beyond numbers, not wrong, where nothing can ever pass", () => {
    expect(wallStoppingAll({ ...ordinary, interval: 100, perNodeDay: 1000 })).toBe(Number.POSITIVE_INFINITY);
  });

  it("agrees with simulated runs within their standard error, over 200 runs of every kind", () => {
    const plans = fc.sample(anyPlan, { numRuns: 200, seed: 2006 });
    expectChanceOnly(distances(plans, 4000, wallStoppingAll));
  });

  it("agrees with simulated elastic runs within their standard error wherever its formula holds, over 200 of them", () => {
    // Up to nodes that are away as long as they work.
    const elastic = fc
      .tuple(anyPlan, fc.double({ min: 0.01, max: 1, noNaN: true }))
      .map(([plan, away]): Plan => ({ ...plan, recovery: "elastic", restart: Math.min((24 * away) / plan.perNodeDay, plan.hours / 10) }))
      // Without absences there is no chance to compare.
      .filter((plan) => nodesOf(plan) > 1 && plan.restart > 0.02 * plan.interval && elasticFormulaHolds(plan))
      .filter((plan) => plan.perNodeDay * nodesOf(plan) * plan.hours > 24);
    expectChanceOnly(distances(fc.sample(elastic, { numRuns: 200, seed: 1974 }), 4000, wallElastic));
  });

  it("counts the interruptions that the runs meet, those in restarts as well", () => {
    for (const plan of [ordinary, { ...ordinary, perNodeDay: 3, restart: 1 }, { ...ordinary, recovery: "elastic" } as const]) {
      const [play, random, allowance] = [playOf(plan), seeded(5), { left: 1e9 }];
      const runs = 4000;
      let hours = 0;
      for (let n = 0; n < runs; n++) hours += play(random, allowance) ?? Number.NaN;
      expect((1e9 - allowance.left) / runs / expectedInterruptions(plan, hours / runs)).toBeCloseTo(1, 1.7);
    }
  });

  it("is left to simulation where two nodes are often away at once", () => {
    const plan: Plan = { ...ordinary, gpus: 16, perNodeDay: 20, recovery: "elastic" };
    expect(expectedWall(plan)).toBeNull();
    const played = simulate(plan, 5000, 1, quiet);
    // The formula knows nothing of falling back to a checkpoint.
    expect(played?.mean).toBeGreaterThan(wallElastic(plan) + 10 * (played?.error ?? 0));
  });

  it("with one node is the same for both ways of recovery", () => {
    const plan: Plan = { ...ordinary, gpus: 8 };
    expect(expectedWall({ ...plan, recovery: "elastic" })).toBe(expectedWall(plan));
  });
});

describe("a simulation", () => {
  it("is the same for the same seed, and another for another", () => {
    const one = simulate(ordinary, 500, 1, quiet);
    expect(simulate(ordinary, 500, 1, quiet)).toEqual(one);
    expect(simulate(ordinary, 500, 2, quiet)).not.toEqual(one);
  });

  it("gives up a run that never ends, instead of going on for ever", () => {
    expect(simulate({ ...ordinary, interval: 100, perNodeDay: 1000 }, 1000, 1, quiet, 10_000)).toBeNull();
    expect(simulate({ ...ordinary, restart: 200, perNodeDay: 20 }, 1000, 1, quiet, 10_000)).toBeNull();
  });

  it("tells how far it is", () => {
    const told: number[] = [];
    simulate(ordinary, 1000, 1, (share) => told.push(share));
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });
});
