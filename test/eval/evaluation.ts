/** What every evaluation gives to `npm run eval` and to its test. */
import type { Encoder } from "../../src/embedding/types.ts";
import type { Half } from "./halves.ts";

/** How the program itself is called among the systems that are measured. */
export const ours = "Depinion";

/** What is held against the baseline, by name. */
export type Figures = Readonly<Record<string, { readonly value: number; readonly better: "more" | "less" }>>;

export interface Outcome {
  /** What was asked, how often, in words. */
  readonly title: string;
  readonly head: readonly string[];
  /** One a system, ours first. */
  readonly rows: readonly (readonly string[])[];
  readonly figures: Figures;
  /** What went wrong, for whoever wants to mend it; of the development half alone. */
  readonly missed: readonly string[];
}

export interface Evaluation {
  readonly name: string;
  /** Fits what is fitted to the development half, and writes it where the program reads it. */
  learn(encoder: Encoder): Promise<void>;
  measure(encoder: Encoder, half: Half): Promise<Outcome>;
}

/** A share as a person reads it; a dash where nothing was counted. */
export const percent = (share: number | undefined): string =>
  share === undefined || Number.isNaN(share) ? "–" : `${(share * 100).toFixed(1)} %`;
