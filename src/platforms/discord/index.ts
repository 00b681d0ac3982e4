/** Discord: connects, publishes the commands, turns interactions into answers, and posts messages. */
import type { RawFile } from "@discordjs/rest";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { CommandInfo } from "../../core/command.ts";
import { OperatorError, SendError } from "../../core/errors.ts";
import { nativeBallot, roomAddress } from "../../core/ids.ts";
import type { Dispatch, PausedRooms, Platform, Pseudonymise, RoomStore, Sharing } from "../../core/platform.ts";
import type { VoteBox } from "../../core/poll.ts";
import type { PushedStore } from "../../core/pushed.ts";
import type { Webhook } from "../../core/webhook.ts";
import type { Logger } from "../../lib/logger.ts";
import { createPace } from "../../lib/pace.ts";
import { createAccess } from "./access.ts";
import { publishCommands } from "./commands.ts";
import { describe, describeBug, failureOf, limitOf } from "./errors.ts";
import { createGateway } from "./gateway.ts";
import { createGuests } from "./guests.ts";
import { createInteractions } from "./interactions.ts";
import { createInteractionsPage } from "./interactions-page.ts";
import { noMentions } from "./limits.ts";
import { drawMessage, split } from "./render.ts";
import type { Timing } from "./respond.ts";
import { createRest } from "./rest.ts";
import { createVotes, nativePoll, pollForbidden } from "./votes.ts";

export interface DiscordOptions {
  readonly token: string;
  /** Base of the HTTP API, default `https://discord.com/api`; the version is appended. */
  readonly apiUrl: string;
  /** Without it Discord can post no interactions to the HTTP side. */
  readonly http?: {
    /** Of the application: 64 hex digits. */
    readonly publicKey: string;
    /** Remembers which of them have come. */
    readonly pushed: Pick<PushedStore, "first">;
  };
  /** False where another process is told what happens: this one only sends. Default: true. */
  readonly listens?: boolean;
  /** Where several processes listen. */
  readonly sharing?: Sharing;
  readonly rooms: RoomStore;
  /** Without it nothing that was refused goes on by itself. */
  readonly paused?: PausedRooms;
  /** Without it polls are asked and nobody counts their votes. */
  readonly votes?: VoteBox;
  readonly pseudonymise: Pseudonymise;
  readonly log: Logger;
  readonly now: () => Date;
  /** Discord cannot be served any more, and only the operator can change that. Not called for what `publish` or `start` reject with. */
  readonly onFatal: (error: OperatorError) => void;
  /** For tests. */
  readonly timing?: Partial<DiscordTiming>;
}

export interface DiscordTiming extends Timing {
  /** Longest wait for one HTTP response with its body. */
  readonly requestMs: number;
  /** Between two identifies (Discord demands 5 seconds). */
  readonly identifyEveryMs: number;
  /** First pause after Discord could not be reached; doubles up to 5 minutes. */
  readonly retryMs: number;
  /** Longest wait for word whether an interaction has come before. */
  readonly claimMs: number;
  /** How long `stop` waits for answers under way, before it tells their commands to end. */
  readonly graceMs: number;
}

const usualTiming: DiscordTiming = {
  ackAfterMs: 1000,
  lastMomentMs: 2200,
  progressEveryMs: 1000,
  progressMs: 2000,
  requestMs: 15_000,
  identifyEveryMs: 5000,
  retryMs: 2000,
  claimMs: 500,
  graceMs: 5000,
};

/**
 * 50 requests a second over everything but answers to interactions (topics/rate-limits). Digests are spread at 47.5 a second; what other
 * requests need beside them, the REST library's own window holds back.
 */
const messageLimit = { perSecond: 50, jitterMs: 31 } as const;

/** Of a posted message only what is needed. */
const created = z.object({ id: z.string(), poll: z.object({}).nullish() });

const invalidToken = () =>
  new OperatorError("Discord does not accept the token. Copy the bot's token again from the Developer Portal into DISCORD_TOKEN.");

