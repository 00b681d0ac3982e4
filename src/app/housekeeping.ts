/** What must be done now and then: figures for the archive, the daily backup, forgetting what expired, and erasing communities that were left. */
import type { SettingsStore } from "../communities/types.ts";
import type { PriceDesk } from "../compute/types.ts";
import { answerWithinMs } from "../core/inbox.ts";
import { modelAnswerDays } from "../core/model-answers.ts";
import type { DigestStore } from "../digest/types.ts";
import { gapDays } from "../knowledge/types.ts";
import type { Logger } from "../lib/logger.ts";
import { dayOf } from "../llm/budget.ts";
import type { ModelBudgetStore } from "../llm/types.ts";
import type { Market, Networks } from "../market/types.ts";
import type { Storage } from "../storage/open.ts";

/** A community's data outlive the bot's removal by this long, so that a removal by mistake loses nothing. */
const keepLeftMs = 30 * 24 * 3_600_000;
/** Minutes between two looks at whether the figures are still fresh: sources that all fail are not asked every minute. */
const lookEvery = 10;
const lookForMs = 15_000;
/** Telegram tells nothing twice after a day (Bot API, getUpdates); as long again is to spare. */
const keepTakenMs = 2 * 24 * 3_600_000;
const keepAnswersMs = modelAnswerDays * 24 * 3_600_000;
const keepGapsMs = gapDays * 24 * 3_600_000;

/** Whose share was used yesterday matters to nobody; a day is to spare for clocks that differ. */
const keepUseMs = 2 * 24 * 3_600_000;

/** A lease counts for nothing once it has ended; an hour is to spare. */
const keepEndedMs = 3_600_000;

/** Once a minute; each step stands for itself, so that a full disk does not keep anybody's data from being erased. */
export async function keepHouse(
  storage: Pick<Storage, "rooms" | "buttons" | "figures" | "inbox" | "pushed" | "gaps" | "modelAnswers" | "backup"> & {
    readonly leases: Pick<Storage["leases"], "forget">;
    readonly settings: Pick<SettingsStore, "expire">;
    readonly digests: Pick<DigestStore, "sweep">;
    readonly modelBudget: Pick<ModelBudgetStore, "forget">;
  },
  {
    market,
    networks,
    prices,
  }: { readonly market: Pick<Market, "view">; readonly networks: Pick<Networks, "views">; readonly prices: Pick<PriceDesk, "record"> },
  log: Logger,
  now: Date,
): Promise<void> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const look = async (ask: (signal: AbortSignal) => Promise<unknown>) =>
    now.getUTCMinutes() % lookEvery === 0 && ask(AbortSignal.timeout(lookForMs));
  const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["communities that were left could not be erased", () => storage.rooms.eraseLeft(ago(keepLeftMs))],
    ["expired buttons could not be forgotten", () => storage.buttons.sweep(now)],
    ["what a community keeps no longer could not be erased", () => storage.settings.expire(now)],
    ["what was asked for in vain long ago could not be forgotten", () => storage.gaps.expire(ago(keepGapsMs))],
    ["old figures could not be forgotten", () => storage.figures.prune(now)],
    // It reads every digest that is kept: once an hour.
    [
      "digests and pictures that nobody is shown any more could not be deleted",
      async () => now.getUTCMinutes() === 0 && storage.digests.sweep(now),
    ],
    ["what waited too long for an answer could not be deleted", () => expireUnanswered(storage, log, now)],
    ["what was answered long ago could not be forgotten", () => storage.inbox.forget(ago(keepTakenMs))],
    ["what was posted and answered long ago could not be forgotten", () => storage.pushed.forget(ago(keepTakenMs))],
    ["by which prompts old answers were written could not be forgotten", () => storage.modelAnswers.forget(ago(keepAnswersMs))],
    ["what the language model cost in the past could not be forgotten", () => storage.modelBudget.forget(dayOf(ago(keepUseMs)))],
    ["leases of processes that died could not be forgotten", () => storage.leases.forget(keepEndedMs)],
    ["the daily backup could not be made", () => storage.backup(now)],
    // So that the archive reaches back without gaps, also where nobody asks.
    ["the market's figures could not be renewed", () => look((signal) => market.view(signal))],
    ["the networks' figures could not be renewed", () => look((signal) => networks.views(signal))],
    ["today's GPU prices could not be stored", () => look((signal) => prices.record(signal))],
  ];
  for (const [trouble, step] of steps) await step().catch((error: unknown) => log.error({ err: error }, trouble));
}

async function expireUnanswered({ inbox, pushed }: Pick<Storage, "inbox" | "pushed">, log: Logger, now: Date): Promise<void> {
  const before = new Date(now.getTime() - answerWithinMs);
  const updates = (await inbox.expire(before)) + (await pushed.expire(before));
  if (updates > 0) log.warn({ updates }, "what people sent was deleted unanswered: it had waited for a day");
}
