/** CoinGecko: prices and caps of the watch list, and the DePIN sector. */
import { z } from "zod";
import { UpstreamError, type UpstreamKind } from "../../core/errors.ts";
import type { Figure } from "../../core/figure.ts";
import type { Http } from "../../lib/http.ts";
import { observe, saidNumber, saidText } from "../observe.ts";
import type { Asset, MarketLog, PriceSource } from "../types.ts";

export interface CoinGeckoOptions {
  readonly http: Http;
  /** Base address, such as `https://api.coingecko.com/api/v3`. */
  readonly baseUrl: string;
  /** Without a key CoinGecko answers from a small budget that everyone on the same address shares. */
  readonly apiKey: string | undefined;
  readonly now: () => Date;
  /** Told what is left out of an answer. */
  readonly log?: MarketLog;
}

const name = "CoinGecko";
const site = "https://www.coingecko.com";
/** With `coinpaprika.ts`'s limit it stays below the 10 s that a command has. */
const deadlineMs = 3_500;
/** CoinGecko itself renews `/coins/categories` every five minutes; the answer is about 420 KB. */
const sectorFreshMs = 5 * 60_000;
/** CoinGecko's greatest page of `/coins/markets`. */
const maxIds = 250;

const marketRow = z.object({
  id: z.string(),
  current_price: saidNumber,
  market_cap: saidNumber,
  price_change_percentage_24h: saidNumber,
  last_updated: saidText,
});
const categoryRow = z.object({
  id: z.string(),
  market_cap: saidNumber,
  /** A percentage here; the same name in `/coins/markets` is an amount of dollars. */
  market_cap_change_24h: saidNumber,
  updated_at: saidText,
});
const errorStatus = z.object({ status: z.object({ error_code: z.coerce.number() }) });
const errorEnvelope = z.union([errorStatus, z.object({ error: errorStatus }).transform((body) => body.error)]);

/** What the error envelope says, which CoinGecko also sends with a 200. Codes: docs.coingecko.com, "errors and rate limits". */
function diagnose(_status: number, body: unknown): UpstreamKind | undefined {
  const code = errorEnvelope.safeParse(body).data?.status.error_code;
  if (code === undefined || code === 0) return undefined;
  if (code === 429) return "rate_limited";
  // 10002 no key, 10005 not in this plan, 10010 and 10011 a key at the wrong host, 1020 blocked by the CDN.
  if ([401, 402, 403, 1020, 10002, 10005, 10010, 10011].includes(code)) return "unauthorised";
  if (code === 404) return "not_found";
  return code >= 500 && code < 600 ? "server_error" : undefined;
}

/**
 * The sector comes from `/coins/categories`, not from summing `/coins/markets?category=depin`: it is a number that CoinGecko
 * itself published, so that a receipt can show it; the sum would end at 250 coins and give no 24 h change.
 */
export function createCoinGecko({ http, baseUrl, apiKey, now, log }: CoinGeckoOptions): PriceSource {
  const base = baseUrl.replace(/\/+$/, "");
  const keyHeader = URL.parse(base)?.hostname === "pro-api.coingecko.com" ? "x-cg-pro-api-key" : "x-cg-demo-api-key";
  const headers: Readonly<Record<string, string>> = apiKey === undefined || apiKey === "" ? {} : { [keyHeader]: apiKey };
  let sector: { readonly figures: readonly Figure[]; readonly until: number } = { figures: [], until: 0 };

  const rows = <T>(path: string, row: z.ZodType<T>, signal: AbortSignal): Promise<readonly T[]> =>
    http
      .getJson({ service: name, url: `${base}${path}`, headers, signal, deadlineMs, schema: z.array(z.unknown()), written: true, diagnose })
      .then((all) => all.map((one) => row.safeParse(one).data).filter((one) => one !== undefined));

  async function fetchAssets(assets: readonly Asset[], signal: AbortSignal): Promise<readonly Figure[]> {
    if (assets.length === 0) return []; // Without ids CoinGecko would list the largest coins of all.
    const ids = assets.slice(0, maxIds).map((a) => encodeURIComponent(a.coingecko));
    const found = await rows(`/coins/markets?vs_currency=usd&ids=${ids.join(",")}&per_page=${maxIds}`, marketRow, signal);
    return assets.flatMap((asset) => {
      const row = found.find((r) => r.id === asset.coingecko);
      if (row === undefined) return [];
      const seen = {
        subject: asset.id,
        name: asset.name,
        url: `${site}/en/coins/${asset.coingecko}`,
        price: row.current_price,
        marketCap: row.market_cap,
        change24h: row.price_change_percentage_24h,
        updated: row.last_updated,
      };
      return observe(name, seen, now());
    });
  }

  /** The sector's figures; none where CoinGecko does not give them: the assets are worth showing without it. */
  async function fetchSector(signal: AbortSignal): Promise<readonly Figure[]> {
    const at = now();
    if (at.getTime() < sector.until) return sector.figures;
    try {
      const row = (await rows("/coins/categories", categoryRow, signal)).find((r) => r.id === "depin");
      const seen = row && {
        subject: "sector",
        name: "DePIN sector",
        url: `${site}/en/categories/depin`,
        marketCap: row.market_cap,
        change24h: row.market_cap_change_24h,
        updated: row.updated_at,
      };
      const figures = seen === undefined ? [] : observe(name, seen, at);
      if (figures.length === 0) log?.warn({ source: name }, "the source gives no figure for the sector");
      // Also "none" is kept: asking more often would cost 420 KB a minute.
      sector = { figures, until: at.getTime() + sectorFreshMs };
      return figures;
    } catch (error) {
      log?.warn({ source: name, err: error }, "the sector could not be read");
      return [];
    }
  }

  return {
    name,
    freshMs: 60_000,
    async fetch(assets, signal) {
      const [ofSector, ofAssets] = await Promise.all([fetchSector(signal), fetchAssets(assets, signal)]);
      const figures = [...ofSector, ...ofAssets];
      if (figures.length === 0) throw new UpstreamError(name, "bad_shape", { detail: "no usable figure" });
      return figures;
    },
  };
}
