/** Training runs for tests: an ordinary one, and many by chance. */
import fc from "fast-check";
import type { Plan } from "../../src/compute/types.ts";

export const ordinary: Plan = {
  gpus: 64,
  gpusPerNode: 8,
  hours: 100,
  perNodeDay: 0.3,
  interval: 1,
  write: 0.05,
  restart: 0.25,
  lost: 0.05,
  recovery: "all",
};

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** From a few interruptions to one every few checkpoints. */
export const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    nodes: fc.integer({ min: 1, max: 64 }),
    gpusPerNode: fc.integer({ min: 1, max: 8 }),
    hours: real(2, 1000),
    /** Interruptions per segment. */
    strain: real(0.001, 1.5),
    parts: fc.integer({ min: 1, max: 60 }),
    writing: real(0, 0.3),
    restarting: real(0, 0.5),
    lost: real(0, 0.6),
  })
  .map(({ nodes, gpusPerNode, hours, strain, parts, writing, restarting, lost }) => {
    const interval = hours / parts;
    return {
      gpus: nodes * gpusPerNode,
      gpusPerNode,
      hours,
      perNodeDay: (24 * strain) / (interval * nodes),
      interval,
      write: writing * interval,
      restart: restarting * interval,
      lost,
      recovery: "all",
    };
  });
