/** What exists on the fake's side: chats, people, presses, the command menu, and the queue of updates. */
import { type ChatKind, Events, FakeChat, type FakeUser, type Waiting } from "./chat.ts";
import type { Payload } from "./payload.ts";
import { UpdateQueue } from "./updates.ts";

export class World {
  readonly bot: FakeUser;
  readonly chats = new Map<number, FakeChat>();
  readonly users = new Map<number, FakeUser>();
  /** Admins of every group and channel. */
  readonly admins = new Set<number>();
  /** People who are in no group: a forwarded poll reaches them too. */
  readonly outsiders = new Set<number>();
  /** Groups that hide their members from bots. */
  readonly hidesMembers = new Set<number>();
  readonly commands = new Map<string, readonly Payload[]>();
  /** Presses by query id, and whether they were acknowledged. */
  readonly presses = new Map<string, boolean>();
  readonly updates = new UpdateQueue();
  readonly pressAnswers: Events<Payload>;
  readonly inlineAnswers: Events<Payload>;
  readonly #waiting: Waiting;
  #nextPoll = 5_100_000_000_000_000_001n;
  #nextUser = 5_000_000_001;
  #nextChat = 1_000_000_001;

  constructor(username: string, waiting: Waiting) {
    this.bot = { id: 7_000_000_001, name: "Depinion", username, isBot: true };
    this.#waiting = waiting;
    this.pressAnswers = new Events(waiting);
    this.inlineAnswers = new Events(waiting);
  }

  nextPoll(): string {
    return String(this.#nextPoll++);
  }

  addUser(name: string, username?: string, language?: string): FakeUser {
    const user = { id: this.#nextUser++, name, username, language };
    this.users.set(user.id, user);
    return user;
  }

  /** Ids look like Telegram's: supergroups and channels begin with -100, basic groups with -, private chats are the person's id. */
  addChat(kind: ChatKind, title: string, options: { forum?: boolean; id?: number } = {}): FakeChat {
    const number = this.#nextChat++;
    const id = options.id ?? (kind === "group" ? -number : Number(`-100${number}`));
    const chat = new FakeChat(id, kind, title, options.forum ?? false, this.bot, this.#waiting);
    this.chats.set(id, chat);
    return chat;
  }
}
