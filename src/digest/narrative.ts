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

/** What a change may be called, by its sign. */
const directions: ReadonlyMap<number, ReadonlySet<string>> = new Map([
  [1, new Set("rose risen gained climbed grew increased jumped surged rallied advanced added up higher".split(" "))],
  [-1, new Set("fell fallen dropped declined decreased lost slid sank slipped dipped eased retreated tumbled down lower".split(" "))],
  [0, new Set("unchanged flat stable steady".split(" "))],
]);

/**
 * Every other word that may stand in a narrative. A list of what is forbidden has no end: "was hacked", "a scam" and "an all-time record"
 * need no number to be a lie. With these words one can say what a figure is and which way it went, and nothing else.
 */
const plainWords = new Set(
  (
    "a an the this that these it its they their all both each also here there and or but while whereas meanwhile as with without beside behind " +
    "across among over of in on at to from for by since after before within is are was were be been has have had stands stood trades traded " +
    "counts counted offers offered reports reported shows showed holds held comes came network networks sector field market markets crypto " +
    "whole cap value values price prices coin coins token tokens mover movers backdrop storage capacity compute hardware clusters providers " +
    "hotspots subnets leases gpus spend stake issuance height weave today yesterday now day days week weeks month months hour hours last past"
  ).split(" "),
);

/** For whoever asks a model for sentences: words that pass, beside those of the figures' own names. */
export const narrativeWords: readonly string[] = [...plainWords, ...[...directions.values()].flatMap((words) => [...words])];

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
  const words = new Set([...narrativeWords, ...figures.flatMap(({ label }) => wordsOf(label))]);
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
  const foreign = wordsOf(bare).find((word) => !words.has(word));
  if (foreign !== undefined) return reject(`the word “${foreign.slice(0, 30)}”`);
  const sentences = text.split(/(?<=[.!?])\s+/);
  if (sentences.length < 2 || sentences.length > 4) return reject("not two to four sentences");
  for (const sentence of sentences) {
    if (!sentence.includes("{{")) return reject("a sentence without a figure");
    const reason = wrongName(sentence, known, names) ?? wrongDirection(sentence, known);
    if (reason !== null) return reject(reason);
  }
  return { kind: "passed", text: fill(text, known), figures: used };
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];

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

/** Every clause that claims a direction needs a slot with a sign, and the sign must agree. */
function wrongDirection(sentence: string, known: ReadonlyMap<string, Figure>): string | null {
  // Slots hold dots and words such as "change_24h", so they are taken out before the words are read.
  const clauses = sentence.split(/[,;:–—()]|\b(?:while|whereas|but|and|as|although|though|with|after|before)\b(?![^{]*\}\})/i);
  for (const clause of clauses) {
    const signs = [...clause.matchAll(slot)]
      .flatMap(([, metric = ""]) => known.get(metric) ?? [])
      .filter((f) => f.unit === "percent")
      .map((f) => Math.sign(Math.round(Number(f.value) * 100))); // as it is shown: two decimals
    const words = wordsOf(clause.replaceAll(slot, " "));
    const claims = [...directions].filter(([, some]) => words.some((word) => some.has(word))).map(([sign]) => sign);
    if (claims.length === 0) continue;
    if (claims.length > 1) return "two directions in one clause";
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
