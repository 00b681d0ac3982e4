/** Starts `child.ts` and listens to it. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { preloaded } from "../support/preloaded.ts";

export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** Every line so far. */
  readonly lines: readonly string[];
  /** The next line. Rejects when the child ends before. */
  line(): Promise<string>;
  /** `kill -9`; resolves when the process is gone and all its output is in `lines`. */
  kill(): Promise<void>;
}

export type Task = "lock" | "start" | "start-without-template" | "append" | "fill-log";

export function startChild(task: Task, folder: string): Child {
  const child = spawn(process.execPath, [...preloaded, join(import.meta.dirname, "child.ts"), task, folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const closed = once(reader, "close");
  const gone = once(child, "close");
  const kill = async () => {
    child.kill("SIGKILL");
    await Promise.all([closed, gone]);
  };
  onTestFinished(kill);
  return {
    process: child,
    lines,
    async line() {
      const from = lines.length;
      await Promise.race([once(reader, "line"), closed]);
      const line = lines[from];
      if (line === undefined) throw new Error(`the child ended: ${lines.join("\n")}`);
      return line;
    },
    kill,
  };
}
