/** Turns what a source wrote into figures, and leaves out what only looks like a value. */
import { z } from "zod";
import { type Figure, figure } from "../core/figure.ts";
import { type WrittenNumber, writtenNumber } from "../lib/http-json.ts";
import type { Asset } from "./types.ts";

/** A number of an answer: missing, null and anything that is no number are all "not said". */
export const saidNumber = writtenNumber.nullish().catch(null);
/** A text of an answer, in the same way. */
export const saidText = z.string().nullish().catch(null);

/** Sources keep dead coins for months with their last values: what is older than this is not the present. */
const maxObservedAgeMs = 24 * 3_600_000;

/** What is said about one asset, the sector or all coins. */
interface Observation {
  /** First part of the metric: an asset's id, `sector` or `global`. */
  readonly subject: string;
  /** What a person calls it. */
  readonly name: string;
  /** The page where a person can check it. */
  readonly url: string;
  readonly price?: WrittenNumber | null | undefined;
  readonly marketCap?: WrittenNumber | null | undefined;
  /** In percent; callers must not confuse it with an absolute change, which CoinGecko gives under a similar name. */
  readonly change24h?: WrittenNumber | null | undefined;
  readonly change7d?: WrittenNumber | null | undefined;
  readonly change30d?: WrittenNumber | null | undefined;
  /** In US dollars. */
  readonly volume24h?: WrittenNumber | null | undefined;
  readonly updated: string | null | undefined;
}

/**
 * The figures of an observation. A price, market cap or volume that is not above zero is a placeholder for "unknown", a change
 * below −100 % is impossible, and an observation that is dated more than a day before or after `now` is none.
 */
export function observe(source: string, seen: Observation, now: Date): readonly Figure[] {
  const observedAt = seen.updated === null || seen.updated === undefined ? null : readTime(seen.updated);
  if (observedAt !== null && Math.abs(now.getTime() - observedAt.getTime()) > maxObservedAgeMs) return [];
  const common = {
    source: { name: source, url: seen.url },
    observedAt,
    precision: "instant",
    fetchedAt: now,
    state: "live",
  } as const;
  const made: Figure[] = [];
  const add = (metric: string, label: string, unit: "usd" | "percent", said: WrittenNumber | null | undefined, above: number) => {
    if (said === null || said === undefined || said.value <= above) return;
    made.push(
      figure({ ...common, metric: `${seen.subject}.${metric}`, label: `${seen.name} ${label}`, unit, value: said.value, raw: said.raw }),
    );
  };
  add("price", "price", "usd", seen.price, 0);
  add("market_cap", "market cap", "usd", seen.marketCap, 0);
  add("change_24h", "24 h change", "percent", seen.change24h, -100);
  add("change_7d", "7 d change", "percent", seen.change7d, -100);
  add("change_30d", "30 d change", "percent", seen.change30d, -100);
  add("volume_24h", "24 h volume", "usd", seen.volume24h, 0);
  return made;
}

/** A date with a time zone; null for anything else, so that an unreadable time is never taken as today. */
function readTime(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** What can be said of every subject, in the order in which it is shown. */
export const subjectMetrics = ["price", "market_cap", "change_24h", "change_7d", "change_30d", "volume_24h"] as const;

/** Every metric of a market view, in the order in which it is shown. */
export const viewMetrics = (assets: readonly Asset[]): readonly string[] =>
  ["sector", "global", ...assets.map(({ id }) => id)].flatMap((subject) => subjectMetrics.map((metric) => `${subject}.${metric}`));

/** Seconds since 1970, as some sources date their figures, in the form that `observe` reads; null for what is no such time. */
export function dated(seconds: WrittenNumber | null | undefined): string | null {
  const at = new Date((seconds?.value ?? Number.NaN) * 1000);
  return Number.isNaN(at.getTime()) || at.getTime() <= 0 ? null : at.toISOString();
}
