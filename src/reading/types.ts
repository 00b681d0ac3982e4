/** What a text says of a topic, whoever reads it, and the port that keeps how it was read. */
import type { MemberId, OpinionId, RoomId, TopicId } from "../core/ids.ts";
import type { Topic } from "../topics/types.ts";

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
