/** Interactions that Discord posts: answered as those of the gateway are, refused where they are not Discord's, and run once. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { startFakeDiscord, visibleText } from "../../support/fake-discord/index.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { openPages } from "../../support/web-pages.ts";
import { type Bot, type BotOptions, latch, slowCommand, smallCommands, startBot } from "./bot.ts";

let bot: Bot;
const ran: string[] = [];
const start = async (options: BotOptions = {}) => {
  ran.length = 0;
  const spy: BotOptions["spy"] = ({ key }) => void ran.push(key ?? "");
  bot = await startBot({ pushed: createMemoryStores().pushed, spy, ...options });
  return bot;
};
afterEach(async () => {
  await bot.stop();
  expect(bot.fake.world.violations).toEqual([]);
});
const texts = (exchange: { visible: readonly Parameters<typeof visibleText>[0][] }) => exchange.visible.map(visibleText);

describe("an interaction that is posted", () => {
  test("is answered directly, in one step", async () => {
    const { fake } = await start();
    const answer = await fake.member("ann").slash("say", { words: "hello" });
    expect(answer.steps).toEqual(["reply"]);
    expect(texts(answer)).toEqual(["Said\nhello\nSmall print."]);
  });

  test("is announced where it takes longer, then filled in", async () => {
    const gate = latch();
    const { fake } = await start({ commands: [slowCommand(gate)], timing: { ackAfterMs: 1, lastMomentMs: 1 } });
    const answer = fake.member("ann").begin.slash("slow");
    await answer.until(() => answer.steps.includes("defer"));
    gate.open();
    await answer.until(() => texts(answer).includes("Done at last."));
  });

  test("may open a form, which is submitted the same way, and completes what is typed", async () => {
    const { fake } = await start();
    const ann = fake.member("ann");
    const form = await ann.slash("trip");
    expect(form.steps).toEqual(["modal"]);
    expect(texts(await ann.submit(form, { From: "here", To: "there" }))).toEqual(["From here to there."]);
    expect((await ann.autocomplete("say", "words", "a")).length).toBeGreaterThan(0);
  });

  test("opens the chat with the bot again, as one of the gateway does", async () => {
    const resumed: string[] = [];
    const paused = { of: async () => [], resume: async (rooms: readonly string[]) => resumed.push(...rooms) };
    const { fake, platform } = await start({ paused });
    const place = fake.privateChat();
    await fake.member("ann", place).slash("say", { words: "hello" });
    await platform.stop();
    expect(resumed).toEqual([`discord:${place.channel.id}`]);
  });

  test("is answered while the bot ends by word that it starts anew, and not at all once it has ended", async () => {
    const gate = latch();
    const { fake, platform } = await start({ commands: [slowCommand(gate), ...smallCommands], timing: { ackAfterMs: 1 } });
    const slow = fake.member("ann").begin.slash("slow");
    await gate.reached;
    const stopped = platform.stop();
    const late = await fake.member("ben").slash("say", { words: "hello" });
    expect(texts(late).join()).toMatch(/restart/i);
    gate.open();
    await slow.answered();
    await stopped;
    expect(await fake.endpoint.send(fake.endpoint.sent[0] ?? "")).toBe(503);
  });

  test("is not taken before anybody can answer it", async () => {
    const { fake, platform } = await start({ started: false });
    await expect(fake.endpoint.use(bot.page)).resolves.toBeUndefined();
    expect(await fake.endpoint.send(JSON.stringify({ type: 2 }))).toBe(503);
    await platform.stop();
  });
});

describe("an interaction that comes twice", () => {
  const again = async ({ fake }: Bot) => {
    const [body = ""] = fake.endpoint.sent;
    return Promise.all(Array.from({ length: 5 }, () => fake.endpoint.send(body)));
  };

  test("runs once", async () => {
    await start();
    await bot.fake.member("ann").slash("say", { words: "hello" });
    expect(await again(bot)).toEqual([202, 202, 202, 202, 202]);
    await bot.platform.stop();
    expect(ran).toHaveLength(1);
  });

  test.each([
    ["does not answer", () => new Promise<boolean>(() => {})],
    ["fails", () => Promise.reject(new Error("the database is away"))],
  ])("runs once, and is answered, where the database %s: Discord itself says which one came first", async (_, first) => {
    await start({ pushed: { first }, timing: { claimMs: 20 } });
    const answer = await bot.fake.member("ann").slash("say", { words: "hello" });
    await again(bot);
    await bot.platform.stop();
    expect(answer.steps).toEqual(["defer", "edit"]);
    expect(texts(answer)).toEqual(["Said\nhello\nSmall print."]);
    expect(ran).toHaveLength(1);
  });
});

describe("what is not Discord's", () => {
  const interaction = JSON.stringify({ type: 2, id: "1" });
  const minute = 60_000;

  test.each([
    ["without a signature", { headers: { "x-signature-ed25519": "" } }],
    ["with a signature of the wrong form", { headers: { "x-signature-ed25519": "z".repeat(128) } }],
    ["with a signature of zeros", { headers: { "x-signature-ed25519": "0".repeat(128) } }],
    ["without a time", { headers: { "x-signature-timestamp": "" } }],
    ["with another time than was signed", { headers: { "x-signature-timestamp": String(Math.floor(Date.now() / 1000) - 1) } }],
    ["signed too long ago", { at: Date.now() - 6 * minute }],
    ["signed in the future", { at: Date.now() + 6 * minute }],
  ])("%s is refused with 401", async (_, options) => {
    const { fake } = await start();
    expect(await fake.endpoint.send(interaction, options)).toBe(401);
    expect(ran).toEqual([]);
  });

  test("and signed with another key is refused with 401", async () => {
    const { page } = await start();
    const other = await startFakeDiscord();
    await expect(other.endpoint.use(page)).rejects.toThrow("a ping was answered with 401");
    await other.close();
  });

  test("is refused with 400 where it is no interaction, with 413 where it is too long, and skipped where it cannot be read", async () => {
    const { fake, logged } = await start();
    expect(await fake.endpoint.send("{")).toBe(400);
    expect(await fake.endpoint.send("[]")).toBe(400);
    expect(await fake.endpoint.send(`"${"x".repeat(300_000)}"`)).toBe(413);
    expect(await fake.endpoint.send(JSON.stringify({ type: 2, id: "no id" }))).toBe(202);
    expect(logged.join("")).toContain("an interaction that cannot be read was skipped");
    expect(ran).toEqual([]);
  });

  test("and never ends is cut off, with or without a length", async () => {
    const { platform } = await start();
    const web = await openPages([platform.webhook], 100);
    const headers = `Host: x\r\nX-Signature-Ed25519: ${"0".repeat(128)}\r\nX-Signature-Timestamp: ${Math.floor(Date.now() / 1000)}`;
    for (const length of ["Content-Length: 100\r\n\r\nslow", "Transfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n"]) {
      const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
      const cut = once(socket.on("error", () => {}).resume(), "close");
      socket.write(`POST /discord/interactions HTTP/1.1\r\n${headers}\r\n${length}`);
      await cut;
    }
    await web.close();
  });
});

test("who is refused learns nothing of the program", async () => {
  const { page } = await start();
  const response = await fetch(page, { method: "POST", body: "x" });
  expect([response.status, await response.text()]).toEqual([401, ""]);
  expect([...response.headers.keys()].filter((name) => /powered|server/.test(name))).toEqual([]);
  expect((await fetch(page)).status).toBe(404);
});
