/** Chooses what is quoted: for each side what is most like the rest of it, not the newest and not the loudest. */

import type { Stance } from "../reading/types.ts";
import type { Quotation } from "./types.ts";

/** A second one of a side is worth its place where the side has so many to choose from. */
const enoughForTwo = 3;

/** @param candidates of each side the newest first @returns at most four, sides in turn */
export function chooseQuotes(candidates: readonly Quotation[]): readonly Quotation[] {
  const of = (stance: Stance) => candidates.filter((one) => one.stance === stance);
  const [agree, mixed, disagree] = [typical(of("agree")), typical(of("mixed")), typical(of("disagree"))];
  const first = [agree[0], mixed[0], disagree[0]].filter((one) => one !== undefined);
  const second = [agree[1], disagree[1]].filter((one) => one !== undefined);
  const chosen = [...first, ...second].slice(0, 4);
  return [...of("agree"), ...of("mixed"), ...of("disagree")].filter((one) => chosen.includes(one));
}

/** The one that shares most with the others, and where there is a choice one that does so too in other words. */
function typical(quotes: readonly Quotation[]): readonly Quotation[] {
  const bags = quotes.map(({ text }) => wordsOf(text));
  const shared = new Map<string, number>();
  for (const bag of bags) for (const word of bag) shared.set(word, (shared.get(word) ?? 0) + 1);
  const rarity = (word: string) => Math.log(1 + bags.length / (shared.get(word) ?? 1));
  const length = (bag: ReadonlySet<string>) => Math.sqrt([...bag].reduce((sum, word) => sum + rarity(word) ** 2, 0)) || 1;
  const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
    [...a].reduce((sum, word) => sum + (b.has(word) ? rarity(word) ** 2 : 0), 0) / (length(a) * length(b));
  const closeness = bags.map((bag) => bags.reduce((sum, other) => sum + (other === bag ? 0 : likeness(bag, other)), 0));
  const best = indexOfMost(closeness);
  const [bestQuote, bestBag] = [quotes[best], bags[best]];
  if (bestQuote === undefined || bestBag === undefined) return [];
  if (quotes.length < enoughForTwo) return [bestQuote];
  const most = Math.max(...closeness) || 1;
  const worth = bags.map((bag, i) => (i === best ? Number.NEGATIVE_INFINITY : (closeness[i] ?? 0) / most - likeness(bag, bestBag) / 2));
  const other = quotes[indexOfMost(worth)];
  return other === undefined ? [bestQuote] : [bestQuote, other];
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/\p{L}{3,}/gu) ?? []);

/** The first of the greatest; -1 of nothing. */
const indexOfMost = (values: readonly number[]): number => values.indexOf(Math.max(...values));
