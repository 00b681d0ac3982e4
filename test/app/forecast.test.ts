/** Forecasts as members meet them, at every door: asked, understood, answered in private, resolved from the archive and posted once. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Figure } from "../../src/core/figure.ts";
import { communityId, memberId, questionId, roomId } from "../../src/core/ids.ts";
import { price } from "../contracts/stores/fixtures.ts";
import { question } from "../contracts/stores/forecasts.ts";
import { postgresUrl } from "../support/database.ts";
import { type Doors, openDoors, type Speaker } from "../support/doors.ts";
import { buttonLabels, visibleText } from "../support/fake-discord/index.ts";

const begin = new Date("2026-11-22T18:00:00Z");
const hourMs = 3_600_000;

const gpuHour = (value: number, fetchedAt: Date, parts: Partial<Omit<Figure, "id">> = {}): Figure =>
  price({
    metric: "compute.h100_sxm_80.akash.price",
    label: "H100 SXM 80 GB, Akash: GPU-hour, providers' bids",
    source: { name: "Akash GPU prices", url: "https://akash.network/" },
    value,
    raw: String(value),
    observedAt: null,
    fetchedAt,
    ...parts,
  });

const bitcoin = (value: number, fetchedAt: Date): Figure =>
  price({ metric: "bitcoin.price", label: "Bitcoin price", value, raw: String(value), fetchedAt, observedAt: fetchedAt });

let doors: Doors;
let time = begin.getTime();
const at = (iso: string): Date => new Date(iso);
beforeAll(async () => {
  doors = await openDoors({}, () => new Date(time));
  await doors.app.storage.figures.save([gpuHour(2.58, begin), bitcoin(90_000, begin)]);
});
afterAll(() => doors.close());

const line = '/forecast "Akash H100 median below $2 by 2027-01-31"';
const codeIn = (text: string): string => /`?([a-km-np-z2-9]{8})`?/.exec(text)?.[1] ?? "";

describe.each(["console", "discord", "telegram"] as const)("a question on %s", (door) => {
  let ann: Speaker;
  beforeAll(() => {
    ann = doors.speakers[door]("Ann");
  });

  it("is shown as it was understood, asked when its author agrees, and answered without anybody reading it", async () => {
    const understood = await ann.says(line);
    for (const part of [
      "Did I understand this?",
      "Will H100 SXM 80 GB, Akash: GPU-hour, providers' bids be below $2.00 at 1 Feb 2027, 00:00 UTC?",
      "$2.58",
      "22 Nov 2026, 18:00 UTC",
      "of Akash GPU prices, else of another source, and at most 36 h old. Without one the question is void",
      "Forecasts would be taken until 31 Jan 2027, 00:00 UTC",
    ])
      expect(understood.text.replace(/\s+/g, " ")).toContain(part);
    const asked = await ann.presses("Yes, ask it here");
    expect(asked.text.replace(/\s+/g, " ")).toContain("nobody has answered yet");
    expect(asked.buttons).toEqual(expect.arrayContaining(["5 %", "10 %", "25 %", "50 %", "75 %", "90 %", "95 %", "Another %"]));
    const said = await ann.presses("25 %");
    expect(said.text.replace(/\s+/g, " ")).toContain("Counted: you say 25 %.");
    const list = await ann.says("/forecast");
    expect(list.text.replace(/\s+/g, " ")).toMatch(/Open [a-z2-9]{8} Will H100 SXM 80 GB.*\(1 person\)/);
    expect(list.text).not.toContain("25 %");
    expect((await ann.says("/predictions")).text.replace(/\s+/g, " ")).toContain("You say 25 %.");
    expect((await ann.says("/forecast mine")).buttons).toContain("My forecasts");
  });

  it("takes any exact number by its form, and the last one counts", async () => {
    const list = await ann.says("/forecast");
    const answer = list.buttons.find((label) => label.startsWith("Answer ")) ?? "";
    await ann.presses(answer);
    expect((await ann.presses("Another %")).form).toBe(true);
    expect((await ann.writes("37.5%")).text).toContain("Counted: you say 37.5 %.");
    const code = codeIn(answer);
    expect((await ann.says(`/predict ${code} 140`)).text).toContain("A probability is a number from 0 to 100");
    expect((await ann.says(`/predict ${code} many`)).text).toContain("A probability is a number from 0 to 100");
    expect((await ann.says(`/predict ${code} 12`)).text).toContain("you say 12 %");
    expect((await ann.says(`/predict ${code} none`)).text).toContain("Your forecast is taken back.");
    expect((await ann.says(`/forecast cancel=${code}`)).text).toContain("It cannot be cancelled any more: somebody has answered");
  });

  it("is cancelled by its author while nobody has answered, and then nobody can", async () => {
    await ann.says('/forecast "Bitcoin above $100k by 2026-12-31"');
    const asked = await ann.presses("Yes, ask it here");
    expect(asked.text.replace(/\s+/g, " ")).toContain("Will Bitcoin price be above $100,000 at 1 Jan 2027, 00:00 UTC?");
    expect((await ann.presses("Cancel it")).text).toContain("The question is cancelled.");
    expect((await ann.says("/forecast")).text).not.toContain("Bitcoin");
  });

  it.each([
    ["Akash H100 median by 2027-01-31", "I miss what the figure is compared with"],
    ["Akash H100 median below two dollars by 2027-01-31", "I miss a number behind the comparison"],
    ["Akash H100 median below $2", "I miss the day on which it is decided"],
    ["Akash H100 median below $2 by 1/2/2027", "I cannot tell the day from the month"],
    ["Akash H100 median below $2 by 2026-11-20", "That moment is over"],
    ["Akash H100 median below $2 by 2026-11-22 18:30", "less than an hour ahead"],
    ["Akash H100 median below $2 by 2032-01-31", "more than two years ahead"],
    ["Akash H100 median below 20 % by 2027-01-31", "is in another unit: today it is $2.58"],
    ["Akash H100 median below -$2 by 2027-01-31", "is always above zero"],
    ["Akash H100 median below $99,000 by 2027-01-31", "very far from today's value"],
    ["Price of potatoes below $2 by 2027-01-31", "I archive no figure called “Price of potatoes”"],
  ])("“%s” is refused with a clear sentence", async (typed, sentence) => {
    expect((await ann.says(`/forecast "${typed}"`)).text.replace(/\s+/g, " ")).toContain(sentence);
  });
});

describe("a question in a room with others", () => {
  it("is resolved from the archive as of its moment, also after an outage, and posted once, with what people said together", async () => {
    const { discord, app } = doors;
    const room = discord.addChannel({ guildId: discord.guild.id });
    const read = async (exchange: ReturnType<ReturnType<typeof discord.member>["says"]>) =>
      (await (await exchange).settled()).visible.map(visibleText).join("\n");
    const people = ["ann", "bob", "carl", "dora", "eve"].map((name) => discord.member(name, { guild: discord.guild, channel: room }));
    const [ann] = people;
    if (ann === undefined) throw new TypeError("there are five");
    const understood = await ann.says('/forecast "bitcoin at least 95,000 usd by 2026-12-01 12:00"');
    const asked = (await (await ann.press(await understood.settled(), "Yes, ask it here")).settled()).visible[0];
    if (asked === undefined) throw new TypeError("nothing was asked");
    expect(buttonLabels(asked)).toContain("75 %");
    for (const [n, person] of people.entries()) {
      const press = await (await person.press(asked, n === 0 ? "25 %" : "75 %")).settled();
      expect(press.visible.every(({ viewer }) => viewer !== null)).toBe(true);
    }
    const [before, after] = [gpuHour(2, at("2026-12-01T11:00:00Z")), bitcoin(94_000, at("2026-12-01T12:00:01Z"))];
    await app.storage.figures.save([
      before,
      after,
      bitcoin(96_000, at("2026-12-01T11:30:00Z")),
      bitcoin(94_000, at("2026-12-01T09:30:00Z")),
    ]);
    // The program was off for days.
    time = at("2026-12-04T08:00:00Z").getTime();
    const posted = () =>
      [...discord.world.messages.values()].filter((m) => m.channelId === room.id && visibleText(m).includes("Forecast resolved"));
    await Promise.all([app.resolveForecasts(new Date(time)), app.resolveForecasts(new Date(time))]);
    await expect.poll(() => posted().length).toBe(1);
    const text = visibleText(posted()[0] ?? asked).replace(/\s+/g, " ");
    expect(text).toContain("Forecast resolved: yes");
    expect(text).toMatch(/Bitcoin price.*\$96,000/);
    expect(text).toContain("archived 1 Dec 2026, 11:30 UTC");
    expect(text).toContain("5 people had answered, on average 65 %: a Brier score of 0.122");
    await app.resolveForecasts(new Date(time));
    // As after a crash before it was noted that the couriers have it.
    const [resolved] = await app.storage.forecasts.resolved(communityId("discord", discord.guild.id), 1);
    await app.storage.session.executeSql("UPDATE forecast_question SET announced = false WHERE id = $1", [resolved?.id]);
    await app.resolveForecasts(new Date(time));
    await app.delivery.beat(new Date(time));
    const { rows } = await app.storage.session.executeSql(
      "SELECT d.state FROM delivery d JOIN subscription s ON s.id = d.subscription_id WHERE s.series = $1",
      [`forecast:${resolved?.id}`],
    );
    expect(rows).toEqual([{ state: "delivered" }]);
    expect(posted()).toHaveLength(1);
    const receipt = /\/why ([a-z2-9]{8})/.exec(text)?.[1];
    expect(await read(ann.says(`/why ${receipt}`))).toContain("$96,000");
    expect(await read(people[1]?.press(asked, "90 %") ?? ann.says("/help"))).toContain("closed: your answer was not counted");
    const own = await read(ann.says("/predictions"));
    expect(own.replace(/\s+/g, " ")).toContain("You said 25 %; it was yes (0.563).");
    expect(await read(ann.says("/forecast"))).toContain("No score of this community yet");
    time = begin.getTime();
  });

  it("is void where no figure was archived in time, and says so", async () => {
    const { telegram, app } = doors;
    const ann = telegram.user("ann");
    const group = telegram.group("DePIN friends");
    const understood = await ann.says(group, "/forecast bitcoin below 80k by 2026-12-10");
    const asked = (await ann.press(understood, "Yes, ask it here")).message ?? understood;
    const pressed = await ann.press(asked, "10 %");
    // The group reads nothing of it.
    expect(pressed).toMatchObject({ text: "Your forecast is counted.", message: undefined });
    time = at("2026-12-11T00:20:00Z").getTime();
    const shown = group.next();
    await app.resolveForecasts(new Date(time));
    const text = (await shown).text.replace(/\s+/g, " ");
    expect(text).toContain("Forecast resolved: void");
    expect(text).toContain("no figure was archived between 10 Dec 2026, 18:00 UTC and 11 Dec 2026, 00:00 UTC");
    time = begin.getTime();
  });
});

describe("a community", () => {
  it("sees its score and its calibration from five questions with five people each on, as a picture too, and nobody's own", async () => {
    const { discord, app } = doors;
    const { forecasts } = app.storage;
    const guild = discord.addGuild();
    const community = communityId("discord", guild.id);
    const ann = discord.member("ann", { guild, channel: guild.channel });
    const shown = async () => (await (await ann.says("/forecast")).settled()).visible.map(visibleText).join("\n").replace(/\s+/g, " ");
    for (let n = 0; n < 5; n++) {
      const one = question({ community, room: roomId("discord", guild.channel.id) });
      await forecasts.add(one);
      for (let person = 0; person < 10; person++)
        await forecasts.answer(one.id, memberId(`person${person}`), person < 5 ? 75 : 25, one.askedAt);
      expect(await shown()).not.toContain("This community's score");
      await forecasts.resolve(one.id, n < 4 ? "yes" : "no", null, one.resolvesAt);
    }
    const all = await shown();
    expect(all).toContain("This community's score: 0.25 on average over 5 resolved questions with 50 forecasts");
    expect(all).toContain("20–30 % said: 80 % came true (n = 25)");
    expect(all).toContain("70–80 % said: 80 % came true (n = 25)");
    const picture = [...discord.world.messages.values()].flatMap(({ files }) => files).find(({ name }) => name === "calibration.png");
    expect(picture).toBeDefined();
    expect(all).not.toContain("person");
  });

  it("has questions cancelled by who asked and by its admins, and by nobody else", async () => {
    const { discord, app } = doors;
    const says = async (name: string, line: string, admin = false) =>
      (await (await discord.member(name, { admin }).says(line)).settled()).visible.map(visibleText).join("\n");
    const one = question({ community: communityId("discord", discord.guild.id), room: roomId("discord", discord.channel.id) });
    await app.storage.forecasts.add(one);
    expect(await says("carl", `/forecast cancel=${one.id}`)).toContain("Only who asked a question, or an admin, can cancel it.");
    expect(await says("dora", `/forecast cancel=${one.id}`, true)).toContain("The question is cancelled.");
    const silent = question({ ...one, id: questionId("silent22"), by: null });
    await app.storage.forecasts.add(silent);
    expect(await says("carl", "/forecast cancel=silent22")).toContain("I know nobody as its author: only an admin can cancel it.");
    expect(await says("dora", `/forecast show=${one.id}`)).toContain("There is no such question here.");
  });
});

describe("a number that is typed in a group", () => {
  it("is not counted, as everyone reads it, and asked for in the private chat; buttons and taking back go on there", async () => {
    const { telegram } = doors;
    const [ann, bob] = [telegram.user("ann2"), telegram.user("bob2")];
    const group = telegram.group("Forecasters");
    await ann.press(await ann.says(group, '/forecast "bitcoin above $100k by 2026-12-24"'), "Yes, ask it here");
    const code = codeIn((await ann.says(group, "/forecast")).text);
    const typed = await bob.says(group, `/predict ${code} 37`);
    expect(typed.text).toContain("Everyone here can read that number, so I have not counted it.");
    expect((await bob.says(group, `/forecast show=${code}`)).text).not.toMatch(/1 person/);
    await bob.press(typed, "Another %");
    const shown = await bob.says(group, `/forecast show=${code}`);
    expect((await bob.press(shown, "75 %")).message?.text ?? "").not.toContain("75");
    expect((await bob.says(group, `/forecast show=${code}`)).text).toMatch(/1 person/);
    expect((await bob.says(group, `/predict ${code} none`)).text).toContain("Your forecast is taken back.");
  });
});

describe("a member", () => {
  it("is given what is stored of their forecasts, and has it erased", async () => {
    const ann = doors.telegram.user("ann");
    await ann.press(await ann.says(ann.private, '/forecast "bitcoin above $100k by 2026-12-24"'), "Yes, ask it here");
    const list = await ann.says(ann.private, "/forecast");
    const code = codeIn(list.text);
    await ann.says(ann.private, `/predict ${code} 62.5`);
    expect((await ann.says(ann.private, "/privacy")).text).toContain("1 forecast, and 1 question about a figure");
    await ann.says(ann.private, "/privacy export");
    const file = ann.private.posts.findLast((post) => post.file !== undefined)?.file;
    expect(JSON.parse(new TextDecoder().decode(file?.content))).toMatchObject({
      forecasts: [
        {
          question: code,
          metric: "bitcoin.price",
          comparison: "above",
          threshold: 100_000,
          percent: 62.5,
          outcome: null,
          resolvesAt: "2026-12-25T00:00:00.000Z",
        },
      ],
      questionsYouAsked: [{ id: code, metric: "bitcoin.price" }],
    });
    await ann.press(await ann.says(ann.private, "/privacy erase"), "Yes, erase everything");
    expect((await ann.says(ann.private, "/forecast")).text).toContain("Nothing was asked here yet");
    expect((await ann.says(ann.private, "/predictions")).text).toContain("You have answered no question here yet");
    await ann.press(await ann.says(ann.private, "/privacy optout"), "Yes, never log me");
    await ann.press(await ann.says(ann.private, '/forecast "bitcoin above $100k by 2026-12-24"'), "Yes, ask it here");
    const again = codeIn((await ann.says(ann.private, "/forecast")).text);
    expect((await ann.says(ann.private, `/predict ${again} 62`)).text).toContain("You wanted nothing of you logged");
  });
});

describe("on a real PostgreSQL", () => {
  it("a question goes its whole way too", async () => {
    let now = begin;
    const other = await openDoors({ DATABASE_URL: await postgresUrl(), MEMBER_KEY: "k".repeat(32) }, () => now);
    try {
      await other.app.storage.figures.save([bitcoin(90_000, begin), bitcoin(101_000, new Date(begin.getTime() + 24 * hourMs))]);
      const ann = other.speakers.console("Ann");
      await ann.says("/forecast bitcoin above $100k by 2026-11-23 19:00");
      await ann.presses("Yes, ask it here");
      await ann.presses("90 %");
      now = at("2026-11-23T19:10:00Z");
      await other.app.resolveForecasts(now);
      expect((await ann.says("/forecast")).text).toMatch(/Resolved[\s\S]*yes/);
    } finally {
      await other.close();
    }
  });
});
