/** Identifying from several processes: together no faster, and no more often, than one alone may. */
import { expect, test } from "vitest";
import { createIdentifyLeases } from "../../../src/platforms/discord/identify-leases.ts";
import { openPostgres, postgresUrl, silent } from "../../support/database.ts";
import { leaseStore, scheduleMemory } from "../../support/memory-schedule.ts";

const never = new AbortController().signal;
const everyMs = 60;

test("identifies of one class keep their distance over all processes, and those of another do not wait for them", async () => {
  const storage = await openPostgres(await postgresUrl());
  const limits = { maxConcurrency: 2, perDay: 1000, everyMs };
  const processes = Array.from({ length: 3 }, () => createIdentifyLeases({ leases: storage.leases, limits, log: silent }));
  const at: Record<"even" | "odd", number[]> = { even: [], odd: [] };
  await Promise.all(
    processes.flatMap((wait) => [
      wait(0, never).then(() => at.even.push(performance.now())),
      wait(2, never).then(() => at.even.push(performance.now())),
      wait(1, never).then(() => at.odd.push(performance.now())),
    ]),
  );
  for (const times of [at.even, at.odd])
    for (const [i, time] of times.entries()) if (i > 0) expect(time - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(everyMs);
  expect([at.even.length, at.odd.length]).toEqual([6, 3]);
  expect(at.odd[0]).toBeLessThan(at.even[1] ?? 0);
  await storage.close();
});

test("an hour of deaths uses up no more than an hour's share of the day, whichever process identifies, and after whatever restart", async () => {
  const { leases } = scheduleMemory();
  const limits = { maxConcurrency: 4, perDay: 24 * 3, everyMs: 0 };
  const start = () => createIdentifyLeases({ leases: leaseStore({ leases }), limits, log: silent });
  await start()(0, never);
  await Promise.all([start()(1, never), start()(2, never)]);
  const impatient = new AbortController();
  let failed = false;
  const fourth = start()(3, impatient.signal).catch(() => {
    failed = true;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise((next) => setImmediate(next));
  expect(failed).toBe(false);
  impatient.abort();
  await fourth;
  expect(failed).toBe(true);
  // An hour later.
  for (const [name, lease] of leases) leases.set(name, { ...lease, until: 0 });
  await start()(3, never);
});

test("a database that does not answer makes a shard wait, and costs it no turn", async () => {
  const working = leaseStore({ leases: scheduleMemory().leases });
  let broken = true;
  const leases = {
    ...working,
    held: async (prefix: string) => {
      if (!broken) return working.held(prefix);
      broken = false;
      throw new Error("no database");
    },
  };
  const wait = createIdentifyLeases({ leases, limits: { maxConcurrency: 1, perDay: 24, everyMs: 0 }, log: silent });
  await wait(0, never);
  expect(await working.held("discord:identified/")).toHaveLength(1);
});
