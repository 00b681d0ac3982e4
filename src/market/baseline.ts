/** The bundled snapshot of August 2024: what is shown where nothing newer is known, and what later figures are held against. */
import { type Bound, type Figure, figure, type Unit } from "../core/figure.ts";

const baselineSource = "Depinion baseline, August 2024";
/** The figures are dated to the month and no closer. */
const observedAt = new Date("2024-08-01T00:00:00Z");
/** When they were taken into the program; fixed, so that their receipts never change. */
const fetchedAt = new Date("2026-11-22T00:00:00Z");

/** Figures of August 2024 as an article of that month gave them; its address is not known, so there is none to link to. */
export const baseline: readonly Figure[] = [
  old("sector.market_cap", "DePIN sector market cap", 19e9, "usd", "about $19 billion", "about"),
  old("bitcoin.price", "Bitcoin price", 59_493, "usd", "$59,493"),
  old("ethereum.price", "Ethereum price", 2_637, "usd", "$2,637"),
  old("render.market_cap", "Render market cap", 1.8e9, "usd", "about $1.8 billion", "about"),
  old("bittensor.market_cap", "Bittensor market cap", 2.1e9, "usd", "about $2.1 billion", "about"),
  old("filecoin.market_cap", "Filecoin market cap", 2e9, "usd", "about $2 billion", "about"),
  old("filecoin.capacity_raw", "Filecoin raw capacity", 22.754, "eib", "22.754 EiB"),
  old("helium.hotspots_onboarded", "Helium hotspots onboarded", 1_000_000, "count", "over 1 million", "at_least"),
];

/** `stale`, because even an honest old figure is no present one. */
function old(metric: string, label: string, value: number, unit: Unit, raw: string, bound?: Bound): Figure {
  const source = { name: baselineSource, url: "" };
  const parts = { metric, label, value, unit, raw, source, observedAt, fetchedAt, precision: "month", state: "stale" } as const;
  return figure(bound === undefined ? parts : { ...parts, bound });
}
