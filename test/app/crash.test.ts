/** Kills the running program at random moments: whatever it acknowledged is there afterwards. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { pseudonymiser } from "../../src/core/pseudonym.ts";
import { openEmbedded } from "../support/database.ts";
import { startFakeTelegram } from "../support/fake-telegram/index.ts";
import { freshFolder, runProgram, startProgram } from "../support/program.ts";

const rounds = process.env.SOAK === undefined ? 3 : 60;
/** The same moments in every run: a failure can be repeated. */
const [moments] = fc.sample(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: rounds, maxLength: rounds }), {
  numRuns: 1,
  seed: 20_261_122,
});

it(`keeps every acknowledged opinion over ${rounds} kills`, { timeout: 600_000 }, async () => {
  const DATA_DIR = await freshFolder();
  const acknowledged: string[] = [];
  for (const [round, killAfter] of (moments ?? []).entries()) {
    const program = startProgram([], { DATA_DIR });
    for (let n = 0; n < 200; n++) program.child.stdin.write(`/opinion latency too slow ${round}-${n}-\n`);
    let answers = 0;
    const killed = Promise.withResolvers<void>();
    program.child.stdout.on("data", (chunk: Buffer) => {
      // Each answer ends with the words it logged; a kill right behind one is the hardest moment.
      for (const [, mark] of chunk.toString().matchAll(/│ too slow (\d+-\d+-)/g)) {
        if (mark !== undefined) acknowledged.push(mark);
        if (++answers === killAfter) {
          program.child.kill("SIGKILL");
          killed.resolve();
        }
      }
    });
    await killed.promise;
    await program.ended;
  }
  const { code } = await runProgram([], { DATA_DIR }, "/privacy export\n");
  expect(code).toBe(0);
  const kept = await readFile(join(DATA_DIR, "exports/depinion-export.json"), "utf8");
  expect(acknowledged.filter((mark) => !kept.includes(`too slow ${mark}`))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual((moments ?? []).reduce((sum, n) => sum + n, 0));
});

const people = 60;
/** `null`: when Telegram has just been told to forget what was fetched; else when so many answers have been shown. */
const [kills] = fc.sample(fc.array(fc.option(fc.integer({ min: 1, max: people - 1 })), { minLength: rounds - 1, maxLength: rounds - 1 }), {
  numRuns: 1,
  seed: 20_261_123,
});

it(`answers every command on Telegram over ${rounds} kills, and logs no opinion twice`, { timeout: 600_000 }, async () => {
  const DATA_DIR = await freshFolder();
  const MEMBER_KEY = "k".repeat(32);
  const fake = await startFakeTelegram({ patienceSeconds: 60 });
  const env = { DATA_DIR, MEMBER_KEY, TELEGRAM_TOKEN: fake.token, TELEGRAM_API_ROOT: fake.apiRoot, LOG_LEVEL: "error" };
  const asked: { readonly person: ReturnType<typeof fake.user>; readonly text: string }[] = [];
  const unanswered = () => asked.filter(({ person }) => person.private.posts.length === 0);
  let again = 0;
  for (const [round, kill] of [null, ...(kills ?? [])].entries()) {
    const program = startProgram([], env);
    onTestFinished(() => void program.child.kill("SIGKILL"));
    // What earlier rounds left is answered first, so that each kill falls upon the new ones.
    while (unanswered().length > 0) await fake.arrivals.next("an answer", ({ method }) => method === "sendMessage");
    for (let n = 0; n < people; n++) {
      const text = `too slow ${round}-${n}-`;
      const person = fake.user(`Ann ${round} ${n}`);
      asked.push({ person, text });
      person.posts(person.private, `/opinion latency ${text}`);
    }
    if (kill === null) {
      // The fake counts from 700,000,001; this offset lets it forget everything that was asked.
      await fake.nextCall("getUpdates", ({ offset }) => Number(offset) > 700_000_000 + asked.length);
      program.child.kill("SIGKILL");
    } else {
      for (let n = 0; n < kill; n++) await fake.arrivals.next("an answer", ({ method }) => method === "sendMessage");
      program.child.kill("SIGKILL");
      again++;
    }
    await program.ended;
  }
  const last = startProgram([], env);
  onTestFinished(() => void last.child.kill("SIGKILL"));
  while (unanswered().length > 0) await fake.arrivals.next("an answer", ({ method }) => method === "sendMessage");
  last.child.kill("SIGTERM");
  expect((await last.ended).code).toBe(0);
  expect(again).toBeGreaterThan(0);
  const storage = await openEmbedded(DATA_DIR);
  const pseudonymise = pseudonymiser([MEMBER_KEY]);
  for (const { person, text } of asked) {
    const { opinions } = await storage.members.read(pseudonymise("telegram", String(person.id)).member);
    expect(opinions.map((opinion) => opinion.text)).toEqual([text]);
  }
  expect(await storage.inbox.unhandled(`telegram:${fake.world.bot.id}`, new Date(0))).toEqual([]);
  await storage.close();
  await fake.stop();
  expect(fake.violations).toEqual([]);
});
