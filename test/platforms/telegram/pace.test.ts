/** A digest to many chats over the real protocol: within Telegram's limits, and what its refusals stop. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { SendError } from "../../../src/core/errors.ts";
import { type RoomId, roomId } from "../../../src/core/ids.ts";
import { text } from "../../../src/core/reply.ts";
import type { FakeChat } from "../../support/fake-telegram/index.ts";
import { type Stage, type StageOptions, stage } from "./setup.ts";

const part = { blocks: [text("The digest")] };
const second = 1000;
const inChat = ({ id }: FakeChat): RoomId => roomId("telegram", String(id));

/** Clocks and timers move only when the test lets time pass; sockets go on by themselves. */
const holdTime = () => void vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
afterEach(() => {
  vi.useRealTimers();
});

interface Arrival {
  readonly chat: unknown;
  /** Milliseconds since the crowd came together. */
  readonly at: number;
}

/** Chats that get one digest each from ten workers, which try again when told to. */
class Crowd {
  readonly chats: readonly FakeChat[];
  readonly arrivals: Arrival[] = [];
  readonly #set: Stage;
  readonly #began = performance.now();
  #inFlight = 0;

  constructor(set: Stage, count: number) {
    this.#set = set;
    this.chats = Array.from({ length: count }, (_, n) => set.fake.user(`Reader ${n}`).private);
    const watch = () =>
      void set.fake.arrivals
        .next("a message", ({ method }) => method === "sendMessage")
        .then(({ payload }) => {
          this.arrivals.push({ chat: payload.chat_id, at: this.now });
          watch();
        })
        .catch(() => undefined);
    watch();
  }

  get now(): number {
    return performance.now() - this.#began;
  }
  get delivered(): readonly number[] {
    return this.chats.map((chat) => chat.posts.length);
  }
  /** When messages to a chat arrived; of all chats without one. */
  times(chat?: FakeChat): readonly number[] {
    return this.arrivals.filter((one) => chat === undefined || one.chat === chat.id).map(({ at }) => at);
  }

  async fanOut(): Promise<void> {
    const left = [...this.chats].reverse();
    const worker = async () => {
      for (let chat = left.pop(); chat !== undefined; chat = left.pop()) await this.#tell(inChat(chat));
    };
    await Promise.all(Array.from({ length: 10 }, worker));
  }

  async #tell(room: RoomId): Promise<void> {
    const { telegram } = this.#set;
    for (;;) {
      await telegram.pace.slot("digest", room);
      this.#inFlight++;
      const failure = await telegram.send(room, part, "key").then(
        () => null,
        (error: unknown) => error,
      );
      this.#inFlight--;
      if (failure === null) return;
      if (!(failure instanceof SendError) || failure.failure.outcome !== "not_sent") throw failure;
      const { retryAfterMs } = failure.failure;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }

  /** Lets time pass, and what is sent meanwhile arrive. */
  async pass(ms: number, step = 10): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      await vi.advanceTimersByTimeAsync(step);
      while (this.#inFlight > 0) await new Promise(setImmediate);
    }
  }
}

/** A bot of which only `send` is used, so that no long poll is in the way of the clock. */
async function crowd(count: number, options: StageOptions = {}): Promise<Crowd & { readonly set: Stage }> {
  holdTime();
  // What waits for the network must not give up when an hour passes at once.
  const set = await stage({ start: false, fake: { patienceSeconds: 10_000 }, timing: { callTimeout: 60_000 }, ...options });
  return Object.assign(new Crowd(set, count), { set });
}

describe("a digest", () => {
  it("goes to everyone at the limit, between answers, and nothing is refused", async () => {
    const limits = { globalLimit: { limit: 30, perMs: second }, chatLimit: { limit: 1, perMs: second } };
    const readers = await crowd(100, { start: true, fake: { ...limits, patienceSeconds: 10_000 } });
    const { fake } = readers.set;
    const sending = readers.fanOut();
    for (const name of ["Ann", "Ben", "Cleo", "Dan", "Eve"]) {
      await readers.pass(310);
      const person = fake.user(name);
      // No time passes until the answer is there.
      await person.says(person.private, "/explain depin");
    }
    await readers.pass(2.2 * second);
    await sending;
    expect(readers.delivered).toEqual(readers.chats.map(() => 1));
    expect(fake.refusals).toBe(0);
  });

  it("lets an answer go first", async () => {
    const set = await stage({ messagesPerSecond: 5 });
    const readers = new Crowd(set, 9);
    const sending = readers.fanOut();
    await readers.chats[2]?.next();
    const before = readers.arrivals.length;
    const ann = set.fake.user("Ann");
    await ann.says(ann.private, "/explain depin");
    // Digests are a quarter of a second apart, and nine of them wait.
    expect(readers.times().slice(before).length).toBeLessThanOrEqual(2);
    await sending;
    expect(readers.delivered).toEqual(readers.chats.map(() => 1));
  });
});

