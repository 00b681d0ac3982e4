/** A person who uses Telegram: writes, replies, presses, asks inline, adds and blocks the bot, and waits for what is shown. */
import { chatJson, type FakeChat, type FakeMessage, type FakeUser, messageJson, userJson } from "./chat.ts";
import { isStartParameter } from "./limits.ts";
import { list, type Payload, record, string } from "./payload.ts";
import { pollJson } from "./polls.ts";
import type { World } from "./world.ts";

export interface SayOptions {
  /** Forum topic, as returned by `FakeTelegram.topic`. */
  readonly thread?: number;
  readonly replyTo?: FakeMessage;
  /** As an anonymous admin of the group. */
  readonly anonymous?: boolean;
  /** On behalf of a channel of this id. */
  readonly asChannel?: number;
  /** Further fields of the message. */
  readonly extra?: Payload;
}

export interface Pressed {
  /** What the acknowledgement says. */
  readonly text: string | undefined;
  readonly alert: boolean;
  readonly url: string | undefined;
  /** The new or edited message; undefined where the acknowledgement said it all. */
  readonly message: FakeMessage | undefined;
  readonly edited: boolean;
}

export interface Article {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly text: string;
  readonly entities: readonly Payload[];
}

/** The sender that stands in for anonymous admins, and for members who write as a channel. */
const anonymousBot: FakeUser = { id: 1_087_968_824, name: "Group", username: "GroupAnonymousBot", isBot: true };
const channelBot: FakeUser = { id: 136_817_688, name: "Channel", username: "Channel_Bot", isBot: true };

/** Telegram marks commands by itself; other bots' libraries look for that. */
function commandEntity(text: string): readonly Payload[] {
  const command = /^\/\w{1,64}(@\w{3,32})?(?![\w/@])/.exec(text);
  return command === null ? [] : [{ type: "bot_command", offset: 0, length: command[0].length }];
}

export class Person {
  readonly user: FakeUser;
  readonly #world: World;
  #presses = 0;

  constructor(world: World, user: FakeUser) {
    this.#world = world;
    this.user = user;
  }

  get id(): number {
    return this.user.id;
  }

  /** The private chat with the bot; it exists from the first message on. */
  get private(): FakeChat {
    return this.#world.chats.get(this.id) ?? this.#world.addChat("private", this.user.name, { id: this.id });
  }

  /** Writes without waiting. With privacy mode the bot gets commands and replies to itself only (Bot API, privacy mode). */
  posts(chat: FakeChat, text: string, options: SayOptions = {}): FakeMessage {
    const { anonymous, asChannel, thread } = options;
    // In a topic a message that replies to nothing replies to the topic's first message.
    const replyTo = options.replyTo ?? (thread === undefined ? undefined : chat.topics.get(thread));
    const inChannel = chat.kind === "channel";
    const message = chat.add({
      from: inChannel ? undefined : anonymous ? anonymousBot : asChannel === undefined ? this.user : channelBot,
      senderChat: inChannel || anonymous ? chat.id : asChannel,
      thread,
      text,
      entities: commandEntity(text),
      replyTo,
      extra: options.extra ?? {},
    });
    const reaches = chat.kind === "private" || inChannel || text.startsWith("/") || options.replyTo?.from === this.#world.bot;
    if (reaches) this.#world.updates.push(inChannel ? "channel_post" : "message", messageJson(message));
    return message;
  }

