/** The questions of the evaluation and their two halves; they were all written before anything was fitted to them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { type Half, halfOf } from "../halves.ts";

export const kinds = ["exact", "acronym", "misspelling", "paraphrase", "outside"] as const;
export type Kind = (typeof kinds)[number];

export interface Question {
  readonly text: string;
  readonly kind: Kind;
  readonly half: Half;
  /** The entry that answers it; null outside the field. */
  readonly entry: string | null;
}

const fileSchema = z.union([z.record(z.string(), z.string()), z.array(z.string())]);

export function readQuestions(): readonly Question[] {
  return kinds.flatMap((kind) => {
    const content = fileSchema.parse(load(readFileSync(join(import.meta.dirname, "questions", `${kind}.yaml`), "utf8")));
    const pairs = Array.isArray(content) ? content.map((text) => [text, null] as const) : Object.entries(content);
    return pairs.map(([text, entry]) => ({ text, kind, half: halfOf(text), entry }));
  });
}
