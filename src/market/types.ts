/** What the market domain works with, and its ports: price sources and the figure archive. */
import type { Figure } from "../core/figure.ts";
import type { ReceiptId } from "../core/ids.ts";

/** An asset of the watch list, under the id of every source that knows it. */
export interface Asset {
  /** Our id, first part of its metrics: `render` in `render.market_cap`. */
  readonly id: string;
  readonly name: string;
  readonly ticker: string;
  /** Other names people use, in lower case: earlier tickers, full names. */
  readonly aliases: readonly string[];
  readonly coingecko: string;
  /** Null where CoinPaprika's id is not certain: a wrong id would show another coin's price. */
  readonly coinpaprika: string | null;
}

/** A place that prices come from. Everything in one answer is of this one source. */
export interface PriceSource {
  readonly name: string;
  /** Milliseconds for which an answer is used again: the source's own pace and quota decide. */
  readonly freshMs: number;
  /**
   * Current figures: `<asset>.price`, `<asset>.market_cap`, `<asset>.change_24h` for the assets it knows, and
   * `sector.market_cap`, `sector.change_24h` where it has the sector. What the source does not say, or says with a time
   * long past, is left out, never zero. At least one figure.
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

/** What the domain writes about its work. */
export interface MarketLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Where the figures of a view come from: now, the last good answer, or the bundled snapshot. */
export type Origin = "live" | "stored" | "baseline";

export interface MarketView {
  /** Of one source, the sector first, then in the order of the watch list. */
  readonly figures: readonly Figure[];
  readonly origin: Origin;
  /** What went wrong at each source that was asked in vain, in words such as "CoinGecko did not answer in time". */
  readonly troubles: readonly string[];
}

/** The market domain as commands see it. */
export interface Market {
  readonly assets: readonly Asset[];
  /** An asset by name, ticker or id; null where none is meant. */
  asset(query: string): Asset | null;
  /** The assets that were probably meant, best first; all of them for an empty query. */
  nearest(query: string): readonly Asset[];
  /**
   * Live figures, else the last stored ones marked stale, else the baseline. Never rejects for a source's or the store's
   * failure, only with the signal's reason.
   */
  view(signal: AbortSignal): Promise<MarketView>;
  /** The best known figure of a metric without asking the network; null where the metric is unknown. */
  known(metric: string): Promise<Figure | null>;
  /** The figure behind a receipt, however the receipt was typed; rejects where the archive cannot be read. */
  receipt(id: string): Promise<Figure | null>;
}

/** A place that one network's fundamentals come from. */
export interface NetworkSource {
  /** The network's id, first part of its metrics: `filecoin`. */
  readonly id: string;
  /** The service, as a person would call it. */
  readonly name: string;
  /** What it can say, in the order in which it is shown. */
  readonly metrics: readonly string[];
  /** Milliseconds for which an answer is used again. */
  readonly freshMs: number;
  /**
   * Current figures of its metrics. What the source does not say is left out, never zero. At least one figure.
   * @throws UpstreamError
   */
  fetch(signal: AbortSignal): Promise<readonly Figure[]>;
}

/** A network whose fundamentals are followed. */
export interface Network {
  /** An asset's id. */
  readonly id: string;
  /** Best first; `source` is null where it is turned off. */
  readonly sources: readonly { readonly name: string; readonly metrics: readonly string[]; readonly source: NetworkSource | null }[];
  /** Why it has no source. */
  readonly note?: string;
}

/** What is known of one network. */
export interface NetworkView {
  readonly id: string;
  readonly name: string;
  /** The live ones, of one source; behind them, marked stale, what was last known of the metrics it did not give. */
  readonly figures: readonly Figure[];
  /** The metrics of which nothing is known. */
  readonly missing: readonly string[];
  /** What went wrong at each source that was asked in vain. */
  readonly troubles: readonly string[];
  /** Why nothing is live, where that is nobody's failure. */
  readonly note?: string;
}

/** The networks as commands see them. */
export interface Networks {
  /** What each network is called, in the order in which they are shown. */
  readonly names: readonly Asset[];
  /** A network by name, ticker or id; null where none is meant. */
  find(query: string): Asset | null;
  /** The networks that were probably meant, best first; all of them for an empty query. */
  nearest(query: string): readonly Asset[];
  /**
   * All networks, or the one of this id, asked at the same time. Never rejects for a source's or the store's failure, only
   * with the signal's reason.
   */
  views(signal: AbortSignal, id?: string): Promise<readonly NetworkView[]>;
}
