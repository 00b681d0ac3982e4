/** What a file in `networks/` defines, and how it turns what was said into figures. */
import { z } from "zod";
import { UpstreamError } from "../core/errors.ts";
import { type Figure, figure, type Unit } from "../core/figure.ts";
import type { Http } from "../lib/http.ts";
import { type WrittenNumber, writtenNumber } from "../lib/http-json.ts";
import type { MarketLog, NetworkSource } from "./types.ts";

/** A source before it knows its address. `S` is the setting that holds it. */
export interface NetworkDefinition<S extends string> extends Omit<NetworkSource, "fetch"> {
  readonly setting: S;
  /** As `NetworkSource.fetch`. */
  fetch(asking: Asking): Promise<readonly Figure[]>;
}

/** What a definition asks with. */
export interface Asking {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly http: Http;
  readonly now: () => Date;
  /** Told what is left out of an answer. */
  readonly log: MarketLog;
  readonly signal: AbortSignal;
}

/** A whole number of an answer, exact at any size, with its own spelling. */
interface WrittenInteger {
  readonly value: bigint;
  readonly raw: string;
}

/** No honest count of bytes or coins is longer, and an endless one would cost time. */
const maxDigits = 40;

/** The whole number that a text of digits, or a number of an answer, stands for; null for a negative one and all else. */
export function readInteger(said: string | WrittenNumber): WrittenInteger | null {
  const raw = typeof said === "string" ? said : said.raw;
  if (/^\d+$/.test(raw) && raw.length <= maxDigits) return { value: BigInt(raw), raw };
  // 1e6 and 12.0 are whole, too; beyond 2^53 a number written so is not known exactly.
  return typeof said !== "string" && Number.isSafeInteger(said.value) && said.value >= 0 ? { value: BigInt(said.value), raw } : null;
}

const integer = z.union([z.string(), writtenNumber]).transform(readInteger);
/** A whole number of an answer, zero included; all else is "not said". */
export const saidInteger = integer.nullish().catch(null);
/** The same for what is never zero while a network lives: a zero stands for "unknown" there. */
export const saidCount = integer
  .transform((said) => (said === null || said.value === 0n ? null : said))
  .nullish()
  .catch(null);

/** An amount of a coin's smallest unit as the nearest number of whole coins: 31205630 winston are 0.00003120563 AR. */
export const coins = (smallest: bigint, decimals: number): number => Number(`${smallest}e-${decimals}`);

/** One value of an answer. */
interface Part {
  readonly metric: string;
  readonly label: string;
  readonly unit: Unit;
  /** In that unit, and as it was written; nothing where the source does not say it. */
  readonly said: { readonly value: number | bigint; readonly raw: string } | null | undefined;
  /** Where a person can check it. */
  readonly url: string;
}

interface Circumstances {
  /** The service. */
  readonly source: string;
  /** The source's own time; null where it gives none. */
  readonly observedAt: Date | null;
  readonly fetchedAt: Date;
}

/** The figures of what was said; what was not is left out. */
export const toFigures = ({ source: name, observedAt, fetchedAt }: Circumstances, parts: readonly Part[]): readonly Figure[] =>
  parts.flatMap(({ url, said, ...part }) =>
    said === null || said === undefined
      ? []
      : [figure({ ...part, ...said, source: { name, url }, observedAt, precision: "instant", fetchedAt, state: "live" })],
  );

/**
 * The figures of an answer that comes in parts. A part that fails is left out and logged; where all fail, so does the whole.
 * @throws UpstreamError
 */
export async function gather(source: string, log: MarketLog, parts: readonly Promise<readonly Figure[]>[]): Promise<readonly Figure[]> {
  const settled = await Promise.allSettled(parts);
  const figures = settled.flatMap((part) => (part.status === "fulfilled" ? part.value : []));
  const failures: readonly unknown[] = settled.flatMap((part) => (part.status === "rejected" ? [part.reason] : []));
  if (figures.length === 0 && failures.length > 0) throw failures[0];
  for (const error of failures) log.warn({ source, err: error }, "a part of a network's figures could not be read");
  return figures;
}

/** Services may stand still and go on serving their last answer: what is older than this is not the present. */
const maxObservedAgeMs = 24 * 3_600_000;

/**
 * A source's own time; null where it gives none that can be read.
 * @param at milliseconds since 1970
 * @throws UpstreamError where it is more than a day from now
 */
export function observedTime(source: string, at: number | null, now: Date): Date | null {
  if (at === null || Number.isNaN(new Date(at).getTime())) return null;
  if (Math.abs(now.getTime() - at) > maxObservedAgeMs) throw new UpstreamError(source, "bad_shape", { detail: "not of today" });
  return new Date(at);
}

/** A time in seconds since 1970, as `observedTime` takes it. */
export const fromSeconds = (said: WrittenInteger | null | undefined): number | null =>
  said === null || said === undefined ? null : Number(said.value) * 1000;
