/** Tells an admin at the next answer, wherever that is, what could not be told where it happened: a digest that is paused. */
import { type CommunityId, isPrivateCommunity } from "../core/ids.ts";
import { literal } from "../core/markup.ts";
import type { Dispatch } from "../core/platform.ts";
import { type Answer, note } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";
import type { Logger } from "../lib/logger.ts";
import { shareRead } from "../lib/shared-read.ts";
import type { Subscription, SubscriptionStore } from "../schedule/types.ts";

export interface NewsOptions {
  readonly subscriptions: Pick<SubscriptionStore, "untold" | "takeUntold">;
  readonly texts: (community: CommunityId) => Promise<Texts>;
  readonly now: () => Date;
  readonly log: Pick<Logger, "warn">;
}

/** What became of a digest, in words for its admins. */
export function newsOf({ community, time, zone, paused }: Subscription, words: Texts["digest"]): string {
  const own = isPrivateCommunity(community);
  return paused === null ? words.wasPaused(own, time, literal(zone)) : words.paused(own, time, literal(zone));
}

export function withNews<D extends Dispatch>(dispatch: D, { subscriptions, texts, now, log }: NewsOptions): D {
  const untoldNow = shareRead(
    async () => new Set<string>(await subscriptions.untold()),
    () => now().getTime(),
  );

  async function news({ actor, room }: Parameters<Dispatch["answer"]>[0], answer: Answer): Promise<Answer> {
    // A line in a group that hides the rest of the answer has no place for it.
    if (answer.private && room.kind === "public" && !room.privateAnswers) return answer;
    if (!(await untoldNow.current()).has(room.community)) return answer;
    if (!isPrivateCommunity(room.community) && !(await actor.isAdmin(room.community))) return answer;
    const [untold, { digest: words }] = await Promise.all([subscriptions.takeUntold(room.community), texts(room.community)]);
    return { ...answer, blocks: [...answer.blocks, ...untold.map((one) => note(newsOf(one, words)))] };
  }

  return {
    ...dispatch,
    async answer(invocation, progress) {
      const answer = await dispatch.answer(invocation, progress);
      return news(invocation, answer).catch((error: unknown) => {
        untoldNow.forget();
        log.warn({ err: error }, "what an admin should know could not be looked up");
        return answer;
      });
    },
  };
}
