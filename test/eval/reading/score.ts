/** How readings are scored. */
import type { Stance } from "../../../src/reading/types.ts";
import { randomFrom } from "../../support/random.ts";
import type { Labelled } from "./comments.ts";

/** One opinion of one text: where a person reads its author to stand, and where a system does. */
export interface Judged {
  readonly right: Stance;
  readonly read: Stance;
}

/** Stances that are taken; "unclear" is to take none. */
const sides = ["agree", "mixed", "disagree"] as const;

const f1 = (hits: number, read: number, right: number): number => (read + right === 0 ? Number.NaN : (2 * hits) / (read + right));

/** Micro-averaged F1 of the topics that were found. */
export function scoreTopics(texts: readonly { readonly found: readonly string[]; readonly labels: Labelled["labels"] }[]): number {
  const hits = texts.flatMap(({ found, labels }) => found.filter((id) => labels[id] !== undefined)).length;
  return f1(hits, texts.flatMap(({ found }) => found).length, texts.flatMap(({ labels }) => Object.keys(labels)).length);
}

/** F1 of agree, mixed and disagree, in this order, of what the system does not abstain from. */
export function scoreSides(all: readonly Judged[]): readonly number[] {
  const read = all.filter((one) => one.read !== "unclear");
  return sides.map((side) =>
    f1(
      read.filter((one) => one.read === side && one.right === side).length,
      read.filter((one) => one.read === side).length,
      read.filter((one) => one.right === side).length,
    ),
  );
}

/** Macro-averaged F1 over the sides. A side read into a text that takes none counts against the system. */
export const scoreStances = (all: readonly Judged[]): number => scoreSides(all).reduce((sum, one) => sum + one, 0) / sides.length;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const resamples = 1_000;

/**
 * Where the score of other comments of this kind would lie 95 times of 100: a percentile bootstrap over whole comments, because the opinions
 * of one text are read alike (Efron and Tibshirani, An Introduction to the Bootstrap, 1993). The same comments always give the same.
 */
export function intervalOf(comments: readonly (readonly Judged[])[], score: (all: readonly Judged[]) => number): Interval {
  const random = randomFrom(11);
  const scores = Array.from({ length: resamples }, () =>
    score(comments.flatMap(() => comments[Math.floor(random() * comments.length)] ?? [])),
  )
    .filter((one) => !Number.isNaN(one))
    .toSorted((a, b) => a - b);
  const at = (share: number) => scores[Math.round(share * (scores.length - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}

/** Of the opinions that take a side, the part that is read as "unclear". */
export function abstention(all: readonly Judged[]): number {
  const sided = all.filter(({ right }) => right !== "unclear");
  return sided.filter(({ read }) => read === "unclear").length / sided.length;
}

/** Of the opinions that take a side, the part of which another side is read. */
export function wrongSides(all: readonly Judged[]): number {
  const sided = all.filter(({ right }) => right !== "unclear");
  return sided.filter(({ right, read }) => read !== "unclear" && read !== right).length / sided.length;
}
