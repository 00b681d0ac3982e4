/** Asks the language model for the digest's opening, and lets through only what keeps to the figures. */
import { z } from "zod";
import { type Figure, formatFigure } from "../core/figure.ts";
import { checkNarrative } from "../digest/narrative.ts";
import type { Narrator } from "../digest/types.ts";
import type { Logger } from "../lib/logger.ts";
import type { Model } from "../llm/types.ts";

const output = z.object({ text: z.string().max(5_000) });

export interface NarratorCounts {
  readonly passed: number;
  readonly rejected: number;
  readonly failed: number;
}

/** @returns the narrator, and how often it was let through */
export function createNarrator(model: Model, log: Logger): { readonly narrate: Narrator; readonly counts: () => NarratorCounts } {
  const counts = { passed: 0, rejected: 0, failed: 0 };
  const narrate: Narrator = async (figures, audience) => {
    const data = figures.filter((f) => f.value !== null && f.state !== "missing").map(describe);
    if (data.length === 0) return null;
    try {
      const task = { prompt: "digest-narrative", slots: { audience }, data, output, maxTokens: 2_000 };
      const { text } = await model.ask(task, AbortSignal.timeout(15_000));
      const verdict = checkNarrative(text, figures);
      if (verdict.kind === "passed") {
        counts.passed++;
        return verdict;
      }
      counts.rejected++;
      log.warn({ reason: verdict.reason, rejected: counts.rejected }, "the digest's narrative was thrown away; the plain digest is posted");
    } catch (error) {
      counts.failed++;
      log.warn({ err: error, failed: counts.failed }, "the digest's narrative could not be had; the plain digest is posted");
    }
    return null;
  };
  return { narrate, counts: () => ({ ...counts }) };
}

function describe(figure: Figure) {
  const sign = figure.unit === "percent" ? { direction: Number(figure.value) > 0 ? "up" : Number(figure.value) < 0 ? "down" : "flat" } : {};
  return { metric: figure.metric, called: figure.label, value: formatFigure(figure), ...sign };
}
