/** The live answer of the price sources for the coins that are followed. */
import type { Figure } from "../core/figure.ts";
import { createLiveAnswer, type LiveAnswer, type LiveAnswerOptions } from "../lib/live-answer.ts";
import type { Asset, PriceSource, Quotes } from "./types.ts";

interface RefreshOptions extends Omit<LiveAnswerOptions, "sources"> {
  /** Best first. */
  readonly sources: readonly PriceSource[];
  /** The coins to ask for, read anew before each question; does not reject. */
  readonly assets: () => Promise<readonly Asset[]>;
  /** Told of every good answer, and of the coins that were asked for. */
  readonly learn: (quotes: Quotes, asked: readonly Asset[]) => void;
}

export function createRefresh({ sources, assets, learn, log, ...rest }: RefreshOptions): LiveAnswer {
  let missing = "";

  /** A delisted or renamed coin shows as a gap: it is logged once, not at every refresh. */
  function noteMissing(source: PriceSource, asked: readonly Asset[], figures: readonly Figure[]): void {
    const priced = new Set(figures.map(({ metric }) => metric));
    const gaps = asked.filter(({ id }) => !priced.has(`${id}.price`)).map(({ id }) => id);
    const key = gaps.length === 0 ? "" : `${source.name} ${gaps.join(" ")}`;
    if (key !== "" && key !== missing) log.warn({ source: source.name, assets: gaps }, "the source has no usable price for these assets");
    missing = key;
  }

  const live = createLiveAnswer({
    ...rest,
    log,
    sources: sources.map((source) => ({
      name: source.name,
      freshMs: source.freshMs,
      async fetch(signal) {
        const asked = await assets();
        const quotes = await source.fetch(asked, signal);
        if (quotes.figures.length > 0) {
          learn(quotes, asked);
          noteMissing(source, asked, quotes.figures);
        }
        return quotes.figures;
      },
    })),
  });
  if (sources.length > 0) return live;
  return { ...live, get: () => Promise.resolve({ figures: null, troubles: [{ source: null, kind: "switched_off" }] }) };
}
