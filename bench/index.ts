/** `npm run bench [name …] [rooms] [-- --report]`: measures the program beside its peers, in one run, as ratios. */
import { parseArgs } from "node:util";
import { benchCompute } from "./compute.ts";
import { benchDigest } from "./digest.ts";
import { benchDiscord } from "./discord.ts";
import { benchFanout } from "./fanout.ts";
import { benchFrameworks } from "./frameworks.ts";
import { benchGroups } from "./groups.ts";
import { benchGrowth } from "./growth.ts";
import { benchMemory } from "./memory.ts";
import { takePrinted } from "./process.ts";
import { report } from "./report.ts";
import { benchSentiment } from "./sentiment.ts";
import { benchStart } from "./start.ts";
import { benchTelegram } from "./telegram.ts";
import { benchTraining } from "./training.ts";
import { benchWorkers } from "./workers.ts";

const benches: Readonly<Record<string, (rooms?: number) => Promise<void>>> = {
  start: benchStart,
  frameworks: benchFrameworks,
  telegram: benchTelegram,
  discord: benchDiscord,
  memory: benchMemory,
  fanout: benchFanout,
  digest: benchDigest,
  training: benchTraining,
  compute: benchCompute,
  sentiment: benchSentiment,
  groups: benchGroups,
  growth: benchGrowth,
  workers: benchWorkers,
};

const { positionals, values } = parseArgs({ allowPositionals: true, options: { report: { type: "boolean" } } });
const isNumber = (text: string): boolean => /^\d+$/.test(text);
const rooms = positionals.find(isNumber);
const names = positionals.filter((text) => !isNumber(text));
for (const name of names.length === 0 ? Object.keys(benches) : names) {
  const bench = benches[name];
  if (bench === undefined) throw new Error(`there is no bench "${name}"; there are ${Object.keys(benches).join(", ")}`);
  await bench(rooms === undefined ? undefined : Number(rooms));
  if (values.report === true) report(rooms === undefined ? name : `${name} ${rooms}`, takePrinted());
}
process.exit(0);
