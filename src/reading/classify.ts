/** The small classifier: which of the shipped topics a text speaks of, and which side it takes on each. Linear, so that it can be read. */
import { clausesOf, gramsOf } from "./features.ts";
import { type Stance, stances } from "./types.ts";
import type { Weights } from "./weights.ts";

/** Feature → how much of it is there. */
export type Features = ReadonlyMap<string, number>;

/** A text taken apart. */
export interface Parts {
  readonly whole: Features;
  /** None where the text is a single clause. */
  readonly clauses: readonly Features[];
}

export const partsOf = (text: string): Parts => ({ whole: featuresOf(text), clauses: clausesOf(text).map(featuresOf) });

function featuresOf(unit: string): Features {
  const grams = gramsOf(unit);
  // A long text has more features, not louder ones.
  return new Map(grams.map((gram) => [gram, 1 / Math.sqrt(grams.length)]));
}

/** Of a clause that speaks of nothing in particular, this much is still heard. */
const background = 0.02;

/** What a text says where it speaks of one topic: its clauses, each as loud as it is about the topic. */
export function focus({ whole, clauses }: Parts, about: (clause: Features) => number): Features {
  if (clauses.length === 0) return whole;
  const loudness = clauses.map((clause) => about(clause) + background);
  const total = loudness.reduce((sum, one) => sum + one, 0);
  const mixed = new Map<string, number>();
  for (const [at, clause] of clauses.entries())
    for (const [name, value] of clause) mixed.set(name, (mixed.get(name) ?? 0) + (value * (loudness[at] ?? 0)) / total);
  return mixed;
}

function weigh({ features }: Weights, seen: Features, bias: number, at: number): number {
  let sum = bias;
  for (const [name, value] of seen) sum += value * (features.get(name)?.[at] ?? 0);
  return sum;
}

const topicChance = (weights: Weights, seen: Features, topic: number): number =>
  1 / (1 + Math.exp(-weigh(weights, seen, weights.topicBias[topic] ?? 0, topic)));

/** How much a text speaks of each topic the weights know, from 0 to 1, in their order: as a whole, and in the clause that does most. */
export function topicScores(weights: Weights, { whole, clauses }: Parts): readonly number[] {
  return weights.topics.map((_, topic) => {
    const altogether = topicChance(weights, whole, topic);
    return (altogether + Math.max(altogether, ...clauses.map((clause) => topicChance(weights, clause, topic)))) / 2;
  });
}

export interface StanceGuess {
  /** `unclear` where no side is likely enough. */
  readonly stance: Stance;
  /** How likely the likeliest stance is, from 0 to 1. */
  readonly chance: number;
}

/** @param topic its place among the weights' topics */
export function guessStance(weights: Weights, parts: Parts, topic: number): StanceGuess {
  const seen = focus(parts, (clause) => topicChance(weights, clause, topic));
  const first = weights.topics.length + topic * stances.length;
  const exponents = stances.map((_, at) => Math.exp(weigh(weights, seen, weights.stanceBias[at] ?? 0, first + at)));
  const total = exponents.reduce((sum, one) => sum + one, 0);
  const chances = exponents.map((one) => one / total);
  const chance = Math.max(...chances);
  const likeliest = stances[chances.indexOf(chance)] ?? "unclear";
  return { stance: chance < weights.stanceThreshold ? "unclear" : likeliest, chance };
}
