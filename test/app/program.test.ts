/** The program as a newcomer and an operator meet it: as a process, with its arguments, environment, output and exit code. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { postgresUrl } from "../support/database.ts";
import { freshFolder, runProgram, startProgram } from "../support/program.ts";

describe("a newcomer without tokens, keys or a network", () => {
  it("gets one answer with --once", async () => {
    const { code, out, err } = await runProgram(["--once", "/explain depin"], { DATA_DIR: await freshFolder() });
    expect(out).toMatch(/^DePIN\n[\s\S]*Decentrali[sz]ed Physical Infrastructure Networks/);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  it.each([
    ["/nope", /I do not know the command “\/nope”/],
    ["/explain", /term is missing/],
    ["/sentiment weather", /There is no topic “weather”/],
    ["3", /The last answer has no buttons\./],
  ])("is told of an error with --once %s by the exit code too", async (line, sentence) => {
    const { code, out, err } = await runProgram(["--once", line], { DATA_DIR: await freshFolder() });
    expect(out).toMatch(sentence);
    expect({ code, err }).toEqual({ code: 1, err: "" });
  });

  it("gets each line of a pipe answered, with what was logged kept for the next start", async () => {
    const DATA_DIR = join(await freshFolder(), "data");
    const first = await runProgram(
      [],
      { DATA_DIR },
      "/explian depin\n/market\n/opinion compute-pricing I agree, cheaper for batch jobs\n/privacy quotable\n/help opinion",
    );
    expect(first.out).toMatch(
      /Did you mean \/explain\?[\s\S]*August 2024[\s\S]*Logged on Compute pricing, read as: agrees[\s\S]*You may be quoted now[\s\S]*Usage: \/opinion/,
    );
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: "" });
    const second = await runProgram([], { DATA_DIR }, "/sentiment compute-pricing\n");
    expect(second.out).toMatch(/1 person in the last 30 days/);
    expect(second.out).toContain("cheaper for batch jobs");
  });

  it("takes a member's data along and erases them", async () => {
    const DATA_DIR = await freshFolder();
    const file = join(DATA_DIR, "exports/depinion-export.json");
    const first = await runProgram([], { DATA_DIR }, "/opinion latency too slow for me\n/privacy export\n");
    expect(first.out).toContain(`Saved as ${file}`);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ opinions: [{ topic: "latency", text: "too slow for me" }] });
    await writeFile(join(DATA_DIR, "exports/my-notes.txt"), "");
    const { out } = await runProgram([], { DATA_DIR }, "/privacy erase yes\n/privacy\n");
    expect(out).toMatch(/Erased: 1 opinion[\s\S]*Stored of you on this platform: 0 opinions/);
    expect(await readdir(join(DATA_DIR, "exports"))).toEqual(["my-notes.txt"]);
  });

  it("is told which export stays where it cannot be deleted", async () => {
    const DATA_DIR = await freshFolder();
    const stuck = join(DATA_DIR, "exports/depinion-export.json");
    await mkdir(join(stuck, "a folder in its place"), { recursive: true });
    const { out } = await runProgram(["--once", "/privacy erase yes"], { DATA_DIR });
    expect(out).not.toContain("Nothing of you is stored now");
    expect(out).toContain(`Your export ${stuck} could not be deleted: please do that yourself.`);
  });

  it("sees the founding comments in the demo, and nothing of them afterwards", async () => {
    const DATA_DIR = await freshFolder();
    const { out } = await runProgram(["--demo"], { DATA_DIR }, "/topics\n/sentiment market-size\n");
    expect(out).toMatch(/Market size – market-size\n.*\(2 members\)/);
    expect(out).toContain("2 people in the last 30 days");
    expect(await readdir(DATA_DIR)).toEqual([]);
  });
});

describe("an operator's mistake", () => {
  it.each([
    [
      "a malformed DATABASE_URL",
      { DATABASE_URL: "postgres//user:hunter2secret@host", MEMBER_KEY: "k".repeat(32) },
      /DATABASE_URL must look like postgresql:/,
    ],
    [
      "a database that is not there",
      { DATABASE_URL: "postgresql://user:hunter2secret@127.0.0.1:1/none", MEMBER_KEY: "k".repeat(32) },
      /PostgreSQL|database/i,
    ],
    [
      "several mistakes at once",
      { TELEGRAM_TOKEN: "hunter2secret", LOG_LEVEL: "hunter2secret" },
      /2 mistakes:\n\s+TELEGRAM_TOKEN[^\n]*\n\s+LOG_LEVEL/,
    ],
    ["a data folder below a file", { DATA_DIR: "/proc/version/data" }, /DATA_DIR cannot be used/],
  ])("%s ends with 78 and a clear sentence without any secret", async (_, env, sentence) => {
    const { code, err, out } = await runProgram(["--once", "/help"], { DATA_DIR: await freshFolder(), ...env });
    expect(err).toMatch(sentence);
    expect(err.split("\n").length).toBeLessThan(6);
    expect(`${out}${err}`).not.toContain("hunter2secret");
    expect(code).toBe(78);
  });

  it("an unknown option is answered with the usage", async () => {
    const { code, err } = await runProgram(["--onec", "/help"], {});
    expect(err).toMatch(/Unknown option '--onec'[\s\S]*Usage: npm start/);
    expect(code).toBe(78);
  });

  it("a second process on the same data folder is refused, and the first goes on", async () => {
    const DATA_DIR = await freshFolder();
    const first = startProgram([], { DATA_DIR });
    first.child.stdin.write("/help\n");
    await first.line(/Depinion/);
    const second = await runProgram(["--once", "/help"], { DATA_DIR });
    expect(second.err).toContain(String(first.child.pid));
    expect(second.code).toBe(78);
    first.child.stdin.end("/explain depin\n");
    expect((await first.ended).out).toContain("Decentralised Physical Infrastructure Networks");
  });
});

describe("--check", () => {
  it("before the first start says that the database is made then, what is off, and makes nothing", async () => {
    const above = await freshFolder();
    for (const DATA_DIR of [join(above, "not", "there"), await freshFolder()]) {
      const { code, out } = await runProgram(["--check"], { DATA_DIR });
      expect(out).toMatch(
        /^What\s+Reached\s+Shape\s+Freshness\s+Latency\s+Remark\nDatabase\s+not yet\s.*not made yet; the first start makes it$/m,
      );
      expect(out).toMatch(/^Discord\s+off.*DISCORD_TOKEN is not set$/m);
      expect(code).toBe(0);
    }
    expect(await readdir(above)).toEqual([]);
  });
  it("beside a running bot says that it is in use, and disturbs nothing", async () => {
    const DATA_DIR = await freshFolder();
    const bot = startProgram([], { DATA_DIR, LOG_LEVEL: "info" });
    bot.child.stdin.write("/help\n");
    await bot.line(/Depinion/);
    await bot.logged(/backup written/); // the last thing that a bot does by itself
    const before = await readdir(DATA_DIR);
    const { code, out } = await runProgram(["--check"], { DATA_DIR });
    expect(out).toMatch(
      new RegExp(`^Database\\s+yes\\s+right.*in use by the running bot: a Depinion \\(process ${bot.child.pid}\\)$`, "m"),
    );
    expect(code).toBe(0);
    expect(await readdir(DATA_DIR)).toEqual(before);
    expect((await runProgram(["--once", "/help"], { DATA_DIR })).code).toBe(78); // the bot still has its lock
    bot.child.stdin.write("/explain depin\n");
    await bot.line(/Decentralised Physical Infrastructure Networks/);
    bot.child.kill("SIGKILL");
    await bot.ended;
    const left = await readdir(DATA_DIR);
    const after = await runProgram(["--check"], { DATA_DIR });
    expect(after.out).toMatch(/^Database\s+yes\s+right.*PostgreSQL 18 in a folder that nobody uses; the next start opens it$/m);
    expect(after.code).toBe(0);
    expect(await readdir(DATA_DIR)).toEqual(left);
  });
  it("ends with 1 where the next start would fail: a data folder below a file, a database of another version", async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "file"), "");
    const below = await runProgram(["--check"], { DATA_DIR: join(folder, "file", "data") });
    expect(below.out).toMatch(/^Database\s+no\s.*cannot be written to \(ENOTDIR\)/m);
    expect(below.code).toBe(1);
    await mkdir(join(folder, "data", "db"), { recursive: true });
    await writeFile(join(folder, "data", "db", "PG_VERSION"), "17\n");
    const old = await runProgram(["--check"], { DATA_DIR: join(folder, "data") });
    expect(old.out).toMatch(/^Database\s+no\s.*it was made by PostgreSQL 17, this program has 18/m);
    expect(old.code).toBe(1);
    expect(await readdir(join(folder, "data"))).toEqual(["db"]);
  });
  it("of PostgreSQL says its version and that the next start migrates it, and does not", async () => {
    const env = { DATABASE_URL: await postgresUrl(), MEMBER_KEY: "k".repeat(32), DATA_DIR: await freshFolder() };
    for (const _ of [1, 2]) {
      const { code, out } = await runProgram(["--check"], env);
      expect(out).toMatch(
        /^Database\s+yes\s+right.*PostgreSQL 1\d\.\d+; \d+ migrations? (is|are) outstanding, the next start applies them$/m,
      );
      expect(code).toBe(0);
    }
    await runProgram(["--once", "/help"], env);
    expect((await runProgram(["--check"], env)).out).toMatch(/^Database\s+yes\s+right.*PostgreSQL 1\d\.\d+, up to date$/m);
  });
  it("ends with 1 when a source cannot be reached", async () => {
    const { code, out } = await runProgram(["--check"], { DATA_DIR: await freshFolder(), COINGECKO_URL: "http://127.0.0.1:1/api/v3" });
    expect(out).toMatch(/^CoinGecko\s+no\s+–.*unreachable$/m);
    expect(code).toBe(1);
  });
});

describe("a backup", () => {
  it("is made by a session of a second too, and not by a single answer", async () => {
    const DATA_DIR = await freshFolder();
    await runProgram(["--once", "/help"], { DATA_DIR });
    expect(await readdir(DATA_DIR)).not.toContain("backups");
    const { code, err } = await runProgram([], { DATA_DIR }, "/opinion latency too slow for me\n");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [file, ...others] = await readdir(join(DATA_DIR, "backups"));
    expect(file).toMatch(/^depinion-\d{4}-\d\d-\d\d\.tar\.gz$/);
    expect(others).toEqual([]);
    await runProgram([], { DATA_DIR }, "/privacy erase yes\n");
    const { out } = await runProgram(["--restore", join(DATA_DIR, "backups", file ?? "")], { DATA_DIR });
    expect(out).toMatch(
      /^Restored, with 0 opinions\. What members erased since then was erased again \(1\)\. The database that was there is now /,
    );
    expect((await runProgram(["--once", "/sentiment latency"], { DATA_DIR })).out).toMatch(/Nobody here has said anything/);
  });

  it("that is none is refused with a clear sentence", async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "not-a-backup.tar.gz"), "hello");
    for (const file of [join(folder, "missing.tar.gz"), join(folder, "not-a-backup.tar.gz")]) {
      const { code, err } = await runProgram(["--restore", file], { DATA_DIR: join(folder, "data") });
      expect(err.trim().split("\n")).toHaveLength(1);
      expect(err).toContain(file);
      expect(code).toBe(78);
    }
  });
});
