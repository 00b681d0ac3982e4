/** From an invocation to an answer: the one place where arguments are checked, rights are asked and errors are caught. */
import { randomBytes } from "node:crypto";
import { type ButtonStore, openPayload, Sealer, type StoredButton } from "./buttons.ts";
import { type Command, type CommandInfo, checkCommands, usage } from "./command.ts";
import type { Choice, Input, Invocation, Progress, Quoted, Room, SuggestQuery } from "./context.ts";
import { UpstreamError, UserError } from "./errors.ts";
import { type ButtonId, isPrivateCommunity, type MemberId, type RoomId } from "./ids.ts";
import { cleanText, literal } from "./markup.ts";
import { describeIssues } from "./params.ts";
import type { Dispatch } from "./platform.ts";
import { type Answer, type Block, type PlainBlock, type Reply, type SealedBlock, text } from "./reply.ts";
import { coerce, parseTextArgs } from "./text-args.ts";

/** What dispatch writes about its work; never anything a person typed. */
export interface DispatchLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Cool-down per member and per room. */
export interface Limiter {
  /** @throws UserError("slow_down") where this member or this room has asked too much lately */
  admit(member: MemberId, room: RoomId): Promise<void>;
}

export interface DispatchDeps<S> {
  readonly commands: readonly Command<S>[];
  readonly services: S;
  readonly buttons: ButtonStore;
  readonly limiter: Limiter;
  readonly log: DispatchLog;
  readonly now: () => Date;
  /** The name that was probably meant, if any comes close. */
  readonly closest: (typed: string, names: readonly string[]) => string | undefined;
  /** Moves a returning member's rows to the pseudonym of the current key. */
  readonly recognise: (former: readonly MemberId[], current: MemberId) => Promise<void>;
}

interface Resolved<S> {
  readonly command: Command<S>;
  readonly values: Readonly<Record<string, unknown>>;
  /** The invocation's room, or the room's view of the community that a stored button belongs to. */
  readonly room: Room;
  readonly replyTo: Quoted | undefined;
  readonly pressed: ButtonId | undefined;
}

/**
 * @throws DefinitionError where the commands cannot live together
 */
