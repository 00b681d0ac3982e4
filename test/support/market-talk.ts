/** `/market` and `/why` as a person meets them: the two commands on a real market. */
import market from "../../commands/market.ts";
import why from "../../commands/why.ts";
import type { Choice } from "../../src/core/context.ts";
import { createMarket, type MarketOptions } from "../../src/market/market.ts";
import type { Market } from "../../src/market/types.ts";
import { createTalk, type Talk } from "./talk.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface MarketTalk extends Omit<Talk, "suggest"> {
  readonly market: Market;
  /** For the asset of `/market`. */
  suggest(typed: string): Promise<readonly Choice[]>;
}

export function marketTalk({
  watched = async () => [],
  log = silent,
  ...options
}: Partial<MarketOptions> & Pick<MarketOptions, "sources" | "store" | "now">): MarketTalk {
  const domain = createMarket({ ...options, watched, log });
  const talk = createTalk([market, why], { market: domain, modelAnswers: { find: async () => null } }, options.now);
  return { ...talk, market: domain, suggest: (typed) => talk.suggest("market", "asset", typed) };
}

/** The receipt in the first line that begins so; a receipt is eight letters and digits without l, o, 0 and 1. */
export function receiptIn(shown: string, beginning: string): string {
  const line = shown.split("\n").find((one) => one.startsWith(beginning));
  const [receipt] = line?.match(/\b(?=[a-z2-9]*\d|[a-z]{8}\b)[a-km-np-z2-9]{8}\b/) ?? [];
  if (receipt === undefined) throw new TypeError(`no receipt in a line that begins with ${beginning}:\n${shown}`);
  return receipt;
}
