/** Starts a process under measurement and reads its memory from the kernel. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { sourcesOff } from "../test/support/sources-off.ts";

export interface Measured {
  readonly child: ChildProcess;
  /** Resident memory in MB, now and at its greatest (VmRSS and VmHWM of /proc/<pid>/status). */
  readonly memory: () => { readonly now: number; readonly peak: number };
  readonly stop: () => Promise<void>;
}

export const freshFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "depinion-bench-"));

/** Whatever ends the bench ends what it started: a child that goes on would be measured with the next one. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));

const root = join(import.meta.dirname, "..");

/** What `npm start` gives Node itself: less room for short-lived objects and fewer threads take 30 MB off (measured), and cost no speed. */
const { scripts } = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
const nodeOptions = scripts.start.split(" ").filter((word) => /^--[a-z\d-]+=\d+$/.test(word));

/** Every contender gets the compile cache and the same options of Node. @param file relative to the repository */
export function start(file: string, env: Readonly<Record<string, string>>, args: readonly string[] = []): Measured {
  const child = spawn(process.execPath, [...nodeOptions, "--import", join(root, "src/preload.mjs"), join(root, file), ...args], {
    env: { PATH: process.env.PATH ?? "", LOG_LEVEL: "error", ...sourcesOff, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  // Passed on instead of inherited: a child that outlives a bench killed with -9 must not keep its reader waiting for the end.
  child.stderr.pipe(process.stderr, { end: false });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    child,
    memory: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const field = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
      return { now: field("VmRSS"), peak: field("VmHWM") };
    },
    async stop() {
      child.kill("SIGTERM");
      await Promise.race([ended, pause(12_000)]);
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Until a program that has just started is at rest. */
export const settle = (): Promise<void> => pause(5_000);

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The middle one of several, and the least and the greatest. */
export const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;

const printed: string[] = [];

/** What was printed since the last time somebody asked. */
export const takePrinted = (): readonly string[] => printed.splice(0);

/** Prints one aligned table. */
export function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const table = `${title}\n${[head, ...rows].map(line).join("\n")}\n`;
  printed.push(table);
  process.stdout.write(`\n${table}`);
}
