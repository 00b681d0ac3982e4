/** What this bot reads of an update, as schemas: Telegram's objects are larger, change often, and are never trusted. */
import { z } from "zod";

/** The kinds of update that are asked for; everything else never reaches the process. */
export const allowedUpdates = [
  "message",
  "channel_post",
  "callback_query",
  "inline_query",
  "my_chat_member",
  "poll_answer",
  "poll",
] as const;

/** A part without which the update still makes sense: whatever is wrong with it, it counts as absent. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

/** Ids have at most 52 significant bits (Bot API, Chat), so `z.int()`, which refuses unsafe integers, holds them all. */
const chat = z.object({ id: z.int(), type: z.enum(["private", "group", "supergroup", "channel"]) });
const user = z.object({
  id: z.int(),
  is_bot: z.boolean().catch(false),
  first_name: z.string().catch(""),
  username: optional(z.string()),
  language_code: optional(z.string()),
});
const anyChat = z.object({ id: z.int() });
const entity = z.object({ type: z.string(), url: optional(z.string()) });

/** Only its presence counts, so nothing else of it is kept. */
const presence = z
  .unknown()
  .optional()
  .transform((value) => (value == null ? null : true));

const repliedTo = z.object({
  message_id: z.int(),
  from: optional(user),
  sender_chat: optional(anyChat),
  text: optional(z.string()),
  caption: optional(z.string()),
  entities: optional(z.array(entity)),
  reply_markup: optional(z.object({ inline_keyboard: z.array(z.array(z.object({ callback_data: optional(z.string()) }))) })),
  // The words are not, or not only, the sender's own.
  forward_origin: presence,
  via_bot: presence,
});

const message = z.object({
  message_id: z.int(),
  chat,
  from: optional(user),
  sender_chat: optional(anyChat),
  message_thread_id: optional(z.int()),
  is_topic_message: optional(z.boolean()),
  is_automatic_forward: optional(z.boolean()),
  text: optional(z.string()),
  reply_to_message: optional(repliedTo),
  migrate_to_chat_id: optional(z.int()),
  migrate_from_chat_id: optional(z.int()),
});

const callbackQuery = z.object({
  id: z.string(),
  from: user,
  data: optional(z.string()),
  message: optional(
    z.object({
      message_id: z.int(),
      chat,
      message_thread_id: optional(z.int()),
      is_topic_message: optional(z.boolean()),
      reply_to_message: optional(repliedTo),
    }),
  ),
});

const inlineQuery = z.object({ id: z.string(), query: z.string().catch("") });

const member = z.object({
  status: z.string(),
  is_member: optional(z.boolean()),
  can_send_messages: optional(z.boolean()),
  can_post_messages: optional(z.boolean()),
});
const myChatMember = z.object({ chat, from: user, old_chat_member: member, new_chat_member: member });

/** It becomes part of a key, so that it must be one that a database takes. */
const pollId = z.string().regex(/^[\w-]{1,64}$/);
/** As the database counts. */
const count = z.int32().min(0);
/** Of what the bot asked itself, so that nothing is lost where a text has in it what no text can have. */
const pollText = z.string().transform((text) => text.toWellFormed().replaceAll("\0", ""));

const pollAnswer = z.object({
  poll_id: pollId,
  user: optional(user),
  voter_chat: optional(anyChat),
  option_ids: z.array(count),
});
const poll = z.object({
  id: pollId,
  question: pollText,
  is_closed: z.boolean(),
  options: z.array(z.object({ text: pollText, voter_count: count })),
});

export type PollAnswer = z.infer<typeof pollAnswer>;
export type PollState = z.infer<typeof poll>;
export type IncomingMessage = z.infer<typeof message>;
export type RepliedTo = z.infer<typeof repliedTo>;
export type CallbackQuery = z.infer<typeof callbackQuery>;
export type InlineQuery = z.infer<typeof inlineQuery>;
export type MyChatMember = z.infer<typeof myChatMember>;
export type Member = z.infer<typeof member>;
export type IncomingChat = z.infer<typeof chat>;
export type User = z.infer<typeof user>;

export type ReadUpdate =
  | { readonly kind: "message"; readonly message: IncomingMessage }
  | { readonly kind: "press"; readonly query: CallbackQuery }
  | { readonly kind: "inline"; readonly query: InlineQuery }
  | { readonly kind: "membership"; readonly change: MyChatMember }
  | { readonly kind: "answer"; readonly answer: PollAnswer }
  | { readonly kind: "poll"; readonly poll: PollState }
  /** `where` names the fields that are not as documented, never their content. */
  | { readonly kind: "malformed"; readonly what: string; readonly where: readonly string[]; readonly queryId?: string }
  | { readonly kind: "unknown" };

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

