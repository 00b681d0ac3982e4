/** From what happened in a chat to what the core is asked: who speaks, where, about what. Pure but for the admin question. */
import { payloadKind } from "../../core/buttons.ts";
import type { Actor, Input, Quoted, Room } from "../../core/context.ts";
import { type CommunityId, communityId, type MemberId, privateCommunityId, type RoomId, roomId } from "../../core/ids.ts";
import type { Pseudonymise } from "../../core/platform.ts";
import type { Standing } from "../../core/poll.ts";
import type { Me } from "./client.ts";
import { linkedPayload, startedCommand, startedPayload } from "./deep-link.ts";
import type { IncomingChat, IncomingMessage, RepliedTo, User } from "./updates.ts";

export interface Person {
  readonly kind: "person";
  readonly id: number;
  readonly name: string;
  /** As Telegram tells it (BCP 47). */
  readonly language: string | undefined;
}

/** Who speaks, before anything is asked about them. */
export type Speaker =
  | Person
  /** An anonymous admin (the group itself), a channel, or a member who writes as a channel. */
  | { readonly kind: "chat"; readonly id: number };

export interface Place {
  readonly chat: number;
  readonly thread: number | undefined;
  readonly kind: "private" | "group" | "channel";
}

interface Placed {
  readonly chat: IncomingChat;
  readonly message_thread_id?: number | null | undefined;
  readonly is_topic_message?: boolean | null | undefined;
}

/** In ordinary groups a thread id only says which message a reply chain began with; only topics are places. */
export function placeOf({ chat, message_thread_id, is_topic_message }: Placed): Place {
  const kind = chat.type === "private" ? "private" : chat.type === "channel" ? "channel" : "group";
  return { chat: chat.id, kind, thread: is_topic_message === true ? (message_thread_id ?? undefined) : undefined };
}

/** Null for other bots, for posts that Telegram copies from a channel into its group, and for messages without a sender. */
export function speakerOf(message: IncomingMessage): Speaker | null {
  if (message.is_automatic_forward === true) return null;
  // A message on behalf of a chat has a made-up `from` (Bot API, Message), so the chat is asked first.
  if (message.sender_chat) return { kind: "chat", id: message.sender_chat.id };
  if (message.chat.type === "channel") return { kind: "chat", id: message.chat.id };
  return message.from && !message.from.is_bot ? personOf(message.from) : null;
}

export const personOf = (user: User): Person => ({
  kind: "person",
  id: user.id,
  name: nameOf(user),
  language: user.language_code ?? undefined,
});

const nameOf = (user: User): string => (user.first_name !== "" ? user.first_name : user.username ? `@${user.username}` : "someone");

export interface ActorDeps {
  /** Asks Telegram; throws nothing. */
  readonly standingIn: (chat: number, user: number) => Promise<Standing>;
  readonly pseudonymise: Pseudonymise;
  /** Asks Telegram; rejects where it does not answer. */
  readonly isChatAdmin: (chat: number, user: number) => Promise<boolean>;
}

export function actorOf(speaker: Speaker, place: Place, { pseudonymise, isChatAdmin, standingIn }: ActorDeps): Actor {
  const names = pseudonymise("telegram", String(speaker.id));
  const home = communityOf(place, names.member);
  return {
    ...names,
    person: speaker.kind === "person",
    isAdmin: async (community = home) => {
      if (place.kind === "private" && community === home) return true;
      // A group's button that is pressed in the private chat asks for the right in that group.
      const chat = Number(community.slice(community.indexOf(":") + 1));
      if (!Number.isSafeInteger(chat)) return false;
      // Only an anonymous admin writes as the group, and only admins post as the channel.
      if (speaker.kind === "chat") return speaker.id === chat;
      return isChatAdmin(chat, speaker.id).catch(() => false);
    },
    // In a public group anybody can press buttons.
    ...(place.kind !== "private" && speaker.kind === "person" ? { standing: () => standingIn(place.chat, speaker.id) } : {}),
  };
}

/** A private chat's community is named by the pseudonym alone; its address stays in the room id, which nothing stores. */
export const communityOf = (place: Place, member: MemberId): CommunityId =>
  place.kind === "private" ? privateCommunityId("telegram", member) : communityId("telegram", String(place.chat));

