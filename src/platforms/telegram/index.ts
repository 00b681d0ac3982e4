/** The Telegram door: lifecycle, publishing of commands, and posting of parts. */
import { GrammyError } from "grammy";
import { LRUCache } from "lru-cache";
import type { CommandInfo } from "../../core/command.ts";
import { type OperatorError, SendError } from "../../core/errors.ts";
import { type RoomId, roomAddress } from "../../core/ids.ts";
import type { InboxStore } from "../../core/inbox.ts";
import type { Dispatch, Part, PausedRooms, Platform, Pseudonymise, RoomStore, Sent, Sharing } from "../../core/platform.ts";
import type { VoteBox } from "../../core/poll.ts";
import type { Logger } from "../../lib/logger.ts";
import { watchAccess } from "./access.ts";
import { createAdmins } from "./admins.ts";
import type { Arrival } from "./arrivals.ts";
import { type BotApi, createClients, introduce, type Me } from "./client.ts";
import { publishCommands } from "./commands.ts";
import { migratedTo, noteOf, putOut, sendError, tellPace } from "./failures.ts";
import { createHandler, sayFull } from "./handle.ts";
import type { Catalogue } from "./inbound.ts";
import { createInbox } from "./inbox.ts";
import type { InlineCommand } from "./inline.ts";
import { type Address, draw, post, split } from "./message.ts";
import { createTelegramPace } from "./pace.ts";
import { pollInTurn } from "./poll-in-turn.ts";
import { type Polling, startPolling } from "./polling.ts";
import type { Desk } from "./respond.ts";
import { createRoomKeeper, groupCommunity } from "./rooms.ts";
import { defaultTiming, type Timing } from "./timing.ts";
import { createNativePolls, nativePoll, pollForbidden, postPoll, standingIn } from "./votes.ts";
import { startWebhook, type Webhooked, type WebhookOptions } from "./webhook.ts";
import { webhookIdentity } from "./webhook-address.ts";
import { createWebhookPage, type Taker } from "./webhook-page.ts";
import { removeOwnWebhook } from "./webhook-registration.ts";

export interface TelegramOptions {
  readonly token: string;
  readonly apiRoot: string;
  /** What the Bot API takes over all chats, default 30. */
  readonly messagesPerSecond?: number;
  /** False where another process is told what happens: this one only sends. Default: true. */
  readonly listens?: boolean;
  /** Where several processes listen: one of them polls. */
  readonly sharing?: Sharing;
  readonly rooms: RoomStore;
  /** Without it nothing that was refused goes on by itself. */
  readonly paused?: PausedRooms;
  readonly inbox: InboxStore;
  /** Without it the bot polls, where it listens. */
  readonly webhook?: WebhookOptions;
  /** Without it polls are asked and nobody counts their votes. */
  readonly votes?: VoteBox;
  readonly pseudonymise: Pseudonymise;
  readonly log: Logger;
  readonly now: () => Date;
  /** Called once when only the operator can help: another instance polls, a webhook is set, the token was revoked. */
  readonly onFatal: (error: OperatorError) => void;
  readonly timing?: Partial<Timing>;
}

/** An update needs its people's pseudonyms when it is stored and again when it is answered, and a hash takes as long as reading it. */
function remembered(pseudonymise: Pseudonymise): Pseudonymise {
  const known = new LRUCache<string, ReturnType<Pseudonymise>>({ max: 1_000 });
  return (platform, user) => {
    const before = known.get(user);
    if (before !== undefined) return before;
    const names = pseudonymise(platform, user);
    known.set(user, names);
    return names;
  };
}

/** When the next process may be up. */
const restartMs = 5_000;

/**
 * Call `publish` before `start`: the bot answers only to the commands it has published.
 * `publish` and `start` throw OperatorError where the token is not accepted, and wait as long as Telegram cannot be reached.
 */
