/** The language model with everything it is asked for, where one is configured. */
import type { Config } from "../config/env.ts";
import type { Logger } from "../lib/logger.ts";
import { createBudget } from "../llm/budget.ts";
import { checkPrompts, loadPrompt } from "../llm/prompts.ts";
import type { Storage } from "../storage/open.ts";
import { askPrompt, createAnswerWriter } from "./answer-writer.ts";
import { createGroupNamer, groupNamesPrompt } from "./group-namer.ts";
import { createNarrator, narrativePrompt } from "./narrator.ts";
import { createOpinionReader, readingPrompt } from "./opinion-reader.ts";
import { createTranslator, questionPrompt, translationPrompt } from "./translator.ts";
import type { Watch } from "./watch.ts";

/** Whether a model is configured or not. @throws DefinitionError listing what is wrong with the prompts */
export const checkAllPrompts = (): Promise<void> =>
  checkPrompts([narrativePrompt, askPrompt, questionPrompt, translationPrompt, readingPrompt, groupNamesPrompt]);

/** The model's library is only loaded where one is configured. */
export async function openModel(
  { dailyTokens, ...model }: NonNullable<Config["model"]>,
  storage: Storage,
  watch: Watch,
  log: Logger,
  now: () => Date,
) {
  const { createModel } = await import("../llm/model.ts");
  const budget = createBudget(storage.modelBudget, dailyTokens, now);
  const asked = watch.model(createModel({ ...model, budget, answers: storage.modelAnswers, log, now }));
  const [narrative, ask, question, translation, reading, groupNames] = await Promise.all([
    loadPrompt(narrativePrompt),
    loadPrompt(askPrompt),
    loadPrompt(questionPrompt),
    loadPrompt(translationPrompt),
    loadPrompt(readingPrompt),
    loadPrompt(groupNamesPrompt),
  ]);
  return {
    budget,
    narrator: createNarrator(asked, narrative, log),
    writer: createAnswerWriter(asked, ask, log),
    translator: createTranslator(asked, question, translation, log),
    reader: createOpinionReader(asked, reading, log),
    namer: createGroupNamer(asked, groupNames, log),
  };
}
