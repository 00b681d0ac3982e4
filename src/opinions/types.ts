/** What the opinion domain works with, and the ports that storage implements for it. */

import type { SettingChange } from "../communities/types.ts";
import type { StoredButton } from "../core/buttons.ts";
import type { LineChart } from "../core/chart.ts";
import type { Choice } from "../core/context.ts";
import type { CommunityId, MemberId, OpinionId, PlatformName, PollId, QuestionId, RoomId, TopicId } from "../core/ids.ts";
import type { Texts } from "../core/texts.ts";
import type { Comparison, Outcome } from "../forecasts/types.ts";
import type { Audience } from "../knowledge/types.ts";
import type { Report } from "../ledger/types.ts";

export const stances = ["agree", "mixed", "disagree", "unclear"] as const;
export type Stance = (typeof stances)[number];

/** How an author says to know something. */
export const evidenceGrades = ["heard", "experienced", "measured", "linked"] as const;
export type EvidenceGrade = (typeof evidenceGrades)[number];

export const strengths = ["weak", "moderate", "strong"] as const;
export type Strength = (typeof strengths)[number];

/** What in its topic an opinion is about. */
export const aspects = [
  "price",
  "latency",
  "uptime",
  "bandwidth",
  "checkpointing",
  "privacy",
  "compliance",
  "knowledge",
  "competition",
  "growth",
] as const;
export type Aspect = (typeof aspects)[number];

/** How the bot read one opinion of a text. It stays as it was when the author corrects it: then it is a labelled example. */
export interface Reading {
  readonly topic: TopicId;
  readonly stance: Stance;
  readonly strength: Strength;
  /** Null where none is named. */
  readonly aspect: Aspect | null;
  /** Null where nothing is said of it. */
  readonly evidence: EvidenceGrade | null;
  /** The language model, or the small classifier that ships. */
  readonly by: "model" | "classifier";
}

/** Keeps how opinions were read. What is kept of an opinion goes when the opinion goes. */
export interface ReadingStore {
  /** How the opinions of one member were read, by their ids. */
  of(member: MemberId): Promise<ReadonlyMap<OpinionId, Reading>>;
}

/** A text that somebody wants read. */
export interface Unread {
  readonly text: string;
  readonly topics: readonly Topic[];
  /** The topic it is about, where its author said so. */
  readonly on: Topic | null;
  /** Whether `member` wrote it. Someone else's words go to no language model before their author has agreed. */
  readonly own: boolean;
  /** Whose share of the language model's day it is taken from. */
  readonly member: MemberId;
  readonly room: RoomId;
}

/** Every opinion that a text carries, the most certain first; the topic that its author named is always among them. Never rejects but when aborted. */
export type Reader = (unread: Unread, signal: AbortSignal) => Promise<readonly Reading[]>;

/** The language model's readings, unchecked as to which topics there are; null where it cannot be had. */
export type ModelReader = (unread: Unread, signal: AbortSignal) => Promise<readonly Omit<Reading, "by">[] | null>;

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
  /** How often it was worded; an opinion answers the wording of its day. */
  readonly version: number;
}

/** What changes of a topic are called. `absorbed`: a wording of another topic that was merged into this one. */
export const topicChanges = ["added", "edited", "closed", "opened", "merged", "absorbed"] as const;

/** Where changes for every community stand. */
export const everywhere = "*";

/** One change of a topic, with the topic as it was from then on. */
export interface TopicChange {
  readonly community: CommunityId | typeof everywhere;
  readonly kind: (typeof topicChanges)[number];
  readonly topic: Topic;
  /** The topic that goes on in its place, or from which this wording came. */
  readonly other: TopicId | null;
  readonly at: Date;
  /** Null once the member has erased themselves. */
  readonly member: MemberId | null;
}

export interface TopicStore {
  /** Changes here and everywhere, in the order in which they were made. */
  changes(community: CommunityId | typeof everywhere): Promise<readonly TopicChange[]>;
  /** Where topics were changed; with `everywhere` among them, if they were. */
  places(): Promise<readonly TopicPlace[]>;
  add(change: TopicChange): Promise<void>;
  /** Adds the changes and moves the opinions and statements from one wording to another, in one step; everywhere or in one community. */
  merge(changes: readonly TopicChange[], moves: readonly { readonly from: Wording; readonly to: Wording }[]): Promise<void>;
}

/** The topics of one community, as they are now. */
export interface TopicBook {
  /** Those that are open. */
  readonly topics: readonly Topic[];
  /** An open topic by id or title, however it is spelled; null where nothing is close. */
  topic(query: string): Topic | null;
  /** An open topic by its whole name, with a slip at most: what a text may be logged under without asking. */
  named(query: string): Topic | null;
  /** The nearest open topics to what was typed, best first. */
  nearest(query: string): readonly Topic[];
  /** All open topics as choices for a half-typed one, best first. */
  suggest(typed: string): readonly Choice[];
  /** As `topic`, closed ones included; a merged one leads to the topic that goes on in its place. */
  any(query: string): Topic | null;
  isClosed(topic: TopicId): boolean;
  /** What was changed of a topic, oldest first. */
  history(topic: TopicId): readonly TopicChange[];
  /** Earlier wordings of a topic and those of topics merged into it, the newest first. */
  earlier(topic: Topic): readonly Topic[];
}

