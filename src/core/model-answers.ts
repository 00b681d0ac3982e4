/** What is kept of everything a language model wrote: by which prompt, which model and when; never what it was told, nor what it wrote. */
import type { ReceiptId } from "./ids.ts";

export interface ModelAnswer {
  /** Stands beside what it wrote; `/why` looks it up. */
  readonly id: ReceiptId;
  /** The prompt with its version, such as `ask 1`. */
  readonly prompt: string;
  readonly model: string;
  readonly at: Date;
}

export interface ModelAnswerStore {
  add(answer: ModelAnswer): Promise<void>;
  /** @param id as it was stored */
  find(id: ReceiptId): Promise<ModelAnswer | null>;
  /** Deletes what was written before. */
  forget(before: Date): Promise<void>;
}

/** As long as anybody may scroll back to one. */
export const modelAnswerDays = 366;
