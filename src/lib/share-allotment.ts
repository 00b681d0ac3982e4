/** How many shares of a work a process may have, so that all who live have equally many. */
import type { HeldLease } from "../core/lease.ts";

export interface AllotmentOptions {
  /** Every lease of the work that is held. */
  readonly found: readonly HeldLease[];
  /** The process that asks; it lives, whether its lease is there yet or not. */
  readonly me: string;
  /** How the leases begin that say who lives. */
  readonly living: string;
  readonly shareOf: (share: number) => string;
  /** How many shares there are. */
  readonly of: number;
}

/**
 * As many for everybody, and one more each for those who have most already: so nothing moves that need not. All who see the same leases
 * come to the same numbers, which add up to all shares.
 */
export function allotment({ found, me, living, shareOf, of }: AllotmentOptions): number {
  const shares = new Set(Array.from({ length: of }, (_, share) => shareOf(share)));
  const has = new Map<string, number>([[me, 0]]);
  for (const { name, holder } of found) if (name.startsWith(living)) has.set(holder, 0);
  for (const { name, holder } of found) {
    const before = has.get(holder);
    if (before !== undefined && shares.has(name)) has.set(holder, before + 1);
  }
  const ranking = [...has].toSorted(([a, most], [b, least]) => least - most || (a < b ? -1 : 1)).map(([holder]) => holder);
  return Math.floor(of / ranking.length) + (ranking.indexOf(me) < of % ranking.length ? 1 : 0);
}
