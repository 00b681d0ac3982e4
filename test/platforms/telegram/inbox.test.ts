/** What Telegram tells is kept until it is handled: over restarts, redeliveries, moves of groups, and a store that fails. */
import { describe, expect, it } from "vitest";
import type { InboxStore, Incoming } from "../../../src/core/inbox.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { type Stage, stage } from "./setup.ts";

const linesWith = ({ log }: Stage, text: string) => log.filter((line) => line.includes(text));

/** An inbox that can be looked into, and whose methods fail as often as told. */
class WatchedInbox implements InboxStore {
  readonly stores = createMemoryStores();
  readonly kept: Incoming[] = [];
  readonly done = async (inbox: string, ids: readonly number[], now: Date) => {
    this.#tryTo("done");
    await this.stores.inbox.done(inbox, ids, now);
  };
  readonly failing = { take: 0, unhandled: 0, done: 0 };
  #tryTo(what: keyof WatchedInbox["failing"]): void {
    if (this.failing[what]-- > 0) throw new Error("the database is down");
  }
  async take(inbox: string, incoming: readonly Incoming[], now: Date): Promise<ReadonlySet<number>> {
    if (incoming.length > 0) this.#tryTo("take");
    this.kept.push(...incoming);
    return this.stores.inbox.take(inbox, incoming, now);
  }
  async unhandled(inbox: string, since: Date) {
    this.#tryTo("unhandled");
    return this.stores.inbox.unhandled(inbox, since);
  }
  expire = async () => 0;
  forget = async () => undefined;
  /** How many wait; counts as no start that matters here. */
  waiting = async ({ fake }: Stage): Promise<number> =>
    (await this.stores.inbox.unhandled(`telegram:${fake.world.bot.id}`, new Date(0))).length;
}

const firstLines = (chat: { readonly posts: readonly { readonly text: string }[] }) => chat.posts.map(({ text }) => text.split("\n")[0]);

/** A stop while the first of several commands is under way: the others were fetched, confirmed and never begun. */
async function interrupted(inbox: InboxStore, lines: readonly string[], group: { basic?: boolean } = {}) {
  const first = await stage({ inbox, timing: { drain: 60 } });
  const chat = first.fake.group("DePIN", group);
  const ann = first.fake.user("Ann");
  ann.posts(chat, "/wait a");
  for (const line of lines) ann.posts(chat, line);
  await first.gates.reached("a");
  // Whoever is answered elsewhere knows that everything before was taken over.
  await ann.says(ann.private, "/explain depin");
  await first.telegram.stop();
  return { first, chat, ann, fake: first.fake };
}

