/** Backup and restore as an operator types them. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { readArguments } from "../../src/app/arguments.ts";
import { OperatorError } from "../../src/core/errors.ts";
import { postgresUrl } from "../support/database.ts";
import { freshFolder, runProgram } from "../support/program.ts";

it("an operator moves up to PostgreSQL with a backup and a restore, and members keep what they logged", async () => {
  const DATA_DIR = await freshFolder();
  const MEMBER_KEY = "m".repeat(40);
  await runProgram(["--once", "/opinion latency too slow for me"], { DATA_DIR, MEMBER_KEY });
  const file = join(DATA_DIR, "up.tar.gz");
  const backup = await runProgram(["--backup", file], { DATA_DIR, MEMBER_KEY });
  expect([backup.code, backup.err]).toEqual([0, ""]);
  expect(backup.out).toMatch(/^Backup written: .*up\.tar\.gz/);
  const env = { DATA_DIR, MEMBER_KEY, DATABASE_URL: await postgresUrl() };
  const restored = await runProgram(["--restore", file], env);
  expect([restored.code, restored.err]).toEqual([0, ""]);
  expect(restored.out).toMatch(/^Restored, with 1 opinions\./);
  expect((await runProgram(["--once", "/privacy"], env)).out).toContain("1 opinion");
  const again = await runProgram(["--restore", file], env);
  expect([again.code, again.out]).toEqual([78, ""]);
  expect(again.err).toMatch(/add --replace/);
}, 120_000);

it("what is typed wrongly is refused with the usage", () => {
  expect(readArguments(["--backup"])).toEqual({ kind: "backup", file: undefined });
  expect(readArguments(["--restore", "a.tar.gz", "--replace"])).toEqual({ kind: "restore", file: "a.tar.gz", replace: true });
  for (const words of [["--restore"], ["--backup", "a", "b"], ["a"], ["--once", "/help", "a"]])
    expect(() => readArguments(words)).toThrow(OperatorError);
});
