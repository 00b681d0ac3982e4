/** Price sources and an archive that a test holds in its hand. */
import { UpstreamError, type UpstreamKind } from "../../src/core/errors.ts";
import { type Figure, figure, type Unit } from "../../src/core/figure.ts";
import type { Asset, FigureStore, PriceSource } from "../../src/market/types.ts";

/** An archive in memory; `broken` makes every call fail. */
export class MemoryFigures implements FigureStore {
  readonly rows = new Map<string, Figure>();
  broken = false;
  reads = 0;
  #check(): void {
    if (this.broken) throw new Error("disk full");
  }
  async save(figures: readonly Figure[]): Promise<void> {
    this.#check();
    for (const f of figures) this.rows.set(f.id, f);
  }
  async latest(): Promise<readonly Figure[]> {
    this.reads++;
    this.#check();
    const newest = new Map<string, Figure>();
    for (const f of this.rows.values()) {
      if ((newest.get(f.metric)?.fetchedAt ?? new Date(0)) <= f.fetchedAt) newest.set(f.metric, f);
    }
    return [...newest.values()];
  }
  async find(id: string): Promise<Figure | null> {
    this.#check();
    return this.rows.get(id) ?? null;
  }
}

interface Said {
  readonly price: number;
  readonly cap?: number;
  readonly change?: number;
}

/** A source that answers what it is told to, or fails, or waits until it is let go. */
export class FakeSource implements PriceSource {
  readonly name: string;
  readonly freshMs = 60_000;
  says: Readonly<Record<string, Said>> = {};
  sector: { readonly cap: number; readonly change: number } | null = null;
  fails: UpstreamError | Error | null = null;
  hold: Promise<void> | null = null;
  asked = 0;
  readonly #now: () => Date;
  constructor(name: string, now: () => Date) {
    this.name = name;
    this.#now = now;
  }
  failing(kind: UpstreamKind, retryAfterMs?: number): this {
    this.fails = new UpstreamError(this.name, kind, retryAfterMs === undefined ? {} : { retryAfterMs });
    return this;
  }
  async fetch(assets: readonly Asset[], _signal: AbortSignal): Promise<readonly Figure[]> {
    this.asked++;
    await this.hold;
    if (this.fails !== null) throw this.fails;
    const made: Figure[] = [];
    const add = (metric: string, label: string, unit: Unit, value: number | undefined) => {
      if (value !== undefined) made.push(this.#figure(metric, label, unit, value));
    };
    for (const { id, name } of assets) {
      add(`${id}.price`, `${name} price`, "usd", this.says[id]?.price);
      add(`${id}.market_cap`, `${name} market cap`, "usd", this.says[id]?.cap);
      add(`${id}.change_24h`, `${name} 24 h change`, "percent", this.says[id]?.change);
    }
    add("sector.market_cap", "DePIN sector market cap", "usd", this.sector?.cap);
    add("sector.change_24h", "DePIN sector 24 h change", "percent", this.sector?.change);
    return made;
  }
  #figure(metric: string, label: string, unit: Unit, value: number): Figure {
    const at = this.#now();
    const source = { name: this.name, url: `https://prices.example/${metric}` };
    return figure({
      metric,
      label,
      unit,
      value,
      raw: String(value),
      source,
      observedAt: at,
      precision: "instant",
      fetchedAt: at,
      state: "live",
    });
  }
}
