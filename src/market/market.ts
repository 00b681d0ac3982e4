/** The market domain: live figures, else the last stored ones, else the bundled snapshot, and the receipt of each. */
import { LRUCache } from "lru-cache";
import { type Trouble, UpstreamError } from "../core/errors.ts";
import { type Figure, typedReceipt } from "../core/figure.ts";
import { orAborted } from "../lib/abort.ts";
import { newestOfEach, stale } from "../lib/newest.ts";
import { createArchive } from "./archive.ts";
import { coinId, findAsset, nearestAssets, outsider, subjectOf, watchList } from "./assets.ts";
import { baseline } from "./baseline.ts";
import { changesOf } from "./changes.ts";
import { findMovers } from "./movers.ts";
import { viewMetrics } from "./observe.ts";
import { createOnDemand } from "./on-demand.ts";
import { createPriceHistory } from "./price-history.ts";
import { createRefresh } from "./refresh.ts";
import { lookAgain } from "./second-look.ts";
import { dailyValues } from "./series.ts";
import { maxCoins } from "./sources/coingecko.ts";
import type { Asset, Change, FigureStore, Follows, Listing, Market, MarketLog, MarketView, PriceSource } from "./types.ts";

export interface MarketOptions {
  /** Asked in this order; without any, only stored figures and the baseline are shown. */
  readonly sources: readonly PriceSource[];
  readonly store: FigureStore;
  /** CoinGecko ids that communities follow besides the watch list, the most followed first. */
  readonly watched: () => Promise<readonly string[]>;
  readonly now: () => Date;
  readonly log: MarketLog;
  /** Ends what is being asked when the program stops. */
  readonly stop?: AbortSignal;
}

const maxListings = 5_000;
/** Figures whose changes are kept: those of an hour and of what was looked up. */
const maxChanges = 1_000;
const bundled = (metric: string): Figure | undefined => baseline.find((f) => f.metric === metric);
const nobody: Follows = { watched: [], unwatched: [] };

