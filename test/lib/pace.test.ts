/** One budget of messages, two lanes, and pauses: on a clock that the test moves. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type RoomId, roomId } from "../../src/core/ids.ts";
import { createPace, type PlatformPace } from "../../src/lib/pace.ts";

const room = (address: string | number): RoomId => roomId("telegram", String(address));
const second = 1000;
const perSecond = 30;

const likeTelegram = () =>
  createPace({
    perSecond,
    jitterMs: 15,
    rooms: { chatOf: (id) => id.split(":")[1] ?? "", everyMs: second, perMinute: 20, isShared: (chat) => chat.startsWith("-") },
  });

interface Slot {
  readonly lane: "answer" | "digest";
  readonly room: RoomId;
  readonly at: number;
}

/** Asks for slots and remembers when each was given, in milliseconds since the test began. */
class Desk {
  readonly pace: PlatformPace = likeTelegram();
  readonly slots: Slot[] = [];
  readonly #began = performance.now();
  get now(): number {
    return performance.now() - this.#began;
  }
  async ask(lane: Slot["lane"], to: RoomId, signal?: AbortSignal): Promise<void> {
    await this.pace.slot(lane, to, signal);
    this.slots.push({ lane, room: to, at: this.now });
  }
  /** Ten workers that send one digest to each room. */
  async fanOut(rooms: readonly RoomId[]): Promise<void> {
    const left = [...rooms].reverse();
    const worker = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await this.ask("digest", next);
    };
    await Promise.all(Array.from({ length: 10 }, worker));
  }
  times(lane?: Slot["lane"]): readonly number[] {
    return this.slots.filter((slot) => lane === undefined || slot.lane === lane).map(({ at }) => at);
  }
  to(address: string | number): readonly number[] {
    return this.slots.filter((slot) => slot.room === room(address)).map(({ at }) => at);
  }
}

const chats = (count: number): readonly RoomId[] => Array.from({ length: count }, (_, n) => room(n + 1));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** The shortest time in which one message more than the limit was sent. */
const tightest = (times: readonly number[]): number => Math.min(...times.slice(perSecond).map((at, n) => at - (times[n] ?? at)));

