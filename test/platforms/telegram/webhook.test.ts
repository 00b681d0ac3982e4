/** What Telegram posts: taken once, stored before it is acknowledged, handled in order, and refused where it is not Telegram's. */
import { describe, expect, it } from "vitest";
import type { PushedStore } from "../../../src/core/pushed.ts";
import { allowedUpdates } from "../../../src/platforms/telegram/updates.ts";
import { startFakeTelegram } from "../../support/fake-telegram/index.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { type Stage, type StageOptions, stage } from "./setup.ts";

const firstLines = (chat: { readonly posts: readonly { readonly text: string }[] }) => chat.posts.map(({ text }) => text.split("\n")[0]);
const posted = (more: StageOptions = {}) => stage({ webhook: {}, ...more });
const receiver = { takes: true, handles: false };
const handler = { takes: false, handles: true };

/** A store whose `take` fails as often as told. */
function failing(times: number): PushedStore {
  const { pushed } = createMemoryStores();
  let left = times;
  return {
    ...pushed,
    take: (...given) => (left-- > 0 ? Promise.reject(new Error("the database is away")) : pushed.take(...given)),
  };
}

describe("a bot that Telegram posts to", () => {
  it("talks as one that polls does: commands, replies, presses, inline queries", async () => {
    const { fake } = await posted();
    const ann = fake.user("Ann");
    const shown = await ann.says(fake.group("DePIN"), "/explain depin");
    expect(shown.text).toContain("What depin means.");
    expect((await ann.press(shown, "Helium")).message?.text).toContain("What helium means.");
    expect((await ann.inline("heli")).map(({ title }) => title)).toEqual(["helium"]);
    expect(fake.callsOf("getUpdates")).toEqual([]);
  });

  it("tells Telegram where to post, by which secret and what, and only where that differs", async () => {
    const { fake } = await posted();
    const [told, ...more] = fake.callsOf("setWebhook");
    expect(more).toEqual([]);
    expect(told).toMatchObject({ allowed_updates: [...allowedUpdates], max_connections: 100 });
    expect(String(told?.url)).toMatch(/^https:\/\/bot\.example\.org\/telegram\/webhook\?by=[\w-]{16}$/);
    const secret = String(told?.secret_token);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(String(told?.url)).not.toContain(secret.slice(0, 8));
    await posted({ on: fake }).then(({ telegram }) => telegram.stop());
    expect(fake.callsOf("setWebhook")).toHaveLength(1);
    const moved = await stage({ on: fake, webhook: { url: "https://other.example.org/bot/" }, start: false });
    const again = fake.nextCall("setWebhook");
    await moved.start();
    expect((await again).url).toMatch(/^https:\/\/other\.example\.org\/bot\/telegram\/webhook\?by=/);
  });

  it("handles a chat's messages in order, and others' meanwhile", async () => {
    const { fake, gates } = await posted();
    const [ann, ben] = [fake.user("Ann"), fake.user("Ben")];
    ann.posts(ann.private, "/wait a");
    for (let i = 0; i < 20; i++) ann.posts(ann.private, `/echo ${i}`);
    await gates.reached("a");
    expect((await ben.says(ben.private, "/echo hi")).text).toContain("hi");
    gates.open("a");
    while (ann.private.posts.length < 21) await ann.private.next();
    expect(firstLines(ann.private)).toEqual(["passed a", ...Array.from({ length: 20 }, (_, i) => String(i))]);
  });

  it("is connected when Telegram has taken the address", async () => {
    const { telegram } = await posted();
    await expect.poll(() => telegram.connected()).toBe(true);
  });
});

