/** What polls work with, and the ports that storage and the couriers implement for them. */

import type { BarChart } from "../core/chart.ts";
import type { BallotId, CommunityId, MemberId, PlatformName, PollId, RoomId, TopicId } from "../core/ids.ts";
import type { Since } from "../core/newcomer.ts";
import type { NativeVote, OpenBallot, Standing, Voter } from "../core/poll.ts";
import type { PollBlock } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";
import type { Schedule } from "../schedule/types.ts";

/** The options of a poll on a topic, and the stances that they are. */
export const topicStances = ["agree", "mixed", "disagree"] as const;

/** A question as it is asked, once or on a schedule. */
export interface Series {
  readonly id: string;
  /** Whose it is. */
  readonly community: CommunityId;
  readonly question: string;
  readonly options: readonly string[];
  /** Its votes are stances on this topic; null for a question of its own. */
  readonly topic: TopicId | null;
  /** Counts are shown when a poll ends, and not before. */
  readonly hidden: boolean;
  /** How long each poll is open. */
  readonly hours: number;
  readonly createdAt: Date;
}

export const postStates = ["waiting", "open", "ended", "missed"] as const;

/** A poll in one room: `waiting` to be posted, `open`, `ended`, or `missed`: never seen to stand there. */
export interface PollPost {
  readonly place: number;
  readonly room: RoomId;
  readonly community: CommunityId;
  readonly state: (typeof postStates)[number];
  /** Null until it is posted. */
  readonly ballot: BallotId | null;
  /** Null too where its posting was never confirmed. */
  readonly messageId: string | null;
  /** What the platform itself counted; null where it did not say, and with buttons, which only we count. */
  readonly totals: readonly number[] | null;
  /** Voters of an open native poll who have had their votes erased here. */
  readonly erased: number;
}

export interface Poll extends Omit<Series, "id" | "hours" | "createdAt"> {
  readonly id: PollId;
  readonly series: string;
  readonly opensAt: Date;
  readonly closesAt: Date;
  /** When its last room was read for the last time. */
  readonly closedAt: Date | null;
  readonly posts: readonly PollPost[];
}

/** A vote that is not taken back. */
export interface Cast {
  readonly place: number;
  /** The member, or the person whose account it is. */
  readonly voter: string;
  readonly choice: number;
  readonly standing: Standing;
  /** Whose account was new or had just joined, or of whom nothing was known here before the poll opened: the robust count leaves it out. */
  readonly newcomer: boolean;
}

/** A vote as it is stored. */
export interface KeptVote extends Omit<NativeVote, "former" | "since"> {
  /** Whether the platform says that the account was new or had just joined. */
  readonly newcomer?: boolean;
}

/** A voter of a platform's list as it is stored. */
export type KeptVoter = Omit<Voter, "since"> & Pick<KeptVote, "newcomer">;

/** Polls, their posts and their votes. Every write is durable when it resolves. */
export interface PollStore {
  addSeries(series: Series, by: MemberId): Promise<void>;
  findSeries(id: string): Promise<Series | null>;
  seriesOf(community: CommunityId): Promise<readonly Series[]>;
  /** Ends a series: nothing more is asked. False where the community has none of this id. */
  removeSeries(id: string, community: CommunityId): Promise<boolean>;
  /** Opens a poll in every room that its series is posted to; one that is there already stays as it is. */
  open(poll: Omit<Poll, "posts" | "closedAt">): Promise<Poll>;
  find(id: PollId): Promise<Poll | null>;
  /** Polls with a post in the community, the newest first. */
  latest(community: CommunityId, limit: number): Promise<readonly Poll[]>;
  /** Polls with a post in the community that closed in this time. */
  closedIn(community: CommunityId, from: Date, to: Date): Promise<readonly Poll[]>;
  /** Polls that are not closed and whose time is up. */
  overdue(now: Date): Promise<readonly Poll[]>;
  /** A poll stands in a room. */
  posted(poll: PollId, room: RoomId, proof: { readonly ballot: BallotId; readonly messageId: string; readonly at: Date }): Promise<void>;
  /**
   * A poll that nobody knows was seen: it stands in a room where it is uncertain whether it was posted, if there is one. Its message is not
   * known, so that only the platform can end it.
   * @returns whether the ballot is known now
   */
  claim(platform: PlatformName, ballot: BallotId, asked: Pick<Poll, "question" | "options">, at: Date): Promise<boolean>;
  /** A post is over. @param totals what the platform counted, where it says; those of voters who erased themselves are not among them */
  end(poll: PollId, place: number, state: "ended" | "missed", totals: readonly number[] | null): Promise<void>;
  close(poll: PollId, now: Date): Promise<void>;
  /** Brings the end of a poll forward. False where the community has none of this id that is open. */
  hasten(poll: PollId, community: CommunityId, now: Date): Promise<boolean>;