export function createMarket({ sources, store, watched, now, log, stop }: MarketOptions): Market {
  const archive = createArchive(store, now, log);
  /** What coins are called, by CoinGecko's id. */
  const listings = new LRUCache<string, Listing>({ max: maxListings });
  const changes = new LRUCache<string, readonly Change[]>({ max: maxChanges });
  /** Of the last good hourly answer. */
  let answer: { readonly listings: readonly Listing[]; readonly asked: ReadonlySet<string> } = { listings: [], asked: new Set() };
  const note = (list: readonly Listing[]) => {
    for (const listing of list) listings.set(listing.coin, listing);
  };

  const coin = (id: string): Asset => watchList.find(({ coingecko }) => coingecko === id) ?? outsider(id, listings.get(id));
  const named = (ids: readonly string[]): readonly Asset[] => [...new Set(ids)].filter((id) => coinId.test(id)).map(coin);

  async function followed(): Promise<readonly Asset[]> {
    const ids = await watched().catch((error: unknown) => {
      log.error({ err: error }, "what communities follow could not be read");
      return [];
    });
    return [...new Set([...watchList, ...named(ids)])].slice(0, maxCoins);
  }

  const refresh = createRefresh({
    sources,
    assets: followed,
    learn(quotes, assets) {
      note(quotes.listings);
      answer = { listings: quotes.listings, asked: new Set(assets.map(({ coingecko }) => coingecko)) };
    },
    // The sector's other members come with the answer and are stored only where they are shown.
    keep: (figures) => {
      const kept = new Set(["sector", "global", ...[...answer.asked].map(subjectOf)]);
      return store.save(figures.filter((figure) => kept.has(subjectIn(figure))));
    },
    now,
    log,
    stop,
  });
  const onDemand = createOnDemand(
    now,
    (quotes) => {
      note(quotes.listings);
      return archive.remember(quotes.figures);
    },
    stop,
  );

  const series = async (metric: string, days: number) =>
    dailyValues(await store.series(metric, new Date(now().getTime() - days * 24 * 3_600_000), now()));
  const comesHourly = (asset: Asset) => watchList.includes(asset) || answer.asked.has(asset.coingecko);
  const history = createPriceHistory({ sources, archive: series, comesHourly, now, log, stop });

  async function lastKnown(assets: readonly Asset[], order: readonly string[], troubles: readonly Trouble[]): Promise<MarketView> {
    const wanted = new Set(order);
    const all = [...refresh.last().figures, ...onDemand.recent(), ...(await archive.latest())].filter((f) => wanted.has(f.metric));
    const newest = all.toSorted((a, b) => b.fetchedAt.getTime() - a.fetchedAt.getTime())[0];
    if (newest === undefined) return { figures: baseline, origin: "baseline", troubles, assets, leftOut: [] };
    // One source per view: the metrics that only another source knew are left to `known`.
    const figures = newestOfEach(all.filter((f) => f.source.name === newest.source.name)).map(stale);
    return { figures: inOrder(figures, order), origin: "stored", troubles, assets, leftOut: [] };
  }

  async function known(metric: string): Promise<Figure | null> {
    const { figures, fresh } = refresh.last();
    const recent = onDemand.recent();
    const live = [...(fresh ? figures : []), ...recent].find((f) => f.metric === metric);
    if (live !== undefined) return live;
    const candidates = [...figures, ...(await archive.latest()), ...baseline].filter((f) => f.metric === metric);
    const [best] = newestOfEach(candidates);
    return best === undefined ? null : stale(best);
  }

  /** Another metric in the answer that a figure came with. */
  async function beside(current: Figure, metric: string): Promise<Figure | null> {
    const same = (f: Figure) =>
      f.metric === metric && f.source.name === current.source.name && f.fetchedAt.getTime() === current.fetchedAt.getTime();
    const found = [...refresh.last().figures, ...onDemand.recent(), ...(await archive.latest())].find(same);
    return found === undefined ? null : current.state === "live" ? found : stale(found);
  }

  /** Null where the archive cannot be read. */
  async function tell(current: Figure): Promise<readonly Change[] | null> {
    try {
      return await changesOf(current, { past: archive.past, beside, bundled });
    } catch (error) {
      log.error({ err: error }, "stored figures could not be read");
      return null;
    }
  }

  return {
    assets: watchList,
    asset: (query) => findAsset(watchList, query),
    nearest: (query) => nearestAssets(watchList, query),
    async lookUp(typed, signal) {
      const id = typed.trim().toLowerCase();
      if (!coinId.test(id)) return null;
      const asset = coin(id);
      // What came with the last hourly answer comes with the next one too.
      const comes = answer.listings.some((listing) => listing.coin === id);
      if (watchList.includes(asset) || comes || onDemand.recent().some((f) => subjectIn(f) === asset.id)) return asset;
      const source = sources.find(({ lists }) => lists);
      if (source === undefined) return null;
      try {
        const quotes = await onDemand.ask(source, asset, signal);
        return quotes.listings.some((listing) => listing.coin === id) ? coin(id) : null;
      } catch (error) {
        if (error instanceof UpstreamError && error.kind === "not_found") return null;
        throw error;
      }
    },
    async view(signal, follows = nobody) {
      const { figures, troubles } = await orAborted(refresh.get(), signal);
      const own = named(follows.watched).filter((asset) => !watchList.includes(asset));
      const assets = [...watchList.filter(({ coingecko }) => !follows.unwatched.includes(coingecko)), ...own];
      const order = viewMetrics([...watchList, ...own]);
      if (figures === null) return orAborted(lastKnown(assets, order, troubles), signal);
      const source = figures[0]?.source.name;
      const had = new Set(figures.map(({ metric }) => metric));
      const lookedUp = onDemand.recent().filter((f) => f.source.name === source && !had.has(f.metric));
      const shown = inOrder([...figures, ...lookedUp], order);
      const outsiders = shown.filter((figure) => own.some(({ id }) => id === subjectIn(figure)));
      await archive.remember(outsiders);
      const leftOut = own.filter(({ id, coingecko }) => !answer.asked.has(coingecko) && !outsiders.some((f) => subjectIn(f) === id));
      return { figures: shown, origin: "live", troubles, assets, leftOut: leftOut.map(({ coingecko }) => coingecko) };
    },
    known,
    async movers() {
      const { figures } = await refresh.get();
      if (figures === null || !answer.listings.some(({ depin }) => depin)) return null;
      const movers = findMovers(figures, answer.listings);
      await archive.remember([...movers.up, ...movers.down]);
      return movers;
    },
    async changes(current) {
      // What was stored before a figure does not change any more: each is looked up once, not for everyone who asks.
      const key = `${current.id} ${current.state}`;
      const told = changes.get(key) ?? (await tell(current));
      if (told !== null) changes.set(key, told);
      const all = told ?? (await changesOf(current, { past: async () => null, beside, bundled }));
      await archive.remember(all.map(({ figure }) => figure));
      return all;
    },
    series,
    history,
    async receipt(typed) {
      const id = typedReceipt(typed);
      return [...refresh.last().figures, ...baseline].find((f) => f.id === id) ?? archive.remembered(id) ?? store.find(id);
    },
    other: (figure) => store.other(figure.metric, figure.source.name),
    secondLook: (figure, signal) => lookAgain(figure, { sources, ask: onDemand.ask, coin }, signal),
  };
}

const subjectIn = ({ metric }: Figure): string => metric.slice(0, metric.lastIndexOf("."));

/** The figures of these metrics, in their order. */
function inOrder(figures: readonly Figure[], order: readonly string[]): readonly Figure[] {
  const byMetric = new Map(figures.map((figure) => [figure.metric, figure]));
  return order.flatMap((metric) => byMetric.get(metric) ?? []);
}
