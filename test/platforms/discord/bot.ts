/** A bot on a fake Discord: the real platform over real sockets, with a few small commands behind it. */
import { Writable } from "node:stream";
import { pino } from "pino";
import { z } from "zod";
import type { ButtonStore, StoredButton } from "../../../src/core/buttons.ts";
import { type Command, defineCommand } from "../../../src/core/command.ts";
import type { Invocation } from "../../../src/core/context.ts";
import { createDispatch } from "../../../src/core/dispatch.ts";
import { type OperatorError, UserError } from "../../../src/core/errors.ts";
import type { CommunityId } from "../../../src/core/ids.ts";
import { literal } from "../../../src/core/markup.ts";
import type { Dispatch, PausedRooms, Platform, RoomStore } from "../../../src/core/platform.ts";
import { pseudonymiser } from "../../../src/core/pseudonym.ts";
import type { PushedStore } from "../../../src/core/pushed.ts";
import { buttons, fieldsForm, file, form, heading, note, quote, reply, text } from "../../../src/core/reply.ts";
import { createDiscord, type DiscordTiming } from "../../../src/platforms/discord/index.ts";
import { type FakeDiscord, type FakeDiscordOptions, startFakeDiscord } from "../../support/fake-discord/index.ts";
import { openPages } from "../../support/web-pages.ts";

/** A door that a test holds: the command knocks and waits in front of it. */
export interface Latch {
  /** Resolves when someone waits. */
  readonly reached: Promise<void>;
  /** Waits until the test opens. */
  pass(): Promise<void>;
  open(): void;
}

export function latch(): Latch {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  return {
    reached: reached.promise,
    pass() {
      reached.resolve();
      return opened.promise;
    },
    open: () => opened.resolve(),
  };
}

export interface BotOptions {
  /** Communities of which something is stored before the start. */
  readonly known?: (fake: FakeDiscord) => Awaited<ReturnType<RoomStore["known"]>>;
  /** Rooms whose digests are paused. */
  readonly paused?: PausedRooms;
  readonly fake?: FakeDiscordOptions;
  /** Interactions are posted, and this remembers which have come. */
  readonly pushed?: Pick<PushedStore, "first">;
  readonly timing?: Partial<DiscordTiming>;
  readonly commands?: readonly Command<object>[];
  readonly token?: string;
  /** Do not connect; the test does. */
  readonly started?: false;
  readonly now?: () => Date;
  /** Told of every invocation. */
  readonly spy?: (invocation: Invocation) => void;
}

export interface Bot {
  readonly fake: FakeDiscord;
  readonly platform: Platform;
  /** Where interactions are posted to; empty where they are not. */
  readonly page: string;
  readonly dispatch: Dispatch & { readonly catalogue: readonly Command<object>["info"][] };
  /** Every line of the log, at every level. */
  readonly logged: string[];
  readonly fatal: OperatorError[];
  /** What was told about rooms: "arrive discord:1". */
  readonly rooms: string[];
  readonly stop: () => Promise<void>;
}

/** Fast enough to test with, slow enough that an immediate answer is immediate. */
const quick: Partial<DiscordTiming> = {
  ackAfterMs: 2000,
  lastMomentMs: 2500,
  progressEveryMs: 10,
  requestMs: 2000,
  identifyEveryMs: 1,
  retryMs: 5,
  graceMs: 500,
};

