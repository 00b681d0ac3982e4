/** The name that was probably meant. */
import { distance, closest as nearest } from "fastest-levenshtein";

/** The nearest of `names` within a third of the typed length (at least one letter), or undefined. */
export function closest(typed: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const name = nearest(typed, names);
  return distance(typed, name) <= Math.max(1, Math.floor(typed.length / 3)) ? name : undefined;
}
