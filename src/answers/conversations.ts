/** The last turns of members' conversations: in memory alone, for an hour, and gone when their member wants it. */
import { LRUCache } from "lru-cache";
import type { MemberId, RoomId } from "../core/ids.ts";
import type { Turn } from "./types.ts";

/** An hour after the last turn a conversation is over. */
const lifeMs = 3_600_000;
const turnsKept = 3;
const mostConversations = 2_000;

interface Talk {
  readonly member: MemberId;
  readonly turns: readonly Turn[];
  readonly until: number;
}

export interface Conversations {
  /** Oldest first; none once the hour is over. */
  turns(member: MemberId, room: RoomId, now: Date): readonly Turn[];
  /** The last turns become these. */
  keep(member: MemberId, room: RoomId, turns: readonly Turn[], now: Date): void;
  forget(member: MemberId): void;
}

export function createConversations(): Conversations {
  const talks = new LRUCache<string, Talk>({ max: mostConversations });
  const keyOf = (member: MemberId, room: RoomId) => JSON.stringify([member, room]);
  const sweep = (gone: (talk: Talk) => boolean) => {
    for (const [key, talk] of talks.entries()) if (gone(talk)) talks.delete(key);
  };
  return {
    turns(member, room, now) {
      const talk = talks.get(keyOf(member, room));
      return talk === undefined || talk.until <= now.getTime() ? [] : talk.turns;
    },
    keep(member, room, turns, now) {
      sweep(({ until }) => until <= now.getTime());
      talks.set(keyOf(member, room), { member, turns: turns.slice(-turnsKept), until: now.getTime() + lifeMs });
    },
    forget: (member) => sweep((talk) => talk.member === member),
  };
}