describe("a post", () => {
  it("that comes twice changes nothing the second time", async () => {
    const { fake, logged, keys } = await posted();
    fake.poster.twice = true;
    const ann = fake.user("Ann");
    await ann.says(fake.group("DePIN"), "/opinion latency fast enough");
    await ann.says(ann.private, "/echo done");
    await fake.poster.idle();
    expect(fake.poster.statuses).toEqual([200, 200, 200, 200]);
    expect(logged).toHaveLength(1);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is not acknowledged while the database is away, comes again, and is handled once", async () => {
    const { fake, logged, log } = await posted({ webhook: { pushed: failing(3) } });
    const ann = fake.user("Ann");
    await ann.says(fake.group("DePIN"), "/opinion latency fast enough");
    await fake.poster.idle();
    expect(fake.poster.statuses).toEqual([503, 503, 503, 200]);
    expect(logged).toHaveLength(1);
    expect(log.filter((line) => line.includes("cannot be stored"))).toHaveLength(1);
  });

  it("without Telegram's secret is refused, and nothing of it is stored", async () => {
    const { pushed } = createMemoryStores();
    const { fake, keys, log } = await posted({ webhook: { pushed } });
    const ann = fake.user("Ann");
    const update = { update_id: 1, message: { message_id: 1, date: 1, chat: { id: ann.id, type: "private" }, text: "/echo hi" } };
    const forged = { "x-telegram-bot-api-secret-token": `${fake.poster.settings?.secret}x` };
    for (const headers of [forged, { "x-telegram-bot-api-secret-token": "" }])
      expect(await fake.poster.send(JSON.stringify(update), headers)).toBe(401);
    await ann.says(ann.private, "/echo hi");
    expect(keys).toHaveLength(1);
    expect(log.join("")).not.toContain(fake.poster.settings?.secret);
  });

  it("that is no update, or too long, is refused", async () => {
    const { fake } = await posted();
    for (const body of ["{", "[]", "{}", '{"update_id":"1"}']) expect(await fake.poster.send(body)).toBe(400);
    expect(await fake.poster.send(`{"update_id":1,"x":"${"x".repeat(1024 * 1024)}"}`)).toBe(413);
  });

  it("that is not as documented is acknowledged: to bring it again would not help", async () => {
    const { fake, log } = await posted();
    expect(await fake.poster.send(JSON.stringify({ update_id: 1, message: { text: 5 } }))).toBe(200);
    expect(log.join("")).toContain("skipped an update that is not as documented");
  });

  it("before the bot is ready is not acknowledged", async () => {
    const { fake, start } = await posted();
    const early = await stage({ on: fake, webhook: {}, start: false });
    const ann = fake.user("Ann");
    const shown = ann.private.next();
    for (let i = 0; i < 2; i++) ann.posts(ann.private, `/echo ${i}`);
    await shown;
    await fake.poster.idle();
    expect(fake.poster.statuses).toContain(503);
    expect([early.keys, start]).toEqual([[], expect.anything()]);
  });
});

