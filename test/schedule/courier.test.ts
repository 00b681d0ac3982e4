/** What becomes of a digest between coming due and standing in its room. */
import { describe, expect, test } from "vitest";
import { createDelivery } from "../../src/app/delivery.ts";
import { OperatorError, UpstreamError } from "../../src/core/errors.ts";
import { communityId, roomId } from "../../src/core/ids.ts";
import { text } from "../../src/core/reply.ts";
import type { Content } from "../../src/schedule/types.ts";
import { visibleText } from "../support/fake-discord/index.ts";
import { channelRoom, chatRoom, dueAt, shortContent } from "./loopback.ts";
import { dueMoment, stage } from "./stage.ts";

const later = (minutes: number) => new Date(dueMoment.getTime() + minutes * 60_000);
const longText = Array.from({ length: 1_200 }, (_, i) => `Sentence ${i}.`).join(" ");

describe("a digest that comes due", () => {
  test("stands in every room once, and the platform's message id proves it", async () => {
    const { discord, telegram, subscribe, beat, becomes } = await stage();
    const [channel, group] = [discord.channel, telegram.group("DePIN")];
    const [there, here] = [await subscribe(channelRoom(channel)), await subscribe(chatRoom(group))];
    await Promise.all([beat(), beat()]);
    await beat();
    const [proof, other] = [await becomes(there, "delivered"), await becomes(here, "delivered")];
    const shown = discord.world.visibleIn(channel.id);
    expect(shown.map(visibleText)).toEqual([expect.stringContaining(`Digest of 2026-11-23 for discord:${channel.id}`)]);
    expect(proof.parts).toEqual([{ index: 0, state: "delivered", at: expect.any(Date), messageId: shown[0]?.id }]);
    expect(group.posts.map((post) => post.text)).toEqual([expect.stringContaining(`for telegram:${group.id}`)]);
    expect(other.parts.map(({ messageId }) => messageId)).toEqual([String(group.posts[0]?.id)]);
  });

  test("in several parts is posted in order, each proven by itself", async () => {
    const content: Content = async () => [text(longText)];
    const { telegram, subscribe, beat, becomes } = await stage({ content });
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    await beat();
    const { parts } = await becomes(here, "delivered");
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ messageId }) => messageId)).toEqual(group.posts.map(({ id }) => String(id)));
    expect(group.posts.map((post) => post.text).join(" ")).toContain("Sentence 1199.");
  });

  test("for which somebody unsubscribed meanwhile is not sent", async () => {
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const content: Content = async (delivery, signal) => {
      reached.resolve();
      await gate.promise;
      return shortContent(delivery, signal);
    };
    const { telegram, delivery, subscribe, beat, becomes } = await stage({ content });
    const [group, other] = [telegram.group("One"), telegram.group("Two")];
    const [gone, stays] = [await subscribe(chatRoom(group)), await subscribe(chatRoom(other))];
    await beat();
    await reached.promise;
    await delivery.schedules.remove(gone.id, gone.community);
    gate.resolve();
    await becomes(stays, "delivered");
    expect(group.posts).toEqual([]);
  });

  test("while the bot is down is sent when it is back within the window, and never after it", async () => {
    const { telegram, storage, subscribe, beat, becomes, restart, at } = await stage();
    const [group, other] = [telegram.group("One"), telegram.group("Two")];
    const here = await subscribe(chatRoom(group));
    at(later(179));
    await beat();
    await becomes(here, "delivered");
    const late = await subscribe(chatRoom(other));
    at(later(181));
    await beat();
    await restart();
    expect((await becomes(late, "skipped")).parts).toEqual([]);
    expect(other.posts).toEqual([]);
    expect(await storage.deliveries.unsettled("telegram")).toEqual([]);
  });
});

