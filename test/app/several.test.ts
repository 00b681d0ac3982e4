/**
 * Several processes on one PostgreSQL, killed and stopped at random moments while people speak, vote and are sent digests: nothing that
 * was acknowledged is lost, and nothing is done twice. SOAK=1 asks for 100 deaths over the roles, DEATHS for another number.
 */
import { describe, expect, it } from "vitest";
import type { Program } from "../support/program.ts";
import { randomFrom, seedOf } from "../support/random.ts";
import { foundTown, shards, type Town } from "./several/town.ts";

const soak = process.env.SOAK === "1";
const seed = seedOf(20_261_122);
const soon = { timeout: 60_000, interval: 20 };

const everyShard = Array.from({ length: shards }, (_, shard) => shard);
const listensEverywhere = (town: Town) =>
  expect.poll(() => everyShard.filter((shard) => !town.discord.gateway.hears(shard)), soon).toEqual([]);
/** What is said while a shard changes hands is lost, as with Discord itself. */
async function divided(town: Town, shares: readonly number[]): Promise<void> {
  await expect.poll(() => town.shares(), soon).toEqual(shares);
  await listensEverywhere(town);
}
/** What is answered is noted a moment later; who dies before has it answered again. */
const nothingUnnoted = (town: Town) => expect.poll(async () => (await town.storage.backlog()).inbox.count, soon).toBe(0);
const ready = /"shard":\d,"msg":"gateway ready"/;

describe("two gateways and a worker", { timeout: 120_000 }, () => {
  it("divide the work; what a killed one did the others take over, and nothing is lost or done twice", async () => {
    const town = await foundTown();
    const [first, second, worker] = [town.start("gateway"), town.start("gateway"), town.start("worker")];
    await Promise.all([first.logged(ready), second.logged(ready)]);
    await divided(town, [2, 2]);
    await worker.logged(/deliveries and housekeeping: on/);
    await town.digest();
    const before = town.guilds.map((guild) => town.saysOnDiscord(guild));
    const onTelegram = Array.from({ length: 10 }, () => town.saysOnTelegram());
    await expect.poll(() => [...before, ...onTelegram].filter(({ answers }) => answers() === 0), soon).toEqual([]);
    await nothingUnnoted(town);
    first.child.kill("SIGKILL");
    await first.ended;
    for (let n = 0; n < 10; n++) town.saysOnTelegram();
    await divided(town, [4]);
    const after = town.guilds.map((guild) => town.saysOnDiscord(guild));
    await expect.poll(() => [...town.said, ...after].filter(({ answers }) => answers() === 0), soon).toEqual([]);
    await town.digest();
    await expect.poll(town.open, soon).toBe(0);
    expect(await town.lost()).toEqual([]);
    expect((await town.ledger()).wrong).toEqual([]);
    expect(town.said.filter(({ answers }) => answers() > 1)).toEqual([]);
    for (const { child } of [second, worker]) child.kill("SIGTERM");
    expect([(await second.ended).code, (await worker.ended).code]).toEqual([0, 0]);
    expect([...town.discord.world.violations, ...town.telegram.violations]).toEqual([]);
  });

  it("a gateway that was stopped for longer than its leases live notices that it has lost them, and does nothing twice", async () => {
    const town = await foundTown();
    const first = town.start("gateway");
    await first.logged(/Telegram is polled by this process/);
    const second = town.start("gateway");
    await Promise.all([second.logged(ready), listensEverywhere(town)]);
    const early = Array.from({ length: 5 }, () => town.saysOnTelegram());
    await expect.poll(() => early.filter(({ answers }) => answers() === 0), soon).toEqual([]);
    await nothingUnnoted(town);
    first.child.kill("SIGSTOP");
    const meanwhile = Array.from({ length: 5 }, () => town.saysOnTelegram());
    await second.logged(/Telegram is polled by this process/);
    await expect.poll(() => meanwhile.filter(({ answers }) => answers() === 0), soon).toEqual([]);
    await expect.poll(() => everyShard.every((shard) => serves(second, shard)), soon).toBe(true);
    // The stopped one is told of it as well: its connections stand.
    const heard = town.guilds.map((guild) => town.saysOnDiscord(guild));
    await expect.poll(() => heard.filter(({ answers }) => answers() === 0), soon).toEqual([]);
    first.child.kill("SIGCONT");
    await first.logged(/Telegram is left to other processes to poll/);
    const late = Array.from({ length: 5 }, () => town.saysOnTelegram());
    await expect.poll(() => late.filter(({ answers }) => answers() === 0), soon).toEqual([]);
    // It takes its half again.
    await expect
      .poll(() => said(first, /the shard is left to others/) > 0 && said(second, /the shard is left to others/) > 0, soon)
      .toBe(true);
    await listensEverywhere(town);
    expect(town.said.filter(({ answers }) => answers() !== 1)).toEqual([]);
    expect(await town.lost()).toEqual([]);
    for (const { child } of [first, second]) child.kill("SIGTERM");
    const [a, b] = await Promise.all([first.ended, second.ended]);
    expect([a.code, b.code]).toEqual([0, 0]);
    for (const { err } of [a, b]) expect(err).not.toMatch(/came too late or twice|Another instance/);
    expect([...town.discord.world.violations, ...town.telegram.violations]).toEqual([]);
  });
});

