/**
 * The whole program under updates and interactions that are hostile by content or by shape: it does not end, nothing goes wrong inside,
 * everybody is answered, nothing it sends is over a limit or tells anybody, and its memory and its open files and connections stay what
 * they were. SOAK=1 sends 100,000.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { commands } from "../../commands/index.ts";
import { within } from "../../src/lib/abort.ts";
import { startFakeDiscord } from "../support/fake-discord/index.ts";
import { startFakeTelegram } from "../support/fake-telegram/index.ts";
import { HostileDiscord } from "../support/fuzz/discord.ts";
import { diceFrom } from "../support/fuzz/hostile.ts";
import { HostileTelegram } from "../support/fuzz/telegram.ts";
import { freshFolder, startProgram } from "../support/program.ts";
import { seedOf } from "../support/random.ts";

const soak = process.env.SOAK === "1";
const total = soak ? 100_000 : 2_000;
/** To each platform at once. */
const batch = 50;
/** A machine that does much else is given more than Discord's three seconds. */
const patienceMs = soak ? 300_000 : 30_000;
/** How long Telegram's connections are kept, and in this test Discord's too. */
const idleMs = 20_000;
const seed = seedOf(20_261_122);

const offered = commands.map(({ info }) => ({ name: info.name, params: info.params.map(({ name }) => name) }));

/** Resident memory of a process, in MiB. */
const residentOf = (pid: number): number => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** Open files and connections of a process, but for the tables of its database, which PostgreSQL keeps open once it has read them. */
function openOf(pid: number, dataDir: string): string[] {
  const open = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return []; // Closed since it was listed.
    }
  });
  return open.filter((path) => !path.startsWith(join(dataDir, "db")));
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

it(`hostile updates and interactions do no harm (${total} of them, seed ${seed})`, { timeout: soak ? 3_600_000 : 120_000 }, async () => {
  const [discord, telegram, DATA_DIR] = await Promise.all([
    startFakeDiscord({ record: false, callbackLifeMs: patienceMs, idleMs }),
    startFakeTelegram({ record: false, patienceSeconds: patienceMs / 1_000 }),
    freshFolder(),
  ]);
  const program = startProgram([], {
    DATA_DIR,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    TELEGRAM_MESSAGES_PER_SECOND: "100000",
    LOG_LEVEL: "warn",
    // As `npm start` has it; and whatever were kept of each update would end the program before the last one.
    NODE_OPTIONS: "--max-semi-space-size=4 --max-old-space-size=256",
  });
  onTestFinished(() => void program.child.kill("SIGKILL"));
  /** The last batch, for the report of a failure. */
  let last: unknown = null;
  let done = false;
  const died = program.ended.then(({ code, err }) => {
    if (!done) throw new Error(`the program ended with ${code}: ${err.slice(-4_000)}\n${JSON.stringify(last).slice(0, 60_000)}`);
  });
  /** Ends the program, so that the failure comes with its log. */
  const giveUp = () => {
    program.child.kill("SIGKILL");
    return died;
  };
  /** Somebody harmless on each platform asks, and is answered. */
  const serve = async () => {
    const ann = telegram.user("Ann");
    const answers = [ann.says(ann.private, "/explain depin").catch(giveUp), discord.member("bob").slash("help")];
    await Promise.race([Promise.all(answers), died]);
  };
  await Promise.race([discord.gateway.next("ready"), died]);
  await serve();
  const dice = diceFrom(seed);
  const [onDiscord, onTelegram] = [new HostileDiscord(discord, dice, offered), new HostileTelegram(telegram, dice, offered)];
  await serve();
  const memory: number[] = [];
  const pid = program.child.pid ?? 0;
  const openBefore = openOf(pid, DATA_DIR);
  const unanswered: unknown[] = [];
  for (let sent = 0; sent < total; sent += 2 * batch) {
    if (sent % (total / 20) === 0) {
      memory.push(residentOf(pid));
      if (soak) process.stdout.write(`after ${sent}: ${memory.at(-1)?.toFixed(0)} MiB, ${openOf(pid, DATA_DIR).length} open\n`);
    }
    const interactions = Array.from({ length: batch }, () => onDiscord.send());
    const updates = Array.from({ length: batch }, () => onTelegram.send());
    last = { updates, interactions: interactions.map(({ what }) => what) };
    await serve();
    const silent = await Promise.all(
      interactions.map(async ({ what, exchange }) => {
        const answered = exchange?.until(() => exchange.steps.length > 0).then(() => true) ?? true;
        return (await Promise.race([within(Promise.resolve(answered), patienceMs), died])) === true ? [] : [what];
      }),
    );
    unanswered.push(...silent.flat());
    onDiscord.look(interactions);
    onTelegram.look();
  }
  // A platform's connections are as many as the busiest moment needed, and are let go of once nobody asks.
  const room = openBefore.length + 10;
  await Promise.race([
    vi.waitFor(() => expect(openOf(pid, DATA_DIR).length).toBeLessThanOrEqual(room), { timeout: 3 * idleMs, interval: 250 }),
    died,
  ]);
  done = true;
  program.child.kill("SIGTERM");
  const { code, err } = await program.ended;
  expect(code).toBe(0);
  // Nobody read "Something went wrong on my side", and no answer was refused.
  expect(err.split("\n").filter((line) => /"level":50|UnhandledPromise/.test(line))).toEqual([]);
  expect([...discord.world.violations, ...telegram.violations]).toEqual([]);
  expect([...discord.world.pinged, ...onTelegram.mentioned]).toEqual([]);
  expect(unanswered).toEqual([]);
  if (soak) expect(mean(memory.slice(-4)) / mean(memory.slice(4, 8))).toBeLessThan(1.15);
  await Promise.all([discord.close(), telegram.stop()]);
});
