/**
 * Draws charts in a process beside the program, so that nobody's answer waits for a picture and the memory comes back when it is idle:
 * after a thread had drawn and ended, 55 MB stayed with the program (fonts, Skia, heaps); after a process, 3 MB.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
import { dirname, join } from "node:path";
import { LRUCache } from "lru-cache";
import PQueue from "p-queue";
import { z } from "zod";
import { type ChartSpec, describeChart } from "../core/chart.ts";

export interface Charts {
  /**
   * Draws a chart, 1,000 pixels wide. The same chart asked for again, or by many at once, is drawn once.
   * @returns PNG, or null where there are fewer than two values and so nothing to draw
   * @throws Error where the chart could not be drawn; whatever it illustrates can do without
   */
  drawChart(spec: ChartSpec): Promise<Uint8Array | null>;
  /** Ends the process; resolves when it is gone. What is being drawn is given up. */
  close(): Promise<void>;
}

export interface ChartsOptions {
  /** How long the process is kept after its last chart. */
  readonly idleMs?: number;
  /** Longest wait for one chart, the start of the process included. */
  readonly patienceMs?: number;
}

/** A digest has a chart or two, and everybody's digests of one hour share them. */
const kept = 16;

const answerSchema = z.union([z.object({ png: z.instanceof(Uint8Array) }), z.object({ error: z.string() })]);

export function createCharts({ idleMs = 20_000, patienceMs = 20_000 }: ChartsOptions = {}): Charts {
  const drawn = new LRUCache<string, Promise<Uint8Array>>({ max: kept });
  /** One at a time: a second process would cost more memory than it saves time. */
  const queue = new PQueue({ concurrency: 1 });
  let painter: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  function open(): ChildProcess {
    const cache = getCompileCacheDir();
    const opened = fork(join(import.meta.dirname, "painter.ts"), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // Neither the program's flags nor its environment, which holds the tokens, are the painter's business.
      execArgv: [],
      env: {
        // Charts look the same on every machine, and start sooner.
        DISABLE_SYSTEM_FONTS_LOAD: "1",
        ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }),
      },
    });
    opened.once("exit", () => {
      if (painter === opened) painter = null;
    });
    // While a chart is awaited its waiting fails; at any other time there is nobody to tell, and "exit" has done what is needed.
    opened.on("error", () => undefined);
    return opened;
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = painter;
    painter = null;
    // False where it has ended already, or never began.
    if (ending?.kill("SIGKILL") === true) await once(ending, "exit");
  }

  async function drawNow(spec: ChartSpec): Promise<Uint8Array> {
    if (closed) throw new Error("no charts are drawn any more");
    clearTimeout(idle);
    painter ??= open();
    hold(painter, true);
    try {
      const answer = answerSchema.parse(await ask(painter, spec, patienceMs));
      if ("error" in answer) throw new Error(`a chart could not be drawn: ${answer.error}`);
      hold(painter, false);
      idle = setTimeout(() => void end(), idleMs).unref();
      return answer.png;
    } catch (error) {
      // Whatever state it is in, the next chart gets a new one.
      await end();
      throw error;
    }
  }

  return {
    async drawChart(spec) {
      if (describeChart(spec) === null) return null;
      const key = JSON.stringify(spec);
      const before = drawn.get(key);
      if (before !== undefined) return before;
      const drawing = queue.add(() => drawNow(spec));
      drawn.set(key, drawing);
      drawing.catch(() => drawn.delete(key));
      return drawing;
    },
    close() {
      closed = true;
      return end();
    },
  };
}

/** An idle painter does not keep the program from ending. */
function hold(painter: ChildProcess, held: boolean): void {
  if (held) {
    painter.ref();
    painter.channel?.ref();
  } else {
    painter.unref();
    painter.channel?.unref();
  }
}

/** @throws Error where the painter ends or is silent for too long */
async function ask(painter: ChildProcess, spec: ChartSpec, patienceMs: number): Promise<unknown> {
  const settled = new AbortController();
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(patienceMs)]);
  try {
    painter.send(spec, () => undefined);
    const ended = once(painter, "exit", { signal }).then(([code, by]) => {
      throw new Error(`the process that draws charts ended (${code ?? by})`);
    });
    const [answer] = await Promise.race([once(painter, "message", { signal }), ended]);
    return answer;
  } finally {
    settled.abort();
  }
}
