/** The labelled comments of the evaluation, and those that the classifier learns from; the former were written before anything was fitted. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { type Stance, stances } from "../../../src/reading/types.ts";
import { type Half, halfOf } from "../halves.ts";

export const kinds = ["plain", "sarcasm", "negation", "quoting", "comparison", "question", "several", "none", "language"] as const;
export type Kind = (typeof kinds)[number];

export interface Labelled {
  readonly text: string;
  /** Topic id → where a person reads the author to stand; `unclear` where it is spoken of without a side. */
  readonly labels: Readonly<Record<string, Stance>>;
}

export interface Comment extends Labelled {
  readonly kind: Kind;
  readonly half: Half;
}

const fileSchema = z.record(z.string(), z.record(z.string(), z.enum(stances)));

const read = (file: string): readonly Labelled[] =>
  Object.entries(fileSchema.parse(load(readFileSync(join(import.meta.dirname, file), "utf8")))).map(([text, labels]) => ({
    text,
    labels,
  }));

export const readComments = (): readonly Comment[] =>
  kinds.flatMap((kind) => read(`comments/${kind}.yaml`).map((one) => ({ ...one, kind, half: halfOf(one.text) })));

/** Written apart from the evaluation: none of them stands in it, nor nearly so. */
export const readTraining = (): readonly Labelled[] => read("training.yaml");

/** What the classifier may learn from: the training file and the development half. */
export const readKnown = (): readonly Labelled[] => [...readTraining(), ...readComments().filter(({ half }) => half === "development")];

/** Another text or label is another hash. */
export const hashOf = (examples: readonly Labelled[]): string =>
  createHash("sha256")
    .update(JSON.stringify(examples.map(({ text, labels }) => [text, labels])))
    .digest("base64url")
    .slice(0, 16);
