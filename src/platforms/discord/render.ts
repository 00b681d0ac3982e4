/** Draws answers as Discord messages; pure. One message holds its text in embeds, because those hold twice as much as plain content. */
import type { RawFile } from "@discordjs/rest";
import type { APIActionRowComponent, APIButtonComponentWithCustomId, APIEmbed } from "discord-api-types/v10";
import { type Figure, formatFigure, formatFreshness } from "../../core/figure.ts";
import type { Part } from "../../core/platform.ts";
import { pressable } from "../../core/poll-buttons.ts";
import type { SealedBlock, SealedButton } from "../../core/reply.ts";
import { splitBlocks } from "../../core/split.ts";
import * as limits from "./limits.ts";
import { blockQuote, escapeMarkdown, inline, inlinePlain, link, smallPrint, writeExact } from "./markdown.ts";
import { drawTable } from "./table.ts";

export type ButtonRow = APIActionRowComponent<APIButtonComponentWithCustomId>;

/** Every field is always written, so that an edit replaces all that the message held before. */
export interface MessageBody {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly ButtonRow[];
  readonly attachments: readonly { readonly id: number; readonly filename: string; readonly description: string }[];
  readonly allowed_mentions: { readonly parse: [] };
}

export interface Drawn {
  readonly body: MessageBody;
  readonly files: readonly RawFile[];
}

const mainColour = 0x2d7d9a;
/** Also the mark by which the embed of a pointed-at message is found again: see `exactQuote`. */
export const quoteColour = 0x8a6d3b;

/** One embed while it is being filled. */
interface Card {
  colour: number;
  title?: string;
  author?: string;
  paragraphs: string[];
  notes: string[];
  image?: string;
}

const emptyCard = (): Card => ({ colour: mainColour, paragraphs: [], notes: [] });
const isEmpty = (card: Card): boolean => card.title === undefined && card.paragraphs.length === 0 && card.notes.length === 0;

/** Draws one message. What is too long for Discord is drawn all the same; `split` sees to it that this does not happen. */
export function drawMessage(blocks: readonly SealedBlock[]): Drawn {
  const exact = exactQuote(blocks);
  const cards: Card[] = [emptyCard()];
  const rows: ButtonRow[] = [];
  const files: RawFile[] = [];
  const attachments: { id: number; filename: string; description: string }[] = [];
  const button = buttonMaker();
  /** Returns the name in Discord's alphabet, different from those of the other files, because an embed finds its picture by name. */
  const attach = (name: string, contentType: string, data: Uint8Array, alt: string): string => {
    const plain = name.replace(/[^\w.-]+/g, "_");
    const filename = files.some((f) => f.name === plain) ? `${files.length}_${plain}` : plain;
    attachments.push({ id: files.length, filename, description: shorten(alt, limits.maxFileDescription) });
    files.push({ name: filename, data, contentType });
    return filename;
  };
  for (const block of pressable(blocks)) {
    const card = cards.at(-1) ?? emptyCard();
    switch (block.kind) {
      case "heading":
        addHeading(card, block.text);
        break;
      case "text":
        card.paragraphs.push(inline(block.text));
        break;
      case "note":
        addNote(card, block.text);
        break;
      case "figures":
        card.paragraphs.push(block.figures.map((figure) => drawFigure(figure, block.asOf)).join("\n"));
        break;
      case "table":
        card.paragraphs.push(drawTable(block.head, block.rows));
        break;
      case "quote":
        if (block === exact) cards.push(quoteCard(block.text, block.by), emptyCard());
        else card.paragraphs.push(drawQuote(block.text, block.by));
        break;
      case "sources":
        card.paragraphs.push(block.sources.map(({ title, url }) => link(title, url)).join(" · "));
        break;
      case "image": {
        const url = `attachment://${attach(block.name, "image/png", block.png, block.alt)}`;
        // An embed shows one picture, in its full width.
        if (card.image === undefined) card.image = url;
        else cards.push({ ...emptyCard(), image: url });
        break;
      }
      case "file": {
        const filename = attach(block.name, block.mime, block.content, block.alt);
        card.paragraphs.push(`${escapeMarkdown(block.alt)}: ${escapeMarkdown(filename)}`);
        break;
      }
      case "form":
        // Where no modal can be opened, a button opens it.
        rows.push(...drawRows([{ ...block.submit, label: block.title }], button));
        break;
      case "buttons":
        rows.push(...drawRows(block.buttons, button));
        break;
      default:
        return block satisfies never;
    }
  }
  const embeds = settle(cards).map(drawCard);
  return { body: { content: "", embeds, components: rows, attachments, allowed_mentions: limits.noMentions }, files };
}

