/** What people see in private chats, groups, topics and channels. */
import { describe, expect, it } from "vitest";
import { mentionsIn } from "../../support/fake-telegram/index.ts";
import { stage } from "./setup.ts";

describe("a command", () => {
  it("is answered in a private chat without replying to it", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(ann.private, "/explain depin");
    expect(shown.text).toBe("depin\nWhat depin means.");
    expect(shown.entities.map(({ type }) => type)).toEqual(["bold", "bold"]);
    expect(shown.buttons).toEqual([{ label: "Helium", data: "o:explain?term=helium" }]);
    expect(shown.replyTo).toBeUndefined();
  });

  it("is answered in a group below the message that asked", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const shown = await ann.says(group, "/explain depin");
    expect(shown.replyTo?.text).toBe("/explain depin");
  });

  it("may carry the bot's name in any case, and capitals of its own", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const shown = await fake.user("Ann").says(group, "/EXPLAIN@Depinion_BOT depin");
    expect(shown.text).toContain("What depin means.");
  });

  it("of another bot is left alone, and so is an unknown one that names nobody", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    ann.posts(group, "/explain@other_bot depin");
    ann.posts(group, "/roll 2d6");
    ann.posts(group, "/path/to/file");
    await ann.says(group, "/explain depin");
    expect(group.posts).toHaveLength(1);
  });

  it("that is unknown is explained when it names the bot, and always in private", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    expect((await ann.says(group, "/explian@depinion_bot x")).text).toContain("Did you mean /explain?");
    expect((await ann.says(ann.private, "/explian x")).text).toContain("Did you mean /explain?");
  });

  it("is answered in its forum topic, and in the general topic without one", async () => {
    const { fake } = await stage();
    const forum = fake.group("Forum", { forum: true });
    const thread = fake.topic(forum, "Compute");
    const ann = fake.user("Ann");
    expect((await ann.says(forum, "/explain depin", { thread })).thread).toBe(thread);
    expect((await ann.says(forum, "/explain depin")).thread).toBeUndefined();
  });

  it("in a topic is no reply to the topic's first message", async () => {
    const { fake, logged } = await stage();
    const forum = fake.group("Forum", { forum: true });
    const thread = fake.topic(forum, "Compute");
    const shown = await fake.user("Ann").says(forum, "/opinion latency", { thread });
    expect(shown.forceReply).toBe(true);
    expect(logged).toEqual([]);
  });

  it("is answered in a channel, where nobody types and no chat action is allowed", async () => {
    const { fake, gates } = await stage();
    const channel = fake.channel("News");
    const ann = fake.user("Ann");
    const shown = ann.says(channel, "/wait a");
    await gates.reached("a");
    gates.open("a");
    expect((await shown).text).toBe("passed a");
  });

  it("is ignored when Telegram copies a channel's post into its group, and when another bot writes it", async () => {
    const { fake } = await stage();
    const group = fake.group("Discussion");
    const ann = fake.user("Ann");
    ann.posts(group, "/explain copied", { asChannel: -1001, extra: { is_automatic_forward: true } });
    ann.posts(group, "/explain botted", { extra: { from: { id: 5, is_bot: true, first_name: "Spam" } } });
    expect((await ann.says(group, "/explain depin")).text).toContain("depin");
    expect(group.posts).toHaveLength(1);
  });

  it("that a member writes as a channel is answered", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    expect((await fake.user("Ann").says(group, "/explain depin", { asChannel: -1_001_234 })).text).toContain("depin");
  });

  it("that fails tells a reference, in a group too", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    expect((await fake.user("Ann").says(group, "/boom")).text).toMatch(/^Something went wrong on my side\..* Ref [0-9a-f]{8}$/);
  });

  it("with bad arguments shows usage to a group briefly", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const shown = await fake.user("Ann").says(group, "/explain");
    expect(shown.text).toContain("term is missing");
    expect(shown.text).toContain("Usage: /explain <term>");
  });

  it("that takes long shows that the bot is typing, in the right topic", async () => {
    const { fake, gates } = await stage();
    const forum = fake.group("Forum", { forum: true });
    const thread = fake.topic(forum, "Compute");
    const typing = fake.nextCall("sendChatAction");
    const shown = fake.user("Ann").says(forum, "/wait a", { thread });
    expect(await typing).toEqual({ chat_id: forum.id, action: "typing", message_thread_id: thread });
    gates.open("a");
    await shown;
  });

  it("that is quick does not show typing", async () => {
    const { fake } = await stage({ timing: { typingAfter: 5_000 } });
    const ann = fake.user("Ann");
    await ann.says(ann.private, "/explain depin");
    expect(fake.callsOf("sendChatAction")).toEqual([]);
  });
});

