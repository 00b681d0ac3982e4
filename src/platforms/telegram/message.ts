/** Puts blocks into Telegram messages within their limits, and posts one. */
import { InputFile } from "grammy";
import type { ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import { z } from "zod";
import type { Part } from "../../core/platform.ts";
import { pressable } from "../../core/poll-buttons.ts";
import type { SealedBlock, SealedButton } from "../../core/reply.ts";
import { splitBlocks } from "../../core/split.ts";
import { textsIn } from "../../core/texts.ts";
import type { BotApi, CallSignal } from "./client.ts";
import { startLink } from "./deep-link.ts";
import { notModified, picturesForbidden } from "./failures.ts";
import { concat, drawText, label, mention, plain } from "./render.ts";

/** Bot API, sendMessage, sendPhoto and sendDocument: characters after entity parsing, counted here in UTF-16 code units like entity offsets. */
const maxText = 4096;
const maxCaption = 1024;
/** Further entities of a message are ignored and their marks lost. */
const maxEntities = 100;
const maxButtons = 100;
/** Room for the name that a form may be addressed to. */
const addresseeRoom = 80;

export interface DrawOptions {
  readonly username: string;
  /** How a form is asked: by a reply to it, or, where nobody can reply to the bot (channels), by a link to the private chat. */
  readonly forms: "reply" | "link";
  /** Who is to fill in the form when the message replies to somebody else: a selective reply shows for mentioned people. */
  readonly addressee?: { readonly id: number; readonly name: string } | undefined;
}

export interface Drawn {
  readonly text: string;
  readonly entities: MessageEntity[];
  readonly markup?: InlineKeyboardMarkup | ForceReply;
  readonly file?: { readonly name: string; readonly content: Uint8Array; readonly photo: boolean };
}

/** Rows of at most three buttons, fewer where the labels are long: what a phone shows without cutting. */
function keyboard(buttons: readonly SealedButton[]): InlineKeyboardMarkup {
  const rows: InlineKeyboardButton[][] = [];
  let used = 0;
  for (const { label: text, payload } of buttons) {
    const button = { text: label(text), callback_data: payload };
    const row = rows.at(-1);
    const width = button.text.length + 4;
    if (row === undefined || row.length === 3 || used + width > 36) {
      rows.push([button]);
      used = width;
    } else {
      row.push(button);
      used += width;
    }
  }
  return { inline_keyboard: rows };
}

type ButtonsBlock = Extract<SealedBlock, { kind: "buttons" }>;

/** Blocks are immutable, and a popular answer has the same ones each time. */
const keyboards = new WeakMap<SealedBlock, InlineKeyboardMarkup>();

function keyboardOf(blocks: readonly ButtonsBlock[]): InlineKeyboardMarkup {
  const [only, ...others] = blocks;
  if (only === undefined || others.length > 0) return keyboard(blocks.flatMap(({ buttons }) => buttons));
  const known = keyboards.get(only) ?? keyboard(only.buttons);
  keyboards.set(only, known);
  return known;
}

export const linkKeyboard = (text: string, url: string): InlineKeyboardMarkup => ({ inline_keyboard: [[{ text: label(text), url }]] });

/** Unlike the text of an answer, a description may be shortened: it says in words what the picture shows. */
function description(alt: string): string {
  const { text } = plain(alt);
  return text.length <= maxCaption ? text : `${text.slice(0, maxCaption - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

const visible = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** Draws blocks as one message, whether or not it is within the limits. */
export function draw(blocks: readonly SealedBlock[], options: DrawOptions): Drawn {
  const form = blocks.find((block) => block.kind === "form");
  const words = form?.words ?? textsIn("en").forms;
  const url = form === undefined ? null : startLink(options.username, form.submit.payload);
  const asked = url !== null && options.forms === "reply" ? { label: words.reply, url } : null;
  let drawing = drawText(blocks, asked);
  if (asked !== null && options.addressee !== undefined)
    drawing = concat([mention(options.addressee.id, options.addressee.name), plain(", "), drawing]);
  const buttons = pressable(blocks).flatMap((block) => (block.kind === "buttons" && block.buttons.length > 0 ? [block] : []));
  const picture = blocks.find((block) => block.kind === "image");
  // Telegram takes no message without visible text; a picture alone is described to whoever cannot see it.
  const text = [drawing.text, picture === undefined ? "" : description(picture.alt)].find((words) => visible.test(words));
  let markup: Drawn["markup"];
  if (asked !== null) markup = { force_reply: true, selective: true, input_field_placeholder: label(form?.title ?? "") };
  else if (url !== null) markup = linkKeyboard(words.inPrivate, url);
  else if (buttons.length > 0) markup = keyboardOf(buttons);
  const file = blocks.find((block) => block.kind === "file");
  return {
    text: text ?? (buttons.length > 0 ? "Choose:" : "–"),
    entities: text === drawing.text ? drawing.entities : [],
    ...(markup === undefined ? {} : { markup }),
    ...(file === undefined ? {} : { file: { name: file.name, content: file.content, photo: false } }),
    ...(picture === undefined ? {} : { file: { name: picture.name, content: picture.png, photo: true } }),
  };
}

/** Whether these blocks, drawn as one message, are within Telegram's limits. */
function fits(blocks: readonly SealedBlock[], { text, entities }: Drawn): boolean {
  const count = { file: 0, form: 0, buttons: 0 };
  for (const block of blocks) {
    if (block.kind === "buttons") count.buttons += block.buttons.length;
    else if (block.kind === "file" || block.kind === "image") count.file++;
    else if (block.kind === "form") count.form++;
  }
  // A message has one file and one kind of keyboard; a form's "reply" is a keyboard to Telegram.
  if (count.file > 1 || count.form > 1 || count.buttons > maxButtons || (count.form > 0 && count.buttons + count.file > 0)) return false;
  const most = count.file > 0 ? maxCaption : count.form > 0 ? maxText - addresseeRoom : maxText;
  return text.length <= most && entities.length <= maxEntities - count.form;
}

/** Splits into messages; nothing is lost. Pictures come first, with all words as the caption or none: half of them would be read as all. */
export function split(blocks: readonly SealedBlock[], options: DrawOptions): readonly Part[] {
  if (fits(blocks, draw(blocks, options))) return [{ blocks }];
  const pictures = blocks.filter((block) => block.kind === "image").map((picture) => ({ blocks: [picture] }));
  const others = blocks.filter((block) => block.kind !== "image");
  return [...pictures, ...splitBlocks(others, (head) => fits(head, draw(head, options))).map((part) => ({ blocks: part }))];
}

/** Splits and draws. Most answers are one message, and are drawn once. */
export function drawAll(blocks: readonly SealedBlock[], options: DrawOptions): readonly Drawn[] {
  const whole = draw(blocks, options);
  return fits(blocks, whole) ? [whole] : split(blocks, options).map((part) => draw(part.blocks, options));
}

/** Where a message goes. */
export interface Address {
  readonly chat: number;
  /** Forum topic. */
  readonly thread?: number | undefined;
}

const posted = z.object({ message_id: z.int() });

/**
 * Posts one drawn message.
 * @param replyTo message that it answers; where that is gone, it is posted all the same
 * @returns the id of the posted message
 * @throws GrammyError, HttpError, or ZodError where Telegram says "ok" without the message, which proves nothing
 */
export async function post(api: BotApi, to: Address, drawn: Drawn, replyTo?: number, signal?: CallSignal): Promise<number> {
  const { text, entities, markup, file } = drawn;
  const common = {
    ...(to.thread === undefined ? {} : { message_thread_id: to.thread }),
    ...(markup === undefined ? {} : { reply_markup: markup }),
    ...(replyTo === undefined ? {} : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
  };
  if (file === undefined) {
    return posted.parse(await api.sendMessage(to.chat, text, { ...common, ...textOptions(entities) }, signal)).message_id;
  }
  const content = new InputFile(file.content, file.name);
  const captioned = { ...common, caption: text, caption_entities: entities };
  if (!file.photo) return posted.parse(await api.sendDocument(to.chat, content, captioned)).message_id;
  try {
    return posted.parse(await api.sendPhoto(to.chat, content, captioned)).message_id;
  } catch (error) {
    // A group can forbid pictures and still want the words. What was refused is not there, so nothing is posted twice.
    if (!picturesForbidden(error)) throw error;
    const { file: _, ...words } = drawn;
    return post(api, to, words, replyTo);
  }
}

/**
 * Puts a drawn message in the place of one that stands.
 * @returns false where that cannot be: a text does not become a file, nor a question for a reply
 * @throws GrammyError, HttpError
 */
export async function replace(api: BotApi, chat: number, message: number, { text, entities, markup, file }: Drawn): Promise<boolean> {
  if (file !== undefined || (markup !== undefined && !("inline_keyboard" in markup))) return false;
  try {
    await api.editMessageText(chat, message, text, { ...textOptions(entities), ...(markup === undefined ? {} : { reply_markup: markup }) });
  } catch (error) {
    if (!notModified(error)) throw error;
  }
  return true;
}

/** Previews of links are off: an answer brings its own words. */
export const textOptions = (entities: MessageEntity[]) => ({ entities, link_preview_options: { is_disabled: true } }) as const;
