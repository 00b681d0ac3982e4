/** Fits the classifier to the training file and the development half: `npm run eval -- reading --fit` writes its weights. */
import { writeFileSync } from "node:fs";
import { type Features, focus, guessStance, type Parts, partsOf, topicScores } from "../../../src/reading/classify.ts";
import { gramsOf } from "../../../src/reading/features.ts";
import { stances } from "../../../src/reading/types.ts";
import { packWeights, type Weights, weightsFile } from "../../../src/reading/weights.ts";
import { topics } from "../../../src/topics/topics.ts";
import { randomFrom } from "../../support/random.ts";
import { hashOf, type Labelled, readComments, readKnown, readTraining } from "./comments.ts";
import { abstention, scoreTopics } from "./score.ts";
import { type Fitted, fitSoftmax, type Row } from "./softmax.ts";

interface Example extends Labelled {
  readonly parts: Parts;
  readonly weight: number;
}

/** So many texts are made of two of the training file: people say several things at once more often than the file does. */
const joined = 300;
/** How loud a feature is: for its topics, for a stance on any topic, and for a stance on one topic. Tried on the development half. */
const loudness = { topic: 3, any: 2, one: 3 };
const penalties = { topic: 1e-3, stance: 2e-4 };
/** "Mixed" is rarer than it is important. */
const mixedWeight = 2;
/**
 * Of those of the development half who take a side, as many are left "unclear" by weights that have not seen them. The aim is a third at
 * most, which a half of this size misses by chance by three points.
 */
const abstained = 0.3;
const folds = 4;

export function fitReading(): void {
  const take = (list: readonly Labelled[], weight: number): readonly Example[] =>
    list.map((one) => ({ ...one, weight, parts: partsOf(one.text) }));
  const training = readTraining();
  const development = take(
    readComments().filter(({ half }) => half === "development"),
    1,
  );
  const others = [...take(training, 1), ...take(joinedOf(training), 0.5)];
  writeFileSync(weightsFile, packWeights(weightsFrom([...others, ...development], thresholdsOf(development, others))));
}

/** Two remarks of one side each, as one: on two topics, or for and against on one topic, which is "mixed". */
function joinedOf(training: readonly Labelled[]): readonly Labelled[] {
  const random = randomFrom(7);
  const sided = training.flatMap(({ text, labels }) => {
    const [[topic = "", stance] = [], ...more] = Object.entries(labels);
    return more.length === 0 && (stance === "agree" || stance === "disagree") && text.length < 90 ? [{ text, topic, stance }] : [];
  });
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const made: Labelled[] = [];
  while (made.length < joined) {
    const [one, other] = [pick(sided), pick(sided)];
    if (one === undefined || other === undefined) throw new TypeError("the training file takes no sides");
    const same = one.topic === other.topic;
    if (same && (one.stance === other.stance || random() > 0.5)) continue;
    const text = `${one.text}${pick([". ", ", but ", " and "])}${other.text}`;
    made.push({ text, labels: same ? { [one.topic]: "mixed" } : { [one.topic]: one.stance, [other.topic]: other.stance } });
  }
  return made;
}

