/** Does one piece of work in a thread of its own, so that nobody's answer waits for it. */
import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";

export interface ThreadWork<Word, Result> {
  /** The thread's own file, which reads its task from `workerData` and answers by `parentPort`. */
  readonly file: string;
  /** Copied into the thread. */
  readonly task: unknown;
  /** What the thread does, for the error that says it ended without having done it. */
  readonly purpose: string;
  readonly signal: AbortSignal;
  /** Hears each thing that the thread says; what it hands to `done` is what came of the work. */
  readonly hear: (word: Word, done: (result: Result) => void) => void;
}

/** @throws the signal's reason; what the thread throws; Error where it ends without a result */
export async function inThread<Word, Result>({ file, task, purpose, signal, hear }: ThreadWork<Word, Result>): Promise<Result> {
  const cache = getCompileCacheDir();
  const worker = new Worker(file, {
    workerData: task,
    execArgv: [],
    // The environment holds the tokens: none of the thread's business.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
  });
  const stop = new AbortController();
  try {
    return await new Promise<Result>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { signal: stop.signal });
      worker.on("message", (word: Word) => hear(word, resolve));
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the thread that ${purpose} ended (${code})`)));
    });
  } finally {
    stop.abort();
    await worker.terminate();
  }
}
