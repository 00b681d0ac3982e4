/** From an interaction to what the core understands: who, where, and what was asked. */
import { PermissionFlagsBits } from "discord-api-types/v10";
import { type PayloadKind, payloadKind } from "../../core/buttons.ts";
import type { CommandInfo } from "../../core/command.ts";
import type { Actor, Invocation, Quoted, Room, SuggestQuery } from "../../core/context.ts";
import { type CommunityId, communityId, type MemberId, privateCommunityId, roomId } from "../../core/ids.ts";
import type { Pseudonymise } from "../../core/platform.ts";
import { ephemeral } from "./limits.ts";
import { madeAt } from "./made-at.ts";
import { readExact } from "./markdown.ts";
import { readModal } from "./modal.ts";
import type { RawInteraction, RawMessage } from "./payloads.ts";
import { quoteColour, readPayload } from "./render.ts";

/** How an interaction wants to be acknowledged before its answer is known. */
export interface Plan {
  /** The answer is probably for the asking member only. */
  readonly private: boolean;
  /** The answer may be a form, which can only be the first acknowledgement. */
  readonly mayOpenForm: boolean;
  /** The answer replaces the message with the pressed button; `ephemeral` where only the member sees that message. */
  readonly update: false | "public" | "ephemeral";
}

export type Inbound =
  /** `admin`: someone who administers a server that has the bot, and may be greeted. */
  | { readonly kind: "command"; readonly invocation: Omit<Invocation, "signal">; readonly plan: Plan; readonly admin: boolean }
  | { readonly kind: "autocomplete"; readonly query: SuggestQuery }
  /** Well formed, but nothing this program has offered. */
  | { readonly kind: "unknown" };

export interface InboundContext {
  readonly pseudonymise: Pseudonymise;
  readonly command: (name: string) => CommandInfo | undefined;
  /** The command behind a label of the message menu. */
  readonly menu: (label: string) => CommandInfo | undefined;
}

const languageOf = ({ locale }: RawInteraction): Pick<Invocation, "language"> => (locale == null ? {} : { language: locale });

/** Interaction types (interactions/receiving-and-responding, "Interaction Type"). */
const types = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** A command of a message's menu (interactions/application-commands, "Application Command Types"). */
const menuCommand = 3;

/** @throws TypeError where the event does not say who asked, or where */
export function readInteraction(raw: RawInteraction, context: InboundContext): Inbound {
  const who = readActor(raw, context.pseudonymise);
  const room = readRoom(raw, who.actor.member);
  const base = { platform: "discord", actor: who.actor, room, key: `discord:${raw.id}`, ...languageOf(raw) } as const;
  const data = raw.data ?? {};
  const foreign = readPlace(raw) === "foreign";
  const asked = (input: Invocation["input"], plan: Plan, replyTo?: Quoted): Inbound => ({
    kind: "command",
    invocation: { ...base, input, ...(replyTo === undefined ? {} : { replyTo }) },
    plan: { ...plan, private: plan.private || foreign },
    admin: who.admin,
  });
  switch (raw.type) {
    case types.command: {
      const fromMenu = data.type === menuCommand;
      const name = data.name ?? "";
      const info = fromMenu ? context.menu(name) : context.command(name);
      const values = fromMenu ? {} : readOptions(data.options);
      const target = fromMenu ? readTarget(data, context.pseudonymise) : undefined;
      // The words of a message, where it has any, are what a form would ask for.
      const missing = info?.opensForm ?? null;
      const mayOpenForm = missing !== null && target === undefined && values[missing] === undefined;
      const plan = { private: info?.visibility !== "public", mayOpenForm, update: false } as const;
      return asked({ kind: "values", command: info?.name ?? name, values }, plan, target);
    }
    case types.component: {
      const payload = readPayload(data.custom_id ?? "");
      const kind = payloadKind(payload);
      // A press is answered even where the button was never ours to make: dispatch says that it is no longer valid.
      const plan = { private: kind?.manner !== "open", mayOpenForm: kind?.manner === "form", update: updates(kind, raw.message) };
      return asked({ kind: "button", payload }, plan, readQuote(raw.message, who.actor.member));
    }
    case types.modal: {
      const payload = data.custom_id ?? "";
      const filledIn = readModal(
        data.components?.flatMap((c) => [...(c.component == null ? [] : [c.component]), ...(c.components ?? [])]) ?? [],
      );
      const plan = {
        private: filledIn.private,
        mayOpenForm: false,
        update: updates(payloadKind(payload), raw.message),
      };
      const { text, fields } = filledIn;
      const said = fields === null ? { text } : { fields };
      return asked({ kind: "button", payload, ...said }, plan, readQuote(raw.message, who.actor.member));
    }
    case types.autocomplete: {
      const focused = data.options?.find((o) => o.focused === true);
      if (focused === undefined || data.name == null) return { kind: "unknown" };
      const others = readOptions(data.options?.filter((option) => option !== focused));
      return { kind: "autocomplete", query: { command: data.name, param: focused.name, typed: String(focused.value ?? ""), others, room } };
    }
    default:
      return { kind: "unknown" };
  }
}

