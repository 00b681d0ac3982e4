/** Polls as platforms see them: the limits of their own polls, how votes are told, and how a poll ends. */
import type { BallotId, CommunityId, MemberId, PlatformName, PollId, RoomId } from "./ids.ts";
import type { Since } from "./newcomer.ts";

/** What Discord and Telegram both show as a poll of their own (resources/poll; Bot API, sendPoll: 12 options of 100 characters). */
export const nativeOptions = 10;
export const optionLength = 55;
export const questionLength = 300;
/** Telegram's `open_period` ends at 2,628,000 seconds (Bot API, sendPoll); Discord's 768 hours are more. */
export const longestHours = 730;
/** Buttons go further: Discord's five rows of five, less one row for what is no option (components/reference, "Action Row"). */
export const mostOptions = 20;

/** Of a voter, in the community whose room is asked; `unknown` where the platform does not say. */
export type Standing = "member" | "outside" | "unknown";

/** What one voter does now. */
export type Choice =
  | { readonly kind: "chose"; readonly option: number }
  /** `option` null: whichever it was. */
  | { readonly kind: "took_back"; readonly option: number | null };

export interface NativeVote {
  readonly ballot: BallotId;
  readonly member: MemberId;
  /** Pseudonyms under earlier keys. */
  readonly former: readonly MemberId[];
  readonly choice: Choice;
  /** What the platform tells of the voter's account; never stored. */
  readonly since?: Since;
  /** Grows with each thing that a voter does in a ballot: what comes late or twice is known by it. */
  readonly order: bigint;
}

/** A poll of a platform's own that is not over. */
export interface OpenBallot {
  readonly poll: PollId;
  readonly ballot: BallotId;
  readonly room: RoomId;
  readonly community: CommunityId;
  readonly messageId: string;
  /** How many there are. */
  readonly options: number;
}

export interface Voter {
  readonly member: MemberId;
  /** From 0. */
  readonly option: number;
  /** As of a vote. */
  readonly since?: Since;
}

/** What platforms tell of votes. Durable when it resolves. */
export interface VoteBox {
  open(platform: PlatformName): Promise<readonly OpenBallot[]>;
  /** @param standing asked once for each voter of a ballot, where the platform lets others vote too */
  cast(vote: NativeVote, standing?: (room: RoomId) => Promise<Standing>): Promise<void>;
  /** When a voter joined the community, where it is known only after the vote. */
  joined(ballot: BallotId, member: MemberId, at: Date): Promise<void>;
  /** Replaces what is known of a ballot up to this moment by what the platform lists. */
  recount(ballot: BallotId, voters: readonly Voter[], order: bigint): Promise<void>;
  /** A poll of ours that is being voted on: one whose posting was never confirmed is found again by it. */
  seen(ballot: BallotId, question: string, options: readonly string[]): Promise<void>;
  /** The platform has ended a poll and counted so many votes for each option. @param order greater than those of all its votes */
  ended(ballot: BallotId, totals: readonly number[], order: bigint): Promise<void>;
}

/** How a poll ended: its voters where the platform lists them, else how many each option has; `gone` where the message is no more. */
export type Ended =
  | { readonly kind: "listed"; readonly voters: readonly Voter[] }
  | { readonly kind: "totals"; readonly totals: readonly number[] }
  | { readonly kind: "gone" };

export interface NativePolls {
  /** Ends a poll, if it has not ended, and reads it for the last time. @throws where the platform does not answer now */
  end(ballot: OpenBallot): Promise<Ended>;
}
