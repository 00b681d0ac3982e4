/** The lease of a courier: held while it is renewed, given up before anybody else can have it. */
import { expect, test } from "vitest";
import type { LeaseStore } from "../../src/core/lease.ts";
import { createHold } from "../../src/lib/hold.ts";
import { silent } from "../support/database.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

const ttlMs = 150;
const never = new AbortController().signal;
const fired = (signal: AbortSignal | null) =>
  new Promise<number>((told) => {
    if (signal === null || signal.aborted) told(performance.now());
    else signal.addEventListener("abort", () => told(performance.now()));
  });

/** A lease store that stops answering. */
function breakable(): LeaseStore & { broken: "no" | "fails" | "hangs"; lastTaken: number } {
  const { leases } = createMemoryStores();
  return {
    ...leases,
    broken: "no",
    lastTaken: 0,
    async take(fence, ttl) {
      if (this.broken === "fails") throw new Error("no database");
      if (this.broken === "hangs") return new Promise(() => undefined);
      const taken = await leases.take(fence, ttl);
      if (taken) this.lastTaken = performance.now();
      return taken;
    },
  };
}

const holdOn = (leases: LeaseStore) => createHold({ leases, name: "courier-telegram", ttlMs, log: silent });

test("it is renewed as long as it is wanted, and the next one waits for it", async () => {
  const leases = breakable();
  const [first, second] = [holdOn(leases), holdOn(leases)];
  const mine = await first.acquire(never);
  const stopping = new AbortController();
  const waiting = second.acquire(stopping.signal);
  await new Promise((turn) => setTimeout(turn, 2 * ttlMs));
  expect(mine?.aborted).toBe(false);
  await first.release();
  expect(mine?.aborted).toBe(true);
  expect((await waiting)?.aborted).toBe(false);
  await second.release();
});

test.each(["fails", "hangs"] as const)(
  "it is given up before it ends where the database %s, and had again when that answers",
  async (how) => {
    const leases = breakable();
    const hold = holdOn(leases);
    const mine = await hold.acquire(never);
    leases.broken = how;
    const gone = await fired(mine);
    expect(gone - leases.lastTaken).toBeLessThan(ttlMs);
    leases.broken = "no";
    const again = await hold.acquire(never);
    expect(again?.aborted).toBe(false);
    await hold.release();
  },
  5_000,
);

test("it is lost at once when somebody else turns out to have it", async () => {
  const { leases } = createMemoryStores();
  const hold = holdOn(leases);
  const mine = await hold.acquire(never);
  await leases.release(hold.fence);
  await leases.take({ name: "courier-telegram", holder: "another" }, 60_000);
  expect(await hold.confirm()).toBe(false);
  expect(mine?.aborted).toBe(true);
});

test("stopping ends the wait for it", async () => {
  const { leases } = createMemoryStores();
  await leases.take({ name: "courier-telegram", holder: "another" }, 60_000);
  const stopping = new AbortController();
  const waiting = holdOn(leases).acquire(stopping.signal);
  stopping.abort();
  expect(await waiting).toBeNull();
});
