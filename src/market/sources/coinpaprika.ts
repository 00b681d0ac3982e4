/** CoinPaprika: prices and caps of the watch list when CoinGecko fails; it has no DePIN sector. */
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import type { Figure } from "../../core/figure.ts";
import type { Http } from "../../lib/http.ts";
import { observe, saidNumber, saidText } from "../observe.ts";
import type { Asset, MarketLog, PriceSource } from "../types.ts";

export interface CoinPaprikaOptions {
  readonly http: Http;
  /** Base address, such as `https://api.coinpaprika.com/v1`. */
  readonly baseUrl: string;
  readonly now: () => Date;
  /** Told what is left out of an answer. */
  readonly log?: MarketLog;
}

const name = "CoinPaprika";
const site = "https://coinpaprika.com";
/** For all assets together: what has not come by then is left out. */
const deadlineMs = 4_500;
/** Requests at the same time. The list of all coins would be one request, but of several megabytes. */
const atOnce = 4;

const ticker = z.object({
  id: z.string(),
  last_updated: saidText,
  quotes: z
    .object({ USD: z.object({ price: saidNumber, market_cap: saidNumber, percent_change_24h: saidNumber }).nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** One request per asset. An asset that fails is left out and logged; the source fails when none could be read. */
export function createCoinPaprika({ http, baseUrl, now, log }: CoinPaprikaOptions): PriceSource {
  const base = baseUrl.replace(/\/+$/, "");

  async function fetchAsset(asset: Asset, id: string, signal: AbortSignal): Promise<readonly Figure[]> {
    const read = await http.getJson({
      service: name,
      url: `${base}/tickers/${encodeURIComponent(id)}?quotes=USD`,
      signal,
      deadlineMs,
      schema: ticker,
      written: true,
    });
    if (read.id !== id) throw new UpstreamError(name, "bad_shape", { detail: "another coin than asked for" });
    const usd = read.quotes?.USD;
    const seen = {
      subject: asset.id,
      name: asset.name,
      url: `${site}/coin/${id}/`,
      price: usd?.price,
      marketCap: usd?.market_cap,
      change24h: usd?.percent_change_24h,
      updated: read.last_updated,
    };
    return observe(name, seen, now());
  }

  return {
    name,
    // Eight requests a view against 20,000 a month.
    freshMs: 5 * 60_000,
    async fetch(assets, caller) {
      const signal = AbortSignal.any([caller, AbortSignal.timeout(deadlineMs)]);
      const waiting = assets.flatMap((asset) => (asset.coinpaprika === null ? [] : [{ asset, id: asset.coinpaprika }]));
      const found = new Map<string, readonly Figure[]>();
      const failures: unknown[] = [];
      const work = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const { asset, id } = next;
          try {
            found.set(asset.id, await fetchAsset(asset, id, signal));
          } catch (error) {
            failures.push(error);
            const lost = error instanceof UpstreamError && (error.kind === "not_found" || error.kind === "bad_shape");
            // Anything but this one asset's own fault would meet the others too: more requests would only make it worse.
            if (!lost) waiting.length = 0;
            log?.warn({ source: name, asset: asset.id, err: error }, "an asset could not be read");
          }
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      const figures = assets.flatMap((asset) => found.get(asset.id) ?? []);
      if (figures.length > 0) return figures;
      throw (
        failures.find((error) => error instanceof UpstreamError) ?? new UpstreamError(name, "bad_shape", { detail: "no usable figure" })
      );
    },
  };
}
