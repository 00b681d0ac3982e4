/** Holds what a model wrote against its evidence, sentence by sentence: what its citations do not carry is dropped. */
import {
  badForm,
  denies,
  directionWords,
  fillIn,
  namesIn,
  outsideSlots,
  productsIn,
  slotsIn,
  suspicious,
  wrongDirection,
  wrongName,
} from "../core/claims.ts";
import { countedIn, slotText } from "./slots.ts";
import type { Dossier, Draft, Evidence, Sentence } from "./types.ts";
import { contentOf, coverage, isEmptyWord, stem, wordsOf } from "./words.ts";

export interface Checked {
  readonly kept: readonly Sentence[];
  /** Why the others were dropped; never their words. */
  readonly dropped: readonly string[];
}

const longestSentence = 400;
const mostSentences = 8;
/** Of a sentence's meaningful words, the share that its evidence must hold, altogether and in two sentences next to each other. */
const enough = 0.7;
const enoughTogether = 0.5;
const mostForeign = 3;

/** Words that turn a claim around or make it greater than it is: only where the evidence has them too. */
const judging =
  /\b(?:cheap\w*|expensive\w*|cost(?:ly|lier)|safe\w*|unsafe|secure[drs]?|insecure|fast\w*|slow\w*|quick\w*|always|only|every(?:one|body|thing)?|all|best|worst|first|risk\w*|riskless|profit\w*|legal|illegal|true|false|proven|certain\w*|impossible|easy|easily|hard|private|public|encrypted|free|official\w*|partner\w*|owned?|owns|majority|minority|mostly|consensus|unanimous\w*|many|few)\b/gi;

/** Measures: said of a figure only where its label has the word. */
const measureWords = /\b(?:price|cap|capitali[sz]ation|volume|capacity|hotspots?|change|supply|revenue|staked?)\b/gi;

/** Never in an answer, whatever the evidence says: how a text speaks that obeys somebody else. */
const obeying = /\b(?:system prompt|my instructions|as an ai|i am now|i will now|you should|you must|click here|everyone here must)\b/i;

export function checkDrafts(drafts: readonly Draft[], dossier: Dossier, now: Date): Checked {
  const kept: Sentence[] = [];
  const dropped: string[] = [];
  const seen = new Set<string>();
  const sentences = drafts.flatMap(sentencesOf);
  for (const { text, cites } of sentences.slice(0, mostSentences)) {
    const cited = dossier.evidence.filter(({ n }) => cites.includes(n));
    const reason = seen.has(text) ? "said twice" : unsupported(text, cites, cited, dossier);
    seen.add(text);
    if (reason !== null) dropped.push(reason);
    else kept.push({ text: fillIn(text, (slot) => slotText(slot, dossier, now)), cites: cited.map(({ n }) => n), written: text });
  }
  return { kept, dropped: [...dropped, ...sentences.slice(mostSentences).map(() => "too much")] };
}

/** One draft may hold several sentences: each must stand for itself. Numbers in brackets are citations that the model wrote twice. */
function sentencesOf({ text, cites }: Draft): readonly Draft[] {
  return text
    .trim()
    .split(/(?<=[.!?])(?:\s+|(?=[\p{Lu}[]))|\n+/u)
    .flatMap((sentence) => {
      const inline = [...sentence.matchAll(/\s?\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g)];
      const bare = inline.reduce((rest, [whole]) => rest.replace(whole, ""), sentence).trim();
      const own = inline.flatMap(([, numbers = ""]) => numbers.split(",").map(Number));
      return /\p{L}/u.test(bare) ? [{ text: bare, cites: [...new Set([...cites, ...own])] }] : [];
    });
}

function unsupported(text: string, cites: readonly number[], cited: readonly Evidence[], dossier: Dossier): string | null {
  if (cites.length === 0) return "no citation";
  if (cited.length !== new Set(cites).size) return "a citation that does not exist";
  if (text.length > longestSentence) return "too long";
  const form = badForm(text);
  if (form !== null) return form;
  if (obeying.test(text)) return "obeys somebody else";
  return wrongSlot(text, cited, dossier) ?? wrongFigure(text, dossier) ?? wrongWords(text, cited, dossier);
}

/** A slot must be known, and of the evidence that is cited. */
function wrongSlot(text: string, cited: readonly Evidence[], dossier: Dossier): string | null {
  const slots = slotsIn(text);
  for (const slot of slots) {
    const counted = countedIn(slot, dossier);
    if (counted === null && !dossier.figures.has(slot)) return "an unknown slot";
    const carried = cited.some((one) => {
      if (one.kind === "passage") return slotsIn(one.text).includes(slot);
      return one.kind === "figure" ? one.figure.metric === slot : one === counted;
    });
    if (!carried) return "a slot of evidence that is not cited";
  }
  if (cited.every(({ kind }) => kind === "figure") && slots.length === 0) return "a figure that is not named";
  // An opinion is told with its count or not at all.
  if (cited.some((one) => one.kind === "opinions" && !slots.some((slot) => countedIn(slot, dossier) === one)))
    return "opinions without their count";
  return null;
}

/** A figure is said of what it belongs to, under its own measure, and moves as its sign says. */
function wrongFigure(text: string, dossier: Dossier): string | null {
  const { figures } = dossier;
  const used = slotsIn(text).flatMap((slot) => figures.get(slot) ?? []);
  if (used.length === 0) return null;
  for (const figure of used) {
    const before = text.slice(0, text.search(new RegExp(`\\{\\{\\s*${RegExp.escape(figure.metric)}\\s*\\}\\}`)));
    // The change of a coin is its price's.
    const label = new Set(wordsOf(`${figure.label} ${figure.unit === "percent" ? "price" : ""}`).map(stem));
    const names = (outsideSlots(before).match(/(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}]*/gu) ?? []).filter(
      (name) => !isEmptyWord(name.toLowerCase()),
    );
    const last = names.at(-1);
    if (last === undefined || !label.has(stem(wordsOf(last)[0] ?? ""))) return "a figure under another name";
    const clause = before.split(/[,;:]|\}\}/).at(-1) ?? "";
    const measures = clause.match(measureWords) ?? [];
    if (measures.some((word) => !label.has(stem(word.toLowerCase())) && !(/^capitali/i.test(word) && label.has("cap"))))
      return "a figure under another measure";
  }
  return wrongName(text, figures, namesIn([...figures.values()])) ?? wrongDirection(text, figures);
}

