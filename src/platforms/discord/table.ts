/** Tables that can be read on a phone: aligned where they are narrow, otherwise one line for each row. */
import { escapeMarkdown, smallPrint } from "./markdown.ts";

/** Characters of fixed width that fit into one line of an embed on a narrow phone. */
const phoneWidth = 32;

/** What every fixed-width font draws one column wide. */
const oneColumn = /^[\x20-\x5f\x61-\x7e\u00a0-\u00ff–—−±·…€]*$/u;

export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = Math.max(head.length, ...rows.map((row) => row.length));
  const all = [head, ...rows];
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const width = widths.reduce((sum, w) => sum + w, 0) + 2 * (columns - 1);
  // In a code block nothing can be escaped; a backtick, wide or combining characters rule it out.
  if (width <= phoneWidth && all.every((row) => row.every((cell) => oneColumn.test(cell)))) return aligned(all, widths);
  return [smallPrint(cells(head)), ...rows.map(drawRow)].filter((line) => line !== "").join("\n");
}

function aligned(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  const lines = rows.map((row) =>
    widths
      .map((width, column) => (row[column] ?? "").padEnd(width))
      .join("  ")
      .trimEnd(),
  );
  return `\`\`\`\n${lines.join("\n")}\n\`\`\``;
}

/** `**Akash** · $1.20 · +3 %`: the first cell names the row. */
function drawRow(row: readonly string[]): string {
  const [first = "", ...others] = row;
  const name = first.trim() === "" ? escapeMarkdown(first) : `**${escapeMarkdown(first)}**`;
  return [name, ...others.map(escapeMarkdown)].filter((s) => s.trim() !== "").join(" · ");
}

const cells = (row: readonly string[]): string =>
  row
    .map(escapeMarkdown)
    .filter((s) => s.trim() !== "")
    .join(" · ");
