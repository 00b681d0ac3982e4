/** The program beside bot frameworks that serve the same two platforms, each with one `/explain`: start, memory, updates a second. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask, startPostgresDesk } from "../test/support/postgres-desk.ts";
import { freshFolder, median, print, spread } from "./process.ts";
import { openPlatforms } from "./start.ts";
import { everyoneAnswered } from "./telegram.ts";

const updates = Number(process.env.BENCH_UPDATES ?? 3000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

/** Nobody but this bench needs them: hundreds of packages. */
function install(): void {
  const folder = join(import.meta.dirname, "frameworks");
  if (existsSync(join(folder, "node_modules"))) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
}

export async function benchFrameworks(): Promise<void> {
  install();
  const [desk, platforms] = await Promise.all([startPostgresDesk(), openPlatforms()]);
  // The question is what an update costs, so Telegram's limit on messages is lifted.
  const embedded = async () => ({ DATA_DIR: await freshFolder(), TELEGRAM_MESSAGES_PER_SECOND: "100000" });
  const server = async () => ({
    ...(await embedded()),
    DATABASE_URL: await ask(desk.address, "database"),
    MEMBER_KEY: "a key for measurements that nobody else has",
  });
  const contenders = [
    { name: "Depinion, PGlite", file: "src/main.ts", place: embedded },
    { name: "Depinion, PostgreSQL", file: "src/main.ts", place: server },
    { name: "Vercel Chat SDK", file: "bench/frameworks/chat-sdk.mjs", place: embedded },
    { name: "Koishi", file: "bench/frameworks/koishi.mjs", place: embedded },
  ];
  const rows: string[][] = [];
  for (const { name, file, place } of contenders) {
    const where = await place();
    // What a first start makes is there from then on.
    await platforms.sample(where, file);
    const rates: number[] = [];
    const samples = [];
    for (let n = 0; n < rounds; n++) {
      const people = `${name}${n}`;
      samples.push(
        await platforms.sample(where, file, async () => {
          await everyoneAnswered(platforms.telegram, 500, "/explain filecoin", `warm ${people}`);
          rates.push(await everyoneAnswered(platforms.telegram, updates, "/explain filecoin", people));
        }),
      );
    }
    rows.push([
      name,
      `${median(samples.map((s) => s.firstAnswerMs)).toFixed(0)} ms`,
      `${median(samples.map((s) => s.idle))} MB`,
      spread(rates),
    ]);
  }
  print(
    `Discord and Telegram from one process, median of ${rounds} warm starts; updates/s of /explain on Telegram`,
    ["bot", "first answer on Telegram", "5 s later", "updates/s (least, most)"],
    rows,
  );
  await Promise.all([desk.close(), platforms.close()]);
}
