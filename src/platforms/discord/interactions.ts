/** Interactions from the event to the last message of the answer, each on its own, none of them able to harm another. */

import { randomBytes } from "node:crypto";
import { DiscordAPIError, type REST } from "@discordjs/rest";
import type { CommandInfo } from "../../core/command.ts";
import type { Choice } from "../../core/context.ts";
import type { Dispatch, Pseudonymise } from "../../core/platform.ts";
import { text } from "../../core/reply.ts";
import type { Texts } from "../../core/texts.ts";
import { within } from "../../lib/abort.ts";
import type { Logger } from "../../lib/logger.ts";
import { createDoor, type Door, InteractionLost } from "./door.ts";
import { describe, describeBug } from "./errors.ts";
import type { Guests } from "./guests.ts";
import { type Inbound, readInteraction } from "./inbound.ts";
import * as limits from "./limits.ts";
import { interactionSchema, type RawInteraction } from "./payloads.ts";
import { drawAnswer, drawMessage, drawPlain, shorten } from "./render.ts";
import { respond, type Timing } from "./respond.ts";

export interface InteractionsOptions {
  readonly rest: REST;
  readonly guests: Guests;
  readonly pseudonymise: Pseudonymise;
  readonly log: Logger;
  readonly timing: Timing & {
    /** Longest wait for word whether an interaction has come before. */
    readonly claimMs: number;
  };
  /** The published commands, or none before `publish`. */
  readonly catalogue: () => readonly CommandInfo[];
}

/** Whether this is the first time, in any process, that this interaction is heard of. */
export type First = (interaction: { readonly id: string; readonly application: string }) => Promise<boolean>;

/** The gateway tells each interaction once. */
const once: First = () => Promise.resolve(true);

export interface Interactions {
  /** Takes one event; never throws and never rejects. */
  take(data: unknown, dispatch: Dispatch, first?: First): void;
  /** From now on, members are told to come back in a moment. Resolves when what is under way has ended, or after the grace. */
  drain(graceMs: number): Promise<void>;
}

type Asked = Extract<Inbound, { kind: "command" }>;

