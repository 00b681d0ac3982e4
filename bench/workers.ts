/** Telegram updates per second by webhook, stored by one process and handled by one, two and four others on PostgreSQL. */
import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { startFakeTelegram } from "../test/support/fake-telegram/index.ts";
import { freePort } from "../test/support/free-port.ts";
import { ask, startPostgresDesk } from "../test/support/postgres-desk.ts";
import { freshFolder, median, print, start } from "./process.ts";
import { everyoneAnswered } from "./telegram.ts";

const updates = Number(process.env.BENCH_UPDATES ?? 3000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
/** Until every process has its share of the chats: leases live for 15 seconds. */
const divideMs = 20_000;

const lines = ["/explain filecoin", "/opinion latency too slow for live use"] as const;

async function unusedPort(): Promise<number> {
  const { port, release } = await freePort();
  await release();
  return port;
}

async function measure(databaseUrl: string, workers: number): Promise<readonly number[]> {
  const fake = await startFakeTelegram({ record: false, patienceSeconds: 300 });
  const port = await unusedPort();
  const env = {
    DATABASE_URL: databaseUrl,
    MEMBER_KEY: "a key for measurements that nobody else has",
    TELEGRAM_TOKEN: fake.token,
    TELEGRAM_API_ROOT: fake.apiRoot,
    TELEGRAM_WEBHOOK_URL: "https://bot.example.org",
    TELEGRAM_MESSAGES_PER_SECOND: "100000",
  };
  fake.poster.targets = [`http://127.0.0.1:${port}`];
  const web = start("src/main.ts", { ...env, DATA_DIR: await freshFolder(), ROLE: "web", HTTP_PORT: String(port) });
  const others = [];
  for (let n = 0; n < workers; n++)
    others.push(start("src/main.ts", { ...env, DATA_DIR: await freshFolder(), ROLE: "worker", HTTP_PORT: String(await unusedPort()) }));
  await pause(divideMs);
  const rates = [];
  for (const line of lines) {
    await everyoneAnswered(fake, 300, line, "warm");
    rates.push(await everyoneAnswered(fake, updates, line, "ann"));
  }
  await Promise.all([web, ...others].map((program) => program.stop()));
  await fake.stop();
  return rates;
}

export async function benchWorkers(): Promise<void> {
  const desk = await startPostgresDesk();
  const rates = new Map<number, (readonly number[])[]>();
  for (let round = 0; round < rounds; round++)
    for (const workers of [1, 2, 4])
      rates.set(workers, [...(rates.get(workers) ?? []), await measure(await ask(desk.address, "database"), workers)]);
  const rate = (workers: number, line: number) => median((rates.get(workers) ?? []).map((all) => all[line] ?? Number.NaN));
  print(
    `Telegram by webhook on PostgreSQL, ${updates} updates of as many members, median of ${rounds}, all on ${availableParallelism()} cores (aim 1.8 and 3.2 on enough cores)`,
    ["workers", ...lines.flatMap((line) => [`${line.split(" ")[0]} updates/s`, "beside one"])],
    [...rates.keys()].map((workers) => [
      String(workers),
      ...lines.flatMap((_, line) => [rate(workers, line).toFixed(0), (rate(workers, line) / rate(1, line)).toFixed(2)]),
    ]),
  );
  await desk.close();
}
