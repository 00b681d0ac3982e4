/** The port that every chat platform implements, and what a platform may ask of the program. */

import type { CommandInfo } from "./command.ts";
import type { Choice, Invocation, Progress, SuggestQuery } from "./context.ts";
import type { BallotId, CommunityId, MemberId, PlatformName, RoomId } from "./ids.ts";
import type { LeaseStore } from "./lease.ts";
import type { NativePolls } from "./poll.ts";
import type { Answer, SealedBlock } from "./reply.ts";
import type { Texts } from "./texts.ts";
import type { Webhook } from "./webhook.ts";

/** One message that is delivered and proven under its own key. */
export interface Part {
  readonly blocks: readonly SealedBlock[];
}

/** The core as a platform sees it. Neither method ever rejects. */
export interface Dispatch {
  answer(invocation: Invocation, progress: Progress): Promise<Answer>;
  suggest(query: SuggestQuery): Promise<readonly Choice[]>;
  /** What a platform says of its own accord there; English where the language cannot be known. Never rejects. */
  texts(community: CommunityId): Promise<Texts>;
}

/** What platforms tell about rooms and communities, so that stored things move and end with them. */
export interface RoomStore {
  /** The bot was added, or is back. Returns true the first time ever, for the one greeting. */
  arrive(community: CommunityId, now: Date): Promise<boolean>;
  /** The bot was removed from, or blocked by, a community. Its data are erased 30 days later unless it returns. */
  leave(community: CommunityId, now: Date): Promise<void>;
  /** A group became a supergroup: everything stored moves to the new address. */
  migrate(from: CommunityId, to: CommunityId): Promise<void>;
  /** First set-up hint for an admin of this community: true exactly once. */
  greet(community: CommunityId, now: Date): Promise<boolean>;
  /** Communities of a platform that anything is stored of, and whether each was left. Private chats are not among them. */
  known(platform: PlatformName): Promise<readonly { readonly community: CommunityId; readonly left: boolean }[]>;
  /** Erases every community that was left before `before`; returns how many. */
  eraseLeft(before: Date): Promise<number>;
}

/** Rooms whose digests are paused, because the platform said that the bot may not post there, or that they are gone. */
export interface PausedRooms {
  /** Those of a platform, or of one community. */
  of(where: PlatformName | CommunityId): Promise<readonly { readonly room: RoomId; readonly community: CommunityId }[]>;
  /** The bot may post in them again: what is paused goes on with its next run. Returns how many digests that are. */
  resume(rooms: readonly RoomId[], now: Date): Promise<number>;
}

/** Turns a platform's user id into keyed pseudonyms, newest key first. */
export type Pseudonymise = (platform: PlatformName, userId: string) => { readonly member: MemberId; readonly former: readonly MemberId[] };

/** The platform's common limit of messages. */
export interface Pace {
  /** Resolves when one message may be sent to the room. Answers go before digests. Rejects with the signal's reason. */
  slot(lane: "answer" | "digest", room: RoomId, signal?: AbortSignal): Promise<void>;
  /**
   * The platform refused a message to this room for so many milliseconds: nothing goes there before.
   * @param everyone the refusal is known to hold for every room
   */
  refused(room: RoomId, ms: number, everyone?: boolean): void;
}

/** What processes need that share what a platform tells; null where there is one process alone. */
export type Sharing = { readonly leases: LeaseStore; readonly ttlMs: number } | null;

/** What proves that a message stands in its room. */
export interface Sent {
  readonly messageId: string;
  /** Where the message is a poll of the platform's own. */
  readonly ballot?: BallotId;
}

export interface Platform {
  readonly name: PlatformName;
  /** The platform's own polls; null where it has none. */
  readonly polls: NativePolls | null;
  /** The page that the platform posts to, where it was told to. */
  readonly webhook: Webhook | null;
  /** Whoever posts with `send` takes a slot for each message first. */
  readonly pace: Pace;
  /** Whether sending twice under one key shows one message. */
  readonly idempotentSend: boolean;
  /** Makes the commands known to the platform, where they changed. */
  publish(commands: readonly CommandInfo[]): Promise<void>;
  /** Resolves when the platform is being served. */
  start(dispatch: Dispatch): Promise<void>;
  /**
   * Whether the platform tells at this moment what happens there: every gateway connection stands, or polling works. Null where it is
   * for other processes to be told.
   */
  connected(): boolean | null;
  /**
   * Posts one part. Rejects only with SendError.
   * @param key deterministic key of this part, at most 25 characters
   */
  send(room: RoomId, part: Part, key: string): Promise<Sent>;
  /** Splits an answer into parts that each fit into one message; nothing is lost. */
  split(blocks: readonly SealedBlock[]): readonly Part[];
  /** Finishes what is in flight and closes; resolves when nothing of the platform runs any more. */
  stop(): Promise<void>;
}
