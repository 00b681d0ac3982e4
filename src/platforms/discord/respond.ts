/** When and how an answer is shown: at once where it is ready within a second, otherwise announced and filled in. */

import { DiscordAPIError } from "@discordjs/rest";
import type { Progress } from "../../core/context.ts";
import { type Answer, text } from "../../core/reply.ts";
import { within } from "../../lib/abort.ts";
import type { Door } from "./door.ts";
import { codes } from "./errors.ts";
import type { Plan } from "./inbound.ts";
import { drawModal } from "./modal.ts";
import { type Drawn, drawAnswer, drawMessage, drawPlain } from "./render.ts";

export interface Timing {
  /** A direct answer is awaited this long. */
  readonly ackAfterMs: number;
  /**
   * A form can only be the first acknowledgement, so a command that may open one is awaited longer; Discord gives up after 3 seconds
   * (interactions/receiving-and-responding). Past this, a message is announced after all, and a form becomes a button that opens it.
   */
  readonly lastMomentMs: number;
  /** Progress is shown at most this often. */
  readonly progressEveryMs: number;
  /** Longest wait for Discord to take it: the answer comes after it, and must not wait long. */
  readonly progressMs: number;
}

export interface Answering {
  readonly door: Door;
  readonly plan: Plan;
  readonly timing: Timing;
  /** In the chat with the bot everything is for the member's eyes; an ephemeral message there would only be lost on restart. */
  readonly privateRoom: boolean;
  readonly isPrivateCommand: (command: string) => boolean;
  /** Runs the command; never rejects. */
  readonly work: (progress: Progress) => Promise<Answer>;
  /** Begins only when Discord has taken the acknowledgement, which it does once for each interaction. */
  readonly acknowledgeFirst: boolean;
}

/** What was shown, so that a greeting knows whether it can follow. */
export type Shown = "message" | "modal";

/**
 * Runs one command and shows its answer.
 * @throws what Discord refused, after which the member may have seen nothing
 */
export async function respond(answering: Answering): Promise<Shown> {
  const { door, plan, timing, privateRoom, work } = answering;
  const reporter = createReporter(door, timing);
  const begin = () => work(reporter.say);
  const begun = answering.acknowledgeFirst ? null : begin();
  const early = begun === null ? undefined : await within(begun, plan.mayOpenForm ? timing.lastMomentMs : timing.ackAfterMs);
  if (early !== undefined) return showDirectly(answering, early);

  if (plan.update === false) {
    const hidden = plan.private && !privateRoom;
    await door.defer(hidden);
    reporter.open();
    const answer = await (begun ?? begin());
    const sure = await reporter.close();
    await fillIn(answering, answer, hidden, sure);
  } else {
    await door.deferUpdate();
    await updateLate(answering, await (begun ?? begin()), plan.update);
  }
  return "message";
}

const isHidden = ({ privateRoom }: Answering, answer: Answer): boolean => (answer.private || answer.error !== undefined) && !privateRoom;

/** A private answer never lands in a message that others read. */
const mayReplace = (answering: Answering, answer: Answer): boolean => answering.plan.update === "ephemeral" || !isHidden(answering, answer);

async function showDirectly(answering: Answering, answer: Answer): Promise<Shown> {
  const { door, plan } = answering;
  const hidden = isHidden(answering, answer);
  const form = answer.blocks.find((b) => b.kind === "form");
  if (form !== undefined && plan.mayOpenForm) {
    await door.modal(drawModal(form, answering.isPrivateCommand));
    return "modal";
  }
  const [first, ...rest] = draw(answer);
  if (plan.update === false || answer.error !== undefined) await door.reply(first, hidden);
  else if (mayReplace(answering, answer)) await door.update(first);
  else {
    // The public message has done its work: it keeps its words and loses its buttons, and only the member reads what came of it.
    await door.disarm();
    rest.unshift(first);
  }
  for (const next of rest) await door.followUp(next, hidden);
  return "message";
}

/** After `defer`. What was announced to all cannot become private, or the other way round: then the placeholder makes way. */
async function fillIn(answering: Answering, answer: Answer, announcedHidden: boolean, sure: boolean): Promise<void> {
  const { door, timing } = answering;
  const hidden = isHidden(answering, answer);
  const [first, ...rest] = draw(answer);
  if (hidden !== announcedHidden) {
    await door.remove();
    await door.followUp(first, hidden);
    for (const next of rest) await door.followUp(next, hidden);
    return;
  }
  const inPlace = await filled(door, first);
  if (!inPlace) await door.followUp(first, hidden);
  for (const next of rest) await door.followUp(next, hidden);
  if (!inPlace || sure) return;
  // A note of which nobody knows where it is may have come after the answer, in its place.
  await new Promise((resolve) => setTimeout(resolve, timing.progressMs));
  await filled(door, first);
}

/** False where somebody has deleted the placeholder meanwhile. */
async function filled(door: Door, drawn: Drawn): Promise<boolean> {
  try {
    await door.edit(drawn);
    return true;
  } catch (error) {
    if (error instanceof DiscordAPIError && error.code === codes.unknownMessage) return false;
    throw error;
  }
}

/** After `deferUpdate`, which shows nothing. */
async function updateLate(answering: Answering, answer: Answer, update: "public" | "ephemeral"): Promise<void> {
  const { door } = answering;
  // Below a message that only its reader sees, what follows is only for them too.
  const hidden = isHidden(answering, answer) || (update === "ephemeral" && !answering.privateRoom);
  const [first, ...rest] = draw(answer);
  if (answer.error !== undefined) rest.unshift(first);
  else if (mayReplace(answering, answer)) await door.edit(first);
  else {
    await door.editDisarm();
    rest.unshift(first);
  }
  for (const next of rest) await door.followUp(next, hidden);
}

/** At least one message; errors without a frame. */
function draw(answer: Answer): [Drawn, ...Drawn[]] {
  const plain = answer.error === undefined ? null : drawPlain(answer.blocks);
  return plain === null ? drawAnswer(answer.blocks) : [plain];
}

interface Reporter {
  readonly say: Progress;
  /** From here on there is a placeholder to write in. */
  open(): void;
  /** Ends it. Resolves with whether nothing of it can overtake the answer any more. */
  close(): Promise<boolean>;
}

/** Writes what is being done into the placeholder, the newest note only, at most once per interval. */
function createReporter(door: Door, { progressEveryMs, progressMs }: Timing): Reporter {
  let state: "waiting" | "open" | "closed" = "waiting";
  let note: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let sure = true;

  function write(): void {
    timer = null;
    if (note === null || state !== "open") return;
    const drawn = drawPlain([text(note)]) ?? drawMessage([text(note)]);
    note = null;
    // A note that cannot be shown is no loss; the answer itself will tell of real trouble.
    writing = door.jot(drawn, AbortSignal.timeout(progressMs)).then((fate) => {
      if (fate === "refused") state = "closed";
      // What is written in time comes after whatever was lost before it.
      sure = fate !== "unknown";
    });
    timer = setTimeout(write, progressEveryMs);
  }

  return {
    say(next) {
      note = next;
      if (state === "open" && timer === null) write();
    },
    open() {
      state = "open";
      write();
    },
    async close() {
      state = "closed";
      if (timer !== null) clearTimeout(timer);
      await writing;
      return sure;
    },
  };
}
