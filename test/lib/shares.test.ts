/** Shares of a work: divided fairly among who lives, taken over from who does not, and never served by two. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LeaseStore } from "../../src/core/lease.ts";
import { createShares, type Shares, type Tenure } from "../../src/lib/shares.ts";
import { openPostgres, postgresUrl, silent } from "../support/database.ts";
import { leaseStore, scheduleMemory } from "../support/memory-schedule.ts";
import { randomFrom } from "../support/random.ts";

const ttlMs = 3_000;

interface Process {
  /** The shares that it serves now, those it is about to end included. */
  readonly serves: Set<number>;
  /** What is known of each. */
  readonly holds: Map<number, Tenure>;
  readonly shares: Shares;
  /** Nothing of it runs any more, and nothing it began reaches the database. */
  kill(): void;
  /** The database does not answer it, or does again. */
  hang(hangs: boolean): void;
}

interface ProcessOptions {
  readonly leases: LeaseStore;
  readonly count?: number;
  /** Milliseconds until the database answers. */
  readonly latency?: () => number;
  /** Milliseconds that a share takes to end. */
  readonly ending?: () => number;
}

const wait = (ms: number) => new Promise<void>((over) => setTimeout(over, ms));

function startProcess({ leases, count = 4, latency = () => 0, ending = () => 0 }: ProcessOptions): Process {
  let state: "well" | "hanging" | "dead" = "well";
  const serves = new Set<number>();
  const holds = new Map<number, Tenure>();
  const far =
    <A extends unknown[], T>(ask: (...given: A) => Promise<T>) =>
    async (...given: A): Promise<T> => {
      if (state !== "well") await new Promise(() => undefined);
      await wait(latency());
      const answer = await ask(...given);
      await wait(latency());
      if (state !== "well") await new Promise(() => undefined);
      return answer;
    };
  // A database that hangs for longer than 8 seconds is given up by its driver.
  const patient =
    <A extends unknown[], T>(ask: (...given: A) => Promise<T>) =>
    (...given: A): Promise<T> =>
      Promise.race([far(ask)(...given), wait(ttlMs / 2).then(() => Promise.reject(new Error("no answer")))]);
  const shares = createShares({
    leases: {
      take: patient(leases.take),
      takeEach: patient(leases.takeEach),
      held: patient(leases.held),
      release: patient(leases.release),
      forget: patient(leases.forget),
    },
    name: "work",
    count,
    ttlMs,
    log: silent,
    async serve(share, over, tenure) {
      if (state === "dead") return;
      serves.add(share);
      holds.set(share, tenure);
      if (!over.aborted) await new Promise((told) => over.addEventListener("abort", told));
      await wait(ending());
      holds.delete(share);
      serves.delete(share);
    },
  });
  shares.start();
  return {
    serves,
    holds,
    shares,
    kill() {
      state = "dead";
      serves.clear();
      holds.clear();
    },
    hang(hangs) {
      if (state !== "dead") state = hangs ? "hanging" : "well";
    },
  };
}

