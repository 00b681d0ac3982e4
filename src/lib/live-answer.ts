/** Keeps one live answer for everyone: asks the sources in order, once for all who wait, and lets a failing source rest. */
import { type Trouble, UpstreamError } from "../core/errors.ts";
import type { Figure } from "../core/figure.ts";
import { orAborted } from "./abort.ts";
import { createBreaker, Resting } from "./breaker.ts";
import { troubleOf } from "./troubles.ts";

/** What is written about sources and their work. */
export interface SourceLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Something that answers with figures of one source. */
export interface Askable {
  /** The service, as a person would call it. */
  readonly name: string;
  /** Milliseconds for which an answer is used again. */
  readonly freshMs: number;
  /** @throws UpstreamError */
  fetch(signal: AbortSignal): Promise<readonly Figure[]>;
}

export interface Answered {
  /** Of one source; null where every source failed. */
  readonly figures: readonly Figure[] | null;
  /** Why the sources before it gave none. */
  readonly troubles: readonly Trouble[];
}

export interface LiveAnswer {
  /** The answer that is still fresh, or a new one. Never rejects. */
  get(): Promise<Answered>;
  /** The last good answer, however old, and whether it still counts as live. */
  last(): { readonly figures: readonly Figure[]; readonly fresh: boolean };
}

export interface LiveAnswerOptions {
  /** Best first. */
  readonly sources: readonly Askable[];
  /** Keeps a good answer; a failure is logged and hides nothing. */
  readonly keep: (figures: readonly Figure[]) => Promise<void>;
  readonly now: () => Date;
  readonly log: SourceLog;
  /** Ends the asking when the program stops. */
  readonly stop?: AbortSignal | undefined;
}

/** All sources together; a command that waits for them has 10 s. */
const budgetMs = 9_000;
/** A source that failed is not asked again for this long, or for as long as it said. */
const restMs = 15_000;

export function createLiveAnswer({ sources, keep, now, log, stop }: LiveAnswerOptions): LiveAnswer {
  const seats = sources.map((source) => ({ source, breaker: createBreaker({ now, failures: 1, restMs }) }));
  let held: Answered & { readonly figures: readonly Figure[]; readonly until: number } = { figures: [], troubles: [], until: 0 };
  let running: Promise<Answered> | null = null;

  async function ask(): Promise<Answered> {
    const deadline = AbortSignal.timeout(budgetMs);
    const signal = stop === undefined ? deadline : AbortSignal.any([deadline, stop]);
    const troubles: Trouble[] = [];
    for (const { source, breaker } of seats) {
      try {
        const figures = await breaker.run(() => askOne(source, signal));
        held = { figures, troubles, until: now().getTime() + source.freshMs };
      } catch (error) {
        troubles.push(troubleOf(source.name, error instanceof Resting ? error.cause : error));
        report(source, error);
        continue;
      }
      await keep(held.figures).catch((error: unknown) => log.error({ err: error }, "live figures could not be stored"));
      return held;
    }
    return { figures: null, troubles };
  }

  function report({ name }: Askable, error: unknown): void {
    if (error instanceof Resting) return; // It rests; why was logged when it failed.
    if (error instanceof UpstreamError) log.warn({ source: name, kind: error.kind, detail: error.message }, "a source failed");
    else log.error({ source: name, err: error }, "a source failed unexpectedly");
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

/** One source's figures; gives up also on a source that does not listen to its signal. */
async function askOne(source: Askable, signal: AbortSignal): Promise<readonly Figure[]> {
  const figures = await orAborted(source.fetch(signal), signal, () => new UpstreamError(source.name, "timeout"));
  if (figures.length === 0) throw new UpstreamError(source.name, "bad_shape", { detail: "no figures" });
  return figures;
}
