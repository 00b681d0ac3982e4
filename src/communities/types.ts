/** What a community has decided for itself, and the port that keeps it. */
import type { CommunityId, MemberId } from "../core/ids.ts";
import type { Audience } from "../knowledge/types.ts";

/** Sections of a digest that a room can switch off, in the order in which they are shown. */
export const sections = ["headline", "movers", "networks", "compute", "pulse", "since"] as const;
export type Section = (typeof sections)[number];

export interface Settings {
  /** Language of the words around the figures. */
  readonly language: "en";
  readonly audience: Audience;
  /** IANA name; what times without a zone mean here. */
  readonly zone: string;
  readonly sections: readonly Section[];
  /** Whether the digest may quote a member's opinion, without a name. */
  readonly quoting: boolean;
  /** Days after which opinions are erased; null keeps them. */
  readonly retentionDays: number | null;
  /** CoinGecko ids that this community follows besides, and ones of the watch list that it does not. */
  readonly watched: readonly string[];
  readonly unwatched: readonly string[];
}

export const defaultSettings: Settings = {
  language: "en",
  audience: "newcomer",
  zone: "UTC",
  sections,
  quoting: true,
  retentionDays: null,
  watched: [],
  unwatched: [],
};

/** One setting that somebody changed, as text for people. */
export interface SettingChange {
  readonly at: Date;
  /** Null once the member has erased themselves. */
  readonly by: MemberId | null;
  readonly what: keyof Settings;
  readonly from: string;
  readonly to: string;
}

export interface SettingsStore {
  /** The settings; defaults where the community has changed nothing. */
  read(community: CommunityId): Promise<Settings>;
  /** Writes the settings and who changed what, in one step. */
  write(community: CommunityId, settings: Settings, changes: readonly SettingChange[]): Promise<void>;
  /** The newest changes first. */
  changes(community: CommunityId, limit: number): Promise<readonly SettingChange[]>;
  /** Every CoinGecko id that any community follows besides the watch list, the most followed first. */
  watched(): Promise<readonly string[]>;
}
