/** What a command answers: blocks of meaning that every platform draws in its own way. */

import type { Figure } from "./figure.ts";
import type { Texts } from "./texts.ts";

/** A button is a command line that is run when it is pressed. */
export interface Button {
  readonly label: string;
  readonly command: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
  /** Who may press it. `author`: the member who is answered; `quoted`: the author of the quoted message. Default: anyone. */
  readonly for?: "anyone" | "author" | "quoted";
  /** Replace the message that carries the button instead of answering below it. */
  readonly update?: boolean;
}

/** A button that dispatch has made pressable. `payload` has at most 64 bytes (Telegram's `callback_data`). */
export interface SealedButton extends Button {
  readonly payload: string;
}

export interface Source {
  readonly title: string;
  readonly url: string;
}

/**
 * One unit of an answer. `text` of heading, text and note carries inline marks (`**bold**`, `` `code` ``, `[link](url)`),
 * so anything a person typed must pass `literal` first; `quote.text`, table cells and labels are shown literally.
 */
export type Block<B extends Button = Button> =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  /** `asOf` is the moment against which the age of stale figures is told. */
  | { readonly kind: "figures"; readonly figures: readonly Figure[]; readonly asOf: Date }
  | { readonly kind: "table"; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "quote"; readonly text: string; readonly by?: string }
  | { readonly kind: "sources"; readonly sources: readonly Source[] }
  | { readonly kind: "note"; readonly text: string }
  /** A picture to be seen in the message. `alt` says what it shows to whoever cannot see it; the name ends in `.png`. */
  | { readonly kind: "image"; readonly name: string; readonly png: Uint8Array; readonly alt: string }
  /** Something to keep, such as an export. */
  | { readonly kind: "file"; readonly name: string; readonly mime: string; readonly content: Uint8Array; readonly alt: string }
  | FormBlock<B>
  | { readonly kind: "buttons"; readonly buttons: readonly B[] }
  | PollBlock<B>;

/** Asks for one text of at most `maxLength` characters; `submit` runs with what was typed as its free-text argument. Title: at most 45 characters. */
export interface FormBlock<B extends Button = Button> {
  readonly kind: "form";
  readonly title: string;
  readonly prompt: string;
  readonly maxLength: number;
  readonly submit: B;
  /**
   * One to five texts to ask for, each of which becomes an argument of its own; `prompt` and `maxLength` are those of the first. A platform
   * that shows one text at a time asks for the first alone, so the command asks again for what is still missing.
   */
  readonly fields?: readonly FormField[];
  /** How the platform asks for it: dispatch puts them in. English without. */
  readonly words?: Texts["forms"];
}

/** One of the texts that a form asks for. */
export interface FormField {
  /** Name of the text argument that it becomes. */
  readonly argument: string;
  /** At most 45 characters. */
  readonly label: string;
  /** What is expected of it; at most 100 characters. */
  readonly hint: string;
  readonly maxLength: number;
  /** Whether it may be left empty; then the argument is an empty text. */
  readonly optional: boolean;
  /** What stands in it to begin with. */
  readonly value: string;
}

/** A question that the platform asks with a poll of its own where it can, and otherwise with these buttons. One message by itself. */
export interface PollBlock<B extends Button = Button> {
  readonly kind: "poll";
  /** At most 300 characters, shown literally. */
  readonly question: string;
  readonly options: readonly string[];
  readonly closesAt: Date;
  /** Counts are shown when it ends, and not before. */
  readonly hidden: boolean;
  /** Said below the options where buttons are shown. */
  readonly note: string;
  /** One for each option, and whatever else may be pressed. */
  readonly buttons: readonly B[];
}

export interface Reply<B extends Button = Button> {
  readonly blocks: readonly Block<B>[];
  /** What a public place without private answers (a Telegram group) shows instead of the blocks; at most one short line and buttons. */
  readonly brief?: readonly Block<B>[];
  /** Shown to everyone although the command is private; only for a command that opens forms, because it is never acknowledged early. */
  readonly public?: true;
  /** `brief` is worth a glance only: where a press can be answered in passing (Telegram), no message is made of it. */
  readonly passing?: true;
}

/** What dispatch hands to a platform. */
export interface Answer extends Reply<SealedButton> {
  /** For the asking member's eyes only, where the platform can. */
  readonly private: boolean;
  /** Opens the same command line in the private chat with the bot; for places without private answers. */
  readonly continueInPrivate?: SealedButton;
  /** Set when the answer reports an error: the code that logs and tests use. */
  readonly error?: string;
}

export type SealedBlock = Block<SealedButton>;

/** Blocks that nobody presses: equal before and after sealing. */
export type PlainBlock = Exclude<Block, { kind: "buttons" | "form" | "poll" }>;

export const reply = (...blocks: readonly Block[]): Reply => ({ blocks });
export const heading = (text: string): PlainBlock => ({ kind: "heading", text });
export const text = (text: string): PlainBlock => ({ kind: "text", text });
export const note = (text: string): PlainBlock => ({ kind: "note", text });
export const quote = (text: string, by?: string): PlainBlock => (by === undefined ? { kind: "quote", text } : { kind: "quote", text, by });
export const figures = (list: readonly Figure[], asOf: Date): PlainBlock => ({ kind: "figures", figures: list, asOf });
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): PlainBlock => ({ kind: "table", head, rows });
export const sources = (list: readonly Source[]): PlainBlock => ({ kind: "sources", sources: list });
export const image = (name: string, png: Uint8Array, alt: string): PlainBlock => ({ kind: "image", name, png, alt });
export const file = (name: string, mime: string, content: Uint8Array, alt: string): PlainBlock => ({
  kind: "file",
  name,
  mime,
  content,
  alt,
});
export const buttons = (list: readonly Button[]): Block => ({ kind: "buttons", buttons: list });
export const form = (title: string, prompt: string, maxLength: number, submit: Button): Block => ({
  kind: "form",
  title,
  prompt,
  maxLength,
  submit,
});
/** @throws TypeError without a field */
export function fieldsForm(title: string, prompt: string, fields: readonly FormField[], submit: Button): Block {
  const [first] = fields;
  if (first === undefined) throw new TypeError("a form that asks for nothing");
  return { kind: "form", title, prompt, maxLength: first.maxLength, submit, fields };
}
