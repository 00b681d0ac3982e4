/** Leases in the database: what only one process may do at a time. */
import { z } from "zod";
import type { LeaseStore } from "../core/lease.ts";
import type { SqlSession } from "../schedule/types.ts";

const nameRows = z.array(z.object({ name: z.string() }));
const heldRows = z.array(z.object({ name: z.string(), holder: z.string(), leftMs: z.number() }));

export function createLeaseStore(session: SqlSession): LeaseStore {
  const takeEach: LeaseStore["takeEach"] = async (names, holder, ttlMs) => {
    if (names.length === 0) return new Set();
    // In one order for everybody: two processes that ask for the same ones would otherwise wait for each other.
    const { rows } = await session.executeSql(
      `INSERT INTO lease (name, holder, until)
       SELECT name, $2, clock_timestamp() + $3::float8 * interval '1 millisecond' FROM unnest($1::text[]) AS asked(name)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE lease.holder = excluded.holder OR lease.until <= clock_timestamp()
       RETURNING name`,
      [names.toSorted(), holder, ttlMs],
    );
    return new Set(nameRows.parse(rows).map(({ name }) => name));
  };

  return {
    take: async ({ name, holder }, ttlMs) => (await takeEach([name], holder, ttlMs)).has(name),
    takeEach,

    async held(prefix) {
      const { rows } = await session.executeSql(
        `SELECT name, holder, left_ms AS "leftMs"
           FROM (SELECT name, holder, (EXTRACT(EPOCH FROM until - clock_timestamp()) * 1000)::float8 AS left_ms
                   FROM lease WHERE starts_with(name, $1)) AS found
          WHERE left_ms > 0`,
        [prefix],
      );
      return heldRows.parse(rows);
    },

    async release({ name, holder }) {
      await session.executeSql("DELETE FROM lease WHERE name = $1 AND holder = $2", [name, holder]);
    },

    async forget(endedForMs) {
      await session.executeSql("DELETE FROM lease WHERE until < clock_timestamp() - $1::float8 * interval '1 millisecond'", [endedForMs]);
    },
  };
}
