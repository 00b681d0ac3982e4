/** What the HTTP side says of the program: which parts must work for it to be ready, and what its metrics read. Loaded only where it is on. */
import type { PlatformName } from "../core/ids.ts";
import type { Webhook } from "../core/webhook.ts";
import type { Logger } from "../lib/logger.ts";
import type { Metrics, Readings } from "../web/metrics.ts";
import { type Check, readiness } from "../web/readiness.ts";
import { startWeb, type Web } from "../web/server.ts";
import type { Duties } from "./duties.ts";

export interface WebDeps {
  readonly address: { readonly port: number; readonly host: string };
  readonly metrics: Metrics;
  readonly readings: Readings;
  readonly webhooks: readonly Webhook[];
  readonly telegramBy: "polling" | "webhook";
  /** Only what this process does can make it unready: what others leave undone is for them to say. */
  readonly duties: Duties;
  readonly now: () => Date;
  readonly log: Logger;
}

/** At 28 messages a second, as Telegram has it, 30,000 rooms take 18 minutes: a digest that nobody has tried after this stands still. */
const deliveriesWaitMs = 30 * 60_000;
/** A command has 10 seconds, and a busy chat waits its turn. */
const inboxWaitsMs = 2 * 60_000;
const minuteMs = 60_000;

/** @throws OperatorError where the address cannot be listened on */
export function openWeb({ address, metrics, readings, webhooks, telegramBy, duties, now, log }: WebDeps): Promise<Web> {
  const links: Readonly<Record<PlatformName, string>> = { discord: "gateway", telegram: telegramBy, console: "console" };
  const updates = telegramBy === "webhook" ? duties.handles : duties.listens;
  const checks = (): Readonly<Record<string, Check>> => ({
    database: () => readings.database().then(() => null),
    ...Object.fromEntries(
      [...readings.connected()].map(([platform, connected]): [string, Check] => [
        links[platform],
        async () => (connected ? null : `${platform} is not connected`),
      ]),
    ),
    ...(duties.works || updates ? { queue } : {}),
  });
  const queue: Check = async () => {
    const { deliveries, inbox } = await readings.backlog();
    const late = [
      ...[...(duties.works ? deliveries : [])].map(([platform, { since }]) => [`${platform} deliveries`, since, deliveriesWaitMs] as const),
      ...(updates ? [["updates", inbox.since, inboxWaitsMs] as const] : []),
    ].flatMap(([what, since, most]) => {
      const waited = since === null ? 0 : now().getTime() - since.getTime();
      return waited > most ? [`${what} have waited for ${Math.floor(waited / minuteMs)} minutes`] : [];
    });
    return late.length === 0 ? null : late.join("; ");
  };
  return startWeb({
    ...address,
    ready: () => readiness(checks()),
    metrics: () => metrics.scrape(readings, now()),
    metricsType: metrics.contentType,
    webhooks,
    log,
  });
}
