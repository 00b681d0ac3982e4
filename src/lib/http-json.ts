/** JSON whose numbers keep the digits that the source wrote, for receipts and for integers beyond 2^53. */
import { z } from "zod";

/** A number of a JSON text, with its own spelling: `1.0`, `3.271e-9`, `20030493.0`. */
export class WrittenNumber {
  readonly value: number;
  readonly raw: string;
  constructor(value: number, raw: string) {
    this.value = value;
    this.raw = raw;
  }
}

/** What V8 hands to a reviver (proposal-json-parse-with-source); TypeScript's own library does not declare it yet. */
interface ReviverContext {
  readonly source?: string;
}

/**
 * Parses a JSON text, each number into a `WrittenNumber`.
 * @throws SyntaxError
 */
export const parseJson = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, context?: ReviverContext) =>
    typeof value === "number" ? new WrittenNumber(value, context?.source ?? String(value)) : value,
  );

/** A finite written number; `1e999` is none. */
export const writtenNumber = z.instanceof(WrittenNumber).refine((number) => Number.isFinite(number.value), { error: "not finite" });