const sizes = (processes: readonly Process[]): readonly number[] => processes.map(({ serves }) => serves.size).toSorted((a, b) => a - b);
const all = (processes: readonly Process[]): readonly number[] => processes.flatMap(({ serves }) => [...serves]).toSorted((a, b) => a - b);
const memory = (): LeaseStore => leaseStore({ leases: scheduleMemory().leases });
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("with an injected clock", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  test("one process has all of it as soon as the database has answered", async () => {
    const one = startProcess({ leases: memory() });
    await pass(10);
    expect(all([one])).toEqual([0, 1, 2, 3]);
  });

  test.each([
    [2, 4, [2, 2]],
    [3, 4, [1, 1, 2]],
    [3, 16, [5, 5, 6]],
    [5, 4, [0, 1, 1, 1, 1]],
  ])("%i processes have equally many of %i shares, one after the other or all at once", async (howMany, count, fair) => {
    for (const apart of [0, 2 * ttlMs]) {
      const leases = memory();
      const processes: Process[] = [];
      for (let i = 0; i < howMany; i++) {
        processes.push(startProcess({ leases, count, latency: () => 1 }));
        await pass(apart);
      }
      await pass(2 * ttlMs);
      expect(sizes(processes)).toEqual(fair);
      expect(all(processes)).toEqual(Array.from({ length: count }, (_, share) => share));
    }
  });

  test("nothing moves that need not when one more process comes", async () => {
    const leases = memory();
    const [first, second] = [startProcess({ leases, count: 5 }), startProcess({ leases, count: 5 })];
    await pass(2 * ttlMs);
    const before = [first, second].map(({ serves }) => new Set(serves));
    const third = startProcess({ leases, count: 5 });
    await pass(2 * ttlMs);
    expect(sizes([first, second, third])).toEqual([1, 2, 2]);
    const moved = before.reduce((sum, had, i) => sum + had.difference([first, second][i]?.serves ?? new Set()).size, 0);
    expect(moved).toBe(1);
  });

  test("what a dead process served is taken over within the life of its leases", async () => {
    const leases = memory();
    const [first, second] = [startProcess({ leases }), startProcess({ leases })];
    await pass(2 * ttlMs);
    expect(sizes([first, second])).toEqual([2, 2]);
    second.kill();
    await pass(ttlMs + 10);
    expect(all([first])).toEqual([0, 1, 2, 3]);
  });

  test("a process that stops hands over what it serves once that has ended, and the others need not wait for its leases to end", async () => {
    const leases = memory();
    const [first, second] = [startProcess({ leases }), startProcess({ leases, ending: () => 500 })];
    await pass(2 * ttlMs);
    let stopped = false;
    void second.shares.stop().then(() => (stopped = true));
    await pass(499);
    expect([stopped, second.serves.size, first.serves.size]).toEqual([false, 2, 2]);
    await pass(20);
    expect([stopped, second.serves.size]).toEqual([true, 0]);
    await pass(ttlMs / 3);
    expect(all([first])).toEqual([0, 1, 2, 3]);
  });

  test("it is over, and no longer certain, before anybody else can have what could not be renewed", async () => {
    const leases = memory();
    const first = startProcess({ leases });
    await pass(10);
    const [tenure] = first.holds.values();
    expect(tenure?.certain()).toBe(true);
    first.hang(true);
    await pass(ttlMs - 20);
    expect(first.serves.size).toBe(0);
    expect(tenure?.certain()).toBe(false);
  });

  test("what was lost is for others to have, although it takes long to end", async () => {
    const leases = memory();
    const first = startProcess({ leases, ending: () => 20 * ttlMs });
    await pass(10);
    first.hang(true);
    await pass(ttlMs);
    first.hang(false);
    await pass(2 * ttlMs);
    expect(first.serves.size).toBe(4);
    const second = startProcess({ leases });
    await pass(2 * ttlMs);
    expect(second.serves.size).toBe(2);
    void second.shares.stop();
    await pass(ttlMs);
  });

  test("a process that wakes up after its leases have ended is not certain of them, even before any of its timers fires", async () => {
    const leases = memory();
    const first = startProcess({ leases });
    await pass(10);
    const [tenure] = first.holds.values();
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + ttlMs);
    expect(first.serves.size).toBe(4);
    expect(tenure?.certain()).toBe(false);
  });

  test("who comes with another number of shares joins those who live, and its own number counts when it is alone", async () => {
    const leases = memory();
    const old = startProcess({ leases, count: 4 });
    await pass(10);
    const young = startProcess({ leases, count: 6 });
    await pass(2 * ttlMs);
    expect(all([old, young])).toEqual([0, 1, 2, 3]);
    expect([...young.holds.values()].map(({ of }) => of)).toEqual([4, 4]);
    void old.shares.stop();
    await pass(20);
    void young.shares.stop();
    await pass(20);
    const next = startProcess({ leases, count: 6 });
    await pass(2 * ttlMs);
    expect(all([next])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("a share that ends by itself is begun again, but not at once", async () => {
    let begun = 0;
    const serve = async () => void begun++;
    const shares = createShares({ leases: memory(), name: "work", count: 1, ttlMs, log: silent, serve });
    shares.start();
    await pass(ttlMs);
    expect(begun).toBeGreaterThanOrEqual(3);
    expect(begun).toBeLessThanOrEqual(5);
    await shares.stop();
  });

  test("no share is ever served by two, whatever happens, and all of them fairly once it is quiet", { timeout: 120_000 }, async () => {
    const event = fc.record({
      after: fc.integer({ min: 0, max: 2 * ttlMs }),
      what: fc.constantFrom("start", "stop", "kill", "hang", "recover"),
      who: fc.nat({ max: 9 }),
    });
    const plan = fc.record({ seed: fc.integer(), count: fc.integer({ min: 1, max: 16 }), events: fc.array(event, { maxLength: 25 }) });
    await fc.assert(
      fc.asyncProperty(plan, async ({ seed, count, events }) => {
        const random = randomFrom(seed);
        const leases = memory();
        const options = { leases, count, latency: () => random() * 60, ending: () => random() * 900 };
        const processes: Process[] = [startProcess(options)];
        const alive = new Set(processes);
        /** Lets time pass in small steps, and looks at who serves what after each. */
        const watch = async (ms: number) => {
          for (let passed = 0; passed < ms; passed += 25) {
            await pass(25);
            const acted = processes.flatMap(({ holds }) => [...holds].filter(([, tenure]) => tenure.certain()).map(([share]) => share));
            expect(new Set(acted).size).toBe(acted.length);
          }
        };
        for (const { after, what, who } of events) {
          await watch(after);
          const one = [...alive][who % Math.max(1, alive.size)];
          if (what === "start" && alive.size < 6) {
            const born = startProcess(options);
            processes.push(born);
            alive.add(born);
          }
          if (one === undefined) continue;
          if (what === "hang" || what === "recover") one.hang(what === "hang");
          if (what === "kill") one.kill();
          if (what === "stop") void one.shares.stop();
          if (what === "kill" || what === "stop") alive.delete(one);
        }
        for (const one of alive) one.hang(false);
        await watch(4 * ttlMs);
        const left = [...alive];
        if (left.length > 0) {
          expect(all(left)).toEqual(Array.from({ length: count }, (_, share) => share));
          expect(Math.max(...sizes(left)) - Math.min(...sizes(left))).toBeLessThanOrEqual(1);
        }
        for (const one of left) one.kill();
        vi.clearAllTimers();
      }),
      { numRuns: process.env.SOAK === "1" ? 5_000 : 150, ...(process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }) },
    );
  });
});

