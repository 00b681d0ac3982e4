/** The rooms' fate: arrivals, departures and migrations of groups and channels, told to storage until it has heard them. */
import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { type CommunityId, communityId, type RoomId } from "../../core/ids.ts";
import type { PausedRooms, RoomStore } from "../../core/platform.ts";
import type { Logger } from "../../lib/logger.ts";
import { shareRead } from "../../lib/shared-read.ts";
import type { Timing } from "./timing.ts";

export interface RoomKeeper {
  /** Returns true the first time ever. */
  arrived(community: CommunityId): Promise<boolean>;
  left(community: CommunityId): Promise<void>;
  /** The bot may write in this community again. */
  regained(community: CommunityId): Promise<void>;
  /** A message of the bot stands in this room: whatever was refused there is allowed now. */
  wroteIn(room: RoomId): void;
  /** A message was refused there: the next one that stands is news. */
  refusedIn(room: RoomId): void;
  /** A group became a supergroup. Both chats and failing calls tell it; storage hears it once. */
  migrated(from: number, to: number): Promise<void>;
  /** Where a chat is now: what was said before it moved belongs to its new address. */
  current(chat: number): number;
  /** A move that storage knows already. */
  remember(from: number, to: number): void;
}

/** Of a group or a channel; a private chat's is its member's. */
export const groupCommunity = (chat: number): CommunityId => communityId("telegram", String(chat));

export function createRoomKeeper(
  rooms: RoomStore,
  options: { paused?: PausedRooms | undefined; log: Logger; now: () => Date; timing: Timing; stopping: AbortSignal },
): RoomKeeper {
  const { paused, log, now, timing, stopping } = options;
  const pausedNow = shareRead(
    async () => new Set((await paused?.of("telegram"))?.map(({ room }) => room)),
    () => now().getTime(),
  );
  const moved = new LRUCache<string, Promise<void>>({ max: 1_000 });
  const addresses = new LRUCache<number, number>({ max: 1_000 });

  /** Telegram tells each of these once, so a storage that is down for a moment is asked again. */
  async function insist<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    for (const pause of [...timing.storeRetries, null]) {
      try {
        return await work();
      } catch (error) {
        log[pause === null ? "error" : "warn"]({ what, err: error }, "a room's news could not be stored");
        if (pause === null || stopping.aborted) return null;
        await sleep(pause, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
    return null;
  }

  async function resumeIn(room: RoomId, paused: PausedRooms): Promise<void> {
    if (!(await pausedNow.current()).has(room)) return;
    await paused.resume([room], now());
    pausedNow.forget();
  }

  return {
    arrived: async (community) => (await insist("arrive", () => rooms.arrive(community, now()))) ?? false,
    async regained(community) {
      if (paused === undefined) return;
      await insist("regain", async () => {
        const rooms = await paused.of(community);
        return rooms.length === 0
          ? 0
          : paused.resume(
              rooms.map(({ room }) => room),
              now(),
            );
      });
    },
    wroteIn(room) {
      if (paused === undefined) return;
      resumeIn(room, paused).catch((error: unknown) =>
        log.warn({ err: error }, "digests of a room that can be written in again could not be resumed"),
      );
    },
    refusedIn: () => pausedNow.forget(),
    async left(community) {
      await insist("leave", () => rooms.leave(community, now()));
    },
    async migrated(from, to) {
      const key = `${from}>${to}`;
      const under = moved.get(key);
      if (under !== undefined) return under;
      addresses.set(from, to);
      const work = insist("migrate", async () => {
        await rooms.migrate(groupCommunity(from), groupCommunity(to));
        return true;
      }).then((done) => {
        if (done === null) moved.delete(key);
      });
      moved.set(key, work);
      return work;
    },
    // A supergroup never moves again.
    current: (chat) => addresses.get(chat) ?? chat,
    remember: (from, to) => void addresses.set(from, to),
  };
}
