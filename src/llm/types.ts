/** What the language model is asked through, and the port that keeps its budget. */
import type { MemberId, ReceiptId, RoomId } from "../core/ids.ts";
import type { Prompt } from "./prompts.ts";

export interface Task<T> {
  readonly prompt: Prompt<T>;
  /** Values of the prompt's own variables. */
  readonly slots: Readonly<Record<string, string>>;
  /** Given to the model as JSON, as data and never as instructions. */
  readonly data: unknown;
  /** Longest answer, in tokens. */
  readonly maxTokens: number;
  /** Whose shares of the day it is taken from, besides the bot's. */
  readonly payer?: { readonly member: MemberId; readonly room: RoomId };
  /**
   * Told what there is of the answer while it is being written: the elements of its lists that are complete. Where the first attempt fails,
   * what was told of it is void, and nothing is told of the second.
   */
  readonly partly?: (answer: T) => void;
}

export interface Answered<T> {
  readonly answer: T;
  /** Under which it is kept by what the answer was written; null where that could not be stored. */
  readonly receipt: ReceiptId | null;
}

export interface Model {
  /**
   * Asks once, and once more where the service failed or its answer has the wrong shape. What has it is recorded with its prompt's version.
   * @throws UpstreamError("The language model"), which is a SpentError where the day's tokens are used up
   */
  ask<T>(task: Task<T>, signal: AbortSignal): Promise<Answered<T>>;
}

export interface ModelBudgetStore {
  /** Sets tokens aside on a UTC day (`YYYY-MM-DD`) under a key where `limit` allows it; false where it does not. */
  reserve(day: string, key: string, tokens: number, limit: number): Promise<boolean>;
  /** Corrects what was set aside by what was used: `difference` may be negative. */
  settle(day: string, key: string, difference: number): Promise<void>;
  /** Tokens used or set aside so far. */
  used(day: string, key: string): Promise<number>;
  /** Deletes every day before this one. */
  forget(before: string): Promise<void>;
}
