/** Pressed buttons, forms, and the consent of a quoted author. */
import { describe, expect, it } from "vitest";
import { mentionsIn } from "../../support/fake-telegram/index.ts";
import { pseudonymise, stage } from "./setup.ts";

describe("a pressed button", () => {
  it("answers below the message, and is acknowledged", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const shown = await ann.says(group, "/explain depin");
    const pressed = await ann.press(shown, "Helium");
    expect(pressed).toMatchObject({ text: undefined, alert: false, edited: false });
    expect(pressed.message?.text).toContain("What helium means.");
    expect(pressed.message?.replyTo).toBe(shown);
  });

  it("answers in the topic that it stands in", async () => {
    const { fake } = await stage();
    const forum = fake.group("Forum", { forum: true });
    const thread = fake.topic(forum, "Compute");
    const ann = fake.user("Ann");
    const pressed = await ann.press(await ann.says(forum, "/explain depin", { thread }), "Helium");
    expect(pressed.message?.thread).toBe(thread);
  });

  it("that updates changes its message in place", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const shown = await ann.says(group, "/count");
    expect((await ann.press(shown, "Next")).message).toBe(shown);
    expect(shown.text).toBe("count 1");
    expect(shown.buttons[0]?.data).toBe("ou:count?n=2");
    expect(group.posts).toHaveLength(1);
  });

  it("that changes nothing is acknowledged all the same", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(ann.private, "/count n=2");
    const same = shown.buttons[0]?.data?.replace("3", "2") ?? "";
    expect(await ann.acknowledged(shown, same)).toMatchObject({});
    // "message is not modified" is no reason to post it again.
    await ann.says(ann.private, "/explain depin");
    expect(ann.private.posts.map(({ text }) => text)).toEqual(["count 2", expect.stringContaining("depin")]);
  });

  it("answers below when its message can no longer be changed", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(ann.private, "/count");
    fake.fault("editMessageText", { kind: "error", code: 400, description: "Bad Request: message can't be edited" });
    const pressed = await ann.press(shown, "Next");
    expect(pressed).toMatchObject({ edited: false, message: { text: "count 1" } });
  });

  it("that updates with a long answer changes its message and continues below, losing nothing", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(ann.private, "/count");
    expect((await ann.press(shown, "Long")).edited).toBe(true);
    while (ann.private.posts.at(-1)?.buttons[0]?.label !== "End") await ann.private.next();
    const numbers = [
      ...ann.private.posts
        .map(({ text }) => text)
        .join(" ")
        .matchAll(/number (\d+) is/g),
    ].map((m) => Number(m[1]));
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it("of somebody else's is refused in an alert, and the group sees nothing", async () => {
    const { fake } = await stage();
    const group = fake.group("DePIN");
    const shown = await fake.user("Ann").says(group, "/opinion latency fine");
    const pressed = await fake.user("Bob").press(shown, "Delete");
    expect(pressed).toMatchObject({ alert: true, message: undefined });
    expect(pressed.text).toContain("This button is for the member it was made for.");
    expect(group.posts).toHaveLength(1);
  });

  it.each(["p#AAAAAAAAAAAAAAAAAAAA", "x:explain", "o:nosuch", "\u0000", "o:explain?term=%E0%A4%A"])(
    "with the forged or expired payload %j is refused in an alert",
    async (data) => {
      const { fake } = await stage();
      const ann = fake.user("Ann");
      const pressed = await ann.pressData(await ann.says(fake.group("DePIN"), "/explain depin"), data);
      expect(pressed.alert || pressed.message !== undefined).toBe(true);
    },
  );

  it("is refused in another community than its own", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(fake.group("One"), "/opinion latency fine");
    const elsewhere = await ann.says(fake.group("Two"), "/explain depin");
    expect((await ann.pressData(elsewhere, shown.buttons[0]?.data ?? "")).text).toContain("no longer valid");
  });

  it("whose error is too long for an alert is answered by a message, whole", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(fake.group("DePIN"), "/explain depin");
    const pressed = await ann.pressData(shown, "o:long?n=much");
    expect(pressed.alert || (pressed.message?.text.length ?? 0) > 200).toBe(true);
  });

  it("that takes long is released early and answered later", async () => {
    const { fake, gates } = await stage();
    const ann = fake.user("Ann");
    gates.open("a");
    const shown = await ann.says(ann.private, "/wait a");
    const next = ann.private.next();
    expect(await ann.acknowledged(shown, "o:wait?name=a2")).toEqual({ callback_query_id: expect.any(String) });
    expect(ann.private.posts).toHaveLength(1);
    gates.open("a2");
    expect((await next).text).toBe("passed a2");
  });

  it("is acknowledged also when its message is gone, inaccessible, or was sent inline", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const group = fake.group("DePIN");
    const shown = await ann.says(group, "/explain depin");
    const inaccessible = { message: { chat: { id: group.id, type: "supergroup" }, message_id: shown.id, date: 0 } };
    expect((await ann.pressData(shown, "o:explain?term=helium", inaccessible)).message?.text).toContain("helium");
    const inline = await ann.acknowledged(shown, "o:explain?term=helium", { message: undefined, inline_message_id: "AAA" });
    expect(inline).toMatchObject({ show_alert: true, text: expect.stringContaining("can no longer see") });
    expect(await ann.acknowledged(shown, "", { data: undefined, game_short_name: "chess" })).toMatchObject({ show_alert: true });
    expect(await ann.acknowledged(shown, "o:start", { from: null })).toEqual({ callback_query_id: expect.any(String) });
  });

  it("that fails inside is told in an alert with a reference", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const pressed = await ann.pressData(await ann.says(ann.private, "/explain depin"), "o:boom");
    expect(pressed).toMatchObject({ alert: true, text: expect.stringMatching(/Ref [0-9a-f]{8}$/) });
  });

  it("pressed twice at once is answered twice, calmly", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(ann.private, "/count");
    const data = shown.buttons[0]?.data ?? "";
    const both = await Promise.all([ann.acknowledged(shown, data), ann.acknowledged(shown, data)]);
    expect(both.every((answer) => answer.text === undefined)).toBe(true);
    await ann.says(ann.private, "/explain depin");
    expect(shown.text).toBe("count 1");
    expect(ann.private.posts).toHaveLength(2);
  });
});

