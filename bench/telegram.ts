/** Telegram updates per second, end to end (parse, database, reply), beside a bare grammY echo bot in the same run. */
import { type FakeTelegram, startFakeTelegram } from "../test/support/fake-telegram/index.ts";
import { freshFolder, median, print, settle, spread, start } from "./process.ts";

const updates = Number(process.env.BENCH_UPDATES ?? 3000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

interface Contender {
  readonly name: string;
  readonly file: string;
  readonly line: string;
}

const contenders: readonly Contender[] = [
  { name: "bare grammY + runner echo", file: "bench/peers/grammy-echo.ts", line: "/echo" },
  { name: "Depinion /help", file: "src/main.ts", line: "/help" },
  { name: "Depinion /explain", file: "src/main.ts", line: "/explain filecoin" },
  { name: "Depinion /opinion (durable)", file: "src/main.ts", line: "/opinion latency too slow for live use" },
];

/** So many new members write the same; resolves with how many of them were answered in a second. */
export function everyoneAnswered(fake: FakeTelegram, count: number, line: string, name: string): Promise<number> {
  // Everyone writes once: the cool-down of one member is no part of the question.
  const people = Array.from({ length: count }, (_, n) => fake.user(`${name}${n}`));
  return new Promise<number>((resolve) => {
    let answered = 0;
    const began = performance.now();
    const next = () => {
      fake.arrivals
        .next("a message", (call) => call.method === "sendMessage")
        .then(
          () => {
            if (++answered === people.length) resolve((people.length * 1000) / (performance.now() - began));
            else next();
          },
          () => resolve(0),
        );
    };
    next();
    for (const person of people) person.posts(person.private, line);
  });
}

async function measure({ file, line }: Contender, latencyMs: number): Promise<number> {
  const fake = await startFakeTelegram({ record: false, latencyMs, patienceSeconds: 300 });
  // The question is what an update costs, so Telegram's limit on messages is lifted.
  const unlimited = { TELEGRAM_MESSAGES_PER_SECOND: "100000" };
  const bot = start(file, { TELEGRAM_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.apiRoot, DATA_DIR: await freshFolder(), ...unlimited });
  await everyoneAnswered(fake, 200, line, "warm");
  // The first housekeeping, two seconds after the start, makes the day's backup: that is no update's cost.
  await settle();
  await everyoneAnswered(fake, 300, line, "warmer");
  const rate = await everyoneAnswered(fake, updates, line, "ann");
  await bot.stop();
  await fake.stop();
  if (fake.violations.length > 0) throw new Error(`the bot broke a limit: ${fake.violations[0]}`);
  return rate;
}

export async function benchTelegram(): Promise<void> {
  for (const latencyMs of [0, 50]) {
    const rates = new Map<string, number[]>();
    for (let n = 0; n < rounds; n++) {
      for (const contender of contenders) {
        const rate = await measure(contender, latencyMs);
        rates.set(contender.name, [...(rates.get(contender.name) ?? []), rate]);
      }
    }
    const [first] = contenders;
    const bare = median(rates.get(first?.name ?? "") ?? []);
    print(
      `Telegram, ${updates} updates of as many members, Bot API answers after ${latencyMs} ms, median of ${rounds}`,
      ["bot", "updates/s (least, most)", "ratio to bare"],
      [...rates].map(([name, list]) => [name, spread(list), (median(list) / bare).toFixed(2)]),
    );
  }
}
