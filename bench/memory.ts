/** Resident memory of gateway and REST as servers are added, beside a default discord.js client in the same run. */
import { setTimeout as pause } from "node:timers/promises";
import { startFakeDiscord } from "../test/support/fake-discord/index.ts";
import { print, start } from "./process.ts";

const sizes = [1, 1_000, 10_000];
/** Discord's own advice is about a thousand servers a shard, and 2,500 is the limit. */
const guildsPerShard = 2_500;
const settleMs = 8_000;

async function measure(file: string, guilds: number): Promise<number> {
  const shards = Math.ceil(guilds / guildsPerShard);
  const fake = await startFakeDiscord({ guilds: guilds - 1, shards, maxConcurrency: shards, record: false });
  const ready = Promise.all(Array.from({ length: shards }, () => fake.gateway.next("ready")));
  const bot = start(file, { DISCORD_TOKEN: fake.token, DISCORD_API_URL: fake.url, SHARDS: String(shards) });
  await ready;
  await pause(settleMs);
  const { now } = bot.memory();
  await bot.stop();
  await fake.close();
  return now;
}

export async function benchMemory(): Promise<void> {
  const rows: string[][] = [];
  for (const guilds of sizes) {
    const [ours, theirs] = [await measure("bench/peers/depinion-gateway.ts", guilds), await measure("bench/peers/discord-echo.ts", guilds)];
    rows.push([guilds.toLocaleString("en"), `${ours} MB`, `${theirs} MB`, (ours / theirs).toFixed(2)]);
  }
  print(
    `Memory of gateway and REST, ${settleMs / 1000} s after all shards are ready (5 channels and 5 roles a server)`,
    ["servers", "Depinion", "discord.js Client", "ratio"],
    rows,
  );
}
