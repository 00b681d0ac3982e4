/** Tells an admin at the next answer, wherever that is, what could not be told where it happened: a digest that is paused. */
import { isPrivateCommunity } from "../core/ids.ts";
import { literal } from "../core/markup.ts";
import type { Dispatch } from "../core/platform.ts";
import { type Answer, note } from "../core/reply.ts";
import type { Logger } from "../lib/logger.ts";
import { shareRead } from "../lib/shared-read.ts";
import type { Subscription, SubscriptionStore } from "../schedule/types.ts";

export interface NewsOptions {
  readonly subscriptions: Pick<SubscriptionStore, "untold" | "takeUntold">;
  readonly now: () => Date;
  readonly log: Pick<Logger, "warn">;
}

/** What became of a digest, in words for its admins. */
export function newsOf({ community, time, zone, paused }: Subscription): string {
  const which = `${isPrivateCommunity(community) ? "The" : "Admins: the"} digest at ${time} (${literal(zone)})`;
  return paused === null
    ? `${which} was paused for a while, because I could not post it; it goes on now.`
    : `${which} is paused, because I cannot post it in its room any more. \`/subscribe\` there says why.`;
}

export function withNews<D extends Dispatch>(dispatch: D, { subscriptions, now, log }: NewsOptions): D {
  const untoldNow = shareRead(
    async () => new Set<string>(await subscriptions.untold()),
    () => now().getTime(),
  );

  async function news({ actor, room }: Parameters<Dispatch["answer"]>[0], answer: Answer): Promise<Answer> {
    // A line in a group that hides the rest of the answer has no place for it.
    if (answer.private && room.kind === "public" && !room.privateAnswers) return answer;
    if (!(await untoldNow.current()).has(room.community)) return answer;
    if (!isPrivateCommunity(room.community) && !(await actor.isAdmin(room.community))) return answer;
    const untold = await subscriptions.takeUntold(room.community);
    return { ...answer, blocks: [...answer.blocks, ...untold.map((one) => note(newsOf(one)))] };
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
