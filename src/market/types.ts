/** What the market domain works with, and its ports: price sources and the figure archive. */
import type { Trouble } from "../core/errors.ts";
import type { Figure } from "../core/figure.ts";
import type { ReceiptId } from "../core/ids.ts";

/** A coin, under the id of every source that knows it. */
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

/** What a source that lists coins says of one, beside its figures. */
export interface Listing {
  /** CoinGecko's id. */
  readonly coin: string;
  readonly name: string;
  readonly ticker: string;
  /** Place among all coins by market cap; null where it has none. */
  readonly rank: number | null;
  /** Whether CoinGecko counts it as DePIN. */
  readonly depin: boolean;
}

/** One answer of a source. */
export interface Quotes {
  readonly figures: readonly Figure[];
  /** None from a source that does not list coins. */
  readonly listings: readonly Listing[];
}

/** What a single question can be about: one coin, the DePIN sector, or all coins together. */
export type Subject = Asset | "sector" | "global";

/** A place that prices come from. Everything in one answer is of this one source. */
export interface PriceSource {
  readonly name: string;
  /** Milliseconds for which an answer is used again: the source's own pace and quota decide. */
  readonly freshMs: number;
  /** Whether its answers come with listings, so that it can say whether a CoinGecko id exists. */
  readonly lists: boolean;
  /**
   * Current figures: `<asset>.price`, `.market_cap`, `.volume_24h`, `.change_24h`, `.change_7d`, `.change_30d` for the assets it
   * knows (and for the sector's members, where it lists them), `sector.*` and `global.*` where it has them. What the source
   * does not say, or says with a time long past, is left out, never zero. At least one figure.
   * @throws UpstreamError
   */
  fetch(assets: readonly Asset[], signal: AbortSignal): Promise<Quotes>;
  /**
   * One subject alone. Nothing, and no request, where the source does not know such a subject.
   * @throws UpstreamError
   */
  ask(subject: Subject, signal: AbortSignal): Promise<Quotes>;
  /**
   * What a coin cost in US dollars, the last price of each UTC day, oldest first; only from a source that tells the past.
   * What is no price is left out, never zero.
   * @throws UpstreamError
   */
  history?(asset: Asset, days: number, signal: AbortSignal): Promise<Series["points"]>;
}

/** Stored figures. */
export interface FigureStore {
  /** Stores figures under their receipts; saving one twice changes nothing. Durable when it resolves. */
  save(figures: readonly Figure[]): Promise<void>;
  /** The newest stored figure of each metric. */
  latest(): Promise<readonly Figure[]>;
  find(id: ReceiptId): Promise<Figure | null>;
  /** Those of these receipts that are stored, in their order. */
  findAll(ids: readonly ReceiptId[]): Promise<readonly Figure[]>;
  /** Of each of these metrics and each source, the last figure fetched at or before the instant, and at most so long before it. */
  at(metrics: readonly string[], instant: Date, toleranceMs: number): Promise<readonly Figure[]>;
  /** Of each UTC day and each source, the day's last figure of a metric that was fetched from `from` to before `to`; oldest first. */
  series(metric: string, from: Date, to: Date): Promise<readonly Figure[]>;
  /** The newest figure of a metric that is not of this source. */
  other(metric: string, sourceName: string): Promise<Figure | null>;
  /**
   * Forgets what the archive need not keep: behind 7 days all but the last figure of an hour, behind 90 days all but the last of
   * a UTC day, of each metric and source. The newest of each always stays, and so does what a digest shows or what decided a forecast. Does its work once an hour at most; resolves to how
   * many were forgotten.
   */
  prune(now: Date): Promise<number>;
}

/** What the domain writes about its work. */
export interface MarketLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Where the figures of a view come from: now, the last good answer, or the bundled snapshot. */
export type Origin = "live" | "stored" | "baseline";

export interface MarketView {
  /** Of one source: the sector first, then all coins together, then in the order of the watch list. */
  readonly figures: readonly Figure[];
  readonly origin: Origin;
  /** What went wrong at each source that was asked in vain. */
  readonly troubles: readonly Trouble[];
  /** What whoever asked follows: the watch list, without and with what their community chose. */
  readonly assets: readonly Asset[];
  /** CoinGecko ids that the community follows and the last question to the source did not hold. */
  readonly leftOut: readonly string[];
}

/** What a community follows differently from the watch list, in CoinGecko ids. */
export interface Follows {
  readonly watched: readonly string[];
  readonly unwatched: readonly string[];
}

