/** From an invocation to an answer: the one place where arguments are checked, rights are asked and errors are caught. */
import { randomBytes } from "node:crypto";
import { bounded } from "./bounded.ts";
import { type ButtonStore, Sealer } from "./buttons.ts";
import { type Command, type CommandInfo, checkCommands } from "./command.ts";
import type { Choice, Invocation, Progress, Quoted, Room, SuggestQuery } from "./context.ts";
import { UpstreamError, UserError } from "./errors.ts";
import { type CommunityId, isPrivateCommunity, type MemberId, type RoomId } from "./ids.ts";
import { cleanText, literal } from "./markup.ts";
import { describeIssues } from "./params.ts";
import type { Dispatch } from "./platform.ts";
import { type Answer, type Block, type PlainBlock, type Reply, type SealedBlock, text } from "./reply.ts";
import { createResolve, usageHint } from "./resolve.ts";
import { type Language, type Texts, textsIn } from "./texts.ts";

/** What dispatch writes about its work; never anything a person typed. */
export interface DispatchLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Cool-down per member and per room. */
export interface Limiter {
  /** @throws UserError where this member or this room has asked too much lately: "slow_down", and "slow_down_told" once that was said */
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
  /** What the bot's own texts are written in there; without it, English. */
  readonly language?: (community: CommunityId) => Promise<Language>;
  /** Moves a returning member's rows to the pseudonym of the current key. */
  readonly recognise: (former: readonly MemberId[], current: MemberId) => Promise<void>;
}

/**
 * @throws DefinitionError where the commands cannot live together
 */
