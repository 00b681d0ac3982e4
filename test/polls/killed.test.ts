/** Kills the running program again and again while people vote on both platforms: no vote is lost, none is counted twice. */
import { expect, it, onTestFinished } from "vitest";
import { startFakeDiscord, visibleText } from "../support/fake-discord/index.ts";
import { startFakeTelegram } from "../support/fake-telegram/index.ts";
import { freshFolder, startProgram } from "../support/program.ts";
import { randomFrom, seedOf } from "../support/random.ts";

const rounds = process.env.SOAK === undefined ? 2 : 40;
const people = 30;
const options = 3;

it(`counts every vote over ${rounds} kills`, { timeout: 1_800_000 }, async () => {
  const random = randomFrom(seedOf(20_261_124));
  const pick = (below: number): number => Math.floor(random() * below);
  const [discord, telegram, DATA_DIR] = [await startFakeDiscord(), await startFakeTelegram({ patienceSeconds: 60 }), await freshFolder()];
  const env = {
    DATA_DIR,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    LOG_LEVEL: "error",
  };
  const start = async () => {
    const ready = discord.gateway.next("ready");
    const program = startProgram([], env);
    await Promise.race([ready, program.ended.then(({ err }) => Promise.reject(new Error(err)))]);
    return program;
  };
  let program = await start();
  onTestFinished(async () => {
    program.child.kill("SIGKILL");
    await program.ended;
    await Promise.all([discord.close(), telegram.stop()]);
  });
  const [ann, bob, group] = [
    discord.member("ann", { admin: true }),
    telegram.user("bob", { admin: true }),
    telegram.group("DePIN friends"),
  ];
  const seen = async <T>(look: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  /** A program that has just started on a busy machine may miss Discord's three seconds: then people ask again. */
  const reads = async (line: string): Promise<string> => {
    for (;;) {
      const late = new Promise<null>((resolve) => setTimeout(resolve, 4_000, null));
      const answer = await Promise.race([ann.says(line), late]);
      if (answer !== null) return (await answer.settled()).visible.map(visibleText).join("\n");
    }
  };
  await reads("/status");
  await ann.says('/poll question="Here?" options="A|B|C"');
  await bob.says(group, '/poll There? options="A|B|C"');
  const here = await seen(() => [...discord.world.messages.values()].find(({ poll }) => poll !== null));
  const there = await seen(() => group.posts.find(({ poll }) => poll !== undefined));
  const voters = Array.from({ length: people }, (_, n) => ({ one: discord.member(`d${n}`), other: telegram.user(`t${n}`) }));

  for (let round = 0; round < rounds; round++) {
    // Some is voted before the kill, some while nobody is there, some while it starts.
    const moments = [10, 10, 10];
    for (const [moment, votes] of moments.entries()) {
      for (let n = 0; n < votes; n++) {
        const voter = voters[pick(people)];
        const choice = pick(options + 1);
        voter?.one.votes(here, choice === options ? null : choice + 1);
        voter?.other.votes(there, choice === options ? null : choice);
        if (moment === 0) await new Promise((resolve) => setTimeout(resolve, pick(4)));
      }
      if (moment === 0) {
        program.child.kill("SIGKILL");
        await program.ended;
      }
    }
    program = await start();
  }

  const counted = (votes: ReadonlyMap<unknown, number>, first: number) =>
    Array.from({ length: options }, (_, option) => [...votes.values()].filter((chosen) => chosen - first === option).length);
  const matches = (text: string, counts: readonly number[]) =>
    counts.every((count, option) => new RegExp(`^${"ABC".charAt(option)}\\s+${count}(\\s|$)`, "m").test(text));
  const [onDiscord, onTelegram] = [counted(here.poll?.votes ?? new Map(), 1), counted(there.poll?.votes ?? new Map(), 0)];
  // What was told last may still be on its way to the database.
  await expect.poll(async () => matches(await reads("/results"), onDiscord), { timeout: 30_000, interval: 500 }).toBe(true);
  await expect
    .poll(async () => matches((await bob.says(group, "/results")).text, onTelegram), { timeout: 30_000, interval: 500 })
    .toBe(true);
});
