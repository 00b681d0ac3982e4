/** Answers messages: asks the core, and shows its answer so that a group never sees what is meant for one member. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Invocation } from "../../core/context.ts";
import { communityId, privateCommunityId } from "../../core/ids.ts";
import type { Incoming } from "../../core/inbox.ts";
import { literal } from "../../core/markup.ts";
import type { Dispatch, Pseudonymise } from "../../core/platform.ts";
import { type Answer, type SealedBlock, text } from "../../core/reply.ts";
import type { Texts } from "../../core/texts.ts";
import type { Logger } from "../../lib/logger.ts";
import type { BotApi, Me } from "./client.ts";
import { startLink } from "./deep-link.ts";
import { migratedTo, noteOf, sendFailure } from "./failures.ts";
import {
  type ActorDeps,
  actorOf,
  type Catalogue,
  communityOf,
  meaningOf,
  type Place,
  personOf,
  placeOf,
  quotedOf,
  roomIdOf,
  roomOf,
  type Speaker,
  speakerOf,
} from "./inbound.ts";
import { type Drawn, type DrawOptions, draw, drawAll, linkKeyboard, post, replace } from "./message.ts";
import { type Standing, startProgress } from "./progress.ts";
import type { RoomKeeper } from "./rooms.ts";
import type { Timing } from "./timing.ts";
import type { IncomingMessage, ReadUpdate, RepliedTo } from "./updates.ts";

/** What every handler works with once Telegram has told who the bot is. */
export interface Desk extends ActorDeps {
  readonly me: Me;
  readonly api: BotApi;
  readonly dispatch: Dispatch;
  readonly rooms: RoomKeeper;
  readonly pseudonymise: Pseudonymise;
  readonly catalogue: () => Catalogue;
  readonly log: Logger;
  readonly timing: Timing;
  /** Fires when the platform stops and what is in flight should come to an end. */
  readonly stopping: AbortSignal;
}

/** Why a reply to an answer is not taken for a question. */
const unheard: ReadonlySet<string> = new Set(["not_asked", "not_yours", "expired_button"]);

export async function handleMessage(desk: Desk, message: IncomingMessage, key: string | undefined): Promise<void> {
  const { chat, migrate_to_chat_id: to, migrate_from_chat_id: from } = message;
  if (to) return desk.rooms.migrated(chat.id, to);
  if (from) return desk.rooms.migrated(from, chat.id);
  const speaker = speakerOf(message);
  if (speaker === null) return;
  const place = placeOf(message);
  const meaning = meaningOf(message, place, desk.me, desk.catalogue());
  if (meaning.kind === "nothing") return;
  if (meaning.kind === "hint") return show(desk, place, [text(await hint(desk, place, speaker))], {});
  const replyTo = quotedOf(message.reply_to_message, desk.pseudonymise);
  const quotedMessage = replyTo === undefined ? undefined : message.reply_to_message?.message_id;
  // Whoever filled in a form is answered under the form: a reply to their words would look like a quote of them.
  const asking = meaning.input.kind === "button" && !meaning.input.unasked ? message.reply_to_message?.message_id : message.message_id;
  const threading: Threading = { quotedMessage, asking, asker: quotedMessage === undefined ? undefined : speaker };
  const typing = startTyping(desk, place);
  const progress = startProgress(desk, place, optionsIn(desk, place, threading), message.message_id, target(place, threading));
  const asked = invocationOf(desk, { place, speaker, input: meaning.input, replyTo, key });
  const answer = await desk.dispatch.answer(asked, progress.say).finally(typing.end);
  const standing = await progress.end();
  // Words to somebody else's answer, or to one that asks for nothing, are between people.
  if (meaning.input.kind === "button" && meaning.input.unasked && unheard.has(answer.error ?? "")) {
    if (place.kind === "private") await show(desk, place, [text(await hint(desk, place, speaker))], {});
    return;
  }
  // Said once already: a chat has no room for an answer to each message of a flood.
  if (answer.error === "slow_down_told") return;
  const { doors: words } = await wordsIn(desk, place, speaker);
  await showAnswer(desk, place, answer, threading, { standing, words });
}

export interface Asked {
  readonly place: Place;
  readonly speaker: Speaker;
  readonly input: Invocation["input"];
  readonly replyTo?: Invocation["replyTo"] | undefined;
  /** Names the update. */
  readonly key: string | undefined;
}

