/** A new member key: returning members keep what is theirs, on every door, without anyone's id in the database. */
import { expect, it } from "vitest";
import { freshFolder, runProgram } from "../support/program.ts";

const [first, second] = ["a".repeat(32), "b".repeat(32)];

it("a member recognised by an earlier key keeps their opinions, and is one person", async () => {
  const DATA_DIR = await freshFolder();
  await runProgram([], { DATA_DIR, MEMBER_KEY: first }, "/opinion latency too slow for live use\n");
  const stranger = await runProgram([], { DATA_DIR, MEMBER_KEY: second }, "/privacy\n");
  expect(stranger.out).toContain("0 opinions");
  const back = await runProgram(
    [],
    { DATA_DIR, MEMBER_KEY: `${second},${first}` },
    "/privacy\n/opinion latency fast enough now\n/sentiment latency\n",
  );
  expect(back.out).toContain("Stored of you on this platform: 1 opinion");
  expect(back.out).toContain("1 person in the last 30 days");
  // The rows were moved: the earlier key is not needed for them any more.
  const later = await runProgram([], { DATA_DIR, MEMBER_KEY: second }, "/privacy\n");
  expect(later.out).toContain("2 opinions");
});
