/** Has opinions read by the language model: the text and the topics as JSON in, readings out, nothing of it trusted. */
import { z } from "zod";
import { UpstreamError } from "../core/errors.ts";
import { topicId } from "../core/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { Prompt, PromptDefinition } from "../llm/prompts.ts";
import type { Model } from "../llm/types.ts";
import { aspects, evidenceGrades, type ModelReader, stances, strengths } from "../reading/types.ts";

const reading = z.object({
  topic: z.string().max(60),
  stance: z.enum(stances),
  strength: z.enum(strengths),
  aspect: z.enum(aspects).nullable(),
  evidence: z.enum(evidenceGrades).nullable(),
});

export const readingPrompt = {
  name: "opinion-reading",
  variables: [],
  output: z.object({ opinions: z.array(reading).max(8) }),
} as const satisfies PromptDefinition<unknown>;

/** A model that thinks before it answers takes most of it for that. */
const maxTokens = 2_000;
/** Somebody is waiting to see how they were read; what ships reads in a tenth of a second. */
const patienceMs = 6_000;

export function createOpinionReader(model: Model, prompt: Prompt<z.infer<typeof readingPrompt.output>>, log: Logger): ModelReader {
  return async ({ text, topics, on, member, room }, signal) => {
    const about = topics.map(({ id, proposition, sides }) => ({ id, proposition, ...sides }));
    const data = { text, topics: about, ...(on === null ? {} : { about: on.id }) };
    try {
      const task = { prompt, slots: {}, data, maxTokens, payer: { member, room } };
      const { answer } = await model.ask(task, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
      return answer.opinions.map((one) => ({ ...one, topic: topicId(one.topic) }));
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof UpstreamError) log.warn({ kind: error.kind, err: error }, "an opinion was read without the language model");
      else log.error({ err: error }, "the language model could not read an opinion");
      return null;
    }
  };
}
