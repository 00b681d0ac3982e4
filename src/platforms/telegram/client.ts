/** Two doors to the Bot API: one for answers, one for digests and polling; and the first contact with it. */
import { setTimeout as sleep } from "node:timers/promises";
import { autoRetry } from "@grammyjs/auto-retry";
import { Api, type ApiClientOptions, type RawApi, type Transformer } from "grammy";
import { z } from "zod";
import type { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import type { PlatformPace } from "../../lib/pace.ts";
import { isUnsent, LeaseLost, noteOf, operatorError, toldToWaitMs } from "./failures.ts";
import { paceAnswers } from "./pace.ts";
import type { Timing } from "./timing.ts";
import { createTransport } from "./transport.ts";

export type BotApi = Api<RawApi>;

/** Ends a call early. grammY types it by a polyfill, of whose signal Node's has all that is used. */
export type CallSignal = NonNullable<Parameters<BotApi["sendMessage"]>[3]>;

export interface Clients {
  /** For what a person waits for: messages take a slot, short refusals are waited out, and calls that never left are repeated. */
  readonly answers: BotApi;
  /** The same, which sends nothing where `certain` says no. */
  answersWhile(certain: () => boolean): BotApi;
  /** For messages whose sender keeps its own ledger and has taken a slot: every failure is reported at once, nothing is repeated. */
  readonly plain: BotApi;
  readonly polling: BotApi;
  /** Closes every connection. */
  close(): void;
}

/**
 * `rethrowHttpErrors` and `rethrowInternalServerErrors` because Telegram has no idempotency key: after a broken
 * connection or a 5xx the message may stand in the chat already (measured: 11 lost responses, 11 duplicates).
 */
const waitOutShortRefusals = (timing: Timing): Transformer<RawApi> =>
  autoRetry({
    maxRetryAttempts: 2,
    maxDelaySeconds: timing.longestAnswerWait / 1000,
    rethrowHttpErrors: true,
    rethrowInternalServerErrors: true,
  });

/** Repeats calls that failed before anything was written, which cannot duplicate a message. */
function repeatUnsent(pauses: readonly number[]): Transformer<RawApi> {
  return async (prev, method, payload, signal) => {
    for (const pause of pauses) {
      try {
        return await prev(method, payload, signal);
      } catch (error) {
        if (!isUnsent(error)) throw error;
        await sleep(pause);
      }
    }
    return prev(method, payload, signal);
  };
}

export function createClients(token: string, apiRoot: string, timing: Timing, pace: PlatformPace): Clients {
  const transport = createTransport(apiRoot);
  const closing = new AbortController();
  const client = (timeoutMs: number): BotApi => {
    // `fetch` is typed as node-fetch's, of which grammY uses only what the transport offers.
    const fetch = transport.fetch as unknown as NonNullable<ApiClientOptions["fetch"]>;
    return new Api(token, { apiRoot: apiRoot.replace(/\/+$/, ""), timeoutSeconds: timeoutMs / 1000, fetch });
  };
  function answering(...more: readonly Transformer<RawApi>[]): BotApi {
    const api = client(timing.callTimeout);
    // The last one is asked first: after a refusal a message takes a new slot, after a call that never left it keeps its own.
    api.config.use(...more, repeatUnsent(timing.unsentRetries), paceAnswers(pace, timing, closing.signal), waitOutShortRefusals(timing));
    return api;
  }
  return {
    answers: answering(),
    answersWhile: (certain) =>
      // Nothing waits between this and the wire.
      answering((prev, method, payload, signal) => {
        if (!certain()) throw new LeaseLost("another process may be answering the same");
        return prev(method, payload, signal);
      }),
    plain: client(timing.callTimeout),
    polling: client(timing.pollSeconds * 1000 + timing.callTimeout),
    close() {
      closing.abort();
      transport.close();
    },
  };
}

export interface Me {
  readonly id: number;
  readonly username: string;
}

const meSchema = z.object({ id: z.int(), username: z.string().min(1) });

/** Pauses that double up to a limit, with a fifth of jitter so that restarted instances do not knock in step. */
export class Backoff {
  #next: number;
  readonly #timing: Pick<Timing, "retryFirst" | "retryMost">;
  constructor(timing: Pick<Timing, "retryFirst" | "retryMost">) {
    this.#timing = timing;
    this.#next = timing.retryFirst;
  }
  reset(): void {
    this.#next = this.#timing.retryFirst;
  }
  /** Resolves after the next pause, or after `atLeast` if that is longer; rejects when the signal fires. */
  async pause(signal: AbortSignal, atLeast = 0): Promise<void> {
    const pause = Math.max(atLeast, this.#next * (0.9 + Math.random() * 0.2));
    this.#next = Math.min(this.#next * 2, this.#timing.retryMost);
    await sleep(pause, undefined, { signal });
  }
}

/**
 * Asks Telegram who this bot is, until it answers.
 * @returns null when the signal fired first
 * @throws OperatorError where the token is not accepted
 */
export async function introduce(api: BotApi, timing: Timing, log: Logger, signal: AbortSignal): Promise<Me | null> {
  const backoff = new Backoff(timing);
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const me = meSchema.parse(await api.getMe());
      if (failures > 0) log.info({ failures }, "Telegram answers again");
      return me;
    } catch (error) {
      const fatal: OperatorError | null = operatorError(error);
      if (fatal !== null) throw fatal;
      if (failures === 0) log.warn(noteOf(error), "Telegram does not answer; trying again until it does");
      await backoff.pause(signal, toldToWaitMs(error) ?? 0).catch(() => undefined);
    }
  }
  return null;
}