const updates = (kind: PayloadKind | null, message: RawMessage | null | undefined): Plan["update"] =>
  kind?.update !== true || message == null ? false : ((message.flags ?? 0) & ephemeral) === 0 ? "public" : "ephemeral";

function readOptions(options: NonNullable<RawInteraction["data"]>["options"]): Record<string, unknown> {
  return Object.fromEntries((options ?? []).flatMap(({ name, value }) => (value == null ? [] : [[name, value]])));
}

function readActor(raw: RawInteraction, pseudonymise: Pseudonymise): { actor: Actor; admin: boolean } {
  const user = raw.member?.user ?? raw.user;
  if (user == null) throw new TypeError("an interaction without a user");
  const { member, former } = pseudonymise("discord", user.id);
  const place = readPlace(raw);
  // In the chat with the bot members administer what is theirs alone. Where the bot is no member there is nothing to administer.
  const admin = place === "private" || (place === "community" && managesServer(raw.member?.permissions));
  const home = communityOf(raw, member);
  // A button of a community that is pressed in the chat with the bot finds nobody's permissions there.
  const isAdmin = async (community = home) => admin && community === home;
  const since = { account: madeAt(user.id), ...joinedAt(raw.member?.joined_at) };
  return { actor: { member, former, person: true, since, isAdmin }, admin: admin && place === "community" };
}

function joinedAt(text: string | null | undefined): { readonly joined?: Date } {
  const joined = text == null ? Number.NaN : Date.parse(text);
  return Number.isNaN(joined) ? {} : { joined: new Date(joined) };
}

/** The computed permissions in this channel; Administrator implies every other. */
function managesServer(permissions: string | null | undefined): boolean {
  if (permissions == null || !/^\d+$/.test(permissions)) return false;
  return (BigInt(permissions) & (PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator)) !== 0n;
}

/**
 * Where an interaction takes place:
 * - `community`: a server that has added the bot;
 * - `private`: the member's chat with the bot;
 * - `foreign`: anywhere else a member brings a bot installed for themselves: other servers, group chats, chats with other people.
 *   Those places never agreed to the bot, so nothing of them is stored or shown: what is said there belongs to the member's own private
 *   community, as if it had been said in the chat with the bot. Others can read the answers, so the room counts as public.
 */
function readPlace(raw: RawInteraction): "community" | "private" | "foreign" {
  const owners = raw.authorizing_integration_owners;
  if (raw.guild_id != null) return owners == null || owners["0"] === raw.guild_id ? "community" : "foreign";
  if (raw.context === 1) return "private";
  // Before `context` existed (2024) there were only servers and the chat with the bot. Channel type 1 is a chat of two.
  return raw.context == null && (owners == null || owners["0"] === "0") && raw.channel?.type !== 3 ? "private" : "foreign";
}

function readRoom(raw: RawInteraction, member: MemberId): Room {
  const channel = raw.channel_id ?? raw.channel?.id;
  if (channel == null) throw new TypeError("an interaction without a channel");
  const place = readPlace(raw);
  return {
    id: roomId("discord", channel),
    community: communityOf(raw, member),
    kind: place === "private" ? "private" : "public",
    privateAnswers: true,
  };
}

const communityOf = (raw: RawInteraction, member: MemberId): CommunityId =>
  readPlace(raw) === "community" && raw.guild_id != null ? communityId("discord", raw.guild_id) : privateCommunityId("discord", member);

/** The message whose menu was opened; without its text where no person wrote it, because nobody could consent to its being logged. */
function readTarget(data: NonNullable<RawInteraction["data"]>, pseudonymise: Pseudonymise): Quoted | undefined {
  const message = data.target_id == null ? undefined : data.resolved?.messages?.[data.target_id];
  const author = message?.author;
  if (message === undefined || author == null) return undefined;
  const nick = data.resolved?.members?.[author.id]?.nick;
  return {
    text: author.bot === true || message.webhook_id != null ? "" : (message.content ?? ""),
    author: pseudonymise("discord", author.id).member,
    authorLabel: nick ?? author.global_name ?? author.username ?? "Someone",
  };
}

/**
 * The words quoted in the bot's own message above the pressed button, read back from the embed that `exactQuote` in render.ts drew.
 * The author is not in the message; dispatch puts in the one stored with the button, and believes no other.
 */
function readQuote(message: RawMessage | null | undefined, presser: MemberId): Quoted | undefined {
  const embed = message?.embeds?.find((e) => e.color === quoteColour);
  if (embed?.description == null) return undefined;
  return { text: readExact(embed.description), author: presser, authorLabel: embed.author?.name ?? "Someone" };
}
