/** Groups voters in a thread of its own, one topic at a time, so that nobody's answer waits for it. */
import { getCompileCacheDir } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import PQueue from "p-queue";
import type { Grouping } from "../types.ts";

export interface GroupingTask {
  readonly votes: string;
  readonly statements: number;
}

export type RunGrouping = (task: GroupingTask, signal: AbortSignal) => Promise<Grouping>;

/** @throws (the returned function) the signal's reason; Error where the thread ends without a word */
export function createGrouping(): RunGrouping {
  const queue = new PQueue({ concurrency: 1 });
  return (task, signal) => queue.add(() => inThread(task, signal), { signal });
}

async function inThread(task: GroupingTask, signal: AbortSignal): Promise<Grouping> {
  const cache = getCompileCacheDir();
  const worker = new Worker(join(import.meta.dirname, "grouping-thread.ts"), {
    workerData: task,
    execArgv: [],
    // The environment holds the tokens: none of the thread's business.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
  });
  const stop = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { signal: stop.signal });
      worker.once("message", (grouping: Grouping) => resolve(grouping));
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the thread that groups voters ended (${code})`)));
    });
  } finally {
    stop.abort();
    await worker.terminate();
  }
}
