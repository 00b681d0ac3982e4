/** A digest's question: asked only where admins want it, answered only by who presses and writes. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { communityId, memberId } from "../../src/core/ids.ts";
import { type Doors, openDoors, type Speaker } from "../support/doors.ts";

let doors: Doors;
const now = new Date("2026-11-22T18:00:00Z");
beforeAll(async () => {
  doors = await openDoors({}, () => now);
});
afterAll(() => doors.close());

const asksFor = "Question of the day: ";
/** On Discord this member is no admin: there somebody else has decided. */
async function decide(door: "console" | "discord" | "telegram", ann: Speaker, suggestions: boolean): Promise<void> {
  if (door !== "discord") await ann.says(`/settings suggestions ${suggestions ? "yes" : "no"}`);
  else {
    const community = communityId("discord", doors.discord.guild.id);
    await doors.app.services.communities.change(community, { suggestions }, memberId("admin"), now);
  }
}

it.each(["console", "discord", "telegram"] as const)(
  "a digest asks nothing until admins want it, and then anyone may log an answer (%s)",
  async (door) => {
    const ann = doors.speakers[door]("Ann");
    const silent = await ann.says("/digest");
    expect(silent.text).not.toContain(asksFor.trim());
    expect(silent.buttons).toEqual(["Where the numbers are from"]);

    await decide(door, ann, true);
    const asking = await ann.says("/digest");
    // Nobody has spoken: the question of that day's topic.
    const { topics } = await doors.app.services.opinions.book(communityId(door, "any"));
    const topic = topics[20_779 % topics.length];
    expect(asking.text.replaceAll("**", "")).toContain(`${asksFor}${topic?.question}`);
    expect(asking.buttons).toEqual(["Where the numbers are from", "Log mine"]);
    const form = await ann.presses("Log mine");
    expect(form.form).toBe(true);
    expect((await ann.writes("hard agree")).text).toContain(`${topic?.title}, read as: agrees`);

    await decide(door, ann, false);
    expect((await ann.says("/digest")).buttons).toEqual(["Where the numbers are from"]);
  },
);
