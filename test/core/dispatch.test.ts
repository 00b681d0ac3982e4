import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ButtonStore, StoredButton } from "../../src/core/buttons.ts";
import { maxPayloadBytes, payloadKind } from "../../src/core/buttons.ts";
import { type Command, type CommandDefinition, defineCommand } from "../../src/core/command.ts";
import type { Input, Invocation, Quoted, Room } from "../../src/core/context.ts";
import { createDispatch, type DispatchDeps } from "../../src/core/dispatch.ts";
import { DefinitionError, UpstreamError, UserError } from "../../src/core/errors.ts";
import { communityId, memberId, roomId } from "../../src/core/ids.ts";
import { plainText } from "../../src/core/markup.ts";
import { type Answer, buttons, fieldsForm, form, reply, text } from "../../src/core/reply.ts";

const ann = memberId("ann");
const bob = memberId("bob");
const group: Room = { id: roomId("telegram", "-1"), community: communityId("telegram", "-1"), kind: "public", privateAnswers: false };
const elsewhere: Room = { ...group, id: roomId("telegram", "-2"), community: communityId("telegram", "-2") };
const direct: Room = {
  id: roomId("telegram", "5"),
  community: communityId("telegram", "private:ann"),
  kind: "private",
  privateAnswers: true,
};

const define = <A extends z.ZodObject>(
  d: Partial<CommandDefinition<null, A>> & Pick<CommandDefinition<null, A>, "name" | "args" | "run">,
) => defineCommand<null, A>({ summary: "A command", examples: [`/${d.name}`], access: "everyone", visibility: "public", ...d });

const word = z.string().trim().min(1).max(20).describe("A word");
const echo = define({ name: "echo", args: z.object({ word }), run: ({ room }, { word }) => reply(text(`${word} in ${room.community}`)) });

function setup(commands: readonly Command<null>[], overrides: Partial<DispatchDeps<null>> = {}) {
  const logged: { level: string; fields: object; message: string }[] = [];
  const stored = new Map<string, StoredButton>();
  const store: ButtonStore = {
    async save(list) {
      for (const button of list) stored.set(button.id, button);
    },
    async find(id, now) {
      const button = stored.get(id);
      return button === undefined || button.expiresAt <= now ? null : button;
    },
    async sweep() {
      return 0;
    },
  };
  const log = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  const dispatch = createDispatch<null>({
    commands,
    services: null,
    buttons: store,
    limiter: { admit: async () => {} },
    log: { info: log("info"), warn: log("warn"), error: log("error") },
    now: () => new Date("2026-11-22T12:00:00Z"),
    closest: (typed, names) => names.find((name) => name[0] === typed[0]),
    recognise: async () => {},
    ...overrides,
  });
  const ask = (
    input: Input,
    options: { member?: typeof ann; room?: Room; admin?: boolean; person?: boolean; replyTo?: Quoted; signal?: AbortSignal } = {},
  ): Promise<Answer> => {
    const { member = ann, room = group, admin = false, person = true, replyTo, signal } = options;
    const invocation: Invocation = {
      platform: "telegram",
      input,
      actor: { member, former: [], person, isAdmin: async () => admin },
      room,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(signal === undefined ? {} : { signal }),
    };
    return dispatch.answer(invocation, () => {});
  };
  const type = (line: string, options?: Parameters<typeof ask>[1]) => {
    const [command = "", ...rest] = line.split(" ");
    return ask({ kind: "text", command, line: rest.join(" ") }, options);
  };
  return { ask, type, logged, stored, dispatch };
}

const seen = (answer: Answer): string => answer.blocks.map((b) => (b.kind === "text" ? plainText(b.text) : `[${b.kind}]`)).join("\n");
const button = (answer: Answer, label: string) => {
  for (const block of answer.blocks) if (block.kind === "buttons") for (const b of block.buttons) if (b.label === label) return b;
  throw new Error(`no button ${label}`);
};
const press = (answer: Answer, label: string): Input => ({ kind: "button", payload: button(answer, label).payload });

