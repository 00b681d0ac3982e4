/** What the courier posts: the room's digest, composed once and kept, with the button that shows where its numbers are from. */
import { sections } from "../communities/types.ts";
import { sealPost } from "../core/buttons.ts";
import type { CommandInfo } from "../core/command.ts";
import { digestId } from "../core/ids.ts";
import { buttons } from "../core/reply.ts";
import type { Digests } from "../digest/types.ts";
import type { Content, SubscriptionStore } from "../schedule/types.ts";
import type { Storage } from "../storage/open.ts";
import { newsOf } from "./news.ts";

export interface ContentOptions {
  readonly digests: Digests;
  readonly subscriptions: SubscriptionStore;
  readonly storage: Pick<Storage, "buttons">;
  readonly catalogue: readonly CommandInfo[];
  readonly now: () => Date;
}

export function createContent({ digests, subscriptions, storage, catalogue, now }: ContentOptions): Content {
  const byName = new Map(catalogue.map((info) => [info.name, info]));
  return async ({ id, subscription, room, community, localDate }) => {
    const wish = await subscriptions.find(subscription);
    const chosen = wish?.sections ?? null;
    const { id: digest, blocks } = await digests.post(digestId(id), {
      room,
      community,
      zone: wish?.zone ?? "UTC",
      sections: chosen === null ? null : sections.filter((section) => chosen.includes(section)),
      localDate,
      // Where a room of the community cannot be posted to any more, its admins read of it in another one.
      notes: async () => (await subscriptions.takeUntold(community, room)).map(newsOf),
    });
    const where = buttons([{ label: "Where the numbers are from", command: "digest", args: { of: digest, show: "receipts" } }]);
    return sealPost([...blocks, where], { store: storage.buttons, catalogue: byName, community, now: now() });
  };
}
