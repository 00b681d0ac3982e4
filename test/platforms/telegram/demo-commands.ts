/** The commands of the test bot: one for each thing that a platform must be able to show. */
import { z } from "zod";
import { type Command, defineCommand } from "../../../src/core/command.ts";
import type { Progress } from "../../../src/core/context.ts";
import { UserError } from "../../../src/core/errors.ts";
import { literal } from "../../../src/core/markup.ts";
import { buttons, file, form, heading, note, quote, type Reply, reply, text } from "../../../src/core/reply.ts";

/** Gates that a test opens: `/wait <name>` answers when its gate opens. */
export class Gates {
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();
  readonly entered: string[] = [];
  readonly #arrivals = new Map<string, PromiseWithResolvers<void>>();
  #of(map: Map<string, PromiseWithResolvers<void>>, name: string): PromiseWithResolvers<void> {
    const gate = map.get(name) ?? Promise.withResolvers<void>();
    map.set(name, gate);
    return gate;
  }
  open(name: string): void {
    this.#of(this.#gates, name).resolve();
  }
  /** Resolves when a command has reached this gate. */
  reached(name: string): Promise<void> {
    return this.#of(this.#arrivals, name).promise;
  }
  readonly #recitals: Recital[] = [];
  readonly #listeners: ((recital: Recital) => void)[] = [];
  /** Resolves with the next `/recite` that has begun. */
  recital(): Promise<Recital> {
    const waiting = this.#recitals.shift();
    return waiting === undefined ? new Promise((resolve) => void this.#listeners.push(resolve)) : Promise.resolve(waiting);
  }
  recite(recital: Recital): void {
    const listener = this.#listeners.shift();
    if (listener === undefined) this.#recitals.push(recital);
    else listener(recital);
  }
  pass(name: string): Promise<void> {
    this.entered.push(name);
    this.#of(this.#arrivals, name).resolve();
    return this.#of(this.#gates, name).promise;
  }
}

/** An answer that the test gives bit by bit. */
export interface Recital {
  readonly say: Progress;
  readonly done: (words: string) => void;
  readonly fail: (words: string) => void;
}

export interface Logged {
  readonly community: string;
  readonly author: string;
  readonly text: string;
}

const short = (summary: string, max = 4_000) => z.string().trim().min(1).max(max).describe(summary);

