/** The training part of the compute domain: expected time, cost and what would help, by formula where one holds, else by simulation. */
import { describeChart } from "../core/chart.ts";
import type { DrawChart } from "../digest/types.ts";
import { bestInterval, daly } from "./best-interval.ts";
import { costOverInterval } from "./chart.ts";
import { allGoneRate, expectedInterruptions, expectedWall, stopsAll } from "./closed-form.ts";
import { details } from "./details.ts";
import { presets } from "./presets.ts";
import { readPlan } from "./read-plan.ts";
import type { Simulate } from "./simulation.ts";
import type { Expected, Finishing, Plan, Prices, Savings, Trainings } from "./types.ts";
import { verdict } from "./verdict.ts";

/** Beyond this many times the work, a run is said never to end. */
const endless = 100;

/** Enough that a simulated mean is within a fraction of a percent. */
const runsForMean = 20_000;
const runsShown = 100_000;

export interface TrainingOptions {
  /** Plays runs where no formula holds. */
  readonly simulate: Simulate;
  readonly drawChart: DrawChart;
  readonly log: { error(details: object, line: string): void };
}

export function createTrainings({ simulate, drawChart, log }: TrainingOptions): Trainings {
  /** Null where it is beyond all use, or cannot be found out. */
  async function expected(plan: Plan, signal: AbortSignal): Promise<Expected | null> {
    const formula = expectedWall(plan);
    const played = formula === null ? await simulate(plan, runsForMean, signal, () => undefined) : null;
    const hours = formula ?? played?.mean ?? Number.POSITIVE_INFINITY;
    // Rounding takes nothing off the work itself.
    return hours > endless * plan.hours ? null : { hours: Math.max(plan.hours, hours), error: played?.error ?? null };
  }

  return {
    preset: (training) => presets[training],
    read: (training, words) => readPlan(presets[training].plan, words),
    async estimate(plan, prices, signal) {
      const wall = await expected(plan, signal);
      const best = stopsAll(plan) ? bestInterval(plan) : null;
      if (wall === null) return { kind: "endless", plan, best };
      // What makes a run that ends better can only make one that ends.
      const [calmer, safer] = [
        (await expected({ ...plan, perNodeDay: plan.perNodeDay / 2 }, signal)) ?? wall,
        (await expected({ ...plan, lost: plan.lost / 5 }, signal)) ?? wall,
      ];
      return { ...money(plan, prices, wall), best, guard: guardOf(plan), savings: savingsOf(wall, calmer, safer) };
    },
    simulate: (plan, signal, progress) => simulate(plan, runsShown, signal, progress),
    verdict,
    details,
    async picture(estimate, words) {
      const spec = estimate.kind === "finishing" ? costOverInterval(estimate, words) : null;
      const alt = spec === null ? null : describeChart(spec);
      if (spec === null || alt === null) return null;
      try {
        const png = await drawChart(spec);
        return png === null ? null : { png, alt };
      } catch (error) {
        // The answer can do without.
        log.error({ err: error }, "the chart of a training run could not be drawn");
        return null;
      }
    },
  };
}

function money(plan: Plan, prices: Prices, wall: Expected) {
  const { here, elsewhere } = prices;
  const goodput = plan.hours / wall.hours;
  return {
    kind: "finishing",
    plan,
    prices,
    wall,
    goodput,
    lostGpuHours: (wall.hours - plan.hours) * plan.gpus,
    interruptions: expectedInterruptions(plan, wall.hours),
    // All GPUs are paid for until the run ends, those that wait as well.
    cost: here === null ? null : wall.hours * plan.gpus * here,
    costElsewhere: elsewhere === null ? null : plan.hours * plan.gpus * elsewhere,
    breakEven: elsewhere === null ? null : elsewhere * goodput,
  } as const satisfies Omit<Finishing, "best" | "guard" | "savings">;
}

function guardOf(plan: Plan): Finishing["guard"] {
  if (stopsAll(plan)) return null;
  const every = 1 / allGoneRate(plan);
  return { every, interval: Math.min(plan.hours, Math.max(plan.write, daly(plan.write, every))) };
}

function savingsOf(wall: Expected, calmer: Expected, safer: Expected): Savings {
  const [uptime, checkpoints] = [Math.max(0, wall.hours - calmer.hours), Math.max(0, wall.hours - safer.hours)];
  // Below three standard errors a difference may be chance; below a billionth of the run, rounding.
  const noise = Math.max(3 * Math.hypot(calmer.error ?? 0, safer.error ?? 0), 1e-9 * wall.hours);
  const dominant = Math.abs(uptime - checkpoints) <= noise ? "neither" : uptime > checkpoints ? "uptime" : "checkpoints";
  return { uptime, checkpoints, dominant };
}