describe("a message without an answer", () => {
  test("is sent again on Discord under its key, which makes one message of both", async () => {
    const { discord, subscribe, beat, becomes } = await stage();
    const there = await subscribe(channelRoom(discord.channel));
    discord.fail({ method: "POST", path: "/messages", fault: "lost", times: 2 });
    discord.fail({ method: "POST", path: "/messages", fault: { status: 502, body: "Bad gateway" } });
    await beat();
    const { parts } = await becomes(there, "delivered");
    const shown = discord.world.visibleIn(discord.channel.id);
    expect(shown.map(({ id }) => id)).toEqual([parts[0]?.messageId]);
    expect(discord.world.requests.filter(({ path }) => path.endsWith("/messages"))).toHaveLength(4);
  });

  test("is uncertain on Telegram: not sent again, never called delivered, listed, and sent again when an admin asks", async () => {
    const { telegram, delivery, log, subscribe, beat, becomes } = await stage();
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    telegram.fault("sendMessage", { kind: "lost" });
    await beat();
    const doubtful = await becomes(here, "uncertain", "delivered");
    expect(doubtful).toMatchObject({ state: "uncertain", parts: [{ index: 0, state: "uncertain", messageId: null }] });
    await beat();
    expect(await delivery.schedules.lastDeliveries([here.id], 5)).toEqual([doubtful]);
    expect(group.posts).toHaveLength(1);
    expect(log.join("")).toContain("it is uncertain whether a digest stands in its room");
    expect(await delivery.schedules.sendAgain(doubtful.id, communityId("discord", "not mine"), later(1))).toBe(false);
    expect(await delivery.schedules.sendAgain(doubtful.id, here.community, later(1))).toBe(true);
    const again = await becomes(here, "delivered");
    expect(again.parts.map(({ messageId }) => messageId)).toEqual([String(group.posts[1]?.id)]);
    expect(group.posts).toHaveLength(2);
  });

  test("keeps the parts behind it from being sent; those before it are not sent again", async () => {
    const content: Content = async () => [text(longText)];
    const { telegram, delivery, subscribe, beat, becomes } = await stage({ content });
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    telegram.fault("sendMessage", { kind: "truncated" }, { when: ({ text: words }) => !String(words).includes("Sentence 0.") });
    await beat();
    const { id, parts } = await becomes(here, "uncertain");
    expect(parts.map(({ state }) => state)).toEqual(["delivered", "uncertain"]);
    expect(group.posts).toHaveLength(2);
    await delivery.schedules.sendAgain(id, here.community, later(1));
    await becomes(here, "delivered");
    expect(group.posts.filter((post) => post.text.includes("Sentence 0."))).toHaveLength(1);
    expect(group.posts.filter((post) => post.text.includes("Sentence 1199."))).toHaveLength(1);
  });
});

describe("a message that the platform did not take", () => {
  test("is sent when the platform said", async () => {
    const { discord, telegram, subscribe, beat, becomes } = await stage();
    const group = telegram.group("DePIN");
    const [there, here] = [await subscribe(channelRoom(discord.channel)), await subscribe(chatRoom(group))];
    discord.fail({ method: "POST", path: "/messages", fault: { limit: "ban" } });
    telegram.fault("sendMessage", { kind: "rate_limit", retryAfter: 1 });
    await beat();
    const { attempts } = await becomes(here, "delivered");
    expect(attempts).toBe(1);
    expect(group.posts).toHaveLength(1);
    expect(await becomes(there, "waiting")).toMatchObject({ attempts: 1, parts: [] }); // Cloudflare wants a minute
  });

  test("because the bot may not post there ends it with the reason, pauses the subscription, and is told once", async () => {
    const { discord, telegram, delivery, storage, subscribe, beat, becomes } = await stage();
    const [group, channel] = [telegram.group("DePIN"), discord.addChannel({ refuses: 50_001 })];
    const elsewhere = roomId("telegram", "-1");
    const [here, there] = [await subscribe(chatRoom(group)), await subscribe(channelRoom(channel))];
    telegram.fault("sendMessage", { kind: "error", code: 403, description: "Forbidden: bot was kicked from the supergroup chat" });
    await beat();
    expect(await becomes(here, "refused")).toMatchObject({ reason: "forbidden", parts: [] });
    expect(await becomes(there, "refused")).toMatchObject({ reason: "forbidden", parts: [] });
    const untold = await storage.subscriptions.takeUntold(here.community, elsewhere);
    expect(untold.map(({ id, paused }) => [id, paused?.reason]).toSorted()).toEqual(
      [
        [here.id, "forbidden"],
        [there.id, "forbidden"],
      ].toSorted(),
    );
    expect(await storage.subscriptions.takeUntold(here.community, elsewhere)).toEqual([]);
    expect(await delivery.schedules.resume(here.community, later(1))).toBe(2);
  });
});

describe("a digest that cannot be composed", () => {
  test("is tried again until it can", async () => {
    let failures = 3;
    const content: Content = async (delivery, signal) => {
      if (failures-- > 0) throw new UpstreamError("The database", "unreachable");
      return shortContent(delivery, signal);
    };
    const { telegram, subscribe, beat, becomes } = await stage({ content });
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    await beat();
    expect((await becomes(here, "delivered")).attempts).toBe(3);
    expect(group.posts).toHaveLength(1);
  });

  test("expires with its window, and says so", async () => {
    const failed = Promise.withResolvers<void>();
    const content: Content = async () => {
      failed.resolve();
      throw new UpstreamError("The database", "unreachable");
    };
    const { telegram, log, at, subscribe, beat, becomes } = await stage({ content });
    const here = await subscribe(chatRoom(telegram.group("DePIN")));
    await beat();
    await failed.promise;
    at(later(181));
    expect(await becomes(here, "expired")).toMatchObject({ parts: [], settledAt: expect.any(Date) });
    expect(log.join("")).toMatch(/could not be sent within its window/);
  });

  test("into any words is never posted empty", async () => {
    const { telegram, log, subscribe, beat, becomes, at } = await stage({ content: async () => [] });
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    await beat();
    await becomes(here, "waiting");
    at(later(181));
    await becomes(here, "expired");
    expect(group.posts).toEqual([]);
    expect(log.join("")).toContain("a digest without a word");
  });
});

