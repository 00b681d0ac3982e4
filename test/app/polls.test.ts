/** Polls of the platforms' own, from the question to the count: in linked rooms, hidden, repeated, forwarded, erased, and after an outage. */
import { describe, expect, it, vi } from "vitest";
import { communityId } from "../../src/core/ids.ts";
import { pollStage, read } from "../support/poll-stage.ts";

async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const question = 'question="Which network next?" options="Akash|Render|None"';
/** Nobody waits for what is found out of voters, not even its test for long. */
const soon = { timeout: 20_000 };

describe("a poll", { timeout: 90_000 }, () => {
  it("is asked in two linked rooms, counts changes and what is taken back, and ends in time with one count", async () => {
    const { discord, telegram, group, link, askBoth, told, says, pass, bob } = await pollStage();
    await link();
    const { here, there } = await askBoth(`/poll ${question} hours=24 everywhere=yes`);
    expect(here.poll).toMatchObject({ question: "Which network next?", answers: ["Akash", "Render", "None"] });
    expect(there.poll).toMatchObject({ question: "Which network next?", options: ["Akash", "Render", "None"], openPeriod: 86_400 });
    const [carl, dora, eve] = ["carl", "dora", "eve"].map((name) => discord.member(name));
    const [fay, gus] = ["fay", "gus"].map((name) => telegram.user(name));
    carl?.votes(here, 1);
    dora?.votes(here, 2);
    eve?.votes(here, 2);
    dora?.votes(here, 1);
    eve?.votes(here, null);
    fay?.votes(there, 2);
    gus?.votes(there, 0);
    fay?.votes(there, 1);
    await told();
    const so = await says("/results");
    expect(so).toMatch(/Akash\s+3\n.*Render\s+1\n.*None\s+0/);
    expect(so).toContain("4 people voted; open until 23 Nov 2026, 18:00 UTC.");
    expect(so).toContain("Discord · 2 · 2 · 0 · 0");
    expect(so).toContain("Telegram · 2 · 1 · 1 · 0");
    await pass("2026-11-23T18:00:40Z");
    expect([here.poll?.ended, there.poll?.closed]).toEqual([true, true]);
    expect(there.buttons.map(({ label }) => label)).toEqual(["Results"]);
    const end = (await bob.press(there, "Results")).message?.text ?? "";
    expect(end).toContain("4 people voted; closed 23 Nov 2026, 18:00 UTC.");
    expect((await bob.says(group, "/digest")).text).toContain(
      "Polls that ended (last 24 h)\nWhich network next? 4 people, Akash 3, Render 1",
    );
    expect(end).not.toContain("Incomplete");
  });

  it("on a topic asks the proposition, says what a vote is, and feeds the topic's stance when it ends", async () => {
    const { discord, says, asked, pass, told } = await pollStage();
    await says("/poll question=latency hours=1");
    const poll = await asked();
    expect(poll.poll?.question).toMatch(/A vote is a stance on “.*”/);
    expect(poll.poll?.answers).toEqual(["Agree", "Mixed", "Disagree"]);
    const frank = discord.member("frank");
    await (await frank.says("/privacy optout confirm=yes")).settled();
    frank.votes(poll, 1);
    for (const [name, answer] of Object.entries({ carl: 1, dora: 3, eve: 3 })) discord.member(name).votes(poll, answer);
    await told();
    expect(await says("/sentiment latency")).toContain("Nobody here has said anything");
    await says('/topic edit latency proposition="Latency matters to nobody."');
    await pass("2026-11-22T19:00:40Z");
    const after = await says("/sentiment latency");
    expect(after).toContain("Nobody here has said anything");
    // The wording that they answered, without the one who wants nothing logged.
    expect(after).toContain(
      "On an earlier wording, “Decentralised compute is fast and consistent enough for real-time workloads.”: 3 people",
    );
    expect(after).toContain("Agreement: 1 of the 3 who took a side");
    // Nobody said a word that could be quoted.
    expect(after).not.toMatch(/^> /m);
  });

  it("counts people apart whom a forwarded Telegram poll brings, and says so where a group hides its members", async () => {
    const { telegram, bob, group, told } = await pollStage();
    const shown = group.next();
    await bob.says(group, '/poll Which network next? options="Akash|Render" hours=24');
    const poll = await shown.then((message) => (message.poll === undefined ? group.next() : message));
    const [carl, stranger] = [telegram.user("carl"), telegram.user("stranger", { outside: true })];
    carl.votes(poll, 0);
    stranger.votes(poll, 1);
    await told();
    telegram.world.hidesMembers.add(group.id);
    telegram.user("dora").votes(poll, 0);
    await told();
    const seen = (await bob.says(group, "/results")).text;
    expect(seen).toMatch(/Akash\s+2\n.*Render\s+0/);
    expect(seen).toContain("Counted apart: 1 person from outside (Render 1)");
    expect(seen).toContain("Of 1 person the platform does not say whether they are members here.");
  });

  it("is counted once more without new accounts on Discord and without people whom nobody knew on Telegram, and says so", async () => {
    const { discord, telegram, group, link, askBoth, told, says, later, pass } = await pollStage();
    await link();
    const regulars = ["carl", "dora", "eve"].map((name) => telegram.user(name));
    for (const one of regulars) await one.says(group, "/opinion latency it is much too slow for us");
    later(60_000);
    const { here, there } = await askBoth("/poll question=latency everywhere=yes hours=1");
    for (const one of regulars) one.votes(there, 2);
    for (const name of ["fay", "gus", "hal"]) discord.member(name).votes(here, 3);
    for (const name of ["new1", "new2", "new3"]) discord.member(name, { madeAt: new Date("2026-11-20T00:00:00Z") }).votes(here, 1);
    for (const name of ["out1", "out2", "out3", "out4"]) telegram.user(name).votes(there, 0);
    await told();
    const seen = await says("/results");
    expect(seen).toMatch(/Agree\s+7[\s\S]*Disagree\s+6/);
    expect(seen).toContain(
      "Robust count, without 3 whose accounts were new or had joined after it opened and 4 of whom I knew nothing on Telegram before it opened: " +
        "6 of 13 people. It tells something else: Agree 0, Mixed 0, Disagree 6.",
    );
    await pass("2026-11-22T19:02:40Z");
    expect(await says("/sentiment latency")).toContain("Robust count, without 3 only just here: 3 of 6 people. It tells something else");
  });

  it("is counted once more without people who joined the Discord server for it, also where they voted while the program was away", async () => {
    const { discord, asked, told, says, later, stop, start, log } = await pollStage();
    const late = (name: string) => discord.member(name, { joinedAt: new Date("2026-11-22T18:10:00Z") });
    await says(`/poll ${question} hours=5`);
    const here = await asked();
    later(20 * 60_000);
    for (const name of ["carl", "dora", "eve"]) discord.member(name).votes(here, 1);
    for (const name of ["late1", "late2"]) late(name).votes(here, 2);
    await vi.waitFor(
      async () => expect(await says("/results")).toContain("without 2 whose accounts were new or had joined after it opened"),
      soon,
    );
    await stop();
    late("late3").votes(here, 2);
    await start();
    await vi.waitFor(async () =>
      expect(await says("/results")).toContain("without 3 whose accounts were new or had joined after it opened"),
    );
    // Whom Discord will not tell of counts like everybody else.
    discord.fail({ method: "GET", path: "/members/", times: 99, fault: { status: 500 } });
    late("late4").votes(here, 1);
    await told();
    expect(await says("/results")).toMatch(/Akash\s+4[\s\S]*without 3 whose/);
    expect(log()).not.toMatch(/"level":[56]0/);
  });

  it("counts joined accounts once, and twice again when they are taken apart", async () => {
    const { discord, telegram, link, askBoth, told, says } = await pollStage();
    await link();
    const { here, there } = await askBoth(`/poll ${question} everywhere=yes`);
    const [carl, carlToo] = [discord.member("carl"), telegram.user("carl")];
    const code = /\/linkme ([A-Z0-9]{8})/.exec(await read(carl.says("/linkme")))?.[1] ?? "";
    expect((await carlToo.says(carlToo.private, `/linkme ${code}`)).text).toContain("your two accounts count as one person");
    expect((await carlToo.says(carlToo.private, `/linkme ${code}`)).text).toContain("joined with another one already");
    carl.votes(here, 1);
    carlToo.votes(there, 1);
    await told();
    const once = await says("/results");
    expect(once).toMatch(/Akash\s+1\n.*Render\s+0/);
    expect(once).toContain("1 vote of people who had voted in another room already: not counted again.");
    expect(await read(carl.says("/linkme code=apart"))).toContain("apart again");
    expect(await says("/results")).toMatch(/Akash\s+1\n.*Render\s+1/);
  });

  it("forgets a vote whose member erases everything, exports it before, and does not count it anew from the last reading", async () => {
    const { discord, says, asked, told, pass, app } = await pollStage();
    await says(`/poll ${question} hours=1`);
    const poll = await asked();
    const [carl, dora] = [discord.member("carl"), discord.member("dora")];
    carl.votes(poll, 1);
    dora.votes(poll, 2);
    await told();
    const exported = await carl.says("/privacy action=export");
    await exported.settled();
    const json = Buffer.from(exported.visible[0]?.files[0]?.content ?? []).toString();
    expect(JSON.parse(json).votes).toMatchObject([{ question: "Which network next?", option: "Akash" }]);
    expect(await read(carl.says("/privacy action=erase confirm=yes"))).toContain("Erased");
    expect(await says("/results")).toMatch(/Akash\s+0\n.*Render\s+1/);
    await pass("2026-11-22T19:00:40Z");
    const end = await says("/results");
    expect(end).toMatch(/Akash\s+0\n.*Render\s+1/);
    expect(end).toContain("1 person voted; closed");
    expect(end).not.toContain("Incomplete");
    const { rows } = await app().storage.session.executeSql("SELECT member FROM vote");
    expect(rows).toHaveLength(1);
  });

  it("finds what was voted on Discord while the program was away, and is incomplete where Telegram keeps nothing that long", async () => {
    const stage = await pollStage();
    const { discord, telegram, link, askBoth, told, says, pass } = stage;
    await link();
    const { here, there } = await askBoth(`/poll ${question} hours=48 everywhere=yes`);
    const [carl, dora] = [discord.member("carl"), discord.member("dora")];
    carl.votes(here, 1);
    telegram.user("fay").votes(there, 0);
    await told();
    await stage.stop();
    carl.votes(here, null);
    dora.votes(here, 3);
    telegram.user("gus").votes(there, 2);
    telegram.user("hal").votes(there, 2);
    // After a day Telegram forgets what nobody fetched (Bot API, getUpdates).
    telegram.world.updates.forget();
    await stage.start();
    await told();
    expect(await says("/results")).toContain("Discord · 1 · 0 · 0 · 1");
    await pass("2026-11-24T18:00:40Z");
    expect(await says("/results")).toContain("over; the last votes are being counted");
    await pass("2026-11-24T18:11:00Z");
    const end = await says("/results");
    expect(end).toContain("2 people voted; closed 24 Nov 2026, 18:11 UTC.");
    expect(end).toContain("Incomplete. Telegram counted 3 votes (1, 0, 2), and I know of 1: 2 were cast while I could not be told.");
  });

  it("is found again by its votes where Telegram never confirmed that it was posted", async () => {
    const { telegram, bob, group, told, pass } = await pollStage();
    telegram.fault("sendPoll", { kind: "lost" });
    await bob.says(group, '/poll Which network next? options="Akash|Render" hours=1');
    const poll = await eventually(() => group.posts.find((message) => message.poll !== undefined));
    await eventually(async () => ((await bob.says(group, "/poll")).text.includes("Which network next?") ? true : undefined));
    telegram.user("carl").votes(poll, 1);
    await told();
    telegram.user("dora").votes(poll, 0);
    await told();
    expect((await bob.says(group, "/results")).text).toMatch(/Akash\s+1\n.*Render\s+1/);
    telegram.closePoll(poll);
    await pass("2026-11-22T19:00:40Z");
    const end = (await bob.says(group, "/results")).text;
    expect(end).toContain("2 people voted; closed 22 Nov 2026, 19:00 UTC.");
    expect(end).not.toContain("Incomplete");
    expect(group.posts.filter((message) => message.poll !== undefined)).toHaveLength(1);
  });

  it("ends by itself on Telegram, and is read all the same", async () => {
    const { telegram, bob, group, told, pass } = await pollStage();
    const shown = group.next();
    await bob.says(group, '/poll Which network next? options="Akash|Render" hours=1');
    const poll = await shown.then((message) => (message.poll === undefined ? group.next() : message));
    telegram.user("carl").votes(poll, 1);
    if (poll.poll !== undefined) poll.poll.closed = true; // Told to nobody.
    await told();
    await pass("2026-11-22T19:00:40Z");
    const end = (await bob.says(group, "/results")).text;
    expect(end).toMatch(/Akash\s+0\n.*Render\s+1/);
    expect(end).toContain("closed 22 Nov 2026, 19:00 UTC");
    expect(end).not.toContain("Incomplete");
  });

  it("is asked again and again at a local time, each time anew, until it is ended", async () => {
    const { discord, says, asked, pass, told } = await pollStage();
    const answer = await says(`/poll ${question} hours=2 time=9 timezone=Vienna days=daily`);
    expect(answer).toContain("From now on I ask “Which network next?” here daily at 09:00 (Europe/Vienna), open for 2 h each time.");
    await pass("2026-11-23T08:00:10Z");
    const first = await asked();
    discord.member("carl").votes(first, 1);
    await told();
    expect(await says("/subscribe")).toContain("No digest comes here yet");
    await pass("2026-11-23T10:01:00Z");
    expect(await says("/results")).toContain("1 person voted; closed 23 Nov 2026, 10:01 UTC.");
    await pass("2026-11-24T08:00:10Z");
    const second = await asked();
    expect(second.id).not.toBe(first.id);
    expect(await says("/results")).toContain("Nobody has voted; open until 24 Nov 2026, 10:00 UTC.");
    const list = await says("/poll");
    expect(list).toContain("Again and again");
    expect(discord.world.visibleIn(discord.channel.id).filter((m) => m.poll !== null)).toHaveLength(2);
  });

  it("says back what it has understood, and takes no word of the question for something else", async () => {
    const { bob, group } = await pollStage();
    const says = async (line: string) => (await bob.says(group, line)).text;
    expect(await says("/poll Will BTC be above 100 options=Yes|Not this year hidden")).toContain(
      "The poll “Will BTC be above 100” is on its way and will stand here, open until 23 Nov 2026, 18:00 UTC, its counts hidden until then.",
    );
    expect(await says("/poll training reliability 48h hidden")).toMatch(
      /^The poll “.*A vote is a stance on “Training reliability”.*” is on its way and will stand here, open until 24 Nov 2026, 18:00 UTC, its counts hidden until then\./,
    );
    expect(await says("/poll latency 999")).toContain("A poll may be open for 1 to 730 hours");
    expect(await says("/poll Which of the networks by 2027")).toContain("needs options, and I know no topic of this name");
    expect(await says("/poll latency time=9 timezone=New York days=mon, thu")).toContain(
      "here Monday and Thursday at 09:00 (America/New_York)",
    );
  });

  it("is refused where it cannot be asked, with the reason", async () => {
    const { says, discord } = await pollStage();
    expect(await says('/poll question="Why?" options="one"')).toContain("at least two options");
    expect(await says("/poll question=Why?")).toContain("needs options, and I know no topic of this name");
    expect(await says(`/poll ${question} everywhere=yes`)).toContain("not linked with another one");
    expect(await says(`/poll ${question.replace("Akash", "A".repeat(56))}`)).toContain("at most 55 characters, and one of yours has 56");
    expect(await read(discord.member("carl").says(`/poll ${question}`))).toContain("for the admins of this place");
    expect(await read(discord.member("dora", discord.privateChat()).says(`/poll ${question}`))).toContain("needs a room with other people");
    expect(await says("/results")).toContain("no such poll here");
  });

  it("belongs to the rooms it was asked in alone", async () => {
    const { discord, app, says, asked } = await pollStage();
    await says(`/poll ${question}`);
    await asked();
    const [poll] = (await app().services.polls.list(communityId("discord", discord.guild.id))).polls;
    const elsewhere = discord.addGuild();
    const stranger = discord.member("zoe", { guild: elsewhere, channel: elsewhere.channel });
    expect(await read(stranger.says(`/results poll=${poll?.id}`))).toContain("no such poll here");
  });
});
