/** A digest's whole way: subscribed to, due at a local hour, composed from sources, posted with proof, kept, and looked at again. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Doors, openDoors } from "../support/doors.ts";
import { type Exchange, visibleText } from "../support/fake-discord/index.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { serveMarket } from "../support/market-web.ts";

let web: FakeWeb;
let doors: Doors;
let time: number;

beforeEach(async () => {
  time = Date.parse("2026-11-22T18:00:00Z");
  web = await startFakeWeb();
  await serveMarket(web, new Date(time));
  doors = await openDoors({ COINGECKO_URL: web.url }, () => new Date(time));
});
afterEach(async () => {
  await doors.close();
  await web.close();
});

const pass = (to: string) => {
  time = Date.parse(to);
};

/** The answer itself has come, and not only what is said while it is made: a busy machine takes its time for that. */
async function done(exchange: Exchange): Promise<void> {
  await exchange.until(() => exchange.isAnswered && !exchange.visible.some((m) => visibleText(m).includes("Collecting the figures")));
  await exchange.settled();
}

describe("a subscription", () => {
  it("brings the digest to a Discord channel and to a Telegram group at nine in Vienna, once, and shows the proof", async () => {
    const { discord, telegram, app } = doors;
    const ann = discord.member("ann", { admin: true });
    const bob = telegram.user("bob", { admin: true });
    const group = telegram.group("DePIN friends");
    const here = await ann.says("/subscribe 9 Vienna");
    await done(here);
    expect(here.visible.map(visibleText).join("\n")).toMatch(
      /Subscribed: the digest comes here daily at 09:00 \(Europe\/Vienna\)\.\s+Next: Mon,? 23 Nov,? 09:00.* · Tue,? 24 Nov,? 09:00.* · Wed,? 25 Nov,? 09:00/,
    );
    expect((await bob.says(group, "/subscribe 9am vienna")).text).toContain("daily at 09:00 (Europe/Vienna)");

    pass("2026-11-23T07:59:00Z");
    await serveMarket(web, new Date(time));
    await app.delivery.beat(new Date(time));
    expect(discord.world.visibleIn(discord.channel.id)).toHaveLength(1);

    pass("2026-11-23T08:00:00Z");
    const posted = discord.world.nextMessage(discord.channel.id);
    const photo = group.next();
    await Promise.all([1, 2, 3].map(() => app.delivery.beat(new Date(time))));
    const shown = visibleText(await posted);
    expect(shown).toContain("DePIN digest · Monday, 23 November 2026");
    expect(shown).toMatch(/DePIN sector: \$10\.57 billion/);
    expect(shown).toContain("Bitcoin $");
    expect(shown).toContain("Movers over 24 h");
    expect(shown).toContain("Not financial advice");
    await photo;
    await settled();
    expect(group.posts.map((m) => m.text).join("\n")).toMatch(
      /DePIN digest · Monday, 23 November 2026[\s\S]*DePIN sector: \$10\.57 billion/,
    );

    pass("2026-11-23T08:05:00Z");
    await app.delivery.beat(new Date(time));
    const schedule = await ann.says("/subscribe");
    await done(schedule);
    expect(schedule.visible.map(visibleText).join("\n")).toMatch(/Last deliveries:\s+2026-11-23: delivered \(message \d+/);
    expect((await bob.says(group, "/subscribe")).text).toMatch(/2026-11-23: delivered \(message \d+/);
    expect(discord.world.visibleIn(discord.channel.id).filter((m) => visibleText(m).includes("DePIN digest"))).toHaveLength(1);
  });

  it("takes only what it can read, says what it expects, and ends again", async () => {
    const { discord, telegram } = doors;
    const ann = discord.member("ann", { admin: true });
    const says = async (line: string) => {
      const exchange = await ann.says(line);
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    expect(await says("/subscribe 25")).toMatch(/hours are 0 to 23/);
    expect(await says("/subscribe 9 Qxzzy")).toMatch(/Name a large city nearby/);
    expect(await says("/subscribe 9 Vienna funday")).toMatch(/daily/);
    expect(await says("/subscribe 9 Vienna daily weather")).toMatch(
      /I do not know what to do with “weather”\.[\s\S]*As sections there are headline, movers, networks, compute, pulse, since/,
    );
    expect(await says("/subscribe")).toContain("No digest comes here yet");
    const carla = telegram.user("carla");
    const asks = async (line: string) => (await carla.says(carla.private, line)).text;
    expect(await asks("/subscribe 9 New York")).toContain("daily at 09:00 (America/New_York)");
    expect(await asks("/subscribe 9 new york weekdays")).toContain("weekdays at 09:00 (America/New_York)");
    expect(await asks("/subscribe 9 Rio de Janeiro")).toContain("daily at 09:00 (America/Sao_Paulo)");
    expect(await asks("/subscribe 9 Vienna Yorck")).toContain("I do not know what to do with “Yorck”.");
    expect(await says("/subscribe 9 Vienna weekdays headline")).toContain("weekdays at 09:00 (Europe/Vienna)");
    expect(await says("/subscribe 9 Vienna weekdays")).toContain("already");
    expect(await says("/unsubscribe")).toContain("has ended");
    expect(await says("/unsubscribe")).toContain("nothing to end");
    const carl = await doors.discord.member("carl").says("/subscribe 9 Vienna");
    await done(carl);
    expect(carl.visible.map(visibleText).join("\n")).toMatch(/admin|Manage Server/i);
  });

  it("is understood as people say it, in any order, and the words that are not are named", async () => {
    const { telegram, discord } = doors;
    const carla = telegram.user("carla");
    const asks = async (line: string) => {
      const { text } = await carla.says(carla.private, line);
      await carla.says(carla.private, "/unsubscribe");
      return /comes here (.*?)\.\n/.exec(text)?.[1] ?? text;
    };
    const said: readonly (readonly [string, string])[] = [
      ["9 Vienna mon wed fri", "Monday, Wednesday and Friday at 09:00 (Europe/Vienna)"],
      ["9 weekdays", "weekdays at 09:00 (UTC)"],
      ["9 Vienna mon, wed, fri headline movers", "Monday, Wednesday and Friday at 09:00 (Europe/Vienna)"],
      ["9 am Vienna weekdays", "weekdays at 09:00 (Europe/Vienna)"],
      ["weekdays at 9:30 pm in New York", "weekdays at 21:30 (America/New_York)"],
      ["every monday and thursday at noon in Rio de Janeiro only headline", "Monday and Thursday at 12:00 (America/Sao_Paulo)"],
      ["9 Portland, Maine sat sun", "weekends at 09:00 (America/New_York)"],
      ["every day at 18h Vienna time", "daily at 18:00 (Europe/Vienna)"],
      ["9 mon-fri", "weekdays at 09:00 (UTC)"],
      ["9 days=mon,thu Vienna", "Monday and Thursday at 09:00 (Europe/Vienna)"],
    ];
    for (const [line, meant] of said) expect(await asks(`/subscribe ${line}`), line).toBe(meant);
    expect(await asks("/subscribe 9 wekdays")).toMatch(/I do not know what to do with “wekdays”\.\s+Did you mean weekdays\?/);
    expect(await asks("/subscribe 9 Vienna mon wed frday")).toMatch(/I do not know what to do with “frday”\.\s+Did you mean friday\?/);
    expect(await asks("/subscribe 9 Viena weekdays")).toMatch(
      /I know no time zone or city called “Viena”\.\s+Did you mean Europe\/Vienna\?/,
    );
    expect(await asks("/subscribe soon in Vienna")).toContain("“soon” is not a time of day that I can read.");
    expect(await asks("/subscribe resume")).toContain("Nothing is paused here.");
    const ann = discord.member("ann", { admin: true });
    const filled = await ann.slash("subscribe", { time: "9", timezone: "New York", days: "mon wed fri", sections: "movers, headline" });
    await done(filled);
    expect(filled.visible.map(visibleText).join("\n")).toContain("Monday, Wednesday and Friday at 09:00 (America/New_York)");
    const schedule = await ann.says("/subscribe");
    await done(schedule);
    expect(schedule.visible.map(visibleText).join("\n")).toContain("only headline, movers");
  });

  it("that comes after midnight, because the bot was down, is still that of the evening", async () => {
    const { discord, app } = doors;
    await done(await discord.member("ann", { admin: true }).says("/subscribe 23:30 Vienna"));
    pass("2026-11-22T23:10:00Z");
    const posted = discord.world.nextMessage(discord.channel.id);
    await app.delivery.beat(new Date(time));
    expect(visibleText(await posted)).toContain("DePIN digest · Sunday, 22 November 2026");
  });

  it("is paused where the bot may not post any more, and goes on once it may", async () => {
    const { discord, app } = doors;
    const ann = discord.member("ann", { admin: true });
    await done(await ann.says("/subscribe 9 Vienna"));
    discord.fail({
      method: "POST",
      path: "/messages",
      times: 1,
      fault: { status: 403, body: { message: "Missing Permissions", code: 50013 } },
    });
    pass("2026-11-23T08:00:00Z");
    await app.delivery.beat(new Date(time));
    await settled();
    const paused = await ann.says("/subscribe");
    await done(paused);
    const text = paused.visible.map(visibleText).join("\n");
    expect(text).toMatch(/Paused, because I may not post here/);
    expect(text).toContain("2026-11-23: refused by the platform (forbidden)");
    const again = await ann.press(paused, "Go on");
    await done(again);
    expect(again.visible.map(visibleText).join("\n")).toContain("The digest goes on with the next run.");
    // What was composed and refused was never posted: it is no digest of that day, and nothing is held against it.
    const refused = await ann.says("/digest date=2026-11-23");
    await done(refused);
    expect(refused.visible.map(visibleText).join("\n")).toContain("There is no digest of 2026-11-23 here.");
    pass("2026-11-24T08:00:00Z");
    await serveMarket(web, new Date(time), { bitcoin: 80_000 });
    const posted = discord.world.nextMessage(discord.channel.id);
    await app.delivery.beat(new Date(time));
    expect(visibleText(await posted)).toContain("DePIN digest · Tuesday, 24 November 2026");
    expect(visibleText(await posted)).not.toContain("Since the digest of");
  });
});

describe("a room that cannot be posted to", () => {
  it("is told of in another room of the community, once, also where that one is only reached at a second try", async () => {
    const { discord, app } = doors;
    const shut = discord.addChannel({ refuses: 50_001 });
    const [there, here] = [discord.member("ann", { admin: true, channel: shut }), discord.member("bob", { admin: true })];
    for (const hour of [9, 10]) await done(await there.says(`/subscribe ${hour} Vienna`));
    await done(await here.says("/subscribe 11 Vienna"));
    for (const hour of ["08", "09"]) {
      pass(`2026-11-23T${hour}:00:00Z`);
      await app.delivery.beat(new Date(time));
      await settled();
    }
    pass("2026-11-23T10:00:00Z");
    discord.fail({ method: "POST", path: "/messages", times: 1, fault: { status: 500, body: {} } });
    const [first, words] = [discord.world.nextMessage(discord.channel.id), "Admins: the digest at"];
    await app.delivery.beat(new Date(time));
    const text = visibleText(await first);
    for (const hour of ["09", "10"])
      expect(text).toContain(`${words} ${hour}:00 (Europe/Vienna) is paused, because I cannot post it in its room any more.`);
    await settled();
    pass("2026-11-24T10:00:00Z");
    const next = discord.world.nextMessage(discord.channel.id);
    await app.delivery.beat(new Date(time));
    expect(visibleText(await next)).not.toContain(words);
  });
});

describe("a digest that was refused", () => {
  const paused = async (platform: "discord" | "telegram") => (await doors.app.storage.subscriptions.pausedRooms.of(platform)).length;
  const until = async (is: () => Promise<boolean>) => {
    while (!(await is())) await new Promise((resolve) => setImmediate(resolve));
  };
  const beat = async (at: string) => {
    pass(at);
    await doors.app.delivery.beat(new Date(time));
    await settled();
  };

  it("goes on by itself once the bot has the permission again, and its first words say that it was paused", async () => {
    const { discord } = doors;
    await done(await discord.member("ann", { admin: true }).says("/subscribe 9 Vienna"));
    discord.channel.refuses = 50_013;
    await beat("2026-11-23T08:00:00Z");
    expect(await paused("discord")).toBe(1);
    const changed = { id: discord.channel.id, guild_id: discord.guild.id };
    const looked = () => discord.world.requests.filter(({ path }) => path === `/channels/${discord.channel.id}`).length;
    // Something else has changed in the server: the bot still may not post.
    discord.tell("CHANNEL_UPDATE", changed);
    await until(async () => looked() === 1);
    expect(await paused("discord")).toBe(1);
    delete discord.channel.refuses;
    discord.tell("GUILD_ROLE_UPDATE", { guild_id: discord.guild.id, role: {} });
    await until(async () => (await paused("discord")) === 0);
    const posted = discord.world.nextMessage(discord.channel.id);
    await beat("2026-11-24T08:00:00Z");
    const text = visibleText(await posted);
    expect(text).toContain("DePIN digest · Tuesday, 24 November 2026");
    expect(text).toContain(
      "Admins: the digest at 09:00 (Europe/Vienna) was paused for a while, because I could not post it; it goes on now.",
    );
    const next = discord.world.nextMessage(discord.channel.id);
    await beat("2026-11-25T08:00:00Z");
    expect(visibleText(await next)).not.toContain("Admins:");
  });

  it("goes on when the bot is back in the server that had removed it", async () => {
    const { discord } = doors;
    await done(await discord.member("ann", { admin: true }).says("/subscribe 9 Vienna"));
    discord.channel.refuses = 50_001;
    discord.tell("GUILD_DELETE", { id: discord.guild.id });
    await beat("2026-11-23T08:00:00Z");
    expect(await paused("discord")).toBe(1);
    delete discord.channel.refuses;
    discord.tell("GUILD_CREATE", { id: discord.guild.id, joined_at: new Date(time).toISOString() });
    await until(async () => (await paused("discord")) === 0);
  });

  it("is told of at the next answer to an admin, once, where there is no other room", async () => {
    const { discord } = doors;
    const [ann, eve] = [discord.member("ann", { admin: true }), discord.member("eve")];
    await done(await ann.says("/subscribe 9 Vienna"));
    discord.channel.refuses = 50_013;
    await beat("2026-11-23T08:00:00Z");
    pass("2026-11-23T08:01:00Z");
    const hears = async (who: typeof ann) => {
      const exchange = await who.says("/status");
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    const news = "Admins: the digest at 09:00 (Europe/Vienna) is paused, because I cannot post it in its room any more.";
    expect(await hears(eve)).not.toContain("Admins:");
    expect(await hears(ann)).toContain(news);
    pass("2026-11-23T08:02:00Z");
    expect(await hears(ann)).not.toContain("Admins:");
  });

  it("goes on in a Telegram group that lets the bot write again, or that it wrote in again", async () => {
    const { telegram } = doors;
    const bob = telegram.user("bob", { admin: true });
    const group = telegram.group("DePIN friends");
    await bob.says(group, "/subscribe 9 Vienna");
    bob.silences(group);
    await beat("2026-11-23T08:00:00Z");
    expect(await paused("telegram")).toBe(1);
    bob.adds(group, "member");
    await until(async () => (await paused("telegram")) === 0);
    // What a group forbids to all its members, and then allows again, is told to no bot.
    group.bot = "restricted";
    await beat("2026-11-24T08:00:00Z");
    expect(await paused("telegram")).toBe(1);
    group.bot = "member";
    pass("2026-11-24T09:00:00Z");
    expect((await bob.says(group, "/status")).text).toContain("Admins: the digest at 09:00 (Europe/Vienna)");
    await until(async () => (await paused("telegram")) === 0);
    const posted = group.next();
    await beat("2026-11-25T08:00:00Z");
    await posted;
  });

  it("goes on in a private chat once its member unblocks the bot", async () => {
    const { telegram } = doors;
    const carla = telegram.user("carla");
    await carla.says(carla.private, "/subscribe 9 Vienna");
    carla.blocks();
    await beat("2026-11-23T08:00:00Z");
    expect(await paused("telegram")).toBe(1);
    carla.unblocks();
    await until(async () => (await paused("telegram")) === 0);
    pass("2026-11-23T09:00:00Z");
    expect((await carla.says(carla.private, "/status")).text).toContain("The digest at 09:00 (Europe/Vienna) was paused for a while");
  });
});

describe("/digest", () => {
  it("says the same behind all three doors, keeps it, and shows where its numbers are from", async () => {
    for (const door of ["console", "discord", "telegram"] as const) {
      const ann = doors.speakers[door]("ann");
      expect((await ann.says("/digest")).text, door).toMatch(/DePIN digest · Sunday, 22 November 2026[\s\S]*|picture/);
      const receipts = await ann.says("/digest show=receipts");
      expect(receipts.text, door).toMatch(/DePIN sector market cap:?\s+\$10\.57 billion/);
      expect((await ann.says("/digest date=yesterday")).text, door).toContain("There is no digest of 2026-11-21 here.");
      expect((await ann.says("/digest date=2026-11-22")).text, door).not.toContain("undefined");
      expect((await ann.says("/digest date=soon")).text, door).toContain("is no date I can read");
    }
  });

  it("goes by the clock of the room's digest, and without one by the community's", async () => {
    const ann = doors.discord.member("ann", { admin: true });
    const says = async (line: string) => {
      const exchange = await ann.says(line);
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    await says("/settings timezone New York");
    expect(await says("/digest")).toContain("Sunday, 22 November 2026");
    // 18:00 in UTC is the next morning in Tokyo.
    await says("/subscribe 9 Tokyo");
    expect(await says("/digest")).toContain("Monday, 23 November 2026");
    expect(await says("/digest date=today")).toContain("As it was posted on 2026-11-23.");
    expect(await says("/digest date=yesterday")).toContain("As it was posted on 2026-11-22.");
  });

  it("shows where its own numbers are from, also after another one of the same day, and to its own community alone", async () => {
    const { discord } = doors;
    const [ann, eve] = [discord.member("ann", { admin: true }), discord.member("eve")];
    const first = await ann.says("/digest");
    await done(first);
    await done(await ann.says("/settings sections movers"));
    pass("2026-11-22T18:05:00Z");
    await done(await eve.says("/digest"));
    const pressed = await ann.press(first, "Where the numbers are from");
    await done(pressed);
    expect(pressed.visible.map(visibleText).join("\n")).toMatch(/Figures of the digest of 2026-11-22[\s\S]*DePIN sector market cap/);
    const newest = await ann.says("/digest show=receipts");
    await done(newest);
    expect(newest.visible.map(visibleText).join("\n")).not.toContain("DePIN sector market cap");

    const id = /of=([0-9a-f-]{36})/.exec(JSON.stringify(first.visible))?.[1];
    const foreign = await doors.speakers.telegram("ann").says(`/digest of=${id}`);
    expect(foreign.text).toContain("That digest is not kept here.");
  });

  it("shows a quote that its author has erased no more", async () => {
    const { discord } = doors;
    const [ann, eve] = [discord.member("ann"), discord.member("eve")];
    await done(await ann.says("/privacy quotable"));
    await done(await ann.says("/opinion latency It is far too slow for real work."));
    const first = await eve.says("/digest");
    await done(first);
    expect(first.visible.map(visibleText).join("\n")).toContain("far too slow for real work");
    const erase = await ann.says("/privacy erase");
    await done(erase);
    await done(await ann.press(erase, "Yes, erase everything"));
    const again = await eve.says("/digest date=2026-11-22");
    await done(again);
    const text = again.visible.map(visibleText).join("\n");
    expect(text).toContain("A quote stood here; it was taken back or erased.");
    expect(text).not.toContain("far too slow");
  });

  it("counts nobody any more who has erased what they said, also in the digests of earlier days", async () => {
    const { discord } = doors;
    const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) => discord.member(name, { admin: true }));
    if (ann === undefined || bob === undefined || eve === undefined) throw new TypeError("there are three");
    await done(await ann.says("/opinion latency It is far too slow for real work."));
    await done(await bob.says("/opinion latency Too slow for anything."));
    await done(await ann.says("/opinion market-size It will be huge."));
    const says = async (line: string) => {
      const exchange = await eve.says(line);
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    expect(await says("/digest")).toContain("Latency: 2 people, 2 disagree");
    pass("2026-11-25T18:00:00Z");
    expect(await says("/digest date=2026-11-22")).toMatch(/Latency: 2 people, 2 disagree\n/);
    const erase = await ann.says("/privacy erase");
    await done(erase);
    await done(await ann.press(erase, "Yes, erase everything"));
    const kept = await says("/digest date=2026-11-22");
    expect(kept).toContain("Latency: 1 person, 1 disagree (counted anew: something was erased or corrected since)");
    expect(kept).toContain("Market size: what was said here has been erased");
    expect(kept).not.toContain("2 people");
  });

  it("quotes nobody where the community does not want it, neither today nor from an earlier digest", async () => {
    const ann = doors.discord.member("ann", { admin: true });
    const says = async (line: string) => {
      const exchange = await ann.says(line);
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    await says("/privacy quotable");
    await says("/opinion latency It is far too slow for real work.");
    expect(await says("/digest")).toContain("far too slow for real work");
    await says("/settings quoting no");
    const kept = await says("/digest date=2026-11-22");
    expect(kept).toContain("A quote stood here; this community quotes nobody now.");
    expect(kept).not.toContain("far too slow");
    const today = await says("/digest");
    expect(today).toContain("Latency: 1 person, 1 disagree");
    expect(today).not.toMatch(/far too slow|A quote stood here/);
    await says("/settings quoting yes");
    expect(await says("/digest")).toContain("far too slow for real work");
  });
});

describe("a digest without any source", () => {
  it("is of August 2024, says so each time, and does not make the snapshot an answer of today", async () => {
    const offline = await openDoors({}, () => new Date(time));
    const ann = offline.speakers.console("ann");
    for (const minutes of [0, 11, 22]) {
      pass(new Date(Date.parse("2026-11-22T18:00:00Z") + minutes * 60_000).toISOString());
      const { text } = await ann.says("/digest");
      expect(text).toContain("The market figures are those of August 2024, not today's.");
      expect(text).toContain("Filecoin raw capacity 22.754 EiB (August 2024)");
    }
    expect((await ann.says("/digest show=receipts")).text).toMatch(/Bitcoin price\s+\$59,493\s+August 2024/);
    expect(await offline.app.storage.figures.latest()).toEqual([]);
    await offline.close();
  });
});

describe("settings", () => {
  it("change what the digest says, and say who changed what", async () => {
    const ann = doors.discord.member("ann", { admin: true });
    const says = async (line: string) => {
      const exchange = await ann.says(line);
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    expect(await says("/settings timezone Tokyo")).toContain("UTC → Asia/Tokyo");
    expect(await says("/settings sections -movers")).toContain("headline, networks, compute, pulse, since");
    expect(await says("/settings sections -weather")).toContain("It can be");
    expect(await says("/settings quoting maybe")).toContain("It can be yes or no");
    expect(await says("/settings retention 30")).toContain("30 days");
    expect(await says("/settings")).toMatch(/Time zone: Asia\/Tokyo[\s\S]*Last changes:[\s\S]*Time zone: UTC → Asia\/Tokyo, by admin/);
    expect(await says("/settings")).toMatch(/: What members say is kept: for ever → 30 days, by admin/);
    const digest = await says("/digest");
    // 18:00 in UTC is the next morning in Tokyo.
    expect(digest).toContain("Monday, 23 November 2026");
    expect(digest).not.toContain("Movers");
  });

  it("hold the assets that are followed, with a way back", async () => {
    const ann = doors.discord.member("ann", { admin: true });
    const shown = async (exchange: Awaited<ReturnType<typeof ann.says>>) => {
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    const off = await ann.says("/unwatch grass");
    expect(await shown(off)).toContain("This community does not follow Grass any more: its digest leaves it out.");
    expect((await ann.autocomplete("unwatch", "asset", "grass")).map(({ value }) => value)).not.toContain("grass");
    expect(await shown(await ann.says("/unwatch Grass"))).toContain("This community did not follow Grass; nothing has changed.");
    expect(await shown(await ann.press(off, "Undo"))).toContain("This community follows Grass from now on.");
    expect(await shown(await ann.says("/unwatch moonbeam"))).toContain("This community follows nothing called “moonbeam”.");
    expect(await shown(await ann.says("/settings"))).toMatch(
      /Grass: not followed → followed, by admin[\s\S]*Grass: followed → not followed/,
    );
  });

  it("are suggested for each setting what fits it", async () => {
    const ann = doors.discord.member("ann", { admin: true });
    const offered = async (setting: string, typed = "") =>
      (await ann.autocomplete("settings", "value", typed, { setting })).map(({ value }) => value);
    expect(await offered("language")).toEqual(["en"]);
    expect(await offered("audience")).toEqual(["newcomer", "investor", "builder"]);
    expect(await offered("timezone", "vien")).toContain("Europe/Vienna");
    expect(await offered("sections", "movers")).toEqual(["-movers"]);
    expect(await offered("quoting")).toEqual(["yes", "no"]);
    expect(await offered("retention", "9")).toEqual(["90"]);
    await done(await ann.says("/settings sections -movers"));
    expect(await offered("sections", "movers")).toEqual(["+movers"]);
    expect(await ann.autocomplete("settings", "value", "vien")).toEqual([]);
  });

  it("know the languages that are built in, and say which where another one is wanted", async () => {
    const ann = doors.speakers.telegram("ann");
    expect((await ann.says("/settings language English")).text).toContain("It is like that already");
    const other = await ann.says("/settings language Deutsch");
    expect(other.text).toMatch(/“Deutsch” does not fit language\.\s+It can be English: no other is built in yet\./);
    expect((await ann.says("/settings")).text).toContain("Language: English");
  });

  it("that are stored as nothing that can be read count as undecided, and leave the others as they are", async () => {
    const ann = doors.discord.member("ann", { admin: true });
    const says = async (line: string) => {
      const exchange = await ann.says(line);
      await done(exchange);
      return exchange.visible.map(visibleText).join("\n");
    };
    await says("/settings timezone Tokyo");
    await says("/settings quoting no");
    await doors.app.storage.session.executeSql("UPDATE setting SET value = 'Asia/Tok' WHERE name = 'zone'");
    expect(await says("/settings")).toMatch(/Time zone: UTC[\s\S]*Members are quoted, without a name: no/);
    await says("/settings retention 30");
    await doors.app.storage.session.executeSql("UPDATE setting SET value = 'soon' WHERE name = 'retentionDays'");
    expect(await doors.app.storage.settings.expire(new Date(time))).toBe(0);
  });

  it("that erase opinions say how many go, and wait for an admin's yes", async () => {
    const { telegram, app } = doors;
    const [ann, eve] = [telegram.user("ann", { admin: true }), telegram.user("eve")];
    const group = telegram.group("DePIN friends");
    await eve.says(group, "/opinion latency It is far too slow for real work.");
    pass("2026-12-22T18:00:01Z");
    await eve.says(group, "/opinion compute-pricing It is cheap enough.");
    expect((await ann.says(group, "/settings retention 31")).text).toContain("for ever → 31 days");
    const asked = await ann.says(group, "/settings retention 30");
    expect(asked.text).toMatch(/^This erases 1 opinion of this community for good: what is older than 30 days\. Nothing has changed yet\./);
    expect((await ann.says(group, "/settings")).text).toContain("What members say is kept: 31 days");
    expect(await eve.press(asked, "Yes, erase what is older")).toMatchObject({ alert: true });
    expect((await ann.says(group, "/settings")).text).toContain("What members say is kept: 31 days");
    expect(await app.storage.settings.expire(new Date(time))).toBe(0);
    expect((await ann.press(asked, "Yes, erase what is older")).message?.text).toContain("31 days → 30 days");
    expect(await app.storage.settings.expire(new Date(time))).toBe(1);
    expect((await ann.says(group, "/settings retention 7 confirm=true")).text).toContain("30 days → 7 days");
    expect((await ann.says(group, "/settings retention forever")).text).toContain("7 days → for ever");
  });
});

/** Nothing is waiting or under way any more. */
async function settled(): Promise<void> {
  const { storage } = doors.app;
  for (;;) {
    const open = await Promise.all((["discord", "telegram"] as const).map((platform) => storage.deliveries.unsettled(platform)));
    if (open.flat().length === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
