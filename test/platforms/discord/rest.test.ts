/** What happens between us and Discord's HTTP API when it limits, blocks, fails or loses things: nothing twice, nothing spinning, nothing told. */
import { pino } from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SendError } from "../../../src/core/errors.ts";
import { roomId } from "../../../src/core/ids.ts";
import { heading, image, text } from "../../../src/core/reply.ts";
import { BannedError } from "../../../src/platforms/discord/errors.ts";
import { createRest } from "../../../src/platforms/discord/rest.ts";
import { type Exchange, type Fault, visibleText } from "../../support/fake-discord/index.ts";
import { png } from "../../support/png.ts";
import { type Bot, type BotOptions, latch, slowCommand, smallCommands, startBot } from "./bot.ts";

let bot: Bot;
const start = async (options?: BotOptions) => {
  bot = await startBot(options);
  return bot;
};

afterEach(async () => {
  vi.useRealTimers();
  await bot.stop();
  expect(bot.fake.world.violations).toEqual([]);
  // Neither the bot's token nor an interaction's, which is a right to answer in the bot's name.
  const log = bot.logged.join("");
  expect(log).not.toContain(bot.fake.token);
  expect(log).not.toContain("aW50ZXJhY3Rpb24");
});

/** Both clocks stand still until the test moves them; sockets and timers go on. */
const freezeClocks = () => void vi.useFakeTimers({ toFake: ["Date", "performance"] });
/** Timers stand still too. */
const holdTime = () => void vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });

const texts = (exchange: Exchange) => exchange.visible.map(visibleText);
const requests = (path: string) => bot.fake.world.requests.filter((r) => r.path.includes(path));

async function sendTo(room: string, key: string, words = "A digest") {
  try {
    return await bot.platform.send(roomId("discord", room), { blocks: [text(words)] }, key);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return error.failure;
  }
}
const send = (key: string) => sendTo(bot.fake.channel.id, key);
const posted = () => bot.fake.world.visibleIn(bot.fake.channel.id).map(visibleText);
const failMessages = (fault: Fault, times = 1) => bot.fake.fail({ method: "POST", path: /^\/channels\/.*messages$/, times, fault });

describe("posting", () => {
  test("a message is posted under its key, with nobody to ping and files attached", async () => {
    const { fake, platform } = await start();
    const part = { blocks: [heading("Today"), text("@everyone"), image("chart.png", png(), "A chart")] };
    const { messageId } = await platform.send(roomId("discord", fake.channel.id), part, "digest-1");
    const message = fake.world.messages.get(messageId);
    expect(message?.files.map((f) => f.name)).toEqual(["chart.png"]);
    expect(message?.body.embeds[0]?.image?.url).toBe("attachment://chart.png");
    expect(requests("/messages")[0]?.body).toMatchObject({ nonce: "digest-1", enforce_nonce: true, allowed_mentions: { parse: [] } });
    expect(fake.world.pinged).toEqual([]);
  });

  test.each<[string, Fault]>([
    ["lost response", "lost"],
    ["cut connection", "cut"],
    ["half a JSON", "half"],
    ["a page instead of JSON", "html"],
    ["no answer at all", "hang"],
    ["500", { status: 500 }],
    ["502 with a page", { status: 502, body: "<html>", headers: { "content-type": "text/html" } }],
  ])("%s: unknown, and sent again under the same key it is there once", async (_, fault) => {
    await start({ timing: { requestMs: 150 } });
    failMessages(fault);
    expect(await send("digest-2")).toEqual({ outcome: "unknown" });
    expect(await send("digest-2")).toHaveProperty("messageId");
    expect(posted()).toEqual(["A digest"]);
    expect(requests("/messages")).toHaveLength(2);
  });

  test.each<[string, Fault, object]>([
    ["missing access", { status: 403, body: { message: "Missing Access", code: 50001 } }, { outcome: "refused", reason: "forbidden" }],
    [
      "missing permissions",
      { status: 403, body: { message: "Missing Permissions", code: 50013 } },
      { outcome: "refused", reason: "forbidden" },
    ],
    ["an unknown channel", { status: 404, body: { message: "Unknown Channel", code: 10003 } }, { outcome: "refused", reason: "gone" }],
    ["a bad request", { status: 400, body: { message: "Invalid Form Body", code: 50035 } }, { outcome: "refused", reason: "invalid" }],
    [
      "a proxy's 403",
      { status: 403, body: "<html>", headers: { "content-type": "text/html" } },
      { outcome: "not_sent", retryAfterMs: 60_000 },
    ],
    ["a proxy's 404", { status: 404, body: "Not Found" }, { outcome: "not_sent", retryAfterMs: 60_000 }],
    ["a 400 without a word", { status: 400 }, { outcome: "not_sent", retryAfterMs: 60_000 }],
  ])("%s is told as what it is", async (_, fault, failure) => {
    await start();
    failMessages(fault);
    expect(await send("digest-3")).toEqual(failure);
    expect(requests("/messages")).toHaveLength(1);
  });

  test("a message that was deleted after it was posted does not make its room look gone", async () => {
    const { fake } = await start();
    const first = await send("digest-4");
    const message = "messageId" in first ? fake.world.messages.get(first.messageId) : undefined;
    if (message === undefined) throw new Error("not posted");
    message.deleted = true;
    expect(await send("digest-4")).toEqual({ outcome: "refused", reason: "invalid" });
  });

  test("a room that is no Discord channel is refused without asking", async () => {
    await start();
    expect(await sendTo("not-a-channel", "digest-5")).toEqual({ outcome: "refused", reason: "invalid" });
    expect(requests("/messages")).toEqual([]);
  });

  test("where nobody listens, nothing was sent", async () => {
    const { fake } = await start();
    await fake.close();
    expect(await send("digest-6")).toMatchObject({ outcome: "not_sent" });
  });
});

