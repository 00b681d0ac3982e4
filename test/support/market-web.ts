/** CoinGecko as a test wants it: the recorded answers, with their times moved to the test's own. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { FakeWeb } from "./fake-web.ts";

const fixture = async (name: string, now: Date): Promise<unknown> =>
  JSON.parse(await readFile(join(import.meta.dirname, `../fixtures/market/${name}.json`), "utf8"), (key, value: unknown) =>
    (key === "last_updated" || key === "updated_at") && typeof value === "string" ? now.toISOString() : value,
  );

const coins = z.array(z.looseObject({ id: z.string(), current_price: z.number() }));

/** @param prices by CoinGecko's id, of those that are not as they were recorded */
export async function serveMarket(web: FakeWeb, now: Date, prices: Readonly<Record<string, number>> = {}): Promise<void> {
  const markets = coins.parse(await fixture("coingecko-markets", now));
  web.answer("/coins/markets?vs_currency=usd", {
    body: markets.map((coin) => ({ ...coin, current_price: prices[coin.id] ?? coin.current_price })),
  });
  web.answer("/coins/markets?vs_currency=usd&category", { body: await fixture("coingecko-members", now) });
  web.answer("/coins/categories", { body: await fixture("coingecko-categories", now) });
  web.answer("/global", { body: await fixture("coingecko-global", now) });
}
