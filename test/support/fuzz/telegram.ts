/** Hostile people on the fake Telegram: every kind of update, by content or by shape, and presses and replies on what the bot has shown. */
import { allowedUpdates } from "../../../src/platforms/telegram/updates.ts";
import { chatJson, type FakeChat, type FakeMessage, mentionsIn, messageJson, userJson } from "../fake-telegram/chat.ts";
import type { FakeTelegram, Person } from "../fake-telegram/index.ts";
import { string } from "../fake-telegram/payload.ts";
import { broken, type Dice, forgedPayload, hostileNumber, hostileText, type Json } from "./hostile.ts";

export interface Offered {
  readonly name: string;
  readonly params: readonly string[];
}

/** Enough that nobody is slowed down, few enough that what the bot remembers of each of them stays small. */
const [people, groups] = [1_500, 250] as const;
/** Of what the bot has shown, as much can be pressed and replied to. */
const remembered = 300;

const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));

export class HostileTelegram {
  /** Whom a message of the bot would have told, and links that open somebody's profile. */
  readonly mentioned: string[] = [];
  readonly #fake: FakeTelegram;
  readonly #dice: Dice;
  readonly #commands: readonly Offered[];
  readonly #people: readonly Person[];
  readonly #chats: readonly FakeChat[];
  #shown: FakeMessage[] = [];
  #sent = 0;

  constructor(fake: FakeTelegram, dice: Dice, commands: readonly Offered[]) {
    this.#fake = fake;
    this.#dice = dice;
    this.#commands = commands;
    this.#people = Array.from({ length: people }, (_, n) => fake.user(hostileText(dice, 60) || `P${n}`, { admin: n % 9 === 0 }));
    const open = Array.from({ length: groups }, (_, n) =>
      n % 25 === 0 ? fake.channel(`C${n}`) : fake.group(`G${n}`, { forum: n % 5 === 0, basic: n % 7 === 0 }),
    );
    this.#chats = [...open, ...this.#people.map((person) => person.private)];
  }

