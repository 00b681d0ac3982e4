/** How readings are scored. */
import type { Stance } from "../../../src/opinions/types.ts";
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

/**
 * Macro-averaged F1 over agree, mixed and disagree, of what the system does not abstain from. A side read into a text that takes none counts
 * against the system.
 */
export function scoreStances(all: readonly Judged[]): number {
  const read = all.filter((one) => one.read !== "unclear");
  const each = sides.map((side) =>
    f1(
      read.filter((one) => one.read === side && one.right === side).length,
      read.filter((one) => one.read === side).length,
      read.filter((one) => one.right === side).length,
    ),
  );
  return each.reduce((sum, one) => sum + one, 0) / sides.length;
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
