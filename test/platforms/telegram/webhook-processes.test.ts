/**
 * Several processes on one PostgreSQL: one takes what Telegram posts, two handle it, and one of these is killed or stopped for a while. Every
 * update changes the ledger once, and those of a chat in the order in which they were written. SOAK=1 asks ten times as often.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { openPostgres, postgresUrl } from "../../support/database.ts";
import type { FakeTelegram } from "../../support/fake-telegram/index.ts";
import { preloaded } from "../../support/preloaded.ts";
import { stage } from "./setup.ts";

const rounds = process.env.SOAK === undefined ? 2 : 20;
/** A chat is answered once a second, and all of them thirty times. */
const [people, each] = process.env.SOAK === undefined ? [10, 6] : [10, 20];

const ledgerRows = z.array(z.object({ room: z.string(), said: z.string(), by: z.string() }));
const counted = z.tuple([z.object({ count: z.int() })]).transform(([{ count }]) => count);

interface Handler {
  readonly child: ChildProcess;
  /** Ends it as an operator does; resolves when it has ended. */
  end(): Promise<unknown>;
}

async function startHandler(databaseUrl: string, fake: FakeTelegram, name: string): Promise<Handler> {
  const args = [...preloaded, join(import.meta.dirname, "webhook-child.ts"), databaseUrl, fake.apiRoot, fake.token, name];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  return {
    child,
    end() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

async function setUp() {
  const databaseUrl = await postgresUrl();
  const storage = await openPostgres(databaseUrl);
  onTestFinished(() => storage.close());
  await storage.session.executeSql("CREATE TABLE ledger (seq BIGSERIAL, key TEXT PRIMARY KEY, room TEXT, said TEXT, by TEXT)");
  const { pushed } = storage;
  const { fake } = await stage({ webhook: { pushed, takes: true, handles: false }, fake: { patienceSeconds: 60 }, now: () => new Date() });
  const ledger = async () => ledgerRows.parse((await storage.session.executeSql("SELECT room, said, by FROM ledger ORDER BY seq")).rows);
  const heard = async () => counted.parse((await storage.session.executeSql("SELECT count(*)::int AS count FROM ledger")).rows);
  const until = async (count: number) => {
    while ((await heard()) < count) await sleep(10);
  };
  const dividing = async (processes: number) => {
    const text = "SELECT count(DISTINCT holder)::int AS count FROM lease WHERE name ~ '^telegram:lanes/[0-9]+$'";
    while (counted.parse((await storage.session.executeSql(text)).rows) < processes) await sleep(10);
  };
  return { databaseUrl, dividing, fake, ledger, until };
}

it.each(Array.from({ length: rounds }, (_, round) => [round, round % 2 === 0 ? "SIGKILL" : "SIGSTOP"] as const))(
  "round %i: a process gets %s in the middle, and each chat's updates are still handled in order, each once",
  async (round) => {
    const { databaseUrl, dividing, fake, ledger, until } = await setUp();
    const [first, second] = await Promise.all([startHandler(databaseUrl, fake, "first"), startHandler(databaseUrl, fake, "second")]);
    await dividing(2);
    const crowd = Array.from({ length: people }, (_, i) => fake.user(`P${i}`));
    fake.poster.twice = round % 3 === 1;
    for (let i = 0; i < each; i++) for (const person of crowd) person.posts(person.private, `/echo ${i}`);
    await until(Math.floor(people * each * (0.15 + Math.random() * 0.5)));
    if (round % 2 === 0) first.child.kill("SIGKILL");
    else {
      first.child.kill("SIGSTOP");
      setTimeout(() => first.child.kill("SIGCONT"), 1_500);
    }
    await until(people * each);
    await fake.poster.idle();
    if (round % 2 === 1) await sleep(1_700);
    const rows = await ledger();
    for (const person of crowd) {
      const said = rows.filter(({ room }) => room === `telegram:${person.id}`).map(({ said }) => said);
      expect(said).toEqual(Array.from({ length: each }, (_, i) => String(i)));
    }
    expect(new Set(rows.map(({ by }) => by))).toEqual(new Set(["first", "second"]));
    await second.end();
  },
  60_000,
);

it("a process that ends gives its lanes to the other one at once, with nothing answered twice", async () => {
  const { databaseUrl, dividing, fake, ledger, until } = await setUp();
  const [first, second] = await Promise.all([startHandler(databaseUrl, fake, "first"), startHandler(databaseUrl, fake, "second")]);
  await dividing(2);
  const crowd = Array.from({ length: people }, (_, i) => fake.user(`P${i}`));
  for (let i = 0; i < each; i++) for (const person of crowd) person.posts(person.private, `/echo ${i}`);
  await until(people * each * 0.25);
  await first.end();
  await until(people * each);
  expect(await ledger()).toHaveLength(people * each);
  while (crowd.some((person) => person.private.posts.length < each)) await sleep(10);
  for (const person of crowd)
    expect(person.private.posts.map(({ text }) => text)).toEqual(Array.from({ length: each }, (_, i) => `heard ${i}`));
  await second.end();
}, 60_000);

it("wakes a process that handles at once when another one has taken something", async () => {
  const { databaseUrl, fake } = await setUp();
  const handler = await startHandler(databaseUrl, fake, "only");
  const ann = fake.user("Ann");
  await ann.says(ann.private, "/echo warm");
  const took: number[] = [];
  for (let i = 0; i < 4; i++) {
    const from = performance.now();
    await ann.says(ann.private, `/echo ${i}`);
    took.push(performance.now() - from);
  }
  // It looks by itself once a second only.
  expect(took.toSorted((a, b) => a - b)[2]).toBeLessThan(400);
  await handler.end();
});
