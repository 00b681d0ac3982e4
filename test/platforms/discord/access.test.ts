/** Where the bot may post again: permissions worked out as Discord does, from what Discord answers. */
import { PermissionFlagsBits } from "discord-api-types/v10";
import { afterEach, expect, test } from "vitest";
import { communityId, type RoomId, roomId } from "../../../src/core/ids.ts";
import type { PausedRooms } from "../../../src/core/platform.ts";
import { type Bot, startBot } from "./bot.ts";

const { ViewChannel, SendMessages, SendMessagesInThreads, EmbedLinks, AttachFiles, Administrator, ManageMessages } = PermissionFlagsBits;
const all = ViewChannel | SendMessages | SendMessagesInThreads | EmbedLinks | AttachFiles;
const [role, stranger] = ["111111111111111111", "222222222222222222"];

let bot: Bot;
afterEach(() => bot.stop());

interface World {
  readonly everyone?: bigint;
  readonly mine?: bigint;
  readonly rules?: readonly { readonly id: string; readonly allow?: bigint; readonly deny?: bigint }[];
  readonly thread?: { readonly locked: boolean };
  readonly silencedUntil?: string;
}

/** Whether the paused room of the one server goes on after something there has changed. */
async function goesOn({ everyone = all, mine = 0n, rules = [], thread, silencedUntil }: World, event = "CHANNEL_UPDATE"): Promise<boolean> {
  const asked = Promise.withResolvers<void>();
  const resumed: RoomId[] = [];
  const paused: PausedRooms = {
    of: async (where) => {
      const community = communityId("discord", bot.fake.guild.id);
      return where === community ? [{ room: roomId("discord", bot.fake.channel.id), community }] : [];
    },
    resume: async (rooms) => resumed.push(...rooms),
  };
  bot = await startBot({ paused, now: () => new Date("2026-11-22T12:00:00Z") });
  const { fake } = bot;
  const self = fake.world.bot.id;
  const named = rules.map(({ id, allow = 0n, deny = 0n }) => ({
    id: id === "everyone" ? fake.guild.id : id === "self" ? self : id,
    type: id === "self" ? 1 : 0,
    allow: String(allow),
    deny: String(deny),
  }));
  const parent = { id: stranger, type: 0, guild_id: fake.guild.id, permission_overwrites: named };
  const channel =
    thread === undefined
      ? { ...parent, id: fake.channel.id }
      : { id: fake.channel.id, type: 11, guild_id: fake.guild.id, parent_id: parent.id, thread_metadata: { archived: true, ...thread } };
  const answer = (path: string, body: unknown) => fake.fail({ method: "GET", path, times: 1, fault: { status: 200, body } });
  answer(`/channels/${fake.channel.id}`, channel);
  answer(`/channels/${parent.id}`, parent);
  answer("/roles", [
    { id: fake.guild.id, permissions: String(everyone) },
    { id: role, permissions: String(mine) },
    { id: stranger, permissions: String(Administrator) },
  ]);
  answer("/members/", { user: { id: self }, roles: [role], communication_disabled_until: silencedUntil ?? null });
  fake.tell(event, { id: fake.channel.id, guild_id: fake.guild.id, user: { id: self } });
  const looks = setInterval(() => {
    if (bot.logged.some((line) => line.includes("digests go on")) || fake.world.requests.some(({ path }) => path.startsWith("/guilds/")))
      asked.resolve();
  }, 5);
  await asked.promise;
  clearInterval(looks);
  // Stopping waits for what is being looked into.
  await bot.platform.stop();
  return resumed.length > 0;
}

test.each<[string, World, boolean]>([
  ["everyone may write there", {}, true],
  ["the server lets nobody embed links", { everyone: all & ~EmbedLinks }, false],
  ["a role of the bot's own makes up for what everyone lacks", { everyone: ViewChannel, mine: all }, true],
  ["the channel forbids it to everyone", { rules: [{ id: "everyone", deny: SendMessages }] }, false],
  [
    "the channel forbids it to everyone but the bot's role",
    {
      rules: [
        { id: "everyone", deny: SendMessages },
        { id: role, allow: SendMessages },
      ],
    },
    true,
  ],
  [
    "the channel forbids it to the bot itself, whatever its role may",
    {
      rules: [
        { id: role, allow: all },
        { id: "self", deny: AttachFiles },
      ],
    },
    false,
  ],
  [
    "the channel allows it to the bot itself",
    {
      rules: [
        { id: "everyone", deny: all },
        { id: "self", allow: all },
      ],
    },
    true,
  ],
  ["a role of somebody else is forbidden it", { rules: [{ id: stranger, deny: all }] }, true],
  ["an administrator is forbidden nothing", { everyone: 0n, mine: Administrator, rules: [{ id: "everyone", deny: all }] }, true],
  ["a permission that has nothing to do with it", { everyone: ManageMessages }, false],
  ["the bot is silenced for a while", { silencedUntil: "2026-11-23T12:00:00Z" }, false],
  ["the bot was silenced", { silencedUntil: "2026-11-21T12:00:00Z" }, true],
  ["an archived thread opens for a message", { thread: { locked: false } }, true],
  ["a locked thread does not", { thread: { locked: true } }, false],
  [
    "a thread needs its own permission, by its channel's rules",
    { thread: { locked: false }, rules: [{ id: "everyone", deny: SendMessagesInThreads }] },
    false,
  ],
])("%s", async (_, world, expected) => {
  expect(await goesOn(world)).toBe(expected);
});

test.each(["THREAD_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE"])("%s is news too", async (event) => {
  expect(await goesOn({}, event)).toBe(true);
});
