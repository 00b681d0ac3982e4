/** How answers are acknowledged and shown, over a real gateway connection and real HTTP. */
import { afterEach, expect, test } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import { reply, text } from "../../../src/core/reply.ts";
import { buttonLabels, type Exchange, visibleText } from "../../support/fake-discord/index.ts";
import { type Bot, type BotOptions, latch, slowCommand, smallCommands, startBot } from "./bot.ts";

let bot: Bot;
const start = async (options?: BotOptions) => {
  bot = await startBot(options);
  return bot;
};

afterEach(async () => {
  await bot.stop();
  expect(bot.fake.world.violations).toEqual([]);
  expect(bot.fake.world.pinged).toEqual([]);
});

const texts = (exchange: Exchange) => exchange.visible.map(visibleText);
/** Who sees the newest message: everyone, or one person. */
const viewer = (exchange: Exchange) => exchange.visible.at(-1)?.viewer;

/** Waits a millisecond before it is announced, so that the test alone decides when the answer is ready. */
const impatient = { ackAfterMs: 1, lastMomentMs: 1 };

test("a ready answer is given directly, in one step that everyone sees", async () => {
  const { fake } = await start();
  const answer = await fake.member("ann").slash("say", { words: "hello" });
  expect(answer.steps).toEqual(["reply"]);
  expect(texts(answer)).toEqual(["Said\nhello\nSmall print."]);
  expect(viewer(answer)).toBeNull();
});

test("an answer that takes longer is announced, then filled in", async () => {
  const gate = latch();
  const { fake } = await start({ commands: [slowCommand(gate)], timing: impatient });
  const answer = fake.member("ann").begin.slash("slow");
  await answer.until(() => answer.steps.includes("defer"));
  expect(answer.made[0]?.pending).toBe(true);
  gate.open();
  await answer.until(() => texts(answer).includes("Done at last."));
  expect(answer.made).toHaveLength(1);
});

test("progress is written into the announcement, and the answer comes last", async () => {
  const gate = latch();
  const { fake } = await start({ commands: [slowCommand(gate)], timing: impatient });
  const answer = fake.member("ann").begin.slash("slow");
  await answer.until(() => texts(answer).includes("Looking it up"));
  gate.open();
  await answer.until(() => texts(answer).includes("Done at last."));
  expect(answer.steps).toEqual(["defer", "edit", "edit"]);
});

test("progress is shown at most once per interval, and then the newest", async () => {
  const gate = latch();
  const command = slowCommand(gate, {
    async run({ progress }) {
      for (let i = 1; i <= 50; i++) progress(`Step ${i}`);
      await gate.pass();
      for (let i = 51; i <= 99; i++) progress(`Step ${i}`);
      return reply(text("Done at last."));
    },
  });
  const { fake } = await start({ commands: [command], timing: { ...impatient, progressEveryMs: 60_000 } });
  const answer = fake.member("ann").begin.slash("slow");
  await answer.until(() => texts(answer).includes("Step 50"));
  gate.open();
  await answer.until(() => texts(answer).includes("Done at last."));
  expect(answer.steps).toEqual(["defer", "edit", "edit"]);
});

test("the answer comes below where somebody has deleted the announcement, and nothing more is written into it", async () => {
  const [gate, more] = [latch(), latch()];
  const command = slowCommand(gate, {
    async run({ progress }) {
      progress("One");
      await gate.pass();
      progress("Two");
      await more.pass();
      for (let i = 0; i < 5; i++) progress(`More ${i}`);
      return reply(text("Done at last."));
    },
  });
  const { fake } = await start({ commands: [command], timing: { ...impatient, progressEveryMs: 1 } });
  const answer = fake.member("ann").begin.slash("slow");
  await answer.until(() => texts(answer).includes("One"));
  if (answer.original !== null) answer.original.deleted = true;
  const patches = () => fake.world.requests.filter(({ method }) => method === "PATCH").length;
  gate.open();
  await expect.poll(patches).toBe(2);
  more.open();
  await answer.until(() => texts(answer).includes("Done at last."));
  expect(answer.steps).toEqual(["defer", "edit", "follow_up"]);
  // The first note, the one that failed, and the answer.
  expect(patches()).toBe(3);
});

