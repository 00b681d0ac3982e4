/** Gathers the numbered evidence for a question: passages, the figures that are named or asked for, and this community's opinions as counts. */
import { slotsIn } from "../core/claims.ts";
import type { Figure } from "../core/figure.ts";
import type { CommunityId } from "../core/ids.ts";
import type { Audience } from "../knowledge/types.ts";
import type { Market } from "../market/types.ts";
import type { Opinions } from "../opinions/types.ts";
import type { Topic } from "../topics/types.ts";
import { choosePassages } from "./passages.ts";
import { tame } from "./tame.ts";
import type { Dossier, Evidence, Passage } from "./types.ts";
import { contentOf, coverage, wordsOf } from "./words.ts";

export interface EvidenceDeps {
  readonly market: Pick<Market, "asset" | "known">;
  readonly opinions: Pick<Opinions, "book" | "sentiment">;
}

/** Days of opinions that are counted. */
export const opinionDays = 90;
const mostFigures = 6;
const mostTopics = 2;

/** Measures by the words that ask for them, and the metric's second part. */
const measures: readonly (readonly [RegExp, string])[] = [
  [/\b(?:prices?|priced|trades?|trading|worth|quote)\b/i, "price"],
  // What a coin costs; what an hour, a gigabyte or a transaction costs is another question.
  [
    /^(?!.*\b(?:gpus?|hours?|hourly|stor\w+|comput\w+|rent\w*|[gt]b|(?:giga|tera)bytes?|run\w*|train\w*|fees?|transactions?|us(?:e|ing))\b).*\b(?:costs?|how much (?:is|are))\b/i,
    "price",
  ],
  [/\b(?:market ?cap(?:itali[sz]ation)?|mcap|valuation|how (?:big|large)|size)\b/i, "market_cap"],
  [/\b(?:volume|turnover|traded)\b/i, "volume_24h"],
  [/\b(?:change[ds]?|moved?|performance|performing|today|24 ?h|day)\b/i, "change_24h"],
  [/\b(?:capacity|how much (?:storage|space|data))\b/i, "capacity_raw"],
  [/\b(?:hotspots?)\b/i, "hotspots_onboarded"],
];
const sectorWords = /\b(?:depin|sector)\b/i;

/** The metrics that a question asks for by name and measure. */
export function askedMetrics(question: string, market: Pick<Market, "asset">): readonly string[] {
  const wanted = measures.filter(([words]) => words.test(question)).map(([, measure]) => measure);
  if (wanted.length === 0) return [];
  const words = wordsOf(question);
  const names = words.flatMap((word, at) => [word, words.slice(at, at + 2).join(" ")]);
  // Two letters are a ticker only where they are written as one: "ar" may be anything.
  const subjects = names
    .filter((name) => name.length > 3 || new RegExp(`\\b\\$?${name.toUpperCase()}\\b`).test(question))
    .flatMap((name) => market.asset(name)?.id ?? []);
  const all = sectorWords.test(question) ? [...subjects, "sector"] : subjects;
  return [...new Set(all)].flatMap((subject) => [...new Set(wanted)].map((measure) => `${subject}.${measure}`));
}

const opinionWords = /\b(?:think|opinions?|feel|agree|disagree|sentiment|community|believe|people here|members)\b/i;

/** A topic that a question is about. */
interface Discussed {
  readonly topic: Topic;
  /** The question asks what people think of just this: that nobody has said anything is an answer, too. */
  readonly isAsked: boolean;
}

/** Topics that a question is about: those whose title it holds, or, where it holds none, those that share most of its words. */
function topicsOf(question: string, topics: readonly Topic[]): readonly Discussed[] {
  const wanted = contentOf(question);
  const asksOpinions = opinionWords.test(question);
  const fits = (topic: Topic): number => {
    if (coverage(contentOf(topic.title), new Set(wanted)) === 1) return 1;
    const words = new Set(contentOf(`${topic.title} ${topic.proposition}`));
    const shared = wanted.filter((word) => words.has(word)).length;
    return asksOpinions && shared > 0 ? shared / wanted.length : shared > 2 ? 0.5 : 0;
  };
  const fitting = topics.map((topic) => ({ topic, fit: fits(topic) })).toSorted((a, b) => b.fit - a.fit);
  const least = fitting[0]?.fit === 1 ? 1 : 0.2;
  return fitting
    .filter(({ fit }) => fit > 0.2 && fit >= least)
    .slice(0, mostTopics)
    .map(({ topic, fit }) => ({ topic, isAsked: asksOpinions && fit === 1 }));
}

/** Null where nothing speaks to the question. A figure or a count that cannot be read is left out, never made up. */
export async function gather(
  question: string,
  passages: readonly Passage[],
  { audience, community, now }: { readonly audience: Audience; readonly community: CommunityId; readonly now: Date },
  { market, opinions }: EvidenceDeps,
): Promise<Dossier | null> {
  const chosen = choosePassages(passages, audience)
    .map((passage) => ({ ...passage, text: tame(passage.text) }))
    .filter(({ text }) => text !== "");
  const figures = new Map<string, Figure>();
  const learn = async (metric: string): Promise<Figure | null> => {
    const figure = figures.get(metric) ?? (await market.known(metric).catch(() => null));
    if (figure === null || figure.value === null || figure.state === "missing") return null;
    figures.set(metric, figure);
    return figure;
  };
  for (const metric of chosen.flatMap(({ text }) => slotsIn(text))) await learn(metric);
  const asked: Figure[] = [];
  for (const metric of askedMetrics(question, market).slice(0, mostFigures)) {
    const figure = await learn(metric);
    if (figure !== null) asked.push(figure);
  }
  const { topics } = await opinions.book(community);
  const views = await Promise.all(
    topicsOf(question, topics).map(async ({ topic, isAsked }) => {
      const view = await opinions.sentiment(community, topic, opinionDays, now).catch(() => null);
      return view !== null && (view.people > 0 || isAsked) ? view : null;
    }),
  );
  const all: Evidence[] = [];
  for (const { entry, audience: reader, text } of chosen) all.push({ n: all.length + 1, kind: "passage", entry, audience: reader, text });
  for (const figure of asked) all.push({ n: all.length + 1, kind: "figure", figure });
  for (const view of views) {
    if (view === null) continue;
    const { topic, days, people, shares } = view;
    const { agree, mixed, disagree, unclear } = shares;
    const counts = { agree: agree.count, mixed: mixed.count, disagree: disagree.count, unclear: unclear.count };
    all.push({ n: all.length + 1, kind: "opinions", topic, days, people, counts });
  }
  return all.length === 0 ? null : { evidence: all, figures };
}
