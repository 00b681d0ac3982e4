/** The expected wall-clock time of a run under interruptions, where a formula holds. */
import type { Plan } from "./types.ts";

export const nodesOf = ({ gpus, gpusPerNode }: Plan): number => Math.ceil(gpus / gpusPerNode);

/** Interruptions per hour of one node. */
export const nodeRate = ({ perNodeDay }: Plan): number => perNodeDay / 24;

/** Into how many equal parts checkpoints cut the work; the last one is the result itself. */
export const segmentsOf = ({ hours, interval }: Plan): number => Math.max(1, Math.ceil(hours / interval - 1e-9));

/** Whether an interruption of one node stops all of them: with a single node nobody is left to go on. */
export const stopsAll = (plan: Plan): boolean => plan.recovery === "all" || nodesOf(plan) === 1;

/**
 * Expected wall-clock hours where an interruption stops everyone.
 *
 * Interruptions come at rate L (hours⁻¹), a segment takes s = work + write, q = e^(−Ls) is the chance that it passes, R the restart, p the
 * chance that a checkpoint is lost. With no lost checkpoints each segment takes (e^(LR) / L)(e^(Ls) − 1): Daly's complete cost function
 * (J. T. Daly, “A higher order estimate of the optimum checkpoint interval for restart dumps”, Future Generation Computer Systems 22,
 * 2006, https://doi.org/10.1016/j.future.2004.11.016). For lost checkpoints we condition on the interruption: with k segments to go, c of
 * them pass with probability q^c (1 − q), and the run falls back to the newest checkpoint that survives, at worst the one it last came
 * back from. The difference of that recursion for k and k + 1 collapses to
 *
 *     V(n) = Σ (e^(LR) / L)(1 − q)(1 − qp) / (q(1 − p) + (1 − q)(qp)^k),  k = 1 … n
 *
 * which is exact, and Daly's for p = 0. Simulated runs hold it to account in the tests.
 * @returns Infinity where the number is beyond what a computer can write
 */
export function wallStoppingAll(plan: Plan): number {
  const n = segmentsOf(plan);
  const rate = nodesOf(plan) * nodeRate(plan);
  const segment = plan.hours / n + plan.write;
  if (rate === 0) return n * segment;
  const q = Math.exp(-rate * segment);
  const fail = -Math.expm1(-rate * segment);
  if (q === 0) return Number.POSITIVE_INFINITY;
  const top = (Math.exp(rate * plan.restart) / rate) * fail * (1 - q * plan.lost);
  const settled = q * (1 - plan.lost);
  let sum = 0;
  let fading = 1;
  for (let k = 1; k <= n; k++) {
    fading *= q * plan.lost;
    // From here on all segments cost the same to the last bit.
    if (fail * fading < settled * 1e-17) return sum + ((n - k + 1) * top) / settled;
    sum += top / (settled + fail * fading);
  }
  return sum;
}

/** Share of time for which a node is away with elastic recovery. */
const absence = (plan: Plan): number => {
  const away = nodeRate(plan) * plan.restart;
  return away / (1 + away);
};

/** How often per hour the last node leaves while all others are away, in the long run. */
export function allGoneRate(plan: Plan): number {
  const nodes = nodesOf(plan);
  const away = absence(plan);
  return nodes * nodeRate(plan) * (1 - away) * away ** (nodes - 1);
}

/**
 * Whether the formula for elastic recovery holds: the run is long beside a restart, no node is away more than half of the time, and what the loss of all nodes
 * at once would cost is below a hundred thousandth.
 */
export function elasticFormulaHolds(plan: Plan): boolean {
  const segment = plan.hours / segmentsOf(plan) + plan.write;
  const redone = allGoneRate(plan) * segment * (1 + plan.lost / (1 - plan.lost));
  return nodeRate(plan) * plan.restart <= 1 && plan.hours >= 10 * plan.restart && redone <= 1e-5;
}

/**
 * Expected wall-clock hours where the others go on, nearly exact where `elasticFormulaHolds`.
 *
 * With A hours of work and writing and N nodes, N·A node-hours must be spent working; each costs L·R hours of absence on average (Wald's
 * identity: interruptions come at rate L per hour worked). Absences that outlast the run are taken off: at its end a node is away with
 * probability (N − 1)/N · u, u the long-run share of absence, for another R/2 on average.
 */
export function wallElastic(plan: Plan): number {
  const nodes = nodesOf(plan);
  const work = plan.hours + segmentsOf(plan) * plan.write;
  return work * (1 + nodeRate(plan) * plan.restart) - (((nodes - 1) / nodes) * absence(plan) * plan.restart) / 2;
}

/** Expected wall-clock hours; null where no formula holds and the run must be simulated. */
export function expectedWall(plan: Plan): number | null {
  if (stopsAll(plan)) return wallStoppingAll(plan);
  return elasticFormulaHolds(plan) ? wallElastic(plan) : null;
}

/**
 * Expected number of interruptions in a run that takes `wall` hours. Where all stop they also come while the run waits; elsewhere they do not
 * come to nodes that are away.
 */
export const expectedInterruptions = (plan: Plan, wall: number): number =>
  wall * (stopsAll(plan) ? 1 : 1 - absence(plan)) * nodesOf(plan) * nodeRate(plan);
