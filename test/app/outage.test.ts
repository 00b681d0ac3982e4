/** The whole program while something under it is slow, silent or gone: who asks is told in time, and nothing is claimed that was not done. */
import { describe, expect, it } from "vitest";
import { within } from "../../src/lib/abort.ts";
import { postgresUrl } from "../support/database.ts";
import { openDoors } from "../support/doors.ts";
import { startFakeDiscord, visibleText } from "../support/fake-discord/index.ts";
import { startFakeTelegram } from "../support/fake-telegram/index.ts";
import { freshFolder, startProgram } from "../support/program.ts";
import { startTcpProxy, through } from "../support/tcp-proxy.ts";

/** Discord gives three seconds (interactions/receiving-and-responding). */
const acknowledgedWithinMs = 3_000;

it("a database that is slow, then dead, then back: everybody is answered in time, and what was acknowledged is there", async () => {
  const url = await postgresUrl();
  const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(url).port) });
  const doors = await openDoors({ DATABASE_URL: through(proxy, url), MEMBER_KEY: "k".repeat(32) });
  const [ann, bob] = [doors.discord.member("ann"), doors.telegram.user("Bob")];
  const says = async (text: string) => {
    const began = performance.now();
    const exchange = ann.begin.slash("opinion", { topic: "latency", text });
    await exchange.until(() => exchange.steps.length > 0);
    const acknowledged = performance.now() - began;
    await exchange.settled();
    return { acknowledged, steps: exchange.steps, shown: exchange.visible.map(visibleText).join("\n"), took: performance.now() - began };
  };
  const opinions = async () => {
    const exchange = await (await ann.slash("privacy", { action: "show" })).settled();
    return exchange.visible.map(visibleText).join("\n");
  };

  proxy.delay(400);
  const slow = await says("too slow, said slowly");
  expect(slow.acknowledged).toBeLessThan(acknowledgedWithinMs);
  expect(slow.steps[0]).toBe("defer");
  expect(slow.shown).toContain("too slow, said slowly");

  proxy.delay(0);
  proxy.hold();
  bob.posts(bob.private, "/opinion latency too slow, said to nobody");
  const dead = await says("too slow, said to nobody");
  expect(dead.acknowledged).toBeLessThan(acknowledgedWithinMs);
  expect(dead.shown).toMatch(/The database did not answer/);
  expect(dead.shown).not.toContain("said to nobody");

  proxy.mend();
  // A process that could not renew its leases gives its shards up, and takes them again: what is asked in between, Discord tells nobody.
  for (let tries = 0; tries < 10; tries++) if ((await within(ann.slash("help"), 5_000)) !== undefined) break;
  expect((await says("too slow, said again")).shown).toContain("too slow, said again");
  // What was said slowly and what was said again; what the dead line took is not there.
  expect(await opinions()).toContain("Stored of you on this platform: 2 opinions");
  // On Telegram too somebody was told, at once or when the database was back.
  await expect.poll(() => bob.private.posts.length, { timeout: 40_000 }).toBeGreaterThan(0);
  await doors.close();
  await proxy.close();
}, 90_000);

describe("a Discord that ends the connection for good", () => {
  it("is left alone, and the program ends with 78 where it serves nothing else; Telegram is served on", async () => {
    const [discord, telegram] = await Promise.all([startFakeDiscord(), startFakeTelegram()]);
    const env = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url };
    const start = async (more: Readonly<Record<string, string>>) => {
      const ready = discord.gateway.next("ready");
      const program = startProgram([], { DATA_DIR: await freshFolder(), ...env, ...more });
      await Promise.race([ready, program.ended]);
      await program.logged(/commands (?:published|are published)/);
      return program;
    };
    const alone = await start({});
    discord.gateway.close(4014);
    const ended = await alone.ended;
    expect(ended.code).toBe(78);
    expect(ended.err).not.toContain(discord.token);

    const both = await start({ TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.apiRoot });
    const { connections } = discord.gateway.counts;
    discord.gateway.close(4004);
    expect(await both.logged(/discord: off \(/)).toContain("does not accept the token");
    const ann = telegram.user("Ann");
    expect((await ann.says(ann.private, "/help")).text).toMatch(/^Depinion/);
    expect(discord.gateway.counts.connections).toBe(connections);
    both.child.kill("SIGTERM");
    expect((await both.ended).code).toBe(0);
    await Promise.all([discord.close(), telegram.stop()]);
  }, 90_000);
});
