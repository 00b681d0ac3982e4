/** Reports of runs at the three doors: told by form or in one line, corrected, counted, and gone with their author. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Doors, openDoors, type Seen, type Speaker } from "../support/doors.ts";

const start = new Date("2026-11-22T12:00:00Z");
let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({}, () => start);
});
afterAll(() => doors.close());

const answers = {
  Network: "akash",
  GPU: "H100",
  "How many GPUs": "2x8",
  "How long it ran": "3d",
  Interruptions: "3",
  "Checkpoints written": "140",
  "Checkpoints lost or corrupt": "1",
  "Resumed from a checkpoint": "2",
  "Time to recover": "15",
  Evidence: "https://example.org/log?run=1 @everyone",
};

const clean = ({ text }: Seen) => text.replaceAll("\u2060", "");

describe.each(["console", "discord", "telegram"] as const)("on %s", (door) => {
  const told = async (ann: Speaker, changed: Partial<typeof answers> = {}) => {
    await ann.says("/report");
    return ann.fills({ ...answers, ...changed });
  };

  it("a run is told by a form, read back, corrected in one place and erased", async () => {
    const ann = doors.speakers[door]("Ann");
    const done = await told(ann);
    expect(clean(done)).toContain("Akash: 16 × H100 on 2 nodes for 3 days, 3 interruptions (0.5 per node-day).");
    expect(clean(done)).toMatch(/140 checkpoints written, 1 lost, resumed 2 times\.\s+Working again after 15 min\.\s+Evidence: linked\./);
    expect(clean(done)).toContain("https://example.org/log?run=1 @everyone");
    expect(done.buttons).toEqual(["Correct", "Erase", "I only heard of it"]);
    await ann.presses("Correct");
    const asked = await ann.presses("Interruptions");
    expect(asked.form).toBe(true);
    const corrected = await ann.writes("6");
    expect(clean(corrected)).toMatch(/Corrected\.[\s\S]*6 interruptions \(1 per node-day\)/);
    expect(clean(await ann.says("/privacy"))).toContain("1 report of a run");
    await ann.says("/report change=choose");
    expect(clean(await ann.presses("22 Nov 2026: Akash, 16 × H100"))).toContain("Your report.");
    expect(clean(await ann.presses("Erase"))).toContain("Erased: this report is gone");
    expect(clean(await ann.says("/report change=choose"))).toContain("There is no such report of yours here.");
    expect(clean(await ann.says("/privacy"))).not.toContain("1 report of a run");
  });

  it("nonsense gets one sentence with what would be allowed, and nothing of the rest is lost", async () => {
    const ann = doors.speakers[door]("Ann");
    const refused = await ann.says("/report akash H100 2x8 3d 99999 140 1 2 15 heard");
    expect(clean(refused)).toMatch(
      /“99999” is no answer to “Interruptions”: How often a node of it stopped: 0 to 10,000\. Everything else that you typed is kept\./,
    );
    const done = await reopened(ann, refused, "3");
    expect(clean(done)).toMatch(
      /16 × H100 on 2 nodes for 3 days, 3 interruptions[\s\S]*140 checkpoints written, 1 lost[\s\S]*Evidence: heard\./,
    );
    expect(done.buttons).toEqual(["Correct", "Erase"]);
    expect(clean(await ann.presses("Erase"))).toContain("Erased");
  });

  it("what cannot be together is told too, and a run can be told without any checkpoint", async () => {
    const ann = doors.speakers[door]("Ann");
    const refused = await ann.says("/report akash H100 8 1h 2000");
    expect(clean(refused)).toMatch(/2000 interruptions are more than 1,000 a day on each node: for this run it must be 0 to 41\./);
    const done = await reopened(ann, refused, "41");
    expect(clean(done)).toMatch(
      /8 × H100 on 1 node for 60 min, 41 interruptions[\s\S]*Nothing said of checkpoints\.[\s\S]*Evidence: experienced\./,
    );
    await ann.presses("Erase");
  });

  /** Where no form can open by itself, a button opens it. */
  const reopened = async (ann: Speaker, refused: Seen, text: string) => {
    const [button] = refused.buttons;
    if (!refused.form && button !== undefined) await ann.presses(button);
    return ann.writes(text);
  };
});

describe("in a Telegram group", () => {
  it("a run is told in private, counts in the group, and nobody else can touch it", async () => {
    const { telegram } = doors;
    const [ann, bob] = [telegram.user("Ann"), telegram.user("Bob")];
    const group = telegram.group("Compute");
    const asked = await ann.says(group, "/report akash H100 8");
    expect(asked.text).toBe("I have an answer for you alone.");
    const link = asked.buttons[0]?.url ?? "";
    expect((await bob.opens(link)).text).toContain("This button is for the member it was made for.");
    let shown = await ann.opens(link);
    // What was typed in the group is not asked again.
    for (const answer of ["72", "2", "-", "15", "https://example.org/log"]) {
      expect(shown.forceReply).toBe(true);
      shown = await ann.replies(shown, answer);
    }
    expect(shown.text.replaceAll("\u2060", "")).toMatch(
      /Reported\.\nAkash: 8 × H100 on 1 node for 3 days, 2 interruptions[\s\S]*It counts in this community alone/,
    );
    // Nothing of it can be followed or pings anybody.
    expect(JSON.stringify(shown.entities)).not.toMatch(/"(?:url|mention)"/);
    expect((await bob.says(group, "/reliability")).text).toMatch(/Network: Akash · Reports: 1 · Interruptions per node-day: too few/);
    const erase = shown.buttons.find(({ label }) => label === "Erase")?.data ?? "";
    expect((await bob.pressData(shown, erase)).text).toContain("This button is for the member it was made for.");
    expect((await ann.press(shown, "Erase")).message?.text).toContain("Erased: this report is gone");
    expect((await bob.says(group, "/reliability")).text).toContain("Nobody here has reported a run yet.");
  });
});

describe("a member who wants nothing logged", () => {
  it("is told so, and reports nothing", async () => {
    const ann = doors.speakers.discord("Eve");
    await ann.says("/privacy optout");
    await ann.presses("Yes, never log me");
    expect((await ann.says("/report akash H100 8 72 2")).text).toContain("You have told me never to log anything of you, so I did not.");
  });
});
