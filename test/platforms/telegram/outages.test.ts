/** Broken networks, broken servers, broken updates, second instances: what ends the bot, and what must not. */
import { describe, expect, it } from "vitest";
import { OperatorError } from "../../../src/core/errors.ts";
import { type Stage, stage } from "./setup.ts";

const linesWith = ({ log }: Stage, text: string) => log.filter((line) => line.includes(text));

describe("a token that Telegram does not accept", () => {
  it.each([
    ["of no bot (401)", "7000000009:AAwrongtokenwrongtokenwrongtokenwrong1"],
    ["of the wrong shape (404)", "not-a-token-at-all"],
  ])("ends the start with one clear sentence: %s", async (_, token) => {
    const set = await stage({ token, start: false });
    const failure = await set.start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OperatorError);
    expect(String(failure)).toBe("OperatorError: Telegram does not accept TELEGRAM_TOKEN. Copy the token again from @BotFather.");
  });

  it("because it was revoked while the bot runs is told to the operator once", async () => {
    const { fake, ended, fatal } = await stage();
    fake.fault("getUpdates", { kind: "error", code: 401, description: "Unauthorized" }, { times: 9 });
    fake.user("Ann").posts(fake.group("DePIN"), "/explain depin");
    expect(await ended).toMatchObject({ message: expect.stringContaining("does not accept TELEGRAM_TOKEN"), stillSends: false });
    expect(fatal).toHaveLength(1);
  });
});

describe("a second instance", () => {
  it("ends one of the two with a clear sentence and without a storm of calls; the other serves", async () => {
    const first = await stage();
    const { fake } = first;
    await fake.user("Ann").says(fake.group("DePIN"), "/explain depin");
    const second = await stage({ on: fake });
    expect(await first.ended).toMatchObject({ message: expect.stringMatching(/^Another instance is polling with this/), stillSends: true });
    await fake.user("Ann").says(fake.group("Two"), "/explain depin");
    const polls = fake.callsOf("getUpdates").length;
    await first.telegram.stop();
    expect(polls).toBeLessThan(8);
    expect(second.fatal).toEqual([]);
    expect(first.fatal).toHaveLength(1);
  });

  it("by webhook is told to the operator, and the webhook is left alone", async () => {
    const { fake, ended } = await stage({ start: false }).then(async (set) => {
      set.fake.setWebhook("https://example.com/hook");
      await set.start();
      return set;
    });
    expect(await ended).toMatchObject({ message: expect.stringMatching(/^A webhook is set for this Telegram bot/), stillSends: true });
    expect(fake.callsOf("deleteWebhook")).toEqual([]);
    expect(fake.callsOf("getUpdates")).toHaveLength(1);
  });
});

describe("a network that is down at the start", () => {
  it("is tried again until it is there, with one line in the log", async () => {
    const set = await stage({ start: false });
    const { fake } = set;
    const port = Number(new URL(fake.apiRoot).port);
    await fake.stop();
    const started = set.start();
    while (linesWith(set, "Telegram does not answer").length === 0) await new Promise(setImmediate);
    await fake.listen(port);
    await started;
    expect((await fake.user("Ann").says(fake.group("DePIN"), "/explain depin")).text).toContain("depin");
    expect(linesWith(set, "Telegram does not answer")).toHaveLength(1);
    expect(linesWith(set, "Telegram answers again")).toHaveLength(1);
  });

  it("does not keep the bot from stopping", async () => {
    const set = await stage({ start: false, timing: { retryFirst: 60_000 } });
    await set.fake.stop();
    const started = set.start();
    while (linesWith(set, "Telegram does not answer").length === 0) await new Promise(setImmediate);
    await set.telegram.stop();
    await started;
  });
});

