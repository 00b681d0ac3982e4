/** Simulates in a thread of its own, one at a time, so that nobody's answer waits for it. */
import { getCompileCacheDir } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import PQueue from "p-queue";
import type { Plan, Simulated } from "./types.ts";

export interface ThreadTask {
  readonly plan: Plan;
  readonly runs: number;
  readonly seed: number;
}

export type ThreadWord =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly simulated: Simulated | null };

export type Simulate = (plan: Plan, runs: number, signal: AbortSignal, progress: (share: number) => void) => Promise<Simulated | null>;

/** The same question gets the same answer, to the last digit. */
const seed = 1974;

/**
 * @returns how a plan is simulated: null where one run alone is too long to be played
 * @throws (the returned function) the signal's reason; Error where the thread ends without a word
 */
export function createSimulation(): Simulate {
  const queue = new PQueue({ concurrency: 1 });
  return (plan, runs, signal, progress) => queue.add(() => inThread({ plan, runs, seed }, signal, progress), { signal });
}

async function inThread(task: ThreadTask, signal: AbortSignal, progress: (share: number) => void): Promise<Simulated | null> {
  const cache = getCompileCacheDir();
  const worker = new Worker(join(import.meta.dirname, "simulation-thread.ts"), {
    workerData: task,
    execArgv: [],
    // The environment holds the tokens: none of the thread's business.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
  });
  const stop = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { signal: stop.signal });
      worker.on("message", (word: ThreadWord) => (word.kind === "done" ? resolve(word.simulated) : progress(word.share)));
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the thread that simulates ended (${code})`)));
    });
  } finally {
    stop.abort();
    await worker.terminate();
  }
}
