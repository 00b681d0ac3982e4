/** The market domain: live figures, else the last stored ones, else the bundled snapshot, and the receipt of each. */
import type { Figure } from "../core/figure.ts";
import { receiptId } from "../core/ids.ts";
import { orAborted } from "../lib/abort.ts";
import { findAsset, nearestAssets, watchList } from "./assets.ts";
import { baseline } from "./baseline.ts";
import { newestOfEach, stale } from "./newest.ts";
import { viewMetrics } from "./observe.ts";
import { createRefresh } from "./refresh.ts";
import type { Asset, FigureStore, Market, MarketLog, MarketView, PriceSource } from "./types.ts";

export interface MarketOptions {
  /** Asked in this order; without any, only stored figures and the baseline are shown. */
  readonly sources: readonly PriceSource[];
  readonly store: FigureStore;
  readonly now: () => Date;
  readonly log: MarketLog;
  /** Default: the watch list. */
  readonly assets?: readonly Asset[];
  /** Ends what is being asked when the program stops. */
  readonly stop?: AbortSignal;
}

/** The archive is read again after this long, for what another process on the same database stored. */
const archiveFreshMs = 60_000;

export function createMarket({ sources, store, now, log, assets = watchList, stop }: MarketOptions): Market {
  const order = viewMetrics(assets);
  const refresh = createRefresh({ sources, assets, keep: (figures) => store.save(figures), now, log, stop });
  let archive: { readonly figures: Promise<readonly Figure[]>; readonly until: number } | null = null;

  /** The newest stored figure of each metric; none where the archive cannot be read. */
  async function stored(): Promise<readonly Figure[]> {
    const at = now().getTime();
    if (archive === null || at >= archive.until) archive = { figures: store.latest(), until: at + archiveFreshMs };
    try {
      return await archive.figures;
    } catch (error) {
      archive = null;
      log.error({ err: error }, "stored figures could not be read");
      return [];
    }
  }

  async function lastKnown(troubles: readonly string[]): Promise<MarketView> {
    const all = [...refresh.last().figures, ...(await stored())].filter((f) => order.includes(f.metric));
    const newest = all.toSorted((a, b) => b.fetchedAt.getTime() - a.fetchedAt.getTime())[0];
    if (newest === undefined) return { figures: baseline, origin: "baseline", troubles };
    // One source per view: the metrics that only another source knew are left to `known`.
    const figures = newestOfEach(all.filter((f) => f.source.name === newest.source.name)).map(stale);
    return { figures: sorted(figures), origin: "stored", troubles };
  }

  const sorted = (figures: readonly Figure[]) => figures.toSorted((a, b) => order.indexOf(a.metric) - order.indexOf(b.metric));

  return {
    assets,
    asset: (query) => findAsset(assets, query),
    nearest: (query) => nearestAssets(assets, query),
    async view(signal) {
      const { figures, troubles } = await orAborted(refresh.get(), signal);
      return figures === null ? orAborted(lastKnown(troubles), signal) : { figures: sorted(figures), origin: "live", troubles };
    },
    async known(metric) {
      const { figures, fresh } = refresh.last();
      const live = fresh ? figures.find((f) => f.metric === metric) : undefined;
      if (live !== undefined) return live;
      const candidates = [...figures, ...(await stored()), ...baseline].filter((f) => f.metric === metric);
      const [best] = newestOfEach(candidates);
      return best === undefined ? null : stale(best);
    },
    async receipt(typed) {
      const id = receiptId(typed.replace(/[^a-z0-9]/gi, "").toLowerCase());
      return [...refresh.last().figures, ...baseline].find((f) => f.id === id) ?? store.find(id);
    },
  };
}
