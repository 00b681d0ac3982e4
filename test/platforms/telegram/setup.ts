/** A small bot on the fake Bot API: real grammY, the real dispatch, commands made for these tests, and everything it logs. */
import { onTestFinished } from "vitest";
import type { ButtonStore, StoredButton } from "../../../src/core/buttons.ts";
import { createDispatch } from "../../../src/core/dispatch.ts";
import type { OperatorError } from "../../../src/core/errors.ts";
import { type ButtonId, type CommunityId, memberId, type RoomId } from "../../../src/core/ids.ts";
import type { InboxStore } from "../../../src/core/inbox.ts";
import type { PausedRooms, Platform, Pseudonymise, RoomStore } from "../../../src/core/platform.ts";
import type { VoteBox } from "../../../src/core/poll.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { createTelegram } from "../../../src/platforms/telegram/index.ts";
import type { Timing } from "../../../src/platforms/telegram/timing.ts";
import type { WebhookOptions } from "../../../src/platforms/telegram/webhook.ts";
import { type FakeOptions, type FakeTelegram, startFakeTelegram } from "../../support/fake-telegram/index.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { openPages } from "../../support/web-pages.ts";
import { commandsFor, Gates, type Logged } from "./demo-commands.ts";

/** Short waits, so that no test sleeps and none depends on the machine's speed. */
export const quick: Timing = {
  typingAfter: 20,
  progressAfter: 5,
  progressEvery: 5,
  progressEveryShared: 5,
  progressPatience: 800,
  orderPatience: 60_000,
  releaseButtonAfter: 60,
  pollSeconds: 20,
  retryFirst: 5,
  retryMost: 20,
  callTimeout: 400,
  unsentRetries: [5, 10],
  longestAnswerWait: 10_000,
  answerPatience: 30_000,
  storeRetries: [5, 5],
  noteHandledEvery: 1,
  accessEvery: 60_000,
  webhookEvery: 60_000,
  drain: 400,
  adminsRemembered: 60_000,
  inlineRemembered: 60_000,
};

export const pseudonymise: Pseudonymise = (platform, user) => ({ member: memberId(`${platform}-member-${user}`), former: [] });

function memoryButtons(): ButtonStore {
  const stored = new Map<ButtonId, StoredButton>();
  return {
    save: async (list) => list.forEach((button) => void stored.set(button.id, button)),
    find: async (id, now) => {
      const button = stored.get(id);
      return button === undefined || button.expiresAt <= now ? null : button;
    },
    sweep: async () => 0,
  };
}

/** Remembers what it was told; fails as often as `failures` says. */
export class MemoryRooms implements RoomStore {
  readonly told: string[] = [];
  /** Of which it was asked what is paused there. */
  readonly regained: string[] = [];
  /** Rooms with a digest that was refused. */
  refused: { readonly room: RoomId; readonly community: CommunityId }[] = [];
  readonly paused: PausedRooms = {
    of: async (where) => {
      this.regained.push(where);
      return this.refused;
    },
    resume: async (rooms) => {
      this.refused = this.refused.filter(({ room }) => !rooms.includes(room));
      return rooms.length;
    },
  };
  readonly #here = new Set<CommunityId>();
  failures = 0;
  #hear(what: string): void {
    if (this.failures > 0) {
      this.failures--;
      throw new Error("the database is down");
    }
    this.told.push(what);
  }
  async arrive(community: CommunityId): Promise<boolean> {
    this.#hear(`arrive ${community}`);
    if (this.#here.has(community)) return false;
    this.#here.add(community);
    return true;
  }
  async leave(community: CommunityId): Promise<void> {
    this.#hear(`leave ${community}`);
  }
  async migrate(from: CommunityId, to: CommunityId): Promise<void> {
    this.#hear(`migrate ${from} ${to}`);
  }
  greet = async () => false;
  known = async () => [];
  eraseLeft = async () => 0;
}

export interface Stage {
  readonly fake: FakeTelegram;
  readonly telegram: Platform;
  readonly gates: Gates;
  readonly rooms: MemoryRooms;
  /** Opinions that were logged. */
  readonly logged: readonly Logged[];
  /** By which the commands that were run can be told from each other. */
  readonly keys: readonly (string | undefined)[];
  /** What was written to the log, unredacted. */
  readonly log: string[];
  readonly fatal: OperatorError[];
  /** Resolves with the first fatal error. */
  readonly ended: Promise<OperatorError>;
  /** Publishes and starts; done by `stage` unless told otherwise. */
  start(): Promise<void>;
}