  /**
   * Votes that are not taken back, those of joined accounts under one name.
   * @param scrutiny `none` where nobody wants to know who is new: that takes longer than all the rest
   */
  votes(poll: PollId, scrutiny?: "none"): Promise<readonly Cast[]>;
  openBallots(platform: PlatformName): Promise<readonly OpenBallot[]>;
  /**
   * Keeps what a voter does, unless it is late, told twice, or cast in what is over. Of a native poll that ended, those are taken that
   * were cast before, and any as long as the platform has counted others than are known.
   * @param known only where the ballot is known: others may stand in a room before they are
   * @returns the room where the voter's standing is still to be asked
   */
  cast(vote: KeptVote, at: Date, known: boolean): Promise<{ readonly room: RoomId | null; readonly standing: Standing | null }>;
  setStanding(ballot: BallotId, member: MemberId, standing: Standing): Promise<void>;
  /** Sets a voter aside who joined the community after the poll had opened. */
  setJoined(ballot: BallotId, member: MemberId, joined: Date): Promise<void>;
  /** A vote by button; false where the ballot is over, or belongs to another room. */
  press(vote: KeptVote, standing: Standing, room: { readonly id: RoomId; readonly community: CommunityId }, at: Date): Promise<boolean>;
  recount(ballot: BallotId, voters: readonly KeptVoter[], order: bigint, at: Date): Promise<void>;
  /** Keeps what the platform counted when it ended a poll of its own, and which votes were cast before. */
  setTotals(ballot: BallotId, totals: readonly number[], order: bigint): Promise<void>;
  /** What each member of a closed poll chose, by community: the vote in its first room counts. */
  choices(
    poll: PollId,
  ): Promise<readonly (Pick<Cast, "choice" | "newcomer"> & { readonly member: MemberId; readonly community: CommunityId })[]>;
  /** Forgets votes that no poll has claimed, codes that are over, and what was posted once and is closed. Returns how many. */
  sweep(before: Date, now: Date): Promise<number>;
}

export interface Counts {
  /** People with a vote. */
  readonly people: number;
  /** In the order of the options. */
  readonly options: readonly number[];
}

export interface RoomCounts extends Counts {
  readonly post: PollPost;
  readonly platform: PlatformName;
  /** Votes of people who are no members of the community: a forwarded poll brings them. In no other count. */
  readonly outside: Counts;
  /** Members whose standing the platform did not tell; they are among the others. */
  readonly unchecked: number;
  /** Votes that the platform counted and we never heard of; null where it did not say how many there are. */
  readonly missing: number | null;
}

export interface RobustCounts extends Counts {
  /** How many people it leaves out, by the platform of the vote that counts; nothing where none. */
  readonly leftOut: readonly { readonly platform: PlatformName; readonly people: number }[];
  /** Whether the two counts tell different stories; null where too few people are left to compare. */
  readonly differs: boolean | null;
}

export interface Tally extends Counts {
  readonly platforms: readonly (Counts & { readonly platform: PlatformName })[];
  readonly rooms: readonly RoomCounts[];
  /** Outsiders of all rooms. */
  readonly outside: Counts;
  /** Votes of people who had voted in an earlier room of the list already. */
  readonly again: number;
  /** The whole once more, without newcomers. */
  readonly robust: RobustCounts;
}

export interface Results {
  readonly poll: Poll;
  readonly tally: Tally;
  /** Its counts are not to be shown yet. */
  readonly sealed: boolean;
  /** Votes are known to be missing. */
  readonly incomplete: boolean;
}

/** What is wished for by `/poll`. */
export interface PollWish {
  readonly room: RoomId;
  readonly community: CommunityId;
  readonly question: string;
  readonly options: readonly string[];
  readonly topic: TopicId | null;
  readonly hours: number;
  readonly hidden: boolean;
  /** In the linked rooms too. */
  readonly everywhere: boolean;
  /** Null: now. */
  readonly schedule: Schedule | null;
  readonly by: MemberId;
  readonly now: Date;
}

