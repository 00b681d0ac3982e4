/** CoinGecko: prices and caps of coins by id, the DePIN sector with its members, and all coins together. */
import { z } from "zod";
import { UpstreamError, type UpstreamKind } from "../../core/errors.ts";
import type { Figure } from "../../core/figure.ts";
import { cleanText } from "../../core/markup.ts";
import type { Http } from "../../lib/http.ts";
import { subjectOf, watchList } from "../assets.ts";
import { dated, observe, saidNumber, saidText } from "../observe.ts";
import type { Listing, MarketLog, PriceSource, Quotes, Series } from "../types.ts";

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
/** For the coins by id. With the other sources' limits it stays below the 9 s that all of them have. */
const deadlineMs = 3_000;
/** For the rest, once the coins are there and no other source will be asked. The list of categories alone is about 420 KB. */
const restDeadlineMs = 5_000;
/** CoinGecko's greatest page of `/coins/markets`. */
export const maxCoins = 250;

const marketRow = z.object({
  id: z.string(),
  name: saidText,
  symbol: saidText,
  current_price: saidNumber,
  market_cap: saidNumber,
  market_cap_rank: saidNumber,
  total_volume: saidNumber,
  price_change_percentage_24h: saidNumber,
  price_change_percentage_7d_in_currency: saidNumber,
  price_change_percentage_30d_in_currency: saidNumber,
  last_updated: saidText,
});
const categoryRow = z.object({
  id: z.string(),
  market_cap: saidNumber,
  /** A percentage here; the same name in `/coins/markets` is an amount of dollars. */
  market_cap_change_24h: saidNumber,
  volume_24h: saidNumber,
  updated_at: saidText,
});
const globalBody = z.object({
  data: z.object({
    total_market_cap: z.object({ usd: saidNumber }).nullish().catch(null),
    market_cap_change_percentage_24h_usd: saidNumber,
    updated_at: saidNumber,
  }),
});
const chartBody = z.object({ prices: z.array(z.unknown()) });
/** A time in milliseconds since 1970 and a price. */
const chartPoint = z.tuple([saidNumber, saidNumber]);
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

/** Coins are named by whoever lists them: one line, and not endless. */
const named = (said: string | null | undefined, otherwise: string): string =>
  [...cleanText(said ?? "").replace(/\s+/g, " ")].slice(0, 40).join("") || otherwise;

const nothing: Quotes = { figures: [], listings: [] };

/**
 * Four requests an answer. The sector comes from `/coins/categories`, not from summing its members: it is a number that
 * CoinGecko itself published, so that a receipt can show it; the sum would end at 250 coins and give no 24 h change.
 */
