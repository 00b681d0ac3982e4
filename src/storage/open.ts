/** Opens whichever database is configured and puts the stores on it. */
import type { SettingsStore } from "../communities/types.ts";
import type { Backlog } from "../core/backlog.ts";
import type { ButtonStore } from "../core/buttons.ts";
import type { InboxStore } from "../core/inbox.ts";
import type { LeaseStore } from "../core/lease.ts";
import type { ModelAnswerStore } from "../core/model-answers.ts";
import type { RoomStore } from "../core/platform.ts";
import type { PushedStore } from "../core/pushed.ts";
import type { DigestStore } from "../digest/types.ts";
import type { ForecastStore } from "../forecasts/types.ts";
import type { GroupStore } from "../groups/types.ts";
import type { GapStore, ReaderStore } from "../knowledge/types.ts";
import type { LedgerStore } from "../ledger/types.ts";
import type { Logger } from "../lib/logger.ts";
import type { ModelBudgetStore } from "../llm/types.ts";
import type { FigureStore } from "../market/types.ts";
import type { MemberStore } from "../members/types.ts";
import type { OpinionStore } from "../opinions/types.ts";
import type { LinkStore, PollStore } from "../polls/types.ts";
import type { ReadingStore } from "../reading/types.ts";
import type { DeliveryStore, SqlSession, SubscriptionStore } from "../schedule/types.ts";
import type { TopicStore } from "../topics/types.ts";
import { readBacklog } from "./backlog.ts";
import { createButtonStore } from "./button-store.ts";
import type { Engine, Transactions } from "./database.ts";
import { createDeliveryStore } from "./delivery-store.ts";
import { createDigestStore } from "./digest-store.ts";
import { createFigureStore } from "./figure-store.ts";
import { createForecastStore } from "./forecast-store.ts";
import { createGapStore } from "./gap-store.ts";
import { createGroupStore } from "./group-store.ts";
import { createInboxStore } from "./inbox-store.ts";
import { createLeaseStore } from "./lease-store.ts";
import { createLinkStore } from "./link-store.ts";
import { createMemberStore } from "./member-store.ts";
import { createModelAnswerStore } from "./model-answer-store.ts";
import { createModelBudgetStore } from "./model-budget-store.ts";
import { createOpinionStore } from "./opinion-store.ts";
import { createPollStore } from "./poll-store.ts";
import { createPushedStore } from "./pushed-store.ts";
import { createReaderStore } from "./reader-store.ts";
import { createReadingStore } from "./reading-store.ts";
import { createReportStore } from "./report-store.ts";
import { createRoomStore } from "./room-store.ts";
import { createSettingsStore } from "./settings-store.ts";
import { createSubscriptionStore } from "./subscription-store.ts";
import { createTopicStore } from "./topic-store.ts";

export interface Storage extends Transactions {
  readonly kind: "pglite" | "postgresql";
  /** For people: "PostgreSQL 18.4", "PGlite 0.5.16 (PostgreSQL 18.6)". */
  readonly version: string;
  readonly opinions: OpinionStore;
  readonly topics: TopicStore;
  readonly groups: GroupStore;
  readonly readings: ReadingStore;
  readonly members: MemberStore;
  readonly figures: FigureStore;
  readonly buttons: ButtonStore;
  readonly rooms: RoomStore;
  readonly settings: SettingsStore;
  readonly digests: DigestStore;
  readonly gaps: GapStore;
  readonly readers: ReaderStore;
  readonly reports: LedgerStore;
  readonly modelAnswers: ModelAnswerStore;
  readonly modelBudget: ModelBudgetStore;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly leases: LeaseStore;
  readonly polls: PollStore;
  readonly links: LinkStore;
  readonly forecasts: ForecastStore;
  /** For the queue's own statements. */
  readonly session: SqlSession;
  readonly inbox: InboxStore;
  readonly pushed: PushedStore;
  /** Resolves when the database answers. @throws UpstreamError */
  ping(): Promise<void>;
  /** How much waits. @throws UpstreamError */
  backlog(): Promise<Backlog>;
  /**
   * Writes today's backup of the embedded database and deletes those older than seven days; resolves to its file, or to null where today's exists
   * already and on PostgreSQL, whose operator has better means.
   */
  backup(now: Date): Promise<string | null>;
  /** Counts all opinions anew, in one step, which nobody should need: what is counted is kept with every change. */
  recount(): Promise<void>;
  /** The days of which a backup is there, `YYYY-MM-DD`, the oldest first; null on PostgreSQL. */
  backups(): readonly string[] | null;
  close(): Promise<void>;
}

export interface StorageOptions {
  /** Unset: the embedded database in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly log: Logger;
  readonly now: () => Date;
}

/**
 * Opens the database, making or migrating it where needed.
 * The stores throw UserError("disk_full") or UpstreamError("The database") where it cannot answer, and recover by themselves.
 * @throws OperatorError in one sentence, without credentials
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const engine = await openEngine(options);
  return {
    kind: engine.kind,
    version: engine.version,
    opinions: createOpinionStore(engine),
    topics: createTopicStore(engine),
    groups: createGroupStore(engine),
    readings: createReadingStore(engine),
    members: createMemberStore(engine),
    figures: createFigureStore(engine),
    buttons: createButtonStore(engine),
    rooms: createRoomStore(engine),
    settings: createSettingsStore(engine),
    digests: createDigestStore(engine),
    gaps: createGapStore(engine),
    readers: createReaderStore(engine),
    reports: createReportStore(engine),
    modelAnswers: createModelAnswerStore(engine),
    modelBudget: createModelBudgetStore(engine),
    subscriptions: createSubscriptionStore(engine),
    deliveries: createDeliveryStore(engine),
    leases: createLeaseStore(engine.leaseSession),
    polls: createPollStore(engine),
    forecasts: createForecastStore(engine),
    links: createLinkStore(engine),
    session: engine.session,
    transaction: (work) => engine.transaction(work),
    inbox: createInboxStore(engine),
    pushed: createPushedStore(engine),
    ping: async () => void (await engine.read((client) => client.$queryRaw`SELECT 1`)),
    backlog: () => readBacklog(engine),
    backup: (now) => engine.backup(now),
    backups: () => engine.backups(),
    recount: () => engine.recount(),
    close: () => engine.close(),
  };
}

// Each kind brings megabytes of code: only the one in use is loaded.
async function openEngine({ databaseUrl, dataDir, log, now }: StorageOptions): Promise<Engine> {
  if (databaseUrl === undefined) return (await import("./embedded.ts")).openEmbedded({ dataDir, log, now });
  return (await import("./postgresql.ts")).openPostgresql({ databaseUrl, log });
}
