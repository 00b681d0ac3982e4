/** Resolves questions whose moment has come, from the archive as of that moment, and has each outcome posted once where it was asked. */
import type { Figure } from "../core/figure.ts";
import { type CommunityId, type PlatformName, type QuestionId, questionId } from "../core/ids.ts";
import type { Block } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";
import type { FigureStore } from "../market/types.ts";
import type { PostOnce } from "../schedule/types.ts";
import { crowdOn, outcomeBlocks } from "./outcome.ts";
import type { Comparison, ForecastStore, OutcomeDesk, Question } from "./types.ts";

export interface ResolvingOptions {
  readonly store: ForecastStore;
  readonly figures: Pick<FigureStore, "at" | "find">;
  readonly postOnce: PostOnce;
  /** Those that this process posts to. */
  readonly served: readonly PlatformName[];
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** What was fetched in the last moment may take this long to be stored. */
const settleMs = 10 * 60_000;
/** An outcome is news for this long, also where its room could not be reached. */
const postWithinMs = 7 * 24 * 3_600_000;
/** As long as of digests it is remembered when each outcome was posted. */
const rememberedMs = 90 * 24 * 3_600_000;

const prefix = "forecast:";
/** What the couriers know an outcome by. */
const seriesOf = (id: QuestionId): string => `${prefix}${id}`;

/** Whether the figure is as asked. */
export function holds(value: number, comparison: Comparison, threshold: number): boolean {
  switch (comparison) {
    case "below":
      return value < threshold;
    case "at_most":
      return value <= threshold;
    case "above":
      return value > threshold;
    case "at_least":
      return value >= threshold;
  }
}

/** Of the source that was asked about, else of the one whose figure is nearest to the moment; null where none has one. */
export function decidingFigure(found: readonly Figure[], source: string): Figure | null {
  const known = found.filter(({ value }) => value !== null).toSorted((a, b) => b.fetchedAt.getTime() - a.fetchedAt.getTime());
  return known.find((one) => one.source.name === source) ?? known[0] ?? null;
}

/** Makes the function that the heartbeat calls. Doing it twice, in two processes, or after a crash in between changes nothing. */
export function createResolving({ store, figures, postOnce, served, log }: ResolvingOptions): (now: Date) => Promise<void> {
  async function resolve(question: Question, now: Date): Promise<void> {
    const { id, metric, resolvesAt, toleranceMs, source, comparison, threshold } = question;
    const deciding = decidingFigure(await figures.at([metric], resolvesAt, toleranceMs), source);
    const outcome = deciding === null ? "void" : holds(Number(deciding.value), comparison, threshold) ? "yes" : "no";
    if (await store.resolve(id, outcome, deciding?.id ?? null, now)) log.info({ question: id, metric, outcome }, "a forecast is resolved");
  }

  /** Handed to the couriers, whose ledger sees to it that it stands there at most once. */
  async function announce({ id, room, community, by, resolvedAt }: Question): Promise<void> {
    if (resolvedAt === null) return;
    await postOnce({ series: seriesOf(id), rooms: [{ room, community }], withinMs: postWithinMs, by, now: resolvedAt });
    await store.announced(id);
  }

  return async (now) => {
    for (const question of await store.due(new Date(now.getTime() - settleMs)))
      await resolve(question, now).catch((error: unknown) =>
        log.error({ question: question.id, err: error }, "a forecast could not be resolved"),
      );
    for (const question of await store.unannounced(served))
      await announce(question).catch((error: unknown) =>
        log.error({ question: question.id, err: error }, "an outcome could not be posted"),
      );
    if (now.getUTCMinutes() === 0) await store.sweep(new Date(now.getTime() - rememberedMs));
  };
}

/** What the couriers post. */
export function createOutcomeDesk(
  store: Pick<ForecastStore, "find" | "people" | "scored">,
  figures: Pick<FigureStore, "find">,
  texts: (community: CommunityId) => Promise<Texts>,
): OutcomeDesk {
  return {
    async block(series): Promise<readonly Block[] | null> {
      if (!series.startsWith(prefix)) return null;
      const question = await store.find(questionId(series.slice(prefix.length)));
      if (question === null) return [];
      const figure = question.figure === null ? null : await figures.find(question.figure);
      return outcomeBlocks(question, figure, await crowdOn(store, question), await texts(question.community));
    },
  };
}
