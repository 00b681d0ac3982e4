/** What groups are made of: claims on a topic, the votes on them, and the port that keeps both. */
import type { CommunityId, MemberId, OpinionId, ReceiptId, RoomId, TopicId } from "../core/ids.ts";
import type { Opinion } from "../opinions/types.ts";
import type { Topic, Wording } from "../topics/types.ts";

/** A short claim on a topic. */
export interface Statement {
  readonly id: string;
  readonly text: string;
}

export interface GroupStore {
  /** In the order in which they came. */
  statements(community: CommunityId, topic: TopicId): Promise<readonly Statement[]>;
  /** What a member has not voted on, least voted on first; null where there is nothing. */
  next(community: CommunityId, topic: TopicId, member: MemberId): Promise<Statement | null>;
  /** Opinions that count, may be quoted and were not split yet, the newest first. */
  unsplit(community: CommunityId, wording: Wording, limit: number): Promise<readonly Pick<Opinion, "id" | "member" | "text">[]>;
  /** Adds those whose words are not there yet; returns how many. */
  add(
    community: CommunityId,
    topic: TopicId,
    statements: readonly (Statement & { readonly member: MemberId; readonly opinion: OpinionId | null; readonly at: Date })[],
  ): Promise<number>;
  /** The last vote counts; false where this community has no such statement. */
  vote(community: CommunityId, statement: string, member: MemberId, vote: Vote): Promise<boolean>;
  /**
   * The votes on these statements, of so many voters behind one, in the order of their pseudonyms and without these: `3:1,7:-1;4:0` are two voters, the first of
   * whom agrees with the statement at 3 of the list and disagrees with that at 7. Null where there are no more.
   */
  voters(statements: readonly string[], after: string, limit: number): Promise<{ readonly votes: string; readonly last: string } | null>;
}

/** 1 agrees, -1 disagrees, 0 passes. */
export type Vote = 1 | 0 | -1;

/** How people voted on one statement; `seen` counts passes too. */
export interface Ballot {
  readonly agree: number;
  readonly disagree: number;
  readonly seen: number;
}

/** What a group holds unlike the others: so many of those who saw it. */
export interface Held {
  /** Number of the statement. */
  readonly statement: number;
  readonly vote: "agree" | "disagree";
  readonly count: number;
  readonly seen: number;
}

export interface Grouping {
  /** Who voted on enough statements to be placed. */
  readonly voters: number;
  /** Largest first, each with what it holds, the most telling first. Empty where there are too few voters, or nothing tells them apart. */
  readonly groups: readonly { readonly people: number; readonly holds: readonly Held[] }[];
  /** How well people lie within their groups, from −1 to 1. */
  readonly silhouette: number;
  /** Statements that most of every group agrees with, by group-aware consensus; those of everyone where there are no groups. */
  readonly shared: readonly (Ballot & { readonly statement: number; readonly consensus: number })[];
  /** Statements on which groups are furthest apart, each with the groups' ballots in the order of `groups`. */
  readonly divides: readonly { readonly statement: number; readonly ballots: readonly Ballot[] }[];
}

/** What a group holds, in the words of the claims. */
export type GroupHeld = readonly { readonly claim: string; readonly agrees: boolean }[];

/** Who asked, for the language model's budgets. */
interface Payer {
  readonly member: MemberId;
  readonly room: RoomId;
}

/** What a language model calls groups. */
export interface GroupNames {
  /** In the order of the groups; null of one that holds nothing of its own. */
  readonly names: readonly (string | null)[];
  /** Of the model's answer; null where it could not be kept. */
  readonly receipt: ReceiptId | null;
}

/** Names for groups by a language model; null where they cannot be had. Never rejects but when aborted. */
export type GroupNamer = (
  asked: { readonly topic: Topic; readonly groups: readonly GroupHeld[]; readonly payer: Payer },
  signal: AbortSignal,
) => Promise<GroupNames | null>;

export interface GroupsView {
  readonly topic: Topic;
  readonly statements: readonly Statement[];
  /** Everyone who voted on any of them. */
  readonly voters: number;
  /** Null where nobody voted. */
  readonly grouping: Grouping | null;
  /** Null where they have letters alone. */
  readonly called: GroupNames | null;
}

/** Claims, votes on them, and the groups that these make, as commands see them. */
export interface Groups {
  /** Below so many voters there are no groups. */
  readonly fewestVoters: number;
  /** No group is smaller. */
  readonly fewestInGroup: number;
  /** What the member has not voted on; opinions that may be quoted are split into claims where nothing else is left. */
  next(community: CommunityId, topic: Topic, member: MemberId): Promise<Statement | null>;
  /** False where somebody said the same already. @throws UserError opted_out, too_many_claims */
  add(claim: {
    readonly community: CommunityId;
    readonly topic: Topic;
    readonly member: MemberId;
    readonly text: string;
  }): Promise<boolean>;
  /** False where there is no such claim here any more. @throws UserError opted_out */
  vote(cast: {
    readonly community: CommunityId;
    readonly statement: string;
    readonly member: MemberId;
    readonly vote: Vote;
  }): Promise<boolean>;
  /** @throws the signal's reason */
  view(community: CommunityId, topic: Topic, payer: Payer, signal: AbortSignal): Promise<GroupsView>;
}
