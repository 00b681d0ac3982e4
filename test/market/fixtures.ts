/** Sound answers of the price sources on the fake web, with the changes that a test wants. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { outsider, watchList } from "../../src/market/assets.ts";
import { createCoinGecko } from "../../src/market/sources/coingecko.ts";
import { createCoinPaprika } from "../../src/market/sources/coinpaprika.ts";
import { createDefiLlama } from "../../src/market/sources/defillama.ts";
import type { Asset } from "../../src/market/types.ts";
import type { Edits, Subject } from "../contracts/price-sources.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../fixtures/market/${name}`, import.meta.url), "utf8"));
const rows = z.array(z.looseObject({ id: z.string() }));

/** JSON in which `"@3.271e-9"` stands for the number written so. */
const write = (data: unknown): string => JSON.stringify(data).replace(/"@([^"]+)"/g, "$1");

type Field = "price" | "marketCap" | "change24h" | "updated";

function edited<T>(
  edits: Edits,
  assetId: string,
  names: Readonly<Partial<Record<Field, string>>>,
  part: (field: Field) => object,
  row: T,
): T | null {
  const edit = edits[assetId];
  if (edit === "absent") return null;
  for (const field of ["price", "marketCap", "change24h", "updated"] as const) {
    const name = names[field];
    if (name !== undefined && edit !== undefined && field in edit) Object.assign(part(field), { [name]: edit[field] });
  }
  return row;
}

/** Members of the sector that are on the watch list; Bitcoin and Ethereum are none. */
const isMember = ({ id }: { id: string }) => id !== "bitcoin" && id !== "ethereum";

export const coingecko: Subject = {
  make: (parts) => createCoinGecko({ ...parts, apiKey: undefined }),
  serve(web, edits = {}) {
    const names = { price: "current_price", marketCap: "market_cap", change24h: "price_change_percentage_24h", updated: "last_updated" };
    const body = rows.parse(read("coingecko-markets.json")).flatMap((row) => {
      const id = watchList.find((asset) => asset.coingecko === row.id)?.id ?? "";
      return edited(edits, id, names, () => row, row) ?? [];
    });
    const members = rows.parse(read("coingecko-members.json"));
    web.answer("/coins/markets", { body: write(body) });
    for (const row of [...body, ...members]) web.answer(`/coins/markets?vs_currency=usd&ids=${row.id}&per_page`, { body: write([row]) });
    web.answer("/coins/markets?vs_currency=usd&category=depin", { body: write([...body.filter(isMember), ...members]) });
    web.answer("/coins/categories", { body: read("coingecko-categories.json") });
    web.answer("/global", { body: read("coingecko-global.json") });
  },
  path: "/coins/markets",
  knows: () => true,
  metrics: ["price", "market_cap", "change_24h", "change_7d", "change_30d", "volume_24h"],
  priceFirst: false,
  sector: true,
  global: true,
  undated: () => false,
};

const tickerRow = z.looseObject({ id: z.string(), quotes: z.looseObject({ USD: z.looseObject({}) }) });

export const coinpaprika: Subject = {
  make: createCoinPaprika,
  serve(web, edits = {}) {
    const names = { price: "price", marketCap: "market_cap", change24h: "percent_change_24h", updated: "last_updated" };
    const body = z
      .array(tickerRow)
      .parse(read("coinpaprika-tickers.json"))
      .flatMap((row) => {
        const id = watchList.find((asset) => asset.coinpaprika === row.id)?.id ?? "";
        return edited(edits, id, names, (field) => (field === "updated" ? row : row.quotes.USD), row) ?? [];
      });
    web.answer("/tickers", { body: write(body) });
    web.answer("/tickers/", { status: 404, body: { error: "id not found" } });
    for (const row of body) web.answer(`/tickers/${row.id}`, { body: write(row) });
    web.answer("/global", { body: read("coinpaprika-global.json") });
  },
  path: "/tickers",
  knows: (asset) => asset.coinpaprika !== null,
  metrics: ["price", "market_cap", "change_24h", "change_7d", "change_30d", "volume_24h"],
  priceFirst: false,
  sector: false,
  global: true,
  undated: () => false,
};

const llamaPrices = z.object({ coins: z.record(z.string(), z.looseObject({ timestamp: z.unknown() })) });
const llamaPercentages = z.record(z.string(), z.record(z.string(), z.unknown()));

export const defillama: Subject = {
  make: createDefiLlama,
  serve(web, edits = {}) {
    const percentages = llamaPercentages.parse(read("defillama-percentages.json"));
    const day = percentages["24h"] ?? {};
    const coins = Object.entries(llamaPrices.parse(read("defillama-prices.json")).coins).flatMap(([key, row]) => {
      const id = watchList.find(({ coingecko: coin }) => key === `coingecko:${coin}`)?.id ?? "";
      const change: Record<string, unknown> = { value: day[key] };
      const part = (field: Field) => (field === "change24h" ? change : row);
      const kept = edited(edits, id, { price: "price", change24h: "value", updated: "timestamp" }, part, row);
      if (kept === null) delete day[key];
      else day[key] = change.value;
      // Its times are seconds since 1970.
      const at = typeof row.timestamp === "string" ? Date.parse(row.timestamp) : Number.NaN;
      if (!Number.isNaN(at)) row.timestamp = at / 1000;
      return kept === null ? [] : [[key, kept] as const];
    });
    web.answer("/prices/current/", { body: write({ coins: Object.fromEntries(coins) }) });
    web.answer("/percentage/", { status: 500 });
    for (const [period, values] of Object.entries(percentages))
      web.answerTo((path) => path.startsWith("/percentage/") && path.endsWith(`?period=${period}`), { body: write({ coins: values }) });
  },
  path: "/prices/current/",
  knows: () => true,
  metrics: ["price", "change_24h", "change_7d", "change_30d"],
  priceFirst: true,
  sector: false,
  global: false,
  undated: (metric) => metric.includes(".change_"),
};

/** A member of the sector that is not on the watch list; every source but CoinPaprika knows it. */
export const geodnet: Asset = outsider("geodnet", { name: "GEODNET", ticker: "GEOD" });
