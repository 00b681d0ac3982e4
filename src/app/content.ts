/** What the couriers post: a room's digest, composed once and kept, with the button that shows where its numbers are from; a poll, or the outcome of a forecast. */
import { sections } from "../communities/types.ts";
import { sealPost } from "../core/buttons.ts";
import type { CommandInfo } from "../core/command.ts";
import { type CommunityId, digestId } from "../core/ids.ts";
import { type Block, buttons } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";
import type { Digests } from "../digest/types.ts";
import type { OutcomeDesk } from "../forecasts/types.ts";
import type { PollDesk } from "../polls/types.ts";
import type { Content, Posted, SubscriptionStore } from "../schedule/types.ts";
import type { Storage } from "../storage/open.ts";
import { newsOf } from "./news.ts";

export interface ContentOptions {
  readonly digests: Digests;
  readonly polls: PollDesk;
  readonly outcomes: OutcomeDesk;
  readonly subscriptions: SubscriptionStore;
  readonly storage: Pick<Storage, "buttons">;
  readonly catalogue: readonly CommandInfo[];
  readonly texts: (community: CommunityId) => Promise<Texts>;
  readonly now: () => Date;
}

export function createContent({ digests, polls, outcomes, subscriptions, storage, catalogue, texts, now }: ContentOptions): Content {
  const byName = new Map(catalogue.map((info) => [info.name, info]));
  const seal = async (blocks: readonly Block[], community: CommunityId) =>
    sealPost(blocks, { store: storage.buttons, catalogue: byName, community, now: now(), texts: await texts(community) });
  return async ({ id, subscription, room, community, localDate }) => {
    const wish = await subscriptions.find(subscription);
    if (wish?.series !== undefined) {
      const outcome = await outcomes.block(wish.series);
      if (outcome !== null) return seal(outcome, community);
      const question = await polls.block(wish.series, { localDate, room });
      return question === null ? [] : seal([question], community);
    }
    const { digest: words } = await texts(community);
    const chosen = wish?.sections ?? null;
    const {
      id: digest,
      blocks,
      asks,
    } = await digests.post(digestId(id), {
      room,
      community,
      zone: wish?.zone ?? "UTC",
      sections: chosen === null ? null : sections.filter((section) => chosen.includes(section)),
      localDate,
      // Where a room of the community cannot be posted to any more, its admins read of it in another one.
      notes: async () => (await subscriptions.takeUntold(community, room)).map((one) => newsOf(one, words)),
    });
    const where = buttons([
      { label: words.whereFrom, command: "digest", args: { of: digest, show: "receipts" } },
      // For anyone, and for their eyes only: it opens the form of `/opinion`.
      ...(asks === null ? [] : [{ label: words.logMine, command: "opinion", args: { topic: asks } }]),
    ]);
    return seal([...blocks, where], community);
  };
}

/** Tells polls where they came to stand, before the proof of it is kept. */
export const createPosted =
  ({ polls, subscriptions }: Pick<ContentOptions, "polls" | "subscriptions">): Posted =>
  async ({ subscription, room, localDate }, { messageId, ballot = null }) => {
    const series = (await subscriptions.find(subscription))?.series;
    if (series !== undefined) await polls.posted(series, { localDate, room }, { messageId, ballot });
  };
