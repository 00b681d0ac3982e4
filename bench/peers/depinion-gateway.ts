/** Depinion's gateway and REST alone: no database, no knowledge base, commands that answer at once. */

import { memberId } from "../../src/core/ids.ts";
import type { RoomStore } from "../../src/core/platform.ts";
import { textsIn } from "../../src/core/texts.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createDiscord } from "../../src/platforms/discord/index.ts";

const rooms: RoomStore = {
  arrive: async () => false,
  leave: async () => {},
  migrate: async () => {},
  greet: async () => false,
  known: async () => [],
  eraseLeft: async () => 0,
};
const discord = createDiscord({
  token: process.env.DISCORD_TOKEN ?? "",
  apiUrl: process.env.DISCORD_API_URL ?? "",
  rooms,
  pseudonymise: (_, userId) => ({ member: memberId(userId), former: [] }),
  log: createLogger({ level: "error", secrets: [], out: process.stderr }),
  now: () => new Date(),
  onFatal: (error) => {
    throw error;
  },
});
await discord.publish([]);
await discord.start({ answer: async () => ({ blocks: [], private: false }), suggest: async () => [], texts: async () => textsIn("en") });