/** What a piece of evidence says in words: its sentences, and what it is called. */
function wordsIn(one: Evidence, dossier: Dossier): { readonly called: string; readonly sentences: readonly string[] } {
  switch (one.kind) {
    case "passage": {
      const { term, expansion = "", aliases } = one.entry;
      const text = outsideSlots(one.text.replace(/\s+/g, " "));
      const labels = slotsIn(one.text).map((slot) => dossier.figures.get(slot)?.label ?? "");
      return {
        called: [...productsIn(one.text), term, expansion, ...aliases, ...labels].join(" "),
        sentences: text.split(/(?<=[.!?])\s+/),
      };
    }
    case "figure":
      return {
        called: `${one.figure.label} ${one.figure.unit === "percent" ? "price" : ""} stands trades stored known currently figure value according ${one.figure.source.name}`,
        sentences: [],
      };
    case "opinions":
      return {
        called: `${one.topic.title} community members people opinions here logged topic question`,
        sentences: [one.topic.proposition],
      };
  }
}

/** Every sentence is a claim: its words, names, judgements, directions and denials must be those of what it cites. */
function wrongWords(text: string, cited: readonly Evidence[], dossier: Dossier): string | null {
  // What a sign says was held against it already.
  const moves = slotsIn(text).some((slot) => dossier.figures.get(slot)?.unit === "percent");
  const bare = moves
    ? directionWords.reduce((rest, words) => rest.replace(new RegExp(words, "gi"), " "), outsideSlots(text))
    : outsideSlots(text);
  const wanted = contentOf(bare);
  const said = cited.map((one) => wordsIn(one, dossier));
  const everything = said.flatMap(({ called, sentences }) => [called, ...sentences]).join(" ");
  const there = new Set(wordsOf(everything).map(stem));
  const foreign = wanted.filter((word) => !there.has(word));
  const onlyOpinions = cited.every(({ kind }) => kind === "opinions");
  if (onlyOpinions ? foreign.length > 0 : foreign.length > mostForeign || coverage(wanted, there) < enough)
    return "words that the evidence does not have";
  const written = bare.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = ""] = written;
  const names = written.filter((word, at) => at > 0 && /^\p{Lu}/u.test(word));
  if ([first, ...names].some((word) => !isEmptyWord(word.toLowerCase()) && !there.has(stem(wordsOf(word)[0] ?? ""))))
    return "a name that the evidence does not have";
  const literally = new Set(wordsOf(everything));
  if (
    productsIn(text)
      .flatMap(wordsOf)
      .some((word) => word !== "depin" && !literally.has(word))
  )
    return "a product that the evidence does not have";
  const hard = [suspicious, ...directionWords, judging].flatMap((pattern) =>
    [...bare.matchAll(new RegExp(pattern.source, "gi"))].map(([word]) => word),
  );
  if (hard.flatMap(wordsOf).some((word) => !literally.has(word))) return "a judgement that the evidence does not have";
  return scattered(wanted, bare, said);
}

/** Its words stand together in the evidence, and what stands there is denied neither more nor less. */
function scattered(
  wanted: readonly string[],
  bare: string,
  said: readonly { readonly called: string; readonly sentences: readonly string[] }[],
): string | null {
  const lines = said.flatMap(({ sentences }) => sentences);
  if (lines.length === 0) return denies(bare) ? "a denial that the evidence does not have" : null;
  const called = contentOf(said.map((one) => one.called).join(" "));
  const sets = lines.map((line) => new Set(contentOf(line)));
  const together = Math.max(...sets.map((set, at) => coverage(wanted, new Set([...set, ...(sets[at + 1] ?? []), ...called]))));
  if (together < enoughTogether) return "words from here and there";
  const fits = sets.map((set) => coverage(wanted, set));
  const best = Math.max(...fits);
  // Any of the sentences that fit best may be the one that was meant.
  const meant = lines.filter((_, at) => fits[at] === best);
  return meant.some((line) => denies(line) === denies(bare)) ? null : "a denial turned around";
}