describe("words without a command", () => {
  it("get a hint in private", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    expect((await ann.says(ann.private, "what is depin?")).text).toBe("I answer commands, such as /explain depin. /help lists them.");
  });

  it("are left alone in groups, also when they reply to the bot", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const first = await ann.says(group, "/explain depin");
    ann.posts(group, "thanks", { replyTo: first });
    await ann.says(group, "/explain helium");
    expect(group.posts).toHaveLength(2);
  });
});

describe("updates of one chat", () => {
  it("are handled in order, and other chats do not wait", async () => {
    const { fake, gates } = await stage();
    const [one, two] = [fake.group("One"), fake.group("Two")];
    const ann = fake.user("Ann");
    const first = ann.says(one, "/wait a");
    ann.posts(one, "/explain later");
    await gates.reached("a");
    expect((await ann.says(two, "/explain other")).text).toContain("other");
    expect(one.posts).toEqual([]);
    gates.open("a");
    await first;
    await one.next();
    expect(one.posts.map(({ text }) => text.split("\n")[0])).toEqual(["passed a", "later"]);
  });

  it("wait for a slow answer no longer than their patience, and the slow answer comes after all", async () => {
    const { fake, gates, telegram } = await stage({ timing: { orderPatience: 20, drain: 5_000 } });
    const [ann, bob] = [fake.user("Ann"), fake.user("Bob")];
    const group = fake.group("One");
    ann.posts(group, "/wait a");
    await gates.reached("a");
    expect((await bob.says(group, "/explain quick")).text).toContain("quick");
    // What is under way is waited for when the bot stops, also behind the order.
    const stopped = telegram.stop();
    gates.open("a");
    await stopped;
    expect(group.posts.map(({ text }) => text.split("\n")[0])).toEqual(["quick", "passed a"]);
  });

  it("do not keep a button waiting", async () => {
    const { fake, gates } = await stage();
    const group = fake.group("One");
    const ann = fake.user("Ann");
    const counted = await ann.says(group, "/count");
    const slow = ann.says(group, "/wait a");
    await gates.reached("a");
    expect((await ann.press(counted, "Next")).message?.text).toBe("count 1");
    gates.open("a");
    await slow;
  });

  it("are dropped beyond a backlog, so that one flooded group cannot stop the others", async () => {
    const { fake, gates, log } = await stage();
    const [flooded, quiet] = [fake.group("Flooded"), fake.group("Quiet")];
    const ann = fake.user("Ann");
    const first = ann.says(flooded, "/wait a");
    for (let i = 0; i < 600; i++) ann.posts(flooded, "/explain flood");
    expect((await ann.says(quiet, "/explain depin")).text).toContain("depin");
    gates.open("a");
    await first;
    expect(log.filter((line) => line.includes("flooded chat's messages are dropped"))).toHaveLength(1);
    // One waits at the gate and 49 behind it; whoever wrote the others is told, once.
    while (!log.some((line) => line.includes("flooded chat has caught up"))) await new Promise(setImmediate);
    expect(flooded.posts.filter(({ text }) => text.startsWith("More is waiting here than I can answer."))).toHaveLength(1);
    expect(flooded.posts).toHaveLength(51);
    expect(log.filter((line) => line.includes('"messages":551'))).toHaveLength(1);
  });
});

describe("deep links", () => {
  it("run a term, with spaces for underscores", async () => {
    const { fake } = await stage();
    const shown = await fake.user("Ann").opens("https://t.me/depinion_bot?start=explain_proof_of_coverage");
    expect(shown.text).toContain("What proof of coverage means.");
  });

  it("run nothing that acts: a link must not speak for whoever taps it", async () => {
    const { fake, logged } = await stage();
    const shown = await fake.user("Ann").opens("https://t.me/depinion_bot?start=opinion_latency_it_is_bad");
    expect(shown.text).toContain("Hello");
    expect(logged).toEqual([]);
  });

  it("greet when they mean nothing, and so does a plain /start", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    expect((await ann.opens("https://t.me/depinion_bot?start=campaign-7")).text).toContain("Hello");
    expect((await ann.says(ann.private, "/start")).text).toContain("Hello");
    expect((await ann.says(fake.group("DePIN"), "/start@depinion_bot campaign")).text).toContain("Hello");
  });
});

