/** What a community thinks: opinions, what is counted of them, and the port that keeps them. */
import type { LineChart } from "../core/chart.ts";
import type { CommunityId, MemberId, OpinionId, PlatformName, PollId, TopicId } from "../core/ids.ts";
import type { Since } from "../core/newcomer.ts";
import type { Texts } from "../core/texts.ts";
import type { EvidenceGrade, Reader, Reading, Stance } from "../reading/types.ts";
import type { Topic, Topics, Wording } from "../topics/types.ts";

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

/** The opinion domain as commands see it. */
export interface Opinions extends Topics {
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
    readonly since?: Since | undefined;
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
    /** Whether the robust count of the poll leaves it out. */
    readonly newcomer: boolean;
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
