/** Whether a translation can stand for a sentence that was checked: its figures, names and form are the same. Its meaning is the model's word. */
import { badShape, outsideSlots, productsIn, slotsIn } from "../core/claims.ts";
import type { Language } from "./languages.ts";
import { tame } from "./tame.ts";
import type { Dossier } from "./types.ts";
import { isEmptyWord, wordsOf } from "./words.ts";

const longest = 1_000;

/** The names that a sentence holds and a translation must keep: of what it cites, and whatever is written like one. */
export function termsIn(text: string, cites: readonly number[], { evidence }: Dossier): readonly string[] {
  const bare = outsideSlots(text);
  const lower = bare.toLowerCase();
  const terms = evidence
    .filter(({ n }) => cites.includes(n))
    .flatMap((one) => (one.kind === "passage" ? [one.entry.term, ...one.entry.aliases] : one.kind === "opinions" ? [one.topic.title] : []))
    .filter((term) => new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(term.toLowerCase())}(?![\\p{L}\\p{N}])`, "u").test(lower));
  const [, ...later] = bare.match(/[\p{L}\p{N}]+/gu) ?? [];
  const names = later.filter((word) => /^\p{Lu}/u.test(word) && !isEmptyWord(word.toLowerCase()));
  // Of names within each other the longest is enough: "proof of spacetime" needs no "spacetime" beside it.
  const all = [...new Set([...terms, ...names, ...productsIn(text)])].toSorted((a, b) => b.length - a.length);
  return all.filter((name, at) => !all.slice(0, at).some((longer) => longer.toLowerCase().includes(name.toLowerCase())));
}

/** Null where the translation may be shown, else why it may not; never its words. */
export function unfaithful(original: string, translated: string, terms: readonly string[], language: Language): string | null {
  const sorted = (all: readonly string[]) => JSON.stringify(all.toSorted());
  if (sorted(slotsIn(original)) !== sorted(slotsIn(translated))) return "other slots";
  if (sorted(productsIn(original)) !== sorted(productsIn(translated))) return "other products";
  const shape = badShape(translated);
  if (shape !== null) return shape;
  if (tame(translated) !== translated.trim()) return "a link, a mention or an order";
  if (translated.length > Math.min(longest, original.length * 3 + 60) || translated.length < original.length / 8) return "another length";
  // A slot of Filecoin's is not its name.
  const lower = translated.replaceAll(/\{\{[^}]*\}\}/g, " ").toLowerCase();
  if (terms.some((term) => !lower.includes(term.toLowerCase()))) return "a term without its English name";
  return wrongScript(original, outsideSlots(translated), language);
}

function wrongScript(original: string, bare: string, { scripts }: Language): string | null {
  const own = scripts.map((script) => `\\p{Script=${script}}`).join("");
  if (new RegExp(`[^${own}\\p{Script=Latin}\\p{Script=Common}\\p{Script=Inherited}]`, "u").test(bare)) return "a foreign script";
  if (scripts.includes("Latn")) return null;
  if (!new RegExp(`[${own}]`, "u").test(bare)) return "no word of the language";
  // Where the language has letters of its own, every Latin word is a name, and none is new.
  const known = new Set(wordsOf(original));
  const latin = bare.match(/\p{Script=Latin}+/gu) ?? [];
  return latin.flatMap(wordsOf).every((word) => known.has(word)) ? null : "a new name";
}