test.each(["hang", "cut", "lost", "half", { status: 500, body: {} }] as const)(
  "progress that meets trouble (%j) does not keep the answer",
  async (fault) => {
    const gate = latch();
    const { fake } = await start({ commands: [slowCommand(gate)], timing: { ...impatient, progressMs: 100 } });
    fake.fail({ method: "PATCH", path: "original", fault });
    const answer = fake.member("ann").begin.slash("slow");
    await expect.poll(() => fake.world.requests.filter(({ method }) => method === "PATCH").length).toBeGreaterThan(0);
    gate.open();
    await answer.until(() => texts(answer).includes("Done at last."));
    expect(answer.made).toHaveLength(1);
  },
);

test("a note that is written after the answer, because it was long on its way, does not stay in its place", async () => {
  const gate = latch();
  const { fake } = await start({ commands: [slowCommand(gate)], timing: { ...impatient, progressMs: 50 } });
  fake.fail({ method: "PATCH", path: "original", fault: "hang" });
  const answer = fake.member("ann").begin.slash("slow");
  await expect.poll(() => fake.world.requests.filter(({ method }) => method === "PATCH").length).toBeGreaterThan(0);
  gate.open();
  await answer.until(() => texts(answer).includes("Done at last."));
  answer.edit({ content: "Looking it **up**", embeds: [], components: [], attachments: [], allowed_mentions: { parse: [] } }, []);
  expect(texts(answer)).toEqual(["Looking it up"]);
  await answer.until(() => texts(answer).includes("Done at last."));
  expect(answer.made).toHaveLength(1);
});

test("progress that is longer than a plain message is shown all the same", async () => {
  const gate = latch();
  const words = "A sentence of it. ".repeat(140).trim();
  const command = slowCommand(gate, {
    async run({ progress }) {
      progress(words);
      await gate.pass();
      return reply(text("Done at last."));
    },
  });
  const { fake } = await start({ commands: [command], timing: impatient });
  const answer = fake.member("ann").begin.slash("slow");
  await answer.until(() => texts(answer).includes(words));
  gate.open();
  await answer.until(() => texts(answer).includes("Done at last."));
});

test("an error is for the member only, in plain words with what to do next", async () => {
  const { fake } = await start();
  const answer = await fake.member("ann").slash("fail");
  expect(texts(answer)).toEqual(["This failed on purpose.\nTry /say instead."]);
  expect(viewer(answer)).toBe(answer.user.id);
});

test("a late error takes the public announcement away and tells the member alone", async () => {
  const gate = latch();
  const command = slowCommand(gate, {
    async run() {
      await gate.pass();
      throw new UserError("late", "Too late for that.");
    },
  });
  const { fake } = await start({ commands: [command], timing: impatient });
  const answer = fake.member("ann").begin.slash("slow");
  await answer.until(() => answer.steps.includes("defer"));
  expect(answer.made[0]?.viewer).toBeNull();
  gate.open();
  await answer.until(() => texts(answer).length > 0);
  expect(answer.steps).toEqual(["defer", "delete", "follow_up"]);
  expect(texts(answer)).toEqual(["Too late for that."]);
  expect(viewer(answer)).toBe(answer.user.id);
  expect(fake.world.visibleIn(fake.channel.id)).toEqual([]);
});

test("a private command is announced and answered for the member only", async () => {
  const gate = latch();
  const { fake } = await start({ commands: [slowCommand(gate, { visibility: "private" })], timing: impatient });
  const answer = fake.member("ann").begin.slash("slow");
  await answer.until(() => answer.steps.includes("defer"));
  expect(answer.made[0]?.viewer).toBe(answer.user.id);
  gate.open();
  await answer.until(() => texts(answer).includes("Done at last."));
  expect(answer.made).toHaveLength(1);
  expect(viewer(answer)).toBe(answer.user.id);
});

