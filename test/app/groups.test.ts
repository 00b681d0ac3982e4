/** Claims and groups as people meet them: on Discord for their eyes only, from a Telegram group in the private chat. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { communityId, memberId, topicId } from "../../src/core/ids.ts";
import { planted } from "../groups/planted.ts";
import { type Doors, openDoors } from "../support/doors.ts";
import { buttonLabels, visibleText } from "../support/fake-discord/index.ts";

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

describe("claims in a Telegram group", () => {
  it("are voted on in the private chat, one at a time, and counted for the group", async () => {
    const { telegram } = doors;
    const [ann, bob] = [telegram.user("Ann"), telegram.user("Bob")];
    const group = telegram.group("DePIN");
    await ann.says(ann.private, "/privacy quotable");
    await ann.says(group, "/opinion latency Home connections answer quickly enough for voice. It depends on the region. Is that so?");
    expect((await bob.says(group, "/groups latency")).text).toMatch(/There are no claims yet, and nobody has voted\. Below 20 voters/);

    const asked = await bob.says(group, "/claims latency");
    expect(asked.text).toBe("I have an answer for you alone.");
    const link = asked.buttons[0]?.url ?? "";
    const shown = await bob.opens(link);
    expect(shown.text).toContain("Home connections answer quickly enough for voice.");
    expect(shown.text).not.toContain("depends on the region");
    const { message: voted } = await bob.press(shown, "Agree");
    expect(voted?.text).toMatch(/^Counted: agree\.[\s\S]*nothing more to vote on/);
    expect((await bob.says(group, "/groups latency")).text).toMatch(/There is one claim, and 1 person voted, each on enough of them/);
    expect((await bob.says(bob.private, "/claims latency")).text).toContain("Claims belong to a server or group");

    // The same words again are no second claim, however they are written.
    const again = await bob.says(group, "/claims latency home connections answer quickly enough for  VOICE");
    expect((await bob.opens(again.buttons[0]?.url ?? "")).text).toContain("nothing more to vote on");
    expect((await bob.says(group, "/groups latency")).text).toContain("There is one claim");
    const other = await bob.says(group, "/claims latency Add a region to what is measured");
    expect((await bob.opens(other.buttons[0]?.url ?? "")).text).toContain("Add a region to what is measured");

    // Whoever wants nothing logged casts no vote, and takes back what there was.
    const out = await ann.says(ann.private, "/privacy optout");
    await ann.press(out, "Yes, never log me");
    expect((await bob.says(group, "/groups latency")).text).toContain("There is one claim, and nobody has voted.");
    expect((await ann.says(group, "/opinion latency It is slow")).text).toContain("You have told me never to log anything of you");
  });
});

describe("on Discord", () => {
  it("claims are for the member's eyes, and groups for everyone's, from twenty voters on", async () => {
    const { discord, app } = doors;
    const ann = discord.member("Ann");
    const first = await (await ann.says("/claims latency")).settled();
    expect(first.visible.map(visibleText).join()).toContain("There is nothing more to vote on");
    const community = communityId("discord", discord.guild.id);
    const { text, statements } = planted({ voters: 42, statements: 12, each: 12, groups: 2, seed: 3 });
    const topic = topicId("latency");
    const claims = Array.from({ length: statements }, (_, n) => ({
      id: `c${n}`,
      text: `Claim number ${n} is so.`,
      member: memberId("m"),
      opinion: null,
      at: new Date("2026-11-22T18:00:00Z"),
    }));
    await app.storage.groups.add(community, topic, claims);
    for (const [voter, row] of text.split(";").entries())
      for (const vote of row.split(",")) {
        const [statement = "", value] = vote.split(":");
        await app.storage.groups.vote(community, `c${statement}`, memberId(`voter${voter}`), value === "1" ? 1 : value === "0" ? 0 : -1);
      }
    const asked = await (await ann.says("/claims latency")).settled();
    expect(asked.visible.map(({ viewer }) => viewer)).toEqual([ann.user.id]);
    const [message] = asked.visible;
    if (message === undefined) throw new TypeError("nothing was shown");
    expect(buttonLabels(message)).toEqual(["Agree", "Disagree", "Pass", "Add a claim"]);
    const after = await (await ann.press(message, "Disagree")).settled();
    expect(after.visible.map(visibleText).join()).toContain("Counted: disagree.");

    const groups = await (await ann.says("/groups latency")).settled();
    const shown = groups.visible.map(visibleText).join("\n");
    expect(shown).toContain("43 people voted on 12 claims; the 42 who voted on enough of them are counted here.");
    expect(shown).toMatch(/Group A, 2[1-3] people\n(?:Agrees|Disagrees) \(\d+ of 2\d\): “Claim number \d+ is so\.”/);
    expect(shown).toMatch(/What every group agrees with\n\d+ of 4\d: “Claim number 0 is so\.”/);
    expect(shown).toMatch(/What divides\n“Claim number \d+ is so\.” – agree: A \d+ of 2\d, B \d+ of 2\d/);
    expect(groups.visible[0]?.viewer).toBeNull();
  });
});