export function invocationOf(desk: Desk, { place, speaker, input, replyTo, key }: Asked): Invocation {
  // What was said before the group moved belongs to where it is now; the answer finds its own way there.
  const here = { ...place, chat: desk.rooms.current(place.chat) };
  const actor = actorOf(speaker, here, desk);
  return {
    platform: "telegram",
    input,
    actor,
    room: roomOf(here, actor),
    signal: desk.stopping,
    ...(speaker.kind === "person" && speaker.language !== undefined ? { language: speaker.language } : {}),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(key === undefined ? {} : { key }),
  };
}

/**
 * Whose words an update holds and where it belongs. Null where it need not outlive this process: nothing follows from it, or, with an
 * inline query, nobody waits for it any more after a restart.
 */
export function ownerOf(desk: Desk, read: ReadUpdate): Omit<Incoming, "id" | "payload"> | null {
  switch (read.kind) {
    case "message": {
      const { message } = read;
      const [place, speaker] = [placeOf(message), speakerOf(message)];
      const moves = Boolean(message.migrate_to_chat_id || message.migrate_from_chat_id);
      const asks = speaker !== null && meaningOf(message, place, desk.me, desk.catalogue()).kind !== "nothing";
      return moves || asks ? owner(desk, place, speaker ?? { kind: "chat", id: place.chat }, message.reply_to_message) : null;
    }
    case "press": {
      const { message, data, from } = read.query;
      return message && data ? owner(desk, placeOf(message), personOf(from), message.reply_to_message) : null;
    }
    case "answer": {
      const voter = read.answer.voter_chat?.id ?? read.answer.user?.id;
      if (voter === undefined) return null;
      // Where it was asked is not said: what stays for a moment is the voter's own.
      const { member } = desk.pseudonymise("telegram", String(voter));
      return { member, quoted: null, community: privateCommunityId("telegram", member) };
    }
    case "poll":
      // Of an open poll it tells no more than its votes do.
      if (!read.poll.is_closed) return null;
      return { member: null, quoted: null, community: communityId("telegram", "polls") };
    case "membership":
      return read.change.chat.type === "private" ? null : owner(desk, placeOf(read.change), personOf(read.change.from), null);
    default:
      return null;
  }
}

function owner(desk: Desk, place: Place, speaker: Speaker, replied: RepliedTo | null | undefined): Omit<Incoming, "id" | "payload"> {
  const { member } = desk.pseudonymise("telegram", String(speaker.id));
  const community = communityOf({ ...place, chat: desk.rooms.current(place.chat) }, member);
  return { member, quoted: quotedOf(replied, desk.pseudonymise)?.author ?? null, community };
}

/** The one sentence that a flooded chat sees instead of answers. */
export async function sayFlooded(desk: Desk, message: IncomingMessage): Promise<void> {
  const place = placeOf(message);
  const { doors } = await wordsIn(desk, place, speakerOf(message));
  await show(desk, place, [text(doors.flooded)], { asking: message.message_id });
}

/** The words of a place; in a private chat, those of whoever it is with. */
export function wordsIn({ dispatch, rooms, pseudonymise }: Desk, place: Place, speaker: Speaker | null): Promise<Texts> {
  const { member } = pseudonymise("telegram", String(speaker?.id ?? place.chat));
  return dispatch.texts(communityOf({ ...place, chat: rooms.current(place.chat) }, member));
}

async function hint(desk: Desk, place: Place, speaker: Speaker): Promise<string> {
  const { example } = desk.catalogue();
  return (await wordsIn(desk, place, speaker)).doors.hint(example === undefined ? null : literal(example));
}

/** What a place may see of an answer: everything, a short line, or a line with the way to the private chat. */
export type Shown = { readonly blocks: readonly SealedBlock[]; readonly link?: string };

export function shownIn(place: Place, answer: Answer, me: Me, words: Texts["doors"]): Shown {
  if (place.kind === "private" || !answer.private) return { blocks: answer.blocks };
  if (answer.brief !== undefined) return { blocks: answer.brief };
  // Errors are short and hold nothing of anybody.
  if (answer.error !== undefined) return { blocks: answer.blocks };
  const link = answer.continueInPrivate === undefined ? null : startLink(me.username, answer.continueInPrivate.payload);
  const blocks = [text(words.elsewhere)];
  return link === null ? { blocks } : { blocks, link };
}

export interface Threading {
  /**
   * The message that the answer quotes. The answer must reply to it: a button below the answer then brings the quoted words
   * along, so that they need not be stored before their author agrees.
   */
  readonly quotedMessage?: number | undefined;
  /** The message, or the button's message, that asked. */
  readonly asking?: number | undefined;
  /** Who asked, where the answer replies to somebody else and a form must name whom it is for. */
  readonly asker?: Speaker | undefined;
}

