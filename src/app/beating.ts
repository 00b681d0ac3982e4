/** The heartbeat of all processes that share a database: it beats in one of them, and in another one when that has died. */
import type { Logger } from "../lib/logger.ts";
import { createShares } from "../lib/shares.ts";
import { startHeartbeat } from "../schedule/heartbeat.ts";
import type { Storage } from "../storage/open.ts";

export interface Beating {
  stop(): Promise<void>;
}

export interface BeatingOptions {
  readonly storage: Pick<Storage, "kind" | "leases">;
  /** Doing it in two processes would change nothing, but ask every source twice. */
  readonly beat: (now: Date) => Promise<void>;
  readonly leaseMs: number;
  readonly log: Logger;
}

export function startBeating({ storage, beat, leaseMs, log }: BeatingOptions): Beating {
  const begin = () => startHeartbeat(beat, (error) => log.error({ err: error }, "housekeeping failed"));
  // Nobody shares it.
  if (storage.kind === "pglite") return begin();
  const shares = createShares({
    leases: storage.leases,
    name: "heartbeat",
    count: 1,
    ttlMs: leaseMs,
    log,
    async serve(_, over) {
      const heart = begin();
      if (!over.aborted) await new Promise((told) => over.addEventListener("abort", told, { once: true }));
      await heart.stop();
    },
  });
  shares.start();
  return shares;
}