describe("a 429", () => {
  it.each([
    [1, 1],
    [35, 35],
    [3600, 3600],
    ["7", 7],
  ])("that tells %j stops its chat for that long, and no other", async (retryAfter, seconds) => {
    const all = await crowd(20);
    const [, slow] = all.chats;
    if (slow === undefined) throw new Error("nobody is there");
    all.set.fake.fault("sendMessage", { kind: "rate_limit", retryAfter }, { when: ({ chat_id: id }) => id === slow.id });
    const sending = all.fanOut();
    await all.pass(900);
    expect(all.delivered).toEqual(all.chats.map((chat) => (chat === slow ? 0 : 1)));
    await all.pass(seconds * second, Math.max(10, seconds));
    await sending;
    const [refused = 0, again = 0, ...more] = all.times(slow);
    expect(again - refused).toBeGreaterThanOrEqual(seconds * second);
    expect(more).toEqual([]);
    expect(slow.posts).toHaveLength(1);
  });

  it.each([null, "soon"])("that tells %j stops every chat for a minute", async (retryAfter) => {
    const all = await crowd(40);
    const third = all.chats[2]?.id;
    all.set.fake.fault("sendMessage", { kind: "rate_limit", retryAfter }, { when: ({ chat_id: id }) => id === third });
    const sending = all.fanOut();
    await all.pass(59 * second, 50);
    expect(all.arrivals).toHaveLength(3);
    await all.pass(4 * second, 10);
    await sending;
    expect((all.times()[3] ?? 0) - (all.times()[2] ?? 0)).toBeGreaterThanOrEqual(60 * second);
    expect(all.delivered).toEqual(all.chats.map(() => 1));
  });

  it("for two chats at once stops everyone to the letter, and no crowd follows", async () => {
    const all = await crowd(60);
    const told = new Map([
      [all.chats[4]?.id, 2],
      [all.chats[6]?.id, 5],
    ]);
    for (const [chat, retryAfter] of told)
      all.set.fake.fault("sendMessage", { kind: "rate_limit", retryAfter }, { when: ({ chat_id: id }) => id === chat });
    const sending = all.fanOut();
    await all.pass(10 * second);
    await sending;
    const [refused = 0] = all.times(all.chats[6]);
    const during = all.times().filter((at) => at > refused && at < refused + 5 * second);
    expect(during).toEqual([]);
    const after = all.times().filter((at) => at >= refused + 5 * second);
    expect(after.filter((at) => at < refused + 5.1 * second).length).toBeLessThanOrEqual(4);
    expect(after.filter((at) => at < refused + 6 * second).length).toBeLessThanOrEqual(30);
    expect(all.delivered).toEqual(all.chats.map(() => 1));
  });

  it("that comes after the slot was given keeps the message back", async () => {
    const { set, chats } = await crowd(1);
    const [chat] = chats;
    if (chat === undefined) throw new Error("nobody is there");
    await set.telegram.pace.slot("digest", inChat(chat));
    set.telegram.pace.refused(inChat(chat), 4 * second);
    const error: unknown = await set.telegram.send(inChat(chat), part, "key").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: { outcome: "not_sent", retryAfterMs: 4 * second } });
    expect(set.fake.callsOf("sendMessage")).toEqual([]);
  });

  it("for an answer keeps digests from that chat too", async () => {
    const set = await stage();
    const { fake, telegram } = set;
    const [ann, ben] = [fake.user("Ann"), fake.user("Ben")];
    fake.fault("sendMessage", { kind: "rate_limit", retryAfter: 35 });
    ann.posts(ann.private, "/explain depin");
    await expect.poll(() => set.log.join("")).toContain("an answer was not shown");
    await expect(telegram.send(inChat(ann.private), part, "key")).rejects.toMatchObject({ failure: { outcome: "not_sent" } });
    await telegram.send(inChat(ben.private), part, "key");
    expect(fake.callsOf("sendMessage")).toHaveLength(2);
  });

  it("does not hold back what is no message", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const shown = await ann.says(group, "/explain depin");
    fake.fault("sendMessage", { kind: "rate_limit", retryAfter: null });
    ann.posts(group, "/explain helium");
    await fake.nextCall("sendMessage");
    await ann.acknowledged(shown, shown.buttons[0]?.data ?? "");
  });
});

describe("stopping", () => {
  it("gives up answers that still wait for a slot", async () => {
    const set = await stage();
    const ann = set.fake.user("Ann");
    set.telegram.pace.refused(inChat(ann.private), 9 * second);
    ann.posts(ann.private, "/wait a");
    await set.gates.reached("a");
    set.gates.open("a");
    await set.telegram.stop();
    await expect.poll(() => set.log.join("")).toContain("an answer was not shown");
    expect(set.fake.callsOf("sendMessage")).toEqual([]);
  });
});