describe("rate limits", () => {
  test.each<["route" | "shared" | "global"]>([["route"], ["shared"], ["global"]])(
    "a %s limit is told with its time, and not run into again and again",
    async (limit) => {
      await start();
      failMessages({ limit, retryAfter: 35 });
      const failure = await send("digest-1");
      expect(failure).toMatchObject({ outcome: "not_sent" });
      if ("retryAfterMs" in failure) expect(failure.retryAfterMs).toBeGreaterThanOrEqual(35_000);
      expect(requests("/messages")).toHaveLength(1);
    },
  );

  test("a short wait is waited", async () => {
    await start();
    failMessages({ limit: "route", retryAfter: 0.02 });
    expect(await send("digest-1")).toHaveProperty("messageId");
  });

  test("while messages are limited for the whole bot, answers go on", async () => {
    const { fake } = await start();
    failMessages({ limit: "global", retryAfter: 3600 });
    await send("digest-1");
    expect(texts(await fake.member("ann").slash("say", { words: "hello" }))).toHaveLength(1);
  });

  test.each<[string, Fault]>([
    ["Cloudflare's ban", { limit: "ban" }],
    ["Cloudflare's plain page", { limit: "cloudflare" }],
    ["a Retry-After that is no number", { status: 429, headers: { "retry-after": "soon" }, body: {} }],
  ])("%s stops everything for a while instead of spinning", async (_, fault) => {
    freezeClocks();
    const { fake } = await start();
    failMessages(fault);
    expect(await send("digest-1")).toEqual({ outcome: "not_sent", retryAfterMs: 60_000 });
    vi.advanceTimersByTime(20_000);
    expect(await send("digest-1")).toEqual({ outcome: "not_sent", retryAfterMs: 40_000 });
    // Answers would be refused just as well, and make the ban longer.
    fake.member("ann").begin.slash("say", { words: "hello" });
    await expect.poll(() => bot.logged.join("")).toContain("an answer could not be shown");
    expect(requests("/messages")).toHaveLength(1);
    expect(requests("/callback")).toEqual([]);
    vi.advanceTimersByTime(40_000);
    expect(await send("digest-1")).toHaveProperty("messageId");
  });

  test("a limited channel is left alone for as long as it was told, and others are not", async () => {
    freezeClocks();
    const { fake } = await start();
    const other = fake.addChannel().id;
    failMessages({ limit: "route", retryAfter: 35 });
    await send("digest-1");
    vi.advanceTimersByTime(30_000);
    expect(await send("digest-1")).toMatchObject({ outcome: "not_sent" });
    expect(await sendTo(other, "digest-2")).toHaveProperty("messageId");
    expect(requests("/messages")).toHaveLength(2);
    vi.advanceTimersByTime(6000);
    expect(await send("digest-1")).toHaveProperty("messageId");
  });

  test.each([[0.4], [3], [3600]])("a global limit of %d s stops messages to every channel, and none leaves early", async (retryAfter) => {
    const { fake, platform } = await start();
    holdTime();
    const other = fake.addChannel().id;
    failMessages({ limit: "global", retryAfter });
    expect(await send("digest-1")).toMatchObject({ outcome: "not_sent" });
    const told = Math.ceil(retryAfter) * 1000;
    await vi.advanceTimersByTimeAsync(told - 100);
    expect(await sendTo(other, "digest-2")).toMatchObject({ outcome: "not_sent" });
    let given = false;
    const slot = platform.pace.slot("digest", roomId("discord", other)).then(() => {
      given = true;
    });
    await new Promise(setImmediate);
    expect(given).toBe(false);
    expect(requests("/messages")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    await slot;
    expect(await sendTo(other, "digest-2")).toHaveProperty("messageId");
  });

  test("a digest goes to everyone near the limit, and nothing is refused", async () => {
    holdTime();
    const { fake, platform } = await start({ started: false, fake: { globalLimit: { limit: 50, perMs: 1000 } } });
    const channels = Array.from({ length: 150 }, () => fake.addChannel().id);
    const left = [...channels.entries()];
    let [inFlight, working] = [0, 10];
    const worker = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const [n, channel] = next;
        await platform.pace.slot("digest", roomId("discord", channel));
        inFlight++;
        await sendTo(channel, `digest-${n}`);
        inFlight--;
      }
      working--;
    };
    for (let n = 0; n < 10; n++) void worker();
    const began = performance.now();
    while (working > 0) {
      await vi.advanceTimersByTimeAsync(10);
      while (inFlight > 0) await new Promise(setImmediate);
    }
    expect(performance.now() - began).toBeLessThan(3500);
    expect(channels.map((channel) => fake.world.visibleIn(channel).length)).toEqual(channels.map(() => 1));
    expect(fake.world.refusals).toBe(0);
  });

  test("a ban that comes again is waited out twice as long", async () => {
    freezeClocks();
    await start();
    failMessages({ limit: "ban" }, 2);
    await send("digest-1");
    vi.advanceTimersByTime(60_000);
    expect(await send("digest-1")).toEqual({ outcome: "not_sent", retryAfterMs: 120_000 });
  });

  test("before Discord's count of invalid requests is full, we stop by ourselves", async () => {
    const { fake } = await start();
    const rest = createRest({
      token: fake.token,
      apiUrl: fake.url,
      log: pino({ level: "silent" }),
      now: () => new Date(),
      timeoutMs: 5000,
      onUnauthorised: () => {},
    });
    fake.fail({ path: "/webhooks/", times: 20_000, fault: { status: 403, body: { message: "Missing Access", code: 50001 } } });
    let banned = 0;
    const knock = () =>
      rest.answers
        .get("/webhooks/1/x/messages/@original", { auth: false })
        .catch((error: unknown) => (banned += error instanceof BannedError ? 1 : 0));
    for (let i = 0; i < 52; i++) await Promise.all(Array.from({ length: 100 }, knock));
    expect(banned).toBeGreaterThan(0);
    expect(requests("/webhooks/").length).toBeLessThan(5200);
    rest.close();
  });
});