describe("what was acknowledged", () => {
  it("and never begun is handled by whoever comes next, by its number", async () => {
    const { pushed } = createMemoryStores();
    const first = await posted({ webhook: { pushed, ...receiver } });
    const { fake } = first;
    const ann = fake.user("Ann");
    for (let i = 0; i < 5; i++) ann.posts(ann.private, `/echo ${i}`);
    await fake.poster.idle();
    // Overtaken on the way by all the others.
    const message = { message_id: 99, date: 1, chat: { id: ann.id, type: "private" }, from: { id: ann.id, first_name: "Ann" } };
    expect(await fake.poster.send(JSON.stringify({ update_id: 5, message: { ...message, text: "/echo early" } }))).toBe(200);
    expect(first.keys).toEqual([]);
    await stage({ on: fake, webhook: { pushed, ...handler } });
    while (ann.private.posts.length < 6) await ann.private.next();
    expect(firstLines(ann.private)).toEqual(["early", "0", "1", "2", "3", "4"]);
  });

  it("is given up when ten processes did not finish it", async () => {
    const { pushed } = createMemoryStores();
    const { fake } = await posted({ webhook: { pushed, ...receiver } });
    const ann = fake.user("Ann");
    ann.posts(ann.private, "/echo poison");
    await fake.poster.idle();
    const inbox = `telegram:${fake.world.bot.id}`;
    for (let start = 0; start < 10; start++) await pushed.takeOver(inbox, [...Array(16).keys()]);
    const last = await stage({ on: fake, webhook: { pushed, ...handler } });
    expect((await ann.says(ann.private, "/echo fine")).text).toContain("fine");
    expect(ann.private.posts).toHaveLength(1);
    expect(last.log.join("")).toContain("gave up an update that no start has finished");
  });

  it("waits while the database cannot be read, and is handled when it can", async () => {
    const { pushed } = createMemoryStores();
    let left = 3;
    const waiting: PushedStore["waiting"] = (...given) =>
      left-- > 0 ? Promise.reject(new Error("the database is away")) : pushed.waiting(...given);
    const { fake } = await posted({ webhook: { pushed: { ...pushed, waiting } } });
    const ann = fake.user("Ann");
    expect((await ann.says(ann.private, "/echo hi")).text).toContain("hi");
  });

  it("is noted before a process ends, so that the next one does not answer it again", async () => {
    const { pushed } = createMemoryStores();
    const first = await posted({ webhook: { pushed }, timing: { noteHandledEvery: 60_000 } });
    const { fake } = first;
    const ann = fake.user("Ann");
    await ann.says(ann.private, "/echo once");
    await first.telegram.stop();
    await stage({ on: fake, webhook: { pushed, ...handler } });
    expect(await pushed.waiting(`telegram:${fake.world.bot.id}`, [...Array(16).keys()], [], new Date(0))).toEqual([]);
  });
});

describe("the webhook itself", () => {
  const endedBy = async (spoil: (stage: Stage) => void): Promise<string> => {
    const it = await posted({ timing: { webhookEvery: 5 } });
    spoil(it);
    return (await it.ended).message;
  };

  it("taken by another program ends the bot with a sentence", async () => {
    expect(await endedBy(({ fake }) => fake.setWebhook("https://example.com/hook"))).toMatch(
      /^The webhook of this Telegram bot was removed/,
    );
  });

  it("removed by somebody does the same", async () => {
    expect(await endedBy(({ fake }) => fake.world.updates.deleteWebhook())).toMatch(/another program uses the bot/);
  });

  it("set to another address by a process of the same installation is left alone", async () => {
    const one = await posted({ timing: { webhookEvery: 5 } });
    const other = await stage({ on: one.fake, webhook: { url: "https://new.example.org" }, start: false });
    const again = one.fake.nextCall("setWebhook");
    await other.start();
    await again;
    for (let look = 0; look < 3; look++) await one.fake.nextCall("getWebhookInfo");
    expect([...one.fatal, ...other.fatal]).toEqual([]);
  });

  it("with an address that Telegram does not take ends the bot, and says why", async () => {
    const it = await posted({ webhook: { url: "https://nowhere.invalid" }, start: false });
    await Promise.all([it.start(), it.ended]);
    expect(it.fatal[0]?.message).toBe(
      "Telegram does not take TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: Failed to resolve host: Name or service not known).",
    );
  });

  it("that Telegram cannot reach is told in the log", async () => {
    const { fake, log } = await posted({ timing: { webhookEvery: 5 } });
    const [good = ""] = fake.poster.targets;
    fake.poster.targets = [];
    const ann = fake.user("Ann");
    const shown = ann.private.next();
    ann.posts(ann.private, "/echo hi");
    await expect.poll(() => log.join("")).toContain("Telegram could not post what people send");
    fake.poster.targets = [good];
    await shown;
  });

  it("is removed by a bot of the same installation that polls, which then gets what waited", async () => {
    const fake = await startFakeTelegram();
    const one = await posted({ on: fake });
    await one.telegram.stop();
    const ann = fake.user("Ann");
    const polling = await stage({ on: fake });
    expect((await ann.says(ann.private, "/echo hi")).text).toContain("hi");
    expect(polling.fatal).toEqual([]);
    expect(fake.callsOf("deleteWebhook")).toHaveLength(1);
    await polling.telegram.stop();
    await fake.stop();
  });
});
