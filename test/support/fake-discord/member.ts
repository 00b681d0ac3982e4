/** A person on the fake Discord: types commands, presses buttons, fills in forms, and sees what comes of it. */
import { ClientRefused, optionsOf, type TypedLine, typeLine, type Value } from "./client.ts";
import { Exchange, type Modal } from "./exchange.ts";
import { joinedAt, messagePayload, userPayload } from "./payloads.ts";
import { snowflake } from "./snowflake.ts";
import { emptyMessage } from "./validate.ts";
import { buttonLabels } from "./visible.ts";
import type { FakeChannel, FakeGuild, FakeMessage, FakeUser, World } from "./world.ts";

/** Where a member is while using the bot. */
export interface Place {
  readonly channel: FakeChannel;
  readonly guild: FakeGuild | null;
  /** Whether the bot was added to the server; else the member brought it along. */
  readonly installed: boolean;
  readonly admin: boolean;
  /** Of the member's client; default: English. */
  readonly locale?: string;
}

export interface MemberOptions {
  readonly world: World;
  readonly user: FakeUser;
  readonly place: Place;
  /** Hands an interaction to the bot. */
  readonly deliver: (exchange: Exchange, payload: object, guildId: string | null) => void;
  /** Tells the bot's shard of the server, where the bot asked to be told. */
  readonly tell: (name: "MESSAGE_POLL_VOTE_ADD" | "MESSAGE_POLL_VOTE_REMOVE", data: object, guildId: string | null) => void;
}

const manageServer = 1n << 5n;
const everyMember = 2_248_473_465_835_073n & ~manageServer;