describe("a form", () => {
  it("asks for a reply in the group and takes it without any stored chat state", async () => {
    const { fake, logged } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    const asked = await ann.says(group, "/opinion latency");
    expect(asked.forceReply).toBe(true);
    expect(asked.replyTo?.text).toBe("/opinion latency");
    expect(fake.callsOf("sendMessage")[0]?.reply_markup).toEqual({
      force_reply: true,
      selective: true,
      input_field_placeholder: "Your opinion",
    });
    const done = await ann.replies(asked, "Fast enough, “mostly” <ok>");
    expect(done.text).toBe("Logged.");
    // A reply to the member's own words would look like a quote of them.
    expect(done.replyTo).toBe(asked);
    expect(logged).toEqual([
      { community: `telegram:${group.id}`, author: pseudonymise("telegram", String(ann.id)).member, text: "Fast enough, “mostly” <ok>" },
    ]);
  });

  it("works in a private chat too", async () => {
    const { fake, logged } = await stage();
    const ann = fake.user("Ann");
    const done = await ann.replies(await ann.says(ann.private, "/opinion latency"), "slow");
    expect(done.text).toContain("I read it as agree: slow");
    expect(logged.map(({ text }) => text)).toEqual(["slow"]);
  });

  it("opened by a button names whom it is for", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(fake.group("DePIN"), "/explain depin");
    const { message } = await fake.user("Bob").pressData(shown, "f:opinion?topic=latency");
    expect(message?.text).toMatch(/^Bob, Your opinion\n/);
    expect(message?.entities[0]).toMatchObject({ type: "text_mention", offset: 0, length: 3 });
  });

  it("rings nobody's phone for somebody who calls themselves like them", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const shown = await ann.says(fake.group("DePIN"), "/explain depin");
    const { message } = await fake.user("@durov").pressData(shown, "f:opinion?topic=latency");
    if (message === undefined || message === null) throw new TypeError("nothing was shown");
    expect(message.text.replaceAll("\u2060", "")).toMatch(/^@durov, Your opinion\n/);
    expect(mentionsIn(message)).toEqual([]);
  });

  it("is not asked of a channel, which is no person and can press nothing", async () => {
    const { fake, logged } = await stage();
    const channel = fake.channel("News");
    const asked = await fake.user("Ann").says(channel, "/opinion latency");
    expect(asked.text).toMatch(
      /^`?\/opinion`? is about one person, and I cannot tell who writes in the name of a chat\.\n+Write as yourself/,
    );
    expect(asked.buttons).toEqual([]);
    expect(logged).toEqual([]);
  });

  it("yields to a command in the reply", async () => {
    const { fake, logged } = await stage();
    const ann = fake.user("Ann");
    const asked = await ann.says(ann.private, "/opinion latency");
    expect((await ann.replies(asked, "/explain depin")).text).toContain("What depin means.");
    expect(logged).toEqual([]);
  });

  it("is not imitated by a person's message with the same link", async () => {
    const { fake } = await stage();
    const ann = fake.user("Ann");
    const asked = await ann.says(ann.private, "/opinion latency");
    const forged = ann.posts(ann.private, asked.text);
    forged.entities = asked.entities;
    expect((await ann.replies(forged, "x")).text).toContain("I answer commands");
  });
});

