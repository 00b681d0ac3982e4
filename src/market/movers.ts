/** Which members of the sector moved most, without those whose percentages say nothing. */
import type { Figure } from "../core/figure.ts";
import { subjectOf } from "./assets.ts";
import type { Listing, Movers } from "./types.ts";

/** US dollars traded in 24 h; below it one order moves a price by percents. */
const floor = 1_000_000;
/** Shown in each direction. */
const most = 3;

/**
 * The movers of one answer. A coin counts if it has a rank and a market cap, and was traded for the floor or more; coins that
 * stand for another one, or for a currency, do not. (What is dated long past never became a figure.)
 */
export function findMovers(figures: readonly Figure[], listings: readonly Listing[]): Movers {
  const byMetric = new Map(figures.map((figure) => [figure.metric, figure]));
  const members = listings.filter(({ depin }) => depin);
  const tickers = new Set(members.map(({ ticker }) => ticker));
  const changes = members
    .filter((listing) => listing.rank !== null && !standsForAnother(listing, tickers))
    .flatMap(({ coin }) => {
      const subject = subjectOf(coin);
      const [change, volume] = [byMetric.get(`${subject}.change_24h`), byMetric.get(`${subject}.volume_24h`)];
      return change !== undefined && byMetric.has(`${subject}.market_cap`) && amountOf(volume) >= floor ? [change] : [];
    })
    .toSorted((a, b) => amountOf(b) - amountOf(a));
  return {
    up: changes.filter((change) => amountOf(change) > 0).slice(0, most),
    down: changes
      .filter((change) => amountOf(change) < 0)
      .toReversed()
      .slice(0, most),
    floor,
  };
}

const amountOf = (figure: Figure | undefined): number => Number(figure?.value ?? Number.NEGATIVE_INFINITY);

/** Wrapped, staked and bridged coins follow another coin, stablecoins a currency: listing them would only list that twice. */
function standsForAnother({ name, ticker }: Listing, tickers: ReadonlySet<string>): boolean {
  if (/\b(wrapped|staked|bridged|pegged|restaked|liquid staking)\b/i.test(name)) return true;
  if (/USD|^DAI$|^EUR/.test(ticker)) return true;
  return (
    /^(W|ST|XC|AX)/.test(ticker) && [/^W/, /^ST/, /^XC/, /^AX/].some((mark) => mark.test(ticker) && tickers.has(ticker.replace(mark, "")))
  );
}
