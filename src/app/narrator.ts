/** Asks the language model for the digest's opening, and lets through only what keeps to the figures. */
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { type Figure, formatFigure } from "../core/figure.ts";
import { checkNarrative, narrativeWords } from "../digest/narrative.ts";
import type { Narrator } from "../digest/types.ts";
import type { Logger } from "../lib/logger.ts";
import type { Prompt, PromptDefinition } from "../llm/prompts.ts";
import type { Model } from "../llm/types.ts";

export const narrativePrompt = {
  name: "digest-narrative",
  variables: ["audience", "words"],
  output: z.object({ text: z.string().max(5_000) }),
} as const satisfies PromptDefinition<unknown>;

type NarrativePrompt = Prompt<z.infer<typeof narrativePrompt.output>>;

export interface NarratorCounts {
  readonly passed: number;
  readonly rejected: number;
  readonly failed: number;
}

export interface NarratorService {
  readonly narrate: Narrator;
  /** How often the model was let through since the start, and how often not. */
  readonly counts: () => NarratorCounts;
}

/** Distinct digests of a few hours: the same figures are written about once, also where that went wrong. */
const remembered = 200;

export function createNarrator(model: Model, prompt: NarrativePrompt, log: Logger): NarratorService {
  const counts = { passed: 0, rejected: 0, failed: 0 };
  const written = new LRUCache<string, ReturnType<Narrator>>({ max: remembered });

  const narrate: Narrator = (figures, audience) => {
    const key = JSON.stringify([audience, figures.map(({ id }) => id)]);
    const before = written.get(key);
    if (before !== undefined) return before;
    const writing = write(figures, audience);
    written.set(key, writing);
    return writing;
  };

  const write: Narrator = async (figures, audience) => {
    const data = figures.filter((f) => f.value !== null && f.state !== "missing").map(describe);
    if (data.length === 0) return null;
    try {
      const task = { prompt, slots: { audience, words: narrativeWords.join(", ") }, data, maxTokens: 2_000 };
      const { answer, receipt } = await model.ask(task, AbortSignal.timeout(15_000));
      const verdict = checkNarrative(answer.text, figures);
      if (verdict.kind === "passed") {
        counts.passed++;
        return { ...verdict, receipt };
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
  // As it is shown, with two decimals.
  const shown = Math.round(Number(figure.value) * 100);
  const sign = figure.unit === "percent" ? { direction: shown > 0 ? "up" : shown < 0 ? "down" : "flat" } : {};
  return { metric: figure.metric, called: figure.label, value: formatFigure(figure), ...sign };
}
