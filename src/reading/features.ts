/** What a classifier sees of a text: its clauses, and of each its words, pairs of words, and what stands behind a negation. */

/** A remark has a handful of clauses. */
const mostClauses = 12;
/** So far behind "not" its word still turns others round. */
const negationReach = 4;
const negations = new Set(
  "not no never none nothing nobody isnt arent dont doesnt didnt hardly cannot cant wont wouldnt without havent hasnt aint neither nor couldnt".split(
    " ",
  ),
);

/** Who decentralised compute is compared with. */
const clouds = new Set("aws amazon azure google gcp ec2 microsoft hyperscaler hyperscalers cloud clouds".split(" "));
/** In front of a cloud's name they make it what is compared with, or acted on, and not who is spoken of. */
const against = new Set("than as like over versus vs to from on of by with at beat beats for against leaving left paid puts".split(" "));

/** Ends of sentences, commas, and the words that begin another thought. */
const joints =
  /(?<=[.!?;:])\s+|\n+|,?\s+(?=(?:but|however|though|although|yet|whereas|while|still|just|honestly|shame|even though)\b)|,\s+/u;

/** The clauses of a text of several; none where it has only one. */
export function clausesOf(text: string): readonly string[] {
  const clauses = text
    .split(joints)
    .map((part) => part.trim())
    .filter((part) => part.split(/\s+/u).length >= 2);
  return clauses.length > 1 ? clauses.slice(0, mostClauses) : [];
}

/**
 * The features of a clause, each once: words with numbers as `#`, the beginnings of long words (`p:chea`), pairs, words behind a negation
 * (`n:chea`) or said of a big cloud (`c:chea`: "AWS is cheaper" is not "cheaper than AWS"), a question mark at the end, and that it is short.
 */
export function gramsOf(text: string): readonly string[] {
  const lower = text.toLowerCase().replace(/[’']/gu, "");
  const words = (lower.match(/[\p{L}\p{N}]+|[?!>"…]/gu) ?? []).map((word) => (/^\d/u.test(word) ? "#" : word));
  const grams = new Set<string>();
  let negated = 0;
  let isOfCloud = false;
  for (const [at, word] of words.entries()) {
    const begin = word.length > 4 ? word.slice(0, 4) : word;
    grams.add(word);
    if (word.length > 4) grams.add(`p:${begin}`);
    if (at > 0) grams.add(`${words[at - 1]} ${word}`);
    if (negated > 0 && word.length > 2) grams.add(`n:${begin}`);
    if (clouds.has(word)) isOfCloud = !words.slice(Math.max(0, at - 3), at).some((before) => against.has(before));
    else if (isOfCloud && word.length > 2) grams.add(`${negated > 0 ? "cn" : "c"}:${begin}`);
    negated = /[?!]/u.test(word) ? 0 : negations.has(word) ? negationReach : negated - 1;
  }
  if (/\?\s*$/u.test(lower)) grams.add("Q:end");
  if (words.length < 5) grams.add("L:short");
  return [...grams];
}
