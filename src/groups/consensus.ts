/** What groups hold, share and differ about, from how their people voted. */
import type { Ballot } from "./types.ts";

/**
 * The chance that someone of a group agrees: with one vote for and one against added, so that few votes prove little.
 * Source of this and of the next: C. Small et al., "Polis: scaling deliberation by mapping high dimensional opinion spaces", RECERCA 26 (2021).
 */
export const chanceOf = (count: number, seen: number): number => (count + 1) / (seen + 2);

/** Group-aware consensus: the chance that one of each group, drawn at random, all agree. A large group cannot outvote a small one. */
export const consensus = (groups: readonly Ballot[]): number =>
  groups.reduce((product, { agree, seen }) => product * chanceOf(agree, seen), 1);

/** How far apart the groups are: the greatest difference between two groups' chances to agree, from 0 to 1. */
export function division(groups: readonly Ballot[]): number {
  const chances = groups.map(({ agree, seen }) => chanceOf(agree, seen));
  return Math.max(...chances) - Math.min(...chances);
}

/** How much likelier a vote is within a group than among everyone else: 1 is no difference. */
export const representativeness = (own: { readonly count: number; readonly seen: number }, rest: typeof own): number =>
  chanceOf(own.count, own.seen) / chanceOf(rest.count, rest.seen);
