/** Votes on statements as a sparse matrix: a row for each voter, and only the votes that were cast. */

/** Compressed rows: the votes of voter `v` are those from `starts[v]` up to `starts[v + 1]`. */
export interface VoteMatrix {
  readonly voters: number;
  readonly statements: number;
  readonly starts: Uint32Array;
  /** The statement of each vote. */
  readonly columns: Uint32Array;
  /** 1 agrees, -1 disagrees, 0 passes. */
  readonly values: Int8Array;
}

/**
 * Reads voters as the store writes them: `3:1,7:-1;4:0` are two voters, the first of whom agrees with statement 3 and disagrees with 7.
 * @param statements how many there are; @throws RangeError for a vote on another one
 */
export function readVotes(text: string, statements: number): VoteMatrix {
  const rows = text === "" ? [] : text.split(";");
  const starts = new Uint32Array(rows.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [voter, row] of rows.entries()) {
    for (const vote of row.split(",")) {
      const colon = vote.indexOf(":");
      const [column, value] = [Number(vote.slice(0, colon)), Number(vote.slice(colon + 1))];
      if (!(Number.isInteger(column) && column >= 0 && column < statements && Math.abs(value) <= 1))
        throw new RangeError(`no vote: ${vote}`);
      columns.push(column);
      values.push(value);
    }
    starts[voter + 1] = columns.length;
  }
  return { voters: rows.length, statements, starts, columns: Uint32Array.from(columns), values: Int8Array.from(values) };
}

/** The votes that some voters cast, in the same order. */
export function votersOf({ statements, starts, columns, values }: VoteMatrix, chosen: readonly number[]): VoteMatrix {
  const kept = chosen.map((voter) => [starts[voter] ?? 0, starts[voter + 1] ?? 0] as const);
  const ends = new Uint32Array(chosen.length + 1);
  for (const [n, [from, to]] of kept.entries()) ends[n + 1] = (ends[n] ?? 0) + to - from;
  const total = ends[chosen.length] ?? 0;
  const [newColumns, newValues] = [new Uint32Array(total), new Int8Array(total)];
  for (const [n, [from, to]] of kept.entries()) {
    newColumns.set(columns.subarray(from, to), ends[n]);
    newValues.set(values.subarray(from, to), ends[n]);
  }
  return { voters: chosen.length, statements, starts: ends, columns: newColumns, values: newValues };
}
