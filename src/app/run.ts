/** Start order, stop order, and what the program is told from outside. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../config/env.ts";
import { OperatorError } from "../core/errors.ts";
import type { PlatformName } from "../core/ids.ts";
import type { Platform } from "../core/platform.ts";
import type { Logger } from "../lib/logger.ts";
import { type Console, createConsole } from "../platforms/console/index.ts";
import type { Web } from "../web/server.ts";
import { type Beating, startBeating } from "./beating.ts";
import { type App, buildApp, exportFolder } from "./build.ts";
import { logDemoOpinions } from "./demo.ts";
import { type Duties, dutiesOf, usualLeaseMs } from "./duties.ts";
import { keepHouse } from "./housekeeping.ts";
import { titles } from "./open-platforms.ts";

/** After this the program leaves, whatever still hangs. */
const stopWithinMs = 10_000;

export interface RunOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly task: { readonly kind: "serve" | "once"; readonly line?: string; readonly demo: boolean };
  readonly now: () => Date;
  /** For tests: milliseconds after which others take over what a dead process did. */
  readonly leaseMs?: number;
  /** For tests: between two identifies of Discord's gateway. */
  readonly identifyEveryMs?: number;
}

/** Serves until told to stop, or answers once. Resolves with the exit code: 1 where the one answer is an error, 78 where nothing can be served. */
export async function run(options: RunOptions): Promise<number> {
  const { log, task, now, leaseMs = usualLeaseMs } = options;
  const throwaway = task.demo ? await mkdtemp(join(tmpdir(), "depinion-demo-")) : undefined;
  const config =
    throwaway === undefined
      ? options.config
      : {
          ...options.config,
          dataDir: throwaway,
          databaseUrl: undefined,
          memberKeys: null,
          discord: null,
          telegram: null,
          role: "all" as const,
        };
  const duties = dutiesOf[config.role];
  const told = Promise.withResolvers<number>();
  const onFatal = (name: PlatformName, error: OperatorError) => {
    app.failed.add(name);
    app.delivery.failed(name, error);
    log.fatal(`${name}: off (${error.message})`);
    // What still works goes on working; a program with nothing left to serve says so by its exit code.
    if (app.platforms.every((p) => app.failed.has(p.name))) told.resolve(78);
  };
  const app = await buildApp({ ...options, config, leaseMs, onFatal });
  const seat = (app.platforms.length === 0 && config.role === "all") || task.kind === "once" ? openConsole(app, config) : null;
  const onSignal = () => told.resolve(0);
  process.once("SIGTERM", onSignal).once("SIGINT", onSignal);
  let heart: Beating | null = null;
  let web: Web | null = null;
  try {
    if (task.demo) await logDemoOpinions(app, now());
    if (task.kind === "once") return (await seat?.once(app.dispatch, task.line ?? "")) === true ? 0 : 1;
    announce(config, app, duties, seat, log);
    web = await openWeb(config, app, duties, log, now);
    // A throw-away database needs neither backups nor forgetting.
    const beat = async (at: Date) => {
      if (task.demo) return;
      await app.delivery.beat(at).catch((error: unknown) => log.error({ err: error }, "what is due could not be queued"));
      await app.endPolls(at).catch((error: unknown) => log.error({ err: error }, "polls whose time is up could not be ended"));
      await app.resolveForecasts(at).catch((error: unknown) => log.error({ err: error }, "forecasts could not be resolved"));
      await keepHouse(app.storage, app.services, log, at);
    };
    if (duties.works) heart = startBeating({ storage: app.storage, beat, leaseMs, log });
    // Not waited for: a platform that cannot be reached yet keeps neither the other one nor a SIGTERM waiting.
    for (const platform of [...app.platforms, ...(seat === null ? [] : [seat])])
      startPlatform(platform, app, duties, onFatal).catch(told.reject);
    let seatLeft = false;
    const onSeatLeft = () => {
      seatLeft = true;
      told.resolve(0);
    };
    seat?.ended.then(onSeatLeft, told.reject);
    const code = await told.promise;
    // A console session that is over before the first beat must not go without the daily backup.
    if (seatLeft) await beat(now());
    return code;
  } finally {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
    await stop(app, seat, heart, web, log);
    if (throwaway !== undefined) await rm(throwaway, { recursive: true, force: true });
  }
}

