/** What a community has decided for itself, and the port that keeps it. */
import type { CommunityId, MemberId } from "../core/ids.ts";
import type { Language } from "../core/texts.ts";
import type { Utterances } from "../core/utterances.ts";
import type { Audience } from "../knowledge/types.ts";

/** Sections of a digest that a room can switch off, in the order in which they are shown. */
export const sections = ["headline", "movers", "networks", "compute", "pulse", "since", "smallprint"] as const;
export type Section = (typeof sections)[number];

/** What `/settings` changes. */
export interface Decided {
  /** What the bot's own texts are written in here. */
  readonly language: Language;
  /** Whom explanations and the narrative are written for, unless someone asks otherwise. */
  readonly audience: Audience;
  /** IANA name; what a time without a zone means here. */
  readonly zone: string;
  readonly sections: readonly Section[];
  /** Whether members' opinions may be quoted here, without a name: in the digest and by `/sentiment`. */
  readonly quoting: boolean;
  /** Whether a digest asks a question with a button under it that lets anyone log their own answer. */
  readonly suggestions: boolean;
  /** Days after which what members said is erased (see `Utterances`), 1 to 3,650; null keeps it. */
  readonly retentionDays: number | null;
}

export interface Settings extends Decided {
  /** CoinGecko ids that this community follows besides the watch list. */
  readonly watched: readonly string[];
  /** Those of the watch list that it does not follow. */
  readonly unwatched: readonly string[];
}

/** One setting that somebody changed, in words for people. */
export interface SettingChange {
  readonly at: Date;
  /** Null once the member has erased themselves. */
  readonly member: MemberId | null;
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

export interface SettingsStore {
  /** Every community that has decided anything. */
  decided(): Promise<readonly CommunityId[]>;
  /** What the community decided; what it did not decide is absent. */
  read(community: CommunityId): Promise<Partial<Decided> & Pick<Settings, "watched" | "unwatched">>;
  /** Writes the values and who changed what, in one step. */
  set(community: CommunityId, values: Partial<Decided>, changes: readonly SettingChange[]): Promise<void>;
  /** The community follows the asset from now on, or not any more. */
  follow(community: CommunityId, asset: string, follows: boolean, change: SettingChange): Promise<void>;
  /** The newest changes first. */
  changes(community: CommunityId, limit: number): Promise<readonly SettingChange[]>;
  /** Every CoinGecko id that any community follows by its own wish, the most followed first. */
  watched(): Promise<readonly string[]>;
  /** What was said in one community before a moment. */
  older(community: CommunityId, before: Date): Promise<Utterances>;
  /** Erases what was said longer ago than its community keeps it; returns how many opinions that were. */
  expire(now: Date): Promise<number>;
}

/** A community's settings as commands see them. */
export interface Communities {
  /** As they were at most half a minute ago: for what is only shown. */
  settings(community: CommunityId): Promise<Settings>;
  /** As they are, also where another process has just changed them: for whatever is decided by them. */
  current(community: CommunityId): Promise<Settings>;
  /** Changes what differs; returns what that was, in words. */
  change(community: CommunityId, values: Partial<Decided>, by: MemberId, now: Date): Promise<readonly SettingChange[]>;
  /** What members said here longer than so many days ago. */
  older(community: CommunityId, days: number, now: Date): Promise<Utterances>;
  /** @returns false where nothing changes by it @throws UserError too_many_assets */
  follow(
    community: CommunityId,
    asset: { readonly id: string; readonly name: string },
    follows: boolean,
    by: MemberId,
    now: Date,
  ): Promise<boolean>;
  changes(community: CommunityId, limit: number): Promise<readonly SettingChange[]>;
}
