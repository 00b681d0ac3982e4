/** `send` and `split`: parts that are proven one by one, and what each failure means to the ledger. */
import { describe, expect, it } from "vitest";
import { SendError, type SendFailure } from "../../../src/core/errors.ts";
import { type RoomId, roomId } from "../../../src/core/ids.ts";
import { file, heading, image, note, text } from "../../../src/core/reply.ts";
import type { FakeTelegram } from "../../support/fake-telegram/index.ts";
import { png } from "../../support/png.ts";
import { type Stage, stage } from "./setup.ts";

const part = { blocks: [heading("Digest"), text("All is well."), note("small print")] };
const inChat = (id: number) => roomId("telegram", String(id));

async function failureOf(work: Promise<unknown>): Promise<SendFailure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SendError);
  return (error as SendError).failure;
}

const send = ({ telegram }: Stage, room: RoomId) => telegram.send(room, part, "key-1");

describe("a part", () => {
  it("is posted in its chat, without a reply, and proven by the message's id", async () => {
    const set = await stage();
    const group = set.fake.group("DePIN");
    const { messageId } = await send(set, inChat(group.id));
    const [posted] = group.posts;
    expect(messageId).toBe(String(posted?.id));
    expect(posted?.text).toBe("Digest\nAll is well.\n\nsmall print");
    expect(posted?.replyTo).toBeUndefined();
  });

  it("is posted in its forum topic", async () => {
    const set = await stage();
    const forum = set.fake.group("Forum", { forum: true });
    const thread = set.fake.topic(forum, "Daily");
    await send(set, roomId("telegram", `${forum.id}:${thread}`));
    expect(forum.posts[0]?.thread).toBe(thread);
  });

  it("with a picture is a photo, with anything else a document, and both are whole", async () => {
    const { fake, telegram } = await stage();
    const group = fake.group("DePIN");
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    await telegram.send(inChat(group.id), { blocks: [text("Chart"), image("chart.png", png(300, 200), "Thirty days")] }, "k");
    await telegram.send(inChat(group.id), { blocks: [file("chart-data.png", "image/png", bytes, "The data")] }, "k");
    expect(fake.callsOf("sendPhoto")).toHaveLength(1);
    expect(fake.callsOf("sendDocument")).toHaveLength(1);
    expect(group.posts.map((post) => [post.text, post.file?.name])).toEqual([
      ["Chart", "chart.png"],
      ["The data", "chart-data.png"],
    ]);
    expect(group.posts.map((post) => post.file?.content)).toEqual([png(300, 200), bytes]);
  });

  it("with a picture is posted in its forum topic too", async () => {
    const { fake, telegram } = await stage();
    const forum = fake.group("Forum", { forum: true });
    const thread = fake.topic(forum, "Daily");
    await telegram.send(roomId("telegram", `${forum.id}:${thread}`), { blocks: [image("chart.png", png(), "Thirty days")] }, "k");
    expect(forum.posts.map((post) => [post.thread, post.file?.name])).toEqual([[thread, "chart.png"]]);
  });

  it("with a picture says its words where a group forbids pictures, once", async () => {
    const { fake, telegram } = await stage();
    const group = fake.group("DePIN");
    const forbidden = { kind: "error", code: 400, description: "Bad Request: not enough rights to send photos to the chat" } as const;
    const chart = image("chart.png", png(), "From $9 billion to $10 billion");
    for (const blocks of [[chart, text("The sector rose.")], [chart]]) {
      fake.fault("sendPhoto", forbidden);
      await telegram.send(inChat(group.id), { blocks }, "k");
    }
    expect(group.posts.map((post) => [post.text, post.file])).toEqual([
      ["The sector rose.", undefined],
      ["From $9 billion to $10 billion", undefined],
    ]);
  });

  it("with a picture whose response was lost is unknown, and not said again in words", async () => {
    const { fake, telegram } = await stage();
    const group = fake.group("DePIN");
    fake.fault("sendPhoto", { kind: "lost" });
    expect(await failureOf(telegram.send(inChat(group.id), { blocks: [image("chart.png", png(), "Thirty days")] }, "k"))).toEqual({
      outcome: "unknown",
    });
    expect(group.posts).toHaveLength(1);
  });

  it.each([
    ["no picture", new Uint8Array(100), "IMAGE_PROCESS_FAILED"],
    ["too long a picture", png(2100, 100), "PHOTO_INVALID_DIMENSIONS"],
    ["too heavy a picture", Buffer.concat([png(), new Uint8Array(10 * 1024 * 1024)]), "too big for a photo"],
  ])("with %s is refused as invalid", async (_, bytes, why) => {
    const { fake, telegram } = await stage();
    const group = fake.group("DePIN");
    const sending = telegram.send(inChat(group.id), { blocks: [image("chart.png", bytes, "Thirty days")] }, "k");
    expect(await failureOf(sending)).toEqual({ outcome: "refused", reason: "invalid" });
    expect(fake.violations.splice(0).join()).toContain(why);
    expect(group.posts).toEqual([]);
  });

  it("follows a group that became a supergroup, and tells storage once", async () => {
    const set = await stage();
    const group = set.fake.group("DePIN", { basic: true });
    const moved = set.fake.migrate(group, { silently: true });
    await send(set, inChat(group.id));
    await send(set, inChat(group.id));
    expect(moved.posts).toHaveLength(2);
    expect(set.rooms.told).toEqual([`migrate telegram:${group.id} telegram:${moved.id}`]);
  });
});

