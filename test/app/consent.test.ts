/** Someone else's words: logged only when their author presses, on both platforms, with nothing of them stored before. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { communityId } from "../../src/core/ids.ts";
import { type Doors, openDoors } from "../support/doors.ts";
import { buttonLabels, visibleText } from "../support/fake-discord/index.ts";

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

const hostile = "slow & *laggy* `x` <b>no</b> @everyone\n> [link](https://evil.example) ||spoiler|| 👩‍💻 \u202Eabc";
/** The same without the override that turns a reader's eyes round. */
const kept = hostile.replace("\u202E", "");

const latency = async (community: ReturnType<typeof communityId>) => {
  const topic = (await doors.app.services.opinions.book(communityId("discord", "0"))).topic("latency");
  if (topic === null) throw new Error("no topic");
  return doors.app.services.opinions.sentiment(community, topic, 30, new Date());
};

describe("on Telegram, a reply with /opinion", () => {
  it("asks the author, obeys nobody else, and logs the very words", async () => {
    const { telegram } = doors;
    const [ann, bob] = [telegram.user("Ann"), telegram.user("Bob")];
    const group = telegram.group("DePIN");
    const remark = bob.posts(group, hostile);
    const asked = await ann.says(group, "/opinion latency", { replyTo: remark });
    expect(asked.text).toMatch(/^Bob, may I log this as your opinion on Latency\? Only you can say yes\./);
    expect(asked.replyTo?.id).toBe(remark.id);
    expect(await latency(communityId("telegram", String(group.id)))).toMatchObject({ people: 0 });

    const refused = await ann.press(asked, "Yes, log mine");
    expect(refused).toMatchObject({ alert: true, text: expect.stringMatching(/for the member it was made for/) });

    await bob.says(bob.private, "/privacy quotable");
    const done = await bob.press(asked, "Yes, log mine");
    expect(done.message?.text).toMatch(/Logged on Latency \(disagrees\)/);
    expect(await latency(communityId("telegram", String(group.id)))).toMatchObject({
      people: 1,
      quotes: [{ text: kept, stance: "disagree" }],
    });
  });

  it("without a topic to be read in it asks for one first, and still asks the author", async () => {
    const { telegram } = doors;
    const [ann, bob] = [telegram.user("Ann"), telegram.user("Bob")];
    const group = telegram.group("Compute");
    const asked = await ann.says(group, "/opinion", { replyTo: bob.posts(group, "see you all on monday then") });
    expect(asked.text).toMatch(/^Which topic is this about\?/);
    const { message } = await ann.press(asked, "Compute pricing");
    if (message === undefined) throw new Error("nothing was shown");
    expect(message.text).toMatch(/^Bob, may I log this as your opinion on Compute pricing\?/);
    expect((await bob.press(message, "Yes, log mine")).message?.text).toMatch(/Logged on Compute pricing \(unclear\)/);
  });

  it("to one's own message needs nobody's consent", async () => {
    const { telegram } = doors;
    const ann = telegram.user("Ann");
    const group = telegram.group("Own words");
    expect((await ann.says(group, "/opinion latency", { replyTo: ann.posts(group, "too slow for live use") })).text).toMatch(
      /^Logged on Latency \(disagrees\)/,
    );
  });
});

describe("on Discord, “Log as opinion”", () => {
  it("asks for the topic in private where none can be read", async () => {
    const { discord } = doors;
    const [ann, bob] = [discord.member("Ann"), discord.member("Bob")];
    const topics = await (await ann.menu("Log as opinion", bob.posts("see you all on monday then"))).settled();
    expect(topics.visible.map(({ viewer }) => viewer)).toEqual([ann.user.id]);
    expect(topics.visible.map(visibleText).join()).toMatch(/^Which topic is this about\?/);
    const asked = await ann.press(topics, "Latency");
    expect(asked.visible.map(visibleText).join()).toMatch(/^Bob, may I log this as your opinion on Latency\?/);
  });

  it("asks the author in public, and logs the very words", async () => {
    const { discord } = doors;
    const [ann, bob] = [discord.member("Ann"), discord.member("Bob")];
    const asked = await (await ann.menu("Log as opinion", bob.posts(hostile))).settled();
    const [question] = asked.visible;
    if (question === undefined) throw new Error("nothing was asked");
    expect(visibleText(question)).toMatch(/^Bob, may I log this as your opinion on Latency\?/);
    expect(question.viewer).toBeNull();
    expect(buttonLabels(question)).toEqual(["Yes, log mine"]);
    expect(await latency(communityId("discord", discord.guild.id))).toMatchObject({ people: 0 });

    const refused = await ann.press(question, "Yes, log mine");
    expect(refused.visible.map(visibleText).join()).toMatch(/for the member it was made for/);
    expect(refused.visible[0]?.viewer).toBe(ann.user.id);

    await (await bob.says("/privacy quotable")).settled();
    const done = await (await bob.press(question, "Yes, log mine")).settled();
    expect(done.visible.map(visibleText).join()).toMatch(/Logged on Latency, read as: disagrees/);
    expect(await latency(communityId("discord", discord.guild.id))).toMatchObject({
      people: 1,
      quotes: [{ text: kept, stance: "disagree" }],
    });
  });
});

describe("one's own words", () => {
  it("are not lost when the topic was forgotten, and a second press logs nothing twice", async () => {
    const { telegram } = doors;
    const ann = telegram.user("Ann");
    const asked = await ann.says(ann.private, "/opinion compute day is the day after tomorrow");
    expect(asked.text).toMatch(/^Which topic is this about\?[\s\S]*compute day is the day after tomorrow/);
    const { message } = await ann.press(asked, "Compute pricing");
    expect(message?.text).toMatch(/Logged on Compute pricing[\s\S]*compute day is the day after tomorrow/);
    await ann.press(asked, "Compute pricing");
    expect((await ann.says(ann.private, "/privacy")).text).toContain("1 opinion");
    // No side was taken, so it is counted and not quoted.
    expect((await ann.says(ann.private, "/sentiment compute-pricing")).text).toMatch(/Unclear\s+1 of 1/);
  });
});

describe("where a member brings the bot along on Discord", () => {
  it("nothing of the member is shown to others, and nobody is asked for consent that could not be given", async () => {
    const { discord } = doors;
    const foreign = discord.foreignServer();
    const [ann, bob] = [discord.member("Ann", foreign), discord.member("Bob", foreign)];
    await ann.says("/opinion latency my private words, too slow");
    const shown = await ann.says("/sentiment latency");
    expect(shown.visible.map(visibleText).join()).toContain("my private words");
    expect(shown.visible.map(({ viewer }) => viewer)).toEqual([ann.user.id]);
    const refused = await (await ann.menu("Log as opinion", bob.posts("way too slow"))).settled();
    expect(refused.visible.map(visibleText).join()).toMatch(/only in a server or group that has added me/);
  });
});

describe("a community", () => {
  it("never shows what was said in another", async () => {
    const { telegram } = doors;
    const ann = telegram.user("Ann");
    const [here, there] = [telegram.group("Here"), telegram.group("There")];
    await ann.says(ann.private, "/privacy quotable");
    await ann.says(here, "/opinion latency secret of this group, too slow");
    expect((await ann.says(there, "/sentiment latency")).text).toMatch(/Nobody here has said anything/);
    expect((await ann.says(here, "/sentiment latency")).text).toContain("secret of this group");
  });
});
