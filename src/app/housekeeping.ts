/** What must be done now and then: the daily backup, forgetting expired buttons, and erasing communities that were left. */
import type { Logger } from "../lib/logger.ts";
import type { Storage } from "../storage/open.ts";

/** A community's data outlive the bot's removal by this long, so that a removal by mistake loses nothing. */
const keepLeftMs = 30 * 24 * 3_600_000;

/** Once a minute; each step stands for itself, so that a full disk does not keep anybody's data from being erased. */
export async function keepHouse(storage: Pick<Storage, "rooms" | "buttons" | "backup">, log: Logger, now: Date): Promise<void> {
  const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["communities that were left could not be erased", () => storage.rooms.eraseLeft(new Date(now.getTime() - keepLeftMs))],
    ["expired buttons could not be forgotten", () => storage.buttons.sweep(now)],
    ["the daily backup could not be made", () => storage.backup(now)],
  ];
  for (const [trouble, step] of steps) await step().catch((error: unknown) => log.error({ err: error }, trouble));
}
