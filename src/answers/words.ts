/** Words as they are compared: without endings, accents and the words that carry no meaning of their own. */

const empty = new Set(
  (
    "a about above after again all also am an and any are as at be because been before being between both but by can could did do does doing done down " +
    "during each either else even ever every few for from further get gets give gives had has have having here how i if in into is it its itself just " +
    "like made make makes many may me might mine more most much must my near now of off often on once only onto or other our out over own " +
    "per please put same say says shall she should since so some such take takes tell than that the their them then there these they thing things this " +
    "those through thus to too toward towards under until up upon us use used uses using very via was way ways we well were what whatever when where " +
    "whether which while who whom whose why will with within would yes yet you your " +
    "actually explain mean means meaning question define difference different compare compared versus vs difference work works working know want wonder"
  ).split(" "),
);

/** A word without its ending: enough to meet its relatives, and never shorter than three letters. */
export function stem(word: string): string {
  let rest = word;
  for (const ending of [/s$/, /(?:ations?|ators?|ating|ated|ation|ing|ied|ies|ers?|ors?|ed|ly|ments?)$/, /(?:e|y|i)$/]) {
    const cut = rest.replace(ending, "");
    if (cut.length >= 3) rest = cut;
  }
  return rest;
}

/** Every word of a text as it is written, in lower case and without accents. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** The stems of the words that carry meaning, each once, in their order. */
export const contentOf = (text: string): readonly string[] => [
  ...new Set(
    wordsOf(text)
      .filter((word) => word.length > 1 && !empty.has(word))
      .map(stem),
  ),
];

/** Whether a word says nothing of its own, so that it needs no support. */
export const isEmptyWord = (word: string): boolean => word.length < 2 || empty.has(word);

/** How much of `wanted` is in `there`, from 0 to 1; 1 where nothing is wanted. */
export const coverage = (wanted: readonly string[], there: ReadonlySet<string>): number =>
  wanted.length === 0 ? 1 : wanted.filter((word) => there.has(word)).length / wanted.length;