export function createDiscord(options: DiscordOptions): Platform {
  const { token, log, now, listens = true, sharing = null } = options;
  /** Whether members get their answers from this process. */
  const isTold = listens || options.http !== undefined;
  const timing: DiscordTiming = { ...usualTiming, ...options.timing };
  const pace = createPace(messageLimit);
  let catalogue: readonly CommandInfo[] = [];
  let core: Dispatch | null = null;
  let phase: "new" | "starting" | "serving" | "stopped" = "new";
  let published = false;
  let stopped: Promise<void> | null = null;
  let fatal: OperatorError | null = null;

  /** Told once: by the rejection of a `publish` or `start` under way, otherwise by `onFatal`. */
  function fail(error: OperatorError): void {
    if (fatal !== null || phase === "stopped") return;
    fatal = error;
    if (phase === "serving") options.onFatal(error);
    gateway.stop().catch((bug: unknown) => log.error({ platform: "discord", ...describeBug(bug) }, "the gateway did not close cleanly"));
  }

  const rest = createRest({
    token,
    apiUrl: options.apiUrl,
    log,
    now,
    timeoutMs: timing.requestMs,
    onUnauthorised: () => fail(invalidToken()),
  });
  const guests = createGuests({ rooms: options.rooms, log, now });
  const access = options.paused === undefined ? null : createAccess({ rest: rest.bot, paused: options.paused, log, now });
  const votes =
    options.votes === undefined ? null : createVotes({ rest: rest.bot, box: options.votes, pseudonymise: options.pseudonymise, log });
  const interactions = createInteractions({
    rest: rest.answers,
    guests,
    pseudonymise: options.pseudonymise,
    log,
    timing,
    catalogue: () => catalogue,
  });
  const gateway = createGateway({
    token,
    rest: rest.bot,
    log,
    now,
    sharing,
    identifyEveryMs: timing.identifyEveryMs,
    retryMs: timing.retryMs,
    onEvent,
    onFatal: fail,
  });

  function onEvent(name: string, data: unknown, position: bigint): void {
    reading(name, () => {
      if (name === "INTERACTION_CREATE" && core !== null) interactions.take(data, core);
      else if (name === "READY") {
        guests.present(data);
        votes?.began(data, position);
      } else if (name === "MESSAGE_POLL_VOTE_ADD" || name === "MESSAGE_POLL_VOTE_REMOVE") votes?.told(name, data, position);
      else if (name === "GUILD_CREATE") guests.arrived(data);
      else if (name === "GUILD_DELETE") guests.left(data);
      access?.told(name, data);
    });
  }

  function interactionsPage({ publicKey, pushed }: NonNullable<DiscordOptions["http"]>): Webhook {
    const take = (data: unknown): boolean => {
      if (core === null) return false;
      interactions.take(data, core, ({ application, id }) => pushed.first(`discord:${application}`, id, now()));
      reading("INTERACTION_CREATE", () => access?.told("INTERACTION_CREATE", data));
      return true;
    };
    return createInteractionsPage({ publicKey, now, take });
  }

  function reading(name: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      log.warn({ platform: "discord", event: name, ...describe(error) }, "an event that cannot be read was skipped");
    }
  }

  /** What cannot even be put into a header would otherwise look like a network fault. @throws OperatorError */
  function checkToken(): void {
    if (!/^[\w.~+/=-]+$/.test(token)) fail(invalidToken());
    if (fatal !== null) throw fatal;
  }

  /** @throws OperatorError where Discord does not know the bot; other trouble is logged, and tried again by `start` */
  async function publishOnce(): Promise<void> {
    try {
      const changed = await publishCommands(rest.bot, catalogue);
      published = true;
      log.info({ platform: "discord", commands: catalogue.length }, changed ? "commands published" : "commands are published already");
    } catch (error) {
      if (fatal !== null) throw fatal;
      // Discord keeps the commands of the last start, so members can be served without.
      log.error({ platform: "discord", ...describe(error) }, "the commands could not be published");
    }
  }

  return {
    name: "discord",
    pace,
    polls: votes,
    webhook: options.http === undefined ? null : interactionsPage(options.http),
    idempotentSend: true,
    split,

    async publish(commands) {
      catalogue = commands;
      checkToken();
      if (isTold) await publishOnce();
    },

    async start(dispatch) {
      core = dispatch;
      checkToken();
      phase = "starting";
      try {
        if (listens) await gateway.start();
        if (isTold && !published) await publishOnce();
        phase = "serving";
      } catch (error) {
        throw fatal ?? error;
      }
    },

    connected: () => (listens ? gateway.connected() : null),

    async send(room, part, key) {
      if (fatal !== null || phase === "stopped") throw new SendError({ outcome: "not_sent", retryAfterMs: 60_000 });
      const channel = roomAddress(room);
      if (!/^\d{17,20}$/.test(channel)) throw new SendError({ outcome: "refused", reason: "invalid" });
      // Told since the slot was taken.
      const closedFor = pace.closedFor(room);
      if (closedFor > 0) throw new SendError({ outcome: "not_sent", retryAfterMs: Math.ceil(closedFor) });
      // Within a few minutes, Discord answers a second message under the same nonce with the first (resources/message).
      const create = async (body: object, files: readonly RawFile[]) => {
        const options = { body: { ...body, nonce: key, enforce_nonce: true }, files: [...files] };
        const sent = created.parse(await pace.timed(() => rest.bot.post(Routes.channelMessages(channel), options)));
        return { messageId: sent.id, ...(sent.poll == null ? {} : { ballot: nativeBallot("discord", sent.id) }) };
      };
      const poll = votes === null ? null : nativePoll(part.blocks, now());
      const { body, files } = drawMessage(part.blocks);
      try {
        if (poll === null) return await create(body, files);
        return await create({ poll, allowed_mentions: noMentions }, []).catch((error: unknown) => {
          if (!pollForbidden(error)) throw error;
          return create(body, files);
        });
      } catch (error) {
        const failure = failureOf(error);
        const limit = limitOf(error);
        if (limit !== null) pace.refused(room, limit.waitMs, limit.everyone);
        log.warn({ platform: "discord", ...failure, ...describe(error) }, "a message was not confirmed");
        throw new SendError(failure);
      }
    },

    stop() {
      stopped ??= shutDown();
      return stopped;
    },
  };

  async function shutDown(): Promise<void> {
    phase = "stopped";
    await interactions.drain(timing.graceMs);
    await gateway.stop();
    await guests.settled();
    await access?.settled();
    await votes?.settled();
    core = null;
    rest.close();
  }
}
