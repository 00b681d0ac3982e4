/** PGlite as the queue of deliveries speaks to it. */
import type { SqlSession } from "../schedule/types.ts";
import type { GuardedPGlite } from "./pglite.ts";

/** A transaction, or the whole database. Without values a text may be a script, whose rows are those of all its statements: what `pg` gives pg-boss. */
export const sessionOf = (database: Pick<GuardedPGlite, "query" | "exec">): SqlSession => ({
  async executeSql(text, values = []) {
    if (values.length > 0) return database.query(text, values);
    const results = await database.exec(text);
    return { rows: results.flatMap(({ rows }) => rows) };
  },
});

/**
 * pg-boss expects a pool, where a script that fails between its BEGIN and COMMIT leaves nobody else in an aborted transaction. Inside a
 * transaction of PGlite its own BEGIN is void, and nobody gets in before the ROLLBACK.
 */
export const poolOf = (pglite: GuardedPGlite): SqlSession => ({
  executeSql: (text, values) =>
    /^\s*BEGIN\b/i.test(text)
      ? pglite.transaction((tx) => sessionOf(tx).executeSql(text, values))
      : sessionOf(pglite).executeSql(text, values),
});
