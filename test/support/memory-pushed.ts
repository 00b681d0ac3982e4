/** What was pushed, in memory. It keeps the same contract as the database (`test/contracts/stores/pushed.ts`). */
import { mostWaiting, type PushedIncoming, type PushedStore } from "../../src/core/pushed.ts";

export interface Pushed extends PushedIncoming {
  readonly inbox: string;
  readonly takenAt: Date;
  starts: number;
}

export interface PushedMemory {
  pushed: Pushed[];
  /** Inbox and id, and when it was taken. */
  readonly seen: Map<string, Date>;
  readonly watchers: Set<() => void>;
}

export function pushedStore(memory: PushedMemory): PushedStore {
  /** Whether it was new. */
  const see = (inbox: string, id: string, now: Date): boolean => {
    const name = `${inbox} ${id}`;
    if (memory.seen.has(name)) return false;
    memory.seen.set(name, now);
    return true;
  };
  return {
    async take(inbox, incoming, now) {
      const fresh = incoming.filter(({ id }) => see(inbox, String(id), now));
      memory.pushed.push(...fresh.map((one) => ({ ...one, inbox, takenAt: now, starts: 0 })));
      if (fresh.length > 0) for (const woken of memory.watchers) woken();
    },
    first: async (inbox, id, now) => see(inbox, id, now),
    async waiting(inbox, lanes, except, since) {
      return memory.pushed
        .filter((one) => one.inbox === inbox && lanes.includes(one.lane) && !except.includes(one.id) && one.takenAt >= since)
        .toSorted((a, b) => a.id - b.id)
        .slice(0, mostWaiting)
        .map(({ id, lane, payload, community, starts }) => ({ id, lane, payload, community, starts }));
    },
    async takeOver(inbox, lanes) {
      for (const one of memory.pushed) if (one.inbox === inbox && lanes.includes(one.lane)) one.starts++;
    },
    async done(inbox, ids) {
      memory.pushed = memory.pushed.filter((one) => one.inbox !== inbox || !ids.includes(one.id));
    },
    watch(woken) {
      memory.watchers.add(woken);
      return () => memory.watchers.delete(woken);
    },
    async expire(before) {
      const kept = memory.pushed.filter(({ takenAt }) => takenAt >= before);
      const gone = memory.pushed.length - kept.length;
      memory.pushed = kept;
      return gone;
    },
    async forget(before) {
      const waits = new Set(memory.pushed.map(({ inbox, id }) => `${inbox} ${id}`));
      for (const [name, at] of memory.seen) if (at < before && !waits.has(name)) memory.seen.delete(name);
    },
  };
}
