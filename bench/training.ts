/** What `/training` costs: the formulas, the search for the best interval, and simulated runs beside a program that goes on answering. */
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { bestInterval } from "../src/compute/best-interval.ts";
import { expectedWall } from "../src/compute/closed-form.ts";
import { presets } from "../src/compute/presets.ts";
import { createSimulation } from "../src/compute/simulation.ts";
import { type Plan, trainings } from "../src/compute/types.ts";
import { median, print } from "./process.ts";

const rounds = 5;
const runs = 100_000;

export async function benchTraining(): Promise<void> {
  const rows: string[][] = [];
  const simulate = createSimulation();
  for (const training of trainings) {
    const { plan } = presets[training];
    const [wall, best] = [timed(() => expectedWall(plan)), timed(() => bestInterval(plan))];
    const played = [];
    for (let n = 0; n < rounds; n++) played.push(await simulated(simulate, plan));
    rows.push([
      training,
      `${wall.toFixed(4)} ms`,
      `${best.toFixed(3)} ms`,
      `${median(played.map((p) => p.ms)).toFixed(0)} ms`,
      String(played[0]?.runs),
      `${Math.max(...played.map((p) => p.blocked)).toFixed(0)} ms`,
      `${Math.max(...played.map((p) => p.idle)).toFixed(0)} ms`,
    ]);
  }
  const hardest: Plan = { ...presets.pre_training.plan, hours: 50_000, interval: 1 / 60, write: 1 / 3600, lost: 0.99 };
  rows.push([
    "the longest sum there is",
    `${timed(() => expectedWall(hardest)).toFixed(4)} ms`,
    `${timed(() => bestInterval(hardest)).toFixed(3)} ms`,
    "",
    "",
    "",
  ]);
  print(
    `A training run worked out; simulated in a thread, its start included, median of ${rounds}`,
    ["run", "formula", "best interval", `${runs} runs asked for`, "runs played", "event loop held up at most", "when idle"],
    rows,
  );
}

/** Median of many calls, after some to warm up. */
function timed(work: () => unknown): number {
  for (let n = 0; n < 20; n++) work();
  return median(
    Array.from({ length: 100 }, () => {
      const began = performance.now();
      work();
      return performance.now() - began;
    }),
  );
}

async function simulated(simulate: ReturnType<typeof createSimulation>, plan: Plan) {
  const began = performance.now();
  const [result, blocked] = await watched(() => simulate(plan, runs, AbortSignal.timeout(60_000), () => undefined));
  const ms = performance.now() - began;
  if (result === null) throw new Error("the run was not played to its end");
  // What the machine's other work holds up by itself, for as long.
  const [, idle] = await watched(() => pause(ms));
  return { ms, runs: result.runs, blocked, idle };
}

/** @returns what came of the work, and the longest hold-up of the event loop meanwhile in milliseconds */
async function watched<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const result = await work();
  // What the work holds up at its very end is only seen at the next turn.
  await pause(20);
  delay.disable();
  return [result, delay.max / 1e6];
}
