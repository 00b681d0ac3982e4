/** One interaction's way back to the member: its callback, its original message and its follow-ups, none of them sent twice. */
import { DiscordAPIError, type REST } from "@discordjs/rest";
import { type APIModalInteractionResponseCallbackData, InteractionResponseType, Routes } from "discord-api-types/v10";
import { codes, isPassing } from "./errors.ts";
import { ephemeral } from "./limits.ts";
import type { Drawn } from "./render.ts";
import { persist } from "./rest.ts";

/** Answered elsewhere, or too late: nothing more can be done with this interaction. */
export class InteractionLost extends Error {
  override readonly name = "InteractionLost";
}

export interface Ids {
  readonly id: string;
  readonly application_id: string;
  readonly token: string;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
}

export interface Door {
  /** Shows a message. */
  reply(drawn: Drawn, hidden: boolean): Promise<void>;
  /** Replaces the message with the pressed button. */
  update(drawn: Drawn): Promise<void>;
  /** Takes the buttons off the message, and leaves the rest of it. */
  disarm(): Promise<void>;
  modal(data: APIModalInteractionResponseCallbackData): Promise<void>;
  choices(choices: readonly Choice[]): Promise<void>;
  /** "The bot is thinking", visible as the answer will be. */
  defer(hidden: boolean): Promise<void>;
  deferUpdate(): Promise<void>;
  /** Replaces the original message: the placeholder, or the one with the pressed button. */
  edit(drawn: Drawn): Promise<void>;
  /**
   * Writes into the placeholder what is only there for a moment; not repeated. `refused`: Discord wants no more of it. `unknown`: it may still
   * be written, after whatever is written next.
   */
  jot(drawn: Drawn, signal: AbortSignal): Promise<"written" | "refused" | "unknown">;
  /** `disarm` after `deferUpdate`. */
  editDisarm(): Promise<void>;
  remove(): Promise<void>;
  followUp(drawn: Drawn, hidden: boolean): Promise<void>;
}

/** The token of the interaction is the only right that is needed, so the bot's own token is not sent along. */
const unauthorised = { auth: false } as const;

/** @param onLost told of a follow-up of which nobody knows whether it arrived */
export function createDoor(rest: REST, { id, application_id, token }: Ids, onLost: (error: unknown) => void): Door {
  const original = Routes.webhookMessage(application_id, token, "@original");

  /**
   * A callback whose response was lost is sent once more: Discord takes only one per interaction, and the second attempt learns whether
   * the first arrived (40060). Each attempt must come within 3 seconds of the interaction anyway.
   */
  async function callback(body: unknown, files: Drawn["files"] = []): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await rest.post(Routes.interactionCallback(id, token), { ...unauthorised, body, files: [...files] });
        return;
      } catch (error) {
        if (error instanceof DiscordAPIError && error.code === codes.alreadyAcknowledged) {
          if (attempt > 1) return;
          throw new InteractionLost("another process has answered");
        }
        if (error instanceof DiscordAPIError && error.code === codes.unknownInteraction)
          throw new InteractionLost("the interaction has expired");
        if (attempt > 1 || !isPassing(error)) throw error;
      }
    }
  }

  const flags = (hidden: boolean) => (hidden ? { flags: ephemeral } : {});
  const patch = async (body: unknown, files: Drawn["files"] = []) => {
    await persist(() => rest.patch(original, { ...unauthorised, body, files: [...files] }));
  };

  return {
    reply: ({ body, files }, hidden) =>
      callback({ type: InteractionResponseType.ChannelMessageWithSource, data: { ...body, ...flags(hidden) } }, files),
    update: ({ body, files }) => callback({ type: InteractionResponseType.UpdateMessage, data: body }, files),
    disarm: () => callback({ type: InteractionResponseType.UpdateMessage, data: { components: [], allowed_mentions: { parse: [] } } }),
    modal: (data) => callback({ type: InteractionResponseType.Modal, data }),
    choices: (choices) => callback({ type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } }),
    defer: (hidden) => callback({ type: InteractionResponseType.DeferredChannelMessageWithSource, data: flags(hidden) }),
    deferUpdate: () => callback({ type: InteractionResponseType.DeferredMessageUpdate }),
    edit: ({ body, files }) => patch(body, files),
    async jot({ body, files }, signal) {
      try {
        await rest.patch(original, { ...unauthorised, body, files: [...files], signal });
        return "written";
      } catch (error) {
        return isPassing(error) ? "unknown" : "refused";
      }
    },
    editDisarm: () => patch({ components: [], allowed_mentions: { parse: [] } }),
    async remove() {
      await persist(() => rest.delete(original, unauthorised));
    },
    // Not repeated: whether a lost one was stored cannot be known, and two answers are worse than the log's word of one that failed.
    async followUp({ body, files }, hidden) {
      try {
        await rest.post(Routes.webhook(application_id, token), { ...unauthorised, body: { ...body, ...flags(hidden) }, files: [...files] });
      } catch (error) {
        if (!isPassing(error)) throw error;
        onLost(error);
      }
    },
  };
}
