/** How a metric changed: worked out from two figures, or as its source says itself. */
import { type Figure, figure } from "../core/figure.ts";
import type { Change, Period } from "./types.ts";

const hour = 3_600_000;

/** The periods that end now, and how much longer than that the stored figure may lie back. */
export const spans = [
  { period: "24h", ms: 24 * hour, toleranceMs: 2 * hour, words: "over 24 h" },
  { period: "7d", ms: 7 * 24 * hour, toleranceMs: 12 * hour, words: "over 7 d" },
  { period: "30d", ms: 30 * 24 * hour, toleranceMs: 36 * hour, words: "over 30 d" },
] as const satisfies readonly { period: Period; ms: number; toleranceMs: number; words: string }[];
type Span = (typeof spans)[number];

/** The source's own change of a metric over a period, as it is called here; null where sources say none. */
export function saidChange(metric: string, period: Span["period"]): string | null {
  const dot = metric.lastIndexOf(".");
  const [subject, name] = [metric.slice(0, dot), metric.slice(dot + 1)];
  // What sources call the change of a coin is that of its price; of the sector and of all coins, that of the market cap.
  return name === (subject === "sector" || subject === "global" ? "market_cap" : "price") ? `${subject}.change_${period}` : null;
}

/**
 * The change from one figure to another in percent, as a figure of its own; null where none can be worked out. It is dated like
 * the newer one, so that the same two figures always give the same receipt.
 */
export function changeBetween(then: Figure, now: Figure, period: Period, words: string): Figure | null {
  if (then.value === null || now.value === null || then.unit !== now.unit || now.unit === "percent") return null;
  const [from, to] = [Number(then.value), Number(now.value)];
  const value = ((to - from) / from) * 100;
  if (!Number.isFinite(value)) return null;
  const by = then.source.name === now.source.name ? ", worked out by Depinion" : ` against ${then.source.name}`;
  const parts = {
    metric: `${now.metric}_change_${period}`,
    label: `${now.label}, change ${words}`,
    value,
    unit: "percent",
    source: { name: `${now.source.name}${by}`, url: now.source.url },
    observedAt: now.observedAt,
    precision: now.precision,
    fetchedAt: now.fetchedAt,
    raw: `${now.raw} (${now.id}) against ${then.raw} (${then.id})`,
    state: now.state,
  } as const;
  return figure(then.bound === undefined && now.bound === undefined ? parts : { ...parts, bound: "about" });
}

export interface ChangeParts {
  /** The stored figure of the same metric and source at, or at most so long before, an instant. */
  readonly past: (current: Figure, instant: Date, toleranceMs: number) => Promise<Figure | null>;
  /** Another metric in the same answer of the same source. */
  readonly beside: (current: Figure, metric: string) => Promise<Figure | null>;
  /** The bundled figure of a metric. */
  readonly bundled: (metric: string) => Figure | undefined;
}

/** All changes of a figure that can be told. */
export async function changesOf(current: Figure, { past, beside, bundled }: ChangeParts): Promise<readonly Change[]> {
  const old = bundled(current.metric);
  // The bundled figure itself did not change.
  if (old?.id === current.id) return [];
  const changes = await Promise.all(
    spans.map(async (span): Promise<Change | null> => {
      const { period, ms, toleranceMs, words } = span;
      const then = await past(current, new Date(current.fetchedAt.getTime() - ms), toleranceMs);
      const own = then === null || !isApart(then, current, span) ? null : changeBetween(then, current, period, words);
      if (own !== null) return { period, figure: own, from: "archive" };
      const metric = saidChange(current.metric, period);
      const said = metric === null ? null : await beside(current, metric);
      return said === null ? null : { period, figure: said, from: "source" };
    }),
  );
  const since = old === undefined ? null : changeBetween(old, current, "baseline", "since August 2024");
  return [...changes, since === null ? null : { period: "baseline" as const, figure: since, from: "archive" as const }].filter(
    (change) => change !== null,
  );
}

/** What was fetched a day apart may have been observed at nearly the same time, where a source stood still. */
function isApart(then: Figure, now: Figure, { ms, toleranceMs }: Span): boolean {
  if (then.precision !== "instant" || now.precision !== "instant" || then.observedAt === null || now.observedAt === null) return true;
  const apart = now.observedAt.getTime() - then.observedAt.getTime();
  return apart >= ms - toleranceMs && apart <= ms + 2 * toleranceMs;
}
