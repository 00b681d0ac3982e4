/** One chat of the fake: its messages, who may write, and waiting for what the bot shows next. */
import { list, number, type Payload, record, string, type UploadedFile } from "./payload.ts";
import { type FakePoll, pollJson } from "./polls.ts";

export type ChatKind = "private" | "group" | "supergroup" | "channel";

export interface FakeUser {
  readonly id: number;
  readonly name: string;
  readonly username?: string | undefined;
  readonly language?: string | undefined;
  readonly isBot?: boolean;
}

export interface ShownButton {
  readonly label: string;
  readonly data?: string;
  readonly url?: string;
}

/** A message as it stands in the chat; the bot's own ones change when they are edited. */
export interface FakeMessage {
  readonly id: number;
  readonly chat: FakeChat;
  readonly from: FakeUser | undefined;
  readonly senderChat: number | undefined;
  readonly thread: number | undefined;
  text: string;
  entities: readonly Payload[];
  buttons: readonly ShownButton[];
  readonly replyTo: FakeMessage | undefined;
  readonly forceReply: boolean;
  readonly file: UploadedFile | undefined;
  readonly extra: Payload;
  readonly poll?: FakePoll;
  edits: number;
}

export interface Waiting {
  readonly seconds: number;
  /** Names what happened, for the error of a wait in vain. */
  readonly history: () => string;
}

/** Resolves with the first event that is wanted; rejects when none comes. */
export class Events<T> {
  readonly #waiting: Waiting;
  readonly #listeners = new Set<(event: T) => void>();
  constructor(waiting: Waiting) {
    this.#waiting = waiting;
  }
  emit(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
  next(what: string, wanted: (event: T) => boolean = () => true): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
      };
      const listener = (event: T) => {
        if (!wanted(event)) return;
        settle();
        resolve(event);
      };
      const timer = setTimeout(() => {
        settle();
        reject(new Error(`waited ${this.#waiting.seconds} s in vain for ${what}; the bot called: ${this.#waiting.history()}`));
      }, this.#waiting.seconds * 1000);
      this.#listeners.add(listener);
    });
  }
}

export class FakeChat {
  readonly id: number;
  readonly kind: ChatKind;
  readonly title: string;
  readonly forum: boolean;
  readonly topics = new Map<number, FakeMessage>();
  readonly messages: FakeMessage[] = [];
  /** What the bot is writing, as a private chat shows it until a message comes; every version, in order. */
  readonly drafts: { readonly id: number; readonly text: string }[] = [];
  /** What the bot shows: new messages and edits, in order. */
  readonly shows: Events<{ readonly message: FakeMessage; readonly edited: boolean }>;
  /** The bot's standing; for a private chat `kicked` means blocked. */
  bot: "member" | "administrator" | "restricted" | "left" | "kicked" = "member";
  /** The group lets nobody but its admins write, which is told to no bot. */
  muted = false;
  migratedTo: number | undefined;
  /** The group takes no polls from its members. */
  forbidsPolls = false;
  #nextId = 1;

  readonly #owner: FakeUser;

  constructor(id: number, kind: ChatKind, title: string, forum: boolean, bot: FakeUser, waiting: Waiting) {
    this.#owner = bot;
    this.id = id;
    this.kind = kind;
    this.title = title;
    this.forum = forum;
    this.shows = new Events(waiting);
  }

  /** Everything the bot has posted here, oldest first. */
  get posts(): readonly FakeMessage[] {
    return this.messages.filter((message) => message.from === this.#owner);
  }

  /** Resolves with the bot's next new message here. */
  async next(): Promise<FakeMessage> {
    return (await this.shows.next(`a message in ${this.title}`, ({ edited }) => !edited)).message;
  }

  add(parts: Partial<Omit<FakeMessage, "id" | "chat">> & Pick<FakeMessage, "from" | "text">): FakeMessage {
    const message: FakeMessage = {
      id: this.#nextId++,
      chat: this,
      senderChat: undefined,
      thread: undefined,
      entities: [],
      buttons: [],
      replyTo: undefined,
      forceReply: false,
      file: undefined,
      extra: {},
      edits: 0,
      ...parts,
    };
    this.messages.push(message);
    return message;
  }

  find(id: number | undefined): FakeMessage | undefined {
    // Ids are handed out in order, so a message is found without a search until one is deleted.
    const guess = id === undefined ? undefined : this.messages[id - 1];
    return guess?.id === id ? guess : this.messages.find((message) => message.id === id);
  }
}

export const shownButtons = (markup: unknown): readonly ShownButton[] =>
  list(record(markup).inline_keyboard)
    .flatMap(list)
    .map(record)
    .map(({ text, callback_data, url }) => ({
      label: string(text) ?? "",
      ...(string(callback_data) === undefined ? {} : { data: string(callback_data) ?? "" }),
      ...(string(url) === undefined ? {} : { url: string(url) ?? "" }),
    }));

export const userJson = (user: FakeUser): Payload => ({
  id: user.id,
  is_bot: user.isBot ?? false,
  first_name: user.name,
  ...(user.username === undefined ? {} : { username: user.username }),
  ...(user.language === undefined ? {} : { language_code: user.language }),
});

export const chatJson = (chat: FakeChat): Payload => ({
  id: chat.id,
  type: chat.kind,
  ...(chat.kind === "private" ? { first_name: chat.title } : { title: chat.title }),
  ...(chat.forum ? { is_forum: true } : {}),
});

const date = 1_764_000_000;

/** A message as the Bot API tells it; what is replied to is told without its own reply (Bot API, Message). */
export function messageJson(message: FakeMessage, withReply = true): Payload {
  const { chat, from, senderChat, thread, replyTo } = message;
  const inTopic = chat.forum && thread !== undefined;
  return {
    message_id: message.id,
    date,
    chat: chatJson(chat),
    ...(from === undefined ? {} : { from: userJson(from) }),
    ...(senderChat === undefined
      ? {}
      : { sender_chat: { id: senderChat, type: senderChat === chat.id ? chat.kind : "channel", title: "?" } }),
    ...(inTopic ? { message_thread_id: thread, is_topic_message: true } : {}),
    ...(message.text === "" ? {} : message.file === undefined ? { text: message.text } : { caption: message.text }),
    ...(message.entities.length === 0 ? {} : { entities: message.entities }),
    ...(message.buttons.length === 0
      ? {}
      : {
          reply_markup: {
            inline_keyboard: message.buttons.map(({ label, data, url }) => [
              { text: label, ...(data === undefined ? {} : { callback_data: data }), ...(url === undefined ? {} : { url }) },
            ]),
          },
        }),
    ...(withReply && replyTo !== undefined ? { reply_to_message: messageJson(replyTo, false) } : {}),
    ...(message.poll === undefined ? {} : { poll: pollJson(message.poll) }),
    ...message.extra,
  };
}

/** `@name` in plain text becomes a mention that notifies; not inside code, where Telegram looks for none. */
export function mentionsIn(message: Pick<FakeMessage, "text" | "entities">): readonly string[] {
  const hidden = message.entities.filter(({ type }) => type === "code" || type === "pre");
  return [...message.text.matchAll(/(?<!\w)@(\w{3,32})/g)]
    .filter(
      (match) =>
        !hidden.some((e) => match.index >= (number(e.offset) ?? 0) && match.index < (number(e.offset) ?? 0) + (number(e.length) ?? 0)),
    )
    .map((match) => match[0]);
}