describe("what was fetched and not begun when the program ended", () => {
  it("is answered by the next one, in order, and before what was written meanwhile", async () => {
    const inbox = new WatchedInbox();
    const { chat, ann, fake } = await interrupted(inbox, ["/echo 1", "/echo 2", "/echo 3"]);
    expect(fake.world.updates.unconfirmed).toBe(0);
    const before = chat.posts.length;
    ann.posts(chat, "/echo 4");
    const next = await stage({ inbox, on: fake });
    while (chat.posts.length < before + 4) await chat.next();
    expect(firstLines(chat).slice(before)).toEqual(["1", "2", "3", "4"]);
    await next.telegram.stop();
    expect(await inbox.waiting(next)).toBe(0);
    expect(linesWith(next, "answering what was left unanswered")).toHaveLength(1);
  });

  it("belongs to the group's new address when the group has moved, and is answered there", async () => {
    const inbox = new WatchedInbox();
    const { chat, fake } = await interrupted(inbox, ["/opinion latency fast enough"], { basic: true });
    const moved = fake.migrate(chat, { silently: true });
    await inbox.stores.rooms.migrate(`telegram:${chat.id}` as never, `telegram:${moved.id}` as never);
    const shown = moved.next();
    const next = await stage({ inbox, on: fake });
    expect((await shown).text).toContain("Logged.");
    expect(next.logged.map(({ community }) => community)).toEqual([`telegram:${moved.id}`]);
  });

  it("is given up when ten starts did not finish it, so that it cannot end the program for ever", async () => {
    const inbox = new WatchedInbox();
    const { first, chat, ann, fake } = await interrupted(inbox, ["/echo poison"]);
    for (let starts = 0; starts < 10; starts++) await inbox.waiting(first);
    const next = await stage({ inbox, on: fake });
    await ann.says(chat, "/echo well");
    expect(firstLines(chat)).not.toContain("poison");
    expect(linesWith(next, "gave up an update")).toHaveLength(1);
    await next.telegram.stop();
    expect(await inbox.waiting(next)).toBe(0);
  });

  it("is answered once the database can be read, however long that takes", async () => {
    const inbox = new WatchedInbox();
    const { chat, fake } = await interrupted(inbox, ["/echo 1"]);
    inbox.failing.unhandled = 3;
    const shown = chat.next();
    const next = await stage({ inbox, on: fake });
    expect((await shown).text).toContain("1");
    expect(linesWith(next, "what was left unanswered could not be read")).toHaveLength(1);
  });

  it("is not answered by another bot on the same database", async () => {
    const inbox = new WatchedInbox();
    const { chat, fake, first } = await interrupted(inbox, ["/echo 1"]);
    const bot = fake.world.bot;
    Object.assign(bot, { id: bot.id + 1 });
    const other = await stage({ inbox, on: fake });
    const bob = fake.user("Bob");
    await bob.says(bob.private, "/explain depin");
    await other.telegram.stop();
    expect(firstLines(chat)).not.toContain("1");
    Object.assign(bot, { id: bot.id - 1 });
    expect(await inbox.waiting(first)).toBe(1);
  });
});

describe("an update that Telegram delivers again", () => {
  it("is handled once, though its id is neither the greatest nor the last; an id never seen is new, however small", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const message = {
      message_id: 1,
      date: 1,
      chat: { id: ann.id, type: "private" },
      from: { id: ann.id, is_bot: false, first_name: "Ann" },
    };
    const told = (update_id: number, text: string) => fake.pushRaw({ update_id, message: { ...message, text } });
    await ann.says(ann.private, "/explain depin");
    for (const [id, text] of [
      [910, "/echo first"],
      [905, "/echo small"],
      [910, "/echo again"],
      [905, "/echo again"],
    ] as const) {
      told(id, text);
      // A poll is held again before the next one comes.
      await fake.nextCall("getUpdates");
    }
    await ann.says(ann.private, "/explain helium");
    expect(firstLines(ann.private)).toEqual(["depin", "first", "small", "helium"]);
  });

  it("has one name, by which what it asked for is done once", async () => {
    const inbox = new WatchedInbox();
    const { chat, fake, first } = await interrupted(inbox, ["/opinion latency fast enough"]);
    // As after a crash between the answer and its note.
    const done = Promise.withResolvers<void>();
    Object.assign(inbox, { done: () => done.promise });
    const second = await stage({ inbox, on: fake, timing: { drain: 60 } });
    await chat.next();
    await second.telegram.stop();
    const third = await stage({ inbox, on: fake, timing: { drain: 60 } });
    await chat.next();
    const keys = [...second.keys, ...third.keys];
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(first.keys).not.toContain(keys[0]);
  });

  it("and is a press so old that its alert would be seen by nobody, is answered by a message", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const asked = await ann.says(group, "/count");
    const shown = group.next();
    const message = { message_id: asked.id, date: 1, chat: { id: group.id, type: "supergroup" } };
    const from = { id: ann.id, is_bot: false, first_name: "Ann" };
    fake.pushRaw({ update_id: 900, callback_query: { id: "forgotten", from, message, chat_instance: "1", data: "o:nonsense" } });
    expect((await shown).text).toContain("This button is no longer valid.");
  });
});

