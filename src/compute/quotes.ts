/** Sums up what one seller asks for one GPU class, each provider once, and makes figures of it. */
import { type Figure, figure } from "../core/figure.ts";
import { type SellerId, sellers } from "./sellers.ts";
import type { Gpu } from "./types.ts";

/** One price in a list, a market or a bid. */
export interface Offer {
  readonly gpu: Gpu;
  readonly seller: SellerId;
  /** Cheaper, and taken away at any time: never compared with what stays. */
  readonly spot: boolean;
  /** Whose hardware it is: what one provider offers many times is one offer. */
  readonly provider: string;
  /** US dollars per GPU-hour. */
  readonly price: number;
  /** How the source wrote it, and where. */
  readonly raw: string;
  /** GPUs that stand behind it and can be had now; null where the source does not say it. */
  readonly free: number | null;
}

/** What one seller asks for one class. */
export interface Quote {
  readonly gpu: Gpu;
  readonly seller: SellerId;
  readonly spot: boolean;
  /** Median, lowest and highest, in US dollars per GPU-hour. */
  readonly price: number;
  readonly low: number;
  readonly high: number;
  /** How many the median is of. */
  readonly offers: number;
  readonly free: number | null;
  readonly raw: string;
}

/** The middle value, or the mean of the two in the middle. Of at least one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError("there is no median of nothing");
  return (low + high) / 2;
}

/** A GPU-hour for less or more than this is a placeholder or a mistake. */
const believable = { min: 0.005, max: 1000 } as const;

/** @returns one quote for each class and seller, on demand and spot apart */
export function quotesOf(offers: readonly Offer[]): readonly Quote[] {
  const believed = offers.filter(({ price }) => price >= believable.min && price <= believable.max);
  const groups = Map.groupBy(believed, ({ gpu, seller, spot }) => `${gpu.id} ${seller} ${spot}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { gpu, seller, spot } = first;
    const providers = [...Map.groupBy(group, ({ provider }) => provider).values()]
      .map((own) => ({ price: median(own.map(({ price }) => price)), raw: own[0]?.raw ?? "" }))
      .toSorted((a, b) => a.price - b.price);
    const prices = providers.map(({ price }) => price);
    const middle = providers.slice((providers.length - 1) >> 1, (providers.length >> 1) + 1).map(({ raw }) => raw);
    const known = group.flatMap(({ free }) => (free === null ? [] : [free]));
    const of = providers.length === 1 ? "" : `median of ${providers.length}: `;
    return [
      {
        gpu,
        seller,
        spot,
        price: median(prices),
        low: Math.min(...prices),
        high: Math.max(...prices),
        offers: providers.length,
        free: known.length === 0 ? null : known.reduce((a, b) => a + b, 0),
        raw: `${of}${middle.join(" and ")}`,
      },
    ];
  });
}

interface Circumstances {
  /** The service. */
  readonly source: string;
  /** Where a person can check it. */
  readonly url: string;
  /** The day of the list, where it has one. */
  readonly observedAt: Date | null;
  readonly fetchedAt: Date;
}

/** First part of every metric of a class. */
export const metricOf = (gpu: Gpu, ...rest: readonly string[]): string => ["compute", gpu.id, ...rest].join(".");

/** What a seller's row of a class is called in metrics: `akash`, or `aws_spot`. */
export const rowOf = (seller: SellerId, spot: boolean): string => (spot ? `${seller}_spot` : seller);

/** The figures of quotes: for each `price`, `low`, `high`, `offers` and, where it is known, `free`. */
export function quoteFigures(quotes: readonly Quote[], { source, url, observedAt, fetchedAt }: Circumstances): readonly Figure[] {
  return quotes.flatMap(({ gpu, seller, spot, raw, ...quote }) => {
    const { name, what } = sellers.find(({ id }) => id === seller) ?? { name: seller, what: "price" };
    const common = { source: { name: source, url }, observedAt, precision: "day", fetchedAt, state: "live", raw } as const;
    const dated = observedAt === null ? { ...common, precision: "instant" as const } : common;
    const make = (part: string, label: string, unit: "usd" | "count", value: number) =>
      figure({ ...dated, metric: metricOf(gpu, rowOf(seller, spot), part), label: `${gpu.name}, ${name}: ${label}`, unit, value });
    return [
      make("price", `GPU-hour, ${spot ? "spot" : what}`, "usd", quote.price),
      make("low", "lowest GPU-hour", "usd", quote.low),
      make("high", "highest GPU-hour", "usd", quote.high),
      make("offers", "number of offers", "count", quote.offers),
      ...(quote.free === null ? [] : [make("free", "GPUs free", "count", quote.free)]),
    ];
  });
}
