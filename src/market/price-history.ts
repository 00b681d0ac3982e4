/** What one coin cost over the last weeks: from the archive where the coin is followed, else as a source tells it. */
import { LRUCache } from "lru-cache";
import { orAborted } from "../lib/abort.ts";
import type { Asset, MarketLog, PriceSource, Series } from "./types.ts";

const historyDays = 30;
/** Fewer days are no course. */
const fewestDays = 7;
/** One line a coin and hour, whoever asks; a failure is kept for a while too. */
const keptMs = 60 * 60_000;
const failureKeptMs = 60_000;

interface Asked {
  readonly until: number;
  readonly series: Promise<Series | null>;
}

export interface PriceHistoryOptions {
  readonly sources: readonly PriceSource[];
  readonly archive: (metric: string, days: number) => Promise<Series | null>;
  /** Whether every hourly answer holds the coin: its past is in the archive, and asking for more would cost the hour's budget. */
  readonly comesHourly: (asset: Asset) => boolean;
  readonly now: () => Date;
  readonly log: MarketLog;
  /** Ends what is being asked when the program stops; one member who gives up does not. */
  readonly stop: AbortSignal | undefined;
}

/** @returns null where too few days are known; rejects only with the signal's reason */
export function createPriceHistory({ sources, archive, comesHourly, now, log, stop }: PriceHistoryOptions) {
  const asked = new LRUCache<string, Asked>({ max: 500 });

  async function ask(asset: Asset): Promise<Series | null> {
    for (const source of sources) {
      const points = await source.history?.(asset, historyDays, stop ?? new AbortController().signal);
      if (points !== undefined && points.length >= fewestDays) return { source: source.name, points };
    }
    return null;
  }

  function told(asset: Asset): Promise<Series | null> {
    const known = asked.get(asset.id);
    if (known !== undefined && now().getTime() < known.until) return known.series;
    const entry = (series: Promise<Series | null>, ms: number) => asked.set(asset.id, { until: now().getTime() + ms, series });
    const series = ask(asset).catch((error: unknown) => {
      log.warn({ asset: asset.id, err: error }, "what a coin cost in the past could not be read");
      entry(Promise.resolve(null), failureKeptMs);
      return null;
    });
    entry(series, keptMs);
    return series;
  }

  return async (asset: Asset, signal: AbortSignal): Promise<Series | null> => {
    const own = await archive(`${asset.id}.price`, historyDays).catch((error: unknown) => {
      log.error({ err: error }, "stored figures could not be read");
      return null;
    });
    if (own !== null && own.points.length >= fewestDays) return own;
    return comesHourly(asset) ? null : orAborted(told(asset), signal);
  };
}