describe("what is stored", () => {
  it("is what is meant for the bot, with no more than the answer takes, and nothing of it once it is answered", async () => {
    const inbox = new WatchedInbox();
    const set = await stage({ inbox });
    const { fake } = set;
    const group = fake.group("Planted title");
    const [ann, bob] = [fake.user("Ann"), fake.user("Bob", { username: "planted_username" })];
    const quoted = bob.posts(group, "slow");
    // The bot is an admin here and is told everything.
    const chat = { id: group.id, type: "supergroup", title: "Planted title" };
    fake.pushRaw({
      update_id: 901,
      message: { message_id: 99, date: 1, chat, from: { id: bob.id, first_name: "Bob" }, text: "just talking" },
    });
    fake.pushRaw({
      update_id: 902,
      message: { message_id: 98, date: 1, chat, from: { id: bob.id, first_name: "Bob" }, text: "/other_bot" },
    });
    await ann.inline("dep");
    const asked = await ann.says(group, "/opinion latency", { replyTo: quoted });
    await bob.press(asked, "Log it");
    await set.telegram.stop();
    expect(inbox.kept.map(({ member, quoted: whose, community }) => [member, whose, community])).toEqual([
      [`telegram-member-${ann.id}`, `telegram-member-${bob.id}`, `telegram:${group.id}`],
      [`telegram-member-${bob.id}`, `telegram-member-${bob.id}`, `telegram:${group.id}`],
    ]);
    expect(JSON.stringify(inbox.kept)).not.toContain("Planted title");
    expect(await inbox.waiting(set)).toBe(0);
  });
});

describe("a store that fails", () => {
  it("keeps nobody from an answer, and Telegram keeps what it cannot until it is answered", async () => {
    const inbox = new WatchedInbox();
    inbox.failing.take = 1;
    const set = await stage({ inbox });
    const { fake, gates } = set;
    const ann = fake.user("Ann");
    const shown = ann.says(ann.private, "/wait a");
    await gates.reached("a");
    expect(fake.world.updates.unconfirmed).toBe(1);
    gates.open("a");
    expect((await shown).text).toBe("passed a");
    expect((await ann.says(ann.private, "/explain depin")).text).toContain("depin");
    await set.telegram.stop();
    expect(fake.world.updates.unconfirmed).toBe(0);
    expect(linesWith(set, "cannot be stored")).toHaveLength(1);
    expect(linesWith(set, "is stored again")).toHaveLength(1);
  });

  it("does not confirm what it could not store when the program stops before it was begun", async () => {
    const inbox = new WatchedInbox();
    inbox.failing.take = 1;
    const { chat, fake } = await interruptedUnsafely(inbox);
    const next = await stage({ inbox, on: fake });
    while (!firstLines(chat).includes("1")) await chat.next();
    expect(next.fatal).toEqual([]);
  });

  it("is told what was answered as soon as it works again", async () => {
    const inbox = new WatchedInbox();
    inbox.failing.done = 3;
    const set = await stage({ inbox });
    const ann = set.fake.user("Ann");
    await ann.says(ann.private, "/explain depin");
    while (inbox.failing.done >= 0) await new Promise(setImmediate);
    expect(await inbox.waiting(set)).toBe(0);
    expect(linesWith(set, "could not be noted")).toHaveLength(1);
  });
});

/** The same stop, where one batch was fetched and could not be stored. */
async function interruptedUnsafely(inbox: InboxStore) {
  const first = await stage({ inbox, timing: { drain: 60 }, start: false });
  const { fake } = first;
  const chat = fake.group("DePIN");
  const ann = fake.user("Ann");
  ann.posts(chat, "/wait a");
  ann.posts(chat, "/echo 1");
  await first.start();
  await first.gates.reached("a");
  await first.telegram.stop();
  expect(fake.world.updates.unconfirmed).toBe(2);
  return { fake, chat };
}
