/** Shows what is being done and how an answer grows: as a draft in a private chat, elsewhere in a message that the answer then replaces. */
import type { Progress } from "../../core/context.ts";
import { text } from "../../core/reply.ts";
import type { CallSignal } from "./client.ts";
import { noteOf, notModified, sendFailure } from "./failures.ts";
import type { Place } from "./inbound.ts";
import { type DrawOptions, drawAll, post, textOptions } from "./message.ts";
import type { Desk } from "./respond.ts";

export interface Growing {
  readonly say: Progress;
  /** Ends it. */
  end(): Promise<Standing>;
}

export interface Standing {
  /** The message that now stands in the chat for the answer to replace; null where there is none. */
  readonly message: number | null;
  /** Whether no version of it can come after the answer any more. */
  readonly sure: boolean;
}

/**
 * @param draftId names the draft within its chat; not zero
 * @param replyTo message that is answered
 */
export function startProgress(desk: Desk, place: Place, options: DrawOptions, draftId: number, replyTo: number | undefined): Growing {
  const { api, timing, log } = desk;
  const every = place.kind === "private" ? timing.progressEvery : timing.progressEveryShared;
  const leaving = new AbortController();
  const signal = leaving.signal as unknown as CallSignal;
  let drafts = place.kind === "private";
  let newest: { readonly note: string; readonly partial: boolean } | null = null;
  let standing: number | null = null;
  let over = false;
  let sure = true;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = setTimeout(next, timing.progressAfter);

  function next(): void {
    timer = null;
    // What is only there for a moment is a draft or nothing: a message would stand in everybody's way.
    if (over || newest === null || !(drafts || newest.partial)) return;
    const { note } = newest;
    newest = null;
    writing = write(note).finally(() => {
      writing = null;
      if (!over) timer = setTimeout(next, every);
    });
  }

  async function write(note: string): Promise<void> {
    const [drawn] = drawAll([text(note)], options);
    if (drawn === undefined) return;
    try {
      if (drafts) {
        const thread = place.thread === undefined ? {} : { message_thread_id: place.thread };
        await api.sendMessageDraft(place.chat, draftId, drawn.text, { entities: drawn.entities, ...thread }, signal);
      } else if (standing === null) standing = await post(api, place, drawn, replyTo, signal);
      else await api.editMessageText(place.chat, standing, drawn.text, textOptions(drawn.entities), signal);
      sure = true;
    } catch (error) {
      if (notModified(error)) return;
      const failure = sendFailure(error);
      log.info({ ...noteOf(error), outcome: failure.outcome }, "an answer could not be shown while it was written");
      if (failure.outcome === "refused" && drafts) {
        // An older Bot API server knows no drafts.
        drafts = false;
        return;
      }
      over = true;
      sure = failure.outcome !== "unknown";
      // Gone, or not to be changed any more: the answer needs a message of its own.
      if (failure.outcome === "refused") standing = null;
    }
  }

  return {
    say(note, what) {
      newest = { note, partial: what === "partial" };
      if (timer === null && writing === null) next();
    },
    async end() {
      over = true;
      if (timer !== null) clearTimeout(timer);
      const patience = setTimeout(() => leaving.abort(), timing.progressPatience);
      await writing;
      clearTimeout(patience);
      return { message: standing, sure };
    },
  };
}
