/** What the market domain works with, and its ports: price sources and the figure archive. */
import type { Figure } from "../core/figure.ts";
import type { ReceiptId } from "../core/ids.ts";

/** An asset of the watch list, under the id of every source that knows it. */
export interface Asset {
  /** Our id, first part of its metrics: `render` in `render.market_cap`. */
  readonly id: string;
  readonly name: string;
  readonly ticker: string;
  readonly coingecko: string;
  /** Null where CoinPaprika's id is not certain: a wrong id would show another coin's price. */
  readonly coinpaprika: string | null;
}

/** A place that prices come from. Everything in one answer is of this one source. */
export interface PriceSource {
  readonly name: string;
  /** The page a person can check the figures on. */
  readonly url: string;
  /**
   * Current figures: `<asset>.price`, `<asset>.market_cap`, `<asset>.change_24h` for the assets it knows, and
   * `sector.market_cap`, `sector.change_24h` where it has the sector. What the source does not say is left out, never zero.
   * @throws UpstreamError
   */
  fetch(assets: readonly Asset[], signal: AbortSignal): Promise<readonly Figure[]>;
}

/** Stored figures. */
export interface FigureStore {
  /** Stores figures under their receipts; saving one twice changes nothing. Durable when it resolves. */
  save(figures: readonly Figure[]): Promise<void>;
  /** The newest stored figure of each metric. */
  latest(): Promise<readonly Figure[]>;
  find(id: ReceiptId): Promise<Figure | null>;
}

/** Where the figures of a view come from: now, the last good answer, or the bundled snapshot. */
export type Origin = "live" | "stored" | "baseline";

export interface MarketView {
  readonly figures: readonly Figure[];
  readonly origin: Origin;
  /** Why the figures are not live, as names and kinds of failures a person can read; empty when they are. */
  readonly troubles: readonly string[];
}

/** The market domain as commands see it. */
export interface Market {
  readonly assets: readonly Asset[];
  /** An asset by name, ticker or id; null where none is meant. */
  asset(query: string): Asset | null;
  nearest(query: string): readonly Asset[];
  /** Live figures, else the last stored ones marked stale, else the baseline. Never throws for a source's failure. */
  view(signal: AbortSignal): Promise<MarketView>;
  /** The best known figure of a metric without asking the network; null where the metric is unknown. */
  known(metric: string): Promise<Figure | null>;
  receipt(id: string): Promise<Figure | null>;
}