export function commandsFor(gates: Gates, logged: Logged[]): readonly Command<undefined>[] {
  const entries = ["depin", "helium", "proof of coverage"];
  return [
    defineCommand({
      name: "start",
      summary: "Says hello",
      args: z.object({}),
      examples: ["/start"],
      access: "everyone",
      visibility: "public",
      run: () => reply(heading("Hello"), text("I explain things.")),
    }),
    defineCommand({
      name: "explain",
      summary: "Explains a term",
      args: z.object({ term: short("A term") }),
      examples: ["/explain depin"],
      access: "everyone",
      visibility: "public",
      inline: true,
      suggest: {
        term: (_, { typed }) => entries.filter((entry) => entry.startsWith(typed.toLowerCase())).map((value) => ({ label: value, value })),
      },
      run: (_, { term }) =>
        reply(
          heading(literal(term)),
          text(`What **${literal(term)}** means.`),
          buttons([{ label: "Helium", command: "explain", args: { term: "helium" } }]),
        ),
    }),
    defineCommand({
      name: "echo",
      summary: "Says the same",
      args: z.object({ text: short("Anything", 6_000) }),
      examples: ["/echo hi"],
      access: "everyone",
      visibility: "public",
      run: (_, args) => reply(text(literal(args.text)), quote(args.text, "a member")),
    }),
    defineCommand({
      name: "recite",
      summary: "Answers bit by bit",
      args: z.object({}),
      examples: ["/recite"],
      access: "everyone",
      visibility: "public",
      run({ progress }) {
        const { promise, resolve, reject } = Promise.withResolvers<Reply>();
        gates.recite({
          say: progress,
          done: (words) => resolve(reply(text(words), buttons([{ label: "Again", command: "recite", args: {} }]))),
          fail: (words) => reject(new UserError("on_purpose", words)),
        });
        return promise;
      },
    }),
    defineCommand({
      name: "wait",
      summary: "Waits for a gate",
      args: z.object({ name: short("The gate") }),
      examples: ["/wait a"],
      access: "everyone",
      visibility: "public",
      deadlineMs: 20_000,
      async run(_, { name }) {
        await gates.pass(name);
        return reply(text(`passed ${literal(name)}`), buttons([{ label: "Wait more", command: "wait", args: { name: `${name}2` } }]));
      },
    }),
    defineCommand({
      name: "count",
      summary: "Counts in place",
      args: z.object({ n: z.int().default(0).describe("Number") }),
      examples: ["/count"],
      access: "everyone",
      visibility: "public",
      run: (_, { n }) =>
        reply(
          text(`count ${Math.min(n, 2)}`),
          buttons([
            { label: "Next", command: "count", args: { n: n + 1 }, update: true },
            { label: "Long", command: "long", args: { n: 300 }, update: true },
          ]),
        ),
    }),
    defineCommand({
      name: "long",
      summary: "Says much",
      args: z.object({ n: z.int().describe("Sentences") }),
      examples: ["/long 3"],
      access: "everyone",
      visibility: "public",
      run: (_, { n }) =>
        reply(
          heading("Much"),
          text(Array.from({ length: n }, (_, i) => `Sentence number ${i} is here.`).join(" ")),
          buttons([{ label: "End", command: "start", args: {} }]),
        ),
    }),
    defineCommand({
      name: "opinion",
      summary: "Logs an opinion",
      args: z.object({ topic: short("Topic", 40), text: short("Words", 900).optional() }),
      examples: ["/opinion latency fast"],
      access: "everyone",
      visibility: "private",
      hasBrief: true,
      opensForm: "text",
      run({ replyTo, actor, room }, { topic, text: words }) {
        if (words === undefined && replyTo !== undefined && replyTo.author !== actor.member) {
          const ask = [
            text(`${literal(replyTo.authorLabel)}, may I log this?`),
            buttons([{ label: "Log it", command: "consent", args: { topic }, for: "quoted", update: true }]),
          ];
          return { blocks: ask, brief: ask };
        }
        const said = words ?? replyTo?.text;
        if (said === undefined) {
          const asked = form("Your opinion", `What do you think about ${literal(topic)}?`, 900, {
            label: "Log",
            command: "opinion",
            args: { topic },
          });
          return { blocks: [asked], brief: [asked] };
        }
        logged.push({ community: room.community, author: actor.member, text: said });
        const done = [
          text("Logged."),
          buttons([{ label: "Delete", command: "consent", args: { topic: "gone" }, for: "author", update: true }]),
        ];
        return { blocks: [text(`I read it as agree: ${literal(said)}`), ...done], brief: done };
      },
    }),
    defineCommand({
      name: "consent",
      summary: "Logs a quoted message",
      args: z.object({ topic: short("Topic", 40) }),
      examples: ["/consent latency"],
      access: "everyone",
      visibility: "private",
      hasBrief: true,
      run({ replyTo, room }, { topic }) {
        if (topic === "gone") return { blocks: [text("Deleted.")], brief: [text("Deleted.")] };
        if (replyTo === undefined) throw new UserError("nothing_quoted", "I can no longer see the message.");
        logged.push({ community: room.community, author: replyTo.author, text: replyTo.text });
        return { blocks: [text("Logged with consent.")], brief: [text("Logged with consent.")] };
      },
    }),
    defineCommand({
      name: "mine",
      summary: "Shows what is yours",
      args: z.object({}),
      examples: ["/mine"],
      access: "everyone",
      visibility: "private",
      run: ({ room }) =>
        reply(
          text(`Secret of ${literal(room.community)}`),
          file("mine.json", "application/json", new TextEncoder().encode('{"a":1}'), "Your data"),
          buttons([{ label: "Again", command: "mine", args: {} }]),
        ),
    }),
    defineCommand({
      name: "settings",
      summary: "Changes things",
      args: z.object({}),
      examples: ["/settings"],
      access: "admin",
      visibility: "public",
      run: () => reply(text("changed"), note("by an admin")),
    }),
    defineCommand({
      name: "audit",
      summary: "Shows an admin what happened",
      args: z.object({}),
      examples: ["/audit"],
      access: "admin",
      visibility: "private",
      run: ({ room }) => reply(text(`Audit of ${literal(room.community)}`)),
    }),
    defineCommand({
      name: "boom",
      summary: "Fails",
      args: z.object({}),
      examples: ["/boom"],
      access: "everyone",
      visibility: "public",
      run: () => {
        throw new Error("broken inside");
      },
    }),
  ];
}
