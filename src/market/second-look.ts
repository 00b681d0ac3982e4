/** Reads a figure again at its source, and the same metric at another one. */
import type { Trouble } from "../core/errors.ts";
import type { Figure } from "../core/figure.ts";
import { orAborted } from "../lib/abort.ts";
import { troubleOf } from "../lib/troubles.ts";
import { watchList } from "./assets.ts";
import { subjectMetrics } from "./observe.ts";
import type { OnDemand } from "./on-demand.ts";
import type { Asset, PriceSource, SecondLook, Subject } from "./types.ts";

export interface SecondLookParts {
  readonly sources: readonly PriceSource[];
  readonly ask: OnDemand["ask"];
  /** The coin with a CoinGecko id. */
  readonly coin: (id: string) => Asset;
}

/** Null where the figure is of none of the sources. Rejects only with the signal's reason. */
export async function lookAgain(figure: Figure, { sources, ask, coin }: SecondLookParts, signal: AbortSignal): Promise<SecondLook | null> {
  const own = sources.find(({ name }) => name === figure.source.name);
  const subject = subjectOfMetric(figure.metric, coin);
  if (own === undefined || subject === null) return null;
  const troubles: Trouble[] = [];
  const readAt = async (source: PriceSource): Promise<Figure | null> => {
    try {
      const { figures } = await ask(source, subject, signal);
      return figures.find(({ metric }) => metric === figure.metric) ?? null;
    } catch (error) {
      signal.throwIfAborted();
      troubles.push(troubleOf(source.name, error));
      return null;
    }
  };
  const readOther = async (): Promise<Figure | null> => {
    for (const source of sources) {
      const found = source === own ? null : await readAt(source);
      if (found !== null) return found;
    }
    return null;
  };
  const [again, other] = await orAborted(Promise.all([readAt(own), readOther()]), signal);
  return { again, other, troubles };
}

/** What to ask a source for; null for metrics that no price source has. */
function subjectOfMetric(metric: string, coin: (id: string) => Asset): Subject | null {
  const dot = metric.lastIndexOf(".");
  const [subject, name] = [metric.slice(0, dot), metric.slice(dot + 1)];
  if (!subjectMetrics.some((known) => known === name)) return null;
  if (subject === "sector" || subject === "global") return subject;
  return watchList.find(({ id }) => id === subject) ?? coin(subject.replace(/^coingecko-/, ""));
}
