/** Where platforms drop votes: each kept once, under the member's present name, with its standing asked for where that is not known yet. */
import type { BallotId, MemberId } from "../core/ids.ts";
import { isNewcomer } from "../core/newcomer.ts";
import type { VoteBox } from "../core/poll.ts";
import { markNewcomers } from "./newcomers.ts";
import type { PollStore } from "./types.ts";

export interface VoteBoxOptions {
  readonly store: PollStore;
  /** Moves a returning member's rows to the pseudonym of the current key. */
  readonly recognise: (former: readonly MemberId[], current: MemberId) => Promise<void>;
  readonly now: () => Date;
}

/** Ballots that were looked up; a bound, so that memory does not grow with the number of polls. */
const remembered = 1_000;

export function createVoteBox({ store, recognise, now }: VoteBoxOptions): VoteBox {
  const known = new Set<BallotId>();
  return {
    open: (platform) => store.openBallots(platform),
    async cast({ former, since = {}, ...vote }, standing) {
      if (former.length > 0) await recognise(former, vote.member);
      // Telegram tells of its bot's own polls alone, at times before we know where one stands; Discord tells of everybody's.
      const { room, standing: known } = await store.cast(
        { ...vote, newcomer: isNewcomer(since, now(), now()) },
        now(),
        vote.ballot.startsWith("discord:"),
      );
      if (standing === undefined || room === null || known !== "unknown") return;
      await store.setStanding(vote.ballot, vote.member, await standing(room));
    },
    joined: (ballot, member, at) => store.setJoined(ballot, member, at),
    recount: (ballot, voters, order) => store.recount(ballot, markNewcomers(voters, now()), order, now()),
    async seen(ballot, question, options) {
      if (known.has(ballot)) return;
      if (!(await store.claim("telegram", ballot, { question, options }, now()))) return;
      known.add(ballot);
      const [oldest] = known;
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    },
    ended: (ballot, totals, order) => store.setTotals(ballot, totals, order),
  };
}
