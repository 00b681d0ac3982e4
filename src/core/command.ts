/** What a command is: a definition checked on import, and what platforms and help need to know of it. */
import type { z } from "zod";
import type { Actor, Choice, Progress, Quoted, Room, SuggestQuery } from "./context.ts";
import { DefinitionError } from "./errors.ts";
import type { ButtonId, PlatformName } from "./ids.ts";
import { type Param, readParams, usageOf } from "./params.ts";
import type { Reply } from "./reply.ts";
import type { Texts } from "./texts.ts";

export interface CommandContext<S> {
  readonly services: S;
  readonly signal: AbortSignal;
  readonly actor: Actor;
  readonly room: Room;
  readonly platform: PlatformName;
  readonly replyTo: Quoted | undefined;
  /** The stored button that was pressed: what it does a second time must change nothing. */
  readonly pressed: ButtonId | undefined;
  /** The line was typed where everyone reads it: what is private in it is so no more. */
  readonly overheard: boolean;
  /** The request's own name: a platform that delivers it again must not have it done again. */
  readonly key: string | undefined;
  /** The asking member's own language, as the platform tells it (BCP 47). */
  readonly language: string | undefined;
  readonly progress: Progress;
  readonly now: Date;
  /** The bot's own texts, in the language that the community has chosen. */
  readonly texts: Texts;
  /** Every command, in the order of `/help`. */
  readonly catalogue: readonly CommandInfo[];
  /** The name of the command that was probably meant, if any comes close. */
  readonly meantCommand: (typed: string) => string | undefined;
}

/** A half-typed argument, and the words that suggestions are made of. */
export interface SuggestContext extends SuggestQuery {
  readonly texts: Texts;
}

export interface CommandDefinition<S, A extends z.ZodObject> {
  /** `^[a-z][a-z0-9_]{0,31}$`: fits every platform. */
  readonly name: string;
  /** 1 to 100 characters. */
  readonly summary: string;
  readonly args: A;
  /** Whole command lines; the first is shown with every mistake. */
  readonly examples: readonly [string, ...string[]];
  readonly access: "everyone" | "admin";
  /** Per command, because Discord asks before the answer is known. */
  readonly visibility: "public" | "private";
  /**
   * Replies have a short public line (`Reply.brief`) for places without private answers. A private command without it is run only
   * in the private chat, where its answer can be shown.
   */
  readonly hasBrief?: true;
  /**
   * The argument that the command asks for by a form where it is not given. Without it the command answers at once, because Discord
   * cannot open a form later.
   */
  readonly opensForm?: keyof z.infer<A> & string;
  /** A reply to an answer with a button that opens this command's form is taken for what is written into the form. */
  readonly takesReplies?: true;
  /** Arguments that are only given by name, and never by their place in a typed line; a switch among them is on where its name stands. */
  readonly named?: readonly (keyof z.infer<A> & string)[];
  /** Also offered in a message's context menu under this label (1 to 32 characters). */
  readonly messageMenu?: string;
  /** Also offered while a member types `@bot …` (Telegram's inline mode); needs suggestions for its first argument. */
  readonly inline?: true;
  /** Milliseconds after which the work is given up. Default 10,000. */
  readonly deadlineMs?: number;
  /** Suggestions per argument, best first; at most 25 are shown. */
  readonly suggest?: {
    readonly [K in keyof z.infer<A>]?: (services: S, query: SuggestContext) => Promise<readonly Choice[]> | readonly Choice[];
  };
  run(ctx: CommandContext<S>, args: z.output<A>): Promise<Reply> | Reply;
}

/** What platforms, help and the README need: plain data. */
export interface CommandInfo {
  readonly name: string;
  readonly summary: string;
  readonly params: readonly Param[];
  readonly examples: readonly [string, ...string[]];
  readonly access: "everyone" | "admin";
  readonly visibility: "public" | "private";
  /** Null where it never opens one. */
  readonly opensForm: string | null;
  readonly messageMenu: string | undefined;
  readonly inline: boolean;
  /** Names of the arguments that have suggestions. */
  readonly suggests: readonly string[];
}

/** A checked command with its argument types erased, so that all commands fit into one list. */
export interface Command<S> {
  readonly info: CommandInfo;
  readonly args: z.ZodObject;
  readonly hasBrief: boolean;
  readonly takesReplies: boolean;
  readonly deadlineMs: number;
  readonly suggest: Readonly<Record<string, (services: S, query: SuggestContext) => Promise<readonly Choice[]> | readonly Choice[]>>;
  readonly run: (ctx: CommandContext<S>, args: Record<string, unknown>) => Promise<Reply> | Reply;
}

const defaultDeadlineMs = 10_000;

/**
 * Checks a definition and turns it into a command.
 * @throws DefinitionError listing everything that no platform could show
 */
export function defineCommand<S, A extends z.ZodObject>(definition: CommandDefinition<S, A>): Command<S> {
  const { params, problems } = readParams(definition.args, definition.named);
  const found = [...problems];
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(definition.name)) found.push("a name is 1 to 32 of a-z, 0-9 and _, and starts with a letter");
  if (definition.summary.length < 1 || definition.summary.length > 100) found.push("the summary has 1 to 100 characters");
  const menu = definition.messageMenu;
  if (menu !== undefined && (menu.length < 1 || menu.length > 32)) found.push("the menu label has 1 to 32 characters");
  const suggest = (definition.suggest ?? {}) as Command<S>["suggest"];
  for (const name of Object.keys(suggest)) {
    const param = params.find((p) => p.name === name);
    if (param?.type !== "string") found.push(`suggestions for "${name}", which is no text argument`);
    else if (param.choices !== undefined) found.push(`argument "${name}" has both choices and suggestions`);
  }
  if (definition.inline && suggest[params[0]?.name ?? ""] === undefined) found.push("inline use needs suggestions for the first argument");
  for (const example of definition.examples) {
    if (!example.startsWith(`/${definition.name}`)) found.push(`example "${example}" does not start with /${definition.name}`);
  }
  if (found.length > 0) throw new DefinitionError(found.map((p) => `/${definition.name}: ${p}`));
  return {
    info: {
      name: definition.name,
      summary: definition.summary,
      params,
      examples: definition.examples,
      access: definition.access,
      visibility: definition.visibility,
      opensForm: definition.opensForm ?? null,
      messageMenu: menu,
      inline: definition.inline ?? false,
      suggests: Object.keys(suggest),
    },
    args: definition.args,
    hasBrief: definition.hasBrief ?? false,
    takesReplies: definition.takesReplies ?? false,
    deadlineMs: definition.deadlineMs ?? defaultDeadlineMs,
    suggest,
    run: definition.run as Command<S>["run"],
  };
}

/**
 * Checks what only the whole list can show.
 * @throws DefinitionError where two commands share a name or a menu label, or Discord's 100 commands are exceeded
 */
export function checkCommands<S>(commands: readonly Command<S>[]): void {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { info } of commands) {
    for (const key of [info.name, ...(info.messageMenu === undefined ? [] : [info.messageMenu])]) {
      if (seen.has(key)) problems.push(`two commands are called "${key}"`);
      seen.add(key);
    }
  }
  if (commands.length > 100) problems.push(`${commands.length} commands, more than Discord's 100`);
  if (problems.length > 0) throw new DefinitionError(problems);
}

/** The usage line: `/explain <term> [for=newcomer|investor|builder]`. */
export const usage = (info: CommandInfo): string => [`/${info.name}`, ...info.params.map(usageOf)].join(" ");
