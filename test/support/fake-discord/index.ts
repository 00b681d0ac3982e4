/** A Discord on loopback: gateway and HTTP API that real @discordjs/* modules and real discord.js connect to, and people who use the bot. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Endpoint } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";
import { type FaultRule, Faults } from "./faults.ts";
import { FakeGateway } from "./gateway.ts";
import { FakeMember, type Place } from "./member.ts";
import { type GuildSize, guildPayload, userPayload } from "./payloads.ts";
import { createRest, type Window } from "./rest.ts";
import { snowflake } from "./snowflake.ts";
import { type FakeChannel, type FakeGuild, type FakeMessage, forgetOldest, World } from "./world.ts";

export { ClientRefused } from "./client.ts";
export { Exchange } from "./exchange.ts";
export type { Fault, FaultRule, Limit } from "./faults.ts";
export type { FakeMember, Place } from "./member.ts";
export { buttonLabels, visibleText } from "./visible.ts";
export type { FakeChannel, FakeFile, FakeGuild, FakeMessage, FakeUser, RecordedRequest } from "./world.ts";

export interface FakeDiscordOptions {
  readonly token?: string;
  readonly shards?: number;
  readonly maxConcurrency?: number;
  /** `session_start_limit.total`, by default 1000. */
  readonly identifiesPerDay?: number;
  /** Two identifies of one class that come closer together break the rules; by default nobody looks. */
  readonly identifyEveryMs?: number;
  /** Servers beside the first one. */
  readonly guilds?: number;
  readonly guildSize?: GuildSize;
  readonly heartbeatMs?: number;
  readonly globalLimit?: Window;
  readonly channelLimit?: Window;
  /** How long each HTTP answer takes. */
  readonly latencyMs?: number;
  /** How long a nonce makes one message of two: “the past few minutes” (resources/message), by default two. */
  readonly nonceLifeMs?: number;
  /** How long an interaction may be answered first, by default the true three seconds; longer where a machine does much else. */
  readonly callbackLifeMs?: number;
  /** How long an idle connection is kept; 75 s unless told, as the fronts of such services do. */
  readonly idleMs?: number;
  /** Keep requests, messages and exchanges; benchmarks turn it off. */
  readonly record?: boolean;
}

export interface FakeDiscord {
  /** Base URL for `DISCORD_API_URL`. */
  readonly url: string;
  readonly token: string;
  readonly world: World;
  readonly gateway: FakeGateway;
  /** Where interactions are posted to, once it is used. */
  readonly endpoint: Endpoint;
  /** The first server, with its channel. */
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
  /** A person in the first server, unless placed elsewhere, whose account was made in 2020, unless at another time. */
  member(name: string, place?: Partial<Place> & { readonly madeAt?: Date; readonly joinedAt?: Date }): FakeMember;
  /** The chat of one person with the bot, as a place. */
  privateChat(): Pick<Place, "channel" | "guild" | "installed">;
  /** A server that has not added the bot, as a place for someone who brings it along. */
  foreignServer(): Pick<Place, "channel" | "guild" | "installed">;
  /** The bot is added to a server, or has long been in it: GUILD_CREATE. */
  addGuild(joinedAt?: Date): FakeGuild;
  /** The bot is removed from a server, or the server is down: GUILD_DELETE. */
  removeGuild(guild: FakeGuild, unavailable?: boolean): void;
  /** Another channel of the first server. */
  addChannel(change?: Partial<FakeChannel>): FakeChannel;
  /** Any event to the first server's shard. */
  tell(name: string, data: unknown): void;
  fail(rule: FaultRule): void;
  /** The next message that the bot shows anyone, or in this channel. */
  nextMessage(channel?: FakeChannel): Promise<FakeMessage>;
  close(): Promise<void>;
}

/** GUILD_MESSAGE_POLLS and DIRECT_MESSAGE_POLLS (events/gateway, "Gateway Intents"). */
const pollIntents = (1 << 24) | (1 << 25);

const longAgo = new Date("2024-08-01T00:00:00Z");
/** A token in the shape of real ones: id, time, signature. */
const usualToken = "MTE1NjI4NTk2MTQ3MjU0NDc2OA.GfAkEt.planted-secret-Zx81kQvP3mS0nTtYwLr7uH";

