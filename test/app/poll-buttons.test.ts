/** Polls by buttons, where a poll of the platform's own cannot serve: hidden, forbidden, in channels, with many options; and all that must not count. */
import { describe, expect, it } from "vitest";
import { buttonLabels } from "../support/fake-discord/index.ts";
import { pollStage, read } from "../support/poll-stage.ts";

const question = 'question="Which network next?" options="Akash|Render|None"';

describe("a poll by buttons", { timeout: 90_000 }, () => {
  it("hides its counts until the end: on Telegram natively, on Discord with buttons", async () => {
    const { discord, telegram, link, askBoth, told, says, pass } = await pollStage();
    await link();
    const { here, there } = await askBoth(`/poll ${question} hidden=yes hours=1 everywhere=yes`);
    expect(here.poll).toBeNull();
    expect(buttonLabels(here)).toEqual(["Akash", "Render", "None", "Take my vote back"]);
    expect(there.poll?.hidden).toBe(true);
    const press = await discord.member("carl").press(here, "Render");
    expect(await read(press)).toBe("Counted: Render.\nThe counts are shown when it ends.");
    expect(press.visible.every(({ viewer }) => viewer !== null)).toBe(true);
    telegram.user("fay").votes(there, 1);
    await told();
    const so = await says("/results");
    expect(so).toContain("2 people voted so far; open until 22 Nov 2026, 19:00 UTC. The counts are shown when it ends.");
    expect(so).not.toContain("Render");
    await pass("2026-11-22T19:00:40Z");
    expect(await says("/results")).toMatch(/Akash\s+0\n.*Render\s+2\n.*None\s+0/);
  });

  it("serves where Discord's channel or Telegram's group takes no polls, in channels, and for more than ten options", async () => {
    const { discord, telegram, bob, group, says, asked } = await pollStage();
    discord.channel.forbidsPolls = true;
    await says(`/poll ${question}`);
    expect(buttonLabels(await asked())).toContain("Akash");
    discord.channel.forbidsPolls = false;
    const many = Array.from({ length: 20 }, (_, n) => `option ${n + 1}`);
    await says(`/poll question="Which of these?" options="${many.join("|")}"`);
    expect(buttonLabels(await asked())).toEqual([...many, "Take my vote back"]);

    group.forbidsPolls = true;
    const channel = telegram.channel("DePIN news");
    for (const chat of [group, channel]) {
      const [first, second] = [chat.next(), bob.says(chat, '/poll Which network next? options="Akash|Render"')];
      const shown = (await first).buttons.length > 0 ? await first : (await second).buttons.length > 0 ? await second : await chat.next();
      expect(shown.text).toContain("Which network next?\nOpen until");
      const posts = chat.posts.length;
      const pressed = await telegram.user("fay").press(shown, "Render");
      expect(pressed).toMatchObject({ text: "Counted: Render.", alert: false, message: undefined });
      expect(chat.posts).toHaveLength(posts);
    }
  });

  it("counts double taps once, the last choice, and none that was taken back", async () => {
    const { discord, says, asked } = await pollStage();
    await says(`/poll ${question} hidden=yes hours=1`);
    const poll = await asked();
    const [carl, dora] = [discord.member("carl"), discord.member("dora")];
    const taps = [carl.begin.press(poll, "Akash"), carl.begin.press(poll, "Akash"), carl.begin.press(poll, "Render")];
    await Promise.all(taps.map((tap) => read(tap)));
    await read(dora.press(poll, "Akash"));
    expect(await read(dora.press(poll, "Take my vote back"))).toContain("Your vote is taken back.");
    expect(await says("/results")).toContain("1 person voted so far");
  });

  it("counts nothing that is forged, comes from another room, or too late", async () => {
    const { discord, says, asked, pass, told, app } = await pollStage();
    await says(`/poll ${question} hidden=yes hours=1`);
    const poll = await asked();
    const carl = discord.member("carl");
    const payload = poll.body.components[0]?.components[0]?.custom_id ?? "";
    expect(payload).toMatch(/^p:vote\?poll=[\w-]{16}&option=1$/);
    const forged = (customId: string) => read(carl.forge(customId, poll).answered());
    expect(await forged(payload.replace("option=1", "option=4"))).toContain("no such option");
    expect(await forged(payload.replace("option=1", "option=-1"))).toContain("must be a whole number");
    expect(await forged(payload.replace(/poll=[\w-]+/, "poll=aaaaaaaaaaaaaaaa"))).toContain("no such poll to vote in here");
    expect(await forged(payload.replace("p:", "p#"))).toContain("no longer valid");
    const aside = discord.addChannel();
    const other = discord.addGuild();
    const brought = discord.foreignServer();
    for (const place of [
      { channel: aside },
      { guild: other, channel: other.channel },
      { ...brought, channel: discord.channel },
      discord.privateChat(),
    ])
      expect(await read(carl.at(place).forge(payload, poll).answered())).toContain("no such poll to vote in here");
    await pass("2026-11-22T18:59:00Z");
    await read(carl.press(poll, "Akash"));
    // Its time is up, and nobody has counted it yet.
    await told();
    await pass("2026-11-22T19:00:31Z");
    expect(await read(discord.member("dora").press(poll, "Akash"))).toContain("This poll is over: your vote was not counted.");
    expect(await says("/results")).toMatch(/Akash\s+1\n.*Render\s+0\n.*None\s+0/);
    const { rows } = await app().storage.session.executeSql("SELECT 1 FROM vote WHERE choice IS NOT NULL");
    expect(rows).toHaveLength(1);
  });

  it("counts native votes that the platform tells late, and none that it has not counted itself", async () => {
    const { discord, telegram, bob, group, says, asked, told, pass } = await pollStage();
    await says(`/poll ${question} hours=1`);
    const here = await asked();
    discord.member("carl").votes(here, 1);
    await told();
    await pass("2026-11-22T19:00:40Z");
    const vote = { user_id: "1234567890123456789", channel_id: discord.channel.id, message_id: here.id, guild_id: discord.guild.id };
    discord.tell("MESSAGE_POLL_VOTE_ADD", { ...vote, answer_id: 2 });
    discord.tell("MESSAGE_POLL_VOTE_ADD", { ...vote, message_id: "1234567890123456780", answer_id: 1 });
    await told();
    expect(await says("/results")).toMatch(/Akash\s+1\n.*Render\s+0\n.*None\s+0/);

    const shown = group.next();
    await bob.says(group, '/poll Which network next? options="Akash|Render" hours=1');
    const there = await shown.then((message) => (message.poll === undefined ? group.next() : message));
    const answer = (user: number, option: number) => ({
      poll_id: there.poll?.id,
      user: { id: user, is_bot: false, first_name: "x" },
      option_ids: [option],
    });
    // Counted by Telegram, and told after the end.
    there.poll?.votes.set(5_900_000_001, 1);
    await pass("2026-11-22T20:01:00Z");
    telegram.world.updates.push("poll_answer", answer(5_900_000_001, 1));
    await told();
    telegram.world.updates.push("poll_answer", answer(5_900_000_002, 0));
    await told();
    await pass("2026-11-22T20:02:00Z");
    const end = (await bob.says(group, "/results")).text;
    expect(end).toMatch(/Akash\s+0\n.*Render\s+1/);
    expect(end).toContain("1 person voted; closed");
    expect(end).not.toContain("Incomplete");
  });

  it("counts apart who presses in a public group without being a member", async () => {
    const { telegram, bob, group } = await pollStage();
    group.forbidsPolls = true;
    const first = group.next();
    await bob.says(group, '/poll Which network next? options="Akash|Render"');
    const shown = (await first).buttons.length > 0 ? await first : await group.next();
    await telegram.user("fay").press(shown, "Akash");
    await telegram.user("stranger", { outside: true }).press(shown, "Render");
    const seen = (await bob.says(group, "/results")).text;
    expect(seen).toMatch(/Akash\s+1\n.*Render\s+0/);
    expect(seen).toContain("Counted apart: 1 person from outside (Render 1)");
  });
});

