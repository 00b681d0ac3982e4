/** Tells Telegram where to post, where it does not know that yet, and watches that it does. */
import { setTimeout as sleep } from "node:timers/promises";
import { GrammyError } from "grammy";
import { z } from "zod";
import { OperatorError } from "../../core/errors.ts";
import type { Logger } from "../../lib/logger.ts";
import { Backoff, type BotApi } from "./client.ts";
import { noteOf, operatorError, toldToWaitMs } from "./failures.ts";
import type { Timing } from "./timing.ts";
import { allowedUpdates } from "./updates.ts";
import type { WebhookAddress, WebhookIdentity } from "./webhook-address.ts";

const infoSchema = z.object({
  url: z.string(),
  max_connections: z.int().nullish(),
  allowed_updates: z.array(z.string()).nullish(),
  last_error_date: z.int().nullish(),
  last_error_message: z.string().nullish(),
});

/** The most that the Bot API offers; updates of one chat come one after the other all the same (telegram-bot-api, WebhookActor). */
const maxConnections = 100;

export interface RegistrationOptions {
  readonly api: BotApi;
  readonly address: WebhookAddress;
  readonly identity: WebhookIdentity;
  readonly timing: Timing;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  readonly onFatal: (error: OperatorError) => void;
}

export interface Registration {
  /** Telegram posts here, as far as it has said. */
  connected(): boolean;
}

const taken = () =>
  new OperatorError("The webhook of this Telegram bot was removed, or set to another address: another program uses the bot.", {
    stillSends: true,
  });

export function startRegistration(options: RegistrationOptions): Registration {
  const { api, address, identity, timing, log, stopping: signal, onFatal } = options;
  const backoff = new Backoff(timing);
  let connected = false;
  /** When Telegram last failed to post, as far as that was told already. */
  let failedAt = 0;

  /** Sets it where anything of it differs; other processes of ours set it to the same. */
  async function register(): Promise<void> {
    const { url, max_connections, allowed_updates, last_error_date } = infoSchema.parse(await api.getWebhookInfo());
    failedAt = last_error_date ?? 0;
    const wanted = new Set<string>(allowedUpdates);
    const same = wanted.size === allowed_updates?.length && allowed_updates.every((kind) => wanted.has(kind));
    if (url === address.href && max_connections === maxConnections && same) return;
    await api.setWebhook(address.href, {
      secret_token: address.secret,
      allowed_updates: allowedUpdates,
      max_connections: maxConnections,
    });
    log.info("Telegram was told where to post");
  }

  async function look(): Promise<void> {
    const { url, last_error_date, last_error_message } = infoSchema.parse(await api.getWebhookInfo());
    if (url !== address.href && !identity.made(url)) throw taken();
    if ((last_error_date ?? 0) <= failedAt) return;
    failedAt = last_error_date ?? 0;
    log.warn({ description: last_error_message }, "Telegram could not post what people send");
  }

  const run = async () => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await (connected ? look() : register());
        if (failures > 0) log.info({ failures }, "Telegram answers again");
        failures = 0;
        connected = true;
        backoff.reset();
        await sleep(timing.webhookEvery, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        const hopeless = error instanceof OperatorError ? error : (operatorError(error) ?? refusal(error));
        if (hopeless !== null) {
          connected = false;
          onFatal(hopeless);
          return;
        }
        if (failures++ === 0) log.warn(noteOf(error), "Telegram does not say whether it posts; asking until it does");
        await backoff.pause(signal, toldToWaitMs(error) ?? 0).catch(() => undefined);
      }
    }
  };
  void run();
  return { connected: () => connected };
}

/** Telegram says what is wrong with the address: no https, a port that it does not post to, a host that it cannot find. */
const refusal = (error: unknown): OperatorError | null =>
  error instanceof GrammyError && error.error_code === 400
    ? new OperatorError(`Telegram does not take TELEGRAM_WEBHOOK_URL (${error.description}).`, { stillSends: true })
    : null;

/**
 * Takes away a webhook that this installation has set, so that it can poll.
 * @returns false where the webhook is another program's
 */
export async function removeOwnWebhook(api: BotApi, identity: WebhookIdentity, log: Logger): Promise<boolean> {
  const { url } = infoSchema.parse(await api.getWebhookInfo());
  if (url !== "" && !identity.made(url)) return false;
  if (url !== "") await api.deleteWebhook();
  log.info("the webhook that was set before is removed: TELEGRAM_WEBHOOK_URL is not set any more");
  return true;
}
