/** One conversation, three doors: the same member says the same, and must be told the same. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foundingComments } from "../../src/app/demo.ts";
import { postgresUrl } from "../support/database.ts";
import { type Doors, openDoors, type Seen, type Speaker, wordsOf } from "../support/doors.ts";

/** Each step: what ann does, and what she must see in it. */
const steps: readonly (readonly [string, (ann: Speaker) => Promise<Seen>, RegExp])[] = [
  ["says /start", (ann) => ann.says("/start"), /Hello, I am Depinion/],
  ["says /explain depin", (ann) => ann.says("/explain depin"), /Decentralised Physical Infrastructure Networks/],
  ["presses For investors", (ann) => ann.presses("For investors"), /about \$19 billion \(August 2024, receipt [a-z2-9]{8}\)/],
  ["misspells a term", (ann) => ann.says("/explain proof of covarage for=builder"), /I took “proof of covarage” as Proof of coverage\./],
  ["asks for something unknown", (ann) => ann.says("/explain zzyzx"), /I do not have anything on “zzyzx”/],
  ["says /market", (ann) => ann.says("/market"), /about \$19 billion.*August 2024/s],
  ["asks for one asset", (ann) => ann.says("/market filecoin"), /about \$2 billion/],
  ["asks what a network reports", (ann) => ann.says("/network filecoin"), /Its sources are turned off.*22\.754 EiB/s],
  ["asks for all of them", (ann) => ann.presses("All networks"), /Render publishes no documented statistics/],
  ["asks where a figure came from", (ann) => ann.says("/why vh4npiy5"), /22\.754/],
  ["says /topics", (ann) => ann.says("/topics"), /Decentralised compute is cheaper than the big clouds/],
  ["opens the form", (ann) => ann.says("/opinion latency"), /What do you think\?/],
  ["fills it in", (ann) => ann.writes("slow, and *uneven* @everyone"), /Logged on Latency, read as: disagrees/],
  ["corrects the reading", (ann) => ann.presses("Mixed"), /Noted: mixed/],
  ["logs what she thinks", (ann) => ann.says(`/opinion compute-pricing ${foundingComments[3]?.text}`), /read as: agrees/],
  ["lets herself be quoted", (ann) => ann.presses("You may quote me"), /You may be quoted now, without a name/],
  ["sees what everyone thinks", (ann) => ann.says("/sentiment compute-pricing"), /hard agree on the pricing point/],
  ["names no topic", (ann) => ann.says("/opinion"), /Which topic is this about\?/],
  ["asks for an unknown topic", (ann) => ann.says("/sentiment pizza"), /There is no topic “pizza”/],
  ["asks how a command works", (ann) => ann.says("/help opinion"), /Usage: \/opinion \[topic\] \[text\]/],
  ["mistypes a command's name", (ann) => ann.says("/help explan"), /There is no command “\/explan”\.\s+Did you mean \/help explain\?/],
  ["looks at her data", (ann) => ann.says("/privacy"), /2 opinions/],
  ["exports them", (ann) => ann.presses("Export as JSON"), /Your data as JSON/],
  [
    "wants them erased",
    (ann) => ann.says("/privacy erase"),
    /This deletes for good what is yours in every community on this platform: 2 opinions/,
  ],
  ["confirms", (ann) => ann.presses("Yes, erase everything"), /Erased: 2 opinions/],
  [
    "sees that nobody has said anything",
    (ann) => ann.says("/sentiment compute-pricing"),
    /Nobody here has said anything about this in the last 30 days/,
  ],
];

describe.each([
  ["PGlite", async () => ({})],
  ["PostgreSQL", async () => ({ DATABASE_URL: await postgresUrl(), MEMBER_KEY: "k".repeat(32) })],
])("one conversation at three doors, on %s", (_, settings) => {
  let doors: Doors;
  beforeAll(async () => {
    doors = await openDoors(await settings());
  });
  afterAll(() => doors.close());

  const told: Record<string, Seen[]> = {};

  it.each(["console", "discord", "telegram"] as const)("is understood on %s", async (door) => {
    const ann = doors.speakers[door]("Ann");
    const seen: Seen[] = [];
    for (const [what, act, wanted] of steps) {
      const answer = await act(ann);
      expect(answer.text, `${door}: ann ${what}`).toMatch(wanted);
      // An id is chance: some hold three such letters.
      expect(answer.text.replace(/"custom_id":"[^"]*"/g, ""), `${door}: ann ${what}`).not.toMatch(/undefined|NaN|\[object|null/);
      seen.push(answer);
    }
    told[door] = seen;
  });

  it.each(["discord", "telegram"])("is answered with the same words and buttons on %s as on the console", (door) => {
    for (const [index, [what]] of steps.entries()) {
      const [here, there] = [told[door]?.[index], told.console?.[index]];
      if (here === undefined || there === undefined) throw new Error("the conversation was not held");
      // Forms and files look different by nature: a dialog, a question to reply to, a prompt; an attachment, a path.
      if (there.form || what === "exports them") continue;
      expect(wordsOf(here), `ann ${what}`).toEqual(wordsOf(there));
      expect(here.buttons, `ann ${what}`).toEqual(there.buttons);
    }
  });

  it("no token and no opinion is in the log", () => {
    const log = doors.log();
    expect(log).not.toContain(doors.discord.token);
    expect(log).not.toContain(doors.telegram.token);
    expect(log).not.toContain("hard agree");
  });
});

describe("the same over HTTP, where Discord and Telegram post", () => {
  let doors: Doors;
  beforeAll(async () => {
    doors = await openDoors({}, undefined, { posted: true });
  });
  afterAll(() => doors.close());

  const few = [
    "says /explain depin",
    "presses For investors",
    "opens the form",
    "fills it in",
    "corrects the reading",
    "looks at her data",
  ];
  const short = steps.filter(([what]) => few.includes(what));

  it.each(["discord", "telegram"] as const)("is understood on %s", async (door) => {
    const ann = doors.speakers[door]("Ann");
    expect(short).toHaveLength(few.length);
    for (const [what, act, wanted] of short) {
      const answer = await act(ann);
      const counted = what === "looks at her data" ? /1 opinion/ : wanted;
      expect(answer.text, `${door}: ann ${what}`).toMatch(counted);
    }
  });

  it("and by no other way", () => {
    expect(doors.telegram.callsOf("getUpdates")).toEqual([]);
    expect(doors.discord.endpoint.sent.length).toBeGreaterThanOrEqual(few.length);
    expect(doors.log()).not.toContain(doors.telegram.poster.settings?.secret);
  });
});
