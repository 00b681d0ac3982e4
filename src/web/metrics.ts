/** Records metrics for Prometheus: what the program says while it works, and what is read of it at each scrape. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Backlog } from "../core/backlog.ts";
import type { PlatformName } from "../core/ids.ts";
import type { DeliveryOutcome, Observer, PostOutcome } from "../core/observer.ts";

/** What is read when Prometheus asks. What cannot be read now has no value there, rather than an old one or zero. */
export interface Readings {
  readonly version: string;
  readonly database: () => Promise<void>;
  readonly backlog: () => Promise<Backlog>;
  /** By platform that this process listens to. */
  readonly connected: () => ReadonlyMap<PlatformName, boolean>;
  /** When each data source last gave a figure; those that never did are left out. */
  readonly sources: () => Promise<ReadonlyMap<string, Date>>;
  /** The language model's tokens of the day; null without one. */
  readonly tokens: (() => Promise<{ readonly tokens: number; readonly limit: number }>) | null;
  /** The days of which a backup is there, the oldest first; null where backups are the operator's. */
  readonly backups: () => readonly string[] | null;
}

export interface Metrics {
  readonly observer: Observer;
  readonly contentType: string;
  /** Everything in Prometheus' text format. Never rejects because something cannot be read. */
  scrape(readings: Readings, now: Date): Promise<string>;
}