export class FakeMember {
  readonly user: FakeUser;
  readonly place: Place;
  readonly #world: World;
  readonly #deliver: MemberOptions["deliver"];
  readonly #options: MemberOptions;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.user = options.user;
    this.place = options.place;
    this.#world = options.world;
    this.#deliver = options.deliver;
  }

  /** The same person elsewhere. */
  at(place: Partial<Place>): FakeMember {
    return new FakeMember({ ...this.#options, place: { ...this.place, ...place } });
  }

  /**
   * Types a command line as people do, such as `/explain proof of coverage for=investor`, and resolves with the answered exchange.
   * The line is taken apart by the commands that the bot has published, with the core's own reading of typed lines.
   * @throws ClientRefused where Discord's client would not let the line be sent: unknown command, missing, wrong or surplus arguments
   */
  async says(line: string): Promise<Exchange> {
    const { name, values } = this.typed(line);
    return this.slash(name, values);
  }

  /** The options that Discord's client makes of a typed line. @throws ClientRefused */
  typed(line: string): TypedLine {
    return typeLine(this.#world.commands, line);
  }

  slash(name: string, values: Readonly<Record<string, Value>> = {}): Promise<Exchange> {
    return this.begin.slash(name, values).answered();
  }

  press(message: FakeMessage | Exchange, label: string): Promise<Exchange> {
    return this.begin.press(message, label).answered();
  }

  menu(label: string, message: FakeMessage): Promise<Exchange> {
    return this.begin.menu(label, message).answered();
  }

  submit(form: Exchange, said: string | Readonly<Record<string, string>>): Promise<Exchange> {
    return this.begin.submit(form, said).answered();
  }

  /** The choices shown while `typed` stands in the field of `param`. */
  async autocomplete(
    name: string,
    param: string,
    typed: string,
    others: Readonly<Record<string, Value>> = {},
  ): Promise<NonNullable<Exchange["choices"]>> {
    const options = [...optionsOf(this.#world.commands, name, others), { type: 3, name: param, value: typed, focused: true }];
    const exchange = this.interact(4, { id: snowflake(), name, type: 1, options });
    await exchange.answered();
    return exchange.choices ?? [];
  }

  /**
   * Votes in a poll: a vote before is taken back first, as the client does. Null takes it back and casts none.
   * @param answer from 1
   */
  votes(message: FakeMessage, answer: number | null): void {
    const { poll } = message;
    if (poll === null || poll.ended || message.channelId !== this.place.channel.id) throw new ClientRefused("there is no poll to vote in");
    const told = (chosen: number) => ({
      user_id: this.user.id,
      channel_id: message.channelId,
      message_id: message.id,
      answer_id: chosen,
      ...(this.place.guild === null ? {} : { guild_id: this.place.guild.id }),
    });
    const before = poll.votes.get(this.user.id);
    if (before === answer) return;
    const guild = this.place.guild?.id ?? null;
    poll.votes.delete(this.user.id);
    if (before !== undefined) this.#options.tell("MESSAGE_POLL_VOTE_REMOVE", told(before), guild);
    if (answer === null) return;
    if (answer < 1 || answer > poll.answers.length) throw new ClientRefused("no such answer");
    poll.votes.set(this.user.id, answer);
    this.#options.tell("MESSAGE_POLL_VOTE_ADD", told(answer), guild);
  }

  /** Writes a message of their own into the channel. */
  posts(content: string): FakeMessage {
    return this.#world.post({
      channelId: this.place.channel.id,
      author: this.user,
      body: { ...emptyMessage, content: content.trim() },
      files: [],
      viewer: null,
      pending: false,
    });
  }

  /** The same without waiting for the answer. */
  readonly begin = {
    slash: (name: string, values: Readonly<Record<string, Value>> = {}): Exchange =>
      this.interact(2, { id: snowflake(), name, type: 1, options: optionsOf(this.#world.commands, name, values) }),
    press: (shown: FakeMessage | Exchange, label: string): Exchange => {
      const message = messageWith(shown, label);
      if (message.viewer !== null && message.viewer !== this.user.id)
        throw new ClientRefused(`${this.user.name} does not see this message`);
      if (message.deleted) throw new ClientRefused("the message is gone");
      const button = message.body.components.flatMap((row) => row.components).find((b) => b.label === label);
      if (button === undefined) throw new ClientRefused(`no button "${label}"; there are: ${buttonLabels(message).join(", ")}`);
      return this.forge(button.custom_id, message);
    },
    menu: (label: string, message: FakeMessage): Exchange =>
      this.interact(2, {
        id: snowflake(),
        name: label,
        type: 3,
        target_id: message.id,
        resolved: { messages: { [message.id]: messagePayload(message) } },
      }),
    /** @param said what is written into the first field, or into each by its label; the others stay as they are */
    submit: (form: Exchange, said: string | Readonly<Record<string, string>>): Exchange => {
      if (form.modal === null) throw new ClientRefused("no form was opened");
      const inputs = inputsOf(form.modal);
      const texts: Readonly<Record<string, string>> = typeof said === "string" ? { [inputs[0]?.label ?? ""]: said } : said;
      for (const label of Object.keys(texts))
        if (!inputs.some((input) => input.label === label)) throw new ClientRefused(`no field "${label}" in the form`);
      const filled = inputs.map(({ label, input }) => {
        const value = texts[label] ?? input.value ?? "";
        if (value.length > (input.max_length ?? 4000)) throw new ClientRefused("the text is longer than the field");
        if (value === "" && input.required !== false) throw new ClientRefused(`the field "${label}" is empty`);
        return { type: 18, id: 1, component: { type: 4, id: 2, custom_id: input.custom_id, value } };
      });
      const data = { custom_id: form.modal.custom_id, components: filled };
      return this.interact(5, data, form.source);
    },
  };

  /** Presses a button with any custom id, as a changed client could. */
  forge(customId: string, message: FakeMessage): Exchange {
    return this.interact(3, { custom_id: customId, component_type: 2, id: 1 }, message);
  }

  /** Any interaction; `changes` overwrite fields of the event. */
  interact(type: number, data: object, source: FakeMessage | null = null, changes: object = {}): Exchange {
    const { channel, guild } = this.place;
    const exchange = new Exchange(this.#world, {
      id: snowflake(),
      token: `aW50ZXJhY3Rpb246${snowflake()}`,
      user: this.user,
      channelId: channel.id,
      type,
      source,
    });
    this.#deliver(
      exchange,
      { ...this.#event(exchange), data, ...(source === null ? {} : { message: messagePayload(source) }), ...changes },
      guild?.id ?? null,
    );
    return exchange;
  }

  #event(exchange: Exchange): object {
    const { channel, guild, installed, admin, locale } = this.place;
    const owners = { ...(installed ? { 0: guild?.id ?? "0" } : {}), ...(installed && guild !== null ? {} : { 1: this.user.id }) };
    const permissions = (admin ? everyMember | manageServer : everyMember).toString();
    const person = userPayload(this.user);
    return {
      id: exchange.id,
      application_id: this.#world.applicationId,
      type: exchange.type,
      token: exchange.token,
      version: 1,
      channel_id: channel.id,
      channel: { id: channel.id, type: channel.type },
      app_permissions: "2248473465835073",
      locale: locale ?? "en-US",
      entitlements: [],
      attachment_size_limit: 10_485_760,
      authorizing_integration_owners: owners,
      context: guild !== null ? 0 : installed ? 1 : 2,
      ...(guild === null
        ? { user: person }
        : {
            guild_id: guild.id,
            guild_locale: "en-US",
            guild: { id: guild.id, locale: "en-US", features: [] },
            member: {
              user: person,
              roles: [],
              permissions,
              joined_at: joinedAt(this.#world, this.user.id),
              nick: null,
              avatar: null,
              deaf: false,
              mute: false,
              flags: 0,
            },
          }),
    };
  }
}

/** The message of an exchange that carries the button, the newest first. */
function messageWith(shown: FakeMessage | Exchange, label: string): FakeMessage {
  if (!(shown instanceof Exchange)) return shown;
  const message = shown.visible.toReversed().find((m) => buttonLabels(m).includes(label)) ?? shown.visible.at(-1);
  if (message === undefined) throw new ClientRefused("there is no message to press a button on");
  return message;
}

/** The fields of a form with their labels. */
function inputsOf(modal: Modal) {
  const inputs = modal.components.flatMap((component) => {
    if (component.type === 18) return [{ label: component.label, input: component.component }];
    if (component.type === 1) return [{ label: component.components[0].label, input: component.components[0] }];
    return [];
  });
  if (inputs.length === 0) throw new ClientRefused("the form has no field");
  return inputs;
}
