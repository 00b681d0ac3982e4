/** A digest to thousands of rooms beside the usual tools on the same limits, and what answers feel of it. */
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { startFakeDiscord } from "../test/support/fake-discord/index.ts";
import { startFakeTelegram } from "../test/support/fake-telegram/index.ts";
import { freshFolder, type Measured, median, print, start } from "./process.ts";

const latencyMs = 20;
const second = 1000;
/** Answers a second, at random moments. */
const asksPerSecond = 5;

/** What a contender says of itself when it has finished (see `peers/fanout.ts`). */
const reportSchema = z.object({ seconds: z.number(), cpuSeconds: z.number(), peakMb: z.number(), gaveUp: z.int() });
type Report = z.infer<typeof reportSchema>;

interface Outcome extends Report {
  readonly delivered: number;
  readonly twice: number;
  readonly refusals: number;
}

interface Contender {
  readonly name: string;
  readonly file: string;
  readonly way?: string;
}

const onTelegram: readonly Contender[] = [
  { name: "Depinion, 10 workers", file: "bench/peers/depinion-fanout.ts" },
  { name: "grammY, throttler + auto-retry", file: "bench/peers/grammy-fanout.ts", way: "throttler" },
  { name: "grammY, auto-retry, one by one", file: "bench/peers/grammy-fanout.ts", way: "loop" },
  { name: "grammY, auto-retry, 10 workers", file: "bench/peers/grammy-fanout.ts", way: "workers" },
];

const onDiscord: readonly Contender[] = [
  { name: "Depinion, 10 workers", file: "bench/peers/depinion-fanout.ts" },
  { name: "discord.js REST, all at once", file: "bench/peers/discord-fanout.ts" },
];

/** Lines that a process prints, one at a time. */
function linesOf({ child }: Measured): { next(): Promise<string> } {
  if (child.stdout === null) throw new Error("the process has no pipe");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const line = await lines.next();
      if (line.done) throw new Error("the process ended");
      return line.value;
    },
  };
}

/** Hands the rooms to a process that is ready, and reads its report. */
async function fanOut(bot: Measured, lines: { next(): Promise<string> }, rooms: readonly string[]): Promise<Report> {
  bot.child.stdin?.write(`${JSON.stringify(rooms)}\n`);
  return reportSchema.parse(JSON.parse(await lines.next()));
}

async function tellChats({ file, way = "" }: Contender, count: number): Promise<Outcome> {
  const fake = await startFakeTelegram({ record: false, latencyMs, globalLimit: { limit: 30, perMs: second } });
  const chats = Array.from({ length: count }, (_, n) => fake.user(`reader ${n}`).private);
  const bot = start(file, { TELEGRAM_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.apiRoot, WAY: way });
  const lines = linesOf(bot);
  await lines.next();
  const report = await fanOut(
    bot,
    lines,
    chats.map(({ id }) => String(id)),
  );
  await bot.stop();
  await fake.stop();
  const posts = chats.map((chat) => chat.posts.length);
  return { ...report, delivered: posts.filter((n) => n > 0).length, twice: posts.filter((n) => n > 1).length, refusals: fake.refusals };
}

async function tellChannels({ file }: Contender, count: number): Promise<Outcome> {
  const fake = await startFakeDiscord({ record: false, latencyMs, globalLimit: { limit: 50, perMs: second } });
  const channels = Array.from({ length: count }, () => fake.addChannel().id);
  const bot = start(file, { DISCORD_TOKEN: fake.token, DISCORD_API_URL: fake.url });
  const lines = linesOf(bot);
  await lines.next();
  const report = await fanOut(bot, lines, channels);
  await bot.stop();
  await fake.close();
  const { posts } = fake.world;
  const twice = [...posts.values()].filter((n) => n > 1).length;
  return { ...report, delivered: posts.size, twice, refusals: fake.world.refusals };
}

async function compare(title: string, contenders: readonly Contender[], measure: typeof tellChats, count: number): Promise<void> {
  const rows: string[][] = [];
  for (const contender of contenders) {
    const { delivered, twice, refusals, seconds, cpuSeconds, peakMb } = await measure(contender, count);
    rows.push([
      contender.name,
      (delivered / seconds).toFixed(2),
      `${((delivered * 100) / count).toFixed(1)} %`,
      String(twice),
      String(refusals),
      seconds.toFixed(1),
      cpuSeconds.toFixed(1),
      `${peakMb.toFixed(0)} MB`,
    ]);
  }
  print(title, ["sender", "messages/s", "delivered", "twice", "refusals", "seconds", "CPU s", "peak"], rows);
}

