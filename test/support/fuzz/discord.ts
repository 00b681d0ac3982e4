/** Hostile people on the fake Discord: every kind of interaction and event, by content or by shape, and presses on what the bot has shown. */
import { z } from "zod";
import type { Exchange, FakeDiscord, FakeMember, FakeMessage } from "../fake-discord/index.ts";
import { userPayload } from "../fake-discord/payloads.ts";
import { snowflake } from "../fake-discord/snowflake.ts";
import { broken, type Dice, forgedPayload, hostileNumber, hostileText, type Json } from "./hostile.ts";
import type { Offered } from "./telegram.ts";

const [members, servers] = [1_000, 200] as const;
const remembered = 300;

type JsonObject = { readonly [key: string]: Json };

const json = (value: object): JsonObject => JSON.parse(JSON.stringify(value));

interface Sent {
  readonly what: Json;
  /** What must be answered; null where the event is not as Discord would send it. */
  readonly exchange: Exchange | null;
}

const option = z.object({
  type: z.int(),
  name: z.string(),
  choices: z.array(z.object({ value: z.union([z.string(), z.number()]) })).optional(),
  max_length: z.int().optional(),
});
const publishedCommands = z.array(z.object({ name: z.string(), type: z.int(), options: z.array(option).default([]) }));

interface Made {
  readonly type: number;
  readonly data: JsonObject;
  readonly source: FakeMessage | null;
}

export class HostileDiscord {
  readonly #fake: FakeDiscord;
  readonly #dice: Dice;
  readonly #commands: readonly Offered[];
  readonly #members: readonly FakeMember[];
  readonly #published: z.infer<typeof publishedCommands>;
  #shown: { readonly message: FakeMessage; readonly by: FakeMember }[] = [];
  #forms: { readonly exchange: Exchange; readonly by: FakeMember }[] = [];

