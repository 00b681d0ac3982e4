/** What a failed Bot API call means: for the log without secrets, for a delivery's ledger, and for the operator. */
import { GrammyError, HttpError } from "grammy";
import { OperatorError, SendError, type SendFailure } from "../../core/errors.ts";
import type { RoomId } from "../../core/ids.ts";
import type { Pace } from "../../core/platform.ts";
import { TransportError } from "./transport.ts";

/** A failed call as it may be logged: no URL (it holds the token), no payload (it holds what people wrote). */
export interface FailureNote {
  readonly method?: string;
  readonly code: number | string;
  readonly description: string;
  /** The error itself where it is this program's own mistake, so that its stack is seen. */
  readonly err?: unknown;
}

/** Nothing was sent: another process may be answering the same, because this one has lost its lease. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

export function noteOf(error: unknown): FailureNote {
  if (error instanceof GrammyError) return { method: error.method, code: error.error_code, description: error.description };
  if (error instanceof HttpError) {
    const { error: cause } = error;
    return { code: cause instanceof TransportError ? cause.code : "timeout", description: error.message };
  }
  if (error instanceof SendError) return { code: error.failure.outcome, description: error.message };
  if (error instanceof LeaseLost) return { code: "lease_lost", description: error.message };
  return { code: "internal", description: "unexpected", err: error };
}

/** Failed before the first byte was written: a name not resolved, a connection refused. Anything else may have been received. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof HttpError && error.error instanceof TransportError && error.error.unsent;

/** What to wait where the server says "too many requests" and no time. */
const untoldWaitMs = 60_000;

/** The wait in milliseconds as the server wrote it, null where it did not; it has sent texts and nothing at all, so neither is trusted. */
function toldMs(retryAfter: unknown): number | null {
  const told = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(told) && told > 0 ? told * 1000 : null;
}

/** The wait in milliseconds after "too many requests", else null. */
export const toldToWaitMs = (error: unknown): number | null =>
  error instanceof GrammyError && error.error_code === 429 ? (toldMs(error.parameters.retry_after) ?? untoldWaitMs) : null;

/** Passes "too many requests" on to everyone who sends; without a time it is the shape of a ban, which holds for every chat. */
export function tellPace(pace: Pace, room: RoomId, retryAfter: unknown): void {
  const told = toldMs(retryAfter);
  pace.refused(room, told ?? untoldWaitMs, told === null);
}

/** The new address of a group that became a supergroup, where the error names it. */
export function migratedTo(error: unknown): number | null {
  const to = error instanceof GrammyError ? error.parameters.migrate_to_chat_id : undefined;
  return typeof to === "number" && Number.isSafeInteger(to) ? to : null;
}

/**
 * Telegram tells its reasons only as text (telegram-bot-api, Client.cpp: fail_query_with_error); the phrases are kept in
 * this one place. What matches none of them is the message's fault.
 */
const gone = /chat not found|user is deactivated|chat was deleted|thread not found|TOPIC_DELETED|TOPIC_ID_INVALID|PEER_ID_INVALID/i;
const forbidden =
  /not enough rights|have no rights|CHAT_WRITE_FORBIDDEN|CHAT_ADMIN_REQUIRED|CHAT_RESTRICTED|TOPIC_CLOSED|need administrator/i;

/** A group may restrict photos alone: the bot may write there, but not show pictures. */
export const picturesForbidden = (error: unknown): boolean =>
  error instanceof GrammyError &&
  error.error_code === 400 &&
  /not enough rights to send photos|CHAT_SEND_(PHOTOS|MEDIA)_FORBIDDEN/i.test(error.description);

/** The bot is no longer in this group or channel. Telegram keeps that news for a day only, and a refused message tells it later too. */
export const putOut = (error: unknown): boolean =>
  error instanceof GrammyError && error.error_code === 403 && /bot was kicked|bot is not a member/i.test(error.description);

const unsentRetryMs = 5_000;
const revokedRetryMs = 60_000;

/** What is known about a message after its call failed. 5xx, broken bodies and time-outs prove nothing: the message may stand in the chat. */
export function sendFailure(error: unknown): SendFailure {
  if (error instanceof GrammyError) {
    const { error_code: code, description } = error;
    const wait = toldToWaitMs(error);
    if (wait !== null) return { outcome: "not_sent", retryAfterMs: wait };
    if (code === 401) return { outcome: "not_sent", retryAfterMs: revokedRetryMs };
    if (code === 403) return { outcome: "refused", reason: gone.test(description) ? "gone" : "forbidden" };
    if (code >= 400 && code < 500)
      return { outcome: "refused", reason: gone.test(description) ? "gone" : forbidden.test(description) ? "forbidden" : "invalid" };
  }
  return isUnsent(error) ? { outcome: "not_sent", retryAfterMs: unsentRetryMs } : { outcome: "unknown" };
}

/** Never carries grammY's error along: its parts hold the token and the text. */
export function sendError(error: unknown): SendError {
  const { method, code, description } = noteOf(error);
  return new SendError(sendFailure(error), { cause: new Error(`${method ?? "request"}: ${code} ${description}`) });
}

export const notModified = (error: unknown): boolean =>
  error instanceof GrammyError && error.error_code === 400 && /message is not modified/i.test(error.description);

/** Telegram posts to somebody, and nobody can poll meanwhile. */
export const webhookStands = (error: unknown): boolean =>
  error instanceof GrammyError && error.error_code === 409 && /webhook/i.test(error.description);

/** What only the operator can mend; null for everything that may pass by itself. */
export function operatorError(error: unknown): OperatorError | null {
  if (!(error instanceof GrammyError)) return null;
  // A token of the wrong shape is answered 404, a token of no bot 401.
  if (error.error_code === 401 || error.error_code === 404)
    return new OperatorError("Telegram does not accept TELEGRAM_TOKEN. Copy the token again from @BotFather.");
  if (error.error_code !== 409) return null;
  return new OperatorError(
    webhookStands(error)
      ? "A webhook is set for this Telegram bot, so it cannot be polled. Remove the webhook (deleteWebhook), or use another bot."
      : "Another instance is polling with this Telegram token. Stop it, or give this one a bot of its own.",
    { stillSends: true },
  );
}
