/** What platforms pushed, in the database: whole until it is handled, then its ids alone. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { mostWaiting, type PushedStore } from "../core/pushed.ts";
import type { Engine } from "./database.ts";
import { communityText, counted } from "./rows.ts";

const takenRows = z.array(z.unknown());
const waitingRows = z.array(z.object({ id: z.int(), lane: z.int(), payload: z.string(), community: communityText, starts: z.int() }));

const channel = "depinion_pushed";
/**
 * What a notification that was lost with its connection would have told, is found this much later. A notification comes as soon as the write
 * is answered (measured on PostgreSQL 18: 0.1 ms, 14 in the worst hundredth of a busy machine); looking this often takes half a second.
 */
const lookEveryMs = 1_000;
/** The statements that somebody waits for go to the database itself, as those of the inbox do. */
export function createPushedStore(database: Pick<Engine, "write" | "session" | "listen">): PushedStore {
  const { session } = database;
  const own = randomUUID();
  const watchers = new Set<() => void>();
  let stopLooking: (() => void) | null = null;

  function wake(): void {
    for (const woken of watchers) woken();
  }

  /** Null where nobody else can write. */
  function look(): (() => void) | null {
    const stop = database.listen?.(channel, (from) => from !== own && wake());
    if (stop === undefined) return null;
    const timer = setInterval(wake, lookEveryMs);
    return () => {
      clearInterval(timer);
      stop();
    };
  }

  return {
    async take(inbox, incoming, now) {
      if (incoming.length === 0) return;
      const { rows } = await session.executeSql(
        `WITH taken AS (
           INSERT INTO pushed (inbox, id, lane, payload, member, quoted, community, taken_at)
           SELECT $1, one.*, $8 FROM unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[]) AS one
           ON CONFLICT (inbox, id) DO NOTHING RETURNING id)
         SELECT ${database.listen === null ? "count(*)" : "pg_notify($9, $10)"} FROM taken HAVING count(*) > 0`,
        [
          inbox,
          incoming.map(({ id }) => id),
          incoming.map(({ lane }) => lane),
          incoming.map(({ payload }) => payload),
          incoming.map(({ member }) => member),
          incoming.map(({ quoted }) => quoted),
          incoming.map(({ community }) => community),
          now,
          ...(database.listen === null ? [] : [channel, own]),
        ],
      );
      if (takenRows.parse(rows).length > 0) wake();
    },

    async first(inbox, id, now) {
      const { rows } = await session.executeSql(
        "INSERT INTO pushed (inbox, id, lane, taken_at) VALUES ($1, $2::bigint, 0, $3) ON CONFLICT (inbox, id) DO NOTHING RETURNING 1 AS one",
        [inbox, id, now],
      );
      return takenRows.parse(rows).length > 0;
    },

    async waiting(inbox, lanes, except, since) {
      const { rows } = await session.executeSql(
        `SELECT id::float8 AS id, lane, payload, community, starts FROM pushed
          WHERE inbox = $1 AND lane = ANY($2::int[]) AND payload IS NOT NULL AND id <> ALL($3::bigint[]) AND taken_at >= $4
          ORDER BY pushed.id LIMIT ${mostWaiting}`,
        [inbox, lanes, except, since],
      );
      return waitingRows.parse(rows);
    },

    async takeOver(inbox, lanes) {
      await session.executeSql("UPDATE pushed SET starts = starts + 1 WHERE inbox = $1 AND lane = ANY($2::int[]) AND payload IS NOT NULL", [
        inbox,
        lanes,
      ]);
    },

    async done(inbox, ids) {
      if (ids.length === 0) return;
      await session.executeSql(
        `UPDATE pushed SET payload = NULL, member = NULL, quoted = NULL, community = NULL
          WHERE inbox = $1 AND id = ANY($2::bigint[]) AND payload IS NOT NULL`,
        [inbox, ids],
      );
    },

    watch(woken) {
      watchers.add(woken);
      stopLooking ??= look();
      return () => {
        watchers.delete(woken);
        if (watchers.size > 0) return;
        stopLooking?.();
        stopLooking = null;
      };
    },

    async expire(before) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH gone AS (
            UPDATE pushed SET payload = NULL, member = NULL, quoted = NULL, community = NULL
             WHERE payload IS NOT NULL AND taken_at < ${before} RETURNING 1)
          SELECT count(*)::int AS count FROM gone`,
      );
      return counted.parse(rows);
    },

    async forget(before) {
      await database.write((client) => client.pushed.deleteMany({ where: { takenAt: { lt: before }, payload: null } }));
    },
  };
}
