/** What a digest is, and the port that keeps every one as it was posted. */
import type { CommunityId, DigestId, OpinionId, RoomId } from "../core/ids.ts";
import type { Block } from "../core/reply.ts";

/** A quote is kept as a reference, so that it goes blank when its author erases it. */
export interface QuoteReference {
  readonly kind: "quote_of";
  readonly opinion: OpinionId;
}

/** A picture is kept once, however many digests show it. */
export interface PictureReference {
  readonly kind: "picture_of";
  /** SHA-256 of the PNG in hex. */
  readonly picture: string;
  readonly alt: string;
  readonly name: string;
}

export type DigestBlock = Exclude<Block, { kind: "buttons" | "form" | "file" | "image" }> | QuoteReference | PictureReference;

export interface Digest {
  readonly id: DigestId;
  readonly community: CommunityId;
  readonly room: RoomId;
  /** `YYYY-MM-DD` in the room's zone. */
  readonly localDate: string;
  readonly composedAt: Date;
  readonly blocks: readonly DigestBlock[];
  /** Values by metric, for comparing one digest with another. */
  readonly values: Readonly<Record<string, number>>;
}
