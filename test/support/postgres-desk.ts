/** Starts the process that runs a PostgreSQL for tests. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface PostgresDesk {
  readonly address: string;
  readonly close: () => Promise<void>;
}

export async function startPostgresDesk(): Promise<PostgresDesk> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "postgres-server.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  const [address] = await once(createInterface({ input: child.stdout }), "line");
  return {
    address: String(address),
    close: async () => {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

/** Asks a desk; rejects with its words where it could not do it. */
export async function ask(address: string, path: "database" | "pause" | "resume"): Promise<string> {
  const response = await fetch(`${address}/${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
