/** What went wrong between us and Discord: told apart by what is known about the message, and described without anything secret. */
import { DiscordAPIError, HTTPError, RateLimitError } from "@discordjs/rest";
import type { SendFailure } from "../../core/errors.ts";

/** Discord refuses everything from here for a while (Cloudflare answers 429 without Retry-After), or so much was invalid that it soon would. */
export class BannedError extends Error {
  override readonly name = "BannedError";
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super(`Discord blocks this address; next attempt in ${Math.ceil(retryAfterMs / 1000)} s`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A refusal that Discord did not write: a proxy's or Cloudflare's page. It says nothing about the room or the message. */
export class ForeignAnswerError extends Error {
  override readonly name = "ForeignAnswerError";
  readonly status: number;
  constructor(status: number) {
    super(`something between us and Discord answered ${status}`);
    this.status = status;
  }
}

/** JSON error codes (topics/opcodes-and-status-codes). */
export const codes = {
  unknownChannel: 10003,
  unknownMessage: 10008,
  unknownInteraction: 10062,
  alreadyAcknowledged: 40060,
  pollExpired: 520001,
} as const;

/** Errors before the first byte was written: nothing can have been stored. */
const neverWritten = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/** How long nothing may be sent after this error, and whether to no channel at all; null where it is not about a limit. */
export function limitOf(error: unknown): { readonly waitMs: number; readonly everyone: boolean } | null {
  if (error instanceof BannedError) return { waitMs: error.retryAfterMs, everyone: true };
  if (!(error instanceof RateLimitError)) return null;
  return { waitMs: Math.max(1000, Math.ceil(error.retryAfter), Math.ceil(error.timeToReset)), everyone: error.global };
}

/** What is known about a message whose sending failed. */
export function failureOf(error: unknown): SendFailure {
  const limit = limitOf(error);
  if (limit !== null) return { outcome: "not_sent", retryAfterMs: limit.waitMs };
  if (error instanceof ForeignAnswerError) return { outcome: "not_sent", retryAfterMs: 60_000 };
  if (error instanceof DiscordAPIError) {
    if (error.status === 401) return { outcome: "not_sent", retryAfterMs: 60_000 };
    // A message under this nonce was there and has been deleted since: the room itself is well.
    if (error.code === codes.unknownMessage) return { outcome: "refused", reason: "invalid" };
    if (error.status === 404) return { outcome: "refused", reason: "gone" };
    return { outcome: "refused", reason: error.status === 403 ? "forbidden" : "invalid" };
  }
  if (neverWritten.has(String(codeOf(error)))) return { outcome: "not_sent", retryAfterMs: 5000 };
  return { outcome: "unknown" };
}

/** Whether another attempt of something repeatable may help: the service or the network failed, not the request. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof DiscordAPIError || error instanceof BannedError || error instanceof RateLimitError);

/** For the log: never the error itself, because Discord's errors keep the URL with the interaction's token and what was said. */
export function describe(error: unknown): {
  readonly error: string;
  readonly status?: number;
  readonly code?: string | number;
  readonly detail?: string;
} {
  if (error instanceof DiscordAPIError) return { error: "DiscordAPIError", status: error.status, code: error.code, detail: error.message };
  if (error instanceof HTTPError || error instanceof ForeignAnswerError) return { error: error.name, status: error.status };
  if (error instanceof RateLimitError) return { error: "RateLimitError", detail: `${error.route}, ${error.scope}` };
  if (error instanceof BannedError) return { error: error.name, detail: error.message };
  const code = codeOf(error);
  return { error: error instanceof Error ? error.name : typeof error, ...(typeof code === "string" ? { code } : {}) };
}

/** For the log, of what may be our own mistake: with the stack, where it can only hold our own words. */
export const describeBug = (error: unknown): object =>
  error instanceof TypeError || error instanceof RangeError ? { ...describe(error), stack: error.stack } : describe(error);
