/** Decides by the lists' scores whether a question is about the field at all, and whether its first entry is certain enough to be the answer. */
import { type GateWeights, gateWeights } from "./gate-weights.ts";
import { plainFeatures } from "./ranking.ts";

export interface Verdict {
  /** The question is about something this base may hold. */
  readonly answerable: boolean;
  /** The first entry is what was meant. */
  readonly certain: boolean;
}

/** @param features as `rank` gives them, with those of the encoder or without */
export function judge(features: readonly number[]): Verdict {
  const { answerable, certain } = features.length > plainFeatures ? gateWeights.full : gateWeights.plain;
  const inField = passes(answerable, features);
  return { answerable: inField, certain: inField && passes(certain, features) };
}

/** Logistic regression: whether the probability is at least the threshold. */
const passes = ({ bias, weights, threshold }: GateWeights, features: readonly number[]): boolean =>
  1 / (1 + Math.exp(-weights.reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), bias))) >= threshold;
