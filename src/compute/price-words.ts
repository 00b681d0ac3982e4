/** What the prices of a GPU class say, in sentences that are true of its numbers. */
import { type Figure, formatFigure, formatFreshness } from "../core/figure.ts";
import type { Texts } from "../core/texts.ts";
import type { GpuPrices, Price } from "./types.ts";

type Words = Texts["compute"];

/** Below half a percent, two medians are the same. */
const sameWithin = 0.005;

/** "70 % less", "12 % more", or "as much". */
export function difference(value: number, other: number, words: Words): string {
  const share = value / other - 1;
  if (Math.abs(share) < sameWithin) return words.asMuch;
  // 99.7 % less is not 100 % less.
  if (share < -0.995) return words.over("99");
  const percent = Math.max(1, Math.round(Math.abs(share) * 100)).toLocaleString("en");
  return share < 0 ? words.less(percent) : words.more(percent);
}

/** Who a median is of, from its own name. */
const whose = ({ source }: Figure, words: Words): string => words.medianOf(source.name.replace(/^Depinion, from /, "").split(" + "));

export function priceVerdict({ gpu, networks, clouds, prices }: GpuPrices, words: Words): string {
  const own = networks === null ? null : words.onNetworks(formatFigure(networks), whose(networks, words));
  const lists = clouds === null ? null : words.onLists(formatFigure(clouds), whose(clouds, words));
  if (own !== null && lists !== null) return words.both(own, lists, difference(Number(networks?.value), Number(clouds?.value), words));
  if (own !== null) return words.onlyOwn(own, gpu.name);
  if (lists !== null) return words.onlyLists(lists, gpu.name);
  return prices.length === 0 ? words.noPrice(gpu.name) : words.noRecentPrice(gpu.name);
}

/** "**Akash**, providers' bids: **$2.58** ($2.01 to $3.16), 4 providers, 29 GPUs free · `abcd2345`". */
export const priceLines = (prices: readonly Price[], now: Date, words: Words): readonly string[] =>
  prices.map((price) => lineOf(price, now, words));

function lineOf({ seller, spot, price, low, high, offers, free }: Price, now: Date, words: Words): string {
  const count = Number(offers?.value ?? 0);
  const spread = low === null || high === null || count < 2 ? null : words.spread(formatFigure(low), formatFigure(high));
  const parts = [
    words.price(words.what[spot ? "spot" : seller.what], formatFigure(price), spread),
    ...(offers === null ? [] : [words.counted(seller.counts, count, formatFigure(offers))]),
    ...(free === null ? [] : [free.value === 0 ? words.noneFree : words.free(Number(free.value), formatFigure(free))]),
    ...(price.state === "stale"
      ? [words.notLive(formatFreshness(price, now))]
      : price.precision === "day"
        ? [formatFreshness(price, now)]
        : []),
  ];
  return `**${seller.name}**, ${parts.join(", ")} · \`${price.id}\``;
}