describe("a typed command", () => {
  const { type, logged } = setup([
    echo,
    define({ name: "secret", args: z.object({}), access: "admin", run: () => reply(text("for admins")) }),
  ]);

  it("runs with its checked arguments", async () => {
    expect(seen(await type("echo hello"))).toBe("hello in telegram:-1");
  });
  it("is refused in English where it cannot be read which language the community has chosen", async () => {
    const broken = setup([echo], { language: () => Promise.reject(new Error("the database is down")) });
    expect(seen(await broken.type("ecko hello"))).toContain("I do not know the command “/ecko”.");
    expect(seen(await broken.type("echo hello"))).toBe("hello in telegram:-1");
  });
  it("an unknown command is answered with what was probably meant", async () => {
    const answer = await type("ecko hello");
    expect(seen(answer)).toBe("I do not know the command “/ecko”.\nDid you mean /echo? /help lists what I can do.");
    expect(answer).toMatchObject({ private: true, error: "unknown_command" });
  });
  it("a missing argument is named, with usage and an example", async () => {
    expect(seen(await type("echo"))).toBe("word is missing: a word.\nUsage: /echo <word>\nExample: /echo");
  });
  it("an argument of zero-width characters counts as missing", async () => {
    expect(seen(await type("echo \u200b\u2060"))).toMatch(/^word is missing/);
  });
  it("an argument that is not needed is never said to be missing, and may be left out where it is empty", async () => {
    const maybe = define({ name: "maybe", args: z.object({ word: word.optional() }), run: () => reply(text("fine")) });
    const { type: say } = setup([maybe]);
    expect(seen(await say('maybe ""'))).toBe("word is empty: say something, or leave it out.\nUsage: /maybe [word]\nExample: /maybe");
    expect(seen(await say("maybe"))).toBe("fine");
  });
  it("a long argument is told its limit and its length", async () => {
    expect(seen(await type(`echo ${"x".repeat(100_000)}`))).toMatch(/^word may have at most 20 characters, and yours has 100000\./);
  });
  it("an admin command refuses others and serves admins", async () => {
    expect((await type("secret")).error).toBe("admin_only");
    expect(seen(await type("secret", { admin: true }))).toBe("for admins");
  });
  it("what a person typed never reaches the log", async () => {
    await type("echo my-secret-remark-that-is-too-long");
    await type("my-secret-command");
    expect(JSON.stringify(logged)).not.toContain("my-secret");
  });
});

describe("an error", () => {
  const boom = (error: unknown) => define({ name: "boom", args: z.object({}), run: () => Promise.reject(error) });

  it("that the person can mend is shown with its hint, and logged by its code", async () => {
    const { type, logged } = setup([boom(new UserError("too_odd", { message: "That is **odd**.", hint: "Try even." }))]);
    expect(seen(await type("boom"))).toBe("That is odd.\nTry even.");
    expect(logged).toEqual([{ level: "info", fields: { platform: "telegram", command: "boom", code: "too_odd" }, message: "refused" }]);
  });
  it("of a service names it, with a reference that the log repeats", async () => {
    const { type, logged } = setup([boom(new UpstreamError("CoinGecko", "timeout"))]);
    const reference = /^CoinGecko did not answer in time\. Ref ([0-9a-f]{8})$/.exec(seen(await type("boom")))?.[1];
    expect(reference).toBeDefined();
    expect(logged).toMatchObject([{ level: "warn", fields: { service: "CoinGecko", kind: "timeout", reference } }]);
  });
  it("of ours shows nothing but a reference", async () => {
    const { type, logged } = setup([boom(new Error("password=hunter2"))]);
    const answer = await type("boom");
    expect(seen(answer)).toMatch(/^Something went wrong on my side\..* Ref [0-9a-f]{8}$/);
    expect(logged[0]?.level).toBe("error");
  });
  it("work that outlasts its deadline is given up", async () => {
    const { type } = setup([define({ name: "slow", deadlineMs: 5, args: z.object({}), run: () => new Promise(() => {}) })]);
    expect(seen(await type("slow"))).toMatch(/^This took too long/);
  });
  it("a stopping platform ends the work", async () => {
    const stop = new AbortController();
    const { type } = setup([define({ name: "slow", args: z.object({}), run: () => new Promise(() => stop.abort()) })]);
    expect((await type("slow", { signal: stop.signal })).error).toBe("stopped");
  });
  it("the cool-down is one like any other", async () => {
    const { type } = setup([echo], { limiter: { admit: () => Promise.reject(new UserError("slow_down", "Please wait 3 seconds.")) } });
    expect(seen(await type("echo hello"))).toBe("Please wait 3 seconds.");
  });
});