test("a long answer comes in several messages, in order, all as private as the first", async () => {
  const long = smallCommands.find((c) => c.info.name === "long");
  if (long === undefined) throw new Error("no long command");
  const { fake } = await start({ commands: [{ ...long, info: { ...long.info, visibility: "private" } }] });
  const answer = await fake.member("ann").slash("long");
  await answer.until(() => texts(answer).join("\n").includes("Part 11"));
  expect(answer.steps.slice(0, 2)).toEqual(["reply", "follow_up"]);
  expect(answer.visible.every((m) => m.viewer === answer.user.id)).toBe(true);
  const whole = texts(answer).join("\n");
  expect([...whole.matchAll(/Part (\d+)\./g)].map((m) => Number(m[1]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(whole.match(/A sentence of it\./g)).toHaveLength(12 * 60);
});

test("a file is attached, and its name made safe", async () => {
  const { fake } = await start();
  const answer = await fake.member("ann").slash("export");
  const [message] = answer.visible;
  expect(message?.files.map((f) => [f.name, f.mime, new TextDecoder().decode(f.content)])).toEqual([
    ["your_data.json", "application/json", '{"a":1}'],
  ]);
});

test("in the chat with the bot nothing is ephemeral, because everything there is private", async () => {
  const { fake } = await start();
  const ann = fake.member("ann", fake.privateChat());
  expect(viewer(await ann.slash("secret"))).toBeNull();
  expect(viewer(await ann.slash("fail"))).toBeNull();
});

test("a command that may need a form opens it at once", async () => {
  const { fake } = await start();
  const ann = fake.member("ann");
  const opened = await ann.slash("note", { subject: "work" });
  expect(opened.steps).toEqual(["modal"]);
  expect(opened.modal).toMatchObject({ title: "A note", components: [{ label: "What should I note down for you?" }] });
  const answer = await ann.submit(opened, "Buy **discs**, @everyone");
  expect(texts(answer)[0]).toContain("Noted: Buy **discs**, @everyone");
  expect(viewer(answer)).toBe(ann.user.id);
});

test("a command that may need a form is not announced after a second, so that the form still opens", async () => {
  const gate = latch();
  const note = smallCommands.find((c) => c.info.name === "note");
  if (note === undefined) throw new Error("no note command");
  const patient = { ...note, run: async (...args: Parameters<typeof note.run>) => gate.pass().then(() => note.run(...args)) };
  const { fake } = await start({ commands: [patient], timing: { ackAfterMs: 1, lastMomentMs: 60_000 } });
  const opened = fake.member("ann").begin.slash("note");
  await gate.reached;
  await new Promise((resolve) => setTimeout(resolve, 10));
  gate.open();
  await opened.answered();
  expect(opened.steps).toEqual(["modal"]);
});

test("the same command with all it needs is announced after a second like any other", async () => {
  const gate = latch();
  const note = smallCommands.find((c) => c.info.name === "note");
  if (note === undefined) throw new Error("no note command");
  const patient = { ...note, run: async (...args: Parameters<typeof note.run>) => gate.pass().then(() => note.run(...args)) };
  const others = smallCommands.filter((c) => c !== note);
  const { fake } = await start({ commands: [patient, ...others], timing: { ackAfterMs: 1, lastMomentMs: 60_000 } });
  const answer = fake.member("ann").begin.slash("note", { subject: "work", words: "Buy discs" });
  await answer.until(() => answer.steps.includes("defer"));
  gate.open();
  await answer.answered();
  expect(answer.visible.map(visibleText).join()).toContain("Noted: Buy discs");
});

test("a form with several fields is one modal; each keeps what stood in it, and one may be left empty", async () => {
  const { fake } = await start();
  const ann = fake.member("ann");
  const opened = await ann.slash("trip", { from: "Vienna" });
  expect(opened.modal?.components).toMatchObject([
    { label: "From", description: "A town", component: { style: 1, required: true, value: "Vienna", max_length: 40 } },
    { label: "To", component: { style: 1, required: false } },
  ]);
  const answer = await ann.submit(opened, {});
  expect(texts(answer)).toEqual(["From Vienna to anywhere."]);
  expect(viewer(answer)).toBe(ann.user.id);
  expect(texts(await ann.submit(opened, { From: "Graz", To: "Rome" }))).toEqual(["From Graz to Rome."]);
});

test("a submitted form whose answer takes long is announced as privately as its command answers", async () => {
  const gate = latch();
  const note = smallCommands.find((c) => c.info.name === "note");
  if (note === undefined) throw new Error("no note command");
  const slow = {
    ...note,
    async run(...args: Parameters<typeof note.run>) {
      if (args[1].words !== undefined) await gate.pass();
      return note.run(...args);
    },
  };
  const others = smallCommands.filter((c) => c !== note);
  const { fake } = await start({ commands: [slow, ...others], timing: { ackAfterMs: 1, lastMomentMs: 60_000 } });
  const ann = fake.member("ann");
  const answer = ann.begin.submit(await ann.slash("note", { subject: "work" }), "Buy discs");
  await answer.until(() => answer.steps.includes("defer"));
  expect(answer.made[0]?.viewer).toBe(ann.user.id);
  gate.open();
  await answer.answered();
  expect(answer.made).toHaveLength(1);
});

test("past the last moment a form becomes a button that opens it", async () => {
  const gate = latch();
  const note = smallCommands.find((c) => c.info.name === "note");
  if (note === undefined) throw new Error("no note command");
  let first = true;
  const late = {
    ...note,
    async run(...args: Parameters<typeof note.run>) {
      if (first) await gate.pass();
      first = false;
      return note.run(...args);
    },
  };
  const { fake } = await start({
    commands: [late, ...smallCommands.filter((c) => c !== note)],
    timing: { ackAfterMs: 1, lastMomentMs: 150 },
  });
  const ann = fake.member("ann");
  const answer = ann.begin.slash("note", { subject: "work" });
  await answer.until(() => answer.steps.includes("defer"));
  gate.open();
  await answer.answered();
  const [message] = answer.visible;
  if (message === undefined) throw new Error("nothing to see");
  expect(buttonLabels(message)).toEqual(["A note"]);
  const opened = await ann.press(message, "A note");
  expect(opened.steps).toEqual(["modal"]);
  expect(texts(await ann.submit(opened, "Still works"))[0]).toContain("Noted: Still works");
});

test("autocomplete offers what fits into Discord's lengths: long labels shortened, long values left out", async () => {
  const { fake } = await start();
  const choices = await fake.member("ann").autocomplete("say", "words", "he");
  expect(choices).toHaveLength(24);
  expect(choices[0]?.name).toHaveLength(100);
  expect(choices.map((c) => c.value)).not.toContain("v".repeat(101));
});

test("autocomplete of a command without suggestions offers nothing", async () => {
  const { fake } = await start();
  expect(await fake.member("ann").autocomplete("note", "subject", "x")).toEqual([]);
});

test("a button that updates replaces its message in place", async () => {
  const { fake } = await start();
  const ann = fake.member("ann");
  const answer = await ann.slash("count");
  const [message] = answer.visible;
  const more = await ann.press(answer, "More");
  expect(more.steps).toEqual(["update"]);
  expect(more.visible).toEqual([message]);
  expect(texts(more)).toEqual(["Now at 1."]);
  expect(texts(await ann.press(answer, "More"))).toEqual(["Now at 2."]);
});

test("an error behind an updating button leaves the message alone and is for the member only", async () => {
  const { fake } = await start();
  const ann = fake.member("ann");
  const answer = await ann.slash("count");
  const failed = await ann.press(answer, "Fail");
  expect(failed.steps).toEqual(["reply"]);
  expect(texts(failed)).toEqual(["This failed on purpose.\nTry /say instead."]);
  expect(viewer(failed)).toBe(ann.user.id);
  expect(texts(answer)).toEqual(["Now at 0."]);
});

test("a slow updating button changes its message later, without an announcement", async () => {
  const count = smallCommands.find((c) => c.info.name === "count");
  if (count === undefined) throw new Error("no count command");
  const gate = latch();
  let calls = 0;
  const slow = {
    ...count,
    async run(...args: Parameters<typeof count.run>) {
      if (++calls === 2) await gate.pass();
      return count.run(...args);
    },
  };
  const { fake } = await start({ commands: [slow, ...smallCommands.filter((c) => c !== count)], timing: { ackAfterMs: 50 } });
  const ann = fake.member("ann");
  const answer = await ann.slash("count");
  const more = ann.begin.press(answer, "More");
  await more.until(() => more.steps.includes("defer_update"));
  expect(texts(answer)).toEqual(["Now at 0."]);
  gate.open();
  await more.until(() => texts(more).includes("Now at 1."));
  expect(more.steps).toEqual(["defer_update", "edit"]);
});

test("only the member whose button it is may press it", async () => {
  const { fake } = await start();
  const answer = await fake.member("ann").slash("count");
  const pressed = await fake.member("bob").press(answer, "Fail");
  expect(texts(pressed)[0]).toContain("for the member it was made for");
  expect(viewer(pressed)).toBe(pressed.user.id);
});

test("a forged or expired button is answered calmly", async () => {
  const { fake } = await start();
  const ann = fake.member("ann");
  const answer = await ann.slash("count");
  const [message] = answer.visible;
  if (message === undefined) throw new Error("nothing to see");
  for (const id of ["o#nobody-made-this", "nonsense", "ou:no_such_command", "pu#x~2"]) {
    const forged = await ann.forge(id, message).answered();
    expect(texts(forged)[0]).toContain("no longer valid");
    expect(viewer(forged)).toBe(ann.user.id);
  }
});

test("commands for admins obey Manage Server at the moment they run", async () => {
  const { fake } = await start();
  expect(texts(await fake.member("ann").slash("admin"))[0]).toContain("for the admins of this place");
  expect(texts(await fake.member("eve", { admin: true }).slash("admin"))[0]).toContain("You administer this place.");
  expect(texts(await fake.member("ann", fake.privateChat()).slash("admin"))[0]).toContain("You administer this place.");
  expect(texts(await fake.member("eve", { ...fake.foreignServer(), admin: true }).slash("admin"))[0]).toContain("for the admins");
});

test("the first admin of a server is greeted once, in private, below the answer", async () => {
  const { fake, rooms } = await start();
  const [ann, eve, bob] = [fake.member("ann"), fake.member("eve", { admin: true }), fake.member("bob", { admin: true })];
  await ann.slash("say", { words: "hello" });
  expect(rooms).toEqual([]);
  const first = await eve.slash("say", { words: "hello" });
  await first.until(() => first.visible.length === 2);
  expect(texts(first)[1]).toContain("Here is how to begin.");
  expect(viewer(first)).toBe(eve.user.id);
  const second = await bob.slash("say", { words: "hello" }).then((e) => e.settled());
  expect(second.visible).toHaveLength(1);
  expect(rooms).toEqual([`greet discord:${fake.guild.id}`]);
});

test("an admin who begins with /start needs no greeting, and later ones get none either", async () => {
  const { fake } = await start();
  const eve = fake.member("eve", { admin: true });
  const started = await eve.slash("start").then((e) => e.settled());
  expect(started.visible).toHaveLength(1);
  expect((await eve.slash("say", { words: "x" }).then((e) => e.settled())).visible).toHaveLength(1);
});

test("two buttons that do the same thing can stand in one message", async () => {
  const twins = slowCommand(latch(), {
    name: "twins",
    examples: ["/twins"],
    run: () => ({
      blocks: [{ kind: "buttons", buttons: ["One", "Two"].map((label) => ({ label, command: "start", args: {} })) }],
    }),
  });
  const { fake } = await start({ commands: [twins, ...smallCommands] });
  const ann = fake.member("ann");
  const answer = await ann.slash("twins");
  expect(texts(await ann.press(answer, "Two"))[0]).toContain("Welcome");
});

test("while the bot stops, new questions are told to come back", async () => {
  const gate = latch();
  const { fake, platform } = await start({
    commands: [slowCommand(gate), ...smallCommands],
    timing: { ackAfterMs: 60_000, graceMs: 60_000 },
  });
  const ann = fake.member("ann");
  const waiting = ann.begin.slash("slow");
  await gate.reached;
  const stopped = platform.stop();
  expect(texts(await ann.slash("say", { words: "hello" }))).toEqual(["I am being restarted. Please try again in a moment."]);
  gate.open();
  await stopped;
  expect(texts(waiting)).toEqual(["Done at last."]);
});

test("a command that does not end is told to, and says so before the bot leaves", async () => {
  const gate = latch();
  const { fake, platform } = await start({ commands: [slowCommand(gate)], timing: { ackAfterMs: 60_000, graceMs: 10 } });
  const waiting = fake.member("ann").begin.slash("slow");
  await gate.reached;
  await platform.stop();
  expect(texts(waiting)[0]).toContain("I am being restarted, and cannot say whether this was done.");
});
