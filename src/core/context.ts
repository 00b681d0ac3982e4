/** Who speaks, where, and what reaches a command. */
import type { CommunityId, MemberId, PlatformName, RoomId } from "./ids.ts";
import type { Since } from "./newcomer.ts";
import type { Standing } from "./poll.ts";

export interface Actor {
  /** Pseudonym under the current key. */
  readonly member: MemberId;
  /** Pseudonyms under earlier keys, whose rows are moved to `member` when this person returns. */
  readonly former: readonly MemberId[];
  /** A person, who can press buttons; false for a channel or an admin who writes in the group's name. */
  readonly person: boolean;
  /** When the account was made and when it joined this community, where the platform says so. Never stored. */
  readonly since?: Since;
  /**
   * May use admin commands of this community; default: the one where they speak. They differ when a button made in a
   * community is pressed in the private chat. Asked only when a command needs it; throws nothing.
   */
  readonly isAdmin: (community?: CommunityId) => Promise<boolean>;
  /** Whether they are a member of where they speak; absent where nobody else can speak. Throws nothing. */
  readonly standing?: () => Promise<Standing>;
}

export interface Room {
  readonly id: RoomId;
  readonly community: CommunityId;
  /** `private`: one member and the bot. `public`: everything else. */
  readonly kind: "private" | "public";
  /** Whether this place can show an answer to one member only. */
  readonly privateAnswers: boolean;
}

/** A message that the member points at: a Discord message menu, a Telegram reply, or the quote a consent button stands under. */
export interface Quoted {
  readonly text: string;
  readonly author: MemberId;
  /** How the platform shows the author to the room. Never stored. */
  readonly authorLabel: string;
}

export type Input =
  /** A typed line without the command's name. */
  | { readonly kind: "text"; readonly command: string; readonly line: string }
  /** Values that the platform has already taken apart. */
  | { readonly kind: "values"; readonly command: string; readonly values: Readonly<Record<string, unknown>> }
  /**
   * A pressed button, or a submitted form with its text, or with its fields by their arguments. `unasked`: the text is a reply to the message that carries the button, whose form was
   * not opened.
   */
  | {
      readonly kind: "button";
      readonly payload: string;
      readonly text?: string;
      readonly fields?: Readonly<Record<string, string>>;
      readonly unasked?: true;
    };

export interface Invocation {
  readonly platform: PlatformName;
  readonly input: Input;
  readonly actor: Actor;
  readonly room: Room;
  readonly replyTo?: Quoted;
  /** The same whenever the platform delivers the same request again, and never that of another one. */
  readonly key?: string;
  /** The speaker's own language, as the platform tells it (BCP 47). */
  readonly language?: string;
  /** Ends the work early: the platform is stopping, or the member gave up. */
  readonly signal?: AbortSignal;
}

/**
 * Tells the person what is being done while they wait; short, in inline markup.
 * @param what `partial`: the beginning of the answer itself, each time all of it, so that it may stand in the room and grow
 */
export type Progress = (note: string, what?: "partial") => void;

export interface Choice {
  readonly label: string;
  readonly value: string;
}

/** A half-typed argument that wants suggestions. */
export interface SuggestQuery {
  readonly command: string;
  readonly param: string;
  readonly typed: string;
  /** What stands in the other arguments already, as far as the platform says so. */
  readonly others: Readonly<Record<string, unknown>>;
  readonly room: Room;
}
