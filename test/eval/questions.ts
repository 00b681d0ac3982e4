/** The questions of the evaluation and their two halves; they were all written before anything was fitted to them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

export const kinds = ["exact", "acronym", "misspelling", "paraphrase", "outside"] as const;
export type Kind = (typeof kinds)[number];
/** What is fitted sees the first half alone; the second is what counts. */
export type Half = "development" | "held-out";

export interface Question {
  readonly text: string;
  readonly kind: Kind;
  readonly half: Half;
  /** The entry that answers it; null outside the field. */
  readonly entry: string | null;
}

const fileSchema = z.union([z.record(z.string(), z.string()), z.array(z.string())]);

/** By the question's own hash, so that a new question moves no other. */
const halfOf = (text: string): Half => ((createHash("sha256").update(text).digest()[0] ?? 0) % 2 === 0 ? "development" : "held-out");

export function readQuestions(): readonly Question[] {
  return kinds.flatMap((kind) => {
    const content = fileSchema.parse(parse(readFileSync(join(import.meta.dirname, "questions", `${kind}.yaml`), "utf8")));
    const pairs = Array.isArray(content) ? content.map((text) => [text, null] as const) : Object.entries(content);
    return pairs.map(([text, entry]) => ({ text, kind, half: halfOf(text), entry }));
  });
}
