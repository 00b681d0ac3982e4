/** Simulates in a thread of its own, one at a time, so that nobody's answer waits for it. */
import { join } from "node:path";
import PQueue from "p-queue";
import { inThread } from "../lib/in-thread.ts";
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
  const play = (task: ThreadTask, signal: AbortSignal, progress: (share: number) => void) =>
    inThread<ThreadWord, Simulated | null>({
      file: join(import.meta.dirname, "simulation-thread.ts"),
      task,
      purpose: "simulates",
      signal,
      hear: (word, done) => (word.kind === "done" ? done(word.simulated) : progress(word.share)),
    });
  return (plan, runs, signal, progress) => queue.add(() => play({ plan, runs, seed }, signal, progress), { signal });
}
