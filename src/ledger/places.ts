/** How the name of a network is recognised, so that reports on one place are counted together however it is spelled. */
import { distance } from "fastest-levenshtein";

/** Where runs take place, and what it is. */
export interface Place {
  readonly name: string;
  readonly aliases: readonly string[];
  /** A network of strangers, as the topics mean it, and no cloud. */
  readonly decentralised: boolean;
}

/** Letters and digits alone: "io.net", "IO net" and "ionet" are one. */
export const keyOf = (name: string): string =>
  name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** From so many letters on, one wrong letter is a slip and no other name. */
const longEnough = 5;

/** The place that is meant; null for one that is not known. */
export function placeNamed(places: readonly Place[], typed: string): Place | null {
  const wanted = keyOf(typed);
  const names = (place: Place) => [place.name, ...place.aliases].map(keyOf);
  const exact = places.find((place) => names(place).includes(wanted));
  if (exact !== undefined || wanted.length < longEnough) return exact ?? null;
  const near = places.filter((place) => names(place).some((name) => name.length >= longEnough && distance(name, wanted) === 1));
  return near.length === 1 ? (near[0] ?? null) : null;
}