test("on a real PostgreSQL, processes divide the shares, take over and hand over, and no two ever have one", async () => {
  const storage = await openPostgres(await postgresUrl());
  const life = 900;
  const now = new Map<number, string>();
  const doubles: string[] = [];
  const start = (who: string) => {
    const had = new Set<number>();
    let dead = false;
    const alive =
      <A extends unknown[], T>(ask: (...given: A) => Promise<T>) =>
      (...given: A): Promise<T> =>
        dead ? new Promise(() => undefined) : ask(...given);
    const { take, takeEach, held, release, forget } = storage.leases;
    const leases = { take: alive(take), takeEach: alive(takeEach), held: alive(held), release: alive(release), forget };
    const shares = createShares({
      leases,
      name: "work",
      count: 6,
      ttlMs: life,
      log: silent,
      async serve(share, over) {
        if (now.has(share)) doubles.push(`${share}: ${now.get(share)} and ${who}`);
        now.set(share, who);
        had.add(share);
        if (!over.aborted) await new Promise((told) => over.addEventListener("abort", told));
        had.delete(share);
        if (now.get(share) === who) now.delete(share);
      },
    });
    shares.start();
    const kill = () => {
      dead = true;
      for (const share of had) now.delete(share);
    };
    return { had, shares, kill };
  };
  const [a, b, c] = [start("a"), start("b"), start("c")];
  await expect.poll(() => [a.had.size, b.had.size, c.had.size], { timeout: 5_000 }).toEqual([2, 2, 2]);
  b.kill();
  await expect.poll(() => [a.had.size, c.had.size], { timeout: 5_000 }).toEqual([3, 3]);
  await a.shares.stop();
  await expect.poll(() => c.had.size, { timeout: 5_000 }).toBe(6);
  await c.shares.stop();
  expect(doubles).toEqual([]);
  // Nothing is left behind but what the dead one had, which has ended.
  expect(await storage.leases.held("work/")).toEqual([]);
  await storage.close();
});
