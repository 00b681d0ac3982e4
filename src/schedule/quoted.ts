/** What a person typed, fit to be shown back in a marked-up sentence: short and literal. */
import { literal } from "../core/markup.ts";

const maxShown = 40;

export function quoted(typed: string): string {
  const characters = [...typed];
  return `“${literal(characters.length <= maxShown ? typed : `${characters.slice(0, maxShown).join("")}…`)}”`;
}
