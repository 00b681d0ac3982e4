/** A first, simple reading of how an author says to know something: only what is said plainly. */
import type { EvidenceGrade } from "./types.ts";

const own = /\b(?:i|we|my|our|i've|we've|i'd)\b/;
const measuring = /\b(?:measured?|measurements?|benchmark(?:s|ed)?|clocked|timed|averaged|logged)\b/;
const using = /\b(?:used|using|ran|run|running|rented|tried|trained|deployed|host(?:ed)?|migrated|switched|paid|lost|saw)\b/;

/** Null where nothing is said of it. A measurement is one's own and has a number. */
export function readEvidence(text: string): EvidenceGrade | null {
  const lower = text.toLowerCase().replaceAll("’", "'");
  const mine = own.test(lower);
  if (mine && measuring.test(lower) && /\d/.test(lower)) return "measured";
  if (/\bhttps?:\/\/\S/.test(lower)) return "linked";
  if (mine && using.test(lower)) return "experienced";
  return /\b(?:heard|read that|they say|apparently|supposedly)\b/.test(lower) ? "heard" : null;
}
