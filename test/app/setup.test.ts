/** A community's settings as a code: given out, taken over elsewhere after a look at what changes, and the history of all changes. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Doors, openDoors, type Speaker } from "../support/doors.ts";
import { visibleText } from "../support/fake-discord/index.ts";

let doors: Doors;
let here: Speaker;
let there: Speaker;
beforeEach(async () => {
  doors = await openDoors();
  here = doors.speakers.console("ann");
  there = doors.speakers.telegram("Bob");
});
afterEach(() => doors.close());

async function codeOf(speaker: Speaker): Promise<string> {
  const { text } = await speaker.says("/setup export");
  const code = /\/setup import (depinion-settings-1:[\w-]+)/.exec(text)?.[1];
  if (code === undefined) throw new Error(`no code in: ${text}`);
  return code;
}

/** The file of the last answer at the console. */
const saved = (text: string): unknown => JSON.parse(readFileSync(/Saved as (\S+)/.exec(text)?.[1] ?? "", "utf8"));

describe("settings", () => {
  it("go from one community to another on another platform, after a look at what would change", async () => {
    for (const line of ["audience investor", "timezone Vienna", "sections -movers", "retention 90"]) await here.says(`/settings ${line}`);
    expect((await here.says("/unwatch helium")).text).toMatch(/Helium/);
    const code = await codeOf(here);

    const look = await there.says(`/setup import ${code}`);
    expect(look.text).toMatch(/^This would change here, and has not yet:/);
    for (const line of [
      "Audience: newcomer → investor",
      "Time zone: UTC → Europe/Vienna",
      "What members say is kept: for ever → 90 days",
      "1 asset to follow no more",
    ])
      expect(look.text).toContain(line);
    expect(look.text).not.toContain("Members are quoted");
    expect((await there.says("/settings")).text).toContain("Audience: newcomer");

    await there.says(`/setup import ${code}`);
    expect((await there.presses("Yes, take them over")).text).toMatch(/^Taken over:/);
    const { text } = await there.says("/settings");
    for (const line of ["Audience: investor", "Time zone: Europe/Vienna", "What members say is kept: 90 days", "0 added, 1 taken off"])
      expect(text).toContain(line);
    expect(await codeOf(there)).toBe(code);
    expect((await there.says(`/setup import ${code}`)).text).toBe("It is like that here already; nothing has changed.");
  });

  it("that would erase opinions say so before, and erase nothing until then", async () => {
    await here.says("/settings retention 1");
    const code = await codeOf(here);
    await there.says("/opinion latency too slow for me");
    await doors.app.storage.session.executeSql("UPDATE opinion SET at = at - interval '3 days'");
    expect((await there.says(`/setup import ${code}`)).text).toContain(
      "This erases 1 opinion of this community for good: what is older than 1 day.",
    );
    expect((await there.says("/privacy")).text).toContain("1 opinion");
  });

  it("are written into a file for people too, without anybody's name", async () => {
    await here.says("/settings audience builder");
    expect(saved((await here.says("/setup export")).text)).toMatchObject({
      audience: "builder",
      zone: "UTC",
      quoting: true,
      retentionDays: null,
      watched: [],
    });
  });

  it.each([
    ["nothing", "", "Whose settings shall I take over?"],
    ["something else", "hello", "I cannot read that code."],
    ["half a code", "depinion-settings-1:eyJ", "I cannot read that code."],
    ["a zone that there is not", `depinion-settings-1:${Buffer.from('{"zone":"Mars/Base"}').toString("base64url")}`, "Mars/Base"],
    [
      "a value that does not fit",
      `depinion-settings-1:${Buffer.from('{"retentionDays":0}').toString("base64url")}`,
      "I cannot read that code.",
    ],
  ])("are not taken from %s", async (_, code, told) => {
    expect((await here.says(`/setup import ${code}`)).text).toContain(told);
    expect((await here.says("/setup history")).text).toBe("Nothing has been changed here yet.");
  });

  it("are for admins alone", async () => {
    const exchange = await doors.discord.member("mallory").says("/setup export");
    await exchange.settled();
    expect(exchange.visible.map(visibleText).join()).toContain("is for the admins of this place");
  });
});

it("the history tells who changed what and when, the newest first, with all of it in a file", async () => {
  await here.says("/settings audience investor");
  await here.says("/settings quoting no");
  await here.says("/unwatch helium");
  const { text } = await here.says("/setup history");
  const rows = text.split("\n").filter((line) => line.includes("→"));
  expect(rows.map((row) => row.replace(/^.*?UTC: /, "").replace(/admin [\w-]{6}/, "admin"))).toEqual([
    "Helium: followed → not followed, by admin",
    "Members are quoted: yes → no, by admin",
    "Audience: newcomer → investor, by admin",
  ]);
  expect(saved(text)).toMatchObject([{ what: "Helium" }, { what: "quoting", before: "yes", after: "no" }, { what: "audience" }]);
  expect(text).toContain("The newest 3 of 3; all are in the file.");
});