/** What something is called in a key: not every value can be made a text, and one that cannot must not stop all updates behind it. */
const named = (id: unknown): string => (typeof id === "string" || typeof id === "number" ? String(id) : "");

/** The id of a raw update, null where it has none. */
export function updateId(update: unknown): number | null {
  const id = fields(update).update_id;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : null;
}

/** Reads a raw update; never throws. */
export function readUpdate(update: unknown): ReadUpdate {
  const raw = fields(update);
  const [what] = allowedUpdates.filter((kind) => raw[kind] !== undefined && raw[kind] !== null);
  const read = <T>(schema: z.ZodType<T>, make: (value: T) => ReadUpdate): ReadUpdate => {
    const parsed = schema.safeParse(raw[what ?? ""]);
    if (parsed.success) return make(parsed.data);
    const id = fields(raw[what ?? ""]).id;
    const where = parsed.error.issues.map((issue) => issue.path.join("."));
    return { kind: "malformed", what: what ?? "", where, ...(what === "callback_query" && typeof id === "string" ? { queryId: id } : {}) };
  };
  switch (what) {
    case "message":
    case "channel_post":
      return read(message, (value) => ({ kind: "message", message: value }));
    case "callback_query":
      return read(callbackQuery, (query) => ({ kind: "press", query }));
    case "inline_query":
      return read(inlineQuery, (query) => ({ kind: "inline", query }));
    case "my_chat_member":
      return read(myChatMember, (change) => ({ kind: "membership", change }));
    case "poll_answer":
      return read(pollAnswer, (answer) => ({ kind: "answer", answer }));
    case "poll":
      return read(poll, (state) => ({ kind: "poll", poll: state }));
    default:
      return { kind: "unknown" };
  }
}

/** What was read, as an update again: only what this bot reads, and nothing else of it. Null for what cannot be handled. */
export function rawOf(read: ReadUpdate): Fields | null {
  switch (read.kind) {
    case "message":
      return { message: read.message };
    case "press":
      return { callback_query: read.query };
    case "membership":
      return { my_chat_member: read.change };
    case "answer":
      return { poll_answer: read.answer };
    case "poll":
      return { poll: read.poll };
    default:
      return null;
  }
}

/**
 * Updates that share a key are handled one after the other. Messages share their chat's. A press shares one with presses
 * on the same message and by the same member, but none with the chat, so that a slow command does not keep a spinner
 * turning. Inline queries have none: only the newest matters.
 */
export function orderKeys(update: unknown): readonly string[] {
  const raw = fields(update);
  const press = fields(raw.callback_query);
  if (raw.callback_query !== undefined) {
    const pressed = fields(press.message);
    return [`user:${named(fields(press.from).id)}`, `message:${named(fields(pressed.chat).id)}:${named(pressed.message_id)}`];
  }
  const answer = fields(raw.poll_answer);
  // What a voter does in one poll is taken in order; the end of a poll waits for nobody.
  if (raw.poll_answer !== undefined)
    return [`vote:${named(answer.poll_id)}:${named(fields(answer.voter_chat).id ?? fields(answer.user).id)}`];
  const about = fields(raw.message ?? raw.channel_post ?? raw.my_chat_member);
  // Both service messages of a migration name both chats, and whatever follows in either waits for the move.
  const chats = [fields(about.chat).id, about.migrate_to_chat_id, about.migrate_from_chat_id];
  return chats.filter((id) => typeof id === "number").map((id) => `chat:${id}`);
}

/** Into how many lanes updates are divided among processes: more than there will be processes, few enough to renew a lease for each. */
export const laneCount = 16;

/**
 * The lane of an update: everything of one chat is in one, and everything of one poll. What shares a key in two chats, such as a member's
 * presses, is only in order within a process.
 */
export function laneOf(read: ReadUpdate): number {
  switch (read.kind) {
    case "message":
      return laneOfChat(read.message.chat.id);
    case "press":
      return laneOfChat(read.query.message?.chat.id ?? read.query.from.id);
    case "membership":
      return laneOfChat(read.change.chat.id);
    case "answer":
      return laneOfPoll(read.answer.poll_id);
    case "poll":
      return laneOfPoll(read.poll.id);
    default:
      return 0;
  }
}

const laneOfChat = (id: number): number => Math.abs(id) % laneCount;
const laneOfPoll = (id: string): number => (/^\d{1,20}$/.test(id) ? Number(BigInt(id) % BigInt(laneCount)) : 0);
