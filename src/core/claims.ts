/** What a sentence that a model wrote may claim: numbers only in slots, values under their own name, directions only as a sign says. */
import type { Figure } from "./figure.ts";
import { literal } from "./markup.ts";

/** `{{metric}}`, the only place for a number. */
const slotPattern = /\{\{\s*([a-z0-9_.-]+)\s*\}\}/g;

/** Names of products with digits in them, which are no numbers. */
const products = /\b(?:[HABLV]\d{2,3}|RTX ?\d{4}|GH200|GB200|MI\d{3}X?|T4|DePIN|Web3|S3|L[12]|IPv[46])\b/g;

/** Numbers in words, fractions and multiples: each would be a value that no figure stands behind. */
const numberWords =
  /\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)(?:teen|ty)|twenty|forty|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|halv(?:ed|es|ing)|thirds?|quarters?|fifths?|tenths?|twice|thrice|doubl(?:e|ed|es|ing)|tripl(?:e|ed|es|ing)|quadrupl\w+|\w*-?fold|percent(?:age)?|per cent|basis points?|bps)\b/i;

const up =
  /\b(?:rose|rise[sn]?|rising|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|grew|grow(?:s|n|ing)?|growth|increas(?:e|es|ed|ing)|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|rall(?:y|ies|ied|ying)|up|higher|advanc(?:e|es|ed|ing)|soar(?:s|ed|ing)?|outperform\w*|recover(?:s|ed|ing|y)?|rebound\w*|expand(?:s|ed|ing)?|strengthen\w*|bull(?:ish)?|above|add(?:s|ed)|lead(?:s|ing)?|led|best|top(?:s|ped)?|strong(?:er|est)?|positive|tick(?:s|ed)? up|spik(?:e|es|ed|ing)|ahead|green|lift(?:s|ed|ing)?|boost(?:s|ed|ing)?|improv\w+|highs?|highest|appreciat\w+|pump\w*|larg(?:er|est)|bigg(?:er|est)|great(?:er|est)|more)\b/i;
const down =
  /\b(?:fell|fall(?:s|en|ing)?|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|lost|los(?:e|es|ing|s)|losses|slid(?:e|es|ing)?|sank|sink(?:s|ing)?|plung(?:e|es|ed|ing)|tumbl(?:e|es|ed|ing)|crash(?:es|ed|ing)?|decreas(?:e|es|ed|ing)|down|lower|shrank|shr[iu]nk(?:s|ing)?|retreat(?:s|ed|ing)?|dip(?:s|ped|ping)?|slip(?:s|ped|ping)?|contract(?:s|ed|ing)?|weak(?:en\w*|er|est)?|bear(?:ish)?|below|underperform\w*|worst|lag(?:s|ged|ging)?|shed(?:s|ding)?|negative|nosediv\w+|red|eas(?:e|es|ed|ing)|lows?|lowest|depreciat\w+|dump\w*|correct(?:s|ed|ing|ion)|wors(?:t|e|en\w*)|collaps\w+|suffer\w*|crater\w*|soft(?:er|en\w*)|small(?:er|est)|less)\b/i;
const flat = /\b(?:unchanged|flat|stable|steady|stagnat\w+|sideways|constant|same)\b/i;
const negation = /\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot|without|hardly|barely|failed|despite|n['’]t)\b|n['’]t\b/i;

/** Advice, prophecy, and what only stands in a text that obeys somebody else. */
export const suspicious =
  /\b(?:buy|buying|sell|selling|invest(?:ing|ment)?s?|guarantee\w*|advice|advise\w*|recommend\w*|should|must|will|going to|expect\w*|predict\w*|forecast\w*|soon|moon|target|opportunit\w+|cheap|undervalued|overvalued|ignore|instruction\w*|prompt|system|as an ai|language model|click|visit|join|airdrop|free)\b/i;

