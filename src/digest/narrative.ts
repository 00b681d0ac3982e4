/** Holds a model's sentences against the figures: numbers only in slots, directions only as the slot's sign says, nothing else. */
import { badForm, fillIn, namesIn, outsideSlots, slotsIn, wrongDirection, wrongName } from "../core/claims.ts";
import { type Figure, formatFigure } from "../core/figure.ts";

export type Verdict =
  | { readonly kind: "passed"; readonly text: string; readonly figures: readonly Figure[] }
  | { readonly kind: "rejected"; readonly reason: string };

/** Two to four sentences over a phone's screen. */
const maxLength = 700;

/**
 * Every word that may stand in a narrative beside the figures' own names. A list of what is forbidden has no end: "was hacked", "a scam"
 * and "an all-time record" need no number to be a lie. With these words one can say what a figure is and which way it went, and no more.
 * For whoever asks a model for sentences, too.
 */
export const narrativeWords: readonly string[] = (
  "rose risen gained climbed grew increased jumped surged rallied advanced added up higher " +
  "fell fallen dropped declined decreased lost slid sank slipped dipped eased retreated tumbled down lower unchanged flat stable steady " +
  "a an the this that these it its they their all both each also here there and or but while whereas meanwhile as with without beside behind " +
  "across among over of in on at to from for by since after before within is are was were be been has have had stands stood trades traded " +
  "counts counted offers offered reports reported shows showed holds held comes came network networks sector field market markets crypto " +
  "whole cap value values price prices coin coins token tokens mover movers backdrop storage capacity compute hardware clusters providers " +
  "hotspots subnets leases gpus spend stake issuance height weave today yesterday now day days week weeks month months hour hours last past"
).split(" ");

/**
 * @param figures by what they may be named: those of the digest that the sentences are about
 * @returns the text in inline markup with the values in the place of the slots, or why it was thrown away
 */
export function checkNarrative(written: string, figures: readonly Figure[]): Verdict {
  const reject = (reason: string): Verdict => ({ kind: "rejected", reason });
  const text = written.trim();
  if (text === "") return reject("empty");
  if (text.length > maxLength) return reject("too long");
  const known = new Map(figures.filter((f) => f.value !== null && f.state !== "missing").map((f) => [f.metric, f]));
  const used: Figure[] = [];
  for (const metric of slotsIn(text)) {
    const figure = known.get(metric);
    if (figure === undefined) return reject(`unknown slot ${metric}`);
    used.push(figure);
  }
  const form = badForm(text);
  if (form !== null) return reject(form);
  const words = new Set([...narrativeWords, ...figures.flatMap(({ label }) => wordsOf(label))]);
  const foreign = wordsOf(outsideSlots(text)).find((word) => !words.has(word));
  if (foreign !== undefined) return reject(`the word “${foreign.slice(0, 30)}”`);
  const sentences = text.split(/(?<=[.!?])\s+/);
  if (sentences.length < 2 || sentences.length > 4) return reject("not two to four sentences");
  const names = namesIn(figures);
  for (const sentence of sentences) {
    if (slotsIn(sentence).length === 0) return reject("a sentence without a figure");
    const reason = wrongName(sentence, known, names, "named") ?? wrongDirection(sentence, known);
    if (reason !== null) return reject(reason);
  }
  const show = (metric: string): string => {
    const figure = known.get(metric);
    return figure === undefined ? "" : `**${formatFigure(figure)}**`;
  };
  return { kind: "passed", text: fillIn(text, show), figures: used };
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];