/** Seconds: from an answer at once to the longest wait that anybody is given. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const postOutcomes = ["delivered", "not_sent", "refused", "unknown"] as const satisfies readonly PostOutcome[];
const deliveryOutcomes = ["delivered", "uncertain", "refused", "expired"] as const satisfies readonly DeliveryOutcome[];

/** What is alerted on begins at zero: Prometheus sees no increase in what was not there before. */
export function createMetrics(known: { readonly platforms: readonly PlatformName[]; readonly commands: readonly string[] }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Under their usual names, which everybody's dashboards know.
  collectDefaultMetrics({ register: registry });
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Counter({ name: `depinion_${name}`, help, labelNames, registers });
  const seconds = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Histogram({ name: `depinion_${name}`, help, labelNames, buckets, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name: `depinion_${name}`, help, labelNames, registers });

  const answers = counter("answers_total", "Answers to members", ["platform", "command", "outcome"]);
  const answerSeconds = seconds("answer_seconds", "From a command's arrival to its answer, without sending it", ["platform", "command"]);
  const messages = counter("messages_total", "Messages that were posted unasked: parts of digests and polls", ["platform", "outcome"]);
  const messageSeconds = seconds("message_seconds", "From handing such a message to the platform to what it said", ["platform"]);
  const deliveries = counter("deliveries_total", "Digests and polls by what became of them", ["platform", "outcome"]);
  const missed = counter("deliveries_missed_total", "Digests that nobody tried to send: due too long ago, or platform not served", [
    "reason",
  ]);
  const fetches = counter("source_requests_total", "Requests to data sources", ["source", "outcome"]);
  const fetchSeconds = seconds("source_request_seconds", "From asking a data source to its whole answer", ["source"]);
  const asks = counter("model_requests_total", "Questions to the language model, a second attempt included", ["prompt", "outcome"]);
  const askSeconds = seconds("model_request_seconds", "From asking the language model to its whole answer", ["prompt"]);

  const posts = counter("posts_total", "What platforms posted to their page, by what they were told", ["platform", "status"]);
  const postSeconds = seconds("post_seconds", "From such a post's arrival to what was said to it", ["platform"]);

  for (const platform of known.platforms) {
    posts.inc({ platform, status: "503" }, 0);
    for (const outcome of postOutcomes) messages.inc({ platform, outcome }, 0);
    for (const outcome of deliveryOutcomes) deliveries.inc({ platform, outcome }, 0);
    for (const command of known.commands) answers.inc({ platform, command, outcome: "internal" }, 0);
  }
  for (const reason of ["skipped", "unserved"]) missed.inc({ reason }, 0);

  const info = gauge("info", "The running version; always 1", ["version"]);
  const databaseUp = gauge("database_up", "1 where the database answered just now, 0 where it did not");
  const platformUp = gauge("platform_connected", "1 where the platform tells what happens there: gateway or polling", ["platform"]);
  const waiting = gauge("queue_waiting", "Deliveries of a platform, or updates in the inbox, that are due and not done", ["queue"]);
  const age = gauge("queue_age_seconds", "For how long the oldest of them waits that nobody has tried yet; 0 where none does", ["queue"]);
  const sourceAge = gauge("source_age_seconds", "Since a data source last gave a figure", ["source"]);
  const tokens = gauge("model_tokens_today", "Tokens of the language model that were used on this UTC day");
  const tokenLimit = gauge("model_tokens_limit", "Tokens that it may use in a UTC day");
  const backupAt = gauge("backup_timestamp_seconds", "Midnight UTC of the day of the newest backup");

  async function read(readings: Readings, now: Date): Promise<void> {
    const since = (date: Date | null): number => (date === null ? 0 : Math.max(0, (now.getTime() - date.getTime()) / 1000));
    info.set({ version: readings.version }, 1);
    platformUp.reset();
    for (const [platform, connected] of readings.connected()) platformUp.set({ platform }, connected ? 1 : 0);
    empty(backupAt);
    const newest = readings.backups()?.at(-1);
    if (newest !== undefined) backupAt.set(Date.parse(`${newest}T00:00:00Z`) / 1000);
    await Promise.all([
      readings.database().then(
        () => databaseUp.set(1),
        () => databaseUp.set(0),
      ),
      renew([waiting, age], readings.backlog, ({ deliveries: due, inbox }) => {
        for (const [queue, one] of [...due, ["inbox", inbox] as const]) {
          waiting.set({ queue }, one.count);
          age.set({ queue }, since(one.since));
        }
      }),
      renew([sourceAge], readings.sources, (sources) => {
        for (const [source, at] of sources) sourceAge.set({ source }, since(at));
      }),
      readings.tokens !== null &&
        renew([tokens, tokenLimit], readings.tokens, (spent) => {
          tokens.set(spent.tokens);
          tokenLimit.set(spent.limit);
        }),
    ]);
    if (readings.tokens === null) for (const one of [tokens, tokenLimit]) empty(one);
  }

  return {
    contentType: registry.contentType,
    observer: {
      answered(platform, command, outcome, took) {
        answers.inc({ platform, command, outcome });
        answerSeconds.observe({ platform, command }, took);
      },
      posted(platform, outcome, took) {
        messages.inc({ platform, outcome });
        messageSeconds.observe({ platform }, took);
      },
      settled: (platform, outcome) => deliveries.inc({ platform, outcome }),
      missed: (reason, count) => missed.inc({ reason }, count),
      received(platform, status, took) {
        posts.inc({ platform, status: String(status) });
        postSeconds.observe({ platform }, took);
      },
      fetched(source, outcome, took) {
        fetches.inc({ source, outcome });
        fetchSeconds.observe({ source }, took);
      },
      asked(prompt, outcome, took) {
        asks.inc({ prompt, outcome });
        askSeconds.observe({ prompt }, took);
      },
    },
    async scrape(readings, now) {
      await read(readings, now);
      return registry.metrics();
    },
  };
}

/** Sets gauges anew, or leaves them without a value. */
async function renew<T>(gauges: readonly Gauge[], ask: () => Promise<T>, set: (read: T) => void): Promise<void> {
  const found = await ask().catch(() => null);
  for (const gauge of gauges) empty(gauge);
  if (found !== null) set(found);
}

/** One without labels would be zero after `reset` alone. */
function empty(gauge: Gauge): void {
  gauge.reset();
  gauge.remove({});
}