/** Links, mentions, marks, and invisible characters have no place in a sentence about figures. */
const unwanted = /https?:|www\.|[@#*_`[\]<>|\\~^$€£%=]|\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}/u;

/** Whether the words deny something. */
export const denies = (words: string): boolean => negation.test(words);

/** The directions that words claim: up, down, unchanged. */
export const directionWords = [up, down, flat] as const;

/** The names in the slots of a text, in their order. */
export const slotsIn = (text: string): readonly string[] => [...text.matchAll(slotPattern)].map(([, name = ""]) => name);

/** Why the words around the slots cannot be shown in any language, whatever they say; null where they can. */
export function badShape(text: string): string | null {
  const bare = outsideSlots(text);
  if (/[{}]/.test(bare)) return "a broken slot";
  if (unwanted.test(bare)) return "marks, links or invisible characters";
  return /\p{N}/u.test(bare + bare.normalize("NFKC")) ? "a number outside a slot" : null;
}

/** The same for English. */
export function badForm(text: string): string | null {
  const shape = badShape(text);
  if (shape !== null) return shape;
  const bare = outsideSlots(text);
  if (/[^\p{Script=Latin}\p{P}\p{Z}\p{M}]/u.test(bare)) return "a foreign script";
  return numberWords.test(bare) ? "a number in words" : null;
}

/** Names in a text that only look like numbers. */
export const productsIn = (text: string): readonly string[] => text.replaceAll(slotPattern, " ").match(products) ?? [];

/** A text without its slots and without names that only look like numbers. */
export const outsideSlots = (text: string): string => text.replaceAll(slotPattern, " ").replace(products, " ");

const subjectOf = (figure: Figure): string => figure.metric.slice(0, figure.metric.indexOf("."));

/** What people call the subject of each figure, in lower case: the words of its label in front of the measure. */
export function namesIn(figures: readonly Figure[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const figure of figures) {
    const name = figure.label.replace(
      /[,:]? (?:price|market cap|24 h.*|7 d.*|30 d.*|raw.*|quality.*|active.*|onboarded.*|hotspots.*)$/i,
      "",
    );
    names.set(subjectOf(figure), subjectOf(figure)).set(name.toLowerCase(), subjectOf(figure));
  }
  return names;
}

/**
 * A value belongs to the last name in front of it: "Render … {{helium.price}}" would be a lie made of true numbers.
 * @param demand `named`: a value without a name in front of it belongs to nobody, and is wrong too
 */
export function wrongName(
  sentence: string,
  known: ReadonlyMap<string, Figure>,
  names: ReadonlyMap<string, string>,
  demand: "named" | "any" = "any",
): string | null {
  for (const match of sentence.matchAll(slotPattern)) {
    const figure = known.get(match[1] ?? "");
    if (figure === undefined) continue;
    const before = sentence.slice(0, match.index).toLowerCase();
    let [last, at] = ["", -1];
    for (const [name, subject] of names) {
      const found = before.lastIndexOf(name);
      if (found > at) [last, at] = [subject, found];
    }
    if (at < 0 && demand === "any") continue;
    if (last !== subjectOf(figure)) return `${figure.metric} is said of ${at < 0 ? "nothing that is named" : last}`;
  }
  return null;
}

/** Every clause that claims a direction needs a slot with a sign, and the sign must agree. */
export function wrongDirection(sentence: string, known: ReadonlyMap<string, Figure>): string | null {
  // Slots hold dots and words such as "change_24h", so they are taken out before the words are read.
  const clauses = sentence.split(/[,;:–—()]|\b(?:while|whereas|but|and|as|although|though|with|after|before)\b(?![^{]*\}\})/i);
  for (const clause of clauses) {
    const signs = [...clause.matchAll(slotPattern)]
      .flatMap(([, metric = ""]) => known.get(metric) ?? [])
      .filter((f) => f.unit === "percent")
      .map((f) => Math.sign(Math.round(Number(f.value) * 100))); // as it is shown: two decimals
    const words = clause.replaceAll(slotPattern, " ");
    const claims = [up.test(words) ? 1 : null, down.test(words) ? -1 : null, flat.test(words) ? 0 : null].filter((claim) => claim !== null);
    if (claims.length === 0) continue;
    if (claims.length > 1) return "two directions in one clause";
    if (negation.test(words)) return "a negated direction";
    if (signs.length === 0) return "a direction without a figure";
    if (signs.some((sign) => sign !== claims[0])) return "a direction that the figure denies";
  }
  return null;
}

/** The text in inline markup, its own words literal, with what `show` makes of each slot's name. */
export function fillIn(text: string, show: (name: string) => string): string {
  let filled = "";
  let from = 0;
  for (const match of text.matchAll(slotPattern)) {
    filled += literal(text.slice(from, match.index)) + show(match[1] ?? "");
    from = match.index + match[0].length;
  }
  return filled + literal(text.slice(from));
}
