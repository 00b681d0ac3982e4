/** CoinPaprika: prices and caps of the watch list and of all coins together when CoinGecko fails; it has no DePIN sector. */
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import type { Figure } from "../../core/figure.ts";
import type { Http } from "../../lib/http.ts";
import type { WrittenNumber } from "../../lib/http-json.ts";
import { dated, observe, saidNumber, saidText } from "../observe.ts";
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
const deadlineMs = 3_300;
/** The list of all coins, for which there is no choice by id, is several megabytes. */
const maxBytes = 16_000_000;

const ticker = z.object({
  id: z.string(),
  last_updated: saidText,
  quotes: z
    .object({
      USD: z
        .object({
          price: saidNumber,
          market_cap: saidNumber,
          volume_24h: saidNumber,
          percent_change_24h: saidNumber,
          percent_change_7d: saidNumber,
          percent_change_30d: saidNumber,
        })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});
const globalBody = z.object({ market_cap_usd: saidNumber, market_cap_change_24h: saidNumber, last_updated: saidNumber });
const identified = z.object({ id: z.string() });

/** A coin younger than the period has a change of exactly nothing there, which is none. */
const unlessNothing = (said: WrittenNumber | null | undefined) => (said?.value === 0 ? null : said);

/** Two requests an answer: the list of all coins, and all coins together, without which the coins are still worth showing. */
export function createCoinPaprika({ http, baseUrl, now, log }: CoinPaprikaOptions): PriceSource {
  const base = baseUrl.replace(/\/+$/, "");

  const get = <T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> =>
    http.getJson({ service: name, url: `${base}${path}`, signal, deadlineMs, maxBytes, schema, written: true });

  function figuresOf(asset: Asset, row: unknown): readonly Figure[] {
    const read = ticker.safeParse(row).data;
    if (read === undefined) return [];
    const usd = read.quotes?.USD;
    const seen = {
      subject: asset.id,
      name: asset.name,
      url: `${site}/coin/${read.id}/`,
      price: usd?.price,
      marketCap: usd?.market_cap,
      change24h: usd?.percent_change_24h,
      change7d: unlessNothing(usd?.percent_change_7d),
      change30d: unlessNothing(usd?.percent_change_30d),
      volume24h: usd?.volume_24h,
      updated: read.last_updated,
    };
    return observe(name, seen, now());
  }

  async function readGlobal(signal: AbortSignal): Promise<readonly Figure[]> {
    const read = await get("/global", globalBody, signal);
    const seen = {
      subject: "global",
      name: "Whole crypto",
      url: `${site}/`,
      marketCap: read.market_cap_usd,
      change24h: read.market_cap_change_24h,
      updated: dated(read.last_updated),
    };
    return observe(name, seen, now());
  }

  return {
    name,
    freshMs: 60 * 60_000,
    lists: false,
    async fetch(assets, signal) {
      const known = assets.flatMap((asset) => (asset.coinpaprika === null ? [] : [{ asset, id: asset.coinpaprika }]));
      // No megabytes for coins that it does not have.
      if (known.length === 0) throw new UpstreamError(name, "bad_shape", { detail: "none of these coins" });
      const whole = readGlobal(signal).catch((error: unknown) => {
        log?.warn({ source: name, err: error }, "all coins together could not be read");
        return [];
      });
      const rows = await get("/tickers?quotes=USD", z.array(z.unknown()), signal);
      const byId = new Map(rows.map((row) => [identified.safeParse(row).data?.id, row]));
      const coins = known.flatMap(({ asset, id }) => figuresOf(asset, byId.get(id)));
      if (coins.length === 0) throw new UpstreamError(name, "bad_shape", { detail: "no usable figure" });
      return { figures: [...(await whole), ...coins], listings: [] };
    },
    async ask(subject, signal) {
      if (subject === "global") return { figures: await readGlobal(signal), listings: [] };
      if (subject === "sector" || subject.coinpaprika === null) return { figures: [], listings: [] };
      const row = await get(`/tickers/${encodeURIComponent(subject.coinpaprika)}?quotes=USD`, ticker, signal);
      if (row.id !== subject.coinpaprika) throw new UpstreamError(name, "bad_shape", { detail: "another coin than asked for" });
      return { figures: figuresOf(subject, row), listings: [] };
    },
  };
}
