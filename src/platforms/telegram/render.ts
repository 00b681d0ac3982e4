/** Draws blocks as Telegram text with entities; pure. Nothing is sent with a parse mode, so nothing needs escaping. */
import { FormattedString } from "@grammyjs/parse-mode";
import type { MessageEntity } from "grammy/types";
import { assertNever } from "../../core/errors.ts";
import { type Figure, formatFigure, formatFreshness } from "../../core/figure.ts";
import { parseMarkup, type Span } from "../../core/markup.ts";
import { type PollFree, pressable } from "../../core/poll-buttons.ts";
import type { SealedBlock } from "../../core/reply.ts";

/** Lone surrogates make Telegram refuse the text; overrides of the writing direction could turn the bot's own words around. */
const cleaned = (text: string): string => text.toWellFormed().replace(/[\u202a-\u202e\u2066-\u2069\r]/g, "");

/**
 * Telegram makes `@name` in any text a mention that notifies `name`, also without an entity, so a quoted "@everyone-like"
 * list of names would ring their phones. A word joiner (U+2060) behind the @ is invisible and ends that, at the end of a piece too: its
 * name may be in the next one. The bot itself never mentions by name, so this goes over all text but code, where Telegram looks for no mentions.
 */
const unlinked = (text: string): string => cleaned(text).replace(/@(?=\w|$)/g, "@\u2060");

/** Text as a person typed it, or as a command wrote it: no marks, no mentions. */
export const plain = (text: string): FormattedString => new FormattedString(unlinked(text));

const marked = (text: string, ...marks: readonly Mark[]): FormattedString =>
  text === ""
    ? plain("")
    : new FormattedString(
        text,
        marks.map((mark) => ({ ...mark, offset: 0, length: text.length })),
      );

type Mark = { readonly type: "bold" | "italic" | "blockquote" | "code" | "pre" } | { readonly type: "text_link"; readonly url: string };

/** Telegram refuses a whole message for a link without a dot in its host ("Wrong HTTP URL"; td, LinkManager::check_link). */
export function isLinkable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (protocol === "http:" || protocol === "https:") && hostname.includes(".");
}

/** Joins in linear time; the plugin's own `join` copies what it has for every piece. */
export function concat(pieces: readonly FormattedString[], separator = ""): FormattedString {
  let text = "";
  const entities: MessageEntity[] = [];
  pieces.forEach((piece, index) => {
    if (index > 0) text += separator;
    for (const entity of piece.entities) entities.push({ ...entity, offset: entity.offset + text.length });
    text += piece.text;
  });
  return new FormattedString(text, entities);
}

/** Code takes no other mark (Bot API, MessageEntity), so a bold line around it is bold before and behind it. */
function inline(source: string, ...around: readonly Mark[]): FormattedString {
  return concat(parseMarkup(source).map((span) => drawSpan(span, around)));
}

function drawSpan(span: Span, around: readonly Mark[]): FormattedString {
  switch (span.kind) {
    case "text":
      return marked(unlinked(span.text), ...around);
    case "bold":
      return marked(unlinked(span.text), ...around.filter(({ type }) => type !== "bold"), { type: "bold" });
    case "code":
      return marked(cleaned(span.text), { type: "code" });
    case "link":
      return drawLink(span.text, span.url, around);
    default:
      return assertNever(span);
  }
}

function drawLink(text: string, url: string, around: readonly Mark[] = []): FormattedString {
  if (isLinkable(url)) return marked(unlinked(text), ...around, { type: "text_link", url });
  return concat([marked(unlinked(text), ...around), plain(` (${url})`)]);
}

function drawFigure(figure: Figure, asOf: Date): FormattedString {
  const freshness = formatFreshness(figure, asOf);
  return concat([
    plain(`${figure.label}: `),
    marked(formatFigure(figure), { type: "bold" }),
    plain(`${freshness === "" ? "" : ` · ${freshness}`} · `),
    marked(figure.id, { type: "code" }),
  ]);
}

/** A phone shows about 36 monospaced characters in a line before it wraps and the columns fall apart. */
const phoneColumns = 36;

