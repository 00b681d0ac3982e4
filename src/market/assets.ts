/** The watch list, and how an asset is recognised in what people type. */
import { distance } from "fastest-levenshtein";
import type { Asset } from "./types.ts";

/**
 * Ids as the sources' own dumps and clients have them (market-apis, section 1.8). An asset is never looked up by ticker at
 * a source: tickers are not unique there.
 */
export const watchList: readonly Asset[] = [
  asset("bitcoin", "Bitcoin", "BTC", "bitcoin", "btc-bitcoin", ["xbt"]),
  asset("ethereum", "Ethereum", "ETH", "ethereum", "eth-ethereum", ["ether"]),
  asset("render", "Render", "RENDER", "render-token", "rndr-render-token", ["rndr", "render network", "render token"]),
  asset("bittensor", "Bittensor", "TAO", "bittensor", "tao-bittensor", []),
  asset("filecoin", "Filecoin", "FIL", "filecoin", "fil-filecoin", []),
  asset("akash", "Akash", "AKT", "akash-network", "akt-akash-network", ["akash network"]),
  asset("helium", "Helium", "HNT", "helium", "hnt-helium", ["helium network"]),
  asset("arweave", "Arweave", "AR", "arweave", "ar-arweave", []),
];

function asset(id: string, name: string, ticker: string, coingecko: string, coinpaprika: string, more: readonly string[]): Asset {
  return { id, name, ticker, aliases: [coingecko, coinpaprika, ...more], coingecko, coinpaprika };
}

/** `$AKT`, `Akash  Network` and `akash network` are one name. */
const normal = (text: string): string => text.trim().replace(/^\$/, "").replace(/\s+/g, " ").toLowerCase();

const namesOf = (asset: Asset): readonly string[] => [asset.id, asset.name.toLowerCase(), asset.ticker.toLowerCase(), ...asset.aliases];

/** The asset that goes by exactly this name, ticker or id, in any case; null where there is none. */
export function findAsset(assets: readonly Asset[], query: string): Asset | null {
  const wanted = normal(query);
  return assets.find((a) => namesOf(a).includes(wanted)) ?? null;
}

/** Assets whose names begin with, contain, or nearly are what was typed, best first. An empty query finds all. */
export function nearestAssets(assets: readonly Asset[], query: string): readonly Asset[] {
  const wanted = normal(query);
  return assets
    .map((a) => ({ asset: a, far: Math.min(...namesOf(a).map((name) => farness(name, wanted))) }))
    .filter(({ far }) => far < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.far - b.far)
    .map(({ asset }) => asset);
}

/** 0 for a beginning, 1 for a part, then the number of slips; infinite where too little agrees to be a slip. */
function farness(name: string, typed: string): number {
  if (name.startsWith(typed)) return 0;
  if (typed.length >= 2 && name.includes(typed)) return 1;
  if (typed.length < 3) return Number.POSITIVE_INFINITY; // One slip in two letters is another word.
  const slips = distance(name, typed);
  return slips <= Math.max(1, Math.floor(typed.length / 4)) ? 1 + slips : Number.POSITIVE_INFINITY;
}
