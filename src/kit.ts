/** The only import of a command file: `defineCommand` for this program's services, the reply blocks, and zod. */
import type { z } from "zod";
import { type Command, type CommandDefinition, defineCommand as define } from "./core/command.ts";
import type { Services } from "./services.ts";

export { z } from "zod";
export type { Evidence, News, Outcome, Refusal, Sentence } from "./answers/types.ts";
export { type Section, sections } from "./communities/types.ts";
export {
  type Estimate,
  type Gpu,
  type GpuPrices,
  type Plan,
  type Price,
  type PriceDesk,
  type PriceOverview,
  recoveries,
  trainings,
} from "./compute/types.ts";
export type { ChartSpec } from "./core/chart.ts";
export { type CommandContext, type CommandInfo, type SuggestContext, usage } from "./core/command.ts";
export { type Trouble, UserError } from "./core/errors.ts";
export { type Figure, formatAge, formatFigure, formatFreshness, formatTime, formatValue, typedReceipt } from "./core/figure.ts";
export { deliveryId, digestId, isPrivateCommunity, opinionId, platformOf, pollId, subscriptionId } from "./core/ids.ts";
export { literal, plainText } from "./core/markup.ts";
export type { ModelAnswer } from "./core/model-answers.ts";
export * from "./core/reply.ts";
export { languageNames, languages, type Texts } from "./core/texts.ts";
export {
  type Draft,
  fewestForecasts,
  type Own,
  type Problem as ForecastProblem,
  type Question,
  readPercent,
  type Score as ForecastScore,
} from "./forecasts/types.ts";
export type { GroupsView } from "./groups/types.ts";
export { type Audience, audiences, type Category, categories, type Entry, gapDays } from "./knowledge/types.ts";
export {
  isLedgerMetric,
  type LedgerMetric,
  type Measurement,
  neededFields,
  type Problem,
  type Reliability,
  type Report,
  type Run,
  type RunField,
  type RunWords,
  runFields,
} from "./ledger/types.ts";
export { type Asset, type Change, isWorkedOut, type NetworkView, periods } from "./market/types.ts";
export {
  type Aside,
  type Course,
  fewestForShares,
  type Opinion,
  type SentimentView,
  type Share,
  type Standpoint,
} from "./opinions/types.ts";
export type { Poll, Results as PollResults } from "./polls/types.ts";
export { type Aspect, type Reading, type Stance, stances } from "./reading/types.ts";
export type { Services } from "./services.ts";
export type { Topic, TopicBook, TopicChange, TopicPlace, TopicWords } from "./topics/types.ts";

/**
 * Defines a command: what it takes, who may use it, and what it answers.
 * @throws DefinitionError on import, listing what no platform could show
 */
export const defineCommand = <A extends z.ZodObject>(definition: CommandDefinition<Services, A>): Command<Services> => define(definition);
