/** Forecasts from the question to the score: read, asked once, answered until the close, and counted without anybody's name. */
import { createHash, randomBytes } from "node:crypto";
import { type QuestionId, questionId } from "../core/ids.ts";
import type { FigureStore } from "../market/types.ts";
import { calibrationChart } from "./chart.ts";
import type { Names } from "./metrics.ts";
import { asked, crowdOn, outcomeBlocks } from "./outcome.ts";
import { questionLine, readQuestion } from "./read-question.ts";
import { brier, crowdScore, personScore } from "./scores.ts";
import type { ForecastStore, Forecasts, Own, Question, Scored, Terms } from "./types.ts";

export interface ForecastsOptions {
  readonly store: ForecastStore;
  readonly figures: Pick<FigureStore, "latest" | "find">;
  readonly networkMetrics: ReadonlySet<string>;
  /** Has what is archived renewed; rejects for nothing but the signal. */
  readonly renew: (signal: AbortSignal) => Promise<void>;
  readonly names: () => Names;
  readonly log: { warn(fields: object, message: string): void };
}

/** Open questions of one community: more than anybody looks through. */
const mostOpen = 25;
const listedResolved = 10;
/** Sources that answer more slowly than this are waited for by the heartbeat, and not by a member. */
const renewWithinMs = 6_000;

/** Eight letters and digits that are read aloud and retyped: as of receipts. */
function idOf(origin: string): QuestionId {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  return questionId(
    [...createHash("sha256").update(`question ${origin}`).digest().subarray(0, 8)].map((byte) => alphabet[byte % 32]).join(""),
  );
}

const sameTerms = (a: Terms, b: Terms): boolean =>
  a.metric === b.metric &&
  a.comparison === b.comparison &&
  a.threshold === b.threshold &&
  a.resolvesAt.getTime() === b.resolvesAt.getTime();

export function createForecasts({ store, figures, networkMetrics, renew, names, log }: ForecastsOptions): Forecasts {
  return {
    async read(text, zone, now, signal) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(renewWithinMs)]);
      await renew(patience).catch((error: unknown) => {
        signal.throwIfAborted();
        log.warn({ err: error }, "figures could not be renewed in time for a question about them");
      });
      return readQuestion(text, { archived: await figures.latest(), networkMetrics, zone, now, ...names() });
    },

    line: questionLine,

    async ask({ present: _, ...terms }, { room, community, by, origin, now }) {
      const id = idOf(origin ?? randomBytes(12).toString("hex"));
      const open = await store.open(community);
      const same = open.find((one) => one.id === id || sameTerms(one, terms));
      if (same !== undefined) return { kind: same.id === id ? "asked" : "same", question: same };
      if (open.length >= mostOpen) return { kind: "full", most: mostOpen };
      const question: Question = { ...terms, id, community, room, askedAt: now, by, outcome: null, figure: null, resolvedAt: null };
      await store.add(question);
      return { kind: "asked", question };
    },

    async find(community, typed) {
      const found = await store.find(questionId(typed.toLowerCase()));
      return found?.community === community ? found : null;
    },

    async list(community) {
      const [open, resolved] = await Promise.all([store.open(community), store.resolved(community, listedResolved)]);
      return { open, resolved, people: await store.people([...open, ...resolved].map(({ id }) => id)) };
    },

    people: async (id) => (await store.people([id])).get(id) ?? 0,
    answer: store.answer,
    own: store.own,
    cancel: store.cancel,
    sentence: asked,
    async outcome(question, texts) {
      const figure = question.figure === null ? null : await figures.find(question.figure);
      return outcomeBlocks(question, figure, await crowdOn(store, question), texts);
    },
    score: async (community) => crowdScore(await store.scored(community)),
    brier(own) {
      const [one] = scoredOf(own);
      return one === undefined ? null : brier(one.probability, one.happened);
    },
    ownScore: (own) => personScore(own.flatMap(scoredOf)),
    chart: calibrationChart,
  };
}

const scoredOf = ({ question, percent }: Own): readonly Scored[] =>
  question.outcome === "yes" || question.outcome === "no"
    ? [{ question: question.id, person: "", probability: percent / 100, happened: question.outcome === "yes" }]
    : [];