export function createCoinGecko({ http, baseUrl, apiKey, now, log }: CoinGeckoOptions): PriceSource {
  const base = baseUrl.replace(/\/+$/, "");
  const keyHeader = URL.parse(base)?.hostname === "pro-api.coingecko.com" ? "x-cg-pro-api-key" : "x-cg-demo-api-key";
  const headers: Readonly<Record<string, string>> = apiKey === undefined || apiKey === "" ? {} : { [keyHeader]: apiKey };

  const get = <T>(path: string, schema: z.ZodType<T>, ms: number, signal: AbortSignal): Promise<T> =>
    http.getJson({ service: name, url: `${base}${path}`, headers, signal, deadlineMs: ms, schema, written: true, diagnose });

  /** The rows that are rows; one that is none is left out. */
  const rows = async <T>(path: string, row: z.ZodType<T>, ms: number, signal: AbortSignal): Promise<readonly T[]> =>
    (await get(path, z.array(z.unknown()), ms, signal)).map((one) => row.safeParse(one).data).filter((one) => one !== undefined);

  async function readCoins(selection: string, depin: boolean, ms: number, signal: AbortSignal): Promise<Quotes> {
    const path = `/coins/markets?vs_currency=usd&${selection}&per_page=${maxCoins}&price_change_percentage=7d,30d`;
    const figures: Figure[] = [];
    const listings: Listing[] = [];
    const at = now();
    const read = await rows(path, marketRow, ms, signal);
    for (const row of new Map(read.map((one) => [one.id, one])).values()) {
      const ours = watchList.find(({ coingecko }) => coingecko === row.id);
      const listing = {
        coin: row.id,
        name: ours?.name ?? named(row.name, row.id),
        ticker: ours?.ticker ?? named(row.symbol, row.id).toUpperCase(),
        rank: row.market_cap_rank?.value ?? null,
        depin,
      };
      listings.push(listing);
      const seen = {
        subject: subjectOf(row.id),
        name: listing.name,
        url: `${site}/en/coins/${encodeURIComponent(row.id)}`,
        price: row.current_price,
        marketCap: row.market_cap,
        change24h: row.price_change_percentage_24h,
        change7d: row.price_change_percentage_7d_in_currency,
        change30d: row.price_change_percentage_30d_in_currency,
        volume24h: row.total_volume,
        updated: row.last_updated,
      };
      figures.push(...observe(name, seen, at));
    }
    return { figures, listings };
  }

  const readByIds = async (coins: readonly string[], signal: AbortSignal): Promise<Quotes> => {
    const { figures, listings } = await readCoins(`ids=${coins.map(encodeURIComponent).join(",")}`, false, deadlineMs, signal);
    // Only what was asked for, whatever came.
    const asked = new Set(coins.map(subjectOf));
    return { figures: figures.filter((f) => asked.has(subjectOfMetric(f))), listings: listings.filter(({ coin }) => coins.includes(coin)) };
  };

  async function readSector(signal: AbortSignal): Promise<Quotes> {
    const row = (await rows("/coins/categories", categoryRow, restDeadlineMs, signal)).find((r) => r.id === "depin");
    const seen = row && {
      subject: "sector",
      name: "DePIN sector",
      url: `${site}/en/categories/depin`,
      marketCap: row.market_cap,
      change24h: row.market_cap_change_24h,
      volume24h: row.volume_24h,
      updated: row.updated_at,
    };
    return { figures: seen === undefined ? [] : observe(name, seen, now()), listings: [] };
  }

  async function readGlobal(signal: AbortSignal): Promise<Quotes> {
    const { data } = await get("/global", globalBody, restDeadlineMs, signal);
    const seen = {
      subject: "global",
      name: "Whole crypto",
      url: `${site}/en/charts`,
      marketCap: data.total_market_cap?.usd,
      change24h: data.market_cap_change_percentage_24h_usd,
      updated: dated(data.updated_at),
    };
    return { figures: observe(name, seen, now()), listings: [] };
  }

  /** Nothing where it fails: the coins are worth showing without it. */
  async function orNothing(what: string, work: Promise<Quotes>): Promise<Quotes> {
    const quotes = await work.catch((error: unknown) => {
      log?.warn({ source: name, what, err: error }, "a part of the answer could not be read");
      return null;
    });
    if (quotes?.figures.length === 0) log?.warn({ source: name, what }, "a part of the answer holds no figure");
    return quotes ?? nothing;
  }

  return {
    name,
    // Four requests an hour, whoever asks, leave nearly all of a free key's budget to what people look up.
    freshMs: 60 * 60_000,
    lists: true,
    async fetch(assets, signal) {
      const coins = assets.slice(0, maxCoins).map(({ coingecko }) => coingecko);
      // First and alone: where this fails, the next source is asked, and three more requests would only wear CoinGecko's patience.
      // Without ids CoinGecko would list the largest coins of all.
      const followed = coins.length === 0 ? nothing : await readByIds(coins, signal);
      if (coins.length > 0 && followed.figures.length === 0) throw new UpstreamError(name, "bad_shape", { detail: "no usable figure" });
      const [sector, global, members] = await Promise.all([
        orNothing("the sector", readSector(signal)),
        orNothing("all coins", readGlobal(signal)),
        orNothing("the sector's members", readCoins("category=depin&order=market_cap_desc&page=1", true, restDeadlineMs, signal)),
      ]);
      // A coin that is followed and a member has one figure of each metric, and both marks.
      const had = new Set(followed.figures.map(({ metric }) => metric));
      const figures = [...sector.figures, ...global.figures, ...followed.figures, ...members.figures.filter((f) => !had.has(f.metric))];
      if (figures.length === 0) throw new UpstreamError(name, "bad_shape", { detail: "no usable figure" });
      return { figures, listings: [...members.listings, ...followed.listings] };
    },
    ask(subject, signal) {
      if (subject === "sector") return readSector(signal);
      return subject === "global" ? readGlobal(signal) : readByIds([subject.coingecko], signal);
    },
    async history({ coingecko }, days, signal) {
      const path = `/coins/${encodeURIComponent(coingecko)}/market_chart?vs_currency=usd&days=${days}`;
      const { prices } = await get(path, chartBody, restDeadlineMs, signal);
      return lastOfEachDay(prices.flatMap(pointOf));
    },
  };
}

const subjectOfMetric = ({ metric }: Figure): string => metric.slice(0, metric.lastIndexOf("."));

type Point = Series["points"][number];

/** Nothing for what is no price at a time. */
function pointOf(said: unknown): readonly Point[] {
  const [ms, price] = chartPoint.safeParse(said).data ?? [];
  return ms && price && ms.value > 0 && price.value > 0 ? [{ at: new Date(ms.value), value: price.value }] : [];
}

/** Points come by the hour, and now and then twice or out of order. */
function lastOfEachDay(points: readonly Point[]): readonly Point[] {
  const inOrder = points.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return [...new Map(inOrder.map((point) => [point.at.toISOString().slice(0, 10), point])).values()];
}
