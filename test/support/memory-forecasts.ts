/** Questions and forecasts in memory, for fast tests; the same contract as the database's (`test/contracts/stores/forecasts.ts`). */
import type { MemberId, QuestionId } from "../../src/core/ids.ts";
import type { ForecastStore, Question } from "../../src/forecasts/types.ts";

interface Kept {
  question: Question;
  announced: boolean;
  answered: boolean;
  readonly answers: Map<MemberId, { percent: number; at: Date }>;
}

export function memoryForecasts(): ForecastStore {
  const all = new Map<QuestionId, Kept>();
  const list = (wanted: (kept: Kept) => boolean): readonly Question[] => [...all.values()].filter(wanted).map(({ question }) => question);
  const newestFirst = (community: Question["community"]) =>
    [...all.values()].filter(({ question }) => question.community === community).toReversed();
  return {
    async add(question) {
      if (!all.has(question.id)) all.set(question.id, { question, announced: false, answered: false, answers: new Map() });
    },
    find: async (id) => all.get(id)?.question ?? null,
    open: async (community) =>
      list(({ question }) => question.community === community && question.outcome === null).toSorted(
        (a, b) => a.resolvesAt.getTime() - b.resolvesAt.getTime(),
      ),
    resolved: async (community, limit) =>
      list(({ question }) => question.community === community && question.outcome !== null)
        .toSorted((a, b) => (b.resolvedAt?.getTime() ?? 0) - (a.resolvedAt?.getTime() ?? 0))
        .slice(0, limit),
    people: async (questions) =>
      new Map(questions.flatMap((id): [QuestionId, number][] => (all.get(id)?.answers.size ? [[id, all.get(id)?.answers.size ?? 0]] : []))),
    async answer(id, member, percent, at) {
      const kept = all.get(id);
      if (kept === undefined || kept.question.outcome !== null || at >= kept.question.closesAt) return "closed";
      if (percent === null) kept.answers.delete(member);
      else {
        kept.answered = true;
        if ((kept.answers.get(member)?.at ?? at) <= at) kept.answers.set(member, { percent, at });
      }
      return "kept";
    },
    async own(community, member) {
      const own = newestFirst(community).flatMap(({ question, answers }) => {
        const answer = answers.get(member);
        return answer === undefined ? [] : [{ question, ...answer }];
      });
      return [...own.filter(({ question }) => question.outcome === null), ...own.filter(({ question }) => question.outcome !== null)];
    },
    scored: async (community) =>
      newestFirst(community)
        .toReversed()
        .flatMap(({ question, answers }) =>
          question.outcome === "yes" || question.outcome === "no"
            ? [...answers].map(([person, { percent }]) => ({
                question: question.id,
                person,
                probability: percent / 100,
                happened: question.outcome === "yes",
              }))
            : [],
        ),
    async cancel(id, community) {
      const kept = all.get(id);
      if (kept === undefined || kept.question.community !== community || kept.question.outcome !== null || kept.answered) return false;
      return all.delete(id);
    },
    due: async (before) =>
      list(({ question }) => question.outcome === null && question.resolvesAt <= before).toSorted(
        (a, b) => a.resolvesAt.getTime() - b.resolvesAt.getTime(),
      ),
    async resolve(id, outcome, figure, at) {
      const kept = all.get(id);
      if (kept === undefined || kept.question.outcome !== null) return false;
      kept.question = { ...kept.question, outcome, figure, resolvedAt: at };
      return true;
    },
    unannounced: async (platforms) =>
      list(
        ({ question, announced }) =>
          question.outcome !== null && !announced && platforms.some((name) => question.room.startsWith(`${name}:`)),
      ),
    async announced(id) {
      const kept = all.get(id);
      if (kept !== undefined) kept.announced = true;
    },
    sweep: async () => 0,
  };
}