describe("polling", () => {
  it.each([
    ["a gateway's HTML page", { kind: "html", status: 502 }],
    ["a 500 in JSON", { kind: "error", code: 500, description: "Internal Server Error: restart" }],
    ["half a JSON", { kind: "truncated" }],
    ["null", { kind: "body", body: "null" }],
    ["an empty body", { kind: "body", body: "" }],
    ["no list", { kind: "body", body: '{"ok":true,"result":null}' }],
    ["a list of nothing", { kind: "body", body: '{"ok":true,"result":[null,7,"x"]}' }],
    ["a lost connection", { kind: "lost" }],
    ["silence", { kind: "hang" }],
  ] as const)("outlives %s, loses no update, and logs one line", async (_, fault) => {
    const set = await stage({ timing: { pollSeconds: 0.2, callTimeout: 100 } });
    const { fake } = set;
    fake.fault("getUpdates", fault, { times: fault.kind === "hang" ? 1 : 3 });
    const ann = fake.user("Ann");
    expect((await ann.says(ann.private, "/explain depin")).text).toContain("depin");
    await ann.says(ann.private, "/explain helium");
    expect(ann.private.posts).toHaveLength(2);
    expect(linesWith(set, "no updates from Telegram")).toHaveLength(1);
    expect(linesWith(set, "Telegram answers again")).toHaveLength(1);
  });

  it("waits as long as a 429 says", async () => {
    const { fake } = await stage({ timing: { pollSeconds: 0.05 } });
    fake.fault("getUpdates", { kind: "rate_limit", retryAfter: 1 });
    const began = Date.now();
    const ann = fake.user("Ann");
    await fake.nextCall("getUpdates");
    const next = fake.nextCall("getUpdates");
    await next;
    expect(Date.now() - began).toBeGreaterThanOrEqual(900);
    await ann.says(ann.private, "/explain depin");
  });
});

describe("an update", () => {
  const chat = { id: -1_001_000_999, type: "supergroup", title: "Secret title" };
  const base = { message_id: 1, date: 1 };
  it.each([
    ["of nulls", { message: { ...base, chat: null, from: null, text: null } }],
    ["without a chat", { message: { ...base, text: "/explain secret-words" } }],
    ["without a sender", { message: { ...base, chat, text: "/explain secret-words" } }],
    ["of an unknown kind of chat", { message: { ...base, chat: { id: 1, type: "hologram" }, text: "/explain secret-words" } }],
    ["with an id beyond 53 bits", { message: { ...base, chat: { ...chat, id: 2 ** 60 }, text: "/explain secret-words" } }],
    ["that is a message as a text", { message: "secret-words" }],
    ["of an unknown kind", { hologram: { text: "secret-words" } }],
    ["of nothing", {}],
    ["that is a press without its person", { callback_query: { id: "1", data: "o:start" } }],
    ["that is a membership without standing", { my_chat_member: { chat, from: { id: 1 }, new_chat_member: null } }],
    ["that is an inline query without an id", { inline_query: { query: "secret-words" } }],
    ["that is a press by what cannot be made a text", { callback_query: { id: "1", data: "o:start", from: { id: { toString: 1 } } } }],
    ["that is a press on what cannot be made a text", { callback_query: { id: "1", message: { message_id: { toString: 1 } } } }],
    ["that is a vote in what cannot be made a text", { poll_answer: { poll_id: { toString: 1 }, user: null, option_ids: [] } }],
    ["that is a vote in what no database takes", { poll_answer: { poll_id: "a\u0000", user: { id: 1 }, option_ids: [0] } }],
    ["that is a vote for what nobody can count to", { poll_answer: { poll_id: "1", user: { id: 1 }, option_ids: [2 ** 40] } }],
    ["that moves to nowhere", { message: { ...base, chat, migrate_to_chat_id: "secret-words" } }],
  ])("%s is skipped, and the next one is answered", async (_, content) => {
    const set = await stage();
    const { fake } = set;
    fake.pushRaw({ update_id: 700_000_000, ...content });
    const ann = fake.user("Ann");
    expect((await ann.says(ann.private, "/explain depin")).text).toContain("depin");
    expect(linesWith(set, "secret-words")).toEqual([]);
    expect(linesWith(set, "Secret title")).toEqual([]);
    expect(fake.callsOf("sendMessage")).toHaveLength(1);
  });

  it("with odd extras is still answered", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const group = fake.group("DePIN");
    const extra = { entities: null, reply_to_message: { message_id: null }, sender_chat: null, message_thread_id: "x", via_bot: 7 };
    expect((await ann.says(group, "/explain depin", { extra })).text).toContain("depin");
    const nameless = { from: { id: ann.id, is_bot: false, first_name: null, username: null } };
    expect((await ann.says(group, "/explain depin", { extra: nameless })).text).toContain("depin");
  });
});