export interface StageOptions {
  /** One moment unless told: what other processes take part in needs their clock. */
  readonly now?: () => Date;
  readonly fake?: FakeOptions;
  readonly timing?: Partial<Timing>;
  readonly token?: string;
  readonly apiRoot?: string;
  readonly start?: boolean;
  readonly messagesPerSecond?: number;
  /** Lets a test end with violations, because it provokes them. */
  readonly tolerant?: boolean;
  /** What outlives the process; default: an empty one. */
  readonly inbox?: InboxStore;
  /** Telegram posts; what is not said stands as in one process alone. */
  readonly webhook?: Partial<WebhookOptions>;
  /** Counts votes. */
  readonly votes?: VoteBox;
  /** Plays on an existing fake instead of a new one. */
  readonly on?: FakeTelegram;
}

const alone = (): WebhookOptions => ({
  url: "https://bot.example.org",
  pushed: createMemoryStores().pushed,
  takes: true,
  handles: true,
});

/** Sets the bot on a fake Bot API and takes both down after the test, which fails where the bot broke a limit or told its token. */
export async function stage(options: StageOptions = {}): Promise<Stage> {
  const fake = options.on ?? (await startFakeTelegram(options.fake));
  const gates = new Gates();
  const logged: Logged[] = [];
  const log: string[] = [];
  const rooms = new MemoryRooms();
  const inbox = options.inbox ?? createMemoryStores().inbox;
  const fatal: OperatorError[] = [];
  const ended = Promise.withResolvers<OperatorError>();
  const logger = createLogger({ level: "trace", secrets: [], out: { write: (line) => log.push(line) } });
  const now = options.now ?? (() => new Date("2026-11-22T09:00:00Z"));
  const keys: (string | undefined)[] = [];
  const inner = createDispatch<undefined>({
    commands: commandsFor(gates, logged),
    services: undefined,
    buttons: memoryButtons(),
    limiter: { admit: async () => undefined },
    log: logger,
    now,
    closest: (typed, names) => names.find((name) => name.startsWith(typed.slice(0, 3))),
    recognise: async () => undefined,
  });
  const dispatch: typeof inner = {
    ...inner,
    answer(invocation, progress) {
      keys.push(invocation.key);
      return inner.answer(invocation, progress);
    },
  };
  const telegram = createTelegram({
    token: options.token ?? fake.token,
    apiRoot: options.apiRoot ?? fake.apiRoot,
    ...(options.messagesPerSecond === undefined ? {} : { messagesPerSecond: options.messagesPerSecond }),
    rooms,
    paused: rooms.paused,
    inbox,
    ...(options.webhook === undefined ? {} : { webhook: { ...alone(), ...options.webhook } }),
    ...(options.votes === undefined ? {} : { votes: options.votes }),
    pseudonymise,
    log: logger,
    now,
    onFatal: (error) => {
      fatal.push(error);
      ended.resolve(error);
    },
    timing: { ...quick, ...options.timing },
  });
  const web = telegram.webhook === null ? null : await openPages([telegram.webhook]);
  if (web !== null) fake.poster.targets = [...fake.poster.targets, web.url];
  const start = async () => {
    const told = web !== null && fake.poster.settings === null ? fake.nextCall("setWebhook") : null;
    await telegram.publish(dispatch.catalogue);
    await telegram.start(dispatch);
    await told;
  };
  onTestFinished(async () => {
    await telegram.stop();
    await web?.close();
    if (options.on === undefined) await fake.stop();
    const broken = options.tolerant ? [] : fake.violations;
    const secrets = [fake.token, options.token ?? fake.token, ...fake.world.users.keys(), ...fake.world.chats.keys()].map(String);
    const leaks = log.filter((line) => secrets.some((secret) => line.includes(secret)));
    if (broken.length + leaks.length > 0) throw new Error(`the bot broke the rules: ${[...broken, ...leaks].join("\n")}`);
  });
  if (options.start !== false) await start();
  return { fake, telegram, gates, rooms, logged, keys, log, fatal, ended: ended.promise, start };
}