export function createInteractions(options: InteractionsOptions): Interactions {
  const { rest, guests, log, timing } = options;
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let draining = false;

  const isPrivate = (name: string): boolean => options.catalogue().find((c) => c.name === name)?.visibility !== "public";

  async function handle(raw: RawInteraction, dispatch: Dispatch, first: First): Promise<void> {
    const catalogue = options.catalogue();
    const inbound = readInteraction(raw, {
      pseudonymise: options.pseudonymise,
      command: (name) => catalogue.find((c) => c.name === name),
      menu: (label) => catalogue.find((c) => c.messageMenu === label),
    });
    const door = createDoor(rest, raw, (error) =>
      log.warn({ platform: "discord", ...describe(error) }, "a part of an answer was not confirmed"),
    );
    switch (inbound.kind) {
      case "autocomplete":
        return door.choices(choicesOf(await within(dispatch.suggest(inbound.query), timing.lastMomentMs)));
      case "command":
        return draining ? turnAway(door, inbound, dispatch) : runOnce(door, inbound, dispatch, () => first(claimOf(raw)));
      case "unknown":
        log.debug({ platform: "discord", type: raw.type }, "an interaction of a kind that was never offered");
    }
  }

  /** Where nobody can say in time whether it is the first time, Discord says it: it takes one acknowledgement and refuses the next. */
  async function runOnce(door: Door, inbound: Asked, dispatch: Dispatch, first: () => Promise<boolean>): Promise<void> {
    const asked = performance.now();
    const isFirst = await within(first(), timing.claimMs).catch((error: unknown) => {
      log.warn({ platform: "discord", ...describe(error) }, "it could not be noted that an interaction has come");
    });
    if (isFirst === false) return log.info({ platform: "discord" }, "an interaction that came twice was answered once");
    const waited = performance.now() - asked;
    return run(door, inbound, dispatch, { waited, acknowledgeFirst: isFirst === undefined });
  }

  /** @param begun `waited`: milliseconds of the time until the acknowledgement that are gone already */
  async function run(
    door: Door,
    inbound: Asked,
    dispatch: Dispatch,
    { waited, acknowledgeFirst }: { readonly waited: number; readonly acknowledgeFirst: boolean },
  ): Promise<void> {
    const { invocation, plan } = inbound;
    const privateRoom = invocation.room.kind === "private";
    try {
      const shown = await respond({
        door,
        plan,
        timing: { ...timing, ackAfterMs: timing.ackAfterMs - waited, lastMomentMs: timing.lastMomentMs - waited },
        acknowledgeFirst,
        privateRoom,
        isPrivateCommand: isPrivate,
        work: (progress) => dispatch.answer({ ...invocation, signal: stopping.signal }, progress),
      });
      // Nothing can follow a modal: its member is greeted the next time.
      if (inbound.admin && shown === "message") await greet(door, inbound, dispatch);
    } catch (error) {
      await apologise(door, privateRoom, error, await dispatch.texts(invocation.room.community));
    }
  }

  /** An answer that Discord refused is our mistake, and the member shall not be left waiting for it. */
  async function apologise(door: Door, privateRoom: boolean, error: unknown, { doors }: Texts): Promise<void> {
    if (error instanceof InteractionLost) {
      log.warn({ platform: "discord", detail: error.message }, "an answer came too late or twice");
      return;
    }
    const reference = randomBytes(4).toString("hex");
    log.error({ platform: "discord", reference, ...describeBug(error) }, "an answer could not be shown");
    // Where the network failed, the answer may have arrived, and an apology for it would be wrong.
    if (!(error instanceof TypeError) && !(error instanceof DiscordAPIError && error.status === 400)) return;
    const sorry = drawMessage([text(doors.notShown(reference))]);
    try {
      await door.reply(sorry, !privateRoom);
    } catch (again) {
      if (again instanceof InteractionLost) await door.followUp(sorry, !privateRoom);
      else throw again;
    }
  }

  /** Shows the first admin of a server how to begin, below the answer to what they asked. */
  async function greet(door: Door, { invocation }: Asked, dispatch: Dispatch): Promise<void> {
    if (!options.catalogue().some((c) => c.name === "start") || !(await guests.isFirstAdmin(invocation.room.community))) return;
    if (invocation.input.kind === "values" && invocation.input.command === "start") return;
    const { replyTo: _, ...asker } = invocation;
    const answer = await dispatch.answer({ ...asker, input: { kind: "values", command: "start", values: {} } }, () => {});
    if (answer.error !== undefined) return;
    for (const message of drawAnswer(answer.blocks)) await door.followUp(message, true);
  }

  async function turnAway(door: Door, inbound: Asked, dispatch: Dispatch): Promise<void> {
    const { doors } = await dispatch.texts(inbound.invocation.room.community);
    const words = drawPlain([text(doors.restarting)]);
    if (words !== null) await door.reply(words, inbound.invocation.room.kind !== "private");
  }

  return {
    take(data, dispatch, first = once) {
      const parsed = interactionSchema.safeParse(data);
      if (!parsed.success) {
        const paths = parsed.error.issues.map((issue) => issue.path.join("."));
        log.warn({ platform: "discord", paths }, "an interaction that cannot be read was skipped");
        return;
      }
      const work = handle(parsed.data, dispatch, first)
        .catch((error: unknown) => log.warn({ platform: "discord", ...describe(error) }, "an interaction was given up"))
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async drain(graceMs) {
      draining = true;
      if (underWay.size > 0) await within(Promise.allSettled(underWay), graceMs);
      stopping.abort();
      // Commands that were told to end say so to their members.
      if (underWay.size > 0) await within(Promise.allSettled(underWay), Math.min(graceMs, 1000));
    },
  };
}

const claimOf = ({ id, application_id: application }: RawInteraction) => ({ id, application });

/** Within Discord's limits; what is too long to be sent back as a value is left out. */
function choicesOf(choices: readonly Choice[] | undefined): { name: string; value: string }[] {
  return (choices ?? [])
    .filter(({ label, value }) => label !== "" && value !== "" && value.length <= limits.maxChoice)
    .slice(0, limits.maxChoices)
    .map(({ label, value }) => ({ name: shorten(label, limits.maxChoice), value }));
}
