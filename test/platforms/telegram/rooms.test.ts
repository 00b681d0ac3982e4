/** Rooms and rights: greetings, departures, migrations, and who counts as an admin. */
import { describe, expect, it, vi } from "vitest";
import { communityId, roomId } from "../../../src/core/ids.ts";
import { stage } from "./setup.ts";

describe("a group that adds the bot", () => {
  it("is greeted once, and not again when the bot comes back", async () => {
    const { fake, rooms } = await stage();
    const group = fake.group("DePIN");
    group.bot = "left";
    const ann = fake.user("Ann");
    const greeting = group.next();
    ann.adds(group);
    expect((await greeting).text).toBe("Hello\nI explain things.");
    expect((await greeting).replyTo).toBeUndefined();
    ann.removes(group);
    ann.adds(group);
    await ann.says(group, "/explain depin");
    expect(group.posts).toHaveLength(2);
    const community = `telegram:${group.id}`;
    expect(rooms.told).toEqual([`arrive ${community}`, `leave ${community}`, `arrive ${community}`]);
  });

  it("is not new when it only makes the bot an admin", async () => {
    const { fake, rooms } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    ann.adds(group, "administrator");
    await ann.says(group, "/explain depin");
    expect(rooms.told).toEqual([]);
  });

  it("is remembered although storage failed at first", async () => {
    const { fake, rooms } = await stage();
    const group = fake.group("DePIN");
    group.bot = "left";
    rooms.failures = 2;
    const greeting = group.next();
    fake.user("Ann").adds(group);
    await greeting;
    expect(rooms.told).toEqual([`arrive telegram:${group.id}`]);
  });

  it("that takes away the right to write at once costs nothing but the greeting", async () => {
    const { fake, log } = await stage();
    const group = fake.group("DePIN");
    group.bot = "left";
    fake.fault("sendMessage", {
      kind: "error",
      code: 400,
      description: "Bad Request: not enough rights to send text messages to the chat",
    });
    const sent = fake.nextCall("sendMessage");
    const ann = fake.user("Ann");
    ann.adds(group);
    await sent;
    await ann.says(group, "/explain depin");
    expect(log.some((line) => line.includes("an answer was not shown"))).toBe(true);
  });
});

describe("a channel that adds the bot", () => {
  it("is remembered, but its readers are not greeted", async () => {
    const { fake, rooms } = await stage();
    const channel = fake.channel("News");
    channel.bot = "left";
    const ann = fake.user("Ann");
    ann.adds(channel, "administrator");
    await ann.says(channel, "/explain depin");
    expect(channel.posts).toHaveLength(1);
    expect(rooms.told).toEqual([`arrive telegram:${channel.id}`]);
  });
});

describe("a person who blocks the bot", () => {
  it("leaves nothing in storage", async () => {
    const { fake, rooms } = await stage();
    const ann = fake.user("Ann");
    ann.blocks();
    await fake.user("Bob").says(fake.group("DePIN"), "/explain depin");
    expect(rooms.told).toEqual([]);
  });

  it("is welcome back, so that what they subscribed to goes on", async () => {
    const { fake, rooms } = await stage();
    const ann = fake.user("Ann");
    ann.blocks();
    ann.unblocks();
    await ann.says(ann.private, "/explain depin");
    expect(rooms.regained).toEqual([expect.stringMatching(/^telegram:private:/)]);
    expect(rooms.told).toEqual([]);
  });
});

describe("a group that becomes a supergroup", () => {
  it("takes everything stored with it, told once however often Telegram says so", async () => {
    const { fake, rooms } = await stage();
    const group = fake.group("DePIN", { basic: true });
    const ann = fake.user("Ann");
    await ann.says(group, "/explain depin");
    const moved = fake.migrate(group);
    await ann.says(moved, "/explain depin");
    expect(rooms.told).toEqual([`migrate telegram:${group.id} telegram:${moved.id}`]);
  });

  it("is heard by storage although storage failed at first", async () => {
    const { fake, rooms } = await stage();
    const group = fake.group("DePIN", { basic: true });
    rooms.failures = 2;
    const moved = fake.migrate(group);
    await fake.user("Ann").says(moved, "/explain depin");
    expect(rooms.told).toEqual([`migrate telegram:${group.id} telegram:${moved.id}`]);
  });

  it("while an answer is on its way gets the answer at its new address", async () => {
    const { fake, gates, rooms } = await stage();
    const group = fake.group("DePIN", { basic: true });
    fake.user("Ann").posts(group, "/wait a");
    await gates.reached("a");
    const moved = fake.migrate(group, { silently: true });
    const shown = moved.next();
    gates.open("a");
    expect((await shown).text).toBe("passed a");
    expect(rooms.told).toEqual([`migrate telegram:${group.id} telegram:${moved.id}`]);
  });
});

