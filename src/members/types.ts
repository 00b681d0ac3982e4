/** What is stored of one member, the member's rights over it, and the port that carries them out. */
import type { SettingChange } from "../communities/types.ts";
import type { StoredButton } from "../core/buttons.ts";
import type { CommunityId, MemberId, QuestionId, RoomId, TopicId } from "../core/ids.ts";
import type { Comparison, Outcome } from "../forecasts/types.ts";
import type { Audience } from "../knowledge/types.ts";
import type { Report } from "../ledger/types.ts";
import type { Opinion } from "../opinions/types.ts";

/** Everything of one member across all tables. A private chat is its member's own, with all that is stored of it. */
export interface MemberRecord {
  /** For whom the member last had something explained. */
  readonly audience: Audience | null;
  readonly opinions: readonly Opinion[];
  /** What the member reported of runs, oldest first. */
  readonly reports: readonly Report[];
  /** Claims that the member added or that were split from their opinions, oldest first. */
  readonly statements: readonly { readonly community: CommunityId; readonly topic: TopicId; readonly text: string }[];
  /** How the member voted on claims. */
  readonly statementVotes: readonly {
    readonly community: CommunityId;
    readonly topic: TopicId;
    readonly text: string;
    readonly vote: number;
  }[];
  readonly choice: MemberChoice;
  /** Votes that are not taken back, oldest first. */
  readonly votes: readonly { readonly community: CommunityId; readonly question: string; readonly option: string; readonly at: Date }[];
  /** Polls that the member asked, oldest first. */
  readonly polls: readonly { readonly community: CommunityId; readonly question: string; readonly opensAt: Date }[];
  /** Questions about figures that the member asked, or that were asked in their private chat. */
  readonly questions: readonly {
    readonly id: QuestionId;
    readonly community: CommunityId;
    readonly metric: string;
    readonly askedAt: Date;
  }[];
  /** What they said of such questions, in percent. */
  readonly forecasts: readonly {
    readonly question: QuestionId;
    readonly community: CommunityId;
    readonly metric: string;
    readonly comparison: Comparison;
    readonly threshold: number;
    readonly resolvesAt: Date;
    readonly outcome: Outcome | null;
    readonly percent: number;
    readonly at: Date;
  }[];
  /** Whether the account is joined with another one of the same person. */
  readonly joined: boolean;
  /** Stored buttons that concern this member, the first to be gone first. */
  readonly buttons: readonly Pick<StoredButton, "command" | "args" | "community" | "expiresAt">[];
  /** Digests that the member asked for, oldest first. */
  readonly subscriptions: readonly {
    readonly community: CommunityId;
    /** Null outside the member's own private chats: the address of a shared room is not theirs. */
    readonly room: RoomId | null;
    /** `HH:MM` */
    readonly time: string;
    /** IANA name. */
    readonly zone: string;
    /** ISO weekdays. */
    readonly days: readonly number[];
    readonly createdAt: Date;
  }[];
  /** Settings that the member changed, oldest first. */
  readonly changes: readonly (Omit<SettingChange, "member"> & { readonly community: CommunityId })[];
  /** What the private chats have decided. */
  readonly settings: readonly { readonly community: CommunityId; readonly name: string; readonly value: unknown }[];
  /** Assets that the private chats follow besides the watch list, or that they do not. */
  readonly follows: readonly { readonly community: CommunityId; readonly asset: string; readonly follows: boolean }[];
  /** Digests of the private chats, oldest first. */
  readonly digests: readonly {
    readonly community: CommunityId;
    readonly room: RoomId;
    /** `YYYY-MM-DD` in the chat's zone. */
    readonly localDate: string;
    readonly composedAt: Date;
  }[];
}

export interface MemberChoice {
  /** Whether the member may be quoted; null while they have not said. */
  readonly quoting: boolean | null;
  /** Whether nothing of them may ever be logged. */
  readonly optedOut: boolean;
}

export interface MemberStore {
  choice(member: MemberId): Promise<MemberChoice>;
  /** Remembers a decision, and carries it out for what is stored: whoever may not be quoted any more has their claims taken back too. */
  choose(member: MemberId, choice: Partial<MemberChoice>): Promise<void>;
  /** Moves rows from earlier pseudonyms to the current one. */
  rekey(former: readonly MemberId[], current: MemberId): Promise<void>;
  read(member: MemberId): Promise<MemberRecord>;
  /**
   * Deletes every row of the member; returns what was deleted.
   * @param former pseudonyms under earlier keys: no row has them any more, but backups may
   */
  erase(member: MemberId, former?: readonly MemberId[]): Promise<Omit<Erased, "left">>;
}

/** What was erased. */
export interface Erased {
  readonly opinions: number;
  readonly reports: number;
  readonly buttons: number;
  /** Files with an export, saved by this program, that could not be deleted. */
  readonly left: readonly string[];
}

/** A member's rights over what is stored of them. */
export interface Privacy {
  /** Everything stored of the member, as pretty-printed JSON. */
  export(member: MemberId): Promise<Uint8Array>;
  read(member: MemberId): Promise<MemberRecord>;
  erase(member: MemberId, former: readonly MemberId[]): Promise<Erased>;
  /** Whether the member has not yet said if they may be quoted. */
  mayAskToQuote(member: MemberId): Promise<boolean>;
  /** May the member be quoted, without a name, from now on: also by what they said before. */
  allowQuoting(member: MemberId, allowed: boolean): Promise<void>;
  /** Erases the member and logs nothing of them any more, or takes that back; resolves with what was erased. */
  optOut(member: MemberId, former: readonly MemberId[], out: boolean): Promise<Erased | null>;
  /** Days, `YYYY-MM-DD`, of which a backup is there; null where backups are the operator's own. */
  backups(): Promise<readonly string[] | null>;
}