/** Polls as commands see them. */
export interface Polls {
  /** @throws UserError where the wish is beyond the platforms' limits */
  ask(wish: PollWish): Promise<{ readonly series: Series; readonly rooms: number; readonly closesAt: Date }>;
  /** Polls asked here, the newest first; those that repeat apart. */
  list(community: CommunityId): Promise<{ readonly polls: readonly Poll[]; readonly repeating: readonly Series[] }>;
  /** Of a poll that was asked in this community; null where there is none. */
  results(community: CommunityId, id: PollId | null): Promise<Results | null>;
  /** Yesterday's, so to say: what closed in the last so many hours. */
  closed(community: CommunityId, hours: number, now: Date): Promise<readonly Results[]>;
  chart(results: Results, words: Texts["results"]): BarChart;
  /** Casts or takes back a vote by button; who is new is not among the counts. @throws UserError where it does not count */
  vote(press: {
    readonly poll: PollId;
    readonly option: number | null;
    readonly member: MemberId;
    readonly room: { readonly id: RoomId; readonly community: CommunityId };
    readonly standing: () => Promise<Standing>;
    readonly since?: Since | undefined;
    readonly key: string | undefined;
    readonly now: Date;
  }): Promise<Results>;
  /** Ends a poll, or a series, of this community. */
  end(id: string, community: CommunityId, now: Date): Promise<boolean>;
}

/** What the courier asks of polls: the poll that a subscription posts, and where it came to stand. */
export interface PollDesk {
  block(series: string, delivery: { readonly localDate: string; readonly room: RoomId }): Promise<PollBlock | null>;
  posted(
    series: string,
    delivery: { readonly localDate: string; readonly room: RoomId },
    proof: { readonly ballot: BallotId | null; readonly messageId: string },
  ): Promise<void>;
}

/** Rooms that are asked together, and accounts that vote once. */
export interface LinkStore {
  addCode(code: {
    readonly hash: string;
    readonly member: MemberId;
    readonly community: CommunityId | null;
    readonly circle: string | null;
    readonly expiresAt: Date;
  }): Promise<void>;
  /** Takes a code that is not over, once. */
  takeCode(
    hash: string,
    kind: "rooms" | "accounts",
    now: Date,
  ): Promise<{ readonly member: MemberId; readonly circle: string | null } | null>;
  roomsOf(circle: string): Promise<readonly LinkedRoom[]>;
  linkOf(room: RoomId): Promise<LinkedRoom | null>;
  /** Adds or agrees; false where the room is in another circle. */
  addRoom(room: LinkedRoom, at: Date): Promise<boolean>;
  removeRoom(room: RoomId, circle: string): Promise<boolean>;
  personOf(member: MemberId): Promise<string | null>;
  /** The accounts of one person. */
  accountsOf(person: string): Promise<readonly MemberId[]>;
  join(members: readonly MemberId[], person: string): Promise<void>;
  part(member: MemberId): Promise<boolean>;
}

export interface LinkedRoom {
  readonly room: RoomId;
  readonly community: CommunityId;
  readonly circle: string;
  readonly agreed: boolean;
}

/** Links as commands see them. */
export interface Links {
  /** A code for another room, and what is linked already. */
  invite(place: { readonly room: RoomId; readonly community: CommunityId }, by: MemberId, now: Date): Promise<string>;
  /** The room's circle: itself and the others; alone, it has none. */
  circle(room: RoomId): Promise<readonly LinkedRoom[]>;
  /** Asks to join with a code. @throws UserError */
  accept(code: string, place: { readonly room: RoomId; readonly community: CommunityId }, now: Date): Promise<void>;
  /** Agrees to, or turns away, a room that asks to join this room's circle. */
  decide(here: RoomId, there: string, agreed: boolean, now: Date): Promise<boolean>;
  leave(room: RoomId): Promise<boolean>;
  /** A code for the same person's other account. */
  inviteAccount(member: MemberId, now: Date): Promise<string>;
  /** @throws UserError */
  joinAccount(code: string, member: MemberId, now: Date): Promise<void>;
  isJoined(member: MemberId): Promise<boolean>;
  partAccount(member: MemberId): Promise<boolean>;
}
