/** Forms as Discord modals: drawn, and read back when they are submitted. */
import type { APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import { plainText } from "../../core/markup.ts";
import type { SealedBlock } from "../../core/reply.ts";
import { textsIn } from "../../core/texts.ts";
import * as limits from "./limits.ts";
import { escapeMarkdown } from "./markdown.ts";
import { shorten } from "./render.ts";

type Form = Extract<SealedBlock, { kind: "form" }>;

/**
 * The modal of a form. Its custom id is the payload of the submit button. The text input's id tells whether the submitted command answers
 * privately: Discord asks for that before the answer is known, and the payload of a form does not say it.
 */
export function drawModal(form: Form, isPrivate: (command: string) => boolean): APIModalInteractionResponseCallbackData {
  const title = plainText(form.title);
  const prompt = plainText(form.prompt);
  const labelled = prompt !== "" && prompt.length <= limits.maxModalLabel;
  const described = !labelled && prompt !== "" && prompt.length <= limits.maxModalDescription;
  const input = {
    // Types 18, 4 and 10: label, text input, text display; style 2: several lines (components/reference).
    type: 18,
    label: labelled ? prompt : (form.words ?? textsIn("en").forms).yourWords,
    ...(described ? { description: prompt } : {}),
    component: {
      type: 4,
      custom_id: inputId(isPrivate(form.submit.command)),
      style: 2,
      required: true,
      min_length: 1,
      max_length: Math.max(1, Math.min(form.maxLength, limits.maxModalText)),
    },
  } as const;
  const explanation = { type: 10, content: escapeMarkdown(prompt) } as const;
  return {
    custom_id: form.submit.payload,
    title: shorten(title === "" ? "Depinion" : title, limits.maxModalTitle),
    components: labelled || described || prompt === "" ? [input] : [explanation, input],
  };
}

const inputId = (isPrivate: boolean): string => (isPrivate ? "text:private" : "text:open");

/** Whether the command behind a submitted form answers privately; what this program never made counts as private. */
export const submitsPrivately = (customId: string): boolean => customId !== inputId(false);
