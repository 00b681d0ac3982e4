/** The program as a newcomer and an operator meet it: as a process, with its arguments, environment, output and exit code. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshFolder, runProgram, startProgram } from "../support/program.ts";

describe("a newcomer without tokens, keys or a network", () => {
  it("gets one answer with --once", async () => {
    const { code, out, err } = await runProgram(["--once", "/explain depin"], { DATA_DIR: await freshFolder() });
    expect(out).toMatch(/^DePIN\n[\s\S]*Decentrali[sz]ed Physical Infrastructure Networks/);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  it("gets each line of a pipe answered, with what was logged kept for the next start", async () => {
    const DATA_DIR = join(await freshFolder(), "data");
    const first = await runProgram(
      [],
      { DATA_DIR },
      "/explian depin\n/market\n/opinion compute-pricing cheaper for batch jobs\n/help opinion",
    );
    expect(first.out).toMatch(
      /Did you mean \/explain\?[\s\S]*August 2024[\s\S]*Logged on Compute pricing, read as: agrees\.[\s\S]*Usage: \/opinion/,
    );
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: "" });
    const second = await runProgram([], { DATA_DIR }, "/sentiment compute-pricing\n");
    expect(second.out).toMatch(/1 person in the last 30 days/);
    expect(second.out).toContain("cheaper for batch jobs");
  });

  it("takes a member's data along and erases them", async () => {
    const DATA_DIR = await freshFolder();
    const { out } = await runProgram([], { DATA_DIR }, "/opinion latency too slow for me\n/privacy export\n/privacy erase yes\n/privacy\n");
    expect(out).toContain(`Saved as ${join(DATA_DIR, "exports/depinion-export.json")}`);
    expect(JSON.parse(await readFile(join(DATA_DIR, "exports/depinion-export.json"), "utf8"))).toMatchObject({
      opinions: [{ topic: "latency", text: "too slow for me" }],
    });
    expect(out).toMatch(/Erased: 1 opinion[\s\S]*Stored of you on this platform: 0 opinions/);
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
  it("says that everything that is on was reached, and what is off", async () => {
    const { code, out } = await runProgram(["--check"], { DATA_DIR: await freshFolder() });
    expect(out).toMatch(/^What\s+Reached\s+Shape\s+Freshness\s+Latency\s+Remark\nDatabase\s+yes\s+right/);
    expect(out).toMatch(/^Discord\s+off.*DISCORD_TOKEN is not set$/m);
    expect(code).toBe(0);
  });
  it("ends with 1 when a source cannot be reached", async () => {
    const { code, out } = await runProgram(["--check"], { DATA_DIR: await freshFolder(), COINGECKO_URL: "http://127.0.0.1:1/api/v3" });
    expect(out).toMatch(/^CoinGecko\s+no\s+–.*unreachable$/m);
    expect(code).toBe(1);
  });
});

describe("a backup", () => {
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
