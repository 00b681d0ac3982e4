/** The gateway connection under every fault that Discord documents, and some that it does not. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { OperatorError } from "../../../src/core/errors.ts";
import { IdentifyGate } from "../../../src/platforms/discord/identify.ts";
import { type FakeDiscord, type FakeGuild, visibleText } from "../../support/fake-discord/index.ts";
import { type Bot, type BotOptions, startBot } from "./bot.ts";

let bot: Bot;
const start = async (options?: BotOptions) => {
  bot = await startBot(options);
  return bot;
};

afterEach(async () => {
  await bot.stop();
  expect(bot.fake.world.violations).toEqual([]);
  expect(bot.logged.join("")).not.toContain(bot.fake.token);
});

async function expectAnswers(fake: FakeDiscord): Promise<void> {
  const answer = await fake.member("ann").slash("say", { words: "still here" });
  expect(answer.visible.map(visibleText)).toEqual(["Said\nstill here\nSmall print."]);
}

const problem = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

test("only servers and poll votes are asked for, nothing that needs a privilege", async () => {
  const { fake } = await start();
  expect(fake.gateway.intents).toBe((1 << 0) | (1 << 24) | (1 << 25));
});

describe("a connection that is lost is resumed, and what happened meanwhile is answered once", () => {
  const faults: readonly [string, (fake: FakeDiscord) => void][] = [
    ["TCP cut", ({ gateway }) => gateway.cut()],
    ["op 7", ({ gateway }) => gateway.askToReconnect()],
    ["op 9, resumable", ({ gateway }) => gateway.invalidate(true)],
    ["close 4000", ({ gateway }) => gateway.close(4000)],
    ["close 4009", ({ gateway }) => gateway.close(4009)],
  ];
  test.each(faults)("%s", async (_, fault) => {
    const { fake } = await start();
    const resumed = fake.gateway.next("resumed");
    fault(fake);
    const meanwhile = fake.member("bob").begin.slash("say", { words: "meanwhile" });
    await resumed;
    await meanwhile.answered();
    expect(meanwhile.steps).toEqual(["reply"]);
    await expectAnswers(fake);
    expect(fake.gateway.counts.identify).toBe(1);
  });

  test("zombie: heartbeats that nobody acknowledges", async () => {
    const { fake } = await start({ fake: { heartbeatMs: 40 } });
    const resumed = fake.gateway.next("resumed");
    fake.gateway.acknowledging = false;
    await resumed;
    fake.gateway.acknowledging = true;
    await expectAnswers(fake);
    expect(fake.gateway.counts.identify).toBe(1);
  });

  test("a dead line that does not even answer a close", async () => {
    const { fake } = await start({ fake: { heartbeatMs: 40 } });
    const resumed = fake.gateway.next("resumed");
    fake.gateway.freeze();
    const before = Date.now();
    await resumed;
    // Without our own limit, ws waits 30 seconds for the other side to close.
    expect(Date.now() - before).toBeLessThan(5000);
    await expectAnswers(fake);
  });

  test("many faults in a row", async () => {
    const { fake } = await start();
    for (const [, fault] of faults) {
      const resumed = fake.gateway.next("resumed");
      fault(fake);
      await resumed;
    }
    await expectAnswers(fake);
    expect(fake.gateway.counts.identify).toBe(1);
  });

  test("a useless resume address is not used", async () => {
    const { fake } = await start({ started: false });
    fake.gateway.resumeUrl = "nonsense";
    await bot.platform.publish(bot.dispatch.catalogue);
    await bot.platform.start(bot.dispatch);
    const resumed = fake.gateway.next("resumed");
    fake.gateway.cut();
    await resumed;
    await expectAnswers(fake);
  });
});

describe("a session that is over is begun anew", () => {
  test.each<[string, (fake: FakeDiscord) => void]>([
    ["op 9, not resumable", ({ gateway }) => gateway.invalidate(false)],
    ["close 1000", ({ gateway }) => gateway.close(1000)],
    ["close 4007", ({ gateway }) => gateway.close(4007)],
  ])("%s", async (_, fault) => {
    const { fake } = await start();
    const ready = fake.gateway.next("ready");
    fault(fake);
    await ready;
    await expectAnswers(fake);
    expect(fake.gateway.counts.identify).toBe(2);
  });
});

describe("a message that makes no sense is survived", () => {
  test.each(["", "null", "[]", "{", '"x"', '{"op":0}', '{"op":0,"t":"MADE_UP","s":null,"d":null}', '{"op":11}', '{"op":99,"d":{}}'])(
    "ignored: %s",
    async (frame) => {
      const { fake } = await start();
      fake.gateway.sendText(frame);
      await expectAnswers(fake);
    },
  );

  test.each(['{"op":9}', '{"op":9,"d":null}', '{"op":10,"d":null}', '{"op":0,"t":"READY","s":2,"d":null}'])(
    "reconnected: %s",
    async (frame) => {
      const { fake } = await start();
      const back = Promise.race([fake.gateway.next("resumed"), fake.gateway.next("ready")]);
      fake.gateway.sendText(frame);
      await back;
      await expectAnswers(fake);
    },
  );
});

describe("what only the operator can mend", () => {
  test.each([
    [4004, /does not accept the token/],
    [4010, /shard/],
    [4011, /shards/],
    [4012, /Update Depinion/],
    [4013, /intents/],
    [4014, /intents/],
  ])("close %i while starting: start says so, and nothing is tried again", async (code, words) => {
    const { fake, platform, dispatch, fatal } = await start({ started: false });
    fake.gateway.closeIdentifyWith = code;
    const error = await problem(platform.start(dispatch));
    expect(error).toBeInstanceOf(OperatorError);
    expect(String(error)).toMatch(words);
    expect(String(error)).not.toContain(fake.token);
    expect(fatal).toEqual([]);
    expect(fake.gateway.counts).toMatchObject({ connections: 1, identify: 1 });
  });

  test.each([4004, 4014])("close %i later: onFatal says so once", async (code) => {
    const { fake, fatal } = await start();
    fake.gateway.close(code);
    await expect.poll(() => fatal.length).toBe(1);
    expect(fatal[0]).toBeInstanceOf(OperatorError);
    expect(String(fatal[0])).not.toContain(fake.token);
    await bot.platform.stop();
    expect(fatal).toHaveLength(1);
    expect(fake.gateway.counts.connections).toBe(1);
  });

  test.each(["wrong.token.wrong-token-wrong", "wrong-token with\nlines", "wrong-token“"])(
    "a wrong token ends publish and start with a clear sentence: %j",
    async (token) => {
      const { platform, dispatch, fatal } = await start({ started: false, token });
      for (const attempt of [platform.publish(dispatch.catalogue), platform.start(dispatch)]) {
        const error = await problem(attempt);
        expect(error).toBeInstanceOf(OperatorError);
        expect(String(error)).toContain("DISCORD_TOKEN");
      }
      expect(bot.logged.join("")).not.toContain("wrong-token");
      expect(fatal).toEqual([]);
    },
  );
});

describe("starting and stopping", () => {
  test("Discord being away at the start is waited out, and the commands are published then", async () => {
    const { fake, platform, dispatch } = await start({ started: false });
    fake.fail({ path: "/applications/@me", times: 3, fault: { status: 503 } });
    fake.fail({ path: "/gateway/bot", fault: { status: 503 } });
    fake.fail({ path: "/gateway/bot", fault: "html" });
    fake.fail({ path: "/gateway/bot", fault: { status: 200, body: { url: null, shards: 1, session_start_limit: null } } });
    fake.fail({ path: "/gateway/bot", fault: "cut" });
    await platform.publish(dispatch.catalogue);
    expect(fake.world.commands).toEqual([]);
    await platform.start(dispatch);
    expect(fake.world.commands.length).toBeGreaterThan(0);
    await expectAnswers(fake);
  });

  test("with no sessions left, it waits until there are some", async () => {
    const { fake, platform, dispatch } = await start({ started: false });
    const spent = { total: 1000, remaining: 0, reset_after: 20, max_concurrency: 1 };
    fake.fail({ path: "/gateway/bot", fault: { status: 200, body: { url: "ws://127.0.0.1:1/", shards: 1, session_start_limit: spent } } });
    await platform.publish(dispatch.catalogue);
    await platform.start(dispatch);
    await expectAnswers(fake);
  });

  test("as many shards are served as Discord asks for", async () => {
    const { fake } = await start({ fake: { shards: 3, guilds: 20 } });
    expect(fake.gateway.counts.identify).toBe(3);
    await expectAnswers(fake);
    const chat = await fake.member("ann", fake.privateChat()).slash("say", { words: "hello" });
    expect(chat.visible).toHaveLength(1);
  });

  test("stopping leaves no connection, wherever it finds the bot", async () => {
    const { fake, platform } = await start();
    await platform.stop();
    await expect.poll(() => fake.gateway.open).toBe(0);
  });

  test("stopping during the pause before a reconnect leaves no connection", async () => {
    const { fake, platform } = await start();
    fake.gateway.cut();
    await expect.poll(() => bot.logged.join("")).toContain("gateway connection closed");
    await platform.stop();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(fake.gateway.counts.connections).toBe(1);
    expect(fake.gateway.open).toBe(0);
  });

  test("stopping before Discord has said hello ends the start and leaves no connection", async () => {
    const { fake, platform, dispatch } = await start({ started: false });
    fake.gateway.welcoming = false;
    const starting = problem(platform.start(dispatch));
    await expect.poll(() => fake.gateway.counts.connections).toBe(1);
    await platform.stop();
    expect(await starting).toBeInstanceOf(Error);
    await expect.poll(() => fake.gateway.open).toBe(0);
  });

  test("stopping while a connection is not even open leaves none", async () => {
    const { fake, platform, dispatch } = await start({ started: false });
    const sockets: Socket[] = [];
    const deaf = createServer((socket) => sockets.push(socket.on("error", () => {}).resume())).listen(0, "127.0.0.1");
    await once(deaf, "listening");
    const { port } = deaf.address() as AddressInfo;
    const limit = { total: 1000, remaining: 10, reset_after: 1000, max_concurrency: 1 };
    fake.fail({
      path: "/gateway/bot",
      fault: { status: 200, body: { url: `ws://127.0.0.1:${port}`, shards: 1, session_start_limit: limit } },
    });
    const starting = problem(platform.start(dispatch));
    await expect.poll(() => sockets.length).toBe(1);
    await platform.stop();
    expect(await starting).toBeInstanceOf(Error);
    await expect.poll(() => sockets.every((s) => s.destroyed)).toBe(true);
    deaf.close();
  });
});

describe("all shards at once", () => {
  const many = { fake: { shards: 6, guilds: 60, maxConcurrency: 2, heartbeatMs: 1_000 } } as const;
  /** Asks in a server of every shard. */
  const expectAllServed = async ({ guilds, fake }: { guilds: readonly FakeGuild[]; fake: FakeDiscord }) => {
    const asked = guilds.map((guild) => fake.member("ann", { guild, channel: guild.channel }).begin.slash("say", { words: guild.name }));
    for (const one of asked) await one.answered();
    expect(asked.map(({ steps }) => steps)).toEqual(asked.map(() => ["reply"]));
  };
  /** One server of each shard. */
  const serversOf = (fake: FakeDiscord): readonly FakeGuild[] => {
    const added = Array.from({ length: 40 }, () => fake.addGuild());
    return [...new Map(added.map((guild) => [(BigInt(guild.id) >> 22n) % 6n, guild])).values()];
  };

  test("that lose their connections again and again resume them all, and identify no more", async () => {
    const { fake } = await start(many);
    const guilds = serversOf(fake);
    expect(guilds.length).toBe(6);
    for (let storm = 1; storm <= 5; storm++) {
      fake.gateway.cut();
      // What is asked in the middle of it is told when they resume.
      const meanwhile = guilds.map((guild) =>
        fake.member("bob", { guild, channel: guild.channel }).begin.slash("say", { words: "meanwhile" }),
      );
      await expect.poll(() => fake.gateway.counts.resume, { timeout: 10_000 }).toBe(storm * 6);
      for (const one of meanwhile) await one.answered();
      expect(meanwhile.map(({ steps }) => steps)).toEqual(meanwhile.map(() => ["reply"]));
    }
    await expectAllServed({ guilds, fake });
    expect(fake.gateway.counts.identify).toBe(6);
  });

  test("whose sessions are over identify once each, and keep their distance", async () => {
    const { fake } = await start({ ...many, timing: { identifyEveryMs: 100 } });
    const guilds = serversOf(fake);
    const before = fake.gateway.counts.identify;
    const began = performance.now();
    fake.gateway.invalidate(false);
    await expect.poll(() => fake.gateway.counts.identify, { timeout: 15_000 }).toBe(before + 6);
    // Three in each of two classes: two pauses of 100 ms behind the first.
    expect(performance.now() - began).toBeGreaterThanOrEqual(190);
    await expect.poll(() => bot.platform.connected(), { timeout: 10_000 }).toBe(true);
    await expectAllServed({ guilds, fake });
    expect(fake.gateway.counts.identify).toBe(before + 6);
  });
});

describe("identifying too often would cost the token", () => {
  const never = new AbortController().signal;

  test("identifies of one class keep their distance", async () => {
    const gate = new IdentifyGate({ maxConcurrency: 2, perDay: 1000, everyMs: 30 }, () => new Date());
    const before = performance.now();
    await Promise.all([gate.wait(0, never), gate.wait(1, never)]);
    expect(performance.now() - before).toBeLessThan(25);
    await gate.wait(2, never);
    expect(performance.now() - before).toBeGreaterThanOrEqual(25);
  });

  test("an hour of faults uses up no more than an hour's share of the day", async () => {
    let now = Date.now();
    const gate = new IdentifyGate({ maxConcurrency: 1, perDay: 240, everyMs: 0 }, () => new Date(now));
    for (let i = 0; i < 10; i++) await gate.wait(0, never);
    const impatient = new AbortController();
    const eleventh = problem(gate.wait(0, impatient.signal));
    impatient.abort();
    expect(await eleventh).toBeInstanceOf(Error);
    now += 3_600_000;
    await gate.wait(0, never);
  });
});
