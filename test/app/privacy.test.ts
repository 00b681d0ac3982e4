/** What `/privacy` shows and gives of a member, compared with what they did: in a group, and in their private chat. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Doors, openDoors } from "../support/doors.ts";

let doors: Doors;
/** Each look at the clock is a millisecond later. */
let time = Date.parse("2026-11-22T18:00:00Z");
beforeAll(async () => {
  doors = await openDoors({}, () => new Date(time++));
});
afterAll(() => doors.close());

describe("a member's data", () => {
  it("are shown and given whole, without the address of a room that is not theirs alone, until they are erased", async () => {
    const { telegram } = doors;
    const [ann, bob] = ["ann", "bob"].map((name) => telegram.user(name, { admin: true }));
    if (ann === undefined || bob === undefined) throw new TypeError("there are two");
    const group = telegram.group("DePIN friends");
    await ann.says(group, "/opinion latency It is far too slow for real work.");
    await ann.says(group, "/subscribe 9 Vienna weekdays");
    await ann.says(group, "/settings quoting no");
    await bob.says(group, "/settings timezone Tokyo");
    await ann.says(ann.private, "/subscribe 7 Tokyo");
    await ann.says(ann.private, "/settings audience builder");
    await ann.says(ann.private, "/digest");

    expect((await ann.says(ann.private, "/privacy")).text).toMatch(
      /: 1 opinion, 1 digest time of your private chat, 1 setting of your private chat, 1 digest in your private chat, 1 digest time that you asked for, and 2 changes of settings by you\. Besides, \d+ buttons? of mine that concern you, gone after 30 days\./,
    );
    await ann.says(ann.private, "/privacy export");
    const file = ann.private.posts.findLast((post) => post.file !== undefined)?.file;
    const text = new TextDecoder().decode(file?.content);
    const [community, room] = [expect.stringMatching(/^telegram:private:/), `telegram:${ann.private.id}`];
    expect(JSON.parse(text)).toMatchObject({
      opinions: [{ topic: "latency", text: "It is far too slow for real work." }],
      digestsYouAskedFor: [
        { community: `telegram:${group.id}`, time: "09:00", zone: "Europe/Vienna", days: [1, 2, 3, 4, 5] },
        { community, room, time: "07:00", zone: "Asia/Tokyo" },
      ],
      buttonsBoundToYou: expect.arrayContaining([
        { command: "privacy", args: { action: "export" }, community, until: expect.stringMatching(/^2026-12-22/) },
      ]),
      settingsYouChanged: [
        { community: `telegram:${group.id}`, what: "quoting", before: "yes", after: "no" },
        { community, what: "audience", after: "builder" },
      ],
      privateChat: {
        settings: [{ community, name: "audience", value: "builder" }],
        follows: [],
        // Asked for at seven in Tokyo, where it was the next morning already.
        digests: [{ community, room, date: "2026-11-23", at: expect.stringMatching(/^2026-11-22T18:00:00/) }],
      },
    });
    expect(JSON.parse(text).digestsYouAskedFor[0]).not.toHaveProperty("room");

    const asked = await ann.says(ann.private, "/privacy erase");
    expect(asked.text).toMatch(
      /^This deletes for good what is yours in every community on this platform: 1 opinion, 1 digest time of your private chat, 1 setting of your private chat, and 1 digest in your private chat\./,
    );
    expect(asked.text).toContain("what you set or asked for in a group stays there, without your hash");
    const erased = (await ann.press(asked, "Yes, erase everything")).message?.text;
    expect(erased).toMatch(
      /^Erased: 1 opinion, 1 digest time of your private chat, 1 setting of your private chat, 1 digest in your private chat, and \d+ buttons?\. Nothing of you is stored now\./,
    );
    expect((await ann.says(ann.private, "/privacy")).text).toContain("Stored of you on this platform: 0 opinions. Besides, ");
  });

  it("that are votes and claims alone are named before they are erased, too", async () => {
    const { telegram } = doors;
    const cleo = telegram.user("cleo");
    const group = telegram.group("Claims");
    const added = await cleo.says(group, "/claims latency Home connections are fast enough for voice");
    await cleo.opens(added.buttons[0]?.url ?? "");
    const asked = await cleo.says(cleo.private, "/privacy erase");
    expect(asked.text).toMatch(/: 0 opinions and 1 claim for others to vote on\./);
    await cleo.press(asked, "Yes, erase everything");
    const out = await cleo.says(cleo.private, "/privacy optout");
    expect(out.buttons.map(({ label }) => label)).toEqual(["Yes, never log me"]);
    await cleo.press(out, "Yes, never log me");
    const labels = (await cleo.says(cleo.private, "/privacy")).buttons.map(({ label }) => label);
    expect(labels).toContain("Log me again");
    expect(labels).not.toContain("You may quote me");
  });
});
