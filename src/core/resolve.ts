/** What an invocation asks for: the command and its arguments, from a typed line, a platform's own form or a pressed button. */
import { askedArgument, type ButtonStore, openPayload, type StoredButton } from "./buttons.ts";
import { type Command, type CommandInfo, usage } from "./command.ts";
import type { Input, Invocation, Quoted, Room } from "./context.ts";
import { UserError } from "./errors.ts";
import type { ButtonId } from "./ids.ts";
import { cleanText, literal } from "./markup.ts";
import { coerce, parseTextArgs } from "./text-args.ts";
import type { Texts } from "./texts.ts";

type Refusals = Texts["refusals"];

interface Resolved<S> {
  readonly command: Command<S>;
  readonly values: Readonly<Record<string, unknown>>;
  /** The invocation's room, or the room's view of the community that a stored button belongs to. */
  readonly room: Room;
  readonly replyTo: Quoted | undefined;
  readonly pressed: ButtonId | undefined;
}

interface ResolveDeps<S> {
  readonly byName: ReadonlyMap<string, Command<S>>;
  readonly buttons: ButtonStore;
  /** The name of the command that was probably meant, if any comes close. */
  readonly meantCommand: (typed: string) => string | undefined;
  readonly now: () => Date;
}

/** Makes the function, which throws UserError for whatever names no command of these, or a button that is not the actor's. */
export function createResolve<S>({ byName, buttons, meantCommand, now }: ResolveDeps<S>) {
  async function resolve(invocation: Invocation, { refusals }: Texts): Promise<Resolved<S>> {
    const { input, room, replyTo } = invocation;
    if (input.kind === "button") return resolveButton(invocation, input, refusals);
    const command = byName.get(input.command.toLowerCase());
    if (command === undefined) throw unknownCommand(input.command, refusals);
    if (input.kind === "values") return { command, values: input.values, room, replyTo, pressed: undefined };
    const { values, surplus } = parseTextArgs(command.info.params, cleanText(input.line));
    if (surplus.length > 0) {
      const { name, params } = command.info;
      const words = literal(shorten(surplus.join(" ")));
      throw new UserError("surplus_arguments", {
        message: refusals.surplusArguments(name, params.length === 0, words),
        hint: usageHint(command.info, refusals),
      });
    }
    return { command, values, room, replyTo, pressed: undefined };
  }

  function unknownCommand(typed: string, { unknownCommand: say, commandList, meantCommand: didYouMean }: Refusals): UserError {
    const meant = meantCommand(typed);
    const hint = meant === undefined ? commandList : didYouMean(meant);
    return new UserError("unknown_command", { message: say(literal(shorten(typed))), hint });
  }

  async function resolveButton(
    invocation: Invocation,
    { payload, text: typed, fields, unasked }: Extract<Input, { kind: "button" }>,
    { expiredButton, notYours, notAsked }: Refusals,
  ): Promise<Resolved<S>> {
    const opened = openPayload(payload);
    const expired = new UserError("expired_button", expiredButton);
    if (opened === null) throw expired;
    let room = invocation.room;
    let stored: StoredButton | null = null;
    if (opened.kind === "stored") {
      stored = await buttons.find(opened.id, now());
      if (stored === null) throw expired;
      const { actor } = invocation;
      if (stored.member !== null && stored.member !== actor.member && !actor.former.includes(stored.member))
        throw new UserError("not_yours", notYours);
      // In a private chat a button made in a community still means that community; elsewhere a foreign button means nothing.
      if (stored.community !== room.community && room.kind !== "private") throw expired;
      room = { ...room, community: stored.community };
    }
    const source = opened.kind === "stored" ? stored : opened;
    const command = byName.get(source?.command ?? "");
    if (command === undefined || source === null) throw expired;
    if (unasked === true && !command.takesReplies) throw new UserError("not_asked", notAsked);
    const values: Record<string, unknown> = {};
    for (const param of command.info.params) {
      const value = source.args[param.name];
      if (value !== undefined) values[param.name] = typeof value === "string" ? coerce(param, value) : value;
    }
    if (typed !== undefined) {
      const asked = source.args[askedArgument];
      const field = command.info.params.find((p) => (asked === undefined ? p.rest : p.name === asked))?.name;
      if (field !== undefined) values[field] = typed;
    }
    for (const { name } of command.info.params) {
      const value = fields === undefined || !Object.hasOwn(fields, name) ? undefined : fields[name];
      if (value !== undefined) values[name] = value;
    }
    // Platforms find the quoted text in the bot's own message; whose words they are is only believed from what was stored.
    const { replyTo } = invocation;
    const quoted = stored?.quoted ?? null;
    const author = quoted === null || replyTo === undefined ? undefined : { ...replyTo, author: quoted };
    return { command, values, room, replyTo: author, pressed: stored?.id };
  }

  return resolve;
}

/** How a command is used, for whoever used it otherwise. */
export const usageHint = (info: CommandInfo, refusals: Refusals): string => refusals.usage(usage(info), info.examples[0]);

const shorten = (typed: string): string => {
  const characters = [...typed];
  return characters.length <= 40 ? typed : `${characters.slice(0, 40).join("")}…`;
};
