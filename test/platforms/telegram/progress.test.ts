/** An answer that takes its time: a draft in private, a message that grows in a group, and the answer itself whatever became of them. */
import { describe, expect, it } from "vitest";
import { type Stage, type StageOptions, stage } from "./setup.ts";

/** Starts `/recite` and lets it say so far as `beginnings`, each as soon as the one before was sent. */
async function reciting(options: StageOptions = {}) {
  const set = await stage(options);
  const ann = set.fake.user("Ann");
  return { ...set, ann, group: set.fake.group("DePIN friends") };
}

/** On a busy machine a second is short. */
const patient = { timeout: 5_000 };

const sent = ({ fake }: Pick<Stage, "fake">) =>
  fake.calls
    .filter(({ method }) => /^(?:send(?!ChatAction)|edit|delete)/.test(method))
    .map(({ method, payload }) => [method, payload.text]);

describe("an answer that takes its time", () => {
  it("is a draft in a private chat, with what is being done too, and then a message", async () => {
    const { fake, gates, ann } = await reciting();
    const answer = ann.says(ann.private, "/recite");
    const recital = await gates.recital();
    recital.say("Looking …");
    await fake.nextCall("sendMessageDraft");
    recital.say("One.", "partial");
    await expect.poll(() => ann.private.drafts.length, patient).toBe(2);
    recital.done("One. Two.");
    expect((await answer).text).toBe("One. Two.");
    expect(ann.private.drafts.map(({ text }) => text)).toEqual(["Looking …", "One."]);
    expect(new Set(ann.private.drafts.map(({ id }) => id)).size).toBe(1);
    expect(ann.private.posts).toHaveLength(1);
  });

  it("is one message that grows in a group, where nobody is told what is being done", async () => {
    const { fake, gates, ann, group } = await reciting();
    const asked = ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("Looking …");
    await fake.nextCall("sendChatAction");
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    recital.say("One. Two.", "partial");
    await fake.nextCall("editMessageText");
    recital.done("One. Two. Three.");
    await expect.poll(() => group.posts[0]?.text, patient).toBe("One. Two. Three.");
    expect(group.posts).toHaveLength(1);
    expect(group.posts[0]?.replyTo).toBe(asked);
    expect(group.posts[0]?.buttons.map(({ label }) => label)).toEqual(["Again"]);
    expect(sent({ fake }).map(([method]) => method)).toEqual(["sendMessage", "editMessageText", "editMessageText"]);
  });

  it("grows in its forum topic, and in a channel", async () => {
    const { fake, gates, ann } = await reciting();
    const forum = fake.group("Forum", { forum: true });
    const thread = fake.topic(forum, "Storage");
    ann.posts(forum, "/recite", { thread });
    const first = await gates.recital();
    first.say("One.", "partial");
    await fake.nextCall("sendMessage");
    first.done("Two.");
    await expect.poll(() => forum.posts.at(-1)?.text, patient).toBe("Two.");
    expect(forum.posts.at(-1)?.thread).toBe(thread);
    const channel = fake.channel("News");
    ann.posts(channel, "/recite");
    const second = await gates.recital();
    second.say("One.", "partial");
    await fake.nextCall("sendMessage");
    second.done("Two.");
    await expect.poll(() => channel.posts.map(({ text }) => text), patient).toEqual(["Two."]);
  });

  it("that is ready before anything is shown is one message", async () => {
    const { fake, gates, ann, group } = await reciting({ timing: { progressAfter: 60_000 } });
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    recital.done("Two.");
    await expect.poll(() => group.posts.map(({ text }) => text), patient).toEqual(["Two."]);
    expect(sent({ fake })).toHaveLength(1);
  });

  it("is shown no more often than the interval, and then the newest", async () => {
    const { fake, gates, ann, group } = await reciting({ timing: { progressEveryShared: 60_000 } });
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    for (let i = 1; i <= 20; i++) recital.say(`Line ${i}`, "partial");
    await fake.nextCall("sendMessage");
    for (let i = 21; i <= 40; i++) recital.say(`Line ${i}`, "partial");
    recital.done("Done.");
    await expect.poll(() => group.posts[0]?.text, patient).toBe("Done.");
    expect(sent({ fake }).map(([, text]) => text)).toEqual(["Line 20", "Done."]);
  });

  it("continues in further messages where it is longer than one", async () => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    const long = "A sentence of it. ".repeat(400).trim();
    recital.say(long, "partial");
    await fake.nextCall("sendMessage");
    recital.done(long);
    await expect
      .poll(() =>
        group.posts
          .map(({ text }) => text)
          .join(" ")
          .replace(/\s+/g, " "),
      )
      .toBe(long);
    expect(group.posts.length).toBeGreaterThan(1);
  });

  it("that fails in the end says so in the place of its beginning", async () => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    recital.fail("That was too much.");
    await expect.poll(() => group.posts.map(({ text }) => text), patient).toEqual(["That was too much."]);
  });
});

