/** Sound answers of the price sources on the fake web, with the changes that a test wants. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { watchList } from "../../src/market/assets.ts";
import { createCoinGecko } from "../../src/market/sources/coingecko.ts";
import { createCoinPaprika } from "../../src/market/sources/coinpaprika.ts";
import type { Edits, Subject } from "../contracts/price-sources.ts";

const read = (name: string): string => readFileSync(new URL(`../fixtures/market/${name}`, import.meta.url), "utf8");
const rows = z.array(z.looseObject({ id: z.string() }));

/** JSON in which `"@3.271e-9"` stands for the number written so. */
const write = (data: unknown): string => JSON.stringify(data).replace(/"@([^"]+)"/g, "$1");

type Field = "price" | "marketCap" | "change24h" | "updated";

function edited<T>(
  edits: Edits,
  assetId: string,
  names: Readonly<Record<Field, string>>,
  part: (field: Field) => object,
  row: T,
): T | null {
  const edit = edits[assetId];
  if (edit === "absent") return null;
  for (const field of ["price", "marketCap", "change24h", "updated"] as const) {
    if (edit !== undefined && field in edit) Object.assign(part(field), { [names[field]]: edit[field] });
  }
  return row;
}

export const coingecko: Subject = {
  make: (parts) => createCoinGecko({ ...parts, apiKey: undefined }),
  serve(web, edits = {}) {
    const names = { price: "current_price", marketCap: "market_cap", change24h: "price_change_percentage_24h", updated: "last_updated" };
    const body = rows.parse(JSON.parse(read("coingecko-markets.json"))).flatMap((row) => {
      const id = watchList.find((asset) => asset.coingecko === row.id)?.id ?? "";
      return edited(edits, id, names, () => row, row) ?? [];
    });
    web.answer("/coins/markets", { body: write(body) });
    web.answer("/coins/categories", { body: read("coingecko-categories.json") });
  },
  path: "/coins/markets",
  sector: true,
};

const tickerRow = z.looseObject({ id: z.string(), quotes: z.looseObject({ USD: z.looseObject({}) }) });

export const coinpaprika: Subject = {
  make: createCoinPaprika,
  serve(web, edits = {}) {
    const names = { price: "price", marketCap: "market_cap", change24h: "percent_change_24h", updated: "last_updated" };
    for (const row of z.array(tickerRow).parse(JSON.parse(read("coinpaprika-tickers.json")))) {
      const id = watchList.find((asset) => asset.coinpaprika === row.id)?.id ?? "";
      const body = edited(edits, id, names, (field) => (field === "updated" ? row : row.quotes.USD), row);
      web.answer(`/tickers/${row.id}`, body === null ? { status: 404, body: { error: "id not found" } } : { body: write(body) });
    }
  },
  path: "/tickers",
  sector: false,
};
