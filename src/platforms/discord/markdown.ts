/** Discord's Markdown: the bot's own inline marks written in it, and a person's text kept out of it. */
import { parseMarkup, type Span } from "../../core/markup.ts";

/**
 * Characters that mean something anywhere (emphasis, spoilers, code, block quotes, links, mentions), a colon that could begin an
 * emoji's name or stand in a web address, and what makes a heading, a list or small print at the start of a line.
 */
const meaning = /[\\*_~`|<>[\]@]|:(?=\S)|(?<=^[ \t]*)[#+-]|(?<=^[ \t]*\d{1,9})\./gm;

/**
 * Makes text literal. Discord shows the character behind a backslash as it is when it is neither letter, digit nor space.
 * `unescapeMarkdown` gives back exactly this text: every backslash of the result was put there, or doubled, here.
 */
export const escapeMarkdown = (text: string): string => text.replace(meaning, "\\$&");

/** The inverse of `escapeMarkdown`. */
export const unescapeMarkdown = (text: string): string => text.replace(/\\([^0-9A-Za-z\s])/gu, "$1");

/** Discord trims what it stores; this invisible character keeps outer white space from being lost. */
const guard = "\u200b";
const needsGuard = /[\s\u200b]/;

/** Escaped text that survives being stored by Discord to the last character; `readExact` reads it back. */
export function writeExact(text: string): string {
  const lead = text === "" || needsGuard.test(text.charAt(0)) ? guard : "";
  const tail = text !== "" && needsGuard.test(text.charAt(text.length - 1)) ? guard : "";
  return `${lead}${escapeMarkdown(text)}${tail}`;
}

export function readExact(written: string): string {
  let text = written;
  if (text.startsWith(guard)) text = text.slice(1);
  if (text.endsWith(guard)) text = text.slice(0, -1);
  return unescapeMarkdown(text);
}

/** Text with the bot's own inline marks, as Discord's Markdown. */
export const inline = (source: string): string => join(parseMarkup(source)).map(write).join("");

/** The same without marks, where Discord shows none; null where a link would lose its address. */
export function inlinePlain(source: string): string | null {
  const spans = parseMarkup(source);
  return spans.some((span) => span.kind === "link") ? null : spans.map((span) => span.text).join("");
}

/** Neighbours of one kind would run into each other: `**a****b**` is not two bold words. */
function join(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && last.kind === span.kind && last.kind !== "link")
      joined[joined.length - 1] = { ...last, text: last.text + span.text };
    else joined.push(span);
  }
  return joined;
}

function write(span: Span): string {
  switch (span.kind) {
    case "text":
      return escapeMarkdown(span.text);
    case "bold":
      return span.text.trim() === "" ? span.text : `**${escapeMarkdown(span.text)}**`;
    case "code":
      return `\`${span.text}\``;
    case "link":
      return link(span.text, span.url);
  }
}

/** A masked link; what is no web address is shown as text. */
export function link(label: string, url: string): string {
  if (!/^https?:\/\//i.test(url)) return `${escapeMarkdown(label)} (${escapeMarkdown(url)})`;
  const address = url.replace(/[\s()<>]/g, (c) => (c === "(" ? "%28" : c === ")" ? "%29" : encodeURIComponent(c)));
  return `[${escapeMarkdown(label)}](${address})`;
}

/** Every line as part of a block quote. */
export const blockQuote = (written: string): string => written.replace(/^/gm, "> ");

/** Every line as small print. */
export const smallPrint = (written: string): string => written.replace(/^(?=[^\n])/gm, "-# ");
