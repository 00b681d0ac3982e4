/** What can be agreed or disagreed with, what became of it, and the port that keeps it. */
import type { Choice } from "../core/context.ts";
import type { CommunityId, MemberId, TopicId } from "../core/ids.ts";

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
  /** The open topic that the words begin with, by its whole name, and what stands behind it; null where they begin with none. */
  leading(words: string): { readonly topic: Topic; readonly rest: string } | null;
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

/** A topic in one of its wordings. */
export interface Wording {
  readonly topic: TopicId;
  readonly version: number;
}

/** Where a topic is changed: in one community, or everywhere. */
export type TopicPlace = CommunityId | typeof everywhere;

export type TopicWords = Pick<Topic, "title" | "proposition" | "question"> & Topic["sides"] & { readonly metric: string };

/** What a topic shall say: what its author said, and what stands where nothing was. */
export interface NewWording {
  readonly said: Partial<TopicWords>;
  readonly unsaid: Pick<TopicWords, "agree" | "disagree" | "question">;
}

/** The topics as commands see them. */
export interface Topics {
  /** The topics of a community. */
  book(place: TopicPlace): Promise<TopicBook>;
  /** Adds a topic under a new name, or says one anew, which opens it again. @throws UserError for what cannot be */
  word(place: TopicPlace, topic: Topic | string, wording: NewWording, by: MemberId, now: Date): Promise<Topic>;
  /** @throws UserError for what cannot be */
  close(place: TopicPlace, topic: Topic, by: MemberId, now: Date): Promise<void>;
  /** @throws UserError for what cannot be */
  merge(place: TopicPlace, topic: Topic, into: Topic, by: MemberId, now: Date): Promise<void>;
}
