/** What the language model is asked through, and the port that keeps its budget. */
import type { z } from "zod";

export interface Task<T> {
  /** File name in `prompts/` without its ending. */
  readonly prompt: string;
  /** Values of the prompt's own slots. */
  readonly slots: Readonly<Record<string, string>>;
  /** Given to the model as JSON, as data and never as instructions. */
  readonly data: unknown;
  readonly output: z.ZodType<T>;
  /** Longest answer, in tokens. */
  readonly maxTokens: number;
}

export interface Model {
  /**
   * Asks once; an answer of the wrong shape is asked for once more.
   * @throws UpstreamError("The language model"), also where the day's budget is used up (`rate_limited`)
   */
  ask<T>(task: Task<T>, signal: AbortSignal): Promise<T>;
}

export interface ModelBudgetStore {
  /** Sets tokens aside on a UTC day (`YYYY-MM-DD`) where `limit` allows it; false where it does not. */
  reserve(day: string, tokens: number, limit: number): Promise<boolean>;
  /** Corrects what was set aside by what was used: `difference` may be negative. */
  settle(day: string, difference: number): Promise<void>;
}