function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): FormattedString {
  const lines = [head, ...rows].map((row) => row.map((cell) => cleaned(cell).replace(/\s+/g, " ")));
  const columns = Math.max(0, ...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...lines.map((line) => [...(line[column] ?? "")].length)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > phoneColumns && rows.length > 0)
    return concat(
      lines.slice(1).map((line) => drawRecord(lines[0] ?? [], line)),
      "\n",
    );
  const padded = lines.map((line) =>
    widths
      .map((width, column) => `${line[column] ?? ""}${" ".repeat(width - [...(line[column] ?? "")].length)}`)
      .join("  ")
      .trimEnd(),
  );
  return marked(padded.join("\n"), { type: "pre" });
}

/** One row of a table that is too wide: each cell behind its column's name, the first in bold. */
function drawRecord(head: readonly string[], row: readonly string[]): FormattedString {
  const cells = row.map((cell, index) => {
    const name = head[index] ? plain(`${head[index]}: `) : plain("");
    return concat([name, marked(unlinked(cell), ...(index === 0 ? ([{ type: "bold" }] as const) : []))]);
  });
  return concat(cells, " · ");
}

/** What stands at a form's end; the link carries the form's payload, so that the reply needs no stored state. */
export interface FormLink {
  readonly label: string;
  readonly url: string;
}

function drawFresh(block: PollFree, formLink: FormLink | null): FormattedString | null {
  switch (block.kind) {
    case "heading":
      return inline(block.text, { type: "bold" });
    case "text":
      return inline(block.text);
    case "note":
      return inline(block.text, { type: "italic" });
    case "figures":
      return concat(
        block.figures.map((figure) => drawFigure(figure, block.asOf)),
        "\n",
      );
    case "table":
      return drawTable(block.head, block.rows);
    case "quote":
      return marked(unlinked(block.by === undefined ? block.text : `${block.text}\n— ${block.by}`), { type: "blockquote" });
    case "sources":
      return concat(
        block.sources.map(({ title, url }) => concat([plain("Source: "), drawLink(title, url)])),
        "\n",
      );
    case "image":
      return null;
    case "file":
      return plain(block.alt);
    case "form": {
      const asked = [marked(unlinked(block.title), { type: "bold" }), inline(block.prompt)];
      if (formLink !== null) asked.push(marked(formLink.label, { type: "text_link", url: formLink.url }));
      return concat(asked, "\n");
    }
    case "buttons":
      return null;
    default:
      return assertNever(block);
  }
}

/** Splitting draws the same blocks again and again; they are immutable, so one drawing of each is enough. */
const drawings = new WeakMap<PollFree, FormattedString | null>();

function drawBlock(block: PollFree, formLink: FormLink | null): FormattedString | null {
  if (block.kind === "form") return drawFresh(block, formLink);
  let drawing = drawings.get(block);
  if (drawing === undefined) {
    drawing = drawFresh(block, null);
    drawings.set(block, drawing);
  }
  return drawing;
}

/** The blocks' text with its entities. A heading stands on what it heads, everything else has an empty line around it. */
export function drawText(blocks: readonly SealedBlock[], formLink: FormLink | null = null): FormattedString {
  const pieces: FormattedString[] = [];
  let afterHeading = false;
  for (const block of pressable(blocks)) {
    const drawing = drawBlock(block, formLink);
    if (drawing === null || drawing.text === "") continue;
    if (pieces.length > 0) pieces.push(new FormattedString(afterHeading ? "\n" : "\n\n"));
    pieces.push(drawing);
    afterHeading = block.kind === "heading";
  }
  return concat(pieces);
}

/** A button's label or a name: one line, no surprises. */
export function label(text: string): string {
  const line = cleaned(text).replace(/\s+/g, " ").trim();
  return line === "" ? "…" : line;
}

/** Mentions a person by id: the bot's own doing, for the one case where Telegram must know whom a form is for. */
export function mention(id: number, name: string): FormattedString {
  const text = [...unlinked(label(name))].slice(0, 40).join("");
  const user = { id, is_bot: false, first_name: text };
  return new FormattedString(text, [{ type: "text_mention", offset: 0, length: text.length, user }]);
}