let desk: Desk;
beforeEach(() => {
  vi.useFakeTimers();
  desk = new Desk();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the common budget", () => {
  it("spreads digests evenly, at 95 % of the limit", async () => {
    void desk.fanOut(chats(400));
    await pass(10 * second);
    const times = desk.times();
    expect(times.length).toBeGreaterThanOrEqual(285);
    expect(tightest(times)).toBeGreaterThanOrEqual(1015);
    expect(Math.max(...times.slice(1).map((at, n) => at - (times[n] ?? 0)))).toBeLessThan(40);
  });

  it("gives an answer the next slot at once, and takes it from the digests", async () => {
    void desk.fanOut(chats(400));
    await pass(5 * second);
    for (let n = 0; n < 20; n++) {
      await pass(113);
      const asked = desk.now;
      void desk.ask("answer", room("ann"));
      await pass(0);
      expect(desk.times("answer").at(-1)).toBe(asked);
    }
    await pass(5 * second - 20 * 113);
    expect(desk.times().length).toBeGreaterThanOrEqual(284);
    expect(desk.times().length).toBeLessThanOrEqual(290);
    expect(tightest(desk.times())).toBeGreaterThanOrEqual(1015);
  });

  it("lets no digest go while answers wait", async () => {
    void desk.fanOut(chats(400));
    await pass(2 * second);
    const before = desk.times("digest").length;
    for (let n = 0; n < 60; n++) void desk.ask("answer", room("ann"));
    await pass(1.9 * second);
    expect(desk.times("answer").length).toBeGreaterThan(50);
    expect(desk.times("digest").length - before).toBeLessThanOrEqual(1);
  });

  it("lets a first crowd of answers go together, and the others when there is room", async () => {
    for (let n = 0; n < 70; n++) void desk.ask("answer", room(n));
    await pass(0);
    expect(desk.slots).toHaveLength(30);
    await pass(1014);
    expect(desk.slots).toHaveLength(30);
    await pass(1);
    expect(desk.slots).toHaveLength(60);
  });

  it("lets digests catch up after the machine stood still, within the limit and behind an answer", async () => {
    void desk.fanOut(chats(400));
    await pass(2 * second);
    const before = desk.slots.length;
    // Nothing runs between the timers of these 250 ms.
    vi.advanceTimersByTime(250);
    await pass(0);
    const caughtUp = desk.slots.length - before;
    expect(caughtUp).toBeGreaterThanOrEqual(6);
    void desk.ask("answer", room("ann"));
    await pass(40);
    expect(desk.times("answer")).toHaveLength(1);
    await pass(2 * second);
    expect(desk.slots.length - before).toBeGreaterThanOrEqual(64);
    expect(tightest(desk.times())).toBeGreaterThanOrEqual(1015);
  });

  it("does not save up turns while nothing is sent", async () => {
    void desk.fanOut(chats(3));
    await pass(5 * second);
    void desk.fanOut(chats(40));
    await pass(100);
    expect(desk.slots.length).toBeLessThanOrEqual(6);
  });

  it("is never exceeded, whatever is asked for when", async () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 400 }), answers: fc.nat(12), digests: fc.nat(12), refused: fc.nat(40) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const busy = new Desk();
        let chat = 0;
        for (const { wait, answers, digests, refused } of steps) {
          for (let n = 0; n < answers; n++) void busy.ask("answer", room(++chat % 9));
          for (let n = 0; n < digests; n++) void busy.ask("digest", room(++chat));
          if (refused < 3) busy.pace.refused(room(refused), refused * 200);
          await pass(wait);
        }
        await pass(60 * second);
        expect(busy.slots).toHaveLength(steps.reduce((sum, { answers, digests }) => sum + answers + digests, 0));
        expect(tightest(busy.times())).toBeGreaterThanOrEqual(1015);
      }),
      { numRuns: 40 },
    );
  });

  it("is kept at the other end of a line that delays some messages by up to a second", async () => {
    const arrivals: number[] = [];
    const worker = async (n: number) => {
      for (let chat = n; chat < 400; chat += 10) {
        await desk.pace.slot("digest", room(chat));
        const delay = chat % 37 === 0 ? 900 : chat % 7 === 0 ? 150 : 0;
        await desk.pace.timed(async () => {
          await new Promise((resolve) => setTimeout(resolve, delay + 10));
          arrivals.push(desk.now);
          await new Promise((resolve) => setTimeout(resolve, 10));
        });
      }
    };
    for (let n = 0; n < 10; n++) void worker(n);
    await pass(16 * second);
    expect(arrivals).toHaveLength(400);
    expect(tightest(arrivals)).toBeGreaterThanOrEqual(second);
  });

  it("does not stop when the system clock is set back by an hour", async () => {
    void desk.fanOut(chats(400));
    await pass(2 * second);
    vi.setSystemTime(Date.now() - 3600 * second);
    const before = desk.slots.length;
    await pass(2 * second);
    expect(desk.slots.length - before).toBeGreaterThan(50);
  });
});

describe("a room", () => {
  it("gets digests at least a second apart, and other rooms do not wait for it", async () => {
    void desk.fanOut([room(1), room(1), room(1), ...chats(40).slice(1)]);
    await pass(4 * second);
    const [a = 0, b = 0, c = 0] = desk.to(1);
    expect(b - a).toBeGreaterThanOrEqual(second);
    expect(c - b).toBeGreaterThanOrEqual(second);
    expect(desk.times().filter((at) => at < second).length).toBeGreaterThan(25);
  });

  it("is a chat with all its topics", async () => {
    void desk.ask("digest", room("-100:7"));
    void desk.ask("digest", room("-100:8"));
    await pass(999);
    expect(desk.slots).toHaveLength(1);
    await pass(2);
    expect(desk.slots).toHaveLength(2);
  });

  it("that many people read gets 20 messages a minute, a private chat more", async () => {
    for (let n = 0; n < 30; n++) {
      void desk.ask("digest", room(-100));
      void desk.ask("digest", room(200));
    }
    await pass(59 * second);
    expect(desk.to(-100)).toHaveLength(20);
    expect(desk.to(200)).toHaveLength(30);
    await pass(12 * second);
    expect(desk.to(-100)).toHaveLength(30);
  });

  it("gets answers at once, which digests then wait for", async () => {
    void desk.ask("digest", room(1));
    await pass(0);
    void desk.ask("answer", room(1));
    await pass(0);
    expect(desk.to(1)).toEqual([0, 0]);
    await pass(500);
    void desk.ask("answer", room(1));
    void desk.ask("digest", room(1));
    await pass(999);
    expect(desk.to(1)).toEqual([0, 0, 500]);
    await pass(1);
    expect(desk.to(1)).toEqual([0, 0, 500, 1500]);
  });
});

