/** What every contender of the fan-out shares: rooms come in as one line of JSON, a report goes out as one. */
import { createInterface } from "node:readline";

export const digest = `Daily DePIN digest\n\n${"Filecoin raw capacity 22.754 EiB, Helium 412,000 hotspots, Akash 612 GPUs leased. ".repeat(5)}`;

/** @param sendAll sends the digest to every room; resolves with the number of rooms it has given up */
export function serveFanouts(sendAll: (rooms: readonly string[]) => Promise<number>): void {
  createInterface({ input: process.stdin }).on("line", (line) => {
    void report(JSON.parse(line), sendAll);
  });
  process.stdout.write("ready\n");
}

async function report(rooms: readonly string[], sendAll: (rooms: readonly string[]) => Promise<number>): Promise<void> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const gaveUp = await sendAll(rooms);
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakMb, gaveUp })}\n`);
}

/** Works through the list with this many at once. */
export async function inWorkers<T>(list: readonly T[], workers: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...list].reverse();
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
