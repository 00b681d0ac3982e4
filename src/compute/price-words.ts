/** What the prices of a GPU class say, in sentences that are true of its numbers. */
import { type Figure, formatFigure, formatFreshness } from "../core/figure.ts";
import type { GpuPrices, Price } from "./types.ts";

const inWords = new Intl.ListFormat("en", { type: "conjunction" });

/** Below half a percent, two medians are the same. */
const sameWithin = 0.005;

/** "70 % less", "12 % more", or "as much". */
export function difference(value: number, other: number): string {
  const share = value / other - 1;
  if (Math.abs(share) < sameWithin) return "as much";
  // 99.7 % less is not 100 % less.
  if (share < -0.995) return "over 99 % less";
  return `${Math.max(1, Math.round(Math.abs(share) * 100)).toLocaleString("en")} % ${share < 0 ? "less" : "more"}`;
}

/** Who a median is of, from its own name. */
const whose = ({ source }: Figure): string => {
  const names = source.name.replace(/^Depinion, from /, "").split(" + ");
  return names.length === 1 ? (names[0] ?? "") : `median of ${inWords.format(names)}`;
};

export function priceVerdict({ gpu, networks, clouds, prices }: GpuPrices): string {
  const own = networks === null ? null : `**${formatFigure(networks)}** on the networks (${whose(networks)})`;
  const lists = clouds === null ? null : `**${formatFigure(clouds)}** at cloud list prices (${whose(clouds)})`;
  if (networks !== null && clouds !== null) {
    const by = difference(Number(networks.value), Number(clouds.value));
    return `A GPU-hour costs ${own} and ${lists}: on the networks **${by}**.`;
  }
  if (own !== null)
    return `A GPU-hour costs ${own}. I have no list price of a cloud for the ${gpu.name} now, so there is nothing to compare it with.`;
  if (lists !== null)
    return `A GPU-hour costs ${lists}. I have no offer of a network for the ${gpu.name} now, so there is nothing to compare it with.`;
  return prices.length === 0
    ? `I have no price of the ${gpu.name}: no answer that I have lists exactly this model, memory and form.`
    : `I have no price of the ${gpu.name} from these days, of a network or a cloud.`;
}

/** "**Akash**, providers' bids: **$2.58** ($2.01 to $3.16), 4 providers, 29 GPUs free · `abcd2345`". */
export const priceLines = (prices: readonly Price[], now: Date): readonly string[] => prices.map((price) => lineOf(price, now));

function lineOf({ seller, spot, price, low, high, offers, free }: Price, now: Date): string {
  const [one, many] = seller.counts;
  const count = Number(offers?.value ?? 0);
  const spread = low === null || high === null || count < 2 ? "" : ` (${formatFigure(low)} to ${formatFigure(high)})`;
  const parts = [
    `${spot ? "spot" : seller.what}: **${formatFigure(price)}**${spread}`,
    ...(offers === null ? [] : [`${formatFigure(offers)} ${count === 1 ? one : many}`]),
    ...(free === null ? [] : [free.value === 0 ? "no GPU free now" : `${formatFigure(free)} ${free.value === 1 ? "GPU" : "GPUs"} free`]),
    ...(price.state === "stale"
      ? [`not live: ${formatFreshness(price, now)}`]
      : price.precision === "day"
        ? [formatFreshness(price, now)]
        : []),
  ];
  return `**${seller.name}**, ${parts.join(", ")} · \`${price.id}\``;
}
