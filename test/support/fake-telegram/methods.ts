/** The Bot API's methods, as far as this bot uses them, over the fake's world. */
import type { FakeChat, FakeMessage } from "./chat.ts";
import { messageJson, shownButtons } from "./chat.ts";
import { callbackAnswerProblem, commandsProblem, inlineAnswerProblem, markupProblem, photoProblem, textProblem } from "./limits.ts";
import { list, number, type Payload, record, string, type UploadedFile } from "./payload.ts";
import { closePoll, type FakePoll, pollOf, pollProblem } from "./polls.ts";
import type { World } from "./world.ts";

/** An answer with an error of the server's wording. `broken` marks what a correct bot never does. */
export class ApiError extends Error {
  readonly code: number;
  readonly parameters: Payload | undefined;
  readonly broken: boolean;
  constructor(code: number, description: string, options: { parameters?: Payload; broken?: boolean } = {}) {
    super(description);
    this.code = code;
    this.parameters = options.parameters;
    this.broken = options.broken ?? false;
  }
}

const capital = (text: string): string => (/^[A-Z_]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
const badRequest = (what: string): ApiError => new ApiError(400, `Bad Request: ${capital(what)}`);

function demand(problem: string | null): void {
  if (problem !== null) throw new ApiError(400, `Bad Request: ${capital(problem)}`, { broken: true });
}

/** The chat of a call that writes there. */
function writable(world: World, payload: Payload): FakeChat {
  const chat = known(world, payload);
  if (chat.bot === "restricted" || (chat.muted && chat.bot === "member"))
    throw badRequest("not enough rights to send text messages to the chat");
  const thread = number(payload.message_thread_id);
  if (thread !== undefined && !chat.topics.has(thread)) throw badRequest("message thread not found");
  return chat;
}

/** The chat of a call, which the bot must be in. */
function known(world: World, payload: Payload): FakeChat {
  const chat = world.chats.get(number(payload.chat_id) ?? 0);
  if (chat === undefined) throw badRequest("chat not found");
  if (chat.migratedTo !== undefined)
    throw new ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      parameters: { migrate_to_chat_id: chat.migratedTo },
    });
  if (chat.kind === "private") {
    if (chat.bot === "kicked") throw new ApiError(403, "Forbidden: bot was blocked by the user");
    if (chat.bot === "left") throw new ApiError(403, "Forbidden: bot can't initiate conversation with a user");
  } else if (chat.bot === "kicked") throw new ApiError(403, `Forbidden: bot was kicked from the ${chat.kind} chat`);
  else if (chat.bot === "left") throw new ApiError(403, `Forbidden: bot is not a member of the ${chat.kind} chat`);
  return chat;
}

function repliedTo(chat: FakeChat, payload: Payload): FakeMessage | undefined {
  if (payload.reply_parameters === undefined) return undefined;
  const { message_id: id, allow_sending_without_reply: allowed } = record(payload.reply_parameters);
  const message = chat.find(number(id));
  if (message === undefined && allowed !== true) throw badRequest("message to be replied not found");
  return message;
}

function post(world: World, payload: Payload, text: string, entities: unknown, file?: UploadedFile, poll?: FakePoll): Payload {
  const chat = writable(world, payload);
  demand(markupProblem(payload.reply_markup, chat.kind));
  const message = chat.add({
    from: world.bot,
    senderChat: chat.kind === "channel" ? chat.id : undefined,
    thread: number(payload.message_thread_id),
    text,
    entities: list(entities).map(record),
    buttons: shownButtons(payload.reply_markup),
    replyTo: repliedTo(chat, payload),
    forceReply: record(payload.reply_markup).force_reply === true,
    file,
    ...(poll === undefined ? {} : { poll }),
  });
  chat.shows.emit({ message, edited: false });
  return messageJson(message);
}

