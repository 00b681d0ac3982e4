/** The price desk: asks every source at once, puts what they say of one GPU class side by side, and keeps a history. */
import type { LineChart } from "../core/chart.ts";
import type { Trouble } from "../core/errors.ts";
import { type Figure, formatTime } from "../core/figure.ts";
import type { Texts } from "../core/texts.ts";
import { orAborted } from "../lib/abort.ts";
import { type Askable, createLiveAnswer, type SourceLog } from "../lib/live-answer.ts";
import { newestOfEach, stale } from "../lib/newest.ts";
import type { FigureStore } from "../market/types.ts";
import { gpus, gpusMeant, nearestGpus } from "./gpus.ts";
import { jobWords } from "./job.ts";
import { mediansOf, overallIndex } from "./medians.ts";
import { priceLines, priceVerdict } from "./price-words.ts";
import { metricOf, rowOf } from "./quotes.ts";
import { sellers } from "./sellers.ts";
import type { Gpu, GpuPrices, Price, PriceDesk, PriceOverview, Seller } from "./types.ts";

export interface PricesOptions {
  readonly sources: readonly Askable[];
  readonly store: FigureStore;
  readonly now: () => Date;
  readonly log: SourceLog;
  /** Ends what is being asked when the program stops. */
  readonly stop?: AbortSignal;
}

type Words = Texts["compute"];

const dayMs = 24 * 3_600_000;
const chartDays = 90;
/** How much further back than wanted a stored figure may lie: one is stored each day. */
const toleranceMs = 1.5 * dayMs;
const sideOrder: readonly Seller["side"][] = ["decentralised", "marketplace", "centralised"];

/** What is known now: the figures by metric, and what went wrong. */
interface Known {
  readonly byMetric: ReadonlyMap<string, Figure>;
  readonly troubles: readonly Trouble[];
}

