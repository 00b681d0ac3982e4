/** JSON whose numbers keep the digits that the source wrote, for receipts and for integers beyond 2^53. */
import { z } from "zod";
import { UpstreamError } from "../core/errors.ts";

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

/** What an answer is held against. */
export interface JsonShape<T> {
  /** The name a person would recognise, for the error. */
  readonly service: string;
  readonly schema: z.ZodType<T>;
  /** Numbers become `WrittenNumber`, with the digits that the source wrote. */
  readonly written?: boolean;
}

/** @throws UpstreamError where it is no JSON, or not of this shape */
export function readJson<T>({ service, schema, written = false }: JsonShape<T>, text: string): T {
  let data: unknown;
  try {
    data = written ? parseJson(text) : JSON.parse(text);
  } catch {
    // A SyntaxError quotes the text, a RangeError comes from nesting without end: neither helps a reader.
    throw new UpstreamError(service, "bad_shape", { detail: "broken JSON" });
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join(".").slice(0, 60) ?? "";
  throw new UpstreamError(service, "bad_shape", { detail: `unexpected content${where === "" ? "" : ` at ${where}`}` });
}
