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
import type { Logger } from "../../lib/logger.ts";
import { describe, describeBug, failureOf } from "./errors.ts";
import { IdentifyGate } from "./identify.ts";
import { createShard, endShard } from "./shard.ts";

export interface GatewayOptions {
  readonly token: string;
  readonly rest: REST;
  readonly log: Logger;
  readonly now: () => Date;
  readonly identifyEveryMs: number;
  readonly retryMs: number;
  /** One event, exactly as Discord sent it, and its position: greater than those of all events of its shard before. Must not throw. */
  readonly onEvent: (name: string, data: unknown, position: bigint) => void;
  readonly onFatal: (error: OperatorError) => void;
}

export interface Gateway {
  /** Resolves when every shard is ready; keeps trying while Discord cannot be reached, until `stop`. */
  start(): Promise<void>;
  /** Every shard is being told. */
  connected(): boolean;
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

/** More than a session ever has; the next one begins seconds later. */
const eventsPerMs = 1_000_000n;
const longestRetryMs = 300_000;

export function createGateway(options: GatewayOptions): Gateway {
  const { log } = options;
  const stopping = new AbortController();
  const sessions = new Map<number, SessionInfo>();
  const fatal = Promise.withResolvers<never>();
  fatal.promise.catch(() => {});
  let shards: readonly WebSocketShard[] = [];

  async function connect(): Promise<void> {
    const info = gatewayInformation.parse(await options.rest.get(Routes.gatewayBot()));
    const { remaining, reset_after, total, max_concurrency } = info.session_start_limit;
    if (remaining < info.shards) {
      log.error({ platform: "discord", minutes: Math.ceil(reset_after / 60_000) }, "no gateway sessions left for now; waiting");
      await sleep(reset_after, undefined, { signal: stopping.signal });
      throw new Error("no gateway sessions left");
    }
    const gate = new IdentifyGate({ maxConcurrency: max_concurrency, perDay: total, everyMs: options.identifyEveryMs }, options.now);
    const context = contextOf(info, gate);
    const ready = Array.from({ length: info.shards }, () => Promise.withResolvers<void>());
    shards = ready.map(({ resolve }, id) => serve(createShard(context, id, onFault), resolve));
    // A shard's own promise rejects at its first fault, although the shard goes on connecting.
    for (const shard of shards) shard.connect().catch(() => {});
    await Promise.race([Promise.all(ready.map((r) => r.promise)), fatal.promise, aborted(stopping.signal)]);
  }

  function contextOf(info: z.infer<typeof gatewayInformation>, gate: IdentifyGate): IContextFetchingStrategy {
    const shardOptions: FetchingStrategyOptions = {
      token: options.token,
      intents,
      gatewayInformation: info,
      shardCount: info.shards,
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
      // A shard that is about to reconnect asks here first: once we are stopping it never hears back.
      retrieveSessionInfo: (id) => (stopping.signal.aborted ? new Promise(() => {}) : (sessions.get(id) ?? null)),
      updateSessionInfo: (id, session) => {
        if (session === null) sessions.delete(id);
        else sessions.set(id, { ...session, resumeURL: /^wss?:\/\//.test(session.resumeURL) ? session.resumeURL : info.url });
      },
      waitForIdentify: (id, signal) => gate.wait(id, signal),
    };
  }

  function serve(shard: WebSocketShard, onReady: () => void): WebSocketShard {
    const { id } = shard;
    shard.on("ready", () => {
      log.info({ platform: "discord", shard: id }, "gateway ready");
      onReady();
    });
    shard.on("resumed", () => log.info({ platform: "discord", shard: id }, "gateway resumed"));
    shard.on("error", ({ error }) => log.warn({ platform: "discord", shard: id, ...describe(error) }, "gateway error"));
    shard.on("debug", ({ message }) => log.trace({ platform: "discord", shard: id }, message));
    shard.on("closed", ({ code }) => onClosed(id, code));
    // Sequence numbers count per session, and what is told again after a resume has the number it had.
    let session = 0n;
    shard.on("dispatch", ({ data }) => {
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
    connected: () => !stopping.signal.aborted && shards.length > 0 && shards.every(({ status }) => status === WebSocketShardStatus.Ready),
    async stop() {
      stopping.abort(new Error("Discord is being stopped"));
      await Promise.all(shards.map(endShard));
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
