/** The languages that the bot's own texts are written in, and the one catalogue in which they stand. */

/** ISO 639-1 codes of the languages with a catalogue; English comes first, and stands in for whatever else is wanted. */
export const languages = ["en"] as const;
export type Language = (typeof languages)[number];

/** What each is called. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English" };