describe("the token", () => {
  test("a 401 in the middle of serving is fatal, once, and nothing is sent after it", async () => {
    const { fatal } = await start();
    failMessages({ status: 401, body: { message: "401: Unauthorized", code: 0 } });
    expect(await send("digest-1")).toMatchObject({ outcome: "not_sent" });
    expect(await send("digest-2")).toMatchObject({ outcome: "not_sent" });
    expect(fatal.map(String)).toEqual([expect.stringContaining("does not accept the token")]);
    expect(requests("/messages")).toHaveLength(1);
  });

  test("a 401 about an interaction's own token is nobody's fault", async () => {
    const { fake, fatal } = await start();
    fake.fail({ path: "/callback", fault: { status: 401, body: { message: "Invalid Webhook Token", code: 50027 } } });
    const ann = fake.member("ann");
    ann.begin.slash("say", { words: "lost" });
    await expect.poll(() => bot.logged.join("")).toContain("an answer could not be shown");
    expect(texts(await ann.slash("say", { words: "hello" }))).toHaveLength(1);
    expect(fatal).toEqual([]);
  });

  test("callbacks and follow-ups do not carry the bot's token", async () => {
    const { fake } = await start();
    await fake
      .member("ann")
      .slash("long")
      .then((e) => e.settled());
    expect(
      requests("/callback")
        .concat(requests("/webhooks"))
        .map((r) => r.authorised),
    ).not.toContain(true);
  });
});