describe("an admin command", () => {
  it("is refused to a member and allowed to an admin", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    expect((await fake.user("Bob").says(group, "/settings")).text).toBe("/settings is for the admins of this place.");
    expect((await fake.user("Ann", { admin: true }).says(group, "/settings")).text).toContain("changed");
  });

  it("asks Telegram once a minute per person, not for every command", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann", { admin: true });
    await ann.says(group, "/settings");
    await ann.says(group, "/settings");
    await ann.says(group, "/explain depin");
    expect(fake.callsOf("getChatMember")).toEqual([{ chat_id: group.id, user_id: ann.id }]);
  });

  it("is allowed to an anonymous admin", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    expect((await fake.user("Ann").says(group, "/settings", { anonymous: true })).text).toContain("changed");
    expect(fake.callsOf("getChatMember")).toEqual([]);
  });

  it("is refused to a member who writes as a channel", async () => {
    const { fake } = await stage();
    expect((await fake.user("Ann").says(fake.group("DePIN"), "/settings", { asChannel: -1_001_234 })).text).toContain("is for the admins");
  });

  it("is allowed to whoever posts in a channel, and in one's own private chat", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    expect((await ann.says(fake.channel("News"), "/settings")).text).toContain("changed");
    expect((await ann.says(ann.private, "/settings")).text).toContain("changed");
  });

  it("is allowed to an admin of a group that hides its members", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    fake.world.hidesMembers.add(group.id);
    expect((await fake.user("Ann", { admin: true }).says(group, "/settings")).text).toContain("changed");
    expect((await fake.user("Bob").says(group, "/settings")).text).toContain("is for the admins");
  });

  it("of a group, continued in private, asks for the right in that group", async () => {
    const { fake } = await stage({ timing: { adminsRemembered: 1 } });
    const group = fake.group("DePIN");
    const ann = fake.user("Ann", { admin: true });
    const [button] = (await ann.says(group, "/audit")).buttons;
    expect((await ann.opens(button?.url ?? "")).text).toBe(`Audit of telegram:${group.id}`);
    fake.world.admins.delete(ann.id);
    expect((await ann.opens(button?.url ?? "")).text).toContain("is for the admins");
    expect((await ann.says(ann.private, "/audit")).text).toContain("Audit of telegram:private:");
  });

  it("is refused when Telegram does not say who is an admin, and asked again next time", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann", { admin: true });
    fake.fault("getChatMember", { kind: "html", status: 502 });
    fake.fault("getChatAdministrators", { kind: "html", status: 502 });
    expect((await ann.says(group, "/settings")).text).toContain("is for the admins");
    expect((await ann.says(group, "/settings")).text).toContain("changed");
  });
});

describe("a group that refused a digest", () => {
  const rooms = (chat: number, thread = "") => ({
    room: roomId("telegram", `${chat}${thread}`),
    community: communityId("telegram", String(chat)),
  });

  it("is looked at now and then, and takes it again once all its members may write", async () => {
    const { fake, rooms: stored } = await stage({ timing: { accessEvery: 5 } });
    const group = fake.group("DePIN");
    group.muted = true;
    stored.refused = [rooms(group.id)];
    await fake.nextCall("getChat");
    await fake.nextCall("getChat");
    expect(stored.refused).toHaveLength(1);
    group.muted = false;
    await vi.waitFor(() => expect(stored.refused).toHaveLength(0));
  });

  it("stays paused where the bot itself may not write, is not in it, or cannot tell a closed topic from an open one", async () => {
    const { fake, rooms: stored } = await stage({ timing: { accessEvery: 5 } });
    const [silenced, left, topic, free] = [fake.group("Silenced"), fake.group("Left"), fake.group("Topics"), fake.group("Free")];
    silenced.bot = "restricted";
    left.bot = "kicked";
    stored.refused = [rooms(silenced.id), rooms(left.id), rooms(topic.id, ":7"), rooms(free.id)];
    await vi.waitFor(() => expect(stored.refused).toEqual([rooms(silenced.id), rooms(left.id), rooms(topic.id, ":7")]));
  });
});
