/** Draws answers for a terminal; pure. */
import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import { type Figure, formatFigure, formatFreshness } from "../../core/figure.ts";
import { parseMarkup } from "../../core/markup.ts";
import { pressable } from "../../core/poll-buttons.ts";
import type { SealedBlock, SealedButton } from "../../core/reply.ts";
import { textsIn } from "../../core/texts.ts";

export interface RenderOptions {
  readonly colour: boolean;
  /** Columns after which lines are broken between words; unset: never, as a pipe wants it. */
  readonly width?: number | undefined;
}

type Style = Parameters<typeof styleText>[0];

/** The answer as lines of text; buttons are numbered in the order in which `buttonsOf` lists them. */
export function render(blocks: readonly SealedBlock[], options: RenderOptions): string {
  const style = (format: Style, text: string) => (options.colour ? styleText(format, text, { validateStream: false }) : text);
  let button = 0;
  const drawn = pressable(blocks)
    .map((block) => {
      switch (block.kind) {
        case "heading":
          return style("bold", inline(block.text, style));
        case "text":
          return inline(block.text, style);
        case "note":
          return style("dim", inline(block.text, style));
        case "figures":
          return drawFigures(block.figures, block.asOf, style);
        case "table":
          return drawTable([block.head, ...block.rows], style);
        case "quote":
          return `${indent(block.text, "│ ")}${block.by === undefined ? "" : `\n${style("dim", `└ ${block.by}`)}`}`;
        case "sources":
          return block.sources.map(({ title, url }) => `${style("dim", "Source:")} ${title} ${style("cyan", url)}`).join("\n");
        case "image":
          return style("dim", `[picture: ${block.alt}]`);
        case "file":
          return `${block.alt}: ${block.name}`;
        case "form":
          return `${style("bold", inline(block.title, style))}\n${inline(block.prompt, style)}\n${style("dim", (block.words ?? textsIn("en").forms).atPrompt)}`;
        case "buttons":
          return block.buttons.map(({ label }) => `${style("cyan", `[${++button}]`)} ${label}`.replaceAll(" ", unbroken)).join("  ");
        default:
          return block satisfies never;
      }
    })
    .join("\n\n");
  const wrapped = options.width === undefined ? drawn : wrapAnsi(drawn, options.width);
  return wrapped.replaceAll(unbroken, " ");
}

/** A space at which no line is broken while the answer is being wrapped. */
const unbroken = "\u00a0";

/** The buttons of an answer in the order of their numbers. */
export const buttonsOf = (blocks: readonly SealedBlock[]): readonly SealedButton[] =>
  pressable(blocks).flatMap((block) => (block.kind === "buttons" ? block.buttons : []));

function inline(source: string, style: (format: Style, text: string) => string): string {
  return parseMarkup(source)
    .map((span) => {
      switch (span.kind) {
        case "text":
          return span.text;
        case "bold":
          return style("bold", span.text);
        case "code":
          return style("yellow", span.text);
        case "link":
          return `${span.text} (${style("cyan", span.url)})`;
        default:
          return span satisfies never;
      }
    })
    .join("");
}

function drawFigures(figures: readonly Figure[], asOf: Date, style: (format: Style, text: string) => string): string {
  const widths = [Math.max(...figures.map((f) => f.label.length)), Math.max(...figures.map((f) => formatFigure(f).length))] as const;
  return figures
    .map((figure) => {
      const value = formatFigure(figure).padEnd(widths[1]);
      return `${figure.label.padEnd(widths[0])}  ${style("bold", value)}  ${style("dim", [formatFreshness(figure, asOf), figure.id].filter((s) => s !== "").join("  "))}`;
    })
    .join("\n");
}

function drawTable(rows: readonly (readonly string[])[], style: (format: Style, text: string) => string): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row, index) => {
      const line = widths
        .map((width, column) => (row[column] ?? "").padEnd(width))
        .join("  ")
        .trimEnd();
      return index === 0 ? style("dim", line) : line;
    })
    .join("\n");
}

const indent = (text: string, by: string): string =>
  text
    .split("\n")
    .map((line) => `${by}${line}`)
    .join("\n");