export function createPrices({ sources, store, now, log, stop }: PricesOptions): PriceDesk {
  const kept = async () => undefined; // All classes of all sources every half hour are more than anybody reads: see `remember`.
  const seats = sources.map((source) => ({ source, live: createLiveAnswer({ sources: [source], keep: kept, now, log, stop }) }));
  let stored: { readonly figures: Promise<readonly Figure[]>; readonly until: number } | null = null;
  let recorded = "";

  /** The newest stored figure of each metric, read at most once a minute; none where the store cannot be read. */
  async function latest(): Promise<readonly Figure[]> {
    const at = now().getTime();
    if (stored === null || at >= stored.until) stored = { figures: store.latest(), until: at + 60_000 };
    try {
      return await stored.figures;
    } catch (error) {
      stored = null;
      log.error({ err: error }, "stored GPU prices could not be read");
      return [];
    }
  }

  async function ask(): Promise<Known> {
    const answers = await Promise.all(seats.map(async ({ source, live }) => ({ source, live, ...(await live.get()) })));
    const failed = answers.filter(({ figures }) => figures === null);
    const names = new Set(failed.map(({ source }) => source.name));
    const older =
      failed.length === 0 ? [] : (await latest()).filter(({ metric, source }) => metric.startsWith("compute.") && names.has(source.name));
    const last = failed.flatMap(({ live }) => live.last().figures);
    const all = [...answers.flatMap(({ figures }) => figures ?? []), ...newestOfEach([...last, ...older]).map(stale)];
    return { byMetric: new Map(all.map((one) => [one.metric, one])), troubles: answers.flatMap(({ troubles }) => troubles) };
  }

  /** Each figure is stored when it is shown, and so has a receipt that `/why` knows. */
  async function remember(figures: readonly (Figure | null)[]): Promise<void> {
    const live = figures.flatMap((one) => (one?.state === "live" ? [one] : []));
    if (live.length > 0) await store.save(live).catch((error: unknown) => log.error({ err: error }, "GPU prices could not be stored"));
  }

  /** The last stored figure of each day, that of this moment among them. */
  async function daysOf(metric: string): Promise<readonly Figure[]> {
    const at = now().getTime();
    return store.series(metric, new Date(at - chartDays * dayMs), new Date(at + 1)).catch((error: unknown) => {
      log.error({ err: error }, "stored GPU prices could not be read");
      return [];
    });
  }

  /** The days on which the same sellers were there: others' median in between would look like a change of price. */
  async function line(
    { title, words }: { readonly title: string; readonly words: Words },
    unit: LineChart["unit"],
    figures: Readonly<Record<string, Figure | null>>,
  ): Promise<LineChart> {
    const series = await Promise.all(
      Object.entries(figures).map(async ([label, figure]) => {
        const days = figure === null ? [] : await daysOf(figure.metric);
        const same = days.filter(({ source, value }) => source.name === figure?.source.name && value !== null);
        return { label, points: same.map(({ fetchedAt, value }) => ({ at: fetchedAt, value: Number(value) })) };
      }),
    );
    const subtitle = words.chart.subtitle(formatTime(now(), "day"));
    return { kind: "line", title, subtitle, series: series.filter(({ points }) => points.length > 0), unit };
  }

  const classOf = ({ byMetric, troubles }: Known, gpu: Gpu): GpuPrices => {
    const rows = pricesOf(byMetric, gpu);
    const prices = rows.filter(({ spot }) => !spot);
    return { gpu, prices, spot: rows.filter(({ spot }) => spot), ...mediansOf(gpu, prices, now()), troubles };
  };

  async function overview(): Promise<PriceOverview & { readonly all: readonly GpuPrices[] }> {
    const known = await ask();
    const all = gpus.map((gpu) => classOf(known, gpu));
    const both = all.filter(({ index }) => index !== null);
    const index = overallIndex(both);
    // What the medians are of, too: their receipts name it.
    await remember([index, ...both.flatMap((one) => [one.index, one.networks, one.clouds, ...one.prices.map(({ price }) => price)])]);
    return { index, gpus: both, troubles: known.troubles, all };
  }

  return {
    meant: gpusMeant,
    nearest: nearestGpus,
    async of(gpu, signal) {
      const view = classOf(await orAborted(ask(), signal), gpu);
      const parts = [...view.prices, ...view.spot].flatMap(({ price, low, high, offers, free }) => [price, low, high, offers, free]);
      await remember([...parts, view.networks, view.clouds, view.index]);
      return view;
    },
    async overview(signal) {
      const { index, gpus: both, troubles } = await orAborted(overview(), signal);
      return { index, gpus: both, troubles };
    },
    async before({ metric, source }, days) {
      try {
        const found = await store.at([metric], new Date(now().getTime() - days * dayMs), toleranceMs);
        return found.find((one) => one.source.name === source.name) ?? null;
      } catch (error) {
        log.error({ err: error }, "stored GPU prices could not be read");
        return null;
      }
    },
    async chart({ gpu, networks, clouds, index }, words) {
      const { chart } = words;
      const medians = { [chart.networks]: networks, [chart.clouds]: clouds };
      return {
        kind: "stack",
        charts: [
          await line({ title: words.perHour(gpu.name), words }, "usd", medians),
          await line({ title: chart.ratio, words }, "share", { [chart.index]: index }),
        ],
      };
    },
    indexChart: (index, words) => line({ title: words.chart.overall, words }, "share", { [words.chart.index]: index }),
    async record(signal) {
      const today = now().toISOString().slice(0, 10);
      if (recorded === today || sources.length === 0) return;
      const { all } = await orAborted(overview(), signal);
      const prices = all.flatMap((one) => [...one.prices, ...one.spot].map(({ price }) => price));
      await remember(prices);
      // Where every source failed, the next look may find more.
      if (prices.some(({ state }) => state === "live")) recorded = today;
    },
    verdict: priceVerdict,
    lines: priceLines,
    job: jobWords,
  };
}

/** A class's rows: networks, marketplaces, clouds, each side by price. */
function pricesOf(byMetric: Known["byMetric"], gpu: Gpu): readonly Price[] {
  const rows = sellers.flatMap((seller) =>
    [false, true].flatMap((spot): readonly Price[] => {
      const part = (name: string): Figure | null => byMetric.get(metricOf(gpu, rowOf(seller.id, spot), name)) ?? null;
      const price = part("price");
      if (price === null) return [];
      // What was stored at another time belongs to another price.
      const same = (name: string): Figure | null => {
        const found = part(name);
        return found?.fetchedAt.getTime() === price.fetchedAt.getTime() ? found : null;
      };
      return [{ seller, spot, price, low: same("low"), high: same("high"), offers: same("offers"), free: same("free") }];
    }),
  );
  const rank = ({ seller }: Price): number => sideOrder.indexOf(seller.side);
  return rows.toSorted((a, b) => rank(a) - rank(b) || Number(a.price.value) - Number(b.price.value));
}