async function startPlatform(
  platform: Platform,
  app: App,
  { works }: Duties,
  onFatal: (name: PlatformName, error: OperatorError) => void,
): Promise<void> {
  try {
    await platform.publish(app.dispatch.catalogue);
    await platform.start(app.dispatch);
    if (works) app.delivery.started(platform.name);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    onFatal(platform.name, error);
  }
}

function openConsole(app: App, config: Config): Console {
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return createConsole({
    input: process.stdin,
    output: process.stdout,
    interactive,
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    width: () => (process.stdout.isTTY === true ? process.stdout.columns : undefined),
    pseudonymise: app.pseudonymise,
    exportFolder: exportFolder(config),
  });
}

/** One line each: what is on, what is off, and why. */
function announce(config: Config, app: App, { listens, works }: Duties, seat: Console | null, log: Logger): void {
  const say = (name: string, on: string | null, why: string) =>
    log.info(on === null ? `${name}: off (${why})` : `${name}: on${on === "" ? "" : ` (${on})`}`);
  say("database", app.storage.version, "");
  const { role } = config;
  // Of a role that neither listens nor sends, the platform's own address says nothing.
  const served = (name: PlatformName, address: string) => {
    if (listens) return address;
    if (app.platforms.some((platform) => platform.name === name && platform.webhook !== null))
      return `${address}, by HTTP alone: ROLE is ${role}`;
    return works ? `${address}, sending alone: ROLE is ${role}` : null;
  };
  const unserved = (variable: string, isSet: boolean) => (isSet ? `ROLE is ${role}` : `${variable} is not set`);
  say(
    "discord",
    config.discord === null ? null : served("discord", config.discord.apiUrl),
    unserved("DISCORD_TOKEN", config.discord !== null),
  );
  say(
    "telegram",
    config.telegram === null ? null : served("telegram", config.telegram.apiRoot),
    unserved("TELEGRAM_TOKEN", config.telegram !== null),
  );
  say("deliveries and housekeeping", works ? "" : null, `ROLE is ${role}`);
  say("console", seat === null ? null : "", role === "all" ? "a chat platform is served" : `ROLE is ${role}`);
  say("language model", config.model === null ? null : config.model.name, "OPENAI_API_KEY is not set; everything works without");
  say("coingecko", config.coingecko === null ? null : config.coingecko.url, "COINGECKO_URL is empty");
  // Only the host: the rest of a node's address may hold its owner's key.
  for (const [variable, url] of Object.entries(config.sourceUrls))
    say(variable.replace(/(_RPC)?_URL$/, "").toLowerCase(), url === null ? null : new URL(url).host, `${variable} is empty`);
}

/** Loaded only where somebody wants to look: a console needs none of it. */
async function openWeb(
  { http, telegram }: Config,
  { metrics, webhooks }: App,
  duties: Duties,
  log: Logger,
  now: () => Date,
): Promise<Web | null> {
  if (http === null || metrics === null) {
    log.info("http: off (HTTP_PORT is not set)");
    return null;
  }
  const web = await (await import("./web.ts")).openWeb({
    address: http,
    metrics: metrics.kept,
    readings: metrics.readings,
    webhooks,
    telegramBy: telegram?.webhookUrl === undefined ? "polling" : "webhook",
    duties,
    now,
    log,
  });
  log.info(`http: on (${[web.url, ...webhooks.map(({ path }) => path)].join(", ")})`);
  return web;
}

async function stop(app: App, seat: Console | null, heart: Beating | null, web: Web | null, log: Logger): Promise<void> {
  const late = setTimeout(() => {
    log.error("stopping took too long; leaving");
    process.exit(1);
  }, stopWithinMs);
  late.unref();
  await app.delivery.stop().catch((error: unknown) => log.error({ err: error }, "the couriers did not stop cleanly"));
  for (const platform of [...app.platforms, ...(seat === null ? [] : [seat])]) {
    await platform.stop().catch((error: unknown) => log.error({ err: error }, `${titles[platform.name]} did not stop cleanly`));
  }
  await app.stopDomains();
  await heart?.stop();
  await web?.close();
  await app.storage.close();
  clearTimeout(late);
}
