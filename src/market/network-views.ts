/** What is known of each network: live figures, else the last ones that were stored, and what went wrong. */
import { DefinitionError } from "../core/errors.ts";
import type { Figure } from "../core/figure.ts";
import { orAborted } from "../lib/abort.ts";
import { createLiveAnswer } from "../lib/live-answer.ts";
import { newestOfEach, stale } from "../lib/newest.ts";
import { findAsset, nearestAssets } from "./assets.ts";
import { baseline } from "./baseline.ts";
import { viewMetrics } from "./observe.ts";
import type { Asset, FigureStore, MarketLog, Network, Networks, NetworkView } from "./types.ts";

export interface NetworkViewsOptions {
  /** In the order in which they are shown. */
  readonly networks: readonly Network[];
  /** Give the networks their names. */
  readonly assets: readonly Asset[];
  readonly store: FigureStore;
  readonly now: () => Date;
  readonly log: MarketLog;
  /** Ends what is being asked when the program stops. */
  readonly stop?: AbortSignal;
}

/** @throws DefinitionError where a network is no asset of the list */
export function createNetworkViews({ networks, assets, store, now, log, stop }: NetworkViewsOptions): Networks {
  const followed = networks.map((network) => {
    const asset = assets.find(({ id }) => id === network.id);
    if (asset === undefined) throw new DefinitionError([`the network "${network.id}" is no asset of the watch list`]);
    const sources = network.sources.flatMap(({ source }) => (source === null ? [] : [source]));
    const live = createLiveAnswer({ sources, keep: (figures) => store.save(figures), now, log, stop });
    return { network, asset, live, metrics: [...new Set(network.sources.flatMap((source) => source.metrics))], off: sources.length === 0 };
  });
  const names = followed.map(({ asset }) => asset);

  async function view({ network, asset, live, metrics, off }: (typeof followed)[number]): Promise<NetworkView> {
    const { figures, troubles } = await live.get();
    const now = figures ?? [];
    const gaps = metrics.filter((metric) => !now.some((f) => f.metric === metric));
    const older = gaps.length === 0 ? [] : await known(live.last().figures, gaps);
    const shown = [...now, ...older];
    const sorted = (list: readonly Figure[]) => list.toSorted((a, b) => metrics.indexOf(a.metric) - metrics.indexOf(b.metric));
    const note = network.note ?? (off ? "off" : undefined);
    return {
      id: network.id,
      name: asset.name,
      figures: shown.length === 0 ? bundled(network) : [...sorted(now), ...sorted(older)],
      missing: gaps.filter((metric) => !older.some((f) => f.metric === metric)),
      troubles,
      ...(note === undefined ? {} : { note }),
    };
  }

  /** The newest figure of each of these metrics, none of them live. */
  async function known(last: readonly Figure[], metrics: readonly string[]): Promise<readonly Figure[]> {
    const stored = await store.latest().catch((error: unknown) => {
      log.error({ err: error }, "stored figures could not be read");
      return [];
    });
    return newestOfEach([...last, ...stored, ...baseline].filter((f) => metrics.includes(f.metric))).map(stale);
  }

  /** What the snapshot holds of a network besides its market, under names that no source uses any more. */
  const bundled = ({ id }: Network): readonly Figure[] =>
    baseline.filter((f) => f.metric.startsWith(`${id}.`) && !viewMetrics(assets).includes(f.metric));

  return {
    names,
    find: (query) => findAsset(names, query),
    nearest: (query) => nearestAssets(names, query),
    views: (signal, id) => orAborted(Promise.all(followed.filter(({ asset }) => id === undefined || asset.id === id).map(view)), signal),
  };
}