/** Short sentences without an embed's frame, for errors and progress; null where the blocks need more than plain text. */
export function drawPlain(blocks: readonly SealedBlock[]): Drawn | null {
  if (!blocks.every((b) => b.kind === "text" || b.kind === "note")) return null;
  const content = blocks.map((b) => inline(b.text)).join("\n");
  if (content.length > limits.maxContent) return null;
  return { body: { content, embeds: [], components: [], attachments: [], allowed_mentions: limits.noMentions }, files: [] };
}

/** Splits an answer into messages within Discord's limits. */
export function split(blocks: readonly SealedBlock[]): readonly Part[] {
  const parts = splitBlocks(blocks, fits).map((part) => ({ blocks: part }));
  const exact = exactQuote(blocks);
  if (exact === undefined || parts.some((part) => part.blocks.includes(exact) && part.blocks.some(holdsStored))) return parts;
  // A press would find only a piece of the quoted message: then it shall find none.
  const isButtons = (b: SealedBlock) => b.kind === "buttons";
  return [blocks.filter((b) => !isButtons(b)), blocks.filter(isButtons)].flatMap((list) =>
    splitBlocks(list, fits).map((part) => ({ blocks: part })),
  );
}

/** An answer as messages, at least one. */
export function drawAnswer(blocks: readonly SealedBlock[]): [Drawn, ...Drawn[]] {
  // Nearly every answer is one message, which then has not to be drawn twice.
  const whole = isFarTooLong(blocks) ? null : drawMessage(blocks);
  if (whole !== null && isWithinLimits(whole)) return [blocks.length === 0 ? drawMessage([{ kind: "text", text: "Done." }]) : whole];
  const [first, ...rest] = split(blocks).map((part) => drawMessage(part.blocks));
  return first === undefined ? [drawMessage([])] : [first, ...rest];
}

/** Whether these blocks make one message. */
export const fits = (blocks: readonly SealedBlock[]): boolean => !isFarTooLong(blocks) && isWithinLimits(drawMessage(blocks));

/** Nothing drawn is shorter than half of its source, where every other character is a backslash: saves drawing what can never fit. */
const isFarTooLong = (blocks: readonly SealedBlock[]): boolean =>
  blocks.reduce((sum, b) => sum + ("text" in b ? b.text.length : 0), 0) > 2 * limits.maxEmbedTotal;

function isWithinLimits({ body, files }: Drawn): boolean {
  if (body.embeds.length > limits.maxEmbeds || body.components.length > limits.maxRows || files.length > limits.maxFiles) return false;
  if (files.reduce((sum, f) => sum + (f.data instanceof Uint8Array ? f.data.byteLength : 0), 0) > limits.maxFileBytes) return false;
  const sizes = body.embeds.map((e) => ({
    title: e.title?.length ?? 0,
    text: e.description?.length ?? 0,
    footer: e.footer?.text.length ?? 0,
    author: e.author?.name.length ?? 0,
  }));
  return (
    sizes.every((s) => s.text <= limits.maxDescription && s.footer <= limits.maxFooter) &&
    sizes.reduce((sum, s) => sum + s.title + s.text + s.footer + s.author, 0) <= limits.maxEmbedTotal
  );
}

const holdsStored = (block: SealedBlock): boolean => block.kind === "buttons" && block.buttons.some((b) => b.payload.includes("#"));

/**
 * The one quote under which a stored button stands, such as the words whose author is asked for consent. Their text is kept nowhere but in
 * the message itself, so a press must find it there unharmed: it is drawn as the whole description of an embed of its own, escaped by
 * rules that can be undone, and known by its colour (`readQuote`). Whose words they are is not read from the message: dispatch takes the
 * author from the stored button.
 */
