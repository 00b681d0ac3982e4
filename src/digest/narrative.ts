/** Holds a model's sentences against the figures: numbers only in slots, directions only as the slot's sign says, nothing else. */
import { type Figure, formatFigure } from "../core/figure.ts";
import { literal } from "../core/markup.ts";

export type Verdict =
  | { readonly kind: "passed"; readonly text: string; readonly figures: readonly Figure[] }
  | { readonly kind: "rejected"; readonly reason: string };

/** Two to four sentences over a phone's screen. */
const maxLength = 700;

/** `{{metric}}`, the only place for a number. */
const slot = /\{\{\s*([a-z0-9_.-]+)\s*\}\}/g;

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
const negation = /\b(?:not|never|no|without|hardly|barely|failed|despite|n['’]t)\b|n['’]t\b/i;

/** Advice, prophecy, and what only stands in a text that obeys somebody else. */
const forbidden =
  /\b(?:buy|buying|sell|selling|invest(?:ing|ment)?s?|guarantee\w*|advice|advise\w*|recommend\w*|should|must|will|going to|expect\w*|predict\w*|forecast\w*|soon|moon|target|opportunit\w+|cheap|undervalued|overvalued|ignore|instruction\w*|prompt|system|as an ai|language model|click|visit|join|airdrop|free)\b/i;

/** Links, mentions, marks, and invisible characters have no place in a sentence about figures. */
const unwanted = /https?:|www\.|[@#*_`[\]<>|\\~^$€£%=]|\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}/u;

/**
 * @param figures by what they may be named: those of the digest that the sentences are about
 * @returns the text in inline markup with the values in the place of the slots, or why it was thrown away
 */
export function checkNarrative(written: string, figures: readonly Figure[]): Verdict {
  const reject = (reason: string): Verdict => ({ kind: "rejected", reason });
  const text = written.trim();
  if (text === "") return reject("empty");
  if (text.length > maxLength) return reject("too long");
  const known = new Map(figures.filter((f) => f.value !== null && f.state !== "missing").map((f) => [f.metric, f]));
  const names = namesIn(figures);
  const words = new Set(figures.flatMap(({ label }) => label.toLowerCase().split(/[^\p{L}]+/u)));
  const used: Figure[] = [];
  for (const [, metric = ""] of text.matchAll(slot)) {
    const figure = known.get(metric);
    if (figure === undefined) return reject(`unknown slot ${metric}`);
    used.push(figure);
  }
  if (used.length === 0) return reject("no figure");
  const bare = text.replaceAll(slot, " ").replace(products, " ");
  if (/[{}]/.test(bare)) return reject("a broken slot");
  if (unwanted.test(bare)) return reject("marks, links or invisible characters");
  if (/\p{N}/u.test(bare + bare.normalize("NFKC"))) return reject("a number outside a slot");
  if (/[^\p{Script=Latin}\p{P}\p{Z}\p{M}]/u.test(bare)) return reject("a foreign script");
  if (numberWords.test(bare)) return reject("a number in words");
  if (forbidden.test(bare)) return reject("advice or prophecy");
  const sentences = text.split(/(?<=[.!?])\s+/);
  if (sentences.length < 2 || sentences.length > 4) return reject("not two to four sentences");
  for (const sentence of sentences) {
    const reason = wrongName(sentence, known, names) ?? unknownName(sentence, words) ?? wrongDirection(sentence, known);
    if (reason !== null) return reject(reason);
  }
  return { kind: "passed", text: fill(text, known), figures: used };
}

const subjectOf = (figure: Figure): string => figure.metric.slice(0, figure.metric.indexOf("."));

/** What people call the subject of each figure, in lower case: the words of its label in front of the measure. */
function namesIn(figures: readonly Figure[]): ReadonlyMap<string, string> {
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

/** A value belongs to the last name in front of it: "Render … {{helium.price}}" would be a lie made of true numbers. */
function wrongName(sentence: string, known: ReadonlyMap<string, Figure>, names: ReadonlyMap<string, string>): string | null {
  for (const match of sentence.matchAll(slot)) {
    const figure = known.get(match[1] ?? "");
    if (figure === undefined) continue;
    const before = sentence.slice(0, match.index).toLowerCase();
    let [last, at] = ["", -1];
    for (const [name, subject] of names) {
      const found = before.lastIndexOf(name);
      if (found > at) [last, at] = [subject, found];
    }
    if (last !== subjectOf(figure)) return `${figure.metric} is said of ${at < 0 ? "nothing that is named" : last}`;
  }
  return null;
}

/**
 * A name that belongs to no figure would make its neighbour's value its own: "Bitcoin's rival Solana trades at {{bitcoin.price}}".
 * @param known words of the figures' labels, in lower case
 */
function unknownName(sentence: string, known: ReadonlySet<string>): string | null {
  // The first word of a sentence always begins with a capital letter; whom it speaks of is held against its slots.
  const [, ...words] =
    sentence
      .replaceAll(slot, " ")
      .replace(products, " ")
      .match(/\p{L}+/gu) ?? [];
  return words.some((word) => /^\p{Lu}/u.test(word) && !known.has(word.toLowerCase())) ? "a name that no figure has" : null;
}

/** Every clause that claims a direction needs a slot with a sign, and the sign must agree. */
function wrongDirection(sentence: string, known: ReadonlyMap<string, Figure>): string | null {
  // Slots hold dots and words such as "change_24h", so they are taken out before the words are read.
  const clauses = sentence.split(/[,;:–—()]|\b(?:while|whereas|but|and|as|although|though|with|after|before)\b(?![^{]*\}\})/i);
  for (const clause of clauses) {
    const signs = [...clause.matchAll(slot)]
      .flatMap(([, metric = ""]) => known.get(metric) ?? [])
      .filter((f) => f.unit === "percent")
      .map((f) => Math.sign(Math.round(Number(f.value) * 100))); // as it is shown: two decimals
    const words = clause.replaceAll(slot, " ");
    const claims = [up.test(words) ? 1 : null, down.test(words) ? -1 : null, flat.test(words) ? 0 : null].filter((claim) => claim !== null);
    if (claims.length === 0) continue;
    if (claims.length > 1) return "two directions in one clause";
    if (negation.test(words)) return "a negated direction";
    if (signs.length === 0) return "a direction without a figure";
    if (signs.some((sign) => sign !== claims[0])) return "a direction that the figure denies";
  }
  return null;
}

function fill(text: string, known: ReadonlyMap<string, Figure>): string {
  let filled = "";
  let from = 0;
  for (const match of text.matchAll(slot)) {
    const figure = known.get(match[1] ?? "");
    filled += `${literal(text.slice(from, match.index))}${figure === undefined ? "" : `**${formatFigure(figure)}**`}`;
    from = match.index + match[0].length;
  }
  return filled + literal(text.slice(from));
}
