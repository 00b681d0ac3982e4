/** Asks every question of one half, of Depinion and of the libraries it could have been, in one run. */
import Fuse from "fuse.js";
import MiniSearch from "minisearch";
import type { Encoder } from "../../../src/embedding/types.ts";
import { createKnowledge } from "../../../src/knowledge/search.ts";
import type { Entry, Lookup } from "../../../src/knowledge/types.ts";
import { ours } from "../evaluation.ts";
import type { Half } from "../halves.ts";
import { type Kind, kinds, type Question, readQuestions } from "./questions.ts";

/** What a person is shown: the entries in order, and whether the first is given as the answer. */
interface Shown {
  readonly ids: readonly string[];
  readonly answered: boolean;
}
type System = (query: string) => Promise<Shown> | Shown;

export interface Result {
  readonly system: string;
  /** Of the questions inside the field, the parts whose entry is shown first, and among the first three. */
  readonly recall1: number;
  readonly recall3: number;
  /** Of those outside, the part for which nothing is shown. */
  readonly refused: number;
  /** Of all questions, the part for which a wrong entry is given as the answer. */
  readonly wrong: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly recall1ByKind: Readonly<Partial<Record<Kind, number>>>;
  readonly recall3ByKind: Readonly<Partial<Record<Kind, number>>>;
}

export interface Report {
  readonly questions: number;
  readonly results: readonly Result[];
  /** 99th percentile of suggestions for everything that is typed on the way to a question, in milliseconds. */
  readonly suggestP99Ms: number;
  /** What went wrong, for whoever wants to mend it; of the development half alone. */
  readonly missed: readonly string[];
}

/** @param slowly also asks fuse.js, which takes 40 ms a question and never came first */
export async function measure(
  entries: readonly Entry[],
  encoder: Encoder,
  half: Half,
  { slowly }: { readonly slowly: boolean },
): Promise<Report> {
  const silent = { warn: () => undefined };
  const knowledge = createKnowledge(entries, { encoder, log: silent });
  const plain = createKnowledge(entries, { encoder: null, log: silent });
  const questions = readQuestions().filter((question) => question.half === half);
  // So that the model's loading is not measured as somebody's question.
  await encoder.encode(["warm"]);
  const missed: string[] = [];
  const note = (question: Question, { ids, answered }: Shown) => {
    if (half === "development" && ids[0] !== (question.entry ?? undefined))
      missed.push(
        `${question.kind}: “${question.text}” ${answered ? "answered" : "near"} ${ids.join(", ") || "nothing"}, meant ${question.entry ?? "nothing"}`,
      );
  };
  const results = [
    await run(ours, async (query) => shownOf(await knowledge.find(query)), questions, note),
    await run("Depinion without the encoder", async (query) => shownOf(await plain.find(query)), questions),
    await run("MiniSearch alone", miniSearch(entries), questions),
    ...(slowly ? [await run("fuse.js alone", fuse(entries), questions)] : []),
  ];
  const typed = questions.flatMap(({ text }) => [3, 6, 12, text.length].map((length) => text.slice(0, length)));
  const timeOf = (text: string): number => {
    const start = performance.now();
    knowledge.suggest(text, 25);
    return performance.now() - start;
  };
  // The fastest of three: another program's turn on a busy machine is not the search's time.
  const times = typed.map((text) => Math.min(timeOf(text), timeOf(text), timeOf(text)));
  return { questions: questions.length, results, suggestP99Ms: percentile(times, 0.99), missed };
}

const shownOf = (lookup: Lookup): Shown => {
  if (lookup.kind === "none") return { ids: [], answered: false };
  if (lookup.kind === "near") return { ids: lookup.entries.map(({ id }) => id), answered: false };
  return { ids: [lookup.entry, ...lookup.others].map(({ id }) => id), answered: true };
};

async function run(
  system: string,
  ask: System,
  questions: readonly Question[],
  note: (question: Question, shown: Shown) => void = () => undefined,
): Promise<Result> {
  const asked: { readonly question: Question; readonly shown: Shown; readonly ms: number }[] = [];
  for (const question of questions) {
    const start = performance.now();
    const shown = await ask(question.text);
    asked.push({ question, shown, ms: performance.now() - start });
    note(question, shown);
  }
  const inside = asked.filter(({ question }) => question.entry !== null);
  const recall = (of: typeof asked, places: number) =>
    part(of, ({ question, shown }) => shown.ids.slice(0, places).includes(question.entry ?? ""));
  const byKind = (places: number) =>
    Object.fromEntries(
      kinds
        .filter((kind) => kind !== "outside")
        .map((kind) => [
          kind,
          recall(
            inside.filter(({ question }) => question.kind === kind),
            places,
          ),
        ]),
    );
  const times = asked.map(({ ms }) => ms);
  return {
    system,
    recall1: recall(inside, 1),
    recall3: recall(inside, 3),
    refused: part(
      asked.filter(({ question }) => question.entry === null),
      ({ shown }) => shown.ids.length === 0,
    ),
    wrong: part(asked, ({ question, shown }) => shown.answered && shown.ids[0] !== question.entry),
    medianMs: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    recall1ByKind: byKind(1),
    recall3ByKind: byKind(3),
  };
}

const part = <T>(all: readonly T[], holds: (one: T) => boolean): number => all.filter(holds).length / all.length;
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const documentOf = ({ id, term, expansion = "", aliases, asks, texts }: Entry) => ({
  id,
  term,
  names: [...aliases, expansion].join(", "),
  asks: asks.join(" "),
  text: texts.newcomer,
});
const fields = ["term", "names", "asks", "text"];

/** As its documentation recommends it; it always answers with its first hit. */
function miniSearch(entries: readonly Entry[]): System {
  const index = new MiniSearch({ fields, searchOptions: { boost: { term: 3, names: 2 }, fuzzy: 0.2, prefix: true } });
  index.addAll(entries.map(documentOf));
  return (query) => {
    const ids = index.search(query).map(({ id }) => String(id));
    return { ids: ids.slice(0, 3), answered: ids.length > 0 };
  };
}

function fuse(entries: readonly Entry[]): System {
  const index = new Fuse(entries.map(documentOf), { keys: fields, ignoreLocation: true });
  return (query) => {
    const ids = index.search(query).map(({ item }) => item.id);
    return { ids: ids.slice(0, 3), answered: ids.length > 0 };
  };
}