describe("linked rooms", { timeout: 90_000 }, () => {
  it("are linked only when an admin on each side has agreed, with a code that works once", async () => {
    const { discord, telegram, bob, group, ann, says, link } = await pollStage();
    const code = /\/link ([A-Z0-9]{8})/.exec(await says("/link"))?.[1] ?? "";
    const carl = telegram.user("carl");
    expect((await carl.says(group, `/link ${code}`)).text).toContain("for the admins of this place");
    expect((await bob.says(group, "/link ABCDEFGH")).text).toContain("not valid");
    await bob.says(group, `/link ${code}`);
    const other = telegram.group("Others");
    expect((await bob.says(other, `/link ${code}`)).text).toContain("not valid");
    // Asked, and not agreed to yet.
    expect(await says(`/poll ${question} everywhere=yes`)).toContain("not linked with another one");
    expect((await bob.says(group, `/poll Which? options="A|B" everywhere=yes`)).text).toContain("not linked with another one");
    const asking = await ann.says("/link");
    expect(await read(asking)).toContain("a Telegram chat asks to join");
    expect(await read(discord.member("dora").press(asking, "Agree"))).toContain("for the admins of this place");
    expect(await read(ann.press(asking, "Refuse"))).toContain("Refused");
    expect(await read(ann.press(asking, "Agree"))).toContain("does not ask any more");
    // An invitation that nobody has taken up is no link.
    expect(await says("/link code=leave")).toContain("was not linked");
    await link();
    expect(await says("/link code=leave")).toContain("linked no more");
  });
});
