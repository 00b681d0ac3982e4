/** One interaction that reaches two processes on one PostgreSQL at the same moment: it changes what is stored once, and is answered once. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type App, buildApp } from "../../src/app/build.ts";
import { readConfig } from "../../src/config/env.ts";
import type { Web } from "../../src/web/server.ts";
import { postgresUrl, silent } from "../support/database.ts";
import { type Exchange, type FakeDiscord, startFakeDiscord } from "../support/fake-discord/index.ts";
import { sourcesOff } from "../support/sources-off.ts";
import { openPages } from "../support/web-pages.ts";

let discord: FakeDiscord;
let apps: readonly App[];
let pages: readonly Web[];

beforeAll(async () => {
  discord = await startFakeDiscord();
  const config = readConfig({
    ...sourcesOff,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    DISCORD_PUBLIC_KEY: discord.endpoint.publicKey,
    ROLE: "web",
    HTTP_PORT: "9464",
    DATABASE_URL: await postgresUrl(),
    MEMBER_KEY: "k".repeat(32),
  });
  const open = () => buildApp({ config, log: silent, now: () => new Date(), onFatal: () => {} });
  const first = await open();
  apps = [first, await open()];
  for (const app of apps)
    for (const platform of app.platforms) {
      await platform.publish(app.dispatch.catalogue);
      await platform.start(app.dispatch);
    }
  pages = await Promise.all(apps.map((app) => openPages(app.webhooks)));
  const [one = "", other = ""] = pages.map(({ url }) => `${url}/discord/interactions`);
  await discord.endpoint.use(one);
  discord.endpoint.also = [other, one, other];
});
afterAll(async () => {
  for (const app of apps) {
    for (const platform of app.platforms) await platform.stop();
    await app.stopDomains();
    await app.storage.close();
  }
  await Promise.all(pages.map((page) => page.close()));
  await discord.close();
});

const changes = async (table: string) => (await apps[0]?.storage.session.executeSql(`SELECT 1 FROM ${table}`))?.rows.length;

/** Acknowledgements: at once, or, on a busy machine, first announced. */
const answered = ({ steps }: Exchange) => steps.filter((step) => step === "reply" || step === "defer");

it("logs an opinion once", async () => {
  const answer = await discord.member("ann").says("/opinion compute-pricing cheaper than the big clouds, I agree");
  await answer.settled();
  expect(answered(answer)).toHaveLength(1);
  expect(await changes("opinion")).toBe(1);
});

it("does not decide anew what was decided otherwise since, however often and wherever it is posted again", async () => {
  const boss = discord.member("boss", { admin: true });
  const set = async (days: number) => {
    const answer = await boss.says(`/settings retention ${days}`);
    await answer.settled();
    expect(answered(answer)).toHaveLength(1);
  };
  await set(365);
  const [first = ""] = discord.endpoint.sent.slice(-1);
  await set(90);
  expect(await discord.endpoint.send(first)).toBe(202);
  for (const app of apps) for (const platform of app.platforms) await platform.stop();
  expect(await changes("setting_change")).toBe(2);
  expect(await changes("opinion")).toBe(1);
});