describe("trouble on the way", () => {
  it("with drafts, as on an older server, makes a message of it", async () => {
    const { fake, gates, ann } = await reciting();
    fake.fault("sendMessageDraft", { kind: "error", code: 404, description: "Not Found: method not found" });
    ann.posts(ann.private, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessageDraft");
    recital.say("One. Two.", "partial");
    await fake.nextCall("sendMessage");
    recital.done("Done.");
    await expect.poll(() => ann.private.posts.map(({ text }) => text), patient).toEqual(["Done."]);
    expect(fake.callsOf("sendMessageDraft")).toHaveLength(1);
  });

  it.each([
    ["its message is deleted", 400, "Bad Request: message to edit not found"],
    ["it may not be changed any more", 400, "Bad Request: message can't be edited"],
  ])("because %s: the answer comes in a message of its own", async (_, code, description) => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    fake.fault("editMessageText", { kind: "error", code, description });
    recital.say("One. Two.", "partial");
    await fake.nextCall("editMessageText");
    recital.say("One. Two. Three.", "partial");
    recital.done("Done.");
    await expect.poll(() => group.posts.map(({ text }) => text), patient).toContain("Done.");
    expect(fake.callsOf("editMessageText")).toHaveLength(1);
  });

  it("because its message is deleted at the last moment: the answer comes all the same, once", async () => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    await expect.poll(() => group.posts.length, patient).toBe(1);
    group.messages.splice(
      group.messages.findIndex(({ text }) => text === "One."),
      1,
    );
    recital.done("Done.");
    await expect.poll(() => group.posts.map(({ text }) => text), patient).toEqual(["Done."]);
  });

  it("in the form of 429 ends what is shown on the way, and the answer waits for its turn", async () => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    fake.fault("editMessageText", { kind: "rate_limit", retryAfter: 1 });
    recital.say("One. Two.", "partial");
    await fake.nextCall("editMessageText");
    recital.done("Done.");
    await expect.poll(() => group.posts.map(({ text }) => text), { timeout: 5_000 }).toEqual(["Done."]);
  });

  it.each(["lost", "truncated", "hang"] as const)("in which a version is %s does not keep the answer, nor double it", async (kind) => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    fake.fault("editMessageText", { kind });
    recital.say("One. Two.", "partial");
    await fake.nextCall("editMessageText");
    recital.done("Done.");
    await expect.poll(() => group.posts.map(({ text }) => text), patient).toEqual(["Done."]);
  });

  it("in which a version comes after the answer, because it was long on its way, does not leave it in the answer's place", async () => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    fake.fault("editMessageText", { kind: "hang" });
    recital.say("One. Two.", "partial");
    await fake.nextCall("editMessageText");
    recital.done("Done.");
    const [message] = group.posts;
    await expect.poll(() => message?.text, { interval: 1, timeout: 5_000 }).toBe("Done.");
    if (message !== undefined) message.text = "One. Two.";
    await expect.poll(() => message?.text, { timeout: 5_000 }).toBe("Done.");
    expect(group.posts).toHaveLength(1);
  });

  it("in which the answer's own place is lost on the way is said again there, once", async () => {
    const { fake, gates, ann, group } = await reciting();
    ann.posts(group, "/recite");
    const recital = await gates.recital();
    recital.say("One.", "partial");
    await fake.nextCall("sendMessage");
    await expect.poll(() => group.posts.length, patient).toBe(1);
    fake.fault("editMessageText", { kind: "lost" });
    recital.done("Done.");
    await expect.poll(() => fake.callsOf("editMessageText").length, patient).toBe(2);
    await expect.poll(() => group.posts.map(({ text }) => text), patient).toEqual(["Done."]);
  });
});