  constructor(fake: FakeDiscord, dice: Dice, commands: readonly Offered[]) {
    this.#fake = fake;
    this.#dice = dice;
    this.#commands = commands;
    this.#published = publishedCommands.parse(fake.world.commands);
    const guilds = [fake.guild, ...Array.from({ length: servers }, () => fake.addGuild(new Date(0)))];
    this.#members = Array.from({ length: members }, (_, n) => {
      const guild = dice.pick(guilds);
      if (n % 10 === 0) return fake.member(`M${n}`, fake.privateChat());
      if (n % 10 === 1) return fake.member(`M${n}`, fake.foreignServer());
      return fake.member(hostileText(dice, 30) || `M${n}`, { guild, channel: guild.channel, admin: n % 9 === 0 });
    });
  }

  send(): Sent {
    const dice = this.#dice;
    const by = dice.pick(this.#members);
    if (dice.chance(0.06)) return this.#event();
    const { type, data, source } = this.#interaction(by);
    if (!dice.chance(0.35)) return { what: { type, data }, exchange: by.interact(type, data, source) };
    // The data or the whole event broken, as a record of changes that overwrite what Discord would have said.
    const changes = dice.chance(0.5)
      ? { data: broken(dice, data) }
      : {
          [dice.pick(["id", "type", "member", "user", "guild_id", "channel", "channel_id", "locale", "context", "message"])]: broken(
            dice,
            null,
          ),
        };
    by.interact(type, data, source, changes);
    return { what: { type, data, changes: json(changes) }, exchange: null };
  }

  /** Remembers what these exchanges brought, to be pressed later. */
  look(exchanges: readonly { readonly exchange: Exchange | null }[]): void {
    for (const { exchange } of exchanges) {
      if (exchange === null) continue;
      const by = this.#members.find(({ user }) => user.id === exchange.user.id);
      if (by === undefined) continue;
      if (exchange.modal !== null) this.#forms.push({ exchange, by });
      for (const message of exchange.visible) if (message.body.components.length > 0) this.#shown.push({ message, by });
    }
    this.#shown = this.#shown.slice(-remembered);
    this.#forms = this.#forms.slice(-remembered);
  }

  #interaction(by: FakeMember): Made {
    const dice = this.#dice;
    switch (dice.below(10)) {
      case 0:
      case 1:
      case 2:
        return this.#press();
      case 3:
        return this.#submit();
      case 4: {
        const { name, options } = dice.pick(this.#published.filter(({ type, options }) => type === 1 && options.length > 0));
        const asked = options.map((option, n) => ({ ...this.#value(option), ...(n === 0 ? { focused: true } : {}) }));
        return { type: 4, data: { id: snowflake(), name, type: 1, options: asked }, source: null };
      }
      case 5: {
        const menu = dice.pick(this.#published.filter(({ type }) => type === 3));
        const target = snowflake();
        const message = {
          id: target,
          channel_id: by.place.channel.id,
          content: hostileText(dice),
          author: userPayload(dice.pick(this.#members).user),
        };
        return {
          type: 2,
          data: json({ id: snowflake(), name: menu.name, type: 3, target_id: target, resolved: { messages: { [target]: message } } }),
          source: null,
        };
      }
      default: {
        const { name, options } = dice.pick(this.#published.filter(({ type }) => type === 1));
        const given = options.filter(() => dice.chance(0.5)).map((option) => this.#value(option));
        return {
          type: 2,
          data: { id: snowflake(), name: dice.chance(0.02) ? hostileText(dice, 32) : name, type: 1, options: given },
          source: null,
        };
      }
    }
  }

  #value({ type, name, choices, max_length }: z.infer<typeof option>): {
    readonly type: number;
    readonly name: string;
    readonly value: Json;
  } {
    const dice = this.#dice;
    if (choices !== undefined && dice.chance(0.8)) return { type, name, value: dice.pick(choices).value };
    if (type === 3) return { type, name, value: hostileText(dice, Math.min(6_000, max_length ?? 6_000)) };
    if (type === 5) return { type, name, value: dice.chance(0.5) };
    return { type, name, value: hostileNumber(dice) };
  }

  #press(): Made {
    const dice = this.#dice;
    const shown = this.#shown.length > 0 && dice.chance(0.6) ? dice.pick(this.#shown) : undefined;
    const buttons = shown?.message.body.components.flatMap((row) => row.components) ?? [];
    const real = buttons.length === 0 ? undefined : dice.pick(buttons).custom_id;
    const at = dice.below(real?.length ?? 1);
    const changed =
      real === undefined
        ? forgedPayload(dice, this.#commands).slice(0, 100)
        : `${real.slice(0, at)}${hostileText(dice, 1)}${real.slice(at + 1)}`;
    const custom_id = real === undefined || dice.chance(0.3) ? changed : real;
    return { type: 3, data: { custom_id, component_type: 2, id: 1 }, source: shown?.message ?? null };
  }

  #submit(): Made {
    const dice = this.#dice;
    const form = this.#forms.length > 0 && dice.chance(0.8) ? dice.pick(this.#forms).exchange : undefined;
    const inputs = form?.modal?.components.flatMap((one) => (one.type === 18 ? [one.component.custom_id] : [])) ?? [hostileText(dice, 20)];
    const components = inputs.map((custom_id) => ({
      type: 18,
      id: 1,
      component: { type: 4, id: 2, custom_id, value: hostileText(dice, 4_000) },
    }));
    const custom_id = form?.modal?.custom_id ?? forgedPayload(dice, this.#commands).slice(0, 100);
    return { type: 5, data: { custom_id, components }, source: form?.source ?? null };
  }

  /** Something else than an interaction; never one of the gateway's own. */
  #event(): Sent {
    const dice = this.#dice;
    const name = dice.pick([
      "GUILD_CREATE",
      "GUILD_DELETE",
      "MESSAGE_POLL_VOTE_ADD",
      "MESSAGE_POLL_VOTE_REMOVE",
      "GUILD_ROLE_UPDATE",
      "CHANNEL_UPDATE",
      "THREAD_UPDATE",
      "INTERACTION_CREATE",
      "HOLOGRAM",
    ]);
    const id = dice.chance(0.5) ? snowflake() : hostileText(dice, 25);
    const good = {
      id,
      guild_id: id,
      channel_id: id,
      user_id: id,
      message_id: id,
      answer_id: hostileNumber(dice),
      joined_at: hostileText(dice, 30),
    };
    const data = broken(dice, good);
    this.#fake.tell(name, data);
    return { what: { [name]: data }, exchange: null };
  }
}
