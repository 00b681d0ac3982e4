/** The sources of prices as they are configured. */
import type { Config } from "../config/env.ts";
import type { Http } from "../lib/http.ts";
import type { Logger } from "../lib/logger.ts";
import { createCoinGecko } from "../market/sources/coingecko.ts";
import { createCoinPaprika } from "../market/sources/coinpaprika.ts";
import { createDefiLlama } from "../market/sources/defillama.ts";
import type { PriceSource } from "../market/types.ts";

/** The price sources in the order in which they are asked; null where one is turned off. */
export function priceSources(
  config: Config,
  http: Http,
  log: Logger,
  now: () => Date,
): readonly { readonly name: string; readonly source: PriceSource | null }[] {
  const { coingecko, sourceUrls } = config;
  const { COINPAPRIKA_URL: coinpaprika, DEFILLAMA_URL: defillama } = sourceUrls;
  return [
    {
      name: "CoinGecko",
      source: coingecko === null ? null : createCoinGecko({ baseUrl: coingecko.url, apiKey: coingecko.key, http, log, now }),
    },
    { name: "CoinPaprika", source: coinpaprika === null ? null : createCoinPaprika({ baseUrl: coinpaprika, http, log, now }) },
    { name: "DefiLlama", source: defillama === null ? null : createDefiLlama({ baseUrl: defillama, http, log, now }) },
  ];
}
