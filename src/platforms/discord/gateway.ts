/** The gateway: as many shards as Discord asks for, kept alive, with nothing remembered of what passes through. */
import { setTimeout as sleep } from "node:timers/promises";
import type { REST } from "@discordjs/rest";
import {
  Encoding,
  type FetchingStrategyOptions,
  type IContextFetchingStrategy,
  type SessionInfo,
  type WebSocketShard,
  WebSocketShardStatus,
} from "@discordjs/ws";
import { APIVersion, GatewayCloseCodes, GatewayDispatchEvents, GatewayIntentBits, Routes } from "discord-api-types/v10";
import { z } from "zod";
import { OperatorError } from "../../core/errors.ts";
import type { Sharing } from "../../core/platform.ts";
import type { Logger } from "../../lib/logger.ts";
import { createShares, type Shares } from "../../lib/shares.ts";
import { describe, describeBug, failureOf } from "./errors.ts";
import { IdentifyGate } from "./identify.ts";
import { createIdentifyLeases } from "./identify-leases.ts";
import { createShard, endShard } from "./shard.ts";

export interface GatewayOptions {
  readonly token: string;
  readonly rest: REST;
  readonly log: Logger;
  readonly now: () => Date;
  /** Where other processes serve some of the shards. */
  readonly sharing: Sharing;
  readonly identifyEveryMs: number;
  readonly retryMs: number;
  /** One event, exactly as Discord sent it, and its position: greater than those of all events of its shard before. Must not throw. */
  readonly onEvent: (name: string, data: unknown, position: bigint) => void;
  readonly onFatal: (error: OperatorError) => void;
}

export interface Gateway {
  /** Resolves when every shard of this process is ready; keeps trying while Discord cannot be reached, until `stop`. */
  start(): Promise<void>;
  /** Every shard of this process is being told; null where others have them all. */
  connected(): boolean | null;
  stop(): Promise<void>;
}

/** Servers (joined, left) and poll votes; no privileged intent. */
const intents = GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessagePolls | GatewayIntentBits.DirectMessagePolls;

/** Close codes after which connecting again is pointless (topics/opcodes-and-status-codes, "Gateway Close Event Codes"). */
const fatalCloses: ReadonlyMap<number, string> = new Map([
  [
    GatewayCloseCodes.AuthenticationFailed,
    "Discord does not accept the token. Copy the bot's token again from the Developer Portal into DISCORD_TOKEN.",
  ],
  [GatewayCloseCodes.InvalidShard, "Discord refused the shard numbers (close code 4010). Start the bot again."],
  [
    GatewayCloseCodes.ShardingRequired,
    "The bot is in more servers than its shards may serve (close code 4011). Start it again: it asks Discord for their number.",
  ],
  [GatewayCloseCodes.InvalidAPIVersion, "Discord no longer offers this version of its gateway (close code 4012). Update Depinion."],
  [GatewayCloseCodes.InvalidIntents, "Discord refused the gateway intents as invalid (close code 4013). Update Depinion."],
  [
    GatewayCloseCodes.DisallowedIntents,
    "Discord refused the gateway intents as not allowed for this bot (close code 4014). Check the bot's intents in the Developer Portal.",
  ],
]);

