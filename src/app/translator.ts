/** Has questions and answers translated by the language model: JSON in and out, nothing of it trusted. */
import { z } from "zod";
import type { Payer, Translator } from "../answers/types.ts";
import { UpstreamError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { Prompt, PromptDefinition } from "../llm/prompts.ts";
import type { Model, Task } from "../llm/types.ts";

export const questionPrompt = {
  name: "question",
  variables: [],
  output: z.object({ question: z.string().min(1).max(600) }),
} as const satisfies PromptDefinition<unknown>;

export const translationPrompt = {
  name: "translation",
  variables: ["language"],
  output: z.object({ sentences: z.array(z.string().min(1).max(1_500)).max(12) }),
} as const satisfies PromptDefinition<unknown>;

/** A model that thinks before it writes takes most of it for that. */
const maxTokens = { question: 1_000, translation: 3_000 } as const;

export function createTranslator(
  model: Model,
  question: Prompt<z.infer<typeof questionPrompt.output>>,
  translation: Prompt<z.infer<typeof translationPrompt.output>>,
  log: Logger,
): Translator {
  async function had<T>(task: Task<T>, signal: AbortSignal): Promise<T | null> {
    const fields = { prompt: task.prompt.name, version: task.prompt.version };
    try {
      return (await model.ask(task, signal)).answer;
    } catch (error) {
      if (error instanceof UpstreamError)
        log.warn({ ...fields, kind: error.kind }, "a translation could not be had from the language model");
      else log.error({ ...fields, err: error }, "a translation could not be made");
      return null;
    }
  }
  const paid = ({ member, room }: Payer): Payer => ({ member, room });
  return {
    prompts: `${question.name} ${question.version}, ${translation.name} ${translation.version}`,
    async question(text, payer, signal) {
      const task = { prompt: question, slots: {}, data: { question: text }, maxTokens: maxTokens.question, payer: paid(payer) };
      return (await had(task, signal))?.question ?? null;
    },
    async sentences({ sentences, terms, language }, payer, signal, onSentences) {
      const task = {
        prompt: translation,
        slots: { language },
        data: { sentences, terms },
        maxTokens: maxTokens.translation,
        payer: paid(payer),
        partly: (answer: z.infer<typeof translationPrompt.output>) => onSentences(answer.sentences),
      };
      return (await had(task, signal))?.sentences ?? null;
    },
  };
}
