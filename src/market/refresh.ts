/** Keeps one live answer for everyone: asks the sources in order, once for all who wait, and lets a failing source rest. */
import { UpstreamError } from "../core/errors.ts";
import type { Figure } from "../core/figure.ts";
import { describeTrouble } from "./troubles.ts";
import type { Asset, MarketLog, PriceSource } from "./types.ts";

interface Refreshed {
  /** Of one source; null where every source failed. */
  readonly figures: readonly Figure[] | null;
  readonly troubles: readonly string[];
}

interface Refresh {
  /** The answer that is still fresh, or a new one. Never rejects. */
  get(): Promise<Refreshed>;
  /** The last good answer, however old, and whether it still counts as live. */
  last(): { readonly figures: readonly Figure[]; readonly fresh: boolean };
}

interface RefreshOptions {
  /** Best first. */
  readonly sources: readonly PriceSource[];
  readonly assets: readonly Asset[];
  /** Keeps a good answer; a failure is logged and hides nothing. */
  readonly keep: (figures: readonly Figure[]) => Promise<void>;
  readonly now: () => Date;
  readonly log: MarketLog;
  /** Ends the asking when the program stops. */
  readonly stop?: AbortSignal | undefined;
}

/** All sources together; a command that waits for them has 10 s. */
const budgetMs = 9_000;
/** A source that failed is not asked again for this long, or for as long as it said. */
const restMs = 15_000;

export function createRefresh({ sources, assets, keep, now, log, stop }: RefreshOptions): Refresh {
  let held: Refreshed & { readonly figures: readonly Figure[]; readonly until: number } = { figures: [], troubles: [], until: 0 };
  let running: Promise<Refreshed> | null = null;
  const resting = new Map<PriceSource, { readonly until: number; readonly trouble: string }>();
  let missing = "";

  async function ask(): Promise<Refreshed> {
    const deadline = AbortSignal.timeout(budgetMs);
    const signal = stop === undefined ? deadline : AbortSignal.any([deadline, stop]);
    const troubles: string[] = sources.length === 0 ? ["no price source is switched on"] : [];
    for (const source of sources) {
      const rest = resting.get(source);
      if (rest !== undefined && now().getTime() < rest.until) {
        troubles.push(rest.trouble);
        continue;
      }
      try {
        const figures = await untilAborted(source.fetch(assets, signal), signal, source.name);
        if (figures.length === 0) throw new UpstreamError(source.name, "bad_shape", { detail: "no figures" });
        resting.delete(source);
        noteMissing(source, figures);
        held = { figures, troubles, until: now().getTime() + source.freshMs };
        await keep(figures).catch((error: unknown) => log.error({ err: error }, "live figures could not be stored"));
        return held;
      } catch (error) {
        const trouble = describeTrouble(source.name, error);
        const asked = error instanceof UpstreamError ? (error.retryAfterMs ?? 0) : 0;
        resting.set(source, { until: now().getTime() + Math.max(restMs, asked), trouble });
        troubles.push(trouble);
        if (error instanceof UpstreamError)
          log.warn({ source: source.name, kind: error.kind, detail: error.message }, "a price source failed");
        else log.error({ source: source.name, err: error }, "a price source failed unexpectedly");
      }
    }
    return { figures: null, troubles };
  }

  /** A delisted or renamed coin shows as a gap: it is logged once, not at every refresh. */
  function noteMissing(source: PriceSource, figures: readonly Figure[]): void {
    const gaps = assets.filter((asset) => !figures.some((f) => f.metric === `${asset.id}.price`)).map((asset) => asset.id);
    const key = gaps.length === 0 ? "" : `${source.name} ${gaps.join(" ")}`;
    if (key !== "" && key !== missing) log.warn({ source: source.name, assets: gaps }, "the source has no usable price for these assets");
    missing = key;
  }

  const fresh = () => now().getTime() < held.until;
  return {
    get() {
      if (fresh()) return Promise.resolve(held);
      running ??= ask().finally(() => {
        running = null;
      });
      return running;
    },
    last: () => ({ figures: held.figures, fresh: fresh() }),
  };
}

/** Gives up also on a source that does not listen to its signal. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal, service: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new UpstreamError(service, "timeout"));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
