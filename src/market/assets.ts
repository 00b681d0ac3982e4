/** The watch list, and how an asset is recognised in what people type. */
import { distance } from "fastest-levenshtein";
import type { Asset } from "./types.ts";

/**
 * Ids as the sources' own dumps and clients have them. An asset is never looked up by ticker at a source: tickers are not
 * unique there. CoinPaprika's id is null where no dump or client names it with certainty.
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
  asset("theta", "Theta", "THETA", "theta-token", null, ["theta network", "theta token"]),
  asset("the-graph", "The Graph", "GRT", "the-graph", "grt-the-graph", ["graph"]),
  asset("iotex", "IoTeX", "IOTX", "iotex", "iotx-iotex", []),
  asset("io", "io.net", "IO", "io", null, ["io net", "ionet"]),
  asset("aethir", "Aethir", "ATH", "aethir", null, []),
  asset("grass", "Grass", "GRASS", "grass", null, []),
  asset("hivemapper", "Hivemapper", "HONEY", "hivemapper", null, []),
  asset("livepeer", "Livepeer", "LPT", "livepeer", null, []),
  asset("storj", "Storj", "STORJ", "storj", "storj-storj", []),
  asset("golem", "Golem", "GLM", "golem", "glm-golem", []),
  asset("nosana", "Nosana", "NOS", "nosana", null, []),
];

function asset(id: string, name: string, ticker: string, coingecko: string, coinpaprika: string | null, more: readonly string[]): Asset {
  return { id, name, ticker, aliases: [coingecko, ...(coinpaprika === null ? [] : [coinpaprika]), ...more], coingecko, coinpaprika };
}

/** What CoinGecko's ids look like, in lower case. */
export const coinId = /^[a-z0-9][a-z0-9._-]{0,79}$/;

/** First parts of metrics that stand for something else than the coin that has this id at CoinGecko. */
const taken: ReadonlySet<string> = new Set(["sector", "global", ...watchList.map(({ id }) => id)]);

/** First part of the metrics of the coin with this CoinGecko id. */
export const subjectOf = (coin: string): string =>
  watchList.find(({ coingecko }) => coingecko === coin)?.id ?? (taken.has(coin) ? `coingecko-${coin}` : coin);

/** A coin that is not on the watch list; where its listing is not known yet, it is called by its id. */
export function outsider(coin: string, listing?: { readonly name: string; readonly ticker: string }): Asset {
  const { name = coin, ticker = coin } = listing ?? {};
  return { id: subjectOf(coin), name, ticker, aliases: [coin], coingecko: coin, coinpaprika: null };
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
  return slips <= Math.max(1, Math.floor(typed.length / 3)) ? 1 + slips : Number.POSITIVE_INFINITY;
}
