/**
 * A process beside the program for work that would block it or keep much memory: started at the first question, asked one question at a time,
 * and ended after a while without any.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import PQueue from "p-queue";

export interface HelperProcess {
  /**
   * Sends a question and resolves with the answer, which the caller checks.
   * @throws Error where the process ends or is silent for too long; the next question then gets a new one
   */
  ask(question: object): Promise<unknown>;
  /** Ends the process for good; resolves when it is gone. What is being done is given up. */
  close(): Promise<void>;
}

export interface HelperOptions {
  /** The module that the process runs: it answers each message with one message. */
  readonly module: string;
  /** For people: "draws charts". */
  readonly task: string;
  /** How long the process is kept after its last answer. */
  readonly idleMs: number;
  /** Longest wait for one answer, the start of the process included. */
  readonly patienceMs: number;
  /** All of its environment: the program's own, which holds the tokens, is none of its business. */
  readonly env?: Readonly<Record<string, string>>;
}

export function createHelperProcess({ module, task, idleMs, patienceMs, env = {} }: HelperOptions): HelperProcess {
  /** One at a time: a second process would cost more memory than it saves time. */
  const queue = new PQueue({ concurrency: 1 });
  let helper: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  function open(): ChildProcess {
    const cache = getCompileCacheDir();
    const opened = fork(module, {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
      env: { ...env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }) },
    });
    opened.once("exit", () => {
      if (helper === opened) helper = null;
    });
    // While an answer is awaited its waiting fails; at any other time there is nobody to tell, and "exit" has done what is needed.
    opened.on("error", () => undefined);
    return opened;
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = helper;
    helper = null;
    // Held, so that there is a program left to see it gone.
    ending?.ref();
    // False where it has ended already, or never began.
    if (ending?.kill("SIGKILL") === true) await once(ending, "exit");
  }

  async function askNow(question: object): Promise<unknown> {
    if (closed) throw new Error(`the process that ${task} is closed`);
    clearTimeout(idle);
    helper ??= open();
    hold(helper, true);
    try {
      const answer = await answerOf(helper, question, task, patienceMs);
      hold(helper, false);
      idle = setTimeout(() => void end(), idleMs).unref();
      return answer;
    } catch (error) {
      // Whatever state it is in, the next question gets a new one.
      await end();
      throw error;
    }
  }

  return {
    ask: (question) => queue.add(() => askNow(question)),
    close() {
      closed = true;
      return end();
    },
  };
}

/** An idle helper does not keep the program from ending. */
function hold(helper: ChildProcess, held: boolean): void {
  if (held) {
    helper.ref();
    helper.channel?.ref();
  } else {
    helper.unref();
    helper.channel?.unref();
  }
}

/** @throws Error where the helper ends or is silent for too long */
async function answerOf(helper: ChildProcess, question: object, task: string, patienceMs: number): Promise<unknown> {
  const settled = new AbortController();
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(patienceMs)]);
  try {
    helper.send(question, () => undefined);
    const ended = once(helper, "exit", { signal }).then(([code, by]) => {
      throw new Error(`the process that ${task} ended (${code ?? by})`);
    });
    const [answer] = await Promise.race([once(helper, "message", { signal }), ended]);
    return answer;
  } finally {
    settled.abort();
  }
}