describe("a part that is not confirmed", () => {
  const error = (code: number, description: string) => ({ kind: "error", code, description }) as const;
  it.each([
    ["blocked by the person", error(403, "Forbidden: bot was blocked by the user"), { outcome: "refused", reason: "forbidden" }],
    ["kicked", error(403, "Forbidden: bot was kicked from the supergroup chat"), { outcome: "refused", reason: "forbidden" }],
    ["not a member", error(403, "Forbidden: bot is not a member of the channel chat"), { outcome: "refused", reason: "forbidden" }],
    ["account deleted", error(403, "Forbidden: user is deactivated"), { outcome: "refused", reason: "gone" }],
    ["group deleted", error(403, "Forbidden: the group chat was deleted"), { outcome: "refused", reason: "gone" }],
    ["no such chat", error(400, "Bad Request: chat not found"), { outcome: "refused", reason: "gone" }],
    ["no such topic", error(400, "Bad Request: message thread not found"), { outcome: "refused", reason: "gone" }],
    ["closed topic", error(400, "Bad Request: TOPIC_CLOSED"), { outcome: "refused", reason: "forbidden" }],
    [
      "no rights",
      error(400, "Bad Request: not enough rights to send text messages to the chat"),
      { outcome: "refused", reason: "forbidden" },
    ],
    ["a bad message", error(400, "Bad Request: message is too long"), { outcome: "refused", reason: "invalid" }],
    ["429", { kind: "rate_limit", retryAfter: 35 }, { outcome: "not_sent", retryAfterMs: 35_000 }],
    ["429 told as a text", { kind: "rate_limit", retryAfter: "7" }, { outcome: "not_sent", retryAfterMs: 7_000 }],
    ["429 without a time", { kind: "rate_limit", retryAfter: null }, { outcome: "not_sent", retryAfterMs: 60_000 }],
    ["a revoked token", error(401, "Unauthorized"), { outcome: "not_sent", retryAfterMs: 60_000 }],
    ["500", error(500, "Internal Server Error"), { outcome: "unknown" }],
    ["502 in HTML", { kind: "html", status: 502 }, { outcome: "unknown" }],
    ["an ok without a message", { kind: "body", body: '{"ok":true,"result":true}' }, { outcome: "unknown" }],
    ["null", { kind: "body", body: "null" }, { outcome: "unknown" }],
  ] as const)("is sorted: %s", async (_, fault, expected) => {
    const set = await stage();
    const group = set.fake.group("DePIN");
    set.fake.fault("sendMessage", fault);
    expect(await failureOf(send(set, inChat(group.id)))).toEqual(expected);
    // Whoever keeps the ledger decides about the next attempt.
    expect(set.fake.callsOf("sendMessage")).toHaveLength(1);
  });

  it("tells that the bot was put out of a group, also where Telegram's own news of it is lost", async () => {
    const set = await stage();
    const group = set.fake.group("DePIN");
    group.bot = "kicked";
    expect(await failureOf(send(set, inChat(group.id)))).toEqual({ outcome: "refused", reason: "forbidden" });
    expect(set.rooms.told).toEqual([`leave telegram:${group.id}`]);
  });

  it.each([
    ["lost after it was stored", { kind: "lost" }, 1],
    ["cut off after it was stored", { kind: "truncated" }, 1],
    ["never given", { kind: "hang" }, 0],
  ] as const)("because the response was %s is unknown, and sent once", async (_, fault, stands) => {
    const set = await stage({ timing: { callTimeout: 100 } });
    const group = set.fake.group("DePIN");
    set.fake.fault("sendMessage", fault);
    expect(await failureOf(send(set, inChat(group.id)))).toEqual({ outcome: "unknown" });
    expect(set.fake.callsOf("sendMessage")).toHaveLength(1);
    expect(group.posts).toHaveLength(stands);
  });

  it("because nobody listens was certainly not sent", async () => {
    const set = await stage();
    const group = set.fake.group("DePIN");
    await set.fake.stop();
    expect(await failureOf(send(set, inChat(group.id)))).toEqual({ outcome: "not_sent", retryAfterMs: 5_000 });
    await set.fake.listen();
  });

  it("because the bot is stopping was not sent", async () => {
    const set = await stage();
    const group = set.fake.group("DePIN");
    await set.telegram.stop();
    expect((await failureOf(send(set, inChat(group.id)))).outcome).toBe("not_sent");
    expect(group.posts).toEqual([]);
  });

  it("because the room is no address is gone", async () => {
    const set = await stage();
    expect(await failureOf(send(set, roomId("telegram", "nonsense")))).toEqual({ outcome: "refused", reason: "gone" });
  });

  it("tells neither the token nor the text in its error", async () => {
    const set = await stage({ timing: { callTimeout: 100 } });
    const group = set.fake.group("DePIN");
    for (const fault of [{ kind: "lost" }, { kind: "hang" }, { kind: "html", status: 502 }, error(400, "Bad Request: x")] as const) {
      set.fake.fault("sendMessage", fault);
      const thrown: unknown = await send(set, inChat(group.id)).catch((e: unknown) => e);
      expect(deepText(thrown)).not.toContain(set.fake.token);
      expect(deepText(thrown)).not.toContain("All is well");
    }
  });
});