export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const { token = usualToken, shards = 1, guildSize = { channels: 5, roles: 5 }, record = true } = options;
  const world = new World(record);
  const faults = new Faults();
  const exchanges = new Map<string, Exchange>();
  const guilds = new Map<string, FakeGuild>();
  const endpoint = new Endpoint();
  let port = 0;
  const gatewayUrl = () => `ws://127.0.0.1:${port}`;

  const serve = createRest({
    world,
    faults,
    token,
    exchanges,
    gatewayUrl,
    shards,
    maxConcurrency: options.maxConcurrency ?? 1,
    identifiesPerDay: options.identifiesPerDay ?? 1000,
    globalLimit: options.globalLimit ?? null,
    channelLimit: options.channelLimit ?? null,
    latencyMs: options.latencyMs ?? 0,
    nonceLifeMs: options.nonceLifeMs ?? 120_000,
    callbackLifeMs: options.callbackLifeMs ?? 3_000,
    record,
  });
  // Node's 5 seconds break off what a busy machine sends late.
  const server = createServer({ keepAliveTimeout: options.idleMs ?? 75_000 }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      world.violations.push(`the fake failed: ${String(error)}`);
      response.destroy();
    });
  });
  const shardOf = (guildId: string | null): number => (guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(shards)));
  const identified = new Map<number, number>();
  const gateway = new FakeGateway(server, {
    token,
    heartbeatMs: options.heartbeatMs ?? 41_250,
    onIdentify(shard) {
      const [kind, at] = [shard % (options.maxConcurrency ?? 1), performance.now()];
      const since = at - (identified.get(kind) ?? Number.NEGATIVE_INFINITY);
      if (since < (options.identifyEveryMs ?? 0))
        world.violations.push(`shard ${shard} identified ${Math.round(since)} ms after another of its class`);
      identified.set(kind, at);
    },
    url: gatewayUrl,
    ready: (shard) => {
      const mine = [...guilds.values()].filter((g) => shardOf(g.id) === shard);
      const data = {
        v: 10,
        user: userPayload(world.bot, true),
        user_settings: {},
        relationships: [],
        private_channels: [],
        presences: [],
        guilds: mine.map(({ id }) => ({ id, unavailable: true })),
        application: { id: world.applicationId, flags: 0 },
      };
      return { data, after: created(mine) };
    },
  });

  function* created(list: readonly FakeGuild[]): Iterable<{ name: string; data: unknown }> {
    for (const guild of list) yield { name: "GUILD_CREATE", data: guildPayload(guild, world.bot, guildSize) };
  }

  function makeChannel(change: Partial<FakeChannel>): FakeChannel {
    const channel: FakeChannel = { id: snowflake(), guildId: null, type: 0, ...change };
    world.channels.set(channel.id, channel);
    return channel;
  }

  /** Ids are spread over the shards by their time, as real ones are. */
  function makeGuild(joinedAt: Date): FakeGuild {
    const id = snowflake(Date.now() - guilds.size);
    const guild = { id, name: `Server ${guilds.size + 1}`, joinedAt, channel: makeChannel({ guildId: id }) };
    return guild;
  }

  const listen = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listen.resolve);
  await listen.promise;
  port = (server.address() as AddressInfo).port;

  const first = makeGuild(longAgo);
  guilds.set(first.id, first);
  for (let i = 0; i < (options.guilds ?? 0); i++) {
    const guild = makeGuild(longAgo);
    guilds.set(guild.id, guild);
  }

  const deliver = (exchange: Exchange, payload: object, guildId: string | null): void => {
    exchanges.set(exchange.token, exchange);
    if (!record) forgetOldest(exchanges);
    if (!endpoint.used) gateway.tell(shardOf(guildId), "INTERACTION_CREATE", payload);
    else
      endpoint.send(JSON.stringify(payload)).then(
        (status) => status !== 202 && world.violations.push(`an interaction was answered with ${status}`),
        (error: unknown) => world.violations.push(`an interaction could not be posted: ${String(error)}`),
      );
  };

  return {
    url: `http://127.0.0.1:${port}/api`,
    token,
    world,
    gateway,
    endpoint,
    guild: first,
    channel: first.channel,
    member(name, { madeAt = new Date("2020-05-01T00:00:00Z"), joinedAt, ...place } = {}) {
      const user = { id: snowflake(madeAt.getTime()), name };
      if (joinedAt !== undefined) world.joined.set(user.id, joinedAt);
      return new FakeMember({
        world,
        user,
        place: { channel: first.channel, guild: first, installed: true, admin: false, ...place },
        deliver,
        tell: (event, data, guildId) => {
          if ((gateway.intents & pollIntents) === pollIntents) gateway.tell(shardOf(guildId), event, data);
        },
      });
    },
    privateChat: () => ({ channel: makeChannel({ type: 1 }), guild: null, installed: true }),
    foreignServer() {
      const guild = makeGuild(longAgo);
      return { guild, channel: guild.channel, installed: false };
    },
    addGuild(joinedAt = new Date()) {
      const guild = makeGuild(joinedAt);
      guilds.set(guild.id, guild);
      gateway.tell(shardOf(guild.id), "GUILD_CREATE", guildPayload(guild, world.bot, guildSize));
      return guild;
    },
    removeGuild(guild, unavailable = false) {
      if (!unavailable) guilds.delete(guild.id);
      gateway.tell(shardOf(guild.id), "GUILD_DELETE", { id: guild.id, ...(unavailable ? { unavailable } : {}) });
    },
    addChannel: (change = {}) => makeChannel({ guildId: first.id, ...change }),
    tell: (name, data) => void gateway.tell(shardOf(first.id), name, data),
    fail: (rule) => faults.add(rule),
    nextMessage: (channel) => world.nextMessage(channel?.id ?? null),
    async close() {
      await gateway.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