describe("two processes", () => {
  test("send one at a time: the second one waits for the lease, and takes over where the first one stopped", async () => {
    const { telegram, delivery, storage, platforms, options, subscribe, beat, becomes, at } = await stage();
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    let asked = 0;
    const pace = { slot: async () => void asked++, refused: () => undefined };
    const second = createDelivery({
      ...options,
      due: dueAt(),
      timing: { idleMs: 10, ttlMs: 1_500 },
      platforms: platforms.map((platform) => ({ ...platform, pace })),
    });
    await storage.leases.take({ name: "courier-console", holder: "unrelated" }, 60_000);
    second.started("telegram");
    await beat();
    await becomes(here, "delivered");
    expect(asked).toBe(0);
    await delivery.stop();
    at(later(24 * 60 + 1));
    const third = createDelivery({ ...options, due: dueAt(later(24 * 60)) });
    await third.beat(later(24 * 60 + 1));
    const next = await becomes(here, "delivered");
    await Promise.all([second.stop(), third.stop()]);
    expect([next.localDate, asked, group.posts.length]).toEqual(["2026-11-24", 1, 2]);
  });
});

describe("a platform that cannot go on", () => {
  test("still gets its digests where only listening failed, and none where its token is not accepted", async () => {
    const { telegram, delivery, at, beat, restart, subscribe, becomes } = await stage({ due: dueAt(dueMoment, later(24 * 60)) });
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    delivery.failed("telegram", new OperatorError("Another instance is polling with this token.", { stillSends: true }));
    await beat();
    await becomes(here, "delivered");
    delivery.failed("telegram", new OperatorError("Telegram does not accept the token."));
    await delivery.stop();
    at(later(24 * 60));
    await beat();
    expect(await becomes(here, "waiting")).toMatchObject({ localDate: "2026-11-24" });
    expect(group.posts).toHaveLength(1);
    await restart();
    expect(await becomes(here, "delivered")).toMatchObject({ localDate: "2026-11-24" });
  });
});

describe("a courier that starts", () => {
  /** A delivery that a process had handed over when it died: the ledger says so, and nobody knows what became of it. */
  async function orphan(on: "discord" | "telegram", stored: boolean) {
    const set = await stage();
    const { discord, telegram, storage } = set;
    const group = telegram.group("DePIN");
    const here = await set.subscribe(on === "discord" ? channelRoom(discord.channel) : chatRoom(group));
    const cut = Promise.withResolvers<void>();
    if (on === "discord") discord.fail({ method: "POST", path: "/messages", fault: stored ? "lost" : "cut", times: 1 });
    await set.delivery.stop();
    await set.beat();
    const [id] = await storage.deliveries.unsettled(on);
    if (id === undefined) throw new TypeError("nothing is due");
    const dead = { name: `courier-${on}`, holder: "a process that died" };
    await storage.leases.take(dead, 60_000);
    await storage.deliveries.begin(dead, id, 0, 0);
    await storage.leases.release(dead);
    cut.resolve();
    return { ...set, here, group };
  }

  test("sends again on Discord what was under way, while the key lives", async () => {
    const { discord, here, restart, becomes } = await orphan("discord", true);
    await restart();
    await becomes(here, "delivered");
    expect(discord.world.visibleIn(discord.channel.id)).toHaveLength(1);
  });

  test("leaves on Discord what was under way when the key's life is over", async () => {
    const { discord, here, restart, becomes } = await orphan("discord", true);
    await restart({ timing: { idleMs: 10, keyLifeMs: 0 } });
    await becomes(here, "uncertain");
    expect(discord.world.visibleIn(discord.channel.id)).toEqual([]);
  });

  test("never sends again on Telegram what was under way", async () => {
    const { here, group, restart, becomes } = await orphan("telegram", true);
    await restart();
    await becomes(here, "uncertain");
    expect(group.posts).toEqual([]);
  });

  test("finds what is owed also where its job is lost", async () => {
    const { telegram, storage, delivery, subscribe, beat, becomes, restart } = await stage();
    const group = telegram.group("DePIN");
    const here = await subscribe(chatRoom(group));
    await delivery.stop();
    await beat();
    await storage.session.executeSql("DELETE FROM pgboss.job");
    await restart();
    await becomes(here, "delivered");
    expect(group.posts).toHaveLength(1);
  });

  test("and stops finishes what is in flight and begins nothing new", async () => {
    const { telegram, delivery, storage, subscribe, beat, becomes, restart } = await stage();
    const groups = Array.from({ length: 40 }, (_, i) => telegram.group(`Group ${i}`));
    const wishes = [];
    for (const group of groups) wishes.push(await subscribe(chatRoom(group)));
    const first = telegram.nextCall("sendMessage");
    await beat();
    await first;
    await delivery.stop();
    const sent = telegram.callsOf("sendMessage").length;
    const listed = await storage.deliveries.latest(
      wishes.map(({ id }) => id),
      1,
    );
    expect(listed.filter(({ state }) => state === "delivered")).toHaveLength(sent);
    expect(listed.filter(({ state }) => state === "waiting")).toHaveLength(40 - sent);
    expect(sent).toBeLessThan(40);
    await restart();
    for (const wish of wishes) await becomes(wish, "delivered");
    expect(groups.map(({ posts }) => posts.length)).toEqual(groups.map(() => 1));
  });
});