export function createDispatch<S>(deps: DispatchDeps<S>): Dispatch & { readonly catalogue: readonly CommandInfo[] } {
  checkCommands(deps.commands);
  const catalogue = deps.commands.map((c) => c.info);
  const byName = new Map(deps.commands.map((c) => [c.info.name, c]));
  const meantCommand = (typed: string) => deps.closest(typed.toLowerCase(), [...byName.keys()]);
  const resolve = createResolve({ byName, buttons: deps.buttons, meantCommand, now: deps.now });
  const infoByName = new Map(catalogue.map((info) => [info.name, info]));
  const sealedAlike = new WeakMap<Block, SealedBlock>();

  /** Never rejects: a refusal in English is better than none. */
  const textsOf = (community: CommunityId): Promise<Texts> =>
    (deps.language?.(community) ?? Promise.resolve("en" as const)).then(textsIn, () => textsIn("en"));

  async function run(invocation: Invocation, progress: Progress, texts: Texts): Promise<Answer> {
    const { actor } = invocation;
    await deps.limiter.admit(actor.member, invocation.room.id);
    // First of all, because a button made under an earlier key is compared with what this member is called now.
    if (actor.former.length > 0) await deps.recognise(actor.former, actor.member);
    const { command, values: given, room, replyTo: quoted, pressed } = await resolve(invocation, texts);
    const { info } = command;
    // Whatever door it came through, typed text reaches a command without control characters and invisible fillers.
    const values = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, typeof value === "string" ? cleanText(value) : value]),
    );
    const replyTo = quoted === undefined ? undefined : { ...quoted, text: cleanText(quoted.text) };
    const parsed = command.args.safeParse(values);
    if (!parsed.success)
      throw new UserError("bad_arguments", {
        message: describeIssues(info.params, parsed.error.issues, { given: values, words: texts.params }),
        hint: usageHint(info, texts.refusals),
      });
    if (info.access === "admin" && !(await actor.isAdmin(room.community)))
      throw new UserError("admin_only", texts.refusals.adminOnly(info.name));
    const personal = info.visibility === "private";
    if (personal && !actor.person) throw new UserError("not_a_person", texts.refusals.notAPerson(info.name));
    // What can only be shown in the private chat is only done there, once.
    if (personal && !command.hasBrief && room.kind === "public" && !room.privateAnswers)
      return inPrivate(invocation, room, { command: info.name, values, texts });
    const now = deps.now();
    const context = {
      services: deps.services,
      actor,
      room,
      platform: invocation.platform,
      replyTo,
      pressed,
      overheard: invocation.input.kind === "text" && room.kind === "public" && !room.privateAnswers,
      key: invocation.key,
      language: invocation.language,
      progress,
      now,
      texts,
      catalogue,
      meantCommand,
    };
    const reply = await bounded({ ms: command.deadlineMs, outer: invocation.signal, refusals: texts.refusals }, (signal) =>
      command.run({ ...context, signal }, parsed.data),
    );
    return seal(
      reply,
      invocation,
      { room, replyTo, texts },
      // Where the community is one member's own but others read along, every answer is for that member's eyes.
      (personal && reply.public !== true) || (room.kind === "public" && isPrivateCommunity(room.community)),
    );
  }

  function sealerFor(
    invocation: Invocation,
    { room, quoted, texts }: { readonly room: Room; readonly quoted?: MemberId | undefined; readonly texts: Texts },
  ): Sealer {
    return new Sealer({ catalogue: infoByName, asker: invocation.actor.member, quoted, community: room.community, now: deps.now(), texts });
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
    { room, replyTo, texts }: { readonly room: Room; readonly replyTo: Quoted | undefined; readonly texts: Texts },
    hidden: boolean,
  ): Promise<Answer> {
    const sealer = sealerFor(invocation, { room, quoted: replyTo?.author, texts });
    const inBrief = hidden && room.kind === "public" && !room.privateAnswers && reply.brief !== undefined;
    const blocks = reply.blocks.map((b) => sealOnce(sealer, b));
    const brief = inBrief ? reply.brief?.map((b) => sealOnce(sealer, b)) : undefined;
    if (sealer.stored.length > 0) await deps.buttons.save(sealer.stored);
    return {
      blocks,
      private: hidden,
      ...(brief === undefined ? {} : { brief, ...(reply.passing === undefined ? {} : { passing: reply.passing }) }),
    };
  }

  /** Hands a command over to the private chat, behind a button that is bound to the member. */
  async function inPrivate(
    invocation: Invocation,
    room: Room,
    { command, values, texts }: { readonly command: string; readonly values: Readonly<Record<string, unknown>>; readonly texts: Texts },
  ): Promise<Answer> {
    const sealer = sealerFor(invocation, { room, texts });
    const { refusals } = texts;
    const button = sealer.seal({ label: refusals.openInPrivate, command, args: primitives(values), for: "author" });
    await deps.buttons.save(sealer.stored);
    return { blocks: [text(refusals.forYouAlone)], private: true, continueInPrivate: button };
  }

  async function answer(invocation: Invocation, progress: Progress): Promise<Answer> {
    const { input } = invocation;
    const texts = await textsOf(invocation.room.community);
    try {
      return await run(invocation, progress, texts);
    } catch (error) {
      const reference = randomBytes(4).toString("hex");
      const named = input.kind === "button" ? "button" : infoByName.has(input.command.toLowerCase()) ? input.command : "unknown";
      const fields = { platform: invocation.platform, command: named };
      return failure(error, reference, fields, { log: deps.log, texts });
    }
  }

  async function suggest(query: SuggestQuery): Promise<readonly Choice[]> {
    const source = byName.get(query.command)?.suggest[query.param];
    if (source === undefined) return [];
    try {
      const texts = await textsOf(query.room.community);
      return (await source(deps.services, { ...query, texts })).slice(0, 25);
    } catch (error) {
      deps.log.warn({ command: query.command, err: error }, "suggestions failed");
      return [];
    }
  }

  return { answer, suggest, texts: textsOf, catalogue };
}

/** Draws an error as the design's table says: who can mend it decides what the person sees and what is logged. */
function failure(
  error: unknown,
  reference: string,
  fields: object,
  { log, texts }: { readonly log: DispatchLog; readonly texts: Texts },
): Answer {
  const { refusals, troubles } = texts;
  if (error instanceof UserError) {
    log.info({ ...fields, code: error.code }, "refused");
    const { message, hint } = error.in(texts);
    const blocks: PlainBlock[] = [text(message)];
    if (hint !== undefined) blocks.push(text(hint));
    return { blocks, private: true, error: error.code };
  }
  if (error instanceof UpstreamError) {
    log.warn({ ...fields, service: error.service, kind: error.kind, reference, err: error }, "upstream failed");
    return {
      blocks: [text(refusals.serviceFailed(literal(troubles.one({ source: error.service, kind: error.kind })), reference))],
      private: true,
      error: "upstream",
    };
  }
  log.error({ ...fields, reference, err: error }, "command failed");
  return {
    blocks: [text(refusals.wentWrong(reference))],
    private: true,
    error: "internal",
  };
}

function primitives(values: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") kept[name] = value;
  }
  return kept;
}
