/** Where the prices of GPU-hours come from: one line each. */
import type { Http } from "../lib/http.ts";
import type { Askable, SourceLog } from "../lib/live-answer.ts";
import { atLeastOne, type SourceDefinition } from "./source-definition.ts";
import { akash } from "./sources/akash.ts";
import { azure } from "./sources/azure.ts";
import { gpuhunt } from "./sources/gpuhunt.ts";
import { nosana } from "./sources/nosana.ts";
import { runpod } from "./sources/runpod.ts";
import { vast } from "./sources/vast.ts";

const definitions = [akash, nosana, azure, gpuhunt, vast, runpod] as const;

/** Every setting that holds the address of a source of GPU prices. */
export type PriceSetting = (typeof definitions)[number]["setting"];

export interface ComputeSourcesOptions {
  /** By setting; null where a source is turned off. */
  readonly urls: Readonly<Record<PriceSetting, string | null>>;
  readonly http: Http;
  readonly log: SourceLog;
  readonly now: () => Date;
}

/** Every source; null where one is turned off. */
export const createComputeSources = ({ urls, ...parts }: ComputeSourcesOptions) =>
  definitions.map((definition: SourceDefinition<PriceSetting>): { readonly name: string; readonly source: Askable | null } => {
    const { name, setting, freshMs } = definition;
    const baseUrl = urls[setting]?.replace(/\/+$/, "");
    if (baseUrl === undefined) return { name, source: null };
    const fetch = async (signal: AbortSignal) => atLeastOne(name, await definition.fetch({ ...parts, baseUrl, signal }));
    return { name, source: { name, freshMs, fetch } };
  });