export const roomIdOf = ({ chat, thread }: Place): RoomId => roomId("telegram", thread === undefined ? String(chat) : `${chat}:${thread}`);

export function roomOf(place: Place, { member }: Pick<Actor, "member">): Room {
  const isPrivate = place.kind === "private";
  return {
    id: roomIdOf(place),
    community: communityOf(place, member),
    kind: isPrivate ? "private" : "public",
    privateAnswers: isPrivate,
  };
}

/**
 * The message that is pointed at, where it holds a person's own words: no bot's, no chat's, nothing forwarded or made by
 * an inline bot, and no command line (which every answer of this bot replies to).
 */
export function quotedOf(replied: RepliedTo | null | undefined, pseudonymise: Pseudonymise): Quoted | undefined {
  if (!replied?.from || replied.from.is_bot || replied.sender_chat || replied.forward_origin != null || replied.via_bot != null)
    return undefined;
  const text = replied.text ?? replied.caption;
  if (text === null || text === undefined || text.startsWith("/")) return undefined;
  return { text, author: pseudonymise("telegram", String(replied.from.id)).member, authorLabel: nameOf(replied.from) };
}

export interface Catalogue {
  /** Names of all commands. */
  readonly names: ReadonlySet<string>;
  /** Names of the commands that a link or an inline query may run: they only read. */
  readonly inline: readonly string[];
  /** What to show somebody who does not know how to ask. */
  readonly example: string | undefined;
}

export type Meaning =
  | { readonly kind: "ask"; readonly input: Input }
  /** Somebody writes to the bot in private, but no command. */
  | { readonly kind: "hint" }
  | { readonly kind: "nothing" };

const nothing: Meaning = { kind: "nothing" };
const ask = (input: Input): Meaning => ({ kind: "ask", input });

/** What a message wants of the bot. */
export function meaningOf(message: IncomingMessage, place: Place, me: Me, catalogue: Catalogue): Meaning {
  const { text } = message;
  if (text === null || text === undefined) return nothing;
  const command = /^\/([^\s@/]{1,64})(?:@(\w{1,64}))?(?=\s|$)\s*([\s\S]*)$/u.exec(text);
  if (command === null) {
    const form = formReplied(message.reply_to_message, me);
    if (form !== null) return ask({ kind: "button", payload: form, text });
    const offered = formOffered(message.reply_to_message, me);
    if (offered !== null) return ask({ kind: "button", payload: offered, text, unasked: true });
    return place.kind === "private" ? { kind: "hint" } : nothing;
  }
  const [, name = "", addressee, line = ""] = command;
  if (addressee !== undefined && addressee.toLowerCase() !== me.username.toLowerCase()) return nothing;
  // In a group an unknown command without a name may be another bot's.
  if (place.kind !== "private" && addressee === undefined && !catalogue.names.has(name.toLowerCase())) return nothing;
  if (name.toLowerCase() === "start") return ask(started(line.trim(), place, catalogue));
  return ask({ kind: "text", command: name, line });
}

/** `/start` with the parameter of a link; a parameter that means nothing here is left out, as the person never typed it. */
function started(parameter: string, place: Place, { inline }: Catalogue): Input {
  const plain: Input = { kind: "text", command: "start", line: "" };
  if (place.kind !== "private") return plain;
  const payload = startedPayload(parameter);
  if (payload !== null) return { kind: "button", payload };
  const command = startedCommand(parameter, inline);
  return command === null ? plain : { kind: "text", ...command };
}

/** The payload of the bot's own form message that is replied to. */
function formReplied(replied: RepliedTo | null | undefined, me: Me): string | null {
  if (replied?.from?.id !== me.id) return null;
  for (const { type, url } of replied.entities ?? []) {
    const payload = type === "text_link" && url ? linkedPayload(me.username, url) : null;
    if (payload !== null) return payload;
  }
  return null;
}

/** The payload of the form that a button below the bot's own message would open. */
function formOffered(replied: RepliedTo | null | undefined, me: Me): string | null {
  if (replied?.from?.id !== me.id) return null;
  const payloads = replied.reply_markup?.inline_keyboard.flat().map(({ callback_data }) => callback_data ?? "") ?? [];
  return payloads.find((payload) => payloadKind(payload)?.manner === "form") ?? null;
}