describe("someone else's message", () => {
  const words = "GPU hours are 40 % cheaper —\n  “really” 👩‍🚀 <b>@all</b>";

  it("is logged exactly, and only when its author agrees", async () => {
    const { fake, logged } = await stage();
    const group = fake.group("DePIN");
    const [ann, bob, eve] = [fake.user("Ann"), fake.user("Bob"), fake.user("Eve")];
    const said = bob.posts(group, words);
    const asked = await ann.says(group, "/opinion latency", { replyTo: said });
    expect(asked.text).toBe("Bob, may I log this?");
    // The question replies to the words, so that nothing has to be stored before Bob agrees.
    expect(asked.replyTo).toBe(said);
    expect(logged).toEqual([]);
    expect((await eve.press(asked, "Log it")).text).toContain("for the member it was made for");
    expect((await ann.press(asked, "Log it")).alert).toBe(true);
    expect(logged).toEqual([]);
    const agreed = await bob.press(asked, "Log it");
    expect(agreed).toMatchObject({ edited: true, message: { text: "Logged with consent." } });
    expect(logged).toEqual([{ community: `telegram:${group.id}`, author: pseudonymise("telegram", String(bob.id)).member, text: words }]);
  });

  it("that is gone meanwhile is not logged", async () => {
    const { fake, logged } = await stage();
    const group = fake.group("DePIN");
    const [ann, bob] = [fake.user("Ann"), fake.user("Bob")];
    const asked = await ann.says(group, "/opinion latency", { replyTo: bob.posts(group, words) });
    const without = { message: { message_id: asked.id, date: 1, chat: { id: group.id, type: "supergroup" } } };
    expect((await bob.pressData(asked, asked.buttons[0]?.data ?? "", without)).text).toContain("can no longer see the message");
    expect(logged).toEqual([]);
  });

  it("of one's own is logged at once", async () => {
    const { fake, logged } = await stage();
    const group = fake.group("DePIN");
    const ann = fake.user("Ann");
    await ann.says(group, "/opinion latency", { replyTo: ann.posts(group, words) });
    expect(logged.map(({ text }) => text)).toEqual([words]);
  });

  it.each([
    ["a bot's", { from: { id: 99, is_bot: true, first_name: "Bot" } }],
    ["a channel's", { sender_chat: { id: -1005, type: "channel", title: "C" } }],
    ["forwarded", { forward_origin: { type: "hidden_user", date: 1, sender_user_name: "C" } }],
    ["made by an inline bot", { via_bot: { id: 99, is_bot: true, first_name: "Bot" } }],
  ])("is not taken for a person's own words when it is %s", async (_, extra) => {
    const { fake, logged } = await stage();
    const group = fake.group("DePIN");
    const said = fake.user("Bob").posts(group, words, { extra });
    expect((await fake.user("Ann").says(group, "/opinion latency", { replyTo: said })).forceReply).toBe(true);
    expect(logged).toEqual([]);
  });

  it("that is a command is no quote, so that pressing a button below an answer quotes nobody", async () => {
    const { fake, logged } = await stage();
    const group = fake.group("DePIN");
    const shown = await fake.user("Ann").says(group, "/explain depin");
    const { message } = await fake.user("Bob").pressData(shown, "f:opinion?topic=latency");
    expect(message?.forceReply).toBe(true);
    expect(logged).toEqual([]);
  });
});
