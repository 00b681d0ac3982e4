/** Figures and facts of one morning, for tests of the digest. */
import { type Figure, figure, type Unit } from "../../src/core/figure.ts";
import { textsIn } from "../../src/core/texts.ts";
import type { BodyFacts } from "../../src/digest/body.ts";

export const morning = new Date("2026-11-22T08:00:00Z");

export const made = (metric: string, label: string, value: number | null, unit: Unit, source = "CoinGecko"): Figure =>
  figure({
    metric,
    label,
    value,
    unit,
    source: { name: source, url: "https://www.coingecko.com" },
    observedAt: new Date("2026-11-22T07:55:00Z"),
    precision: "instant",
    fetchedAt: new Date("2026-11-22T07:56:00Z"),
    raw: String(value),
    state: value === null ? "missing" : "live",
  });

export const sector = made("sector.market_cap", "DePIN sector market cap", 10_566_306_128, "usd");
export const sectorChange = made("sector.change_24h", "DePIN sector 24 h change", 7.585, "percent");
export const bitcoin = made("bitcoin.price", "Bitcoin price", 77_671, "usd");
export const bitcoinChange = made("bitcoin.change_24h", "Bitcoin 24 h change", -0.953, "percent");
export const render = made("render.change_24h", "Render 24 h change", 5.31, "percent");
export const helium = made("helium.change_24h", "Helium 24 h change", -4.2, "percent");
export const capacity = made("filecoin.capacity_raw", "Filecoin raw capacity", 2.17, "eib", "glif");
export const all = [sector, sectorChange, bitcoin, bitcoinChange, render, helium, capacity];

export const facts = (parts: Partial<BodyFacts> = {}): BodyFacts => ({
  now: morning,
  words: textsIn("en").digest,
  day: "Sunday, 22 November 2026",
  sections: ["headline", "movers", "networks", "compute", "pulse", "since", "smallprint"],
  origin: "live",
  troubles: [],
  sector,
  sectorChanges: [{ period: "24h", figure: sectorChange, from: "source" }],
  backdrop: [{ name: "Bitcoin", price: bitcoin, change: bitcoinChange }],
  movers: { up: [{ name: "Render", change: render }], down: [{ name: "Helium", change: helium }], floor: "$1 million" },
  followed: [],
  networks: [{ name: "Filecoin", rows: [{ figure: capacity, change: null }] }],
  compute: null,
  picture: null,
  narrative: null,
  ...parts,
});