export function exactQuote(blocks: readonly SealedBlock[]): Extract<SealedBlock, { kind: "quote" }> | undefined {
  const quotes = blocks.filter((b) => b.kind === "quote");
  return quotes.length === 1 && blocks.some(holdsStored) ? quotes[0] : undefined;
}

const quoteCard = (text: string, by: string | undefined): Card => ({
  colour: quoteColour,
  ...(by === undefined || by === "" ? {} : { author: shorten(by, limits.maxEmbedAuthor) }),
  paragraphs: [writeExact(text)],
  notes: [],
});

function addHeading(card: Card, text: string): void {
  const title = inlinePlain(text);
  const escaped = title === null ? "" : escapeMarkdown(title);
  if (isEmpty(card) && title !== null && title.trim() !== "" && escaped.length <= limits.maxTitle) card.title = escaped;
  else card.paragraphs.push(inline(text).replace(/^(?=[^\n])/gm, "### "));
}

function addNote(card: Card, text: string): void {
  const plain = inlinePlain(text);
  if (plain === null || [...card.notes, plain].join("\n").length > limits.maxFooter) card.paragraphs.push(smallPrint(inline(text)));
  else card.notes.push(plain);
}

function drawFigure(figure: Figure, asOf: Date): string {
  const parts = [formatFigure(figure), formatFreshness(figure, asOf)].filter((s) => s !== "").map(escapeMarkdown);
  return `**${escapeMarkdown(figure.label)}** ${[...parts, `\`${figure.id}\``].join(" · ")}`;
}

const drawQuote = (text: string, by: string | undefined): string =>
  blockQuote(`${escapeMarkdown(text)}${by === undefined ? "" : `\n— ${escapeMarkdown(by)}`}`);

/** Drops empty cards; small print that stands alone goes below the card before it. */
function settle(cards: readonly Card[]): readonly Card[] {
  const settled: Card[] = [];
  for (const card of cards) {
    const last = settled.at(-1);
    if (last !== undefined && card.title === undefined && card.paragraphs.length === 0 && card.image === undefined) {
      last.notes.push(...card.notes);
    } else if (!isEmpty(card) || card.image !== undefined) settled.push(card);
  }
  return settled;
}

function drawCard(card: Card): APIEmbed {
  const description = card.paragraphs.filter((p) => p !== "").join("\n\n");
  return {
    color: card.colour,
    ...(card.title === undefined ? {} : { title: card.title }),
    ...(card.author === undefined ? {} : { author: { name: card.author } }),
    ...(description === "" ? {} : { description }),
    ...(card.image === undefined ? {} : { image: { url: card.image } }),
    ...(card.notes.length === 0 ? {} : { footer: { text: card.notes.join("\n") } }),
  };
}

/** Discord refuses two buttons of one message with the same custom id: later ones get a mark that `readPayload` takes off. */
function buttonMaker(): (button: SealedButton) => APIButtonComponentWithCustomId {
  const used = new Map<string, number>();
  return ({ label, payload }) => {
    const count = (used.get(payload) ?? 0) + 1;
    used.set(payload, count);
    // Type 2 is a button, style 2 the grey one (components/reference, "Button").
    return { type: 2, style: 2, label: shorten(label, limits.maxLabel), custom_id: count === 1 ? payload : `${payload}~${count}` };
  };
}

/** The payload of a button as dispatch made it; neither web-encoded arguments nor stored ids contain a tilde. */
export const readPayload = (customId: string): string => customId.replace(/~\d+$/, "");

function drawRows(buttons: readonly SealedButton[], make: (button: SealedButton) => APIButtonComponentWithCustomId): readonly ButtonRow[] {
  const rows: ButtonRow[] = [];
  for (let i = 0; i < buttons.length; i += limits.maxRowButtons)
    rows.push({ type: 1, components: buttons.slice(i, i + limits.maxRowButtons).map(make) });
  return rows;
}

export function shorten(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\ufffd$/, "")}…`;
}
