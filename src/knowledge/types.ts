/** What the knowledge base holds and how it is asked. */

import type { Actor } from "../core/context.ts";
import type { Figure } from "../core/figure.ts";
import type { CommunityId, MemberId } from "../core/ids.ts";

export const audiences = ["newcomer", "investor", "builder"] as const;
export type Audience = (typeof audiences)[number];

export const categories = ["field", "network", "cloud", "asset", "mechanism", "compute", "storage", "privacy", "ai", "market"] as const;
export type Category = (typeof categories)[number];

/** One entry; its texts are marked-up and may hold `{{metric}}` slots. */
export interface Entry {
  readonly id: string;
  readonly term: string;
  /** What the letters of an acronym stand for. */
  readonly expansion?: string | undefined;
  readonly aliases: readonly string[];
  readonly misspellings: readonly string[];
  readonly category: Category;
  readonly texts: Readonly<Record<Audience, string>>;
  readonly related: readonly string[];
  /** How people ask for it, in their own words. */
  readonly asks: readonly string[];
  readonly sources: readonly { readonly title: string; readonly url: string; readonly supports: string }[];
  /** Day of the last review, `YYYY-MM-DD`. */
  readonly reviewed: string;
}

/** An entry and how well it fits, in whatever measure a list has. */
export interface Scored {
  readonly entry: Entry;
  readonly score: number;
}

export type Lookup =
  /**
   * The entry that was named, or that is clearly meant. `corrected` is set where it was not named as it is; `others` are the next nearest where it
   * was not named at all.
   */
  | { readonly kind: "found"; readonly entry: Entry; readonly corrected: boolean; readonly others: readonly Entry[] }
  /** Nothing certain: the nearest, best first, at most three. */
  | { readonly kind: "near"; readonly entries: readonly Entry[] }
  /** The question is about something else. */
  | { readonly kind: "none" };

/** What a community asked for in vain. */
export interface Gap {
  /** Lower case, at most `maxGapLength` characters. It may hold whatever somebody typed, so only the community's admins see it. */
  readonly text: string;
  readonly count: number;
  readonly lastAt: Date;
}

export const maxGapLength = 100;
/** Days after which a gap that nobody asked for again is forgotten. */
export const gapDays = 90;
/** Different texts that one community can leave: beyond, the one that was asked for least is given up. */
export const maxGaps = 200;

export interface GapStore {
  /** Counts one more question, at most `maxGaps` texts a community. */
  add(community: CommunityId, text: string, now: Date): Promise<void>;
  /** The most wanted first; of equals the newest. */
  list(community: CommunityId, limit: number): Promise<readonly Gap[]>;
  /** Forgets those last asked for before this moment, in every community; resolves with how many. */
  expire(before: Date): Promise<number>;
}

export interface Gaps {
  /** Notes what was asked for in vain. */
  note(community: CommunityId, text: string, now: Date): Promise<void>;
  list(community: CommunityId, limit: number): Promise<readonly Gap[]>;
}

export interface ReaderStore {
  /** What the member chose last; null where they never did. */
  audience(member: MemberId): Promise<Audience | null>;
  choose(member: MemberId, audience: Audience): Promise<void>;
}

/** For whom things are explained. */
export interface Readers {
  /** The member's own last choice, else the community's. Never rejects. */
  audience(actor: Pick<Actor, "member" | "person">, community: CommunityId): Promise<Audience>;
  /** Keeps the choice for this member's next questions, wherever they are asked; of a chat or an anonymous admin nothing is kept. Never rejects. */
  choose(actor: Pick<Actor, "member" | "person">, audience: Audience): Promise<void>;
  /** The member was erased. */
  forget(member: MemberId): void;
}

export interface Knowledge {
  /** Ordered by term. */
  readonly entries: readonly Entry[];
  entry(id: string): Entry | null;
  /** Finds what was asked for in any wording; the first free wording after a while takes about half a second longer. */
  find(query: string): Promise<Lookup>;
  /** The entry that the whole text is a name of; null where it is none. Within microseconds. */
  named(text: string): { readonly entry: Entry; readonly corrected: boolean } | null;
  /** Entries whose names begin with or resemble what was typed, best first. Works within milliseconds. */
  suggest(typed: string, limit: number): readonly Entry[];
  /** A text with its `{{metric}}` slots filled by `show`, or by "no data" where a metric has no figure. */
  fill(text: string, figureOf: (metric: string) => Promise<Figure | null>, show: (figure: Figure) => string): Promise<string>;
}
