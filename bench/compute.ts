/** What price lists of full size do to a program that goes on answering: Vast.ai's 3,000 offers and the catalogue's 60,000 rows. */
import { once } from "node:events";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { gpuhunt } from "../src/compute/sources/gpuhunt.ts";
import { vast } from "../src/compute/sources/vast.ts";
import type { Figure } from "../src/core/figure.ts";
import { createHttp } from "../src/lib/http.ts";
import { version } from "../test/compute/source-fixtures.ts";
import { median, print, start } from "./process.ts";

const rounds = 5;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function benchCompute(): Promise<void> {
  const lists = start("bench/price-lists.ts", {});
  if (lists.child.stdout === null) throw new Error("the price lists cannot be heard");
  const [said] = await once(lists.child.stdout, "data");
  const url = String(said).trim();
  const day = `${version.slice(0, 4)}-${version.slice(4, 6)}-${version.slice(6, 8)}`;
  const now = () => new Date(`${day}T12:00:00Z`);
  const http = createHttp({ pace: async () => undefined });
  const asking = { http, now, log: silent, signal: AbortSignal.timeout(600_000) };
  const rows: (readonly string[])[] = [
    ["Vast.ai, 3,000 offers", ...(await several(() => vast.fetch({ ...asking, baseUrl: url })))],
    ["gpuhunt, 60,000 rows", ...(await several(() => gpuhunt.fetch({ ...asking, baseUrl: `${url}/v3` })))],
  ];
  await lists.stop();
  print(
    `GPU prices read, median (worst) of ${rounds}, after the first time; aim: the event loop is never held up for 50 ms`,
    ["source", "figures", "first time", "time", "event loop held up at most", "by the program's own work", "when idle"],
    rows,
  );
}

async function several(read: () => Promise<readonly Figure[]>): Promise<readonly string[]> {
  const played: Awaited<ReturnType<typeof watched<readonly Figure[]>>>[] = [];
  for (let n = 0; n <= rounds; n++) played.push(await watched(read));
  const [first, ...others] = played;
  if (first === undefined) throw new Error("nothing was read");
  // What the machine's other work holds up by itself, for as long.
  const idle = await watched(() => pause(median(others.map(({ ms }) => ms))));
  const both = (pick: (one: (typeof played)[number]) => number) =>
    `${median(others.map(pick)).toFixed(0)} ms (${Math.max(...others.map(pick)).toFixed(0)}; first ${pick(first).toFixed(0)})`;
  return [
    String(first.result.length),
    `${first.ms.toFixed(0)} ms`,
    `${median(others.map(({ ms }) => ms)).toFixed(0)} ms`,
    both(({ blocked }) => blocked),
    both(({ own }) => own),
    `${idle.blocked.toFixed(0)} ms`,
  ];
}

/** `blocked`: the longest hold-up of the event loop in milliseconds; `own`: the most processor time of this thread between two of its turns. */
async function watched<T>(work: () => Promise<T>) {
  await pause(100);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let [own, last, going] = [0, threadMs(), true];
  const turn = () => {
    const at = threadMs();
    own = Math.max(own, at - last);
    last = at;
    if (going) setImmediate(turn);
  };
  turn();
  delay.enable();
  const began = performance.now();
  const result = await work();
  const ms = performance.now() - began;
  // What the work holds up at its very end is only seen at the next turn.
  await pause(20);
  delay.disable();
  going = false;
  return { result, ms, blocked: delay.max / 1e6, own };
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
