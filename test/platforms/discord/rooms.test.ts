/** Where an interaction takes place, whose community that is, and servers that come and go. */
import { afterEach, describe, expect, test } from "vitest";
import type { Invocation } from "../../../src/core/context.ts";
import { communityId, privateCommunityId, roomId } from "../../../src/core/ids.ts";
import { pseudonymiser } from "../../../src/core/pseudonym.ts";
import { type Bot, type BotOptions, startBot } from "./bot.ts";

let bot: Bot;
let asked: Invocation[];
const start = async (options: Pick<BotOptions, "now" | "known"> = {}) => {
  asked = [];
  bot = await startBot({ spy: (invocation) => asked.push(invocation), ...options });
  return bot.fake;
};

afterEach(async () => {
  await bot.stop();
  expect(bot.fake.world.violations).toEqual([]);
});

const memberOf = (userId: string) => pseudonymiser(["a key for tests"])("discord", userId).member;

test("members are pseudonyms: no id and no name reaches the core", async () => {
  const fake = await start();
  const ann = fake.member("ann");
  await ann.slash("say", { words: "hello" });
  expect(asked[0]?.actor.member).toBe(memberOf(ann.user.id));
  expect(JSON.stringify(asked)).not.toContain(ann.user.id);
});

test("in a server that has the bot, the server is the community and the channel the room", async () => {
  const fake = await start();
  await fake.member("ann").slash("say", { words: "hello" });
  expect(asked[0]?.room).toEqual({
    id: roomId("discord", fake.channel.id),
    community: communityId("discord", fake.guild.id),
    kind: "public",
    privateAnswers: true,
  });
});

test("the chat with the bot is the member's own community, named without the chat's address", async () => {
  const fake = await start();
  const chat = fake.privateChat();
  const ann = fake.member("ann", chat);
  await ann.slash("say", { words: "hello" });
  expect(asked[0]?.room).toEqual({
    id: roomId("discord", chat.channel.id),
    community: privateCommunityId("discord", memberOf(ann.user.id)),
    kind: "private",
    privateAnswers: true,
  });
});

test("where a member brings the bot along, everything is the member's own: the community, and every answer", async () => {
  const fake = await start();
  const ann = fake.member("ann", fake.foreignServer());
  const answer = await ann.slash("count");
  expect(answer.visible.map(({ viewer }) => viewer)).toEqual([ann.user.id]);
  const next = await ann.press(answer, "More");
  expect(next.visible.map(({ viewer }) => viewer)).toEqual([ann.user.id]);
  const own = privateCommunityId("discord", memberOf(ann.user.id));
  expect(asked.map(({ room }) => [room.kind, room.community])).toEqual([
    ["public", own],
    ["public", own],
  ]);
  expect(bot.rooms).toEqual([]);
});

test("a group chat, where others read along, is not the chat with the bot", async () => {
  const fake = await start();
  const group = { ...fake.privateChat(), installed: false };
  await fake.member("ann", group).slash("say", { words: "hello" });
  expect(asked[0]?.room.kind).toBe("public");
});

test("servers and chats from before user installation are still understood", async () => {
  const fake = await start();
  const old = { context: null, authorizing_integration_owners: null };
  const data = { id: "1", name: "say", type: 1, options: [{ name: "words", type: 3, value: "hello" }] };
  await fake.member("ann").interact(2, data, null, old).answered();
  await fake.member("ann", fake.privateChat()).interact(2, data, null, old).answered();
  expect(asked.map(({ room }) => room.kind)).toEqual(["public", "private"]);
  expect(asked[0]?.room.community).toBe(communityId("discord", fake.guild.id));
});