export function createDispatch<S>(deps: DispatchDeps<S>): Dispatch & { readonly catalogue: readonly CommandInfo[] } {
  checkCommands(deps.commands);
  const catalogue = deps.commands.map((c) => c.info);
  const byName = new Map(deps.commands.map((c) => [c.info.name, c]));
  const infoByName = new Map(catalogue.map((info) => [info.name, info]));
  const sealedAlike = new WeakMap<Block, SealedBlock>();

  async function resolve(invocation: Invocation): Promise<Resolved<S>> {
    const { input, room, replyTo } = invocation;
    if (input.kind === "button") return resolveButton(invocation, input);
    const command = byName.get(input.command.toLowerCase());
    if (command === undefined) throw unknownCommand(input.command);
    if (input.kind === "values") return { command, values: input.values, room, replyTo, pressed: undefined };
    const { values, surplus } = parseTextArgs(command.info.params, cleanText(input.line));
    if (surplus.length > 0) {
      const what = command.info.params.length === 0 ? "takes no arguments" : "takes fewer arguments";
      throw new UserError(
        "surplus_arguments",
        `\`/${command.info.name}\` ${what}, and I do not know what to do with “${literal(shorten(surplus.join(" ")))}”.`,
        usageHint(command.info),
      );
    }
    return { command, values, room, replyTo, pressed: undefined };
  }

  function unknownCommand(typed: string): UserError {
    const meant = deps.closest(typed.toLowerCase(), [...byName.keys()]);
    const hint = meant === undefined ? "`/help` lists what I can do." : `Did you mean \`/${meant}\`? \`/help\` lists what I can do.`;
    return new UserError("unknown_command", `I do not know the command “/${literal(shorten(typed))}”.`, hint);
  }

  async function resolveButton(
    invocation: Invocation,
    { payload, text: typed, unasked }: Extract<Input, { kind: "button" }>,
  ): Promise<Resolved<S>> {
    const opened = openPayload(payload);
    const expired = new UserError("expired_button", "This button is no longer valid.", "Type the command again and use the new buttons.");
    if (opened === null) throw expired;
    let room = invocation.room;
    let stored: StoredButton | null = null;
    if (opened.kind === "stored") {
      stored = await deps.buttons.find(opened.id, deps.now());
      if (stored === null) throw expired;
      const { actor } = invocation;
      if (stored.member !== null && stored.member !== actor.member && !actor.former.includes(stored.member))
        throw new UserError("not_yours", "This button is for the member it was made for.", "Type the command yourself to get your own.");
      // In a private chat a button made in a community still means that community; elsewhere a foreign button means nothing.
      if (stored.community !== room.community && room.kind !== "private") throw expired;
      room = { ...room, community: stored.community };
    }
    const source = opened.kind === "stored" ? stored : opened;
    const command = byName.get(source?.command ?? "");
    if (command === undefined || source === null) throw expired;
    if (unasked === true && !command.takesReplies) throw new UserError("not_asked", "I did not ask for an answer to that.");
    const values: Record<string, unknown> = {};
    for (const param of command.info.params) {
      const value = source.args[param.name];
      if (value !== undefined) values[param.name] = typeof value === "string" ? coerce(param, value) : value;
    }
    if (typed !== undefined) {
      const field = command.info.params.findLast((p) => p.rest)?.name;
      if (field !== undefined) values[field] = typed;
    }
    // Platforms find the quoted text in the bot's own message; whose words they are is only believed from what was stored.
    const { replyTo } = invocation;
    const quoted = stored?.quoted ?? null;
    const author = quoted === null || replyTo === undefined ? undefined : { ...replyTo, author: quoted };
    return { command, values, room, replyTo: author, pressed: stored?.id };
  }

  async function run(invocation: Invocation, progress: Progress): Promise<Answer> {
    const { actor } = invocation;
    await deps.limiter.admit(actor.member, invocation.room.id);
    // First of all, because a button made under an earlier key is compared with what this member is called now.
    if (actor.former.length > 0) await deps.recognise(actor.former, actor.member);
    const { command, values: given, room, replyTo: quoted, pressed } = await resolve(invocation);
    const { info } = command;
    // Whatever door it came through, typed text reaches a command without control characters and invisible fillers.
    const values = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, typeof value === "string" ? cleanText(value) : value]),
    );
    const replyTo = quoted === undefined ? undefined : { ...quoted, text: cleanText(quoted.text) };
    const parsed = command.args.safeParse(values);
    if (!parsed.success) throw new UserError("bad_arguments", describeIssues(info.params, parsed.error.issues, values), usageHint(info));
    if (info.access === "admin" && !(await actor.isAdmin(room.community)))
      throw new UserError("admin_only", `\`/${info.name}\` is for the admins of this place.`);
    const personal = info.visibility === "private";
    if (personal && !actor.person) {
      const hint = "Write as yourself, here or in the private chat with me.";
      throw new UserError(
        "not_a_person",
        `\`/${info.name}\` is about one person, and I cannot tell who writes in the name of a chat.`,
        hint,
      );
    }
    // What can only be shown in the private chat is only done there, once.
    if (personal && !command.hasBrief && room.kind === "public" && !room.privateAnswers)
      return inPrivate(invocation, room, info.name, values);
    const now = deps.now();
    const context = {
      services: deps.services,
      actor,
      room,
      platform: invocation.platform,
      replyTo,
      pressed,
      key: invocation.key,
      language: invocation.language,
      progress,
      now,
      catalogue,
    };
    const reply = await bounded(command.deadlineMs, invocation.signal, (signal) => command.run({ ...context, signal }, parsed.data));
    return seal(
      reply,
      invocation,
      { room, replyTo },
      // Where the community is one member's own but others read along, every answer is for that member's eyes.
      (personal && reply.public !== true) || (room.kind === "public" && isPrivateCommunity(room.community)),
    );
  }

  function sealerFor(invocation: Invocation, room: Room, quoted?: MemberId): Sealer {
    return new Sealer({ catalogue: infoByName, asker: invocation.actor.member, quoted, community: room.community, now: deps.now() });
  }

  /** A block that nothing is stored for is the same for everyone, and stays the same object for a platform that remembers how it drew it. */
  function sealOnce(sealer: Sealer, block: Block): SealedBlock {
    const known = sealedAlike.get(block);
    if (known !== undefined) return known;
    const before = sealer.stored.length;
    const sealed = sealer.block(block);
    if (sealer.stored.length === before) sealedAlike.set(block, sealed);
    return sealed;
  }

  async function seal(
    reply: Reply,
    invocation: Invocation,
    { room, replyTo }: { readonly room: Room; readonly replyTo: Quoted | undefined },
    hidden: boolean,
  ): Promise<Answer> {
    const sealer = sealerFor(invocation, room, replyTo?.author);
    const inBrief = hidden && room.kind === "public" && !room.privateAnswers && reply.brief !== undefined;
    const blocks = reply.blocks.map((b) => sealOnce(sealer, b));
    const brief = inBrief ? reply.brief?.map((b) => sealOnce(sealer, b)) : undefined;
    if (sealer.stored.length > 0) await deps.buttons.save(sealer.stored);
    return { blocks, private: hidden, ...(brief === undefined ? {} : { brief }) };
  }

  /** Hands a command over to the private chat, behind a button that is bound to the member. */
  async function inPrivate(
    invocation: Invocation,
    room: Room,
    command: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<Answer> {
    const sealer = sealerFor(invocation, room);
    const button = sealer.seal({ label: "Open in private", command, args: primitives(values), for: "author" });
    await deps.buttons.save(sealer.stored);
    return { blocks: [text("This is for your eyes only.")], private: true, continueInPrivate: button };
  }

  async function answer(invocation: Invocation, progress: Progress): Promise<Answer> {
    const { input } = invocation;
    try {
      return await run(invocation, progress);
    } catch (error) {
      const reference = randomBytes(4).toString("hex");
      const named = input.kind === "button" ? "button" : infoByName.has(input.command.toLowerCase()) ? input.command : "unknown";
      const fields = { platform: invocation.platform, command: named };
      return failure(error, reference, fields, deps.log);
    }
  }

  async function suggest(query: SuggestQuery): Promise<readonly Choice[]> {
    const source = byName.get(query.command)?.suggest[query.param];
    if (source === undefined) return [];
    try {
      return (await source(deps.services, query)).slice(0, 25);
    } catch (error) {
      deps.log.warn({ command: query.command, err: error }, "suggestions failed");
      return [];
    }
  }

  return { answer, suggest, catalogue };
}