  /** Sends one update; returns it, for the report of a failure. */
  send(): Json {
    const kind = this.#dice.pick(["message", "message", "message", "callback_query", "callback_query", ...allowedUpdates]);
    const good = json(this.#content(kind));
    const content = this.#dice.chance(0.35) ? broken(this.#dice, good) : good;
    if (this.#dice.chance(0.005)) this.#fake.pushRaw({ [hostileText(this.#dice, 20)]: content });
    else this.#fake.world.updates.push(kind, content);
    return { [kind]: content };
  }

  /** Looks at what was posted since the last time, and forgets it. */
  look(): void {
    for (const chat of this.#fake.world.chats.values()) {
      for (const post of chat.posts) {
        this.mentioned.push(...mentionsIn(post).filter((name) => name !== `@${this.#fake.botUsername}`));
        // A form says whom it is for.
        for (const entity of post.entities)
          if ((entity.type === "text_mention" && !post.forceReply) || string(entity.url)?.startsWith("tg:"))
            this.mentioned.push(JSON.stringify(entity));
        if (post.buttons.length > 0 || post.forceReply) this.#shown.push(post);
      }
      chat.messages.length = 0;
      chat.drafts.length = 0;
    }
    this.#shown = this.#shown.slice(-remembered);
    this.#fake.world.presses.clear();
  }

  #content(kind: string): unknown {
    const dice = this.#dice;
    const person = dice.pick(this.#people);
    const chat = dice.chance(0.5) ? person.private : dice.pick(this.#chats);
    switch (kind) {
      case "message":
      case "channel_post":
        return this.#message(person, chat);
      case "callback_query":
        return this.#press(person, chat);
      case "inline_query":
        return { id: `i${++this.#sent}`, from: userJson(person.user), query: hostileText(dice, 256), offset: "" };
      case "my_chat_member": {
        const standing = () => ({ user: userJson(this.#fake.world.bot), status: dice.pick(["member", "left", "kicked", "administrator"]) });
        const shared = { chat: chatJson(chat), from: userJson(person.user), date: 1 };
        return { ...shared, old_chat_member: standing(), new_chat_member: standing() };
      }
      case "poll_answer":
        return { poll_id: String(dice.below(9)), user: userJson(person.user), option_ids: dice.some(3, () => dice.below(14)) };
      default: {
        const options = dice.some(5, () => ({ text: hostileText(dice, 100), voter_count: dice.below(9) }));
        return { id: String(dice.below(9)), question: hostileText(dice, 300), is_closed: dice.chance(0.3), options };
      }
    }
  }

  #line(): string {
    const dice = this.#dice;
    const { name, params } = dice.pick(this.#commands);
    if (dice.chance(0.1)) return hostileText(dice, 4_096);
    const at = dice.chance(0.1) ? `@${this.#fake.botUsername}` : "";
    const given = dice.chance(0.3) && params.length > 0 ? `${dice.pick(params)}=` : "";
    return `/${dice.chance(0.02) ? hostileText(dice, 30) : name}${at} ${given}${hostileText(dice, 4_000)}`.slice(0, 4_096);
  }

  #message(person: Person, chat: FakeChat): unknown {
    const dice = this.#dice;
    const shown = dice.chance(0.25) && this.#shown.length > 0 ? dice.pick(this.#shown) : undefined;
    const base = {
      message_id: 1_000_000 + ++this.#sent,
      date: 1_764_000_000,
      chat: chatJson(shown?.chat ?? chat),
      from: userJson(person.user),
      text: shown !== undefined && dice.chance(0.7) ? hostileText(dice) : this.#line(),
    };
    const quoted = { message_id: 7, date: 1, chat: base.chat, from: userJson(dice.pick(this.#people).user), text: hostileText(dice) };
    const odd: readonly object[] = [
      { reply_to_message: quoted },
      { reply_to_message: { ...quoted, caption: hostileText(dice), via_bot: { id: 1 }, entities: [{ type: "text_link", url: "tg://x" }] } },
      { sender_chat: { id: hostileNumber(dice), type: "channel", title: "x" } },
      { message_thread_id: hostileNumber(dice), is_topic_message: true },
      { migrate_to_chat_id: hostileNumber(dice) },
      { migrate_from_chat_id: -dice.below(1_000) },
      { is_automatic_forward: true },
      { entities: dice.some(5, () => ({ type: "mention", offset: hostileNumber(dice), length: hostileNumber(dice) })) },
    ];
    const extra = dice.chance(0.15) ? dice.pick(odd) : {};
    return { ...base, ...(shown === undefined ? {} : { reply_to_message: messageJson(shown, false) }), ...extra };
  }

  #press(person: Person, chat: FakeChat): unknown {
    const dice = this.#dice;
    const id = `p${++this.#sent}`;
    this.#fake.world.presses.set(id, false);
    const shared = { id, from: userJson(person.user), chat_instance: "1" };
    const shown = dice.chance(0.6) && this.#shown.length > 0 ? dice.pick(this.#shown) : undefined;
    const button = shown?.buttons.find(({ data }) => data !== undefined && dice.chance(0.5)) ?? shown?.buttons[0];
    if (shown === undefined || button?.data === undefined) {
      const message = { message_id: 3, date: 1, chat: chatJson(chat), text: hostileText(dice) };
      return { ...shared, message, data: forgedPayload(dice, this.#commands) };
    }
    const real = button.data;
    // One letter changed, as a guess would.
    const at = dice.below(real.length);
    const data = dice.chance(0.3) ? `${real.slice(0, at)}${hostileText(dice, 1)}${real.slice(at + 1)}` : real;
    // Most buttons obey only whoever they were made for, who in a private chat is the chat.
    const owner = this.#people.find(({ id: own }) => own === shown.chat.id) ?? person;
    return { ...shared, from: userJson((dice.chance(0.7) ? owner : person).user), message: messageJson(shown), data };
  }
}