const deaths = soak ? Number(process.env.DEATHS ?? 100) : 1;
const roles = soak ? ["gateway", "gateway", "worker", "all"] : ["gateway", "gateway", "worker"];

describe(`processes of every role (seed ${seed})`, { timeout: soak ? 7_200_000 : 120_000 }, () => {
  it(`die at random moments (deaths: ${deaths}), and nothing that was acknowledged is lost, and nothing is done twice`, async () => {
    const random = randomFrom(seed);
    const town = await foundTown();
    const alive: { role: string; program: Program }[] = roles.map((role) => ({ role, program: town.start(role) }));
    await listensEverywhere(town);
    const admin = town.telegram.user("Boss", { admin: true });
    const group = town.telegram.group("Voters");
    admin.posts(group, "/poll question=latency hours=48");
    await expect.poll(() => group.posts.some(({ poll }) => poll !== undefined), soon).toBe(true);
    const poll = group.posts.find((post) => post.poll !== undefined);
    if (poll === undefined) throw new TypeError("no poll was asked");
    const everybodyAnswered = () =>
      expect.poll(() => town.said.filter(({ owed, answers }) => owed && answers() === 0).map(({ text }) => text), soon).toEqual([]);
    for (let death = 0; death < deaths; death++) {
      // So that each death falls upon what is new.
      await everybodyAnswered();
      await town.digest();
      for (let n = 0; n < 8; n++) {
        town.saysOnTelegram();
        town.votes(poll, n % 3);
      }
      for (const guild of town.guilds) town.saysOnDiscord(guild);
      // After so many calls of the bot, whoever makes them.
      for (let calls = Math.floor(random() * 20); calls > 0; calls--) await town.telegram.arrivals.next("a call");
      const victim = alive[Math.floor(random() * alive.length)];
      if (victim === undefined) throw new TypeError("nobody lives");
      victim.program.child.kill("SIGKILL");
      await victim.program.ended;
      victim.program = town.start(victim.role);
    }
    await everybodyAnswered();
    // A group takes no more than 20 messages a minute.
    await expect.poll(town.open, { ...soon, timeout: soak ? 1_200_000 : soon.timeout }).toBe(0);
    await expect.poll(() => town.miscounted(), soon).toEqual([]);
    await listensEverywhere(town);
    const last = town.guilds.map((guild) => town.saysOnDiscord(guild));
    await expect.poll(() => last.filter(({ answers }) => answers() === 0), soon).toEqual([]);
    for (const { program } of alive) program.child.kill("SIGTERM");
    const ends = await Promise.all(alive.map(({ program }) => program.ended));
    expect(ends.map(({ code }) => code)).toEqual(alive.map(() => 0));
    expect(town.voters()).toBe(8 * deaths);
    expect(await town.lost()).toEqual([]);
    const { wrong, delivered, uncertain } = await town.ledger();
    expect(wrong).toEqual([]);
    // At each death a courier has at most ten deliveries under way.
    expect(uncertain).toBeLessThanOrEqual(10 * deaths);
    expect(delivered).toBeGreaterThan(0);
    expect([...town.discord.world.violations, ...town.telegram.violations]).toEqual([]);
  });
});

const said = (program: Program, what: RegExp): number => program.log().filter((line) => what.test(line)).length;
const serves = (program: Program, shard: number): boolean => said(program, new RegExp(`"shard":${shard},"msg":"gateway ready"`)) > 0;
