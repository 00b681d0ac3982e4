/** Two fake platforms on which polls are asked and voted on, and the whole program that counts them, which can be stopped and started again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type App, buildApp } from "../../src/app/build.ts";
import { readConfig } from "../../src/config/env.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Exchange, type FakeDiscord, type FakeMember, startFakeDiscord, visibleText } from "./fake-discord/index.ts";
import type { FakeMessage as DiscordMessage } from "./fake-discord/world.ts";
import type { FakeChat, FakeMessage as TelegramMessage } from "./fake-telegram/chat.ts";
import { type FakeTelegram, type Person, startFakeTelegram } from "./fake-telegram/index.ts";
import { sourcesOff } from "./sources-off.ts";

export interface PollStage {
  readonly discord: FakeDiscord;
  readonly telegram: FakeTelegram;
  readonly app: () => App;
  /** Admins, and where they ask. */
  readonly ann: FakeMember;
  readonly bob: Person;
  readonly group: FakeChat;
  readonly log: () => string;
  /** So many milliseconds later. */
  later(ms: number): void;
  /** The clock jumps, the heartbeat beats once. */
  pass(to: string): Promise<void>;
  /** Resolves when what the platforms have told so far is counted. */
  told(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Joins the Discord channel and the Telegram group. */
  link(): Promise<void>;
  /** What Ann reads when she says this. */
  says(line: string): Promise<string>;
  /** The next poll to stand on Discord: a poll of its own, or buttons. */
  asked(): Promise<DiscordMessage>;
  /** Ann asks in both rooms. */
  askBoth(line: string): Promise<{ readonly here: DiscordMessage; readonly there: TelegramMessage }>;
}

export const read = async (exchange: Promise<Exchange> | Exchange): Promise<string> =>
  (await (await exchange).settled()).visible.map(visibleText).join("\n");

const moment = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function pollStage(begin = "2026-11-22T18:00:30Z"): Promise<PollStage> {
  let time = Date.parse(begin);
  const [discord, telegram, dataDir] = await Promise.all([
    startFakeDiscord(),
    startFakeTelegram({ patienceSeconds: 20, record: false }),
    mkdtemp(join(tmpdir(), "depinion-polls-")),
  ]);
  const config = readConfig({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_MESSAGES_PER_SECOND: "1000",
    ...sourcesOff,
    DATA_DIR: dataDir,
  });
  const lines: string[] = [];
  const log = createLogger({ level: "debug", secrets: config.secrets, out: { write: (line: string) => lines.push(line) } });
  const fatal: string[] = [];
  let app: App | null = null;

  async function start(): Promise<void> {
    time += 1_000; // No process starts in the same moment as the one before.
    const limits = { perMember: 10_000, perRoom: 100_000, seconds: 1 };
    app = await buildApp({ config, log, now: () => new Date(time), limits, onFatal: (_, error) => void fatal.push(error.message) });
    const connected = discord.gateway.next("ready");
    for (const platform of app.platforms) {
      await platform.publish(app.dispatch.catalogue);
      await platform.start(app.dispatch);
      app.delivery.started(platform.name);
    }
    await connected;
  }

  async function stop(): Promise<void> {
    if (app === null) return;
    await app.delivery.stop();
    for (const platform of app.platforms) await platform.stop();
    await app.stopDomains();
    await app.storage.close();
    app = null;
  }

  const running = (): App => {
    if (app === null) throw new Error("the program is stopped");
    return app;
  };

  await start();
  onTestFinished(async () => {
    await stop();
    await Promise.all([discord.close(), telegram.stop()]);
    await rm(dataDir, { recursive: true, force: true });
    const broken = [...discord.world.violations, ...telegram.violations, ...fatal];
    if (broken.length > 0) throw new Error(`a platform's rule was broken: ${broken.join("; ")}`);
  });

  const ann = discord.member("ann", { admin: true });
  const bob = telegram.user("bob", { admin: true });
  const group = telegram.group("DePIN friends");
  const says = (line: string) => read(ann.says(line));
  const seen = new Set<string>();

  const stage: PollStage = {
    discord,
    telegram,
    app: running,
    ann,
    bob,
    group,
    log: () => lines.join(""),
    says,
    start,
    stop,
    async told() {
      // Whoever answers a heartbeat has read everything before it.
      const read = discord.gateway.next("heartbeat");
      discord.gateway.sendText(JSON.stringify({ op: 1, d: null, s: null, t: null }));
      await read;
      while (telegram.world.updates.unconfirmed > 0) await moment(2);
      let [before, quiet] = ["", 0];
      while (quiet < 4) {
        const { rows } = await running().storage.session.executeSql(
          "SELECT (SELECT count(*)::int FROM inbound) AS waiting, (SELECT count(*)::int FROM vote) AS votes, (SELECT sum(ord)::text FROM vote) AS last",
        );
        const now = JSON.stringify(rows);
        quiet = now === before && now.includes('"waiting":0') ? quiet + 1 : 0;
        before = now;
        await moment(15);
      }
    },
    later(ms) {
      time += ms;
    },
    async pass(to) {
      await stage.told();
      time = Date.parse(to);
      await running().delivery.beat(new Date(time));
      await running().endPolls(new Date(time));
    },
    async link() {
      const code = /\/link ([A-Z0-9]{8})/.exec(await says("/link"))?.[1] ?? "";
      await bob.says(group, `/link ${code}`);
      await read(ann.press(await ann.says("/link"), "Agree"));
    },
    async asked() {
      for (;;) {
        const found = [...discord.world.messages.values()].find(
          (m) => !seen.has(m.id) && m.viewer === null && (m.poll !== null || visibleText(m).includes("Open until")),
        );
        if (found !== undefined) {
          seen.add(found.id);
          await moment(30);
          return found;
        }
        await moment(5);
      }
    },
    async askBoth(line) {
      const there = group.next();
      await says(line);
      const both = { here: await stage.asked(), there: await there };
      await stage.told();
      return both;
    },
  };
  return stage;
}
