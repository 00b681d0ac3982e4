/** The Bot API's limits on what a bot sends, with the server's own words for each refusal. Null means fine. */
import { list, number, type Payload, record, string } from "./payload.ts";

const entityTypes = new Set([
  ...["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline", "strikethrough"],
  ...["spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"],
]);

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const splitsPair = (text: string, at: number): boolean => at > 0 && at < text.length && isHighSurrogate(text.charCodeAt(at - 1));

/** Telegram demands a dot in the host of every link (td, LinkManager::check_link). */
function isWrongUrl(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  if (protocol === "tg:") return false;
  return !/^https?:$/.test(protocol) || !hostname.includes(".");
}

function entityProblem(text: string, entities: readonly unknown[]): string | null {
  const read = entities
    .map(record)
    .map((e) => ({ e, type: string(e.type) ?? "", from: number(e.offset) ?? -1, length: number(e.length) ?? -1 }));
  for (const { e, type, from, length } of read) {
    if (!entityTypes.has(type)) return "can't parse MessageEntity: Unsupported type specified";
    if (from < 0 || length <= 0) return "can't parse MessageEntity: offset and length must be positive";
    const to = from + length;
    if (from >= text.length) return `entity begins after the end of the text at UTF-16 offset ${from}`;
    if (to > text.length) return `entity beginning at UTF-16 offset ${from} ends after the end of the text at UTF-16 offset ${to}`;
    if (splitsPair(text, from)) return `entity begins in a middle of a UTF-16 symbol at byte offset ${from}`;
    if (splitsPair(text, to)) return `entity beginning at UTF-16 offset ${from} ends in a middle of a UTF-16 symbol at byte offset ${to}`;
    if (type === "text_link" && isWrongUrl(string(e.url))) return `entity URL '${string(e.url)}' is invalid: Wrong HTTP URL`;
    for (const other of read) {
      const [a, b] = [other.from, other.from + other.length];
      if (a > from && a < to && b > to)
        return `entity beginning at UTF-16 offset ${a} ends after the end of the text at UTF-16 offset ${b}`;
      // The server drops the other mark without a word; here that counts as a mistake.
      if (other.e !== e && (type === "code" || type === "pre") && a < to && b > from)
        return `${type} takes no other mark, such as ${other.type}`;
    }
  }
  return entities.length > 100 ? `${entities.length} entities: those beyond 100 are ignored` : null;
}

/** What is wrong with a text and its entities. */
export function textProblem(text: string | undefined, entities: unknown, most: number, tooLong: string): string | null {
  if (text === undefined || text === "") return "message text is empty";
  if (!text.isWellFormed()) return "strings must be encoded in UTF-8";
  if (!/[^\s\p{Default_Ignorable_Code_Point}]/u.test(text)) return "text must be non-empty";
  if (text.length > most) return tooLong;
  return entityProblem(text, list(entities));
}

const maxPhotoBytes = 10 * 1024 * 1024;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What is wrong with an uploaded photo: its size, being none, or its measures (Bot API, sendPhoto: "must not exceed 10000 in total", ratio at most 20). */
export function photoProblem(content: Uint8Array): string | null {
  const bytes = Buffer.from(content);
  if (bytes.length > maxPhotoBytes)
    return `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${maxPhotoBytes} bytes`;
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(pngSignature)) return "IMAGE_PROCESS_FAILED";
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const ratio = Math.max(width, height) / Math.min(width, height);
  return width + height > 10_000 || !(ratio <= 20) ? "PHOTO_INVALID_DIMENSIONS" : null;
}

function buttonProblem(raw: unknown): string | null {
  const { text, ...rest } = record(raw);
  if (string(text) === undefined || string(text)?.trim() === "")
    return 'can\'t parse inline keyboard button: Field "text" must be of type String';
  const kinds = Object.keys(rest);
  if (kinds.length === 0) return "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
  if (kinds.length > 1) return "can't parse inline keyboard button: exactly one kind must be used";
  const data = string(rest.callback_data);
  if (kinds[0] === "callback_data" && (data === undefined || data === "" || Buffer.byteLength(data) > 64)) return "BUTTON_DATA_INVALID";
  if (kinds[0] === "url" && isWrongUrl(string(rest.url))) return "BUTTON_URL_INVALID";
  return null;
}

/** What is wrong with a keyboard or a forced reply. */
export function markupProblem(markup: unknown, chatKind: string): string | null {
  if (markup === undefined) return null;
  const { inline_keyboard: rows, force_reply: force, input_field_placeholder: hint } = record(markup);
  if (force === true) {
    if (chatKind === "channel") return "reply markup is not supported in channels";
    const length = string(hint)?.length;
    return length !== undefined && (length < 1 || length > 64) ? "REPLY_MARKUP_INVALID: placeholder" : null;
  }
  if (!Array.isArray(rows)) return "object expected as reply markup";
  let count = 0;
  for (const row of rows) {
    if (!Array.isArray(row) || row.length === 0) return "can't parse reply keyboard markup: empty row";
    if (row.length > 8) return "reply markup is too long";
    for (const button of row) {
      const problem = buttonProblem(button);
      if (problem !== null) return problem;
    }
    count += row.length;
  }
  return count > 100 ? "reply markup is too long" : null;
}

export function commandsProblem(commands: unknown): string | null {
  if (list(commands).length > 100) return "too many bot commands specified";
  for (const raw of list(commands)) {
    const { command, description } = record(raw);
    if (!/^[a-z0-9_]{1,32}$/.test(string(command) ?? "")) return "BOT_COMMAND_INVALID";
    const length = string(description)?.length ?? 0;
    if (length < 1 || length > 256) return "BOT_COMMAND_DESCRIPTION_INVALID";
  }
  return null;
}

export function callbackAnswerProblem(payload: Payload, username: string): string | null {
  const text = string(payload.text);
  if (text !== undefined && text.length > 200) return "MESSAGE_TOO_LONG";
  const url = string(payload.url);
  return url !== undefined && !url.startsWith(`https://t.me/${username}?start=`) ? "URL_INVALID" : null;
}

export function inlineAnswerProblem(payload: Payload): string | null {
  const results = list(payload.results);
  if (results.length > 50) return "RESULTS_TOO_MUCH";
  const ids = new Set<string>();
  for (const raw of results) {
    const { id, type, title, input_message_content: content } = record(raw);
    const bytes = Buffer.byteLength(string(id) ?? "");
    if (bytes < 1 || bytes > 64) return "RESULT_ID_INVALID";
    if (ids.has(string(id) ?? "")) return "RESULT_ID_DUPLICATE";
    ids.add(string(id) ?? "");
    if (type !== "article" || !string(title)) return "ARTICLE_TITLE_EMPTY";
    const { message_text: text, entities } = record(content);
    const problem = textProblem(string(text), entities, 4096, "MESSAGE_TOO_LONG");
    if (problem !== null) return problem;
  }
  return null;
}

/** A parameter of a deep link: at most 64 of A-Z a-z 0-9 _ -. */
export const isStartParameter = (parameter: string): boolean => /^[\w-]{1,64}$/.test(parameter);
