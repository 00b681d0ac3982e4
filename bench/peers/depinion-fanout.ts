/** Depinion's platforms alone, sending a digest: no database, nobody asks. */

import { memberId } from "../../src/core/ids.ts";
import type { InboxStore } from "../../src/core/inbox.ts";
import type { Dispatch, Platform, RoomStore } from "../../src/core/platform.ts";
import { textsIn } from "../../src/core/texts.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { sendDigests } from "./depinion-send.ts";
import { serveFanouts } from "./fanout.ts";

const rooms: RoomStore = {
  arrive: async () => false,
  leave: async () => {},
  migrate: async () => {},
  greet: async () => false,
  known: async () => [],
  eraseLeft: async () => 0,
};
/** Nobody writes. */
const inbox: InboxStore = {
  take: async () => new Set<number>(),
  unhandled: async () => [],
  done: async () => {},
  expire: async () => 0,
  forget: async () => {},
};
const common = {
  rooms,
  pseudonymise: (_: string, userId: string) => ({ member: memberId(userId), former: [] }),
  log: createLogger({ level: "error", secrets: [], out: process.stderr }),
  now: () => new Date(),
  onFatal: (error: Error) => {
    throw error;
  },
};
const nobody: Dispatch = {
  answer: async () => ({ blocks: [], private: false }),
  suggest: async () => [],
  texts: async () => textsIn("en"),
};
const { TELEGRAM_TOKEN, TELEGRAM_API_ROOT = "", DISCORD_TOKEN = "", DISCORD_API_URL = "" } = process.env;

/** As in the program, a platform's library is loaded only where it is used. */
async function open(): Promise<Platform> {
  if (TELEGRAM_TOKEN === undefined) {
    const { createDiscord } = await import("../../src/platforms/discord/index.ts");
    return createDiscord({ ...common, token: DISCORD_TOKEN, apiUrl: DISCORD_API_URL });
  }
  const { createTelegram } = await import("../../src/platforms/telegram/index.ts");
  return createTelegram({ ...common, inbox, token: TELEGRAM_TOKEN, apiRoot: TELEGRAM_API_ROOT });
}

const platform = await open();
await platform.publish([]);
await platform.start(nobody);
process.once("SIGTERM", () => process.exit(0));
serveFanouts((list) => sendDigests(platform, list));
