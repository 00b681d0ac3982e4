/** The type of `ctx.services`: everything a command can ask of the domains. */
import type { Answers } from "./answers/types.ts";
import type { Communities } from "./communities/types.ts";
import type { PriceDesk, Trainings } from "./compute/types.ts";
import type { ChartSpec } from "./core/chart.ts";
import type { MemberId, RoomId } from "./core/ids.ts";
import type { ModelAnswerStore } from "./core/model-answers.ts";
import type { PlainBlock } from "./core/reply.ts";
import type { Texts } from "./core/texts.ts";
import type { Digests } from "./digest/types.ts";
import type { Forecasts } from "./forecasts/types.ts";
import type { Groups } from "./groups/types.ts";
import type { Gaps, Knowledge, Readers } from "./knowledge/types.ts";
import type { Ledger } from "./ledger/types.ts";
import type { Market, Networks } from "./market/types.ts";
import type { Privacy } from "./members/types.ts";
import type { Opinions } from "./opinions/types.ts";
import type { Links, Polls } from "./polls/types.ts";
import type { Planning, Schedules } from "./schedule/types.ts";

/** One row of `/status`. */
export interface StatusRow {
  readonly name: string;
  readonly state: string;
}

export interface Services {
  readonly knowledge: Knowledge;
  readonly answers: Answers;
  readonly readers: Readers;
  /** What was asked for in vain. */
  readonly gaps: Gaps;
  readonly market: Market;
  /** What is kept of everything the language model wrote, by its receipt. */
  readonly modelAnswers: Pick<ModelAnswerStore, "find">;
  readonly networks: Networks;
  readonly communities: Communities;
  readonly digests: Digests;
  readonly schedules: Schedules;
  readonly planning: Planning;
  readonly opinions: Opinions;
  readonly groups: Groups;
  readonly polls: Polls;
  readonly links: Links;
  readonly privacy: Privacy;
  readonly trainings: Trainings;
  /** What members report of real runs. */
  readonly ledger: Ledger;
  /** What GPU-hours cost where. */
  readonly prices: PriceDesk;
  /** Questions about archived figures, and how likely people think each is. */
  readonly forecasts: Forecasts;
  /** A chart as a picture with its description; null where there is too little to draw, or where drawing failed. Never rejects. */
  readonly illustrate: (spec: ChartSpec, name: string) => Promise<PlainBlock | null>;
  /** Sources with freshness, database, version, uptime, and what the language model has cost today: this member, here and altogether. */
  readonly status: (room: RoomId, member: MemberId, words: Texts["status"]) => Promise<readonly StatusRow[]>;
}
