/** The languages that the bot's own texts are written in, and the one catalogue in which they stand. */

import { english } from "./english.ts";

export type { Said } from "./said.ts";

/** ISO 639-1 codes of the languages with a catalogue; English comes first, and stands in for whatever else is wanted. */
export const languages = ["en"] as const;
export type Language = (typeof languages)[number];

/** What each is called. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English" };

/** One language's catalogue: whoever adds a language writes every line of the English one in it, or it does not compile. */
export type Texts = Widened<typeof english>;

/** Literal texts are of English alone. */
type Widened<T> = T extends string
  ? string
  : T extends (...given: infer A) => infer R
    ? (...given: A) => Widened<R>
    : { readonly [K in keyof T]: Widened<T[K]> };

const catalogue: Readonly<Record<Language, Texts>> = { en: english };

export const textsIn = (language: Language): Texts => catalogue[language];
