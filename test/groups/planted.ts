/** Votes of groups that are known beforehand, and how well others found the same. */

interface Plan {
  readonly voters: number;
  readonly statements: number;
  /** Votes each. */
  readonly each: number;
  readonly groups: number;
  readonly seed: number;
}

/** Numbers from 0 to 1 that are the same each time: a linear congruential generator (Numerical Recipes, 1992). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Voters take turns between the groups. A group has a view of each statement, kept nine times of ten; with statement 0 everyone agrees.
 * @returns the votes as the store writes them, and each voter's group
 */
export function planted({ voters, statements, each, groups, seed }: Plan): {
  readonly text: string;
  readonly truth: readonly number[];
  readonly statements: number;
} {
  const next = numbers(seed);
  const views = Array.from({ length: groups }, () => Array.from({ length: statements }, () => (next() < 0.5 ? 1 : -1)));
  const rows = Array.from({ length: voters }, (_, voter) => {
    const order = Array.from({ length: statements }, (_, n) => ({ n, key: n === 0 ? -1 : next() })).toSorted((a, b) => a.key - b.key);
    const seen = order.slice(0, each).map(({ n }) => n);
    return seen
      .toSorted((a, b) => a - b)
      .map((n) => {
        const view = n === 0 ? 1 : (views[voter % groups]?.[n] ?? 0);
        const luck = next();
        return `${n}:${luck < 0.9 ? view : luck < 0.95 ? 0 : -view}`;
      })
      .join(",");
  });
  return { text: rows.join(";"), truth: Array.from({ length: voters }, (_, voter) => voter % groups), statements };
}

const pairs = (n: number): number => (n * (n - 1)) / 2;

/** The adjusted Rand index. Source: L. Hubert, P. Arabie, "Comparing partitions", Journal of Classification 2 (1985) 193–218. */
export function randIndex(one: readonly number[], other: readonly number[]): number {
  const count = (keys: readonly string[]) => [...Map.groupBy(keys, (key) => key).values()].reduce((sum, all) => sum + pairs(all.length), 0);
  const both = count(one.map((a, n) => `${a} ${other[n]}`));
  const [a, b] = [count(one.map(String)), count(other.map(String))];
  const expected = (a * b) / pairs(one.length);
  return (a + b) / 2 === expected ? 1 : (both - expected) / ((a + b) / 2 - expected);
}