describe("answers", () => {
  test.each<[Fault]>([["lost"], ["cut"], [{ status: 500 }]])("a callback that met %j reaches the member exactly once", async (fault) => {
    const { fake } = await start();
    fake.fail({ path: "/callback", fault });
    const answer = await fake
      .member("ann")
      .slash("say", { words: "hello" })
      .then((e) => e.settled());
    expect(texts(answer)).toEqual(["Said\nhello\nSmall print."]);
    expect(requests("/callback")).toHaveLength(2);
  });

  test("after a callback whose response was lost, the rest of the answer still comes", async () => {
    const { fake } = await start();
    fake.fail({ path: "/callback", fault: "lost" });
    const answer = await fake
      .member("ann")
      .slash("long")
      .then((e) => e.settled());
    expect(texts(answer).join("\n")).toContain("Part 11.");
  });

  test("a lost follow-up is not sent twice", async () => {
    const { fake } = await start();
    fake.fail({ method: "POST", path: "/webhooks/", fault: "lost" });
    const answer = await fake
      .member("ann")
      .slash("long")
      .then((e) => e.settled());
    expect(texts(answer).filter((t) => t.includes("Part 11."))).toHaveLength(1);
  });

  test("filling in and taking away an announcement is tried again", async () => {
    const gate = latch();
    const { fake } = await start({
      commands: [slowCommand(gate, { run: () => gate.pass().then(() => ({ blocks: [text("Done at last.")] })) })],
      timing: { ackAfterMs: 1 },
    });
    fake.fail({ method: "PATCH", path: "@original", fault: { status: 502 } });
    fake.fail({ method: "PATCH", path: "@original", fault: "lost" });
    const answer = fake.member("ann").begin.slash("slow");
    await answer.until(() => answer.steps.includes("defer"));
    gate.open();
    await answer.until(() => texts(answer).includes("Done at last."));
  });

  test("an interaction that someone else has answered is left alone", async () => {
    const { fake } = await start();
    fake.fail({ path: "/callback", fault: { status: 400, body: { message: "Interaction has already been acknowledged.", code: 40060 } } });
    fake.member("ann").begin.slash("long");
    await expect.poll(() => bot.logged.join("")).toContain("too late or twice");
    expect(requests("/webhooks/")).toEqual([]);
  });

  test("an interaction that has expired is left alone", async () => {
    const { fake } = await start();
    fake.fail({ path: "/callback", fault: { status: 404, body: { message: "Unknown interaction", code: 10062 } } });
    fake.member("ann").begin.slash("long");
    await expect.poll(() => bot.logged.join("")).toContain("too late or twice");
    expect(requests("/callback")).toHaveLength(1);
  });

  test("an answer that Discord refuses is apologised for, with a reference for the log", async () => {
    const { fake } = await start();
    fake.fail({ path: "/callback", fault: { status: 400, body: { message: "Invalid Form Body", code: 50035, errors: {} } } });
    const answer = await fake.member("ann").slash("say", { words: "hello" });
    const [, reference = "-"] = /Ref ([0-9a-f]{8})/.exec(texts(answer)[0] ?? "") ?? [];
    expect(answer.visible[0]?.viewer).toBe(answer.user.id);
    expect(bot.logged.join("")).toContain(reference);
  });

  test("many answers at once are not held back by a limit that does not apply to them", async () => {
    const { fake } = await start({ commands: smallCommands });
    const ann = fake.member("ann");
    const before = performance.now();
    await Promise.all(Array.from({ length: 300 }, (_, i) => ann.slash("say", { words: `hello ${i}` })));
    // At 50 a second, which is what @discordjs/rest allows by itself, this would take 6 seconds.
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
