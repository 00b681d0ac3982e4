/** The languages that an answer can be put into: whatever a platform's tag names, but for English, which it is in already. */

export interface Language {
  /** In English, as a model is told it: `German`. */
  readonly name: string;
  /** Unicode scripts that it is written in, as regular expressions name them. */
  readonly scripts: readonly string[];
}

/** Tags that stand for several scripts at once (UAX #24). */
const several: Readonly<Record<string, readonly string[]>> = {
  Jpan: ["Hira", "Kana", "Hani"],
  Kore: ["Hang", "Hani"],
  Hans: ["Hani"],
  Hant: ["Hani"],
};

const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

/** Null for English, for no tag, and for one that names no language. */
export function foreignLanguage(tag: string | undefined): Language | null {
  if (tag === undefined) return null;
  try {
    const locale = new Intl.Locale(tag.replaceAll("_", "-")).maximize();
    const name = names.of(locale.language);
    if (locale.language === "en" || name === undefined || locale.script === undefined) return null;
    return { name, scripts: several[locale.script] ?? [locale.script] };
  } catch {
    // What a platform tells is not ours to mend.
    return null;
  }
}

/** Words that no other language has at the same place: enough to save a question that is in English from being put into it. */
const english = /\b(?:what|how|why|which|does|the|are|explain|between|who|whose|when|where)\b/i;

export const looksEnglish = (text: string): boolean => english.test(text);