describe("a button", () => {
  const menu = define({
    name: "menu",
    args: z.object({}),
    run: () =>
      reply(
        buttons([
          { label: "Anyone", command: "echo", args: { word: "hi" } },
          { label: "Mine", command: "echo", args: { word: "mine" }, for: "author" },
          { label: "Long", command: "echo", args: { word: "ä".repeat(20) } },
          { label: "Replace", command: "echo", args: { word: "new" }, update: true },
        ]),
      ),
  });
  const { type, ask, stored } = setup([echo, menu]);

  it("that binds nobody and is short needs no storage", async () => {
    const answer = await type("menu");
    expect(button(answer, "Anyone").payload).toBe("o:echo?word=hi");
    expect(seen(await ask(press(answer, "Anyone"), { member: bob, room: elsewhere }))).toBe("hi in telegram:-2");
  });
  it("fits every platform, however long its arguments are", async () => {
    const answer = await type("menu");
    for (const block of answer.blocks)
      if (block.kind === "buttons")
        for (const { payload } of block.buttons) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(maxPayloadBytes);
    expect(seen(await ask(press(answer, "Long")))).toBe(`${"ä".repeat(20)} in telegram:-1`);
  });
  it("that is stored cannot be guessed: 120 random bits, new each time, and one letter off means nothing", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => type("menu")));
    const payloads = answers.map((answer) => button(answer, "Mine").payload);
    expect(payloads.filter((payload) => !/^o#[\w-]{20}$/.test(payload))).toEqual([]);
    expect(new Set(payloads).size).toBe(payloads.length);
    // Nothing of an id is the same in all of them: no counter, no clock, no name.
    for (let at = 2; at < 22; at++) expect(new Set(payloads.map((payload) => payload[at])).size).toBeGreaterThan(5);
    const [payload = ""] = payloads;
    const off = `${payload.slice(0, -1)}${payload.endsWith("A") ? "B" : "A"}`;
    expect((await ask({ kind: "button", payload: off })).error).toBe("expired_button");
  });
  it("tells the platform how to acknowledge it", async () => {
    const answer = await type("menu");
    expect(payloadKind(button(answer, "Replace").payload)).toEqual({ manner: "open", update: true });
    expect(payloadKind("nonsense")).toBeNull();
  });
  it("of one member obeys nobody else", async () => {
    const answer = await type("menu");
    expect((await ask(press(answer, "Mine"), { member: bob })).error).toBe("not_yours");
    expect(seen(await ask(press(answer, "Mine")))).toBe("mine in telegram:-1");
  });
  it("in a block that a command gives to everybody is still each member's own", async () => {
    const [mine, anyones] = [
      buttons([{ label: "Mine", command: "echo", args: { word: "mine" }, for: "author" }]),
      buttons([{ label: "Anyone's", command: "echo", args: { word: "all" } }]),
    ];
    const shared = define({ name: "shared", args: z.object({}), run: () => reply(mine, anyones) });
    const house = setup([echo, shared]);
    const [forAnn, forBob] = [await house.type("shared"), await house.type("shared", { member: bob })];
    expect(seen(await house.ask(press(forAnn, "Mine")))).toContain("mine in");
    expect(seen(await house.ask(press(forBob, "Mine"), { member: bob }))).toContain("mine in");
    expect((await house.ask(press(forAnn, "Mine"), { member: bob })).error).toBe("not_yours");
    // What is the same for everyone stays the same object, so that a platform draws it once.
    expect(forBob.blocks[1]).toBe(forAnn.blocks[1]);
  });
  it("of one community means nothing in another, but keeps its meaning in a private chat", async () => {
    const answer = await type("menu");
    expect((await ask(press(answer, "Mine"), { room: elsewhere })).error).toBe("expired_button");
    expect(seen(await ask(press(answer, "Mine"), { room: direct }))).toBe("mine in telegram:-1");
  });
  it("that has expired, is forged, or names no command says so", async () => {
    const answer = await type("menu");
    for (const [id, one] of stored) stored.set(id, { ...one, expiresAt: new Date(0) });
    expect((await ask(press(answer, "Mine"))).error).toBe("expired_button");
    for (const payload of ["", "x", "o:", "o:nothing?x=1", "o#unknown", "p:../../etc", "\u0000", "o#a\u0000b", "o#\ud800", "p#"])
      expect((await ask({ kind: "button", payload })).error).toBe("expired_button");
  });
  it("with forged arguments is checked like a typed line", async () => {
    expect((await ask({ kind: "button", payload: `o:echo?word=${"x".repeat(30)}` })).error).toBe("bad_arguments");
  });
});

