/** One run after the other by chance, but always the same chance: the seeded simulation that formulas are held against. */
import { nodeRate, nodesOf, segmentsOf, stopsAll } from "./closed-form.ts";
import type { Plan, Simulated } from "./types.ts";

/**
 * Random numbers in (0, 1), the same for the same seed: sfc32 (Chris Doty-Humphrey, PractRand,
 * https://pracrand.sourceforge.net/RNG_engines.txt), warmed up as its author does.
 */
export function seeded(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, 0, 0, 1];
  const next = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    c |= 0;
    // In the middle of its cell: neither 0 nor 1, so that a logarithm is always finite.
    return ((out >>> 0) + 0.5) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** How many interruptions may still be played; a run that needs more is given up. */
export interface Allowance {
  left: number;
}

/** Wall-clock hours of one run; null where the allowance is used up before its end. */
export type Play = (random: () => number, allowance: Allowance) => number | null;

export const playOf = (plan: Plan): Play => (stopsAll(plan) ? playStoppingAll(plan) : playElastic(plan));

function playStoppingAll(plan: Plan): Play {
  const n = segmentsOf(plan);
  const segment = plan.hours / n + plan.write;
  const between = 1 / (nodesOf(plan) * nodeRate(plan));
  const { restart, lost } = plan;
  return (random, allowance) => {
    let time = 0;
    let left = n;
    for (;;) {
      const until = -Math.log(random()) * between;
      // Compared as times: their quotient may round up to a segment that did not quite pass.
      if (until >= left * segment) return time + left * segment;
      if (--allowance.left < 0) return null;
      let kept = Math.min(Math.floor(until / segment), left - 1);
      while (kept > 0 && random() < lost) kept--;
      left -= kept;
      time += until;
      for (let wait = -Math.log(random()) * between; wait < restart; wait = -Math.log(random()) * between) {
        if (--allowance.left < 0) return null;
        time += wait;
      }
      time += restart;
    }
  };
}

function playElastic(plan: Plan): Play {
  const nodes = nodesOf(plan);
  const n = segmentsOf(plan);
  const segment = plan.hours / n + plan.write;
  const between = 1 / nodeRate(plan);
  /** When those who are away return, in turn: all are away equally long, so who left first returns first. */
  const returns = new Float64Array(nodes);
  return (random, allowance) => {
    let [time, work, up, oldest, base] = [0, 0, nodes, 0, 0];
    for (;;) {
      const leaves = time + (-Math.log(random()) * between) / up;
      const back = up === nodes ? Number.POSITIVE_INFINITY : (returns[oldest] ?? 0);
      const done = time + ((n * segment - work) * nodes) / up;
      const next = Math.min(leaves, back, done);
      work += ((next - time) * up) / nodes;
      time = next;
      if (next === done) return time;
      if (next === back) {
        oldest = (oldest + 1) % nodes;
        up++;
        continue;
      }
      if (--allowance.left < 0) return null;
      returns[(oldest + nodes - up) % nodes] = time + plan.restart;
      up--;
      if (up > 0) continue;
      // Nobody holds the state any more: back to the newest checkpoint that survives, as soon as the first one returns.
      let kept = Math.floor(work / segment) - base;
      while (kept > 0 && random() < plan.lost) kept--;
      base += Math.max(0, kept);
      work = base * segment;
      time = returns[oldest] ?? time;
      oldest = (oldest + 1) % nodes;
      up = 1;
    }
  };
}

/** Enough for 100,000 runs of ordinary length in less than a second; runs with thousands of interruptions differ little, and need fewer. */
export const allowedInterruptions = 5_000_000;

/** Fewer say too little of their spread. */
const leastRuns = 100;

/** @returns null where fewer than 100 runs end within the allowance */
export function simulate(
  plan: Plan,
  runs: number,
  seed: number,
  progress: (share: number) => void,
  allowed = allowedInterruptions,
): Simulated | null {
  const play = playOf(plan);
  const random = seeded(seed);
  const allowance: Allowance = { left: allowed };
  const wall = new Float64Array(runs);
  const step = Math.ceil(runs / 10);
  let done = 0;
  let [sum, told] = [0, 0];
  while (done < runs) {
    // What is left goes to whole runs: one that is broken off because it is long would make the others look quicker than they are.
    if (done >= leastRuns && allowance.left < 0.02 * allowed) break;
    const time = play(random, allowance);
    if (time === null) return null;
    wall[done++] = time;
    sum += time;
    const share = Math.max(done / runs, 1 - allowance.left / allowed);
    if (done % step === 0 || share >= told + 0.1) {
      told = share;
      progress(Math.min(1, share));
    }
  }
  const mean = sum / done;
  const sorted = wall.subarray(0, done).sort();
  const squares = sorted.reduce((total, time) => total + (time - mean) ** 2, 0);
  const below = (share: number) => sorted[Math.min(done - 1, Math.floor(share * done))] ?? mean;
  return {
    mean,
    error: Math.sqrt(squares / Math.max(1, done - 1) / done),
    low: below(0.05),
    middle: below(0.5),
    high: below(0.95),
    runs: done,
  };
}
