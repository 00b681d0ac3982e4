/** The thread that simulates: it tells how far it is, then what came of it, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { simulate } from "./simulate.ts";
import type { ThreadTask, ThreadWord } from "./simulation.ts";

const say = (word: ThreadWord): void => parentPort?.postMessage(word);

// The task comes from the program's own `createSimulation`, which has checked its type.
const { plan, runs, seed }: ThreadTask = workerData;
say({ kind: "done", simulated: simulate(plan, runs, seed, (share) => say({ kind: "progress", share })) });
