/** What a process of each role starts, says of it, and answers for. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../support/database.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/index.ts";
import { type FakeTelegram, startFakeTelegram } from "../support/fake-telegram/index.ts";
import { freePort } from "../support/free-port.ts";
import { freshFolder, startProgram } from "../support/program.ts";

let discord: FakeDiscord;
let telegram: FakeTelegram;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  [discord, telegram] = await Promise.all([startFakeDiscord(), startFakeTelegram()]);
  env = {
    DATABASE_URL: await postgresUrl(),
    DATA_DIR: await freshFolder(),
    MEMBER_KEY: "k".repeat(32),
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
  };
});
afterAll(() => Promise.all([discord.close(), telegram.stop()]));

async function start(ROLE: string, more: Readonly<Record<string, string>> = {}) {
  const { port, release } = await freePort();
  await release();
  const HTTP_PORT = String(port);
  const program = startProgram([], { ...env, ...more, ROLE, HTTP_PORT });
  onTestFinished(async () => {
    program.child.kill("SIGTERM");
    expect((await program.ended).code).toBe(0);
  });
  await program.logged(/"http: on/);
  const url = `http://127.0.0.1:${HTTP_PORT}`;
  const page = async (path: string) => (await fetch(`${url}${path}`)).text();
  return { program, page, url };
}

describe("a process by its role", () => {
  it("a worker sends and keeps house, listens to nobody, and is ready without a gateway", async () => {
    const { program, page } = await start("worker");
    for (const line of [
      /"discord: on \(http:\S+, sending alone: ROLE is worker\)"/,
      /"telegram: on \(http:\S+, sending alone: ROLE is worker\)"/,
      /"deliveries and housekeeping: on"/,
      /"console: off \(ROLE is worker\)"/,
    ])
      await program.logged(line);
    expect(JSON.parse(await page("/readyz"))).toEqual({ ready: true, parts: { database: "ready", queue: "ready" } });
    expect(await page("/metrics")).not.toContain("depinion_platform_connected{");
    expect(telegram.calls.filter(({ method }) => method === "getUpdates" || method === "setMyCommands")).toEqual([]);
    expect(discord.gateway.counts.connections).toBe(0);
  });

  it("a web process does neither", async () => {
    const { program, page } = await start("web");
    for (const line of [
      /"discord: off \(ROLE is web\)"/,
      /"telegram: off \(ROLE is web\)"/,
      /"deliveries and housekeeping: off \(ROLE is web\)"/,
    ])
      await program.logged(line);
    expect(JSON.parse(await page("/readyz"))).toEqual({ ready: true, parts: { database: "ready" } });
  });

  it("a gateway listens and answers, and is ready when it is connected", async () => {
    const { program, page } = await start("gateway");
    for (const line of [
      /"discord: on \(http:\S+\)"/,
      /"deliveries and housekeeping: off \(ROLE is gateway\)"/,
      /gateway ready/,
      /polled by this process/,
    ])
      await program.logged(line);
    expect(JSON.parse(await page("/readyz"))).toEqual({
      ready: true,
      parts: { database: "ready", gateway: "ready", polling: "ready", queue: "ready" },
    });
    expect(await page("/metrics")).toContain('depinion_platform_connected{platform="telegram"} 1');
    const ann = telegram.user("Ann");
    const status = (await ann.says(ann.private, "/status")).text;
    expect(status).toMatch(/Discord.*on/i);
    expect(status).toMatch(/PostgreSQL \d+/);
  });

  it("a second gateway that has nothing to listen to yet is ready to take over", async () => {
    const first = await start("gateway");
    await Promise.all([first.program.logged(/gateway ready/), first.program.logged(/polled by this process/)]);
    const { page } = await start("gateway");
    await expect
      .poll(async () => JSON.parse(await page("/readyz")), { timeout: 10_000, interval: 1_100 })
      .toEqual({ ready: true, parts: { database: "ready", queue: "ready" } });
  });
});

describe("where Discord and Telegram post", () => {
  it("a web process takes, a worker answers what was taken, and neither listens", async () => {
    const [discord, telegram] = await Promise.all([startFakeDiscord(), startFakeTelegram({ patienceSeconds: 25 })]);
    onTestFinished(() => Promise.all([discord.close(), telegram.stop()]).then(() => undefined));
    const posted = {
      DATABASE_URL: await postgresUrl(),
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
      DISCORD_PUBLIC_KEY: discord.endpoint.publicKey,
      TELEGRAM_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      TELEGRAM_WEBHOOK_URL: "https://bot.example.org",
    };
    const told = telegram.nextCall("setWebhook");
    const [web, worker] = await Promise.all([start("web", posted), start("worker", posted)]);
    await web.program.logged(/"http: on \(http:\S+, \/discord\/interactions, \/telegram\/webhook\)"/);
    await web.program.logged(/"discord: on \(http:\S+, by HTTP alone: ROLE is web\)"/);
    telegram.poster.targets = [web.url];
    await told;
    await discord.endpoint.use(`${web.url}/discord/interactions`);
    const ann = telegram.user("Ann");
    expect((await ann.says(ann.private, "/explain depin")).text).toMatch(/^DePIN/);
    await web.program.logged(/commands published/);
    const answer = await discord.member("Ben").says("/explain depin");
    expect(answer.steps).toEqual(["reply"]);
    const parts = async ({ page }: typeof web): Promise<unknown> => JSON.parse(await page("/readyz"));
    expect(await parts(web)).toEqual({ ready: true, parts: { database: "ready", webhook: "ready" } });
    expect(await parts(worker)).toEqual({ ready: true, parts: { database: "ready", webhook: "ready", queue: "ready" } });
    expect(await web.page("/metrics")).toMatch(/depinion_posts_total\{platform="telegram",status="200"\} 1/);
    expect(telegram.callsOf("getUpdates")).toEqual([]);
    expect(discord.gateway.counts.connections).toBe(0);
  });
});
