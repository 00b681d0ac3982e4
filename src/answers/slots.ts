/** What a slot in an answer stands for: a figure with its time and receipt, or a count of this community's opinions. */
import { type Figure, formatFigure, formatFreshness } from "../core/figure.ts";
import { type Stance, stances } from "../reading/types.ts";
import type { Dossier, Evidence } from "./types.ts";

export type OpinionEvidence = Extract<Evidence, { kind: "opinions" }>;

const verbs: Readonly<Record<Stance, readonly [string, string]>> = {
  agree: ["agrees", "agree"],
  mixed: ["is in two minds", "are in two minds"],
  disagree: ["disagrees", "disagree"],
  unclear: ["is unclear", "are unclear"],
};

export const opinionSlot = ({ topic }: OpinionEvidence, stance: Stance): string => `opinions.${topic.id}.${stance}`;

/** The evidence whose count the slot names; null where it is no count. */
export const countedIn = (slot: string, { evidence }: Dossier): OpinionEvidence | null =>
  evidence.find((one): one is OpinionEvidence => one.kind === "opinions" && stances.some((stance) => opinionSlot(one, stance) === slot)) ??
  null;

/** "4 of 7 people here agree": the count and what is counted, so that neither can be put beside another. */
function countText(evidence: OpinionEvidence, slot: string): string {
  const stance = stances.find((one) => opinionSlot(evidence, one) === slot) ?? "unclear";
  const count = evidence.counts[stance];
  return `${count} of ${evidence.people} ${evidence.people === 1 ? "person" : "people"} here ${verbs[stance][count === 1 ? 0 : 1]}`;
}

/** "$19 billion (August 2024, receipt abcd2345)", in inline markup or without. */
export function figureText(figure: Figure, now: Date, marked: boolean): string {
  const bold = (text: string) => (marked ? `**${text}**` : text);
  const code = (text: string) => (marked ? `\`${text}\`` : text);
  return `${bold(formatFigure(figure))} (${formatFreshness(figure, now)}, receipt ${code(figure.id)})`;
}

/** What is shown for a slot; "no data" where nothing stands behind it. */
export function slotText(slot: string, dossier: Dossier, now: Date, marked = true): string {
  const counted = countedIn(slot, dossier);
  if (counted !== null) return marked ? `**${countText(counted, slot)}**` : countText(counted, slot);
  const figure = dossier.figures.get(slot);
  return figure === undefined ? "no data" : figureText(figure, now, marked);
}