export function createTelegram(options: TelegramOptions): Platform {
  const { log, listens = true, sharing = null, webhook } = options;
  /** Whether this process has to do with what happens on Telegram, and not only sends. */
  const isTold = webhook === undefined ? listens : webhook.takes || webhook.handles;
  const pseudonymise = remembered(options.pseudonymise);
  const timing = { ...defaultTiming, ...options.timing };
  const pace = createTelegramPace(options.messagesPerSecond ?? 30);
  const clients = createClients(options.token, options.apiRoot, timing, pace);
  /** Ends waiting for Telegram; and, towards the end of `drain`, what commands still do. */
  const leaving = new AbortController();
  const hurrying = new AbortController();
  const rooms = createRoomKeeper(options.rooms, { paused: options.paused, log, now: options.now, timing, stopping: leaving.signal });
  const identity = webhookIdentity(options.token, options.pseudonymise);
  let catalogue: Catalogue = { names: new Set(), inline: [], example: undefined };
  let inlineCommands: readonly InlineCommand[] = [];
  const handle = createHandler({ votes: options.votes, inlineCommands: () => inlineCommands, timing, log });
  let me: Promise<Me | null> | null = null;
  let username = "";
  let source: Pick<Polling, "connected" | "stop"> | null = null;
  let taker: Taker | null = null;
  let menus: Promise<void> = Promise.resolve();
  let stopped: Promise<void> | null = null;

  async function connected(): Promise<Me | null> {
    me ??= introduce(clients.answers, timing, log, leaving.signal);
    const found = await me;
    username = found?.username ?? "";
    return found;
  }

  /** Posts to where the chat is now. */
  async function following<T>(to: Address, work: (to: Address) => Promise<T>): Promise<T> {
    try {
      return await work(to);
    } catch (error) {
      const moved = migratedTo(error);
      if (moved === null || moved === to.chat) throw error;
      await rooms.migrated(to.chat, moved);
      return work({ ...to, chat: moved });
    }
  }

  async function postPart(to: Address, { blocks }: Part): Promise<Sent> {
    const question = options.votes === undefined ? null : nativePoll(blocks);
    if (question !== null) {
      try {
        const { message, ballot } = await postPoll(clients.plain, to, question, options.now());
        return { messageId: String(message), ballot };
      } catch (error) {
        if (!pollForbidden(error)) throw error;
      }
    }
    return { messageId: String(await post(clients.plain, to, draw(blocks, { username, forms: "link" }))) };
  }

  async function publishMenus(commands: readonly CommandInfo[]): Promise<void> {
    try {
      const written = await publishCommands(clients.answers, commands);
      if (written.length > 0) log.info({ scopes: written }, "Telegram commands published");
    } catch (error) {
      // Commands work without it, and the next start tries again.
      if (!leaving.signal.aborted) log.warn(noteOf(error), "Telegram's command menu could not be updated");
    }
  }

  /** @param bot who answers */
  function deskOf(bot: Me, dispatch: Dispatch): (api: BotApi) => Desk {
    const isChatAdmin = createAdmins(clients.answers, timing.adminsRemembered);
    return (api) => ({
      me: bot,
      api,
      dispatch,
      rooms,
      pseudonymise,
      standingIn: (chat, user) => standingIn(clients.answers, chat, user),
      isChatAdmin,
      catalogue: () => catalogue,
      log,
      timing,
      stopping: hurrying.signal,
    });
  }

  const poll = (desk: Desk, certain: () => boolean): Polling =>
    startPolling({
      api: clients.polling,
      timing,
      log,
      inbox: createInbox(options.inbox, { desk, log, now: options.now, timing }),
      certain,
      handle: (arrival) => handle(desk, arrival),
      onFlood: (arrival) => sayFull(desk, arrival),
      reclaim: () => removeOwnWebhook(clients.answers, identity, log),
      onFatal(error) {
        options.onFatal(error);
        // Another process would hardly fare better, but it may try.
        if (sharing !== null) void source?.stop();
      },
    });

  function serveWebhook(deskWith: (api: BotApi) => Desk, webhook: WebhookOptions): Webhooked {
    const { now, onFatal } = options;
    const desk = deskWith(clients.answers);
    const handlerWhile = (certain: () => boolean) => {
      const careful = sharing === null ? desk : deskWith(clients.answersWhile(certain));
      return (arrival: Arrival) => handle(careful, arrival);
    };
    const common = { desk, api: clients.answers, identity, sharing, stopping: leaving.signal, timing, log, now, onFatal };
    const served = startWebhook(webhook, { ...common, handlerWhile, onFlood: (arrival) => sayFull(desk, arrival) });
    taker = served.taker;
    return served;
  }

  async function stop(): Promise<void> {
    leaving.abort();
    const hurry = setTimeout(() => hurrying.abort(), timing.drain * 0.7);
    taker = null;
    await source?.stop();
    clearTimeout(hurry);
    hurrying.abort();
    clients.close();
    await menus;
  }

  return {
    name: "telegram",
    pace,
    webhook: webhook?.takes === true ? createWebhookPage(identity, () => taker) : null,
    polls: options.votes === undefined ? null : createNativePolls(clients.answers),
    // Bot API: no idempotency key (telegram-bot-api#126, #482).
    idempotentSend: false,

    async publish(commands: readonly CommandInfo[]) {
      const inlines = commands.filter((info) => info.inline);
      inlineCommands = inlines.map(({ name, params }) => ({ command: name, param: params[0]?.name ?? "" }));
      catalogue = {
        names: new Set(commands.map(({ name }) => name)),
        inline: inlines.map(({ name }) => name),
        example: (inlines[0] ?? commands[0])?.examples[0],
      };
      if (!isTold || webhook?.takes === false || (await connected()) === null) return;
      // The menu is a convenience: nobody waits for it with their answer.
      menus = publishMenus(commands);
    },

    async start(dispatch: Dispatch) {
      const bot = await connected();
      if (bot === null || leaving.signal.aborted || !isTold) return;
      const { paused, now } = options;
      if (paused !== undefined && webhook?.handles !== false)
        watchAccess({ api: clients.answers, me: bot.id, paused, log, now, every: timing.accessEvery, stopping: leaving.signal });
      const deskWith = deskOf(bot, dispatch);
      const pollWhile = (certain: () => boolean) => poll(deskWith(clients.answersWhile(certain)), certain);
      if (webhook !== undefined) source = serveWebhook(deskWith, webhook);
      else source = sharing === null ? pollWhile(() => true) : pollInTurn(sharing, pollWhile, log);
    },

    connected: () => (isTold ? (source === null ? false : source.connected()) : null),

    async send(room: RoomId, part: Part) {
      if (leaving.signal.aborted) throw new SendError({ outcome: "not_sent", retryAfterMs: restartMs });
      const [chat, thread] = roomAddress(room).split(":").map(Number);
      if (chat === undefined || !Number.isSafeInteger(chat)) throw new SendError({ outcome: "refused", reason: "gone" });
      // Told since the slot was taken.
      const closedFor = pace.closedFor(room);
      if (closedFor > 0) throw new SendError({ outcome: "not_sent", retryAfterMs: Math.ceil(closedFor) });
      const sending = pace.timed(() => following({ chat, thread }, (to) => postPart(to, part)));
      return await sending.catch((error: unknown) => {
        if (error instanceof GrammyError && error.error_code === 429) tellPace(pace, room, error.parameters.retry_after);
        rooms.refusedIn(room);
        // Not waited for: the ledger must know at once.
        if (putOut(error)) void rooms.left(groupCommunity(chat));
        throw sendError(error);
      });
    },

    split: (blocks) => split(blocks, { username, forms: "reply" }),

    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
