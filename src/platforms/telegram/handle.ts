/** Hands each kind of update to what answers it. */
import type { VoteBox } from "../../core/poll.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Arrival } from "./arrivals.ts";
import { noteOf } from "./failures.ts";
import { createInlineHandler, type InlineCommand } from "./inline.ts";
import { handleMembership } from "./membership.ts";
import { handlePress, release } from "./press.ts";
import { type Desk, handleMessage, sayFlooded } from "./respond.ts";
import type { Timing } from "./timing.ts";
import { handleAnswer, handleState } from "./votes.ts";

export interface HandlerOptions {
  /** Without it votes are counted by nobody. */
  readonly votes: VoteBox | undefined;
  readonly inlineCommands: () => readonly InlineCommand[];
  readonly timing: Timing;
  readonly log: Logger;
}

export type Handler = (desk: Desk, arrival: Arrival) => Promise<void>;

export function createHandler({ votes, inlineCommands, timing, log }: HandlerOptions): Handler {
  const inline = createInlineHandler(timing.inlineRemembered);
  return async (desk, { id: update, read, name }) => {
    switch (read.kind) {
      case "message":
        return handleMessage(desk, read.message, name);
      case "press":
        return handlePress(desk, read.query, name);
      case "inline":
        return inline(desk, read.query, inlineCommands());
      case "membership":
        return handleMembership(desk, read.change, name);
      case "answer":
        return votes === undefined || update === null ? undefined : handleAnswer(desk, votes, read.answer, update);
      case "poll":
        return votes === undefined || update === null ? undefined : handleState(desk, votes, read.poll, update);
      case "malformed":
        log.warn({ update, what: read.what, where: read.where }, "skipped an update that is not as documented");
        if (read.queryId !== undefined) await release(desk, read.queryId);
        return;
      case "unknown":
        log.debug({ update }, "skipped an update of an unknown kind");
    }
  };
}

/** The first message of a chat that is dropped because too many wait there. */
export function sayFull(desk: Desk, { read }: Arrival): void {
  if (read.kind === "message")
    sayFlooded(desk, read.message).catch((error: unknown) => desk.log.error(noteOf(error), "a flooded chat was not told"));
}
