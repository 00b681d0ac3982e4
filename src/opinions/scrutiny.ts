/** What makes the robust count leave an opinion out: copies, floods, and accounts that are only just here. Nobody is refused for it. */
import { createHash } from "node:crypto";
import { isNewcomer, type Since } from "../core/newcomer.ts";
import type { Aside, Company, Opinion } from "./types.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Fewer letters than these are shared by chance: "I agree", "too slow". */
const fewestLetters = 20;
/** The same words again within this time are a copy. */
export const copyMs = 7 * dayMs;
/** So many others with the same stance within so short a time are a flood: a lively discussion has both sides, and takes longer. */
const mostInBurst = 15;
export const burstMs = 10 * 60_000;
/** Members who joined within the last day may have come for this one count. */
const newHereMs = dayMs;

/** What copies of a text have in common, whatever their case, spaces and punctuation; null of a few words. 96 bits. */
export function printOf(text: string): string | null {
  const letters = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
  return letters.length < fewestLetters ? null : createHash("sha256").update(letters).digest("base64url").slice(0, 16);
}

/** @param since when the account was made and when it joined, where the platform says so */
export function asideOf({ at }: Pick<Opinion, "at">, { copied, others }: Company, since: Since = {}): Aside | null {
  if (copied) return "copy";
  if (isNewcomer(since, at, new Date(at.getTime() - newHereMs))) return "newcomer";
  return others >= mostInBurst ? "burst" : null;
}
