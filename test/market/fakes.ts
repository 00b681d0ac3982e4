/** Price sources and an archive that a test holds in its hand. */
import { UpstreamError, type UpstreamKind } from "../../src/core/errors.ts";
import { type Figure, figure } from "../../src/core/figure.ts";
import type { ReceiptId } from "../../src/core/ids.ts";
import { subjectOf } from "../../src/market/assets.ts";
import type { Asset, FigureStore, Listing, PriceSource, Quotes, Series, Subject } from "../../src/market/types.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

/** An archive in memory; `broken` makes every call fail. */
export class MemoryFigures implements FigureStore {
  readonly #figures = createMemoryStores().figures;
  broken = false;
  reads = 0;
  /** Questions about instants. */
  looked = 0;
  #store(): FigureStore {
    if (this.broken) throw new Error("disk full");
    return this.#figures;
  }
  async save(figures: readonly Figure[]): Promise<void> {
    await this.#store().save(figures);
  }
  async latest(): Promise<readonly Figure[]> {
    this.reads++;
    return this.#store().latest();
  }
  async find(id: ReceiptId): Promise<Figure | null> {
    return this.#store().find(id);
  }
  async findAll(ids: readonly ReceiptId[]): Promise<readonly Figure[]> {
    return this.#store().findAll(ids);
  }
  async at(metrics: readonly string[], instant: Date, toleranceMs: number): Promise<readonly Figure[]> {
    this.looked++;
    return this.#store().at(metrics, instant, toleranceMs);
  }
  async series(metric: string, from: Date, to: Date): Promise<readonly Figure[]> {
    return this.#store().series(metric, from, to);
  }
  async other(metric: string, sourceName: string): Promise<Figure | null> {
    return this.#store().other(metric, sourceName);
  }
  async prune(now: Date): Promise<number> {
    return this.#store().prune(now);
  }
}

interface Said {
  readonly price?: number;
  readonly cap?: number;
  readonly change?: number;
  readonly week?: number;
  readonly month?: number;
  readonly volume?: number;
}

/** A coin that the source lists, by CoinGecko's id. */
interface Listed extends Said, Pick<Listing, "name" | "ticker" | "rank" | "depin"> {}

/** A source that answers what it is told to, or fails, or waits until it is let go. */
export class FakeSource implements PriceSource {
  readonly name: string;
  readonly lists: boolean;
  freshMs = 60_000;
  /** By our id. */
  says: Readonly<Record<string, Said>> = {};
  /** By CoinGecko's id; members of the sector come with every answer. */
  listed: Readonly<Record<string, Listed>> = {};
  /** Dollars, the last price of each day, by our id; a source that holds none tells no past. */
  past: Readonly<Record<string, Series["points"]>> = {};
  pastAsked = 0;
  sector: Said | null = null;
  global: Said | null = null;
  fails: UpstreamError | Error | null = null;
  hold: Promise<void> | null = null;
  asked = 0;
  /** Names of the subjects that were asked for one by one. */
  readonly askedFor: string[] = [];
  /** CoinGecko ids of the last whole question. */
  wanted: readonly string[] = [];
  readonly #now: () => Date;
  constructor(name: string, now: () => Date) {
    this.name = name;
    this.lists = name === "CoinGecko";
    this.#now = now;
  }
  failing(kind: UpstreamKind, retryAfterMs?: number): this {
    this.fails = new UpstreamError(this.name, kind, retryAfterMs === undefined ? {} : { retryAfterMs });
    return this;
  }
  async fetch(assets: readonly Asset[], _signal: AbortSignal): Promise<Quotes> {
    this.asked++;
    this.wanted = assets.map(({ coingecko }) => coingecko);
    await this.#turn();
    const members = Object.keys(this.listed).filter((coin) => this.listed[coin]?.depin === true);
    const figures = [
      ...this.#of("sector"),
      ...this.#of("global"),
      ...assets.flatMap((asset) => this.#of(asset)),
      ...members
        .filter((coin) => !this.wanted.includes(coin))
        .flatMap((coin) => this.#figures(subjectOf(coin), this.listed[coin]?.name ?? coin, this.listed[coin])),
    ];
    return { figures, listings: [...members, ...this.wanted].flatMap((coin) => this.#listing(coin)) };
  }
  async ask(subject: Subject, _signal: AbortSignal): Promise<Quotes> {
    this.askedFor.push(typeof subject === "string" ? subject : subject.coingecko);
    await this.#turn();
    return { figures: this.#of(subject), listings: typeof subject === "string" ? [] : this.#listing(subject.coingecko) };
  }
  async history(asset: Asset): Promise<Series["points"]> {
    this.pastAsked++;
    await this.#turn();
    return this.past[asset.id] ?? [];
  }
  async #turn(): Promise<void> {
    await this.hold;
    if (this.fails !== null) throw this.fails;
  }
  #listing(coin: string): readonly Listing[] {
    const said = this.listed[coin];
    if (said === undefined || !this.lists) return [];
    const { name, ticker, rank, depin } = said;
    return [{ coin, name, ticker, rank, depin }];
  }
  #of(subject: Subject): readonly Figure[] {
    if (subject === "sector") return this.#figures("sector", "DePIN sector", this.sector ?? undefined);
    if (subject === "global") return this.#figures("global", "Whole crypto", this.global ?? undefined);
    const listed = this.listed[subject.coingecko];
    return this.#figures(subject.id, listed?.name ?? subject.name, this.says[subject.id] ?? listed);
  }
  #figures(subject: string, name: string, said: Said | undefined): readonly Figure[] {
    const at = this.#now();
    const parts = [
      ["price", "price", "usd", said?.price],
      ["market_cap", "market cap", "usd", said?.cap],
      ["change_24h", "24 h change", "percent", said?.change],
      ["change_7d", "7 d change", "percent", said?.week],
      ["change_30d", "30 d change", "percent", said?.month],
      ["volume_24h", "24 h volume", "usd", said?.volume],
    ] as const;
    return parts.flatMap(([metric, label, unit, value]) =>
      value === undefined
        ? []
        : figure({
            metric: `${subject}.${metric}`,
            label: `${name} ${label}`,
            unit,
            value,
            raw: String(value),
            source: { name: this.name, url: `https://prices.example/${subject}.${metric}` },
            observedAt: at,
            precision: "instant",
            fetchedAt: at,
            state: "live",
          }),
    );
  }
}
