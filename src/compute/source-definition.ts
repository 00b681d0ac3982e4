/** What a file in `sources/` defines, and how it reads what markets and clouds write. */
import { z } from "zod";
import { UpstreamError } from "../core/errors.ts";
import type { Figure } from "../core/figure.ts";
import type { Http } from "../lib/http.ts";
import { WrittenNumber, writtenNumber } from "../lib/http-json.ts";
import type { SourceLog } from "../lib/live-answer.ts";

/** A source of GPU prices before it knows its address. `S` is the setting that holds it. */
export interface SourceDefinition<S extends string> {
  /** The service, as a person would call it. */
  readonly name: string;
  readonly setting: S;
  /** Milliseconds for which an answer is used again: markets move within an hour, price lists once in a while. */
  readonly freshMs: number;
  /** Current figures of every class that it sells. What it does not say, or says of another kind of thing, is left out. @throws UpstreamError */
  fetch(asking: Asking): Promise<readonly Figure[]>;
}

/** What a definition asks with. */
export interface Asking {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly http: Http;
  readonly now: () => Date;
  /** Told what is left out of an answer. */
  readonly log: SourceLog;
  readonly signal: AbortSignal;
}

export const hourMs = 3_600_000;

/** A list whose broken entries are left out: one bad row must not hide the others. */
export const rowsOf = <T>(row: z.ZodType<T>) =>
  z.array(z.unknown()).transform((rows) =>
    rows.flatMap((one) => {
      const read = row.safeParse(one);
      return read.success ? [read.data] : [];
    }),
  );

/** An amount with its own spelling. */
interface Said {
  readonly value: number;
  readonly raw: string;
}

/** An amount above zero, written as a number or as a text; null for everything else: a zero is no price. */
export const saidAmount = z
  .union([writtenNumber, z.number().transform((value) => new WrittenNumber(value, String(value))), z.string().trim()])
  .transform((said): Said | null => {
    const { value, raw } =
      said instanceof WrittenNumber ? said : { value: /^\d+(\.\d+)?(e-?\d+)?$/i.test(said) ? Number(said) : Number.NaN, raw: said };
    return Number.isFinite(value) && value > 0 ? { value, raw } : null;
  })
  .nullish()
  .catch(null)
  .transform((said) => said ?? null);

/** A count, zero included; null where it is not said. */
export const saidCount = z
  .union([writtenNumber.transform(({ value }) => value), z.number()])
  .transform((value) => (Number.isSafeInteger(value) && value >= 0 ? value : null))
  .nullish()
  .catch(null)
  .transform((said) => said ?? null);

/** A text, or an empty one where it is not said. */
export const saidText = z
  .string()
  .nullish()
  .catch(null)
  .transform((said) => said ?? "");

/**
 * The answers to questions that stand for themselves: those that fail are left out and logged; where all fail, so does the whole.
 * @throws UpstreamError
 */
export async function thoseThatCame<T>(source: string, log: SourceLog, questions: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(questions);
  const came = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failures: readonly unknown[] = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (came.length === 0 && failures.length > 0) throw failures[0];
  for (const error of failures) log.warn({ source, err: error }, "a part of the GPU prices could not be read");
  return came;
}

/** @throws UpstreamError where nothing usable was said */
export function atLeastOne(source: string, figures: readonly Figure[]): readonly Figure[] {
  if (figures.length === 0) throw new UpstreamError(source, "bad_shape", { detail: "no usable price" });
  return figures;
}
