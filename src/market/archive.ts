/** The figure store as the market uses it: a store that cannot be reached is logged, and never keeps a figure from being shown. */
import { LRUCache } from "lru-cache";
import type { Figure } from "../core/figure.ts";
import type { FigureStore, MarketLog } from "./types.ts";

export interface Archive {
  /** The newest stored figure of each metric, at most a minute old; none where the store cannot be read. */
  latest(): Promise<readonly Figure[]>;
  /** The stored figure of this metric and source at or before the instant; null where there is none. Rejects where the store cannot be read. */
  past(of: Figure, instant: Date, toleranceMs: number): Promise<Figure | null>;
  /** Stores figures that are about to be shown, each once; what could not be stored is tried again when it is shown again. */
  remember(figures: readonly Figure[]): Promise<void>;
  /** One that was remembered lately, whether or not it could be stored. */
  remembered(id: string): Figure | undefined;
}

/** The store is read again after this long, for what another process on the same database stored. */
const freshMs = 60_000;
/** Figures beside the hourly answer that are shown in an hour or two. */
const maxRemembered = 5_000;

export function createArchive(store: FigureStore, now: () => Date, log: MarketLog): Archive {
  let read: { readonly figures: Promise<readonly Figure[]>; readonly until: number } | null = null;
  const shown = new LRUCache<string, { readonly figure: Figure; readonly stored: boolean }>({ max: maxRemembered });
  const note = (figures: readonly Figure[], stored: boolean) => {
    for (const figure of figures) shown.set(figure.id, { figure, stored });
  };
  return {
    async latest() {
      const at = now().getTime();
      if (read === null || at >= read.until) read = { figures: store.latest(), until: at + freshMs };
      try {
        return await read.figures;
      } catch (error) {
        read = null;
        log.error({ err: error }, "stored figures could not be read");
        return [];
      }
    },
    past: async ({ metric, source }, instant, toleranceMs) =>
      (await store.at([metric], instant, toleranceMs)).find((figure) => figure.source.name === source.name) ?? null,
    async remember(figures) {
      const fresh = figures.filter(({ id }) => shown.get(id)?.stored !== true);
      if (fresh.length === 0) return;
      // Those who ask at the same moment need not store them too.
      note(fresh, true);
      await store.save(fresh).catch((error: unknown) => {
        note(fresh, false);
        log.error({ err: error }, "shown figures could not be stored");
      });
    },
    remembered: (id) => shown.get(id)?.figure,
  };
}