describe("a refusal", () => {
  it.each([1, 35, 3600])("of one room for %i s stops that room alone, in both lanes", async (seconds) => {
    desk.pace.refused(room(1), seconds * second);
    expect(desk.pace.closedFor(room(1))).toBe(seconds * second);
    expect(desk.pace.closedFor(room(2))).toBe(0);
    void desk.ask("answer", room(1));
    void desk.fanOut([room(1), room(2), room(3)]);
    await pass(seconds * second - 1);
    expect(desk.slots.map((slot) => slot.room)).toEqual([room(2), room(3)]);
    await pass(2 * second);
    expect(desk.to(1)).toHaveLength(2);
    expect(desk.to(1)[0]).toBeGreaterThanOrEqual(seconds * second);
  });

  it("of two rooms within a second stops everyone until the longest time has passed, and no crowd follows", async () => {
    void desk.fanOut(chats(300));
    await pass(2 * second);
    desk.pace.refused(room(11), 2 * second);
    await pass(800);
    const from = desk.now;
    desk.pace.refused(room(12), 5 * second);
    const before = desk.slots.length;
    // A digest has been waiting for a second when somebody asks.
    await pass(second);
    void desk.ask("answer", room("ann"));
    await pass(4 * second - 1);
    expect(desk.slots).toHaveLength(before);
    await pass(second);
    const after = desk.slots.slice(before);
    expect(after[0]).toMatchObject({ lane: "answer", at: from + 5 * second });
    expect(after.length).toBeGreaterThan(25);
    expect(after.length).toBeLessThanOrEqual(30);
    expect(after.filter(({ at }) => at < from + 5 * second + 100).length).toBeLessThanOrEqual(4);
  });

  it("of everyone lets the answers that were asked for meanwhile go before a digest that waits longer", async () => {
    void desk.fanOut(chats(300));
    await pass(2 * second);
    desk.pace.refused(room(1), 5 * second, true);
    await pass(second);
    for (let n = 0; n < perSecond; n++) void desk.ask("answer", room(`asker ${n}`));
    const before = desk.slots.length;
    await pass(4 * second);
    const first = desk.slots.slice(before).map(({ lane }) => lane);
    expect(first).toEqual(Array.from({ length: perSecond }, () => "answer"));
  });

  it("of two rooms at different times, or of one room twice, stops no one else", async () => {
    desk.pace.refused(room(1), 35 * second);
    desk.pace.refused(room(1), 36 * second);
    await pass(1001);
    desk.pace.refused(room(2), 35 * second);
    void desk.ask("digest", room(3));
    await pass(0);
    expect(desk.to(3)).toHaveLength(1);
  });

  it("that is known to hold for everyone stops everyone", async () => {
    desk.pace.refused(room(1), 60 * second, true);
    void desk.ask("answer", room(2));
    void desk.ask("digest", room(3));
    await pass(60 * second - 1);
    expect(desk.slots).toEqual([]);
    expect(desk.pace.closedFor(room(9))).toBe(1);
    await pass(100);
    expect(desk.slots).toHaveLength(2);
  });

  it("is not shortened by a later, shorter one", async () => {
    desk.pace.refused(room(1), 35 * second);
    desk.pace.refused(room(1), second);
    expect(desk.pace.closedFor(room(1))).toBe(35 * second);
  });

  it("of a room that already waits costs nobody a slot", async () => {
    void desk.fanOut(chats(10));
    await pass(0);
    desk.pace.refused(room(2), 35 * second);
    await pass(second);
    // Nine messages need eight turns.
    expect(desk.slots).toHaveLength(9);
    expect(desk.times().at(-1)).toBeLessThanOrEqual(8 * 35);
  });
});

describe("whoever gives up", () => {
  it.each(["answer", "digest"] as const)("rejects with the signal's reason and takes no slot: %s", async (lane) => {
    const leaving = new AbortController();
    desk.pace.refused(room(9), 5 * second, true);
    const asked = expect(desk.ask(lane, room(1), leaving.signal)).rejects.toThrow("the bot stops");
    void desk.ask("digest", room(2));
    await pass(second);
    leaving.abort(new Error("the bot stops"));
    await asked;
    await expect(desk.ask(lane, room(1), leaving.signal)).rejects.toThrow("the bot stops");
    await pass(5 * second);
    expect(desk.slots.map((slot) => slot.room)).toEqual([room(2)]);
  });

  it("does so also while the room has to wait", async () => {
    const leaving = new AbortController();
    desk.pace.refused(room(1), 3600 * second);
    const asked = [desk.ask("digest", room(1), leaving.signal), desk.ask("answer", room(1), leaving.signal)];
    await pass(10);
    leaving.abort(new Error("the bot stops"));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
