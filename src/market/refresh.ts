/** The live answer of the price sources for the watch list. */
import type { Figure } from "../core/figure.ts";
import { createLiveAnswer, type LiveAnswer, type LiveAnswerOptions } from "./live-answer.ts";
import type { Asset, PriceSource } from "./types.ts";

interface RefreshOptions extends Omit<LiveAnswerOptions, "sources"> {
  /** Best first. */
  readonly sources: readonly PriceSource[];
  readonly assets: readonly Asset[];
}

export function createRefresh({ sources, assets, log, ...rest }: RefreshOptions): LiveAnswer {
  let missing = "";

  /** A delisted or renamed coin shows as a gap: it is logged once, not at every refresh. */
  function noteMissing(source: PriceSource, figures: readonly Figure[]): void {
    const gaps = assets.filter((asset) => !figures.some((f) => f.metric === `${asset.id}.price`)).map((asset) => asset.id);
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
        const figures = await source.fetch(assets, signal);
        if (figures.length > 0) noteMissing(source, figures);
        return figures;
      },
    })),
  });
  if (sources.length > 0) return live;
  return { ...live, get: () => Promise.resolve({ figures: null, troubles: ["no price source is switched on"] }) };
}