describe("a private answer", () => {
  const mine = define({
    name: "mine",
    visibility: "private",
    args: z.object({ word: word.optional() }),
    run: (_, { word = "nothing" }) => reply(text(`your ${word}`)),
  });
  const short = define({
    name: "short",
    visibility: "private",
    hasBrief: true,
    args: z.object({}),
    run: () => ({ blocks: [text("the long story")], brief: [text("Done.")] }),
  });
  const { type, ask } = setup([mine, short]);

  it("waits behind a deep link where a room has no private answers", async () => {
    const answer = await type("mine data");
    const link = answer.continueInPrivate;
    expect(answer.brief).toBeUndefined();
    if (link === undefined) throw new Error("no way to the private chat");
    expect(seen(await ask({ kind: "button", payload: link.payload }, { room: direct }))).toBe("your data");
    expect((await ask({ kind: "button", payload: link.payload }, { room: { ...direct }, member: bob })).error).toBe("not_yours");
  });
  it("is worked out once, in the private chat, and not in the group before", async () => {
    let runs = 0;
    const erase = define({ name: "erase", visibility: "private", args: z.object({}), run: () => reply(text(`run ${++runs}`)) });
    const { type, ask } = setup([erase]);
    const link = (await type("erase")).continueInPrivate;
    expect(runs).toBe(0);
    expect(seen(await ask({ kind: "button", payload: link?.payload ?? "" }, { room: direct }))).toBe("run 1");
  });
  it("is not given to a channel, which is no person", async () => {
    const answer = await type("mine data", { person: false });
    expect(answer.error).toBe("not_a_person");
    expect(answer.continueInPrivate).toBeUndefined();
  });
  it("is all that is given where others read along but the community is the member's own", async () => {
    const brought: Room = { ...direct, kind: "public" };
    const { type } = setup([echo]);
    expect(await type("echo hello", { room: brought })).toMatchObject({ private: true });
  });
  it("has a short public line where the command gives one", async () => {
    const answer = await type("short");
    expect(answer.brief).toEqual([text("Done.")]);
    expect(answer.continueInPrivate).toBeUndefined();
  });
  it("is simply given where it can be", async () => {
    const answer = await type("mine data", { room: direct });
    expect(answer).toMatchObject({ private: true, blocks: [text("your data")] });
    expect(answer.continueInPrivate).toBeUndefined();
  });
});

describe("someone else's words", () => {
  const ask = define({
    name: "ask",
    visibility: "private",
    hasBrief: true,
    opensForm: "body",
    args: z.object({}),
    run: () => ({ blocks: [buttons([{ label: "Yes", command: "keep", args: {}, for: "quoted" }])], public: true as const }),
  });
  const keep = define({ name: "keep", args: z.object({}), run: ({ replyTo }) => reply(text(`${replyTo?.author}: ${replyTo?.text}`)) });
  const { type, ask: send } = setup([ask, keep]);
  const quoted: Quoted = { text: "slow", author: bob, authorLabel: "Bob" };

  it("are asked for in public, and only their author's press counts", async () => {
    const answer = await type("ask", { replyTo: quoted });
    expect(answer.private).toBe(false);
    expect((await send(press(answer, "Yes"), { replyTo: quoted })).error).toBe("not_yours");
    // Whose words they are is what was stored, whatever the platform found.
    expect(seen(await send(press(answer, "Yes"), { member: bob, replyTo: { ...quoted, author: ann } }))).toBe("bob: slow");
  });
});

