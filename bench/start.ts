/** First start, warm start and idle memory of the whole program on the embedded database. */
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { freshFolder, median, print, start } from "./process.ts";

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);

interface Sample {
  readonly firstAnswerMs: number;
  readonly peak: number;
  readonly idle: number;
}

/** From the start of the process to its first answer, and its memory five seconds later. */
async function sample(dataDir: string): Promise<Sample> {
  const began = performance.now();
  const program = start("src/main.ts", { DATA_DIR: dataDir });
  const { stdin, stdout } = program.child;
  if (stdin === null || stdout === null) throw new Error("the program has no pipes");
  const answered = new Promise<void>((resolve) => createInterface({ input: stdout }).once("line", () => resolve()));
  stdin.write("/explain depin\n");
  await answered;
  const firstAnswerMs = performance.now() - began;
  await pause(5000);
  const { now: idle, peak } = program.memory();
  await program.stop();
  return { firstAnswerMs, peak, idle };
}

export async function benchStart(): Promise<void> {
  const [first, warm]: [Sample[], Sample[]] = [[], []];
  for (let n = 0; n < rounds; n++) {
    const folder = await freshFolder();
    first.push(await sample(folder));
    warm.push(await sample(folder));
  }
  const row = (name: string, list: readonly Sample[], aim: string) => [
    name,
    `${median(list.map((s) => s.firstAnswerMs)).toFixed(0)} ms`,
    `${median(list.map((s) => s.peak))} MB`,
    `${median(list.map((s) => s.idle))} MB`,
    aim,
  ];
  print(
    `Start to the first answer, embedded database, median of ${rounds}`,
    ["start", "first answer", "peak memory", "5 s later", "aim"],
    [row("first", first, "4000 ms, 450 MB"), row("warm", warm, "2000 ms, 220 MB idle")],
  );
}
