/** The networks whose fundamentals are followed: one line each, and where it has any, its sources, best first. */
import { UpstreamError } from "../core/errors.ts";
import type { Http } from "../lib/http.ts";
import type { NetworkDefinition } from "./network-definition.ts";
import { akash } from "./networks/akash.ts";
import { arweave } from "./networks/arweave.ts";
import { bittensor } from "./networks/bittensor.ts";
import { filecoinNode, filfox } from "./networks/filecoin.ts";
import { helium } from "./networks/helium.ts";
import type { MarketLog, Network, NetworkSource } from "./types.ts";

/** In the order of `/network`. An id is also that of an asset of the watch list, whose names it goes by. */
const definitions = [
  { id: "filecoin", sources: [filecoinNode, filfox] },
  { id: "akash", sources: [akash] },
  { id: "helium", sources: [helium] },
  { id: "bittensor", sources: [bittensor] },
  { id: "arweave", sources: [arweave] },
  { id: "render", sources: [], note: "render" },
] as const;

/** Every setting that holds a network source's address. */
type Setting = (typeof definitions)[number]["sources"][number]["setting"];

export interface NetworksOptions {
  /** By setting; null where a source is turned off. */
  readonly urls: Readonly<Record<Setting, string | null>>;
  readonly http: Http;
  readonly log: MarketLog;
  readonly now: () => Date;
}

/** Every network, with the sources that are turned on. */
export function createNetworks({ urls, ...parts }: NetworksOptions): readonly Network[] {
  const open = (definition: NetworkDefinition<Setting>) => {
    const url = urls[definition.setting];
    return { name: definition.name, metrics: definition.metrics, source: url === null ? null : connect(definition, { ...parts, url }) };
  };
  return definitions.map(({ id, sources, ...more }): Network => ({ id, sources: sources.map(open), ...more }));
}

function connect(
  definition: NetworkDefinition<Setting>,
  { url, http, log, now }: Omit<NetworksOptions, "urls"> & { readonly url: string },
): NetworkSource {
  const { id, name, metrics, freshMs } = definition;
  const baseUrl = url.replace(/\/+$/, "");
  return {
    id,
    name,
    metrics,
    freshMs,
    async fetch(signal) {
      const figures = await definition.fetch({ baseUrl, http, log, now, signal });
      if (figures.length === 0) throw new UpstreamError(name, "bad_shape", { detail: "no usable figure" });
      return figures;
    },
  };
}