/** Everything that a logger could find in an error: messages, stacks, causes and own fields. */
function deepText(thrown: unknown, depth = 0): string {
  if (typeof thrown !== "object" || thrown === null || depth > 5) return String(thrown);
  return Reflect.ownKeys(thrown)
    .map((key) => `${String(key)}=${deepText(Reflect.get(thrown, key), depth + 1)}`)
    .join("\n");
}

describe("the command menu", () => {
  const scopes = (fake: FakeTelegram) => fake.callsOf("setMyCommands").map(({ scope }) => JSON.stringify(scope));

  it("is written per scope, admin commands only where the reader is an admin", async () => {
    const { fake } = await stage();
    await expect.poll(() => scopes(fake)).toHaveLength(4);
    const names = (scope: string) => fake.world.commands.get(scope)?.map(({ command }) => command);
    expect(names("default")).toEqual(names("all_group_chats"));
    expect(names("all_private_chats")).toEqual(names("all_chat_administrators"));
    expect(names("default")).toContain("explain");
    expect(names("default")).not.toContain("settings");
    expect(names("all_chat_administrators")).toContain("settings");
    expect(fake.world.commands.get("default")?.[1]).toEqual({ command: "explain", description: "Explains a term" });
  });

  it("is written only where it changed", async () => {
    const { fake } = await stage();
    await expect.poll(() => scopes(fake)).toHaveLength(4);
    const asked = () => fake.callsOf("getMyCommands").length;
    await stage({ on: fake });
    await expect.poll(asked).toBe(8);
    expect(scopes(fake)).toHaveLength(4);
    fake.world.commands.set("all_group_chats", []);
    await stage({ on: fake });
    await expect.poll(asked).toBe(12);
    await expect.poll(() => scopes(fake).slice(4)).toEqual(['{"type":"all_group_chats"}']);
  });

  it("does not keep the bot from starting when Telegram refuses it", async () => {
    const set = await stage({ start: false });
    set.fake.fault("setMyCommands", { kind: "error", code: 400, description: "Bad Request: BOT_COMMAND_INVALID" });
    await set.start();
    expect((await set.fake.user("Ann").says(set.fake.group("DePIN"), "/explain depin")).text).toContain("depin");
    await expect.poll(() => set.log.some((line) => line.includes("command menu could not be updated"))).toBe(true);
  });

  it("keeps nobody waiting for an answer while it is written", async () => {
    const set = await stage({ start: false });
    set.fake.fault("getMyCommands", { kind: "hang" });
    await set.start();
    expect((await set.fake.user("Ann").says(set.fake.group("DePIN"), "/explain depin")).text).toContain("depin");
    expect(scopes(set.fake)).toEqual([]);
  });
});