const gatewayInformation = z.object({
  url: z.string().regex(/^wss?:\/\//),
  shards: z.int().min(1),
  session_start_limit: z.object({
    total: z.int(),
    remaining: z.int(),
    reset_after: z.number(),
    max_concurrency: z.int().min(1),
  }),
});

type Information = z.infer<typeof gatewayInformation>;
type Wait = IContextFetchingStrategy["waitForIdentify"];

/** What a shard is served under. */
interface Tenure {
  /** How many shards there are. */
  readonly of: number;
  readonly over: AbortSignal;
  /** Whether nobody else serves it at this very moment. */
  readonly certain: () => boolean;
}

/** More than a session ever has; the next one begins seconds later. */
const eventsPerMs = 1_000_000n;
const longestRetryMs = 300_000;

export function createGateway(options: GatewayOptions): Gateway {
  const { log } = options;
  const stopping = new AbortController();
  const sessions = new Map<number, SessionInfo>();
  const fatal = Promise.withResolvers<never>();
  fatal.promise.catch(() => {});
  const shards = new Map<number, WebSocketShard>();
  const unready = new Set<number>();
  const ready = Promise.withResolvers<void>();
  let shares: Shares | null = null;

  async function connect(): Promise<void> {
    const info = gatewayInformation.parse(await options.rest.get(Routes.gatewayBot()));
    stopping.signal.throwIfAborted();
    const { remaining, reset_after, total, max_concurrency } = info.session_start_limit;
    if (remaining < info.shards) {
      log.error({ platform: "discord", minutes: Math.ceil(reset_after / 60_000) }, "no gateway sessions left for now; waiting");
      await sleep(reset_after, undefined, { signal: stopping.signal });
      throw new Error("no gateway sessions left");
    }
    const limits = { maxConcurrency: max_concurrency, perDay: total, everyMs: options.identifyEveryMs };
    if (options.sharing === null) {
      const gate = new IdentifyGate(limits, options.now);
      const tenure = { of: info.shards, over: stopping.signal, certain: () => true };
      for (let id = 0; id < info.shards; id++) open(id, tenure, info, (shard, signal) => gate.wait(shard, signal));
    } else {
      const wait = createIdentifyLeases({ leases: options.sharing.leases, limits, log });
      shares = createShares({
        ...options.sharing,
        name: "discord:shards",
        count: info.shards,
        log,
        serve: (id, over, { of, certain }) => serveWhile(over, id, open(id, { of, over, certain }, info, wait)),
      });
      shares.start();
    }
    await Promise.race([ready.promise, fatal.promise, aborted(stopping.signal)]);
  }

  /** Connects a shard; it goes on connecting until it is ended. */
  function open(id: number, tenure: Tenure, info: Information, wait: Wait): WebSocketShard {
    unready.add(id);
    const shard = listen(createShard(contextOf(info, tenure, wait), id, onFault), tenure);
    shards.set(id, shard);
    // A shard's own promise rejects at its first fault, although the shard goes on connecting.
    shard.connect().catch(() => {});
    return shard;
  }

  async function serveWhile(over: AbortSignal, id: number, shard: WebSocketShard): Promise<void> {
    await aborted(over).catch(() => {});
    await endShard(shard);
    shards.delete(id);
    unready.delete(id);
    // Whoever serves it next begins a session of its own.
    sessions.delete(id);
    log.info({ platform: "discord", shard: id }, "the shard is left to others");
  }

  function contextOf(info: Information, { of, over }: Tenure, wait: Wait): IContextFetchingStrategy {
    const shardOptions: FetchingStrategyOptions = {
      token: options.token,
      intents,
      gatewayInformation: info,
      shardCount: of,
      version: APIVersion,
      encoding: Encoding.JSON,
      compression: null,
      identifyProperties: { browser: "depinion", device: "depinion", os: process.platform },
      initialPresence: null,
      largeThreshold: null,
      handshakeTimeout: 10_000,
      helloTimeout: 20_000,
      readyTimeout: 15_000,
    };
    return {
      options: shardOptions,
      // A shard that is about to reconnect asks here first: once it is to end it never hears back.
      retrieveSessionInfo: (id) => (over.aborted || stopping.signal.aborted ? new Promise(() => {}) : (sessions.get(id) ?? null)),
      updateSessionInfo: (id, session) => {
        if (session === null) sessions.delete(id);
        else sessions.set(id, { ...session, resumeURL: /^wss?:\/\//.test(session.resumeURL) ? session.resumeURL : info.url });
      },
      waitForIdentify: wait,
    };
  }

  function listen(shard: WebSocketShard, { certain }: Tenure): WebSocketShard {
    const { id } = shard;
    shard.on("ready", () => {
      log.info({ platform: "discord", shard: id }, "gateway ready");
      unready.delete(id);
      if (unready.size === 0) ready.resolve();
    });
    shard.on("resumed", () => log.info({ platform: "discord", shard: id }, "gateway resumed"));
    shard.on("error", ({ error }) => log.warn({ platform: "discord", shard: id, ...describe(error) }, "gateway error"));
    shard.on("debug", ({ message }) => log.trace({ platform: "discord", shard: id }, message));
    shard.on("closed", ({ code }) => onClosed(id, code));
    // Sequence numbers count per session, and what is told again after a resume has the number it had.
    let session = 0n;
    shard.on("dispatch", ({ data }) => {
      // Another process may have been told the same.
      if (!certain()) return;
      if (data.t === GatewayDispatchEvents.Ready) session = BigInt(options.now().getTime()) * eventsPerMs;
      options.onEvent(data.t, data.d, session + BigInt(data.s));
    });
    return shard;
  }

  function onClosed(shard: number, code: number): void {
    const reason = fatalCloses.get(code);
    if (reason === undefined) {
      log.info({ platform: "discord", shard, code }, "gateway connection closed");
      return;
    }
    const error = new OperatorError(reason);
    fatal.reject(error);
    options.onFatal(error);
  }

  const onFault = (error: unknown) => log.warn({ platform: "discord", ...describeBug(error) }, "an unreadable gateway message was skipped");

  return {
    async start() {
      for (let retryMs = options.retryMs; ; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
        try {
          return await connect();
        } catch (error) {
          if (error instanceof OperatorError || stopping.signal.aborted) throw error;
          log.warn({ platform: "discord", ...describe(error) }, "Discord cannot be reached; trying again");
          const told = failureOf(error);
          await sleep(Math.max(retryMs, told.outcome === "not_sent" ? told.retryAfterMs : 0), undefined, { signal: stopping.signal });
        }
      }
    },
    connected() {
      if (stopping.signal.aborted) return false;
      if (shards.size === 0) return shares === null ? false : null;
      return [...shards.values()].every(({ status }) => status === WebSocketShardStatus.Ready);
    },
    async stop() {
      stopping.abort(new Error("Discord is being stopped"));
      await (shares === null ? Promise.all([...shards.values()].map(endShard)) : shares.stop());
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