export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const fake = await startFakeDiscord(options.fake);
  const logged: string[] = [];
  const out = new Writable({
    write(chunk, _, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const log = pino({ level: "trace", base: null }, out);
  const fatal: OperatorError[] = [];
  const rooms: string[] = [];
  const now = options.now ?? (() => new Date());
  const platform = createDiscord({
    token: options.token ?? fake.token,
    apiUrl: fake.url,
    rooms: roomStore(rooms, options.known?.(fake) ?? []),
    ...(options.paused === undefined ? {} : { paused: options.paused }),
    ...(options.pushed === undefined ? {} : { http: { publicKey: fake.endpoint.publicKey, pushed: options.pushed } }),
    pseudonymise: pseudonymiser(["a key for tests"]),
    log,
    now,
    onFatal: (error) => fatal.push(error),
    timing: { ...quick, ...options.timing },
  });
  const dispatch = createDispatch<object>({
    commands: options.commands ?? smallCommands,
    services: {},
    buttons: buttonStore(),
    limiter: { admit: async () => {} },
    log,
    now,
    closest: () => undefined,
    recognise: async () => {},
  });
  const web = options.pushed === undefined ? null : await openPages([platform.webhook]);
  const page = `${web?.url ?? ""}${platform.webhook?.path ?? ""}`;
  const bot: Bot = {
    fake,
    platform,
    page,
    dispatch,
    logged,
    fatal,
    rooms,
    async stop() {
      await platform.stop();
      await web?.close();
      await fake.close();
    },
  };
  if (options.started !== false) {
    await platform.publish(dispatch.catalogue);
    await platform.start({
      suggest: dispatch.suggest,
      texts: dispatch.texts,
      answer(invocation, progress) {
        options.spy?.(invocation);
        return dispatch.answer(invocation, progress);
      },
    });
    if (web !== null) await fake.endpoint.use(page);
  }
  return bot;
}

export function buttonStore(): ButtonStore {
  const stored = new Map<string, StoredButton>();
  return {
    async save(list) {
      for (const button of list) stored.set(button.id, button);
    },
    find: async (id) => stored.get(id) ?? null,
    sweep: async () => 0,
  };
}

export function roomStore(told: string[], known: Awaited<ReturnType<RoomStore["known"]>> = []): RoomStore {
  const greeted = new Set<CommunityId>();
  return {
    async arrive(community) {
      told.push(`arrive ${community}`);
      return true;
    },
    async leave(community) {
      told.push(`leave ${community}`);
    },
    migrate: async () => {},
    async greet(community) {
      told.push(`greet ${community}`);
      const first = !greeted.has(community);
      greeted.add(community);
      return first;
    },
    known: async () => known,
    eraseLeft: async () => 0,
  };
}

const none = z.object({});
const command = <A extends z.ZodObject>(definition: Parameters<typeof defineCommand<object, A>>[0]) => defineCommand<object, A>(definition);
const everyone = { access: "everyone", visibility: "public" } as const;

/** Commands that say as little as possible. */
export const smallCommands: readonly Command<object>[] = [
  command({
    ...everyone,
    name: "say",
    summary: "Say something back",
    args: z.object({
      words: z.string().max(3000).describe("What to say"),
      loud: z.boolean().optional().describe("In capitals"),
      times: z.int().min(1).max(9).optional().describe("How often"),
      tone: z.enum(["plain", "formal"]).optional().describe("How"),
    }),
    examples: ["/say hello"],
    suggest: {
      words: (_, { typed }) =>
        Array.from({ length: 30 }, (_, i) => ({
          label: `${typed} ${i} ${"x".repeat(i === 0 ? 200 : 1)}`,
          value: i === 1 ? "v".repeat(101) : `v${i}`,
        })),
    },
    run: (_, { words, loud }) => reply(heading("Said"), text(literal(loud === true ? words.toUpperCase() : words)), note("Small print.")),
  }),
  command({
    ...everyone,
    name: "secret",
    summary: "Answer in private",
    visibility: "private",
    args: none,
    examples: ["/secret"],
    run: () => reply(text("Only you see this.")),
  }),
  command({
    ...everyone,
    name: "fail",
    summary: "Fail",
    args: none,
    examples: ["/fail"],
    run: () => {
      throw new UserError("on_purpose", { message: "This failed on purpose.", hint: "Try `/say` instead." });
    },
  }),
  command({
    ...everyone,
    name: "admin",
    summary: "For admins",
    access: "admin",
    args: none,
    examples: ["/admin"],
    run: () => reply(text("You administer this place.")),
  }),
  command({
    ...everyone,
    name: "trip",
    summary: "Book a trip",
    visibility: "private",
    opensForm: "to",
    args: z.object({
      from: z.string().max(40).optional().describe("Where from"),
      to: z.string().max(40).optional().describe("Where to"),
    }),
    examples: ["/trip here there"],
    run: (_, { from, to }) =>
      from !== undefined && to !== undefined
        ? reply(text(`From ${literal(from)} to ${to === "" ? "anywhere" : literal(to)}.`))
        : reply(
            fieldsForm(
              "A trip",
              "Where from?",
              [
                { argument: "from", label: "From", hint: "A town", maxLength: 40, optional: false, value: from ?? "" },
                { argument: "to", label: "To", hint: "A town, or nothing", maxLength: 40, optional: true, value: "" },
              ],
              { label: "Book", command: "trip", args: {}, for: "author" },
            ),
          ),
  }),
  command({
    ...everyone,
    name: "note",
    summary: "Write a note",
    visibility: "private",
    opensForm: "words",
    messageMenu: "Note this",
    args: z.object({
      subject: z.string().max(40).optional().describe("What about"),
      words: z.string().max(2000).optional().describe("The note"),
    }),
    examples: ["/note work Buy discs"],
    run({ replyTo, actor }, { subject, words }) {
      if (subject === undefined && replyTo !== undefined)
        return reply(
          text("What is it about?"),
          quote(replyTo.text, replyTo.authorLabel),
          buttons([{ label: "Work", command: "note", args: { subject: "work" }, for: "author" }]),
        );
      if (words !== undefined)
        return reply(
          text(`Noted: ${literal(words)}`),
          quote(words),
          buttons([{ label: "Undo", command: "fail", args: {}, for: "author" }]),
        );
      if (replyTo === undefined)
        return reply(
          form("A note", "What should I note down for you?", 1000, {
            label: "Note",
            command: "note",
            args: { subject: subject ?? "work" },
            for: "author",
          }),
        );
      if (replyTo.author === actor.member) return reply(text(`Noted: ${literal(replyTo.text)}`));
      const ask = reply(
        text(`${literal(replyTo.authorLabel)}, may I?`),
        quote(replyTo.text, replyTo.authorLabel),
        buttons([{ label: "Yes", command: "note", args: { subject: "work" }, for: "quoted", update: true }]),
      );
      return { ...ask, public: true };
    },
  }),
  command({
    ...everyone,
    name: "count",
    summary: "Count up",
    args: z.object({ from: z.int().min(0).max(1000).optional().describe("Where to start") }),
    examples: ["/count", "/count 3"],
    run: (_, { from = 0 }) =>
      reply(
        text(`Now at ${from}.`),
        buttons([
          { label: "More", command: "count", args: { from: from + 1 }, update: true },
          { label: "Fail", command: "fail", args: {}, for: "author", update: true },
        ]),
      ),
  }),
  command({
    ...everyone,
    name: "export",
    summary: "Give a file",
    visibility: "private",
    args: none,
    examples: ["/export"],
    run: () => reply(text("Here it is."), file("your data.json", "application/json", new TextEncoder().encode('{"a":1}'), "Your data")),
  }),
  command({
    ...everyone,
    name: "long",
    summary: "A long answer",
    args: none,
    examples: ["/long"],
    run: () => reply(heading("Long"), ...Array.from({ length: 12 }, (_, i) => text(`Part ${i}. ${"A sentence of it. ".repeat(60)}`))),
  }),
  command({
    ...everyone,
    name: "start",
    summary: "Begin",
    args: none,
    examples: ["/start"],
    run: () => reply(heading("Welcome"), text("Here is how to begin.")),
  }),
];

/** A command that waits until the test opens the latch. */
export function slowCommand(gate: Latch, changes: Partial<Parameters<typeof defineCommand<object, typeof none>>[0]> = {}): Command<object> {
  return command({
    ...everyone,
    name: "slow",
    summary: "Takes its time",
    args: none,
    examples: ["/slow"],
    async run({ progress }) {
      progress("Looking it **up**");
      await gate.pass();
      return reply(text("Done at last."));
    },
    ...changes,
  });
}
