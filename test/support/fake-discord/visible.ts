/** What a person reads in a message: Discord's Markdown taken off, embeds unfolded. */
import type { FakeMessage } from "./world.ts";

const marks =
  /\\([^0-9A-Za-z\s])|```\n?([\s\S]*?)\n?```|`([^`]*)`|\*\*|\[((?:\\.|[^\]\\])*)\]\((https?:[^)\s]*)\)|^(?:> )?(?:#{1,3} |-# )?/gmu;

/** Text as it is shown: marks gone, escaped characters themselves, links by their label. */
export function unmark(markdown: string): string {
  return markdown.replace(marks, (_, escaped?: string, block?: string, code?: string, label?: string) =>
    label === undefined ? (escaped ?? block ?? code ?? "") : unmark(label),
  );
}

/** Everything a message says, one line or more per part; buttons and files are separate. */
export function visibleText({ body }: Pick<FakeMessage, "body">): string {
  const parts = [unmark(body.content)];
  for (const embed of body.embeds) {
    parts.push(embed.author?.name ?? "", unmark(embed.title ?? ""), unmark(embed.description ?? ""));
    for (const field of embed.fields ?? []) parts.push(unmark(field.name), unmark(field.value));
    parts.push(embed.footer?.text ?? "");
  }
  return parts.filter((p) => p !== "").join("\n");
}

/** Labels of the buttons, row by row. */
export const buttonLabels = ({ body }: Pick<FakeMessage, "body">): readonly string[] =>
  body.components.flatMap((row) => row.components.map((button) => button.label));
