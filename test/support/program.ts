/** Starts the real program as its own process, as an operator would. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { preloaded } from "./preloaded.ts";
import { sourcesOff } from "./sources-off.ts";

const main = join(import.meta.dirname, "../../src/main.ts");

/** The guard of every test also holds for the programs that tests start. */
const loopbackOnly = join(import.meta.dirname, "loopback-only.ts");

/** No test leaves loopback: sources are off unless a test points them somewhere. */
const quiet = { ...sourcesOff, NO_COLOR: "1" };

export const freshFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "depinion-program-"));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with the first line of standard output that matches; rejects when the program ends before. */
  readonly line: (wanted: RegExp) => Promise<string>;
  /** The same for standard error, where the log goes. */
  readonly logged: (wanted: RegExp) => Promise<string>;
  /** What it has logged so far, line by line. */
  readonly log: () => readonly string[];
  readonly ended: Promise<Ended>;
}

/**
 * @param env nothing of this process's environment reaches the program but PATH
 * @param entry another file that runs the program
 */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>, entry = main): Program {
  const child = spawn(process.execPath, [...preloaded, "--import", loopbackOnly, entry, ...args], {
    env: { PATH: process.env.PATH ?? "", ...quiet, ...env },
    stdio: "pipe",
  });
  let [out, err] = ["", ""];
  const ended = Promise.withResolvers<Ended>();
  const waiting = new Set<{ wanted: RegExp; from: "out" | "err"; settle: PromiseWithResolvers<string> }>();
  const seen = { out: [] as string[], err: [] as string[] };
  const follow = (from: "out" | "err") => (line: string) => {
    seen[from].push(line);
    if (from === "out") out += `${line}\n`;
    else err += `${line}\n`;
    for (const one of waiting) {
      if (one.from !== from || !one.wanted.test(line)) continue;
      waiting.delete(one);
      one.settle.resolve(line);
    }
  };
  createInterface({ input: child.stdout }).on("line", follow("out"));
  createInterface({ input: child.stderr }).on("line", follow("err"));
  child.stdin.on("error", () => {}); // A program that ended no longer reads; what it said is what counts.
  child.on("close", (code) => {
    for (const one of waiting) one.settle.reject(new Error(`the program ended with ${code} before it said ${one.wanted}\n${out}\n${err}`));
    ended.resolve({ code, out, err });
  });
  const wait = (from: "out" | "err") => (wanted: RegExp) => {
    const known = seen[from].find((line) => wanted.test(line));
    if (known !== undefined) return Promise.resolve(known);
    const settle = Promise.withResolvers<string>();
    waiting.add({ wanted, from, settle });
    return settle.promise;
  };
  return { child, line: wait("out"), logged: wait("err"), log: () => seen.err, ended: ended.promise };
}

/** Runs the program to its end with these lines on standard input. */
export function runProgram(args: readonly string[], env: Readonly<Record<string, string>>, input = ""): Promise<Ended> {
  const program = startProgram(args, env);
  program.child.stdin.end(input);
  return program.ended;
}