export interface Opinion {
  readonly id: OpinionId;
  readonly community: CommunityId;
  readonly member: MemberId;
  readonly topic: TopicId;
  /** The author's own words; none where it is a vote. */
  readonly text: string;
  readonly stance: Stance;
  /** Who decided the stance: the bot's reading, the author's correction, which wins, or their vote in a poll. */
  readonly stanceBy: "reading" | "author" | "vote";
  readonly at: Date;
}

/**
 * Why the robust count leaves an opinion out: the same words as somebody else's before, one of a flood that came within minutes, or an
 * account that was made or had joined only just before.
 */
export const asides = ["copy", "burst", "newcomer"] as const;
export type Aside = (typeof asides)[number];

/** What is known of an opinion besides what it says. */
export interface Standing {
  /** The wording of the topic that it answers, from 1. */
  readonly version: number;
  /** Where its author spoke. */
  readonly platform: PlatformName;
  /** Null where it was not read. */
  readonly evidence: EvidenceGrade | null;
  readonly aside: Aside | null;
  /** What copies of the text have in common; null of a few words. */
  readonly print: string | null;
  /** Whether its author may be quoted. */
  readonly quotable: boolean;
}

/** How many members stand where. */
export type StanceCounts = Readonly<Record<Stance, number>>;

/** So many people whose opinions are alike in all that is counted. */
export interface Cohort extends Pick<Standing, "platform" | "aside"> {
  readonly stance: Stance;
  readonly measured: boolean;
  readonly people: number;
}

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
  /** In the window, and in the one before it. */
  readonly recent: readonly Cohort[];
  readonly before: readonly Cohort[];
}

/** A topic in one of its wordings. */
export interface Wording {
  readonly topic: TopicId;
  readonly version: number;
}

export interface CompanySince {
  readonly copies: Date;
  readonly burst: Date;
}

export interface Company {
  readonly copied: boolean;
  readonly others: number;
}

/** Characters of an opinion that can be read at a glance. */
export const glance = 280;

/** Opinions. Every write is durable when it resolves; reads see all writes that resolved before. */
export interface OpinionStore {
  /**
   * Adding an id that exists changes nothing. By default it answers the first wording, on its community's platform, and may not be quoted.
   * @param reading how it was read: what the author's corrections are compared with
   */
  add(opinion: Opinion, standing?: Partial<Standing>, reading?: Reading): Promise<void>;
  find(id: OpinionId): Promise<Opinion | null>;
  /** Sets the author's own stance; false where this member has no such opinion. */
  correct(id: OpinionId, member: MemberId, stance: Stance): Promise<boolean>;
  /** Deletes; false where this member has no such opinion. */
  remove(id: OpinionId, member: MemberId): Promise<boolean>;
  /** What members think of a topic in one community: each counts once a window, by their newest opinion in it. */
  tally(community: CommunityId, wording: Wording, windows: Windows): Promise<Tally>;
  /** So many weeks of seven times 24 hours from an instant, in their order: each member counts once a week, by the newest opinion in it. */
  weeks(community: CommunityId, wording: Wording, from: Date, weeks: number): Promise<readonly (readonly Cohort[])[]>;
  /**
   * What may be quoted of the opinions that count in a window, the newest first: at most so many of each stance but `unclear`, short
   * enough to be read at a glance, and none that the robust count leaves out.
   */
  quotable(community: CommunityId, wording: Wording, window: Omit<Windows, "before">, each: number): Promise<readonly Quotation[]>;
  /** How many members have an opinion on each wording of each topic in one community. */
  counts(community: CommunityId): Promise<readonly (Wording & { readonly people: number })[]>;
  /** Whether somebody else here has logged the same words since, and how many others took this stance since another moment, up to a hundred. */
  company(opinion: Opinion, standing: Pick<Standing, "version" | "print">, since: CompanySince): Promise<Company>;
  /** How many opinions of one community were logged before. */
  older(community: CommunityId, before: Date): Promise<number>;
}

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

/** How people stand, of those who are counted. */
export interface Standpoint {
  readonly people: number;
  /** Of all who spoke. */
  readonly shares: Readonly<Record<Stance, Share>>;
  /** Those who agree, of those who took a side: who agrees or disagrees. */
  readonly agreement: Share;
}

export interface SentimentView extends Standpoint {
  readonly topic: Topic;
  readonly days: number;
  /** Agreement in the window of equal length before. */
  readonly earlier: Share;
  /** How agreement changed; null where one of the two is of too few people to tell. */
  readonly shift: Shift | null;
  /** The same without what looks made to sway the count. */
  readonly robust: Standpoint & { readonly shift: Shift | null };
  /** How many people's opinion the robust count leaves out, by reason; nothing where none. */
  readonly leftOut: Partial<Readonly<Record<Aside, number>>>;
  /** Whether the two counts tell different stories. */
  readonly differs: boolean;
  /** Those who say that they measured. */
  readonly measured: Standpoint;
  /** Where people spoke, most people first. */
  readonly platforms: readonly (Standpoint & { readonly platform: PlatformName })[];
  /** Two to four, of authors who allowed it, chosen to speak for each side; fewer where there are not as many. */
  readonly quotes: readonly Quotation[];
}

