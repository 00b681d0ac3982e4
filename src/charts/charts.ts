/**
 * Draws charts in a process beside the program, so that nobody's answer waits for a picture and the memory comes back when it is idle:
 * after a thread had drawn and ended, 55 MB stayed with the program (fonts, Skia, heaps); after a process, 3 MB.
 */
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { type ChartSpec, describeChart } from "../core/chart.ts";
import { createHelperProcess } from "../lib/helper-process.ts";

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
  const painter = createHelperProcess({
    module: join(import.meta.dirname, "painter.ts"),
    task: "draws charts",
    idleMs,
    patienceMs,
    // Charts look the same on every machine, and start sooner.
    env: { DISABLE_SYSTEM_FONTS_LOAD: "1" },
  });

  async function drawNow(spec: ChartSpec): Promise<Uint8Array> {
    const answer = answerSchema.parse(await painter.ask(spec));
    if ("error" in answer) throw new Error(`a chart could not be drawn: ${answer.error}`);
    return answer.png;
  }

  return {
    async drawChart(spec) {
      if (describeChart(spec) === null) return null;
      const key = JSON.stringify(spec);
      const before = drawn.get(key);
      if (before !== undefined) return before;
      const drawing = drawNow(spec);
      drawn.set(key, drawing);
      drawing.catch(() => drawn.delete(key));
      return drawing;
    },
    close: () => painter.close(),
  };
}
