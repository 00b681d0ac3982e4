/** Polls in one process at a time, where several may: Telegram lets only one of them, and another one begins when that has died. */
import type { Sharing } from "../../core/platform.ts";
import type { Logger } from "../../lib/logger.ts";
import { createShares } from "../../lib/shares.ts";
import type { Polling } from "./polling.ts";

/** @param poll begins; it may act as long as `certain` says so */
export function pollInTurn(sharing: NonNullable<Sharing>, poll: (certain: () => boolean) => Polling, log: Logger): Polling {
  let polling: Polling | null = null;
  const shares = createShares({
    ...sharing,
    name: "telegram:polling",
    count: 1,
    log,
    async serve(_, over, { certain }) {
      polling = poll(certain);
      log.info("Telegram is polled by this process");
      if (!over.aborted) await new Promise((told) => over.addEventListener("abort", told, { once: true }));
      await polling.stop();
      polling = null;
      log.info("Telegram is left to other processes to poll");
    },
  });
  shares.start();
  return { connected: () => polling?.connected() ?? null, stop: () => shares.stop() };
}