interface Feel {
  readonly median: number;
  readonly p99: number;
  readonly count: number;
}

const feelOf = (times: readonly number[]): Feel => ({
  median: median(times),
  p99: times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN,
  count: times.length,
});

/** Asks at random moments until told to end; each question is a new person's. Resolves with the time of each answer in milliseconds. */
async function askUntil(end: Promise<unknown>, ask: (n: number) => Promise<unknown>): Promise<readonly number[]> {
  const asked: Promise<number>[] = [];
  let ended = false;
  void end.then(() => {
    ended = true;
  });
  while (!ended) {
    const began = performance.now();
    asked.push(ask(asked.length).then(() => performance.now() - began));
    await pause((-Math.log(1 - Math.random()) * second) / asksPerSecond);
  }
  return Promise.all(asked);
}

interface Stage {
  readonly env: Readonly<Record<string, string>>;
  readonly rooms: readonly string[];
  readonly ask: (n: number) => Promise<unknown>;
  readonly refusals: () => number;
  readonly close: () => Promise<void>;
}

async function telegramStage(count: number): Promise<Stage> {
  const fake = await startFakeTelegram({ record: false, latencyMs, patienceSeconds: 60, globalLimit: { limit: 30, perMs: second } });
  return {
    env: { TELEGRAM_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.apiRoot },
    rooms: Array.from({ length: count }, (_, n) => String(fake.user(`reader ${n}`).id)).map((id) => {
      fake.world.addChat("private", "reader", { id: Number(id) });
      return id;
    }),
    ask(n) {
      const person = fake.user(`asker ${n}`);
      return person.says(person.private, "/explain filecoin");
    },
    refusals: () => fake.refusals,
    close: () => fake.stop(),
  };
}

async function discordStage(count: number): Promise<Stage> {
  const fake = await startFakeDiscord({ record: false, latencyMs, globalLimit: { limit: 50, perMs: second } });
  return {
    env: { DISCORD_TOKEN: fake.token, DISCORD_API_URL: fake.url },
    rooms: Array.from({ length: count }, () => fake.addChannel().id),
    ask: (n) => fake.member(`asker ${n}`, { channel: fake.addChannel() }).slash("explain", { term: "filecoin" }),
    refusals: () => fake.world.refusals,
    close: () => fake.close(),
  };
}

async function feel(name: string, stage: Stage): Promise<string[]> {
  const bot = start("bench/peers/depinion-whole.ts", { ...stage.env, DATA_DIR: await freshFolder() });
  const lines = linesOf(bot);
  await lines.next();
  // The first answers compile; then as long idle as the digest will take, but no longer than a minute.
  await askUntil(pause(10 * second), stage.ask);
  const idle = feelOf(await askUntil(pause(Math.min(60, stage.rooms.length / 30) * second), stage.ask));
  const sending = fanOut(bot, lines, stage.rooms);
  const busy = feelOf(await askUntil(sending, stage.ask));
  const { seconds } = await sending;
  await bot.stop();
  await stage.close();
  const pair = (f: Feel) => `${f.median.toFixed(1)} / ${f.p99.toFixed(1)} ms`;
  return [
    name,
    `${pair(idle)} (${idle.count})`,
    `${pair(busy)} (${busy.count})`,
    (busy.median / idle.median).toFixed(2),
    (busy.p99 / idle.p99).toFixed(2),
    (stage.rooms.length / seconds).toFixed(2),
    String(stage.refusals()),
  ];
}

/** More rooms than this take each an hour and show nothing new of the peers and the answers: the program is held against the limit alone. */
const mostForPeers = 3000;

/** @param count rooms of each fan-out */
export async function benchFanout(count = mostForPeers): Promise<void> {
  const contenders = (all: readonly Contender[]) => (count > mostForPeers ? all.slice(0, 1) : all);
  const telegram = `Telegram, ${count} chats, API answers after ${latencyMs} ms and takes 30 messages a second`;
  await compare(telegram, contenders(onTelegram), tellChats, count);
  const discord = `Discord, ${count} channels, API answers after ${latencyMs} ms and takes 50 requests a second`;
  await compare(discord, contenders(onDiscord), tellChannels, count);
  if (count > mostForPeers) return;
  print(
    `Answers to /explain, ${asksPerSecond} a second, idle and while a digest goes to ${count} rooms (median / p99, answers)`,
    ["platform", "idle", "during the digest", "ratio of medians", "ratio of p99 (aim 1.5, at most 2)", "digests/s", "refusals"],
    [await feel("Telegram", await telegramStage(count)), await feel("Discord", await discordStage(count))],
  );
}
