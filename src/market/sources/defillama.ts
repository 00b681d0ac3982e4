/** DefiLlama: prices of coins by CoinGecko's ids and how they changed, when the other sources fail; no caps and no sector. */
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import type { Http } from "../../lib/http.ts";
import type { WrittenNumber } from "../../lib/http-json.ts";
import { dated, observe, saidNumber } from "../observe.ts";
import type { Asset, MarketLog, PriceSource, Quotes } from "../types.ts";

export interface DefiLlamaOptions {
  readonly http: Http;
  /** Base address, such as `https://coins.llama.fi`. */
  readonly baseUrl: string;
  readonly now: () => Date;
  /** Told what is left out of an answer. */
  readonly log?: MarketLog;
}

const name = "DefiLlama";
/** It has no page for a coin; this answer is what anyone can check. */
const pageOf = (key: string): string => `https://coins.llama.fi/prices/current/${key}`;
/** For the prices, and again for the changes: with the other sources' limits below the 9 s that all of them have. */
const deadlineMs = 1_250;
/** Prices on which it has little confidence come from thin markets, and are often wrong. */
const minConfidence = 0.5;

const coinRow = z.object({ price: saidNumber, timestamp: saidNumber, confidence: saidNumber });
const prices = z.object({ coins: z.record(z.string(), coinRow.nullish().catch(null)) });
const percentages = z.object({ coins: z.record(z.string(), saidNumber) });

/** Four requests an answer: prices, and the change over each period (DefiLlama's API documentation, `/percentage/{coins}`). */
export function createDefiLlama({ http, baseUrl, now, log }: DefiLlamaOptions): PriceSource {
  const base = baseUrl.replace(/\/+$/, "");

  const get = <T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> =>
    http.getJson({ service: name, url: `${base}${path}`, signal, deadlineMs, schema, written: true });

  /** By key; nothing where they cannot be read: the prices are worth showing without them. */
  async function readChanges(
    keys: string,
    period: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, WrittenNumber | null | undefined>>> {
    try {
      return (await get(`/percentage/${keys}?period=${period}`, percentages, signal)).coins;
    } catch (error) {
      log?.warn({ source: name, period, err: error }, "changes could not be read");
      return {};
    }
  }

  async function read(assets: readonly Asset[], signal: AbortSignal): Promise<Quotes> {
    const keyOf = (asset: Asset): string => `coingecko:${asset.coingecko}`;
    const keys = assets.map((asset) => encodeURIComponent(keyOf(asset)).replace("%3A", ":")).join(",");
    const { coins } = await get(`/prices/current/${keys}?searchWidth=4h`, prices, signal);
    const sound = assets.filter((asset) => {
      const row = coins[keyOf(asset)];
      return row?.price !== null && row?.price !== undefined && (row.confidence?.value ?? 1) >= minConfidence;
    });
    if (sound.length === 0) return { figures: [], listings: [] };
    const [day, week, month] = await Promise.all(["24h", "7d", "30d"].map((period) => readChanges(keys, period, signal)));
    const at = now();
    const figures = sound.flatMap((asset) => {
      const key = keyOf(asset);
      const row = coins[key];
      const about = { subject: asset.id, name: asset.name, url: pageOf(key) };
      const price = observe(name, { ...about, price: row?.price, updated: dated(row?.timestamp) }, at);
      // A change to a price that is not believed is no better. It is not dated by the source.
      if (price.length === 0) return [];
      return [
        ...price,
        ...observe(name, { ...about, change24h: day?.[key], change7d: week?.[key], change30d: month?.[key], updated: null }, at),
      ];
    });
    return { figures, listings: [] };
  }

  return {
    name,
    freshMs: 60 * 60_000,
    lists: false,
    async fetch(assets, signal) {
      const quotes = assets.length === 0 ? { figures: [], listings: [] } : await read(assets, signal);
      if (quotes.figures.length === 0) throw new UpstreamError(name, "bad_shape", { detail: "no usable figure" });
      return quotes;
    },
    ask: async (subject, signal) =>
      subject === "sector" || subject === "global" ? { figures: [], listings: [] } : read([subject], signal),
  };
}