/** Agreement over weeks, tested as a trend. */
export interface Course {
  /** Weeks in which enough people took a side. */
  readonly weeks: number;
  /** `none` is a trend that chance explains as well. */
  readonly direction: Shift["direction"];
  /** The standard normal statistic of the test. */
  readonly z: number;
}

/** What a topic shall say: what its author said, and what stands where nothing was. */
export interface NewWording {
  readonly said: Partial<TopicWords>;
  readonly unsaid: Pick<TopicWords, "agree" | "disagree" | "question">;
}

/** The opinion domain as commands see it. */
export interface Opinions {
  /** The topics of a community. */
  book(place: TopicPlace): Promise<TopicBook>;
  /** Adds a topic under a new name, or says one anew, which opens it again. @throws UserError for what cannot be */
  word(place: TopicPlace, topic: Topic | string, wording: NewWording, by: MemberId, now: Date): Promise<Topic>;
  /** @throws UserError for what cannot be */
  close(place: TopicPlace, topic: Topic, by: MemberId, now: Date): Promise<void>;
  /** @throws UserError for what cannot be */
  merge(place: TopicPlace, topic: Topic, into: Topic, by: MemberId, now: Date): Promise<void>;
  /** How a text is read: at most four opinions, the most certain first, and the topic that its author named always among them. */
  readonly read: Reader;
  /**
   * Logs durably what was read; `origin` names the press or the request that asked for it, so that a second one changes nothing.
   * @throws UserError opted_out
   */
  log(entry: {
    readonly community: CommunityId;
    readonly member: MemberId;
    readonly reading: Reading;
    readonly text: string;
    readonly at: Date;
    readonly origin?: string | undefined;
    readonly platform?: PlatformName;
    /** When the account was made and when it joined, where the platform says so. */
    readonly since?: { readonly account?: Date; readonly joined?: Date } | undefined;
  }): Promise<Opinion>;
  /**
   * Logs a vote in a poll on a topic as a stance on the wording that the poll asked, the same vote once; nothing of a member who wants
   * nothing logged.
   */
  vote(cast: {
    readonly poll: PollId;
    readonly community: CommunityId;
    readonly member: MemberId;
    readonly topic: TopicId;
    readonly question: string;
    readonly stance: Stance;
    readonly at: Date;
  }): Promise<void>;
  /** The words of an opinion of this member; null where there is none, or it is a vote. */
  words(id: OpinionId, member: MemberId): Promise<string | null>;
  correct(id: OpinionId, member: MemberId, stance: Stance): Promise<boolean>;
  remove(id: OpinionId, member: MemberId): Promise<boolean>;
  sentiment(community: CommunityId, topic: Topic, days: number, now: Date): Promise<SentimentView>;
  /** The topics on which somebody spoke in the window, most people first. */
  overview(community: CommunityId, days: number, now: Date): Promise<readonly SentimentView[]>;
  /** Agreement in each of the last weeks; one with too few people is a gap in the chart. The course is null where there are too few weeks to test. */
  weekly(
    community: CommunityId,
    topic: Topic,
    now: Date,
    words: Texts["sentiment"],
  ): Promise<{ readonly chart: LineChart; readonly course: Course | null }>;
  /** How many members have an opinion on each topic, in its present wording. */
  counts(community: CommunityId): Promise<ReadonlyMap<TopicId, number>>;
  /** The community's counts as a file, over the whole weeks of so many days. */
  exported(community: CommunityId, wanted: ExportWanted): Promise<CommunityExport>;
  /** How many opinions of the community are older than so many days. */
  older(community: CommunityId, days: number, now: Date): Promise<number>;
}

export interface ExportWanted {
  readonly format: "csv" | "json";
  readonly days: number;
  /** Whether the community has its members quoted. */
  readonly quoting: boolean;
  readonly now: Date;
}

export interface CommunityExport {
  readonly content: Uint8Array;
  readonly rows: number;
  /** How many counts are left out. */
  readonly suppressed: number;
}

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
    statements: readonly (Statement & { readonly member: MemberId; readonly opinion: OpinionId | null })[],
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

export interface GroupsView {
  readonly topic: Topic;
  readonly statements: readonly Statement[];
  /** Everyone who voted on any of them. */
  readonly voters: number;
  /** Null where nobody voted. */
  readonly grouping: Grouping | null;
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
  view(community: CommunityId, topic: Topic, signal: AbortSignal): Promise<GroupsView>;
}

/** Where a topic is changed: in one community, or everywhere. */
export type TopicPlace = CommunityId | typeof everywhere;

export type TopicWords = Pick<Topic, "title" | "proposition" | "question"> & Topic["sides"] & { readonly metric: string };

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
