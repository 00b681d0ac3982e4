/** When voters joined their server. Discord lists members to nobody without a privileged intent, so that each is asked for alone. */
import type { REST } from "@discordjs/rest";
import { Routes } from "discord-api-types/v10";
import { LRUCache } from "lru-cache";
import PQueue from "p-queue";
import { z } from "zod";
import type { Logger } from "../../lib/logger.ts";
import { describe } from "./errors.ts";

export interface Joins {
  /** Calls back when it is known; never where Discord does not say it, or does not answer: the next vote asks again. */
  ask(guild: string, user: string, told: (joined: Date) => void): void;
  /** Nothing is asked and nobody is called back any more. */
  stop(): void;
}

/** Two a second over time: nobody waits for it, and a digest may be taking almost all of the 50 requests a second. */
const pace = { concurrency: 1, interval: 5_000, intervalCap: 10 };
const remembered = 10_000;

/** resources/guild, "Guild Member Object". */
const memberSchema = z.object({ joined_at: z.iso.datetime({ offset: true }).transform((at) => new Date(at)) });

export function createJoins(rest: REST, log: Logger): Joins {
  const queue = new PQueue(pace);
  const known = new LRUCache<string, Promise<Date | null>>({ max: remembered });
  let stopped = false;

  async function look(guild: string, user: string): Promise<Date | null> {
    try {
      return memberSchema.parse(await rest.get(Routes.guildMember(guild, user))).joined_at;
    } catch (error) {
      known.delete(`${guild}:${user}`);
      log.debug({ platform: "discord", ...describe(error) }, "when a voter joined could not be found out");
      return null;
    }
  }

  return {
    ask(guild, user, told) {
      const key = `${guild}:${user}`;
      // What still waits when it is stopped is refused, and nobody misses it.
      const joined = known.get(key) ?? queue.add(() => look(guild, user)).catch(() => null);
      known.set(key, joined);
      void joined.then((at) => {
        if (at !== null && !stopped) told(at);
      });
    },
    stop() {
      stopped = true;
      queue.clear();
    },
  };
}