describe("an answer for one member", () => {
  it("is a line with a link in a group, which opens the answer for that community in private", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const line = await ann.says(group, "/mine");
    expect(line.text).toBe("I have an answer for you alone.");
    const [button] = line.buttons;
    expect(button?.label).toBe("Open in private");
    const shown = await ann.opens(button?.url ?? "");
    expect(shown.chat).toBe(ann.private);
    expect(shown.text).toContain(`Secret of telegram:${group.id}`);
    expect(group.posts.map(({ text }) => text).join()).not.toContain("Secret");
  });

  it("is refused to somebody else who opens the link", async () => {
    const { fake } = await stage();
    const line = await fake.user("Ann").says(fake.group("DePIN"), "/mine");
    expect((await fake.user("Bob").opens(line.buttons[0]?.url ?? "")).text).toContain("for the member it was made for");
  });

  it("is shown at once in a private chat, with its file, and says nothing of the chat's address", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(ann.private, "/mine");
    expect(shown.text).toBe(`Secret of telegram:private:telegram-member-${ann.id}\n\nYour data`);
    expect(shown.file?.name).toBe("mine.json");
    expect(new TextDecoder().decode(shown.file?.content)).toBe('{"a":1}');
    expect(shown.buttons).toHaveLength(1);
  });

  it("opens the private chat at once when a button in a group asks for it", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const any = await ann.says(group, "/count");
    const pressed = await ann.pressData(any, "p:mine");
    expect(pressed.url).toMatch(/^https:\/\/t\.me\/depinion_bot\?start=-p-[\w-]{20}$/);
    expect((await ann.opens(pressed.url ?? "")).text).toContain(`Secret of telegram:${group.id}`);
  });
});

describe("a person's text in an answer", () => {
  it.each([
    ["tags", "<b>bold</b> </a> &amp; <script>"],
    ["marks", "**x** `y` [z](https://evil.example) _u_ ||s||"],
    ["mentions", "@everyone @ann_smith mail@example.com"],
    ["commands", "/stop@other_bot #tag $USD"],
    ["emoji", "👩‍👩‍👧‍👦 🏳️‍🌈 ﷽ Z͑ͫ̓a"],
  ])("stays as it is: %s", async (_, typed) => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(ann.private, `/echo ${typed}`);
    expect(shown.text.replaceAll("\u2060", "")).toBe(`${typed}\n\n${typed}\n— a member`);
    expect(mentionsIn(shown)).toEqual([]);
    expect(shown.entities.map(({ type }) => type)).toEqual(["blockquote"]);
    expect(fake.calls.every(({ payload }) => payload.parse_mode === undefined)).toBe(true);
  });

  it("cannot turn the writing direction of the bot's own words around", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    expect((await ann.says(ann.private, "/echo a\u202eb\u2066c")).text).toBe("abc\n\nabc\n— a member");
  });

  it("never turns a link preview on", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    await ann.says(ann.private, "/echo https://example.com");
    expect(fake.callsOf("sendMessage").every((payload) => JSON.stringify(payload.link_preview_options) === '{"is_disabled":true}')).toBe(
      true,
    );
  });
});

describe("a long answer", () => {
  it("comes in parts that each fit, in order, with the buttons on the last and all in the same place", async () => {
    const { fake } = await stage();
    const forum = fake.group("Forum", { forum: true });
    const thread = fake.topic(forum, "Compute");
    await fake.user("Ann").says(forum, "/long 400", { thread });
    while (forum.posts.at(-1)?.buttons.length === 0) await forum.next();
    const parts = forum.posts;
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every(({ text }) => text.length <= 4096)).toBe(true);
    expect(parts.every((part) => part.thread === thread)).toBe(true);
    const numbers = [
      ...parts
        .map(({ text }) => text)
        .join(" ")
        .matchAll(/number (\d+) is/g),
    ].map((m) => Number(m[1]));
    expect(numbers).toEqual(Array.from({ length: 400 }, (_, i) => i));
  });
});
