/** Has answers written by the language model: the evidence as JSON in, sentences with their citations out, nothing of it trusted. */
import { z } from "zod";
import type { Dossier, Evidence, Writer } from "../answers/types.ts";
import { slotsIn } from "../core/claims.ts";
import { UpstreamError } from "../core/errors.ts";
import { type Figure, formatFigure } from "../core/figure.ts";
import type { Logger } from "../lib/logger.ts";
import { SpentError } from "../llm/budget.ts";
import type { Prompt, PromptDefinition } from "../llm/prompts.ts";
import type { Model } from "../llm/types.ts";
import { stances } from "../reading/types.ts";

const sentence = z.object({ text: z.string().max(1_000), cites: z.array(z.int().min(1).max(100)).max(8) });

export const askPrompt = {
  name: "ask",
  variables: ["audience"],
  output: z.object({ sentences: z.array(sentence).max(12) }),
} as const satisfies PromptDefinition<unknown>;

/** A model that thinks before it writes takes most of it for that. */
const maxTokens = 3_000;

export function createAnswerWriter(model: Model, prompt: Prompt<z.infer<typeof askPrompt.output>>, log: Logger): Writer {
  return {
    prompt: `${prompt.name} ${prompt.version}`,
    async write({ question, audience, dossier, earlier }, { member, room }, signal, onDrafts) {
      const data = { question, earlier, evidence: dossier.evidence.map((one) => describe(one, dossier)) };
      try {
        const partly = ({ sentences }: z.infer<typeof askPrompt.output>) => onDrafts(sentences);
        const task = { prompt, slots: { audience }, data, maxTokens, payer: { member, room }, partly };
        const { answer, receipt } = await model.ask(task, signal);
        return { sentences: answer.sentences, receipt };
      } catch (error) {
        if (error instanceof SpentError) return `${error.share}_spent`;
        if (error instanceof UpstreamError)
          log.warn({ kind: error.kind, err: error }, "an answer could not be had from the language model");
        else log.error({ err: error }, "an answer could not be written");
        return "model_down";
      }
    },
  };
}

function describe(one: Evidence, dossier: Dossier) {
  switch (one.kind) {
    case "passage": {
      const slots = slotsIn(one.text).flatMap((slot) => dossier.figures.get(slot) ?? []);
      return { n: one.n, kind: "entry", about: one.entry.term, text: one.text, figures: slots.map(describeFigure) };
    }
    case "figure":
      return { n: one.n, kind: "figure", ...describeFigure(one.figure) };
    case "opinions": {
      const slots = stances.map((stance) => `{{opinions.${one.topic.id}.${stance}}}`);
      return { n: one.n, kind: "opinions", about: one.topic.title, proposition: one.topic.proposition, counts: one.counts, slots };
    }
  }
}

function describeFigure(figure: Figure) {
  const sign = figure.unit === "percent" ? { direction: Number(figure.value) > 0 ? "up" : Number(figure.value) < 0 ? "down" : "flat" } : {};
  return { slot: `{{${figure.metric}}}`, called: figure.label, value: formatFigure(figure), ...sign };
}