  /** Votes in a poll, also in one that was forwarded; null takes the vote back. Returns the update's id. @param option from 0 */
  votes(message: FakeMessage, option: number | null): number {
    const { poll } = message;
    if (poll === undefined || poll.closed) throw new Error("there is no poll to vote in");
    if (option === null) poll.votes.delete(this.id);
    else poll.votes.set(this.id, option);
    this.#world.updates.push("poll", pollJson(poll));
    const option_ids = option === null ? [] : [option];
    return this.#world.updates.push("poll_answer", {
      poll_id: poll.id,
      user: userJson(this.user),
      option_ids,
      option_persistent_ids: option_ids.map((id) => `${poll.id}-${id}`),
    });
  }

  /** Writes, and waits for the bot's next message in that chat. */
  says(chat: FakeChat, text: string, options: SayOptions = {}): Promise<FakeMessage> {
    const shown = chat.next();
    this.posts(chat, text, options);
    return shown;
  }

  replies(message: FakeMessage, text: string): Promise<FakeMessage> {
    return this.says(message.chat, text, { replyTo: message, ...(message.thread === undefined ? {} : { thread: message.thread }) });
  }

  /** Presses a button; resolves when it is acknowledged and what it does has been shown. */
  async press(message: FakeMessage, label: string): Promise<Pressed> {
    const button = message.buttons.find((b) => b.label === label);
    if (button?.data === undefined) throw new Error(`no button "${label}" among ${message.buttons.map((b) => b.label).join(", ")}`);
    return this.pressData(message, button.data);
  }

  /** Presses with any data, also forged. */
  async pressData(message: FakeMessage, data: string, extra: Payload = {}): Promise<Pressed> {
    const shown = message.chat.shows.next(`something after the press in ${message.chat.title}`);
    shown.catch(() => undefined);
    const answer = await this.#pushPress(data, { message: messageJson(message), ...extra });
    const [text, url] = [string(answer.text), string(answer.url)];
    const alone = text !== undefined || url !== undefined;
    const { message: after, edited } = alone ? { message: undefined, edited: false } : await shown;
    return { text, url, alert: answer.show_alert === true, message: after, edited };
  }

  /** Presses and waits for the acknowledgement alone. */
  async acknowledged(message: FakeMessage, data: string, extra: Payload = {}): Promise<Payload> {
    return this.#pushPress(data, { message: messageJson(message), ...extra });
  }

  #pushPress(data: string, fields: Payload): Promise<Payload> {
    const id = `${this.id}${++this.#presses}`;
    this.#world.presses.set(id, false);
    const answer = this.#world.pressAnswers.next("an acknowledgement of the press", (a) => a.callback_query_id === id);
    this.#world.updates.push("callback_query", { id, from: userJson(this.user), chat_instance: "1", data, ...fields });
    return answer;
  }

  async inline(query: string): Promise<readonly Article[]> {
    const id = `inline${this.id}${++this.#presses}`;
    const answer = this.#world.inlineAnswers.next("an answer to the inline query", (a) => a.inline_query_id === id);
    this.#world.updates.push("inline_query", { id, from: userJson(this.user), query, offset: "" });
    return list((await answer).results).map((raw) => {
      const { id: articleId, title, description, input_message_content: content } = record(raw);
      const { message_text: text, entities } = record(content);
      return {
        id: string(articleId) ?? "",
        title: string(title) ?? "",
        description: string(description) ?? "",
        text: string(text) ?? "",
        entities: list(entities).map(record),
      };
    });
  }

  /** Follows `https://t.me/<bot>?start=<parameter>`. */
  opens(link: string): Promise<FakeMessage> {
    const url = new URL(link);
    const parameter = url.searchParams.get("start") ?? "";
    if (url.hostname !== "t.me" || url.pathname !== `/${this.#world.bot.username}` || !isStartParameter(parameter))
      throw new Error(`not a deep link of this bot: ${link}`);
    return this.says(this.private, `/start ${parameter}`);
  }

  adds(chat: FakeChat, as: "member" | "administrator" = "member"): void {
    this.#membership(chat, as);
  }

  removes(chat: FakeChat): void {
    this.#membership(chat, "kicked");
  }

  /** Takes the right to write from the bot. */
  silences(chat: FakeChat): void {
    this.#membership(chat, "restricted");
  }

  /** Blocks the bot in the private chat. */
  blocks(): void {
    this.#membership(this.private, "kicked");
  }

  unblocks(): void {
    this.#membership(this.private, "member");
  }

  #membership(chat: FakeChat, to: FakeChat["bot"]): void {
    const standing = (status: string) => ({
      user: userJson(this.#world.bot),
      status,
      ...(status === "restricted" ? { is_member: true, can_send_messages: false } : {}),
    });
    const before = chat.bot;
    chat.bot = to;
    this.#world.updates.push("my_chat_member", {
      chat: chatJson(chat),
      from: userJson(this.user),
      date: 1_764_000_000,
      old_chat_member: standing(before),
      new_chat_member: standing(to),
    });
  }
}
