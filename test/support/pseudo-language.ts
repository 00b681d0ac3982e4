/** A made-up language: every text of a catalogue with its letters in circles, and what is filled in as it was. */

const circled = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const [from, to] = letter <= "Z" ? [0x41, 0x24b6] : [0x61, 0x24d0];
    return String.fromCharCode(letter.charCodeAt(0) - from + to);
  });

/** What is typed, linked to, or marks a place stays as it is. */
const untouched = /`[^`]*`|https?:\/\/\S+|\{\{[^}]*\}\}|(?<![\p{L}\d])\/[a-z]+/u;

/** How dates are to be written (BCP 47). */
const locale = /^[a-z]{2}-[A-Z]{2}$/;

/** Circles a text but for what is untouched and these pieces of it. */
function translated(text: string, given: readonly string[]): string {
  const kept = [...given.map((piece) => RegExp.escape(piece)), untouched.source].join("|");
  let shown = "";
  let from = 0;
  for (const match of text.matchAll(new RegExp(kept, "gu"))) {
    shown += circled(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return shown + circled(text.slice(from));
}

function stringsIn(given: unknown): readonly string[] {
  if (typeof given === "string") return given.length > 2 ? [given] : [];
  return typeof given === "object" && given !== null ? Object.values(given).flatMap(stringsIn) : [];
}

/** @param given the strings that were filled in */
function pseudo(texts: unknown, given: readonly string[] = []): unknown {
  if (typeof texts === "string") return locale.test(texts) ? texts : translated(texts, given);
  if (typeof texts === "function") return (...args: readonly unknown[]) => pseudo(Reflect.apply(texts, undefined, args), stringsIn(args));
  if (Array.isArray(texts)) return texts.map((one) => pseudo(one, given));
  if (typeof texts !== "object" || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, one]) => [name, pseudo(one, given)]));
}

/** The catalogue in the made-up language. */
export function pseudoLanguage<T extends object>(catalogue: T): T {
  return structuredLike(catalogue, pseudo(catalogue));
}

/** The same shape by construction. */
const structuredLike = <T>(_: T, made: unknown): T => made as T;
