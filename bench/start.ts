/** First start, warm start and idle memory of the whole program: the console alone, and with both platforms on either database. */
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { startFakeDiscord } from "../test/support/fake-discord/index.ts";
import { startFakeTelegram } from "../test/support/fake-telegram/index.ts";
import { ask, startPostgresDesk } from "../test/support/postgres-desk.ts";
import { freshFolder, type Measured, median, print, start } from "./process.ts";

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);

interface Sample {
  readonly firstAnswerMs: number;
  readonly peak: number;
  readonly idle: number;
}

type Place = Readonly<Record<string, string>>;

async function atRest(program: Measured, firstAnswerMs: number, meanwhile = async () => {}): Promise<Sample> {
  await pause(5000);
  const { now: idle, peak } = program.memory();
  await meanwhile();
  await program.stop();
  return { firstAnswerMs, peak, idle };
}

/** From the start of the process to its first answer at the console, and its memory five seconds later. */
async function atConsole(place: Place): Promise<Sample> {
  const began = performance.now();
  const program = start("src/main.ts", place);
  const { stdin, stdout } = program.child;
  if (stdin === null || stdout === null) throw new Error("the program has no pipes");
  const answered = new Promise<void>((resolve) => createInterface({ input: stdout }).once("line", () => resolve()));
  stdin.write("/explain depin\n");
  await answered;
  return atRest(program, performance.now() - began);
}

/** The same to its first answer on Telegram, where somebody always writes, with Discord's gateway connected before memory is read. */
export async function openPlatforms() {
  const [discord, telegram] = await Promise.all([
    startFakeDiscord({ record: false }),
    startFakeTelegram({ record: false, patienceSeconds: 60 }),
  ]);
  const tokens = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
  };
  // Only the program does without message content.
  discord.gateway.grantsPrivileged = true;
  let people = 0;
  const someoneWrites = () => {
    const someone = telegram.user(`ann${people++}`);
    someone.posts(someone.private, "/explain depin");
  };
  return {
    telegram,
    /** @param meanwhile what else is asked of the program before it ends */
    async sample(place: Place, file = "src/main.ts", meanwhile?: () => Promise<void>): Promise<Sample> {
      const answered = telegram.arrivals.next("an answer", (call) => call.method === "sendMessage").then(() => performance.now());
      const connected = discord.gateway.next("ready");
      someoneWrites();
      // Not every bot answers what was written before it started.
      const writing = setInterval(someoneWrites, 20);
      const began = performance.now();
      const program = start(file, { ...place, ...tokens });
      const firstAnswerMs = (await answered) - began;
      clearInterval(writing);
      await connected;
      return atRest(program, firstAnswerMs, meanwhile);
    },
    close: () => Promise.all([discord.close(), telegram.stop()]),
  };
}

export async function benchStart(): Promise<void> {
  const [desk, platforms] = await Promise.all([startPostgresDesk(), openPlatforms()]);
  const embedded = async () => ({ DATA_DIR: await freshFolder() });
  const server = async () => ({
    ...(await embedded()),
    DATABASE_URL: await ask(desk.address, "database"),
    MEMBER_KEY: "a key for measurements that nobody else has",
  });
  const kinds = [
    { name: "console, PGlite", place: embedded, sample: atConsole, aims: ["4000 ms, 450 MB", "2000 ms, 220 MB idle"] },
    { name: "Discord and Telegram, PGlite", place: embedded, sample: platforms.sample, aims: ["", "2000 ms, 220 MB idle"] },
    { name: "Discord and Telegram, PostgreSQL", place: server, sample: platforms.sample, aims: ["", "2000 ms, 130 MB idle"] },
  ];
  const rows: string[][] = [];
  for (const { name, place, sample, aims } of kinds) {
    const [first, warm]: [Sample[], Sample[]] = [[], []];
    for (let n = 0; n < rounds; n++) {
      const where = await place();
      first.push(await sample(where));
      warm.push(await sample(where));
    }
    const row = (which: string, list: readonly Sample[], aim = "") => [
      `${which}: ${name}`,
      `${median(list.map((s) => s.firstAnswerMs)).toFixed(0)} ms`,
      `${median(list.map((s) => s.peak))} MB`,
      `${median(list.map((s) => s.idle))} MB`,
      aim,
    ];
    rows.push(row("first", first, aims[0]), row("warm", warm, aims[1]));
  }
  print(`Start to the first answer, median of ${rounds}`, ["start", "first answer", "peak memory", "5 s later", "aim"], rows);
  await Promise.all([desk.close(), platforms.close()]);
}
