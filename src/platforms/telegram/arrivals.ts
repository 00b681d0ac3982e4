/** An update on its way to being handled: what is read of it, in which order it is handled, and how much of it is stored. */
import type { Incoming, Waiting } from "../../core/inbox.ts";
import { type Desk, ownerOf } from "./respond.ts";
import { orderKeys, type ReadUpdate, rawOf, readUpdate, updateId } from "./updates.ts";

export interface Arrival {
  /** Null where it is not as documented. */
  readonly id: number | null;
  readonly read: ReadUpdate;
  /** Arrivals that share one are handled one after the other. */
  readonly keys: readonly string[];
  /** Its name for ever; undefined where it has no id. */
  readonly name: string | undefined;
  /** What the store keeps of it until it is done; null where nothing is lost with it. */
  readonly kept: Incoming | null;
}

/**
 * An update that so many processes have taken up and none has finished is probably what ends them. A program that is killed now and then
 * finishes it long before.
 */
export const maxStarts = 10;

export interface Arrivals {
  /** Updates count per bot, so the inbox is named by its id: another token in the same database is another inbox. */
  readonly inbox: string;
  arrive(update: unknown): Arrival;
  /** What another process took and did not finish, or not yet. */
  resume(waiting: Pick<Waiting, "id" | "payload" | "community">): Arrival;
}

export function createArrivals(desk: Desk): Arrivals {
  const inbox = `telegram:${desk.me.id}`;
  return {
    inbox,

    arrive(update) {
      const id = updateId(update);
      const read = readUpdate(update);
      const name = id === null ? undefined : `${inbox}:${id}`;
      const owner = ownerOf(desk, read);
      // What was read, and not what came: it holds no more of anybody than the answer takes.
      const kept = owner === null || id === null ? null : { ...owner, id, payload: JSON.stringify(rawOf(read)) };
      return { id, read, keys: orderKeys(update), name, kept };
    },

    resume({ id, payload, community }) {
      const update = parse(payload);
      const read = readUpdate(update);
      const before = ownerOf(desk, read)?.community;
      const [from, to] = [before, community].map((text) => Number(text?.slice(text.indexOf(":") + 1)));
      // While the update waited, its group became a supergroup.
      if (from !== undefined && to !== undefined && from !== to && Number.isSafeInteger(from) && Number.isSafeInteger(to))
        desk.rooms.remember(from, to);
      const kept = { id, payload, member: null, quoted: null, community };
      return { id, read, keys: orderKeys(update), name: `${inbox}:${id}`, kept };
    },
  };
}

/** What only this program writes, and still a hand may have changed. */
function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