describe("an answer", () => {
  it("that is refused for a second is shown after it, once", async () => {
    const { fake } = await stage();
    fake.fault("sendMessage", { kind: "rate_limit", retryAfter: 1 });
    const ann = fake.user("Ann");
    await ann.says(ann.private, "/explain depin");
    expect(fake.callsOf("sendMessage")).toHaveLength(2);
    expect(ann.private.posts).toHaveLength(1);
  });

  it("that is refused for long is given up, and so is the next one there; other chats are answered", async () => {
    const set = await stage();
    const { fake } = set;
    fake.fault("sendMessage", { kind: "rate_limit", retryAfter: 35 });
    const ann = fake.user("Ann");
    ann.posts(ann.private, "/explain depin");
    ann.posts(ann.private, "/explain helium");
    await expect.poll(() => linesWith(set, "an answer was not shown")).toHaveLength(2);
    const ben = fake.user("Ben");
    expect((await ben.says(ben.private, "/explain depin")).text).toContain("depin");
    expect(ann.private.posts).toEqual([]);
    // Only the first was sent: Telegram had told when to come again.
    expect(fake.callsOf("sendMessage")).toHaveLength(2);
  });

  it.each([
    ["the response is lost", { kind: "lost" }, 1],
    ["the response is cut off", { kind: "truncated" }, 1],
    ["a gateway answers", { kind: "html", status: 504 }, 0],
    ["the server fails", { kind: "error", code: 500, description: "Internal Server Error" }, 0],
    ["nothing comes back", { kind: "hang" }, 0],
  ] as const)("is not sent again when %s: it may stand in the chat", async (_, fault, stands) => {
    const { fake } = await stage({ timing: { callTimeout: 150 } });
    fake.fault("sendMessage", fault);
    const ann = fake.user("Ann");
    ann.posts(ann.private, "/explain depin");
    while (fake.callsOf("sendMessage").length === 0) await fake.nextCall("sendMessage");
    const last = ann.posts(ann.private, "/explain helium");
    while (!ann.private.posts.some(({ text }) => text.startsWith("helium"))) await ann.private.next();
    expect(last.text).toBe("/explain helium");
    expect(ann.private.posts.filter(({ text }) => text.startsWith("depin"))).toHaveLength(stands);
    expect(fake.callsOf("sendMessage")).toHaveLength(2);
  });
});

describe("stopping", () => {
  it("waits for what is in flight", async () => {
    const { fake, gates, telegram } = await stage({ timing: { drain: 5_000 } });
    const ann = fake.user("Ann");
    const shown = ann.says(ann.private, "/wait a");
    await gates.reached("a");
    const stopped = telegram.stop();
    gates.open("a");
    expect((await shown).text).toBe("passed a");
    await stopped;
  });

  it("tells those who wait too long, and ends", async () => {
    const { fake, gates, telegram } = await stage({ timing: { drain: 100 } });
    const ann = fake.user("Ann");
    const shown = ann.says(ann.private, "/wait a");
    await gates.reached("a");
    await telegram.stop();
    expect((await shown).text).toContain("I am being restarted, and cannot say whether this was done.");
  });

  it("confirms what was handled, so that the next start handles nothing twice", async () => {
    const first = await stage();
    const { fake } = first;
    const ann = fake.user("Ann");
    await ann.says(ann.private, "/explain depin");
    await first.telegram.stop();
    expect(fake.world.updates.unconfirmed).toBe(0);
    ann.posts(ann.private, "/explain helium");
    await stage({ on: fake });
    await ann.private.next();
    expect(ann.private.posts.map(({ text }) => text.split("\n")[0])).toEqual(["depin", "helium"]);
  });

  it("is quick when nothing happens, and may be asked twice", async () => {
    const { telegram } = await stage({ timing: { drain: 60_000 } });
    await telegram.stop();
    await telegram.stop();
  });
});
