/** Listens to notifications of a PostgreSQL server over a connection of its own, which it opens again when it is lost. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PrismaPg } from "@prisma/adapter-pg";

const againAfterMs = 1_000;

/**
 * What is notified while there is no connection is not heard.
 * @param connect opens one; called again for each
 * @returns what ends it
 */
export function listenOn(connect: () => ReturnType<PrismaPg["connect"]>, channel: string, heard: (payload: string) => void): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;

  /** Resolves when the connection has ended. */
  async function hear(): Promise<void> {
    const adapter = await connect();
    try {
      const client = await adapter.underlyingDriver().connect();
      const ended = Promise.withResolvers<void>();
      const end = () => ended.resolve();
      client.on("notification", ({ payload }) => heard(payload ?? ""));
      client.on("error", end);
      client.on("end", end);
      signal.addEventListener("abort", end);
      try {
        await client.query(`LISTEN ${channel}`);
        if (!signal.aborted) await ended.promise;
      } finally {
        signal.removeEventListener("abort", end);
        client.release(true);
      }
    } finally {
      await adapter.dispose();
    }
  }

  const run = async () => {
    while (!signal.aborted) {
      // That the server cannot be reached is said by whoever writes.
      await hear().catch(() => undefined);
      await sleep(againAfterMs, undefined, { signal }).catch(() => undefined);
    }
  };
  void run();
  return () => stopping.abort();
}
