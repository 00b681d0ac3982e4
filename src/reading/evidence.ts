/** How an author says to know something: only what is said plainly. */
import type { EvidenceGrade } from "./types.ts";

const own = /\b(?:i|we|my|our|us|me|i've|we've|i'd|ours|mine)\b/u;
const measuring =
  /\b(?:measured?|measurements?|benchmark(?:s|ed|ing)?|clocked|timed|averaged|logged|logs?|monitoring|p9\d|p50|median|invoices?|bills?|spreadsheet|ran the (?:numbers|maths?)|receipts?)\b/u;
const using =
  /\b(?:use[ds]?|using|ran|run|runs|running|rented|renting|tried|train(?:ed|ing)?|pretrain(?:ed|ing)?|deployed|deploy|host(?:ed)?|migrated|moved|switched|pay|paid|paying|lost|saw|seen|saved?|serve[ds]?|tested|lived?|had|got|finished|met|talked|spoke|explain(?:ed)?)\b/u;
const hearsay =
  /\b(?:heard|read (?:that|somewhere|a)|they (?:say|claim)|apparently|allegedly|supposedly|according to|(?:says|claims|said|told me|wrote) (?:that|it|akash|aws|they|the)|rumou?r|saw a tweet|a friend|someone (?:said|says|claims|wrote))\b/u;

/**
 * Null where nothing is said of it. A measurement has a number, and is the author's own or says what was measured; a link is worth more than
 * hearsay, because one can follow it.
 */
export function readEvidence(text: string): EvidenceGrade | null {
  const lower = text.toLowerCase().replaceAll("’", "'");
  const mine = own.test(lower);
  if (/\d/u.test(lower) && measuring.test(lower) && !hearsay.test(lower)) return "measured";
  if (/\bhttps?:\/\/\S/u.test(lower)) return "linked";
  if (hearsay.test(lower)) return "heard";
  return mine && using.test(lower) ? "experienced" : null;
}
