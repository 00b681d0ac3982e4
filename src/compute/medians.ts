/** The median of the networks, that of the clouds, and one over the other: figures of our own, each with the receipts behind it. */
import { type Figure, figure } from "../core/figure.ts";
import { median, metricOf } from "./quotes.ts";
import type { Gpu, GpuPrices, Price, Seller } from "./types.ts";

/** What was fetched longer ago than this is shown with its age and not counted. */
const countedForMs = 48 * 3_600_000;

const names = (prices: readonly Price[]): string => prices.map(({ seller }) => seller.name).join(" + ");

interface Made {
  readonly metric: string;
  readonly label: string;
  readonly unit: "usd" | "share";
  readonly value: number;
  /** Who took part: figures of other parts are not compared over time. */
  readonly of: string;
  readonly from: readonly Figure[];
}

/** Dated like the newest of what it is worked out from, so that the same figures always give the same receipt. */
function worked({ metric, label, unit, value, of, from }: Made): Figure | null {
  const [first] = from;
  if (first === undefined) return null;
  return figure({
    ...{ metric, label, unit, value, observedAt: null, precision: "instant" },
    source: { name: `Depinion, from ${of}`, url: first.source.url },
    fetchedAt: new Date(Math.max(...from.map(({ fetchedAt }) => fetchedAt.getTime()))),
    raw: from.map(({ value: part, id }) => `${Math.round(Number(part) * 10_000) / 10_000} (${id})`).join(", "),
    state: from.every(({ state }) => state === "live") ? "live" : "stale",
  });
}

/** @param prices on demand; each seller is there once */
export function mediansOf(gpu: Gpu, prices: readonly Price[], now: Date): Pick<GpuPrices, "networks" | "clouds" | "index"> {
  // In one order whatever they ask: who a median is of must not seem to change with the prices.
  const counted = (side: Seller["side"]) =>
    prices
      .filter(({ seller, price }) => seller.side === side && now.getTime() - price.fetchedAt.getTime() <= countedForMs)
      .toSorted((a, b) => a.seller.name.localeCompare(b.seller.name, "en"));
  const make = (part: "networks" | "clouds", label: string, side: readonly Price[]): Figure | null =>
    side.length === 0
      ? null
      : worked({
          ...{ metric: metricOf(gpu, part), label: `${gpu.name}: ${label}`, unit: "usd", of: names(side) },
          value: median(side.map(({ price }) => Number(price.value))),
          from: side.map(({ price }) => price),
        });
  const [own, others] = [counted("decentralised"), counted("centralised")];
  const networks = make("networks", "networks' median GPU-hour", own);
  const clouds = make("clouds", "clouds' median list price", others);
  const index =
    networks === null || clouds === null
      ? null
      : worked({
          ...{ metric: metricOf(gpu, "index"), label: `${gpu.name}: networks over clouds' lists`, unit: "share" },
          value: (100 * Number(networks.value)) / Number(clouds.value),
          ...{ of: `${names(own)} over ${names(others)}`, from: [networks, clouds] },
        });
  return { networks, clouds, index };
}

/** The median of the classes' indices; null where there is none. */
export function overallIndex(all: readonly GpuPrices[]): Figure | null {
  const from = all.flatMap(({ index }) => (index === null ? [] : [index]));
  if (from.length === 0) return null;
  return worked({
    ...{ metric: "compute.index", label: "GPU-hours on networks over clouds' lists, same GPU", unit: "share", from },
    value: median(from.map(({ value }) => Number(value))),
    of: from.length === 1 ? "one GPU class" : `${from.length} GPU classes`,
  });
}
