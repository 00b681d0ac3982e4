/** What is shown without a model: the sentences of a passage that are nearest to the question, as they stand. */
import { contentOf, coverage } from "./words.ts";

const longest = 420;

/**
 * Sentences that follow one another, from the one that fits best, as many as can be read at a glance.
 * @param text a passage without marks
 */
export function excerpt(text: string, question: string): string {
  const wanted = contentOf(question);
  const sentences = text.replace(/\s+/g, " ").split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  const fits = sentences.map((sentence) => coverage(wanted, new Set(contentOf(sentence))));
  const best = fits.indexOf(Math.max(...fits));
  // A sentence that leans on the one before it ("It …", "This …") is not torn from it.
  const from = best > 0 && /^(?:It|They|This|That|These|Those|Its|Their|But|So|And)\b/.test(sentences[best] ?? "") ? best - 1 : best;
  let shown = "";
  for (const sentence of sentences.slice(from)) {
    if (shown !== "" && shown.length + sentence.length > longest) break;
    shown += `${shown === "" ? "" : " "}${sentence}`;
  }
  return `${from > 0 ? "… " : ""}${shown}`;
}
