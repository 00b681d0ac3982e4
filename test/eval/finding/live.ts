/** Asks a real language model the evaluation's questions, and counts how much of what it writes its evidence carries. */
import PQueue from "p-queue";
import { createAnswers } from "../../../src/answers/answers.ts";
import { createPassages } from "../../../src/answers/passages.ts";
import type { Outcome } from "../../../src/answers/types.ts";
import { askPrompt, createAnswerWriter } from "../../../src/app/answer-writer.ts";
import type { Config } from "../../../src/config/env.ts";
import { communityId, memberId, roomId } from "../../../src/core/ids.ts";
import type { Encoder } from "../../../src/embedding/types.ts";
import { createKnowledge } from "../../../src/knowledge/search.ts";
import type { Entry } from "../../../src/knowledge/types.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { createBudget } from "../../../src/llm/budget.ts";
import { createModel } from "../../../src/llm/model.ts";
import { loadPrompt } from "../../../src/llm/prompts.ts";
import { createMarket } from "../../../src/market/market.ts";
import { createOpinions } from "../../../src/opinions/opinions.ts";
import { createTopicDesk } from "../../../src/topics/topic-desk.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { plainReading } from "../../support/plain-reading.ts";
import type { Question } from "./questions.ts";

/** As many at once as a service on one's own machine bears. */
const atOnce = 4;

export interface LiveReport {
  readonly prompt: string;
  readonly questions: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Questions outside the field to which sentences of the model were shown. */
  readonly outsideWritten: number;
  /** Sentences that the model wrote, and those that the evidence they cite carries: the rest was never shown. */
  readonly sentences: number;
  readonly carried: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly tokens: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

const count = (all: Record<string, number>, key: string): void => {
  all[key] = (all[key] ?? 0) + 1;
};

export async function askLive(
  entries: readonly Entry[],
  encoder: Encoder,
  { dailyTokens: _, ...model }: NonNullable<Config["model"]>,
  questions: readonly Question[],
): Promise<LiveReport> {
  const log = createLogger({ level: "silent", secrets: [model.key], out: process.stderr });
  const stores = createMemoryStores();
  const now = () => new Date();
  let tokens = 0;
  // Whoever asks for this run pays for all of it; a share of the bot's is counted once.
  const spend = (key: string, some: number) => {
    if (key === "bot") tokens += some;
  };
  const store = {
    reserve: async (_day: string, key: string, some: number) => {
      spend(key, some);
      return true;
    },
    settle: async (_day: string, key: string, difference: number) => spend(key, difference),
    used: async () => tokens,
    forget: async () => undefined,
  };
  const unlimited = { bot: Number.MAX_SAFE_INTEGER, room: Number.MAX_SAFE_INTEGER, member: Number.MAX_SAFE_INTEGER };
  const asked = createModel({ ...model, budget: createBudget(store, unlimited, now), answers: { add: async () => undefined }, log, now });
  const writer = createAnswerWriter(asked, await loadPrompt(askPrompt), log);
  let [sentences, carried] = [0, 0];
  const dropped: Record<string, number> = {};
  const counting = {
    // What the answers log of a check is all that is known of it outside: how many stay, and why the others do not.
    info(fields: { readonly kept?: number; readonly dropped?: readonly string[] }) {
      if (fields.kept === undefined || fields.dropped === undefined) return;
      carried += fields.kept;
      sentences += fields.kept + fields.dropped.length;
      for (const why of fields.dropped) count(dropped, why);
    },
    error: () => undefined,
  };
  const knowledge = createKnowledge(entries, { encoder, log: { warn: () => undefined } });
  const answers = createAnswers({
    passages: createPassages(knowledge),
    knowledge,
    writer,
    translator: null,
    market: createMarket({ sources: [], store: stores.figures, watched: async () => [], now, log: { ...counting, warn: () => undefined } }),
    opinions: createOpinions(stores, createTopicDesk(stores.topics), plainReading()),
    log: counting,
  });
  const outcomes: Record<string, number> = {};
  const times: number[] = [];
  let outsideWritten = 0;
  const ask = async ({ text, kind }: Question) => {
    const start = performance.now();
    const question = { text, ...me, community: communityId("console", "eval"), audience: "newcomer", follow: false, now: now() } as const;
    const outcome = await answers.ask({ ...question, language: undefined }, () => undefined, new AbortController().signal);
    times.push(performance.now() - start);
    count(outcomes, howOf(outcome));
    if (kind === "outside" && outcome.kind === "written") outsideWritten++;
  };
  await new PQueue({ concurrency: atOnce }).addAll(questions.map((question) => () => ask(question)));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const shown = { questions: questions.length, outcomes, outsideWritten, sentences, carried, dropped, tokens };
  return { prompt: writer.prompt, ...shown, medianMs: at(0.5), p99Ms: at(0.99) };
}

const me = { member: memberId("eval"), room: roomId("console", "eval") };

const howOf = (outcome: Outcome): string => {
  if (outcome.kind === "written") return outcome.partly ? "partly" : "written";
  return outcome.kind === "quoted" ? `quoted: ${outcome.why}` : outcome.kind;
};

/** The report in words, for a terminal. */
export function liveText(model: string, report: LiveReport): string {
  const list = (all: Readonly<Record<string, number>>) =>
    Object.entries(all)
      .toSorted(([, a], [, b]) => b - a)
      .map(([what, n]) => `  ${n}  ${what}`);
  const { sentences, carried } = report;
  return [
    `\n${model}, prompt ${report.prompt}: ${report.questions} questions`,
    sentences === 0
      ? "Faithfulness: no sentence was written"
      : `Faithfulness: ${((carried / sentences) * 100).toFixed(1)} % (${carried} of ${sentences} sentences are carried by what they cite; the rest is never shown)`,
    `Outside questions with a written answer: ${report.outsideWritten}`,
    `Tokens: ${report.tokens}; median ${report.medianMs.toFixed(0)} ms, p99 ${report.p99Ms.toFixed(0)} ms`,
    "Outcomes:",
    ...list(report.outcomes),
    ...(Object.keys(report.dropped).length === 0 ? [] : ["Dropped for:", ...list(report.dropped)]),
  ].join("\n");
}
