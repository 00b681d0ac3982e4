/** Ends polls whose time is up: reads the platforms for the last time, waits for votes that are still on their way, and closes the poll. */
import { type PlatformName, platformOf } from "../core/ids.ts";
import type { NativePolls } from "../core/poll.ts";
import type { Opinions } from "../opinions/types.ts";
import { markNewcomers } from "./newcomers.ts";
import { tally } from "./tally.ts";
import { type Poll, type PollPost, type PollStore, topicStances } from "./types.ts";

export interface ClosingOptions {
  readonly store: PollStore;
  readonly native: (platform: PlatformName) => NativePolls | null;
  readonly opinions: Pick<Opinions, "vote">;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Telegram tells votes apart from totals, and after an outage one after the other. */
const settleMs = 10 * 60_000;
/** A platform that does not let us read the poll for so long will not any more. */
const giveUpMs = 24 * 3_600_000;
/** Telegram tells nothing that is older than a day (Bot API, getUpdates); as long again is to spare. */
const unclaimedMs = 2 * 24 * 3_600_000;
/** Later than anything that a voter does. */
const last = 2n ** 62n;

/** Makes the function that the heartbeat calls. */
export function createClosing({ store, native, opinions, log }: ClosingOptions): (now: Date) => Promise<void> {
  const since = new Map<string, number>();

  async function endPost(poll: Poll, post: PollPost, now: Date): Promise<void> {
    const { place, ballot, messageId, room, community } = post;
    if (post.state === "waiting" || ballot === null) return store.end(poll.id, place, "missed", null);
    if (ballot.startsWith("buttons:")) return store.end(poll.id, place, "ended", null);
    // Whose message is not known is ended by the platform alone, which then tells its totals.
    if (messageId === null)
      return now.getTime() - poll.closesAt.getTime() < settleMs ? undefined : store.end(poll.id, place, "ended", null);
    const platform = native(platformOf(room));
    try {
      // A platform that is not served any more cannot be asked.
      const ended = await platform?.end({ poll: poll.id, ballot, room, community, messageId, options: poll.options.length });
      if (ended?.kind === "listed") {
        await store.recount(ballot, markNewcomers(ended.voters, now), last, now);
        const totals = poll.options.map((_, option) => ended.voters.filter((voter) => voter.option === option).length);
        return await store.end(poll.id, place, "ended", totals);
      }
      if (ended?.kind === "totals") return await store.end(poll.id, place, "ended", ended.totals);
      if (ended?.kind === "gone") return await store.end(poll.id, place, "ended", null);
    } catch (error) {
      log.warn({ poll: poll.id, err: error }, "a poll could not be read for the last time; trying again");
    }
    if (now.getTime() - poll.closesAt.getTime() > giveUpMs) await store.end(poll.id, place, "ended", null);
  }

  async function tend(poll: Poll, now: Date): Promise<void> {
    for (const post of poll.posts) if (post.state === "waiting" || post.state === "open") await endPost(poll, post, now);
    const present = await store.find(poll.id);
    if (present === null || present.posts.some(({ state }) => state === "waiting" || state === "open")) return;
    const begun = since.get(poll.id) ?? now.getTime();
    since.set(poll.id, begun);
    const missing = tally(present, await store.votes(poll.id, "none")).rooms.reduce((sum, room) => sum + (room.missing ?? 0), 0);
    if (missing > 0 && now.getTime() - begun < settleMs) return;
    if (missing > 0) log.warn({ poll: poll.id, missing }, "a poll is closed without votes that its platform has counted");
    await feed(present, now);
    await store.close(poll.id, now);
    since.delete(poll.id);
  }

  /** Votes on a topic are stances on it. The same vote makes the same opinion, so that a crash in between adds none twice. */
  async function feed({ id, topic, question }: Poll, now: Date): Promise<void> {
    if (topic === null) return;
    for (const { member, community, choice, newcomer } of await store.choices(id)) {
      const stance = topicStances[choice];
      if (stance === undefined) continue;
      await opinions.vote({ poll: id, community, member, topic, question, stance, at: now, newcomer });
    }
  }

  return async (now) => {
    for (const poll of await store.overdue(now)) await tend(poll, now);
    if (now.getUTCMinutes() === 0) await store.sweep(new Date(now.getTime() - unclaimedMs), now);
  };
}
