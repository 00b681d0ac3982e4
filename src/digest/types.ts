/** What a digest is, and the port that keeps every one as it was posted. */
import type { Section } from "../communities/types.ts";
import type { ChartSpec } from "../core/chart.ts";
import type { Figure } from "../core/figure.ts";
import type { CommunityId, DigestId, OpinionId, ReceiptId, RoomId, TopicId } from "../core/ids.ts";
import type { PlainBlock } from "../core/reply.ts";
import type { Language } from "../core/texts.ts";
import type { Audience } from "../knowledge/types.ts";

export type DigestBlock =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "note"; readonly text: string }
  /** Counts of people by topic. They are kept with what they counted, so that an erased opinion does not go on being counted. */
  | {
      readonly kind: "pulse";
      readonly language: Language;
      readonly lines: readonly { readonly topic: TopicId; readonly version: number; readonly text: string }[];
    }
  /** What the community is asked, and the topic that an answer is an opinion on. */
  | { readonly kind: "question"; readonly topic: TopicId; readonly text: string }
  /** A quote is kept as a reference, so that it goes blank when its author erases it. */
  | { readonly kind: "opinion"; readonly opinion: OpinionId; readonly by: string }
  /** `picture` is the SHA-256 of the PNG in hex: it is kept once, however many digests show it. */
  | { readonly kind: "picture"; readonly picture: string; readonly alt: string; readonly name: string };

/** What rooms with the same wishes share. */
export interface DigestBody {
  /** Hash of the content. */
  readonly id: string;
  readonly composedAt: Date;
  readonly blocks: readonly DigestBlock[];
  /** Sources, ages, and that it is no advice: shown at the very end. */
  readonly print: readonly DigestBlock[];
  /** Every figure whose value stands in the text; they are kept as long as the digest. */
  readonly figures: readonly ReceiptId[];
}

export interface Digest {
  readonly id: DigestId;
  readonly community: CommunityId;
  readonly room: RoomId;
  /** `YYYY-MM-DD` in the room's zone. */
  readonly localDate: string;
  readonly composedAt: Date;
  readonly body: DigestBody;
  /** What concerns this community alone: its pulse, and what changed since its last digest. */
  readonly own: readonly DigestBlock[];
}

export interface Picture {
  /** SHA-256 of the PNG in hex. */
  readonly id: string;
  readonly png: Uint8Array;
}

export interface DigestStore {
  /**
   * Keeps the digest, its body and its pictures; what is kept already stays. Durable when it resolves. Its figures are stored before.
   * @returns whether the digest is new; where it is not, the one that was kept counts
   */
  save(digest: Digest, pictures: readonly Picture[]): Promise<boolean>;
  find(id: DigestId): Promise<Digest | null>;
  /** The newest digest of a local date in the community. Here and below: of those that were posted, wholly or in part, or may have been. */
  on(community: CommunityId, localDate: string): Promise<Digest | null>;
  /** The newest digest that was composed for the room before, as a room of this community. */
  last(community: CommunityId, room: RoomId, before: Date): Promise<Digest | null>;
  /** Local dates with a digest, newest first. */
  dates(community: CommunityId, limit: number): Promise<readonly string[]>;
  picture(id: string): Promise<Uint8Array | null>;
  /** The texts of these opinions of the community that still exist and may be quoted. */
  quotes(community: CommunityId, ids: readonly OpinionId[]): Promise<ReadonlyMap<OpinionId, string>>;
  /** Deletes bodies older than a day that no digest names, and pictures that no body and no digest names. Returns how many of both. */
  sweep(now: Date): Promise<number>;
}

/** For whom a digest is made. */
export interface Place {
  readonly community: CommunityId;
  readonly room: RoomId;
  /** IANA name. */
  readonly zone: string;
  /** Sections of one subscription; null where the community's settings decide. */
  readonly sections: readonly Section[] | null;
  /** `YYYY-MM-DD`; default: today in the zone. */
  readonly localDate?: string;
  /** Said at the end; asked for where a digest is made, and not where a kept one is posted again. */
  readonly notes?: () => Promise<readonly string[]>;
}

/** Draws a chart as PNG; null where there is too little to draw. */
export type DrawChart = (spec: ChartSpec) => Promise<Uint8Array | null>;

export interface Narrative {
  /** Inline markup with the values in it. */
  readonly text: string;
  /** Those in it. */
  readonly figures: readonly Figure[];
  /** Says by which prompt and model it was written; null where that could not be stored. */
  readonly receipt: ReceiptId | null;
}

/** Two to four sentences over the facts, checked against them; null where none passed. Never rejects. */
export type Narrator = (figures: readonly Figure[], audience: Audience) => Promise<Narrative | null>;

/** What the domain writes about its work. */
export interface DigestLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface KeptDigest {
  readonly digest: Digest;
  readonly blocks: readonly PlainBlock[];
  readonly figures: readonly Figure[];
}

/** The digest domain as commands and the courier see it. */
export interface Digests {
  /** Composes today's digest, keeps it, and gives it as it is posted. The same id gives the same digest again; null is a new one. */
  post(
    id: DigestId | null,
    place: Place,
  ): Promise<{
    readonly id: DigestId;
    readonly blocks: readonly PlainBlock[];
    /** The topic of the question in it; null where it asks none. */
    readonly asks: TopicId | null;
  }>;
  /** The newest digest of a date as it was posted; null where there was none. */
  on(community: CommunityId, localDate: string): Promise<KeptDigest | null>;
  /** One digest of this community as it was posted: a date may have several. */
  find(community: CommunityId, id: DigestId): Promise<KeptDigest | null>;
  dates(community: CommunityId, limit: number): Promise<readonly string[]>;
}