/** Numbers the features of one fit: those that at least two examples share. */
function vocabularyOf(examples: readonly Example[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { text, weight } of examples)
    if (weight === 1) for (const gram of gramsOf(text)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return new Map([...counts].flatMap(([gram, count]) => (count >= 2 ? [gram] : [])).map((name, at) => [name, at]));
}

function weightsFrom(examples: readonly Example[], thresholds: Thresholds): Weights {
  const vocabulary = vocabularyOf(examples);
  const width = vocabulary.size;
  const list = (features: Features): readonly (readonly [number, number])[] =>
    [...features].flatMap(([name, value]) => {
      const at = vocabulary.get(name);
      return at === undefined ? [] : [[at, value] as const];
    });

  const speaks = topics.map(({ id }) => {
    const rows = examples.map(({ parts, labels, weight }): Row => {
      const own = list(parts.whole);
      return {
        at: Int32Array.from(own, ([at]) => at),
        values: Float64Array.from(own, ([, value]) => value * loudness.topic),
        right: labels[id] === undefined ? 0 : 1,
        // Texts made of two would make every topic look common.
        weight: weight === 1 ? 1 : 0,
      };
    });
    return fitSoftmax({ rows: rows.filter((row) => row.weight > 0), classes: 2, width, penalty: penalties.topic });
  });

  const about: Weights = {
    ...thresholds,
    learnedFrom: hashOf(readKnown()),
    topics: topics.map(({ id }) => id),
    topicBias: speaks.map((fitted) => difference(fitted, width)),
    stanceBias: [],
    features: new Map(
      [...vocabulary].map(([name, at]) => [name, Float32Array.from(speaks, (fitted) => difference(fitted, at) * loudness.topic)]),
    ),
  };

  const rows = examples.flatMap(({ parts, labels, weight }) =>
    topics.flatMap(({ id }, topic): readonly Row[] => {
      const stance = labels[id];
      if (stance === undefined) return [];
      const seen = list(focus(parts, (clause) => clauseChance(about, clause, topic)));
      return [
        {
          // Each feature twice: for any topic, and for this one.
          at: Int32Array.from(seen.flatMap(([at]) => [at, width * (topic + 1) + at])),
          values: Float64Array.from(seen.flatMap(([, value]) => [value * loudness.any, value * loudness.one])),
          right: stances.indexOf(stance),
          weight: weight * (stance === "mixed" ? mixedWeight : 1),
        },
      ];
    }),
  );
  const sides = fitSoftmax({ rows, classes: stances.length, width: width * (topics.length + 1), penalty: penalties.stance });
  const features = new Map(
    [...vocabulary].map(([name, at]) => {
      const stanceWeights = topics.flatMap((_, topic) =>
        sides.map((one) => (one[at] ?? 0) * loudness.any + (one[width * (topic + 1) + at] ?? 0) * loudness.one),
      );
      return [name, Float32Array.from([...(about.features.get(name) ?? []), ...stanceWeights])];
    }),
  );
  return { ...about, stanceBias: sides.map((one) => one.at(-1) ?? 0), features };
}

const difference = (fitted: Fitted, at: number): number => (fitted[1]?.[at] ?? 0) - (fitted[0]?.[at] ?? 0);

/** A clause alone, as `topicScores` sees a text of one clause. */
const clauseChance = (weights: Weights, clause: Features, topic: number): number =>
  topicScores(weights, { whole: clause, clauses: [] })[topic] ?? 0;

type Thresholds = Pick<Weights, "topicThreshold" | "stanceThreshold">;

/**
 * Chosen on comments of the development half that the weights have not seen, one part of them after the other: who wrote the training file
 * is easier to read in it than others are.
 */
function thresholdsOf(development: readonly Example[], others: readonly Example[]): Thresholds {
  const judged = Array.from({ length: folds }, (_, fold) => {
    const open = { topicThreshold: 0, stanceThreshold: 0 };
    const weights = weightsFrom([...others, ...development.filter((_one, at) => at % folds !== fold)], open);
    return development
      .filter((_one, at) => at % folds === fold)
      .map(({ parts, labels }) => ({
        labels,
        scores: topicScores(weights, parts),
        sides: topics.flatMap(({ id }, at) => {
          const right = labels[id];
          return right === undefined ? [] : [{ right, guess: guessStance(weights, parts, at) }];
        }),
      }));
  }).flat();
  const f1 = (step: number) =>
    scoreTopics(
      judged.map(({ scores, labels }) => ({ found: topics.flatMap(({ id }, at) => ((scores[at] ?? 0) >= step ? [id] : [])), labels })),
    );
  const left = (step: number) =>
    abstention(
      judged.flatMap(({ sides }) =>
        sides.map(({ right, guess }) => ({ right, read: guess.chance < step ? ("unclear" as const) : guess.stance })),
      ),
    );
  return {
    topicThreshold: steps(0.25, 36).reduce((best, step) => (f1(step) > f1(best) ? step : best)),
    stanceThreshold: steps(0.4, 60).findLast((step) => left(step) <= abstained) ?? 0.4,
  };
}

const steps = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, at) => from + at / 100);
