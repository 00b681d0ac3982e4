/** Words as searches compare them. */

/** A name as it is compared: lower case, without accents, punctuation and spaces, so that "proof-of-work" equals "Proof of Work". */
export const nameKey = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

const stopWords = new Set(
  (
    "a about all an and any anybody anyone anything are as at be because been being but by can could did do does done each even ever every everybody " +
    "everyone everything for from get gets getting give given go goes going got had has have he her here him his how i if in into is isn it its just let " +
    "like made make makes many may me mean means might more most much my never no nobody none not of off on one ones only or other our out own please " +
    "really s same she should so some somebody someone something such t tell than that the their them then there these they thing things this those to " +
    "too under until up us use used uses using very was way we were what whatever when where whether which while who whom whose why will with without would you your"
  ).split(" "),
);

/** Words with which people ask for any term, and which say nothing of it. */
const askingWords = new Set(
  "actually basically bad big cool define defined definition depin describe difference differ different differs difficult exactly explain explained explanation fast good great holders important matter matters meaning networks people quick quickly quote simple simply stand stands term understand whats work working works".split(
    " ",
  ),
);

/** The words of a text in lower case, without accents. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

export const isStopWord = (word: string): boolean => stopWords.has(word);
/** Whether a word beside a term leaves the question what the term is. */
export const isAskingWord = (word: string): boolean => stopWords.has(word) || askingWords.has(word);

/** Enough stemming for look-ups: endings that English adds to one word. */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let stemmed = word.replace(/(?:'s|s)$/u, "").replace(/ie$/u, "y");
  if (word.endsWith("ss")) stemmed = word;
  for (const ending of ["ations", "ation", "ments", "ment", "ings", "ing", "ers", "er", "ors", "or", "ed", "ly", "ion", "e"]) {
    if (!stemmed.endsWith(ending) || stemmed.length - ending.length < 3) continue;
    stemmed = stemmed.slice(0, -ending.length);
    break;
  }
  // "running" and "run", "stopped" and "stop".
  return /([bdgklmnprt])\1$/u.test(stemmed) ? stemmed.slice(0, -1) : stemmed.replace(/y$/u, "i").replace(/e$/u, "");
}

/** The stems of the words that carry a text's meaning. */
export const stemsOf = (text: string): readonly string[] =>
  wordsOf(text)
    .filter((word) => !stopWords.has(word))
    .map(stem);
