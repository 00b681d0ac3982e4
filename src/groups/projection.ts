/** Where voters stand on the two axes on which their votes differ most: principal components of a sparse matrix. */
import type { VoteMatrix } from "./votes.ts";

const mostSteps = 100;
/** A change of direction that no picture shows. */
const settled = 1e-9;

/**
 * The first two principal components by power iteration with deflation. Votes are centred on their statement's mean, and what was not
 * voted on counts as that mean; each voter is moved out by the square root of statements over votes cast, so that few votes do not make
 * anybody look moderate. The same votes give the same points.
 * Source: the projection of Polis (C. Small et al., "Polis: scaling deliberation by mapping high dimensional opinion spaces",
 * RECERCA 26 (2021)).
 * @returns a point for each voter
 */
export function project(votes: VoteMatrix): readonly (readonly [number, number])[] {
  const { voters, statements, starts } = votes;
  const centred = centre(votes);
  const first = component(votes, centred, null);
  const second = component(votes, centred, first);
  const [x, y] = [times(votes, centred, first), times(votes, centred, second)];
  return Array.from({ length: voters }, (_, voter) => {
    const cast = (starts[voter + 1] ?? 0) - (starts[voter] ?? 0);
    const scale = cast === 0 ? 0 : Math.sqrt(statements / cast);
    return [(x[voter] ?? 0) * scale, (y[voter] ?? 0) * scale];
  });
}

/** Each vote less the mean of its statement. */
function centre({ statements, columns, values }: VoteMatrix): Float64Array {
  const [sums, counts] = [new Float64Array(statements), new Float64Array(statements)];
  for (const [n, column] of columns.entries()) {
    sums[column] = (sums[column] ?? 0) + (values[n] ?? 0);
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return Float64Array.from(values, (value, n) => {
    const column = columns[n] ?? 0;
    return value - (sums[column] ?? 0) / (counts[column] ?? 1);
  });
}

/** The direction of greatest variance, apart from another one. */
function component(votes: VoteMatrix, centred: Float64Array, apart: Float64Array | null): Float64Array {
  // Any start will do that is not at right angles to the answer; a fixed one makes the answer the same each time.
  let direction = unit(
    Float64Array.from({ length: votes.statements }, (_, n) => 1 + Math.sin(12.9898 * (n + 1))),
    apart,
  );
  for (let step = 0; step < mostSteps; step++) {
    const next = unit(timesTransposed(votes, centred, times(votes, centred, direction)), apart);
    const change = next.reduce((sum, value, n) => sum + (value - (direction[n] ?? 0)) ** 2, 0);
    direction = next;
    if (change < settled) break;
  }
  // A component has no sign of its own: its greatest part shall be positive.
  const greatest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return greatest < 0 ? direction.map((value) => -value) : direction;
}

/** Of length one, without what lies along another direction; nothing where nothing is left. */
function unit(vector: Float64Array, apart: Float64Array | null): Float64Array {
  const along = apart === null ? 0 : vector.reduce((sum, value, n) => sum + value * (apart[n] ?? 0), 0);
  const rest = apart === null ? vector : vector.map((value, n) => value - along * (apart[n] ?? 0));
  const length = Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0));
  return length < 1e-12 ? new Float64Array(vector.length) : rest.map((value) => value / length);
}

function times({ voters, starts, columns }: VoteMatrix, centred: Float64Array, direction: Float64Array): Float64Array {
  const result = new Float64Array(voters);
  for (let voter = 0; voter < voters; voter++) {
    let sum = 0;
    const end = starts[voter + 1] ?? 0;
    for (let n = starts[voter] ?? 0; n < end; n++) sum += (centred[n] ?? 0) * (direction[columns[n] ?? 0] ?? 0);
    result[voter] = sum;
  }
  return result;
}

function timesTransposed({ voters, statements, starts, columns }: VoteMatrix, centred: Float64Array, points: Float64Array): Float64Array {
  const result = new Float64Array(statements);
  for (let voter = 0; voter < voters; voter++) {
    const point = points[voter] ?? 0;
    const end = starts[voter + 1] ?? 0;
    for (let n = starts[voter] ?? 0; n < end; n++) {
      const column = columns[n] ?? 0;
      result[column] = (result[column] ?? 0) + (centred[n] ?? 0) * point;
    }
  }
  return result;
}
