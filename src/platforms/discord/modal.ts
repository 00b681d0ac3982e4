/** Forms as Discord modals: drawn, and read back when they are submitted. */
import type { APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import { plainText } from "../../core/markup.ts";
import type { FormField, SealedBlock } from "../../core/reply.ts";
import { textsIn } from "../../core/texts.ts";
import * as limits from "./limits.ts";
import { escapeMarkdown } from "./markdown.ts";
import { shorten } from "./render.ts";

type Form = Extract<SealedBlock, { kind: "form" }>;

/**
 * The modal of a form. Its custom id is the payload of the submit button. A text input's id tells which argument it becomes, and whether the
 * submitted command answers privately: Discord asks for that before the answer is known, and the payload of a form does not say it.
 */
export function drawModal(form: Form, isPrivate: (command: string) => boolean): APIModalInteractionResponseCallbackData {
  const title = plainText(form.title);
  const hidden = isPrivate(form.submit.command);
  return {
    custom_id: form.submit.payload,
    title: shorten(title === "" ? "Depinion" : title, limits.maxModalTitle),
    components: form.fields === undefined ? oneText(form, hidden) : form.fields.map((field) => oneField(field, hidden)),
  };
}

function oneText(form: Form, hidden: boolean): APIModalInteractionResponseCallbackData["components"] {
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
      custom_id: inputId(wholeText, hidden),
      style: 2,
      required: true,
      min_length: 1,
      max_length: Math.max(1, Math.min(form.maxLength, limits.maxModalText)),
    },
  } as const;
  const explanation = { type: 10, content: escapeMarkdown(prompt) } as const;
  return labelled || described || prompt === "" ? [input] : [explanation, input];
}

/** Style 1: one line. */
function oneField({ argument, label, hint, maxLength, optional, value }: FormField, hidden: boolean) {
  return {
    type: 18,
    label: shorten(label, limits.maxModalLabel),
    description: shorten(hint, limits.maxModalDescription),
    component: {
      type: 4,
      custom_id: inputId(`${fieldPrefix}${argument}`, hidden),
      style: 1,
      required: !optional,
      max_length: Math.max(1, Math.min(maxLength, limits.maxModalText)),
      ...(value === "" ? {} : { value: value.slice(0, maxLength) }),
    },
  } as const;
}

const wholeText = "text";
const fieldPrefix = "field.";

const inputId = (what: string, isPrivate: boolean): string => `${what}:${isPrivate ? "private" : "open"}`;

interface FilledIn {
  /** What this program never made counts as private. */
  readonly private: boolean;
  readonly text: string;
  /** By their arguments; null of a form without fields. */
  readonly fields: Readonly<Record<string, string>> | null;
}

/** @param inputs text inputs of a submitted modal */
export function readModal(inputs: readonly { readonly custom_id: string; readonly value?: string | null | undefined }[]): FilledIn {
  const read = inputs.map(({ custom_id, value }) => {
    const [what = "", manner] = custom_id.split(":");
    return { what, open: manner === "open", value: value ?? "" };
  });
  const named = read.filter(({ what }) => what.startsWith(fieldPrefix));
  return {
    private: read.length === 0 || read.some(({ open }) => !open),
    text: read[0]?.value ?? "",
    fields: named.length === 0 ? null : Object.fromEntries(named.map(({ what, value }) => [what.slice(fieldPrefix.length), value])),
  };
}