function sendFile(world: World, payload: Payload, files: ReadonlyMap<string, UploadedFile>, field: string): Payload {
  const file = files.get((string(payload[field]) ?? "").replace("attach://", ""));
  if (file === undefined) throw badRequest("there is no file in the request");
  if (field === "photo") demand(photoProblem(file.content));
  const caption = string(payload.caption);
  if (caption !== undefined) demand(textProblem(caption, payload.caption_entities, 1024, "message caption is too long"));
  return post(world, payload, caption ?? "", payload.caption_entities, file);
}

function edit(world: World, payload: Payload, change: (message: FakeMessage) => Pick<FakeMessage, "text" | "entities">): Payload {
  const chat = writable(world, payload);
  demand(markupProblem(payload.reply_markup, chat.kind));
  const message = chat.find(number(payload.message_id));
  if (message === undefined) throw badRequest("message to edit not found");
  if (message.from !== world.bot) throw badRequest("message can't be edited");
  if (message.file !== undefined) throw badRequest("there is no text in the message to edit");
  const next = { ...change(message), buttons: shownButtons(payload.reply_markup) };
  const shown = ({ text, entities, buttons }: Pick<FakeMessage, "text" | "entities" | "buttons">) =>
    JSON.stringify([text, entities, buttons]);
  if (shown(next) === shown(message))
    throw badRequest(
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  Object.assign(message, next);
  message.edits++;
  chat.shows.emit({ message, edited: true });
  return messageJson(message);
}

type Method = (world: World, payload: Payload, files: ReadonlyMap<string, UploadedFile>) => unknown;

export const methods: Readonly<Record<string, Method>> = {
  getMe: ({ bot }) => ({ id: bot.id, is_bot: true, first_name: bot.name, username: bot.username, supports_inline_queries: true }),
  getUserProfilePhotos: () => ({ total_count: 0, photos: [] }),
  // Real polls wait in the queue; this is for those that a fault breaks off.
  getUpdates: ({ updates }) => updates.peek(100),
  getMyCommands: (world, payload) => world.commands.get(string(record(payload.scope).type) ?? "default") ?? [],
  setMyCommands(world, payload) {
    demand(commandsProblem(payload.commands));
    world.commands.set(string(record(payload.scope).type) ?? "default", list(payload.commands).map(record));
    return true;
  },
  getWebhookInfo({ updates }) {
    const { settings, lastError, pending } = updates.poster;
    return {
      url: updates.webhookUrl,
      has_custom_certificate: false,
      pending_update_count: updates.unconfirmed + pending,
      ...(settings === null ? {} : { max_connections: settings.connections, allowed_updates: settings.allowed }),
      ...(lastError === null ? {} : { last_error_date: lastError.date, last_error_message: lastError.message }),
    };
  },
  setWebhook({ updates }, payload) {
    const { protocol, port, hostname } = new URL(string(payload.url) ?? "");
    if (protocol !== "https:") throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
    if (!["", "88", "8443"].includes(port)) throw badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
    if (hostname.endsWith(".invalid")) throw badRequest("bad webhook: Failed to resolve host: Name or service not known");
    demand(/^[\w-]{1,256}$/.test(string(payload.secret_token) ?? "") ? null : "secret token contains unallowed characters");
    updates.setWebhook({
      url: string(payload.url) ?? "",
      secret: string(payload.secret_token) ?? "",
      allowed: list(payload.allowed_updates).map((kind) => string(kind) ?? ""),
      connections: number(payload.max_connections) ?? 40,
    });
    return true;
  },
  deleteWebhook({ updates }) {
    updates.deleteWebhook();
    return true;
  },
  sendMessage(world, payload) {
    demand(textProblem(string(payload.text), payload.entities, 4096, "message is too long"));
    return post(world, payload, string(payload.text) ?? "", payload.entities);
  },
  sendMessageDraft(world, payload) {
    const chat = writable(world, payload);
    const [id, text] = [number(payload.draft_id) ?? 0, string(payload.text) ?? ""];
    demand(chat.kind === "private" ? null : "drafts are for private chats");
    demand(id === 0 ? "DRAFT_ID_INVALID" : null);
    demand(text === "" ? null : textProblem(text, payload.entities, 4096, "message is too long"));
    chat.drafts.push({ id, text });
    return true;
  },
  sendDocument: (world, payload, files) => sendFile(world, payload, files, "document"),
  sendPhoto: (world, payload, files) => sendFile(world, payload, files, "photo"),
  editMessageText(world, payload) {
    demand(textProblem(string(payload.text), payload.entities, 4096, "message is too long"));
    return edit(world, payload, () => ({ text: string(payload.text) ?? "", entities: list(payload.entities).map(record) }));
  },
  sendPoll(world, payload) {
    const problem = pollProblem(payload, writable(world, payload));
    if (problem?.broken === true) demand(problem.text);
    if (problem !== null) throw badRequest(problem.text);
    return post(world, payload, "", [], undefined, pollOf(world.nextPoll(), payload));
  },
  stopPoll(world, payload) {
    const chat = writable(world, payload);
    demand(markupProblem(payload.reply_markup, chat.kind));
    const message = chat.find(number(payload.message_id));
    if (message?.poll === undefined) throw badRequest("message with poll to stop not found");
    if (message.poll.closed) throw badRequest("poll has already been closed");
    message.buttons = shownButtons(payload.reply_markup);
    return closePoll(world, message);
  },
  editMessageReplyMarkup: (world, payload) => edit(world, payload, ({ text, entities }) => ({ text, entities })),
  deleteMessage(world, payload) {
    const chat = writable(world, payload);
    const message = chat.find(number(payload.message_id));
    if (message === undefined) throw badRequest("message to delete not found");
    chat.messages.splice(chat.messages.indexOf(message), 1);
    return true;
  },
  sendChatAction(world, payload) {
    const chat = writable(world, payload);
    if (chat.kind === "channel") throw badRequest("chat actions are not supported in channels");
    return true;
  },
  answerCallbackQuery(world, payload) {
    const id = string(payload.callback_query_id) ?? "";
    const answered = world.presses.get(id);
    demand(callbackAnswerProblem(payload, world.bot.username ?? ""));
    if (answered === undefined) throw badRequest("query is too old and response timeout expired or query ID is invalid");
    if (answered) throw new ApiError(400, "Bad Request: the callback query was answered twice", { broken: true });
    world.presses.set(id, true);
    world.pressAnswers.emit(payload);
    return true;
  },
  answerInlineQuery(world, payload) {
    demand(inlineAnswerProblem(payload));
    world.inlineAnswers.emit(payload);
    return true;
  },
  getChat(world, payload) {
    const chat = known(world, payload);
    const all = chat.kind === "private" || chat.kind === "channel" ? {} : { permissions: { can_send_messages: !chat.muted } };
    return { id: chat.id, type: chat.kind, title: chat.title, ...all };
  },
  getChatMember(world, payload) {
    const chat = known(world, payload);
    if (payload.user_id === world.bot.id) {
      const rights = { restricted: { can_send_messages: false, is_member: true }, administrator: { can_post_messages: true } };
      const { bot: status } = chat;
      const user = { id: world.bot.id, is_bot: true, first_name: world.bot.name };
      return { user, status, ...(status === "restricted" || status === "administrator" ? rights[status] : {}) };
    }
    if (chat.kind !== "private" && world.hidesMembers.has(chat.id)) throw badRequest("member list is inaccessible");
    const user = world.users.get(number(payload.user_id) ?? 0);
    if (user === undefined) throw badRequest("PARTICIPANT_ID_INVALID");
    const status = world.admins.has(user.id) ? "administrator" : world.outsiders.has(user.id) ? "left" : "member";
    return { user: { id: user.id, is_bot: false, first_name: user.name }, status };
  },
  getChatAdministrators(world, payload) {
    known(world, payload);
    return [...world.admins].map((id) => ({ user: { id, is_bot: false, first_name: "admin" }, status: "administrator" }));
  },
};
