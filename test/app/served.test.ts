/** The program as a service: which platforms it serves, what it says about that, and how it ends. */
import { describe, expect, it } from "vitest";
import { startFakeDiscord } from "../support/fake-discord/index.ts";
import { startFakeTelegram } from "../support/fake-telegram/index.ts";
import { freshFolder, runProgram, startProgram } from "../support/program.ts";

describe("a served platform", () => {
  it("is named in the log beside what is off and why, serves until told to stop, and ends with 0", async () => {
    const telegram = await startFakeTelegram();
    const program = startProgram([], {
      DATA_DIR: await freshFolder(),
      TELEGRAM_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
    });
    for (const line of [
      /telegram: on/,
      /discord: off \(DISCORD_TOKEN is not set\)/,
      /console: off \(a chat platform is served\)/,
      /language model: off \(OPENAI_API_KEY is not set/,
      /coingecko: off \(COINGECKO_URL is empty\)/,
      /database: on \(PGlite/,
    ])
      await program.logged(line);
    const ann = telegram.user("Ann");
    expect((await ann.says(ann.private, "/explain depin")).text).toMatch(/^DePIN/);
    await program.logged(/backup written/); // soon after the start, not at the next full minute
    program.child.kill("SIGTERM");
    const { code, err } = await program.ended;
    expect(code).toBe(0);
    expect(err).not.toContain(telegram.token);
    await telegram.stop();
  });

  it("with a wrong token ends with 78 and a clear sentence that does not hold it", async () => {
    const [telegram, discord] = await Promise.all([startFakeTelegram(), startFakeDiscord()]);
    const wrong = "7000000002:AAwrongtokenwrongtokenwrongtokenwrong2";
    const asked = await runProgram([], { DATA_DIR: await freshFolder(), TELEGRAM_TOKEN: wrong, TELEGRAM_API_ROOT: telegram.apiRoot });
    expect(asked.code).toBe(78);
    expect(asked.err).toMatch(/telegram: off \([^)]*TELEGRAM_TOKEN/);
    expect(asked.err).not.toContain(wrong);
    const other = await runProgram([], {
      DATA_DIR: await freshFolder(),
      DISCORD_TOKEN: `${discord.token}-wrong`,
      DISCORD_API_URL: discord.url,
    });
    expect(other.code).toBe(78);
    expect(other.err).toMatch(/discord: off \([^)]*DISCORD_TOKEN/);
    expect(other.err).not.toContain(discord.token);
    await Promise.all([telegram.stop(), discord.close()]);
  });

  it("goes on when the other platform cannot", async () => {
    const [telegram, discord] = await Promise.all([startFakeTelegram(), startFakeDiscord()]);
    const program = startProgram([], {
      DATA_DIR: await freshFolder(),
      TELEGRAM_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      DISCORD_TOKEN: `${discord.token}-wrong`,
      DISCORD_API_URL: discord.url,
    });
    await program.logged(/discord: off \(/);
    const ann = telegram.user("Ann");
    expect((await ann.says(ann.private, "/help")).text).toMatch(/^Depinion/);
    program.child.kill("SIGTERM");
    expect((await program.ended).code).toBe(0);
    await Promise.all([telegram.stop(), discord.close()]);
  });

  it("a second instance on one Telegram token says so and ends with 78", async () => {
    const telegram = await startFakeTelegram();
    const env = { TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.apiRoot };
    const first = startProgram([], { DATA_DIR: await freshFolder(), ...env });
    await first.logged(/telegram: on/);
    const ann = telegram.user("Ann");
    await ann.says(ann.private, "/help");
    const second = startProgram([], { DATA_DIR: await freshFolder(), ...env });
    const ended = await Promise.race([first.ended, second.ended]);
    expect(ended.code).toBe(78);
    expect(ended.err).toMatch(/another|instance/i);
    for (const { child } of [first, second]) child.kill("SIGKILL");
    await telegram.stop();
  });
});

describe("--check", () => {
  it("signs in to each platform once", async () => {
    const [telegram, discord] = await Promise.all([startFakeTelegram(), startFakeDiscord()]);
    const { code, out } = await runProgram(["--check"], {
      DATA_DIR: await freshFolder(),
      TELEGRAM_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
    });
    expect(out).toMatch(/^Telegram\s+yes\s+right.*signed in as @depinion_bot/m);
    expect(out).toMatch(/^Discord\s+yes\s+right.*signed in as/m);
    expect(code).toBe(0);
    await Promise.all([telegram.stop(), discord.close()]);
  });
});
