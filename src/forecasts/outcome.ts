/** A resolved question in blocks: how it ended, by which figure, and how well people knew it. */
import { type Figure, formatTime, formatValue } from "../core/figure.ts";
import { literal } from "../core/markup.ts";
import { type Block, buttons, figures, heading, note, text } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";
import { brier, mean } from "./scores.ts";
import { formatThreshold } from "./threshold.ts";
import { type Crowd, type ForecastStore, fewestForecasts, type Question, type Terms } from "./types.ts";

/** The question as a sentence, in inline markup. */
export const asked = ({ label, comparison, threshold, unit, resolvesAt }: Terms, { forecasts: words }: Texts): string =>
  words.question(literal(label), words.comparisons[comparison], formatThreshold(threshold, unit), formatTime(resolvesAt, "instant"));

/** @param figure the one that decided; null where none did */
export function outcomeBlocks(question: Question, figure: Figure | null, crowd: Crowd, texts: Texts): readonly Block[] {
  const { forecasts: words } = texts;
  const { outcome, resolvesAt, toleranceMs } = question;
  if (outcome === null) return [];
  return [
    heading(words.outcomeTitle(words.outcomes[outcome])),
    text(asked(question, texts)),
    ...(figure === null ? [] : [figures([figure], resolvesAt)]),
    ...(outcome === "void"
      ? [text(words.voidBecause(formatTime(new Date(resolvesAt.getTime() - toleranceMs), "instant"), formatTime(resolvesAt, "instant")))]
      : [text(crowdSentence(crowd, texts))]),
    ...(figure === null ? [] : [note(words.decidedBy(literal(figure.source.name), formatTime(figure.fetchedAt, "instant"), figure.id))]),
    buttons([
      { label: words.myForecasts, command: "predictions", args: {} },
      ...(figure === null ? [] : [{ label: words.why, command: "why", args: { receipt: figure.id } }]),
      { label: words.all, command: "forecast", args: {} },
    ]),
  ];
}

function crowdSentence({ people, mean, brier }: Crowd, { forecasts: words }: Texts): string {
  if (mean === null || brier === null) return words.tooFew(people, fewestForecasts.people);
  return words.crowd(people, formatValue(mean * 100, "share"), formatValue(brier, "count"));
}

/** What a question's people said together. Of a void one only how many they were. */
export async function crowdOn(store: Pick<ForecastStore, "people" | "scored">, { id, community, outcome }: Question): Promise<Crowd> {
  const people = (await store.people([id])).get(id) ?? 0;
  // While it is open, the mean before and after one more answer would tell that answer.
  if (outcome === null || outcome === "void" || people < fewestForecasts.people) return { people, mean: null, brier: null };
  const said = mean((await store.scored(community)).filter(({ question }) => question === id).map(({ probability }) => probability));
  return { people, mean: said, brier: said === null ? null : brier(said, outcome === "yes") };
}