describe("a form", () => {
  const write = define({
    name: "write",
    args: z.object({ about: word, body: z.string().max(50).optional().describe("Text") }),
    run: (_, { about, body }) =>
      body === undefined
        ? reply(form("Title", "Write", 50, { label: "Send", command: "write", args: { about }, for: "author" }))
        : reply(text(`${about}: ${body}`)),
  });
  const { type, ask } = setup([write]);

  it("comes back with what was typed as the free text", async () => {
    const answer = await type("write latency");
    const [block] = answer.blocks;
    if (block?.kind !== "form") throw new Error("no form");
    expect(payloadKind(block.submit.payload)?.manner).toBe("form");
    expect(seen(await ask({ kind: "button", payload: block.submit.payload, text: "too slow \u202Eor not" }))).toBe(
      "latency: too slow or not",
    );
    expect((await ask({ kind: "button", payload: block.submit.payload, text: "x" }, { member: bob })).error).toBe("not_yours");
  });
});

describe("a form with several fields", () => {
  const field = (argument: string) => ({ argument, label: argument, hint: "Anything", maxLength: 20, optional: true, value: "" });
  const book = define({
    name: "book",
    args: z.object({ from: word.optional(), to: z.string().max(20).optional().describe("Where to"), body: word.optional() }),
    run: (_, { from, to, body }) => {
      const missing = [...(from === undefined ? ["from"] : []), ...(to === undefined ? ["to"] : [])].map(field);
      if (missing.length === 0) return reply(text(`${from} to ${to}, ${body ?? "nothing else"}`));
      const args = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      return reply(fieldsForm("Title", "Where?", missing, { label: "Book", command: "book", args, for: "author" }));
    },
  });
  const { type, ask } = setup([book]);
  const opened = async (answer: Promise<Answer>) => {
    const [block] = (await answer).blocks;
    if (block?.kind !== "form") throw new Error("no form");
    return block.submit.payload;
  };

  it("comes back with each by its argument, all at once", async () => {
    const payload = await opened(type("book"));
    expect(seen(await ask({ kind: "button", payload, fields: { from: "here", to: "there", nonsense: "x" } }))).toBe(
      "here to there, nothing else",
    );
  });

  it("comes back with the first alone where one text is asked for at a time, and is asked again for the next", async () => {
    const first = await opened(type("book"));
    const second = await opened(ask({ kind: "button", payload: first, text: "here" }));
    expect(seen(await ask({ kind: "button", payload: second, text: "there" }))).toBe("here to there, nothing else");
    expect((await ask({ kind: "button", payload: second, text: "x" }, { member: bob })).error).toBe("not_yours");
  });
});

describe("definitions", () => {
  it("that no platform could show fail on import, all reasons together", () => {
    const bad = () =>
      define({
        name: "Bad-Name",
        summary: "",
        args: z.object({
          deep: z.object({}).describe("x"),
          big: z.enum(Array.from({ length: 26 }, (_, i) => `c${i}`) as [string]).describe("x"),
          silent: z.string(),
          late: z.string().max(7000).describe("x"),
        }),
        run: () => reply(),
      });
    expect(bad).toThrow(DefinitionError);
    try {
      bad();
    } catch (error) {
      const problems = error instanceof DefinitionError ? error.problems.join("\n") : "";
      for (const part of [
        "a name is 1 to 32",
        "summary has 1 to 100",
        '"deep" is neither',
        "26 choices",
        '"silent" has no description',
        "at most 6000",
      ])
        expect(problems).toContain(part);
    }
  });
  it("that share a name cannot live together", () => {
    expect(() => setup([echo, echo])).toThrow(/two commands are called "echo"/);
  });
});
