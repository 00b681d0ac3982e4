/** What the opinion domain works with, and the ports that storage implements for it. */

import type { SettingChange } from "../communities/types.ts";
import type { StoredButton } from "../core/buttons.ts";
import type { LineChart } from "../core/chart.ts";
import type { Choice } from "../core/context.ts";
import type { CommunityId, MemberId, OpinionId, RoomId, TopicId } from "../core/ids.ts";
import type { Audience } from "../knowledge/types.ts";

export const stances = ["agree", "mixed", "disagree", "unclear"] as const;
export type Stance = (typeof stances)[number];

/** A proposition that people can agree or disagree with. */
export interface Topic {
  readonly id: TopicId;
  readonly title: string;
  /** One sentence that can be agreed with. */
  readonly proposition: string;
  /** What those who agree hold, and what those who disagree hold. */
  readonly sides: { readonly agree: string; readonly disagree: string };
  /** What nobody's opinion answers yet: asks for experience or measurement. */
  readonly question: string;
  /** The measured figure that bears on the proposition, such as `sector.market_cap`. */
  readonly metric?: string;
}

export interface Opinion {
  readonly id: OpinionId;
  readonly community: CommunityId;
  readonly member: MemberId;
  readonly topic: TopicId;
  /** The author's own words. */
  readonly text: string;
  readonly stance: Stance;
  /** Who decided the stance: the bot's reading, or the author's correction, which wins. */
  readonly stanceBy: "reading" | "author";
  readonly at: Date;
}

/** How many members stand where. */
export type StanceCounts = Readonly<Record<Stance, number>>;

/** Below this many people a percentage says more than is known. */
export const fewestForShares = 5;

/** A number with its 95 % interval, in parts of one. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** So many of so many people. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** Null where they are fewer than `fewestForShares`. */
  readonly estimate: Estimate | null;
}

/** A change of a share, tested: `none` is one that chance explains as well. */
export interface Shift {
  readonly direction: "up" | "down" | "none";
  readonly by: Estimate;
}

/** The window in question, `from <= at < to`, and the one before it, `before <= at < from`. */
export interface Windows {
  readonly before: Date;
  readonly from: Date;
  readonly to: Date;
}

export interface Quotation {
  readonly id: OpinionId;
  readonly stance: Stance;
  readonly text: string;
  readonly at: Date;
}

export interface Tally {
  readonly counts: StanceCounts;
  readonly before: StanceCounts;
  /** At most one for each stance, in the order of `stances`: the newest that counts and can be read at a glance. */
  readonly quotes: readonly Quotation[];
}

/** Characters of an opinion that can be read at a glance. */
export const glance = 280;

/** Opinions. Every write is durable when it resolves; reads see all writes that resolved before. */
export interface OpinionStore {
  /** Adding an id that exists changes nothing. */
  add(opinion: Opinion): Promise<void>;
  find(id: OpinionId): Promise<Opinion | null>;
  /** Sets the author's own stance; false where this member has no such opinion. */
  correct(id: OpinionId, member: MemberId, stance: Stance): Promise<boolean>;
  /** Deletes; false where this member has no such opinion. */
  remove(id: OpinionId, member: MemberId): Promise<boolean>;
  /** What members think of a topic in one community: each counts once a window, by their newest opinion in it. */
  tally(community: CommunityId, topic: TopicId, windows: Windows): Promise<Tally>;
  /** The counts of so many weeks of seven times 24 hours from an instant, in their order: each member counts once a week, by the newest opinion in it. */
  weeks(community: CommunityId, topic: TopicId, from: Date, weeks: number): Promise<readonly StanceCounts[]>;
  /** How many members have an opinion on each topic in one community. */
  counts(community: CommunityId): Promise<ReadonlyMap<TopicId, number>>;
  /** How many opinions of one community were logged before. */
  older(community: CommunityId, before: Date): Promise<number>;
}

/** Everything of one member across all tables. A private chat is its member's own, with all that is stored of it. */
export interface MemberRecord {
  /** For whom the member last had something explained. */
  readonly audience: Audience | null;
  readonly opinions: readonly Opinion[];
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

export interface MemberStore {
  /** Moves rows from earlier pseudonyms to the current one. */
  rekey(former: readonly MemberId[], current: MemberId): Promise<void>;
  read(member: MemberId): Promise<MemberRecord>;
  /**
   * Deletes every row of the member; returns what was deleted.
   * @param former pseudonyms under earlier keys: no row has them any more, but backups may
   */
  erase(member: MemberId, former?: readonly MemberId[]): Promise<{ readonly opinions: number; readonly buttons: number }>;
}

export interface SentimentView {
  readonly topic: Topic;
  readonly days: number;
  /** Members with an opinion in the window. */
  readonly people: number;
  /** Of all who spoke. */
  readonly shares: Readonly<Record<Stance, Share>>;
  /** Those who agree, of those who took a side: who agrees or disagrees. */
  readonly agreement: Share;
  /** The same in the window of equal length before. */
  readonly earlier: Share;
  /** How agreement changed; null where one of the two is of too few people to tell. */
  readonly shift: Shift | null;
  readonly quotes: readonly Quotation[];
}

/** The opinion domain as commands see it. */
export interface Opinions {
  readonly topics: readonly Topic[];
  /** A topic by id or title, however it is spelled; null where nothing is close. */
  topic(query: string): Topic | null;
  /** A topic by its whole name, with a slip at most: what a text may be logged under without asking. */
  named(query: string): Topic | null;
  /** The nearest topics to what was typed, best first. */
  nearest(query: string): readonly Topic[];
  /** All topics as choices for a half-typed one, best first. */
  suggest(typed: string): readonly Choice[];
  /** Reads the stance of a text and logs it durably; `origin` names the press or the request that asked for it, so that a second one changes nothing. */
  log(entry: {
    readonly community: CommunityId;
    readonly member: MemberId;
    readonly topic: TopicId;
    readonly text: string;
    readonly at: Date;
    readonly origin?: string | undefined;
  }): Promise<Opinion>;
  correct(id: OpinionId, member: MemberId, stance: Stance): Promise<boolean>;
  remove(id: OpinionId, member: MemberId): Promise<boolean>;
  sentiment(community: CommunityId, topic: Topic, days: number, now: Date): Promise<SentimentView>;
  /** The topics on which somebody spoke in the window, most people first. */
  overview(community: CommunityId, days: number, now: Date): Promise<readonly SentimentView[]>;
  /** Agreement in each of the last weeks; one with too few people is a gap. */
  chart(community: CommunityId, topic: Topic, now: Date): Promise<LineChart>;
  counts(community: CommunityId): Promise<ReadonlyMap<TopicId, number>>;
  /** How many opinions of the community are older than so many days. */
  older(community: CommunityId, days: number, now: Date): Promise<number>;
}

/** What was erased. */
export interface Erased {
  readonly opinions: number;
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
}
