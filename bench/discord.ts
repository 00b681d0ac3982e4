/** Discord interactions per second, end to end (parse, database, reply), beside a bare discord.js echo bot in the same run. */
import { setTimeout as pause } from "node:timers/promises";
import { startFakeDiscord } from "../test/support/fake-discord/index.ts";
import { freshFolder, median, print, settle, spread, start } from "./process.ts";

const interactions = Number(process.env.BENCH_UPDATES ?? 3000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
/** Interactions that wait for an answer at the same time. */
const outstanding = 200;

interface Contender {
  readonly name: string;
  readonly file: string;
  readonly command: string;
  readonly values: Readonly<Record<string, string>>;
}

const contenders: readonly Contender[] = [
  { name: "bare discord.js echo", file: "bench/peers/discord-echo.ts", command: "explain", values: { term: "filecoin" } },
  { name: "Depinion /help", file: "src/main.ts", command: "help", values: {} },
  { name: "Depinion /explain", file: "src/main.ts", command: "explain", values: { term: "filecoin" } },
  {
    name: "Depinion /opinion (durable)",
    file: "src/main.ts",
    command: "opinion",
    values: { topic: "latency", text: "too slow for live use" },
  },
];

async function measure({ file, command, values }: Contender, latencyMs: number): Promise<number> {
  const fake = await startFakeDiscord({ record: false, latencyMs });
  const ready = fake.gateway.next("ready");
  const bot = start(file, { DISCORD_TOKEN: fake.token, DISCORD_API_URL: fake.url, DATA_DIR: await freshFolder() });
  await ready;
  const round = async (count: number, name: string): Promise<number> => {
    let left = count;
    const began = performance.now();
    // Each worker sends its next interaction when the last one is answered, every time as another member in another channel.
    const worker = async () => {
      while (left-- > 0)
        await fake
          .member(`${name}${left}`, { channel: fake.addChannel() })
          .interact(2, {
            id: "1",
            name: command,
            type: 1,
            options: Object.entries(values).map(([key, value]) => ({ type: 3, name: key, value })),
          })
          .answered();
    };
    await Promise.all(Array.from({ length: outstanding }, worker));
    return (count * 1000) / (performance.now() - began);
  };
  await round(300, "warm");
  await settle();
  await round(300, "warmer");
  const rate = await round(interactions, "ann");
  await bot.stop();
  await fake.close();
  if (fake.world.violations.length > 0 && file === "src/main.ts") throw new Error(`the bot broke a limit: ${fake.world.violations[0]}`);
  return rate;
}

const perSecond = 200;
const forSeconds = 20;

/** As many interactions a second as are asked for, every other one a write: how long each waits for its first response. */
async function acknowledgements(): Promise<readonly number[]> {
  const fake = await startFakeDiscord({ record: false });
  const ready = fake.gateway.next("ready");
  const bot = start("src/main.ts", { DISCORD_TOKEN: fake.token, DISCORD_API_URL: fake.url, DATA_DIR: await freshFolder() });
  await ready;
  const round = async (seconds: number): Promise<readonly number[]> => {
    const waits: Promise<number>[] = [];
    const began = performance.now();
    for (let n = 0; n < perSecond * seconds; n++) {
      await pause(Math.max(0, began + (n * 1000) / perSecond - performance.now()));
      const speaker = fake.member(`${seconds} ${n}`, { channel: fake.addChannel() });
      const asked = performance.now();
      const exchange =
        n % 2 === 0
          ? speaker.begin.slash("explain", { term: "filecoin" })
          : speaker.begin.slash("opinion", { topic: "latency", text: "too slow for live use" });
      waits.push(exchange.until(() => exchange.steps.length > 0).then(() => performance.now() - asked));
    }
    return Promise.all(waits);
  };
  await round(3);
  await settle();
  const waits = await round(forSeconds);
  await bot.stop();
  await fake.close();
  return waits;
}

export async function benchDiscord(): Promise<void> {
  const waits = (await acknowledgements()).toSorted((a, b) => a - b);
  const at = (share: number) => `${(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN).toFixed(1)} ms`;
  print(
    `Discord, first response at ${perSecond} interactions a second for ${forSeconds} s, half of them opinions that are stored, on PGlite`,
    ["median", "p99", "longest", "aim of p99", "Discord's limit"],
    [[at(0.5), at(0.99), at(1), "100 ms", "3000 ms"]],
  );
  for (const latencyMs of [0, 50]) {
    const rates = new Map<string, number[]>();
    for (let n = 0; n < rounds; n++) {
      for (const contender of contenders)
        rates.set(contender.name, [...(rates.get(contender.name) ?? []), await measure(contender, latencyMs)]);
    }
    const [first] = contenders;
    const bare = median(rates.get(first?.name ?? "") ?? []);
    print(
      `Discord, ${interactions} interactions, ${outstanding} outstanding, API answers after ${latencyMs} ms, median of ${rounds}`,
      ["bot", "interactions/s (least, most)", "ratio to bare"],
      [...rates].map(([name, list]) => [name, spread(list), (median(list) / bare).toFixed(2)]),
    );
  }
}
