/** Finds the names that are a few slips of the finger away from what somebody typed, without comparing it with every name. */
import { createRequire } from "node:module";
import { distance } from "fastest-levenshtein";
import type { PassjoinIndex } from "mnemonist";

// The package gives its single parts to `require` alone; all of them together are 9 MB.
const Index: typeof PassjoinIndex = createRequire(import.meta.url)("mnemonist/passjoin-index");

/** Slips that leave no doubt: none in an acronym, one in a short name, three in a whole phrase. */
const allowedSlips = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : length < 16 ? 2 : 3);
const most = 3;

export interface Slip {
  readonly name: string;
  /** How many letters are to be changed, added or left out; two that changed places are one. */
  readonly slips: number;
}

/** @returns each name that `written` may be a slip of, in no order; both as `nameKey` makes them */
export type Slips = (written: string) => readonly Slip[];

/** What a name allows, the shorter one of it and what is written decides. */
export function createSlips(names: readonly string[]): Slips {
  // An index finds what is at most so many slips away, in time that grows with the slips and not with the names.
  const indexes = Array.from({ length: most }, (_, at) =>
    Index.from(
      names.filter((name) => allowedSlips(name.length) > at),
      distance,
      at + 1,
    ),
  );
  const byLetters = Map.groupBy(names, lettersOf);
  return (written) => {
    const near = indexes.slice(0, allowedSlips(written.length)).flatMap((index) => [...index.search(written)]);
    const candidates = new Set([...near, ...(byLetters.get(lettersOf(written)) ?? [])]);
    return [...candidates]
      .map((name) => ({ name, slips: slipsBetween(name, written) }))
      .filter(({ name, slips }) => slips <= allowedSlips(Math.min(name.length, written.length)));
  };
}

const lettersOf = (name: string): string => [...name].sort().join("");

function slipsBetween(a: string, b: string): number {
  const slips = distance(a, b);
  return slips === 2 && a.length === b.length && lettersOf(a) === lettersOf(b) ? 1 : slips;
}
