/** Questions to a price source beside the hourly one: about coins that nobody follows, and to read a figure again. */
import { LRUCache } from "lru-cache";
import type { Figure } from "../core/figure.ts";
import { orAborted } from "../lib/abort.ts";
import type { PriceSource, Quotes, Subject } from "./types.ts";

export interface OnDemand {
  /** One subject's quotes, asked once a minute at most, whoever asks. @throws UpstreamError, or the signal's reason */
  ask(source: PriceSource, subject: Subject, signal: AbortSignal): Promise<Quotes>;
  /** Figures of earlier questions, none older than an answer of their source counts as live. */
  recent(): readonly Figure[];
}

/** Also a failure is kept for so long: a source in trouble is not asked at every press of a button. */
const keptMs = 60_000;
const maxKept = 500;

/**
 * @param learn told of every answer before it is given
 * @param stop ends what is being asked when the program stops; one member who gives up does not
 */
export function createOnDemand(now: () => Date, learn: (quotes: Quotes) => Promise<void>, stop: AbortSignal | undefined): OnDemand {
  const asked = new LRUCache<string, { readonly at: number; readonly quotes: Promise<Quotes> }>({ max: maxKept });
  const answers = new LRUCache<string, { readonly until: number; readonly figures: readonly Figure[] }>({ max: maxKept });

  async function question(source: PriceSource, subject: Subject, key: string): Promise<Quotes> {
    const quotes = await source.ask(subject, stop ?? new AbortController().signal);
    answers.set(key, { until: now().getTime() + source.freshMs, figures: quotes.figures });
    await learn(quotes);
    return quotes;
  }

  return {
    ask(source, subject, signal) {
      const key = `${source.name} ${typeof subject === "string" ? subject : subject.id}`;
      const known = asked.get(key);
      if (known !== undefined && now().getTime() < known.at + keptMs) return orAborted(known.quotes, signal);
      const quotes = question(source, subject, key);
      asked.set(key, { at: now().getTime(), quotes });
      return orAborted(quotes, signal);
    },
    recent: () => [...answers.values()].filter(({ until }) => now().getTime() < until).flatMap(({ figures }) => figures),
  };
}