describe("servers that come and go", () => {
  test("a start tells nothing of servers that have long had the bot", async () => {
    const fake = await start();
    await fake.member("ann").slash("say", { words: "hello" });
    expect(bot.rooms).toEqual([]);
  });

  test("a server just joined, and one that was joined while the bot was away, are told", async () => {
    const fake = await start();
    const fresh = fake.addGuild();
    const recent = fake.addGuild(new Date(Date.now() - 20 * 24 * 3_600_000));
    fake.addGuild(new Date(Date.now() - 40 * 24 * 3_600_000));
    await expect.poll(() => bot.rooms).toEqual([`arrive discord:${fresh.id}`, `arrive discord:${recent.id}`]);
  });

  test("what happened to servers while the bot was away is made up for at the start", async () => {
    const removed = communityId("discord", "1156285961472544768");
    await start({
      known: (fake) => [
        { community: removed, left: false },
        { community: communityId("discord", "1156285961472544769"), left: true },
        { community: communityId("discord", fake.guild.id), left: true },
      ],
    });
    await expect.poll(() => bot.rooms).toEqual([`leave ${removed}`, `arrive discord:${bot.fake.guild.id}`]);
  });

  test("being removed is told, an outage is not", async () => {
    const fake = await start();
    fake.removeGuild(fake.guild, true);
    fake.removeGuild(fake.guild);
    await expect.poll(() => bot.rooms).toEqual([`leave discord:${fake.guild.id}`]);
  });

  test("leaving and returning keep their order", async () => {
    const fake = await start();
    const guild = fake.addGuild();
    fake.removeGuild(guild);
    fake.tell("GUILD_CREATE", { id: guild.id, joined_at: new Date().toISOString() });
    await expect.poll(() => bot.rooms.map((line) => line.split(" ")[0])).toEqual(["arrive", "leave", "arrive"]);
  });
});

describe("events that are not as they should be are logged and skipped", () => {
  const events: readonly [string, unknown][] = [
    ["INTERACTION_CREATE", null],
    ["INTERACTION_CREATE", {}],
    ["INTERACTION_CREATE", { id: "1", application_id: "2", token: "t", type: 2, channel_id: "3", data: { name: "say", type: 1 } }],
    ["INTERACTION_CREATE", { id: "1", application_id: "2", token: "t", type: 2, member: { user: null, permissions: null }, data: null }],
    ["INTERACTION_CREATE", { id: "1", application_id: "2", token: "t", type: 2, user: { id: "4" }, data: { name: "say" } }],
    ["INTERACTION_CREATE", { id: "1", application_id: "2", token: "t", type: 99, user: { id: "4" }, channel_id: "3" }],
    ["INTERACTION_CREATE", { id: 1, application_id: 2n.toString(), token: "t", type: "2" }],
    ["GUILD_CREATE", null],
    ["GUILD_CREATE", { id: null, joined_at: 5 }],
    ["GUILD_DELETE", { unavailable: "yes" }],
    ["MESSAGE_CREATE", { install_params: null, author: null }],
    ["SOMETHING_NEW", [1, 2, 3]],
  ];

  test.each(events)("%s %j", async (name, data) => {
    const fake = await start();
    fake.tell(name, data);
    expect((await fake.member("ann").slash("say", { words: "still here" })).visible).toHaveLength(1);
  });

  test("nulls where Discord sends objects do not keep an answer back", async () => {
    const fake = await start();
    const data = {
      id: "1",
      name: "say",
      type: 1,
      options: [{ name: "words", type: 3, value: "hello", options: null, focused: null }],
      resolved: null,
      target_id: null,
    };
    const nulls = { channel: null, message: null, locale: null, entitlements: null, app_permissions: null, user: null };
    const answer = await fake.member("ann").interact(2, data, null, nulls).answered();
    expect(answer.visible).toHaveLength(1);
  });

  test("an argument of a type that was never offered is refused by the command's own check", async () => {
    const fake = await start();
    const data = { id: "1", name: "say", type: 1, options: [{ name: "words", type: 4, value: 5 }] };
    const answer = await fake.member("ann").interact(2, data).answered();
    expect(answer.visible[0]?.viewer).toBe(answer.user.id);
  });
});