const nowhere: Standing = { message: null, sure: true };

/** @param standing a message of its own that the answer replaces */
export async function showAnswer(
  desk: Desk,
  place: Place,
  answer: Answer,
  threading: Threading,
  { standing = nowhere, words }: { readonly standing?: Standing; readonly words: Texts["doors"] },
): Promise<void> {
  const { blocks, link } = shownIn(place, answer, desk.me, words);
  if (link === undefined) return show(desk, place, blocks, threading, standing);
  if (standing.message !== null) await takeAway(desk, place, standing.message);
  const drawn = draw(blocks, { username: desk.me.username, forms: "reply" });
  const markup = linkKeyboard(answer.continueInPrivate?.label ?? words.openInPrivate, link);
  await deliver(desk, place, { ...drawn, markup }, target(place, threading));
}

/** In a private chat it is clear what an answer belongs to; elsewhere it replies. */
const target = (place: Place, { quotedMessage, asking }: Threading): number | undefined =>
  quotedMessage ?? (place.kind === "private" ? undefined : asking);

const optionsIn = (desk: Desk, place: Place, { asker }: Threading): DrawOptions => ({
  username: desk.me.username,
  forms: place.kind === "channel" ? "link" : "reply",
  addressee: place.kind === "group" && asker?.kind === "person" ? asker : undefined,
});

async function show(
  desk: Desk,
  place: Place,
  blocks: readonly SealedBlock[],
  threading: Threading,
  { message: standing, sure }: Standing = nowhere,
): Promise<void> {
  const [first, ...rest] = drawAll(blocks, optionsIn(desk, place, threading));
  if (first === undefined) return;
  const replyTo = target(place, threading);
  const inPlace = standing !== null && (await replaced(desk, place, standing, first));
  if (!inPlace && !(await deliver(desk, place, first, replyTo))) return;
  for (const drawn of rest) if (!(await deliver(desk, place, drawn, replyTo))) return;
  if (!inPlace || sure) return;
  // A version of which nobody knows where it is may have come after the answer, in its place.
  await sleep(desk.timing.progressPatience);
  await replace(desk.api, place.chat, standing, first).catch((error: unknown) =>
    desk.log.info(noteOf(error), "an answer could not be said again"),
  );
}

/** Returns whether the message now says this; where it does not, it is not there any more, as far as that can be done. */
async function replaced(desk: Desk, place: Place, standing: number, drawn: Drawn): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (await replace(desk.api, place.chat, standing, drawn)) return true;
      break;
    } catch (error) {
      const { outcome } = sendFailure(error);
      desk.log.info({ ...noteOf(error), outcome }, "an answer could not be put in the place of its beginning");
      // Saying the same twice changes nothing, so what may have arrived is said again.
      if (outcome !== "unknown" || attempt > 1) break;
    }
  }
  await takeAway(desk, place, standing);
  return false;
}

async function takeAway({ api, log }: Desk, place: Place, message: number): Promise<void> {
  await api.deleteMessage(place.chat, message).catch((error: unknown) => log.info(noteOf(error), "a message could not be taken away"));
}

/** Posts one message of an answer; returns whether it stands in the chat. Nothing is repeated here: see `client.ts`. */
async function deliver(desk: Desk, place: Place, drawn: Drawn, replyTo?: number): Promise<boolean> {
  try {
    await post(desk.api, place, drawn, replyTo);
    desk.rooms.wroteIn(roomIdOf(place));
    return true;
  } catch (error) {
    const to = migratedTo(error);
    if (to !== null && place.chat !== to) {
      await desk.rooms.migrated(place.chat, to);
      // Message ids do not survive the move, so nothing is replied to.
      return deliver(desk, { ...place, chat: to }, drawn);
    }
    const { outcome } = sendFailure(error);
    desk.log[outcome === "refused" ? "info" : "warn"]({ ...noteOf(error), outcome }, "an answer was not shown");
    return false;
  }
}

/** "typing …" while an answer takes its time; the status fades after 5 s, and channels do not show it (Bot API, sendChatAction). */
function startTyping({ api, timing }: Desk, place: Place): { end(): void } {
  if (place.kind === "channel") return { end: () => undefined };
  const type = () => {
    timer = setTimeout(type, 4_500);
    api.sendChatAction(place.chat, "typing", place.thread === undefined ? {} : { message_thread_id: place.thread }).catch(() => undefined);
  };
  let timer = setTimeout(type, timing.typingAfter);
  return { end: () => clearTimeout(timer) };
}