/** Draws an error as the design's table says: who can mend it decides what the person sees and what is logged. */
function failure(error: unknown, reference: string, fields: object, log: DispatchLog): Answer {
  if (error instanceof UserError) {
    log.info({ ...fields, code: error.code }, "refused");
    const blocks: PlainBlock[] = [text(error.message)];
    if (error.hint !== undefined) blocks.push(text(error.hint));
    return { blocks, private: true, error: error.code };
  }
  if (error instanceof UpstreamError) {
    log.warn({ ...fields, service: error.service, kind: error.kind, reference, err: error }, "upstream failed");
    return {
      blocks: [text(`${literal(error.service)} did not answer as it should (${error.kind.replaceAll("_", " ")}). Ref ${reference}`)],
      private: true,
      error: "upstream",
    };
  }
  log.error({ ...fields, reference, err: error }, "command failed");
  return {
    blocks: [text(`Something went wrong on my side. Ref ${reference}`)],
    private: true,
    error: "internal",
  };
}

/** Runs work that is given up after `ms`, or when `outer` fires; rejects at that moment, also where the work itself does not listen. */
function bounded<T>(ms: number, outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T> | T): Promise<T> {
  // One timer that is cleared: AbortSignal.timeout and AbortSignal.any leave theirs to the garbage collector, at every command.
  const controller = new AbortController();
  return new Promise<T>((settle, reject) => {
    const giveUp = (error: UserError) => {
      controller.abort(error);
      reject(error);
    };
    const onOuter = () =>
      giveUp(new UserError("stopped", "I am being restarted, and cannot say whether this was done.", "Please look again in a moment."));
    if (outer?.aborted) return onOuter();
    outer?.addEventListener("abort", onOuter, { once: true });
    const timer = setTimeout(
      () =>
        giveUp(new UserError("deadline", "This took too long, and I cannot say whether it was done.", "Please look again in a moment.")),
      ms,
    );
    const done = () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onOuter);
    };
    Promise.try(work, controller.signal).then(settle, reject).finally(done);
  });
}

const usageHint = (info: CommandInfo): string => `Usage: \`${usage(info)}\`\nExample: \`${info.examples[0]}\``;

const shorten = (typed: string): string => {
  const characters = [...typed];
  return characters.length <= 40 ? typed : `${characters.slice(0, 40).join("")}…`;
};

function primitives(values: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") kept[name] = value;
  }
  return kept;
}
