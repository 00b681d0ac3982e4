/** Servers that come and go, and the one greeting for those who administer them. Remembers no list of servers. */
import { type CommunityId, communityAddress, communityId } from "../../core/ids.ts";
import type { RoomStore } from "../../core/platform.ts";
import type { Logger } from "../../lib/logger.ts";
import { guildCreateSchema, guildDeleteSchema, readySchema } from "./payloads.ts";

export interface Guests {
  /** READY: which servers a shard serves. What happened while nobody was listening is made up for. */
  present(data: unknown): void;
  /** GUILD_CREATE: sent for a server just joined, and for every server after each connection. */
  arrived(data: unknown): void;
  /** GUILD_DELETE: sent when the bot is removed, and when a server is down for a while. */
  left(data: unknown): void;
  /** Whether this admin is the first of the community to use the bot. */
  isFirstAdmin(community: CommunityId): Promise<boolean>;
  /** Resolves when everything told so far is stored. */
  settled(): Promise<void>;
}

/**
 * A server joined longer ago than this is not told again at every start: what was stored of a server is erased 30 days after it was left,
 * so a return that could still save something has to be younger. This also finds a return that happened while the bot was not running,
 * without remembering one id per server.
 */
const newsForMs = 31 * 24 * 3_600_000;

/** https://docs.discord.com/developers/events/gateway#sharding-sharding-formula */
const shardOf = (guild: string, shards: number): number =>
  /^\d+$/.test(guild) ? Number((BigInt(guild) >> 22n) % BigInt(shards)) : Number.NaN;

/** Communities known to be greeted; a bound, so that memory does not grow with the number of servers. */
const rememberedGreetings = 1000;

export function createGuests({ rooms, log, now }: { readonly rooms: RoomStore; readonly log: Logger; readonly now: () => Date }): Guests {
  const greeted = new Set<CommunityId>();
  let queue: Promise<void> = Promise.resolve();

  /** One after another, so that leaving and returning keep their order and a start with many servers does not flood the database. */
  function store(work: () => Promise<unknown>): void {
    queue = queue.then(work).then(
      () => {},
      (error: unknown) => log.error({ platform: "discord", err: error }, "a server's coming or going could not be stored"),
    );
  }

  return {
    present(data) {
      const { guilds, shard } = readySchema.parse(data);
      const [id, shards] = shard;
      const here = new Set(guilds.map((guild) => guild.id));
      store(async () => {
        for (const { community, left } of await rooms.known("discord")) {
          const guild = communityAddress(community);
          if (shardOf(guild, shards) !== id || here.has(guild) !== left) continue;
          await (left ? rooms.arrive(community, now()) : rooms.leave(community, now()));
        }
      });
    },
    arrived(data) {
      const guild = guildCreateSchema.parse(data);
      const joined = guild.joined_at == null ? Number.NaN : Date.parse(guild.joined_at);
      if (guild.unavailable === true || now().getTime() - joined > newsForMs) return;
      store(() => rooms.arrive(communityId("discord", guild.id), now()));
    },
    left(data) {
      const guild = guildDeleteSchema.parse(data);
      if (guild.unavailable === true) return;
      const community = communityId("discord", guild.id);
      greeted.delete(community);
      store(() => rooms.leave(community, now()));
    },
    async isFirstAdmin(community) {
      if (greeted.has(community)) return false;
      const first = await rooms.greet(community, now());
      greeted.add(community);
      const [oldest] = greeted;
      if (greeted.size > rememberedGreetings && oldest !== undefined) greeted.delete(oldest);
      return first;
    },
    settled: () => queue,
  };
}
