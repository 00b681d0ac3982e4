/** Floods through both platforms of the running program: bounded answers, one polite sentence, and everybody else is served. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDiscord, startFakeDiscord, visibleText } from "../support/fake-discord/index.ts";
import { type FakeChat, type FakeTelegram, startFakeTelegram } from "../support/fake-telegram/index.ts";
import { freshFolder, type Program, startProgram } from "../support/program.ts";

/** What `src/lib/limiter.ts` says: a member's and a room's share of 15 seconds. */
const [ofMember, ofRoom] = [10, 30];
/** A flood lasts a moment; on a busy machine it may touch two windows. */
const windows = 2;

let discord: FakeDiscord;
let telegram: FakeTelegram;
let program: Program;

beforeAll(async () => {
  [discord, telegram] = await Promise.all([startFakeDiscord(), startFakeTelegram({ patienceSeconds: 30 })]);
  program = startProgram([], {
    DATA_DIR: await freshFolder(),
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    // As fast as the flood, so that what is held back is held back by the cool-down and not by Telegram's own limit.
    TELEGRAM_MESSAGES_PER_SECOND: "1000",
  });
  await Promise.all([program.logged(/gateway ready/), program.logged(/telegram: on/)]);
});

afterAll(async () => {
  program.child.kill("SIGTERM");
  expect((await program.ended).code).toBe(0);
  await Promise.all([discord.close(), telegram.stop()]);
  expect([...discord.world.violations, ...telegram.violations]).toEqual([]);
});

/** Resolves when a group's share is shown and nothing more comes for a moment. */
async function handled(group: FakeChat, share: number): Promise<void> {
  await expect.poll(() => group.posts.length, { timeout: 20_000 }).toBeGreaterThan(share);
  for (let before = -1; before !== group.posts.length; ) {
    before = group.posts.length;
    await new Promise((turn) => setTimeout(turn, 250));
  }
}

const startingWith = (words: string, texts: readonly string[]) => texts.filter((text) => text.startsWith(words));
const textsIn = (chat: FakeChat) => chat.posts.map(({ text }) => text);

describe("on Telegram", () => {
  it("a member who floods a group gets their share and one polite sentence; the group and others are served", async () => {
    const [group, quiet] = [telegram.group("Flooded"), telegram.group("Quiet")];
    const [ann, bob] = [telegram.user("Ann"), telegram.user("Bob")];
    for (let n = 0; n < 45; n++) ann.posts(group, "/topics");
    const served = Promise.all([bob.says(quiet, "/help"), bob.says(bob.private, "/help")]);
    await handled(group, ofMember);
    expect((await served).map(({ text }) => text.slice(0, 8))).toEqual(["Depinion", "Depinion"]);
    expect(startingWith("Topics", textsIn(group)).length).toBeLessThanOrEqual(windows * ofMember);
    expect(startingWith("You are a little fast for me. Please wait", textsIn(group)).length).toBeLessThanOrEqual(windows);
    expect(textsIn(group).length).toBeLessThanOrEqual(windows * (ofMember + 1));
    // In the flooded group itself others are answered too.
    expect((await bob.says(group, "/help")).text).toMatch(/^Depinion/);
  });

  it("a group in which many flood gets its share and one polite sentence; other places are served", async () => {
    const [group, quiet] = [telegram.group("Flooded by many"), telegram.group("Quiet")];
    for (let n = 0; n < 48; n++) telegram.user(`Member ${n}`).posts(group, "/topics");
    const cleo = telegram.user("Cleo");
    const served = Promise.all([cleo.says(quiet, "/help"), cleo.says(cleo.private, "/help")]);
    await handled(group, ofRoom);
    expect((await served).map(({ text }) => text.slice(0, 8))).toEqual(["Depinion", "Depinion"]);
    expect(startingWith("This place is a little fast for me. Please wait", textsIn(group)).length).toBeLessThanOrEqual(windows);
    expect(textsIn(group).length).toBeLessThanOrEqual(windows * (ofRoom + 1));
  });

  it("who hammers on a button is told in alerts that the group does not see", async () => {
    const group = telegram.group("Buttons");
    const dan = telegram.user("Dan");
    const answer = await dan.says(group, "/explain depin");
    const data = answer.buttons[0]?.data ?? "";
    const told = await Promise.all(Array.from({ length: 40 }, () => dan.acknowledged(answer, data)));
    const alerts = told.filter(({ text }) => String(text).startsWith("You are a little fast for me."));
    expect(alerts.length).toBeGreaterThanOrEqual(40 - windows * ofMember);
    expect(group.posts.length).toBeLessThanOrEqual(windows * ofMember);
    expect(textsIn(group).join()).not.toContain("a little fast");
  });
});

describe("on Discord", () => {
  it("a member who floods a channel gets their share, and is told for their own eyes; others are served", async () => {
    const ann = discord.member("ann");
    const asked = await Promise.all(Array.from({ length: 60 }, () => ann.begin.slash("topics").answered()));
    const told = asked.flatMap(({ visible }) => visible).filter((message) => visibleText(message).includes("You are a little fast"));
    expect(told.length).toBeGreaterThanOrEqual(60 - windows * ofMember);
    expect(told.filter(({ viewer }) => viewer !== ann.user.id)).toEqual([]);
    expect(discord.world.visibleIn(discord.channel.id).length).toBeLessThanOrEqual(windows * ofMember);
    const bob = await discord.member("bob").slash("help");
    expect(bob.visible.map(visibleText).join()).toContain("Depinion");
  });

  it("a channel in which many flood gets its share; another channel is served", async () => {
    const channel = discord.addChannel();
    const many = Array.from({ length: 60 }, (_, n) => discord.member(`member${n}`, { channel }));
    const asked = await Promise.all(many.map((member) => member.begin.slash("topics").answered()));
    const told = asked.flatMap(({ visible }) => visible).filter((message) => visibleText(message).includes("This place is a little fast"));
    expect(told.length).toBeGreaterThanOrEqual(60 - windows * ofRoom);
    expect(told.filter(({ viewer }) => viewer === null)).toEqual([]);
    expect(discord.world.visibleIn(channel.id).length).toBeLessThanOrEqual(windows * ofRoom);
    const cleo = await discord.member("cleo", { channel: discord.addChannel() }).slash("help");
    expect(cleo.visible.map(visibleText).join()).toContain("Depinion");
  });
});
