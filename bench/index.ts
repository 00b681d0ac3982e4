/** `npm run bench [name …]`: measures the program beside its peers, in one run, as ratios. */
import { parseArgs } from "node:util";
import { benchDiscord } from "./discord.ts";
import { benchMemory } from "./memory.ts";
import { benchStart } from "./start.ts";
import { benchTelegram } from "./telegram.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = {
  start: benchStart,
  telegram: benchTelegram,
  discord: benchDiscord,
  memory: benchMemory,
};

const { positionals } = parseArgs({ allowPositionals: true });
for (const name of positionals.length === 0 ? Object.keys(benches) : positionals) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`there is no bench "${name}"; there are ${Object.keys(benches).join(", ")}`);
  await bench();
}
process.exit(0);
