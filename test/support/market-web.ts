/** CoinGecko as a test wants it: the recorded answers, with their times moved to the test's own. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FakeWeb } from "./fake-web.ts";

const fixture = async (name: string, now: Date): Promise<unknown> =>
  JSON.parse(await readFile(join(import.meta.dirname, `../fixtures/market/${name}.json`), "utf8"), (key, value: unknown) =>
    (key === "last_updated" || key === "updated_at") && typeof value === "string" ? now.toISOString() : value,
  );

export async function serveMarket(web: FakeWeb, now: Date): Promise<void> {
  web.answer("/coins/markets?vs_currency=usd", { body: await fixture("coingecko-markets", now) });
  web.answer("/coins/markets?vs_currency=usd&category", { body: await fixture("coingecko-members", now) });
  web.answer("/coins/categories", { body: await fixture("coingecko-categories", now) });
  web.answer("/global", { body: await fixture("coingecko-global", now) });
}