/** The sector's members that moved most over 24 h, and were traded enough for that to mean something. */
export interface Movers {
  /** Changes in percent, most up first. */
  readonly up: readonly Figure[];
  /** Changes in percent, most down first. */
  readonly down: readonly Figure[];
  /** US dollars traded in 24 h from which a coin counts. */
  readonly floor: number;
}

export const periods = ["24h", "7d", "30d", "baseline"] as const;
export type Period = (typeof periods)[number];

/** How a metric changed. */
export interface Change {
  readonly period: Period;
  /** In percent, under its own receipt; where it was worked out, `raw` names both figures with theirs. */
  readonly figure: Figure;
  /** Worked out from stored figures or the bundled snapshot, or said by the source itself. */
  readonly from: "archive" | "source";
}

/** Whether a figure was worked out from others, whose receipts it names, and not said by its source. */
export const isWorkedOut = ({ metric, source }: Figure): boolean =>
  /[^.]_change_(24h|7d|30d|baseline)$/.test(metric) || source.name.startsWith("Depinion, from ");

/** A figure read again, beside what another source says. */
export interface SecondLook {
  /** The same metric at the same source, now; null where it could not be read. */
  readonly again: Figure | null;
  /** Of the first other source that knows the metric. */
  readonly other: Figure | null;
  readonly troubles: readonly Trouble[];
}

/** The market domain as commands see it. */
export interface Market {
  /** The watch list. */
  readonly assets: readonly Asset[];
  /** An asset of the watch list by name, ticker or id; null where none is meant. */
  asset(query: string): Asset | null;
  /** The assets that were probably meant, best first; all of them for an empty query. */
  nearest(query: string): readonly Asset[];
  /**
   * The coin with this CoinGecko id; null where there is none. Asks the source only where the coin is not known yet.
   * @throws UpstreamError where the source does not answer, or the signal's reason
   */
  lookUp(id: string, signal: AbortSignal): Promise<Asset | null>;
  /**
   * Live figures, else the last stored ones marked stale, else the baseline. Never rejects for a source's or the store's
   * failure, only with the signal's reason.
   */
  view(signal: AbortSignal, follows?: Follows): Promise<MarketView>;
  /** The best known figure of a metric without asking the network; null where the metric is unknown. */
  known(metric: string): Promise<Figure | null>;
  /** The sector's movers of the live answer; null where no source that lists the sector's members answered. */
  movers(): Promise<Movers | null>;
  /**
   * How a figure that is shown changed, in the order of `periods`; a period of which nothing is known is left out.
   * From stored figures of the same source, else as the source says itself; against the baseline where that has the metric.
   */
  changes(shown: Figure): Promise<readonly Change[]>;
  /**
   * The stored values of a metric, the last of each UTC day, of the one source that has most of them; null where there are none.
   * Rejects where the archive cannot be read.
   */
  series(metric: string, days: number): Promise<Series | null>;
  /**
   * What a coin cost over the last 30 days, a value a day: as it is stored, and of a coin that nobody follows as a source tells it; null
   * where fewer than seven days are known. Rejects only with the signal's reason.
   */
  history(asset: Asset, signal: AbortSignal): Promise<Series | null>;
  /** The figure behind a receipt, however the receipt was typed; rejects where the archive cannot be read. */
  receipt(id: string): Promise<Figure | null>;
  /** The last stored figure of the same metric from another source; null where there is none. */
  other(figure: Figure): Promise<Figure | null>;
  /** Reads a price source's figure again, now; null where it is none. Rejects only with the signal's reason. */
  secondLook(figure: Figure, signal: AbortSignal): Promise<SecondLook | null>;
}

/** The course of one metric as one source tells it. */
export interface Series {
  /** As a person would call it. */
  readonly source: string;
  /** Oldest first; at least one. */
  readonly points: readonly { readonly at: Date; readonly value: number }[];
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

/** Whose statistics are neither documented nor meant for others. */
type NetworkNote = "render";

/** A network whose fundamentals are followed. */
export interface Network {
  /** An asset's id. */
  readonly id: string;
  /** Best first; `source` is null where it is turned off. */
  readonly sources: readonly { readonly name: string; readonly metrics: readonly string[]; readonly source: NetworkSource | null }[];
  /** Why it has no source, in the catalogue's words. */
  readonly note?: NetworkNote;
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
  readonly troubles: readonly Trouble[];
  /** Why nothing is live, where that is nobody's failure. */
  readonly note?: NetworkNote | "off";
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
