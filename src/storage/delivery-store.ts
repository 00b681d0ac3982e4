/** Deliveries in the database: the ledger of what was due, what was sent, and what is proven. */
import { z } from "zod";
import { type DeliveryId, deliveryId, platformNames, subscriptionId } from "../core/ids.ts";
import type { Fence } from "../core/lease.ts";
import { type Begun, courierLease, type Delivery, type DeliveryStore, deliveryStates, partStates } from "../schedule/types.ts";
import type { Database, Transactions } from "./database.ts";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { communityText, counted, daysText, roomText } from "./rows.ts";

const groupRows = z.array(z.object({ time: z.string(), zone: z.string(), days: daysText, since: z.date() }));
const ids = z.array(z.object({ id: z.string().transform(deliveryId) })).transform((rows) => rows.map(({ id }) => id));
const enqueued = z.array(z.object({ id: z.string().transform(deliveryId).nullable(), platform: z.enum(platformNames) }));
const anything = z.array(z.unknown());
const again = z.array(z.object({ platform: z.enum(platformNames) }));
const begun = z.tuple([z.object({ taken: z.boolean(), fresh: z.boolean().nullable() })]).transform(([{ taken, fresh }]): Begun => {
  if (!taken) return "lost";
  return fresh === null ? "stale" : fresh ? "fresh" : "again";
});

const deliveryRows = z.array(
  z.object({
    id: z.string().transform(deliveryId),
    subscription: z.string().transform(subscriptionId),
    room: roomText,
    community: communityText,
    localDate: z.string(),
    dueAt: z.date(),
    expiresAt: z.date(),
    state: z.enum(deliveryStates),
    reason: z.string().nullable(),
    attempts: z.int(),
    round: z.int(),
    settledAt: z.date().nullable(),
    index: z.int().nullable(),
    partState: z.enum(partStates).nullable(),
    partAt: z.date().nullable(),
    messageId: z.string().nullable(),
  }),
);

const columns = Prisma.sql`
  d.id, d.subscription_id AS subscription, s.room, s.community, d.local_date AS "localDate", d.due_at AS "dueAt", d.expires_at AS "expiresAt",
  d.state, d.reason, d.attempts, d.round, d.settled_at AS "settledAt",
  p.index, p.state AS "partState", p.at AS "partAt", p.message_id AS "messageId"`;

/** One row per part, or one without a part, in the order in which the deliveries are wanted. */
function fold(rows: unknown): readonly Delivery[] {
  const found = new Map<DeliveryId, Delivery>();
  for (const { index, partState, partAt, messageId, ...row } of deliveryRows.parse(rows)) {
    const known = found.get(row.id) ?? { ...row, parts: [] };
    const part = index === null || partState === null || partAt === null ? [] : [{ index, state: partState, at: partAt, messageId }];
    found.set(row.id, { ...known, parts: [...known.parts, ...part] });
  }
  return [...found.values()];
}

const isOpen = Prisma.sql`state IN ('waiting', 'sending')`;
const isHeld = ({ name, holder }: Fence) =>
  Prisma.sql`EXISTS (SELECT FROM lease WHERE name = ${name} AND holder = ${holder} AND until > clock_timestamp())`;
const platformOf = "split_part(room, ':', 1)";

export function createDeliveryStore(database: Database & Transactions): DeliveryStore {
  /** For statements whose answer has a row for what they changed. */
  const change = async (statement: (client: PrismaClient) => Promise<unknown>) =>
    anything.parse(await database.write(statement)).length > 0;

  return {
    async groups(platforms) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT time, zone, days, min(considered_at) AS since FROM subscription
           WHERE paused_at IS NULL AND days <> '' AND ${Prisma.raw(platformOf)} = ANY(${[...platforms]}::text[]) GROUP BY time, zone, days`,
      );
      return groupRows.parse(rows).map(({ since, ...schedule }) => ({ schedule, since }));
    },

    enqueue({ time, zone, days }, { localDate, at, kind }, { platforms, expiresAt, most, addJobs }) {
      const due = at.toISOString();
      return database.transaction(async (session) => {
        // The id needs no coordination: whoever records this date makes the same one. Another process's rows under way are left to it.
        const { rows } = await session.executeSql(
          `WITH chosen AS (
             SELECT id, room FROM subscription
              WHERE time = $1 AND zone = $2 AND days = $3 AND paused_at IS NULL AND considered_at < $4::timestamptz AND ${platformOf} = ANY($5::text[])
              LIMIT $6::int FOR UPDATE SKIP LOCKED),
           moved AS (UPDATE subscription SET considered_at = $4::timestamptz FROM chosen WHERE subscription.id = chosen.id),
           made AS (
             INSERT INTO delivery (id, subscription_id, local_date, due_at, expires_at, state, settled_at)
             SELECT substr(encode(sha256(convert_to(id || ' ' || $7, 'UTF8')), 'hex'), 1, 32)::uuid::text, id, $7, $4::timestamptz, $8::timestamptz,
                    $9, CASE WHEN $9 = 'skipped' THEN clock_timestamp() END
               FROM chosen ON CONFLICT DO NOTHING RETURNING id, subscription_id)
           SELECT made.id, ${platformOf} AS platform FROM chosen LEFT JOIN made ON made.subscription_id = chosen.id`,
          [
            time,
            zone,
            days.join(""),
            due,
            [...platforms],
            most,
            localDate,
            expiresAt.toISOString(),
            kind === "run" ? "waiting" : "skipped",
          ],
        );
        const considered = enqueued.parse(rows);
        const jobs = kind === "run" ? considered.flatMap(({ id, platform }) => (id === null ? [] : [{ id, platform }])) : [];
        if (jobs.length > 0) await addJobs(session, jobs);
        return { considered: considered.length, queued: jobs.length };
      });
    },

    async find(id) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT ${columns} FROM delivery d JOIN subscription s ON s.id = d.subscription_id LEFT JOIN delivery_part p ON p.delivery_id = d.id
           WHERE d.id = ${id} ORDER BY p.index`,
      );
      return fold(rows)[0] ?? null;
    },

    async latest(subscriptions, limit) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT ${columns} FROM unnest(${[...subscriptions]}::text[]) AS wanted(id) JOIN subscription s ON s.id = wanted.id
            CROSS JOIN LATERAL (SELECT * FROM delivery WHERE subscription_id = s.id ORDER BY due_at DESC LIMIT ${limit}) AS d
            LEFT JOIN delivery_part p ON p.delivery_id = d.id ORDER BY d.due_at DESC, d.id, p.index`,
      );
      return fold(rows);
    },

    async unsettled(platform) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT d.id FROM delivery d JOIN subscription ON subscription.id = d.subscription_id
           WHERE ${isOpen} AND ${Prisma.raw(platformOf)} = ${platform} ORDER BY d.due_at, d.id`,
      );
      return ids.parse(rows);
    },

    async begin(fence, id, index, keyLifeMs) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH taken AS (UPDATE delivery SET state = 'sending' WHERE id = ${id} AND ${isOpen} AND ${isHeld(fence)} RETURNING id),
               marked AS (
                 INSERT INTO delivery_part (delivery_id, index, state, at) SELECT id, ${index}, 'sending', clock_timestamp() FROM taken
                 ON CONFLICT (delivery_id, index) DO UPDATE SET state = 'sending'
                  WHERE delivery_part.state = 'sending' AND delivery_part.at > clock_timestamp() - ${keyLifeMs} * interval '1 millisecond'
                 RETURNING xmax = 0 AS fresh)
          SELECT EXISTS (SELECT FROM taken) AS taken, (SELECT fresh FROM marked) AS fresh`,
      );
      return begun.parse(rows);
    },

    prove: (id, index, messageId, last) =>
      change(
        (client) => client.$queryRaw`
          WITH part AS (
            UPDATE delivery_part SET state = 'delivered', message_id = ${messageId}, at = clock_timestamp()
             WHERE delivery_id = ${id} AND index = ${index} AND state <> 'delivered' RETURNING delivery_id)
          UPDATE delivery SET state = CASE WHEN ${last} THEN 'delivered' ELSE state END,
                              settled_at = CASE WHEN ${last} THEN clock_timestamp() ELSE settled_at END
            FROM part WHERE delivery.id = part.delivery_id RETURNING true AS done`,
      ),

    postpone: (fence, id, unsent) =>
      change(
        (client) => client.$queryRaw`
          WITH taken AS (
                 UPDATE delivery SET attempts = attempts + 1, state = CASE WHEN EXISTS (
                          SELECT FROM delivery_part p WHERE p.delivery_id = delivery.id AND p.state = 'sending' AND p.index IS DISTINCT FROM ${unsent}::int
                        ) THEN 'sending' ELSE 'waiting' END
                  WHERE id = ${id} AND ${isOpen} AND ${isHeld(fence)} RETURNING id),
               unmarked AS (DELETE FROM delivery_part p USING taken WHERE p.delivery_id = taken.id AND p.index = ${unsent}::int AND p.state = 'sending')
          SELECT true AS done FROM taken`,
      ),

    settle: (fence, id, state) =>
      change(
        (client) => client.$queryRaw`
          WITH taken AS (
                 UPDATE delivery SET state = ${state}, settled_at = clock_timestamp() WHERE id = ${id} AND ${isOpen} AND ${isHeld(fence)} RETURNING id),
               parts AS (UPDATE delivery_part p SET state = 'uncertain' FROM taken WHERE p.delivery_id = taken.id AND p.state = 'sending')
          SELECT true AS done FROM taken`,
      ),

    refuse: (fence, id, reason, unsent) =>
      change(
        (client) => client.$queryRaw`
          WITH taken AS (
                 UPDATE delivery SET state = 'refused', reason = ${reason}, settled_at = clock_timestamp()
                  WHERE id = ${id} AND ${isOpen} AND ${isHeld(fence)} RETURNING id, subscription_id),
               unmarked AS (DELETE FROM delivery_part p USING taken WHERE p.delivery_id = taken.id AND p.index = ${unsent}::int AND p.state = 'sending'),
               parts AS (UPDATE delivery_part p SET state = 'uncertain' FROM taken
                          WHERE p.delivery_id = taken.id AND p.index IS DISTINCT FROM ${unsent}::int AND p.state = 'sending'),
               paused AS (UPDATE subscription s SET paused_at = clock_timestamp(), paused_reason = ${reason}, untold = true
                            FROM taken WHERE s.id = taken.subscription_id AND s.paused_at IS NULL)
          SELECT true AS done FROM taken`,
      ),

    async expire(now) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH taken AS (
                 UPDATE delivery SET state = CASE state WHEN 'waiting' THEN 'expired' ELSE 'uncertain' END, settled_at = clock_timestamp()
                   FROM subscription
                  WHERE subscription.id = subscription_id AND expires_at < ${now} AND (state = 'waiting' OR state = 'sending' AND NOT EXISTS (
                          SELECT FROM lease WHERE name = ${courierLease("")} || ${Prisma.raw(platformOf)} AND until > clock_timestamp()))
                  RETURNING delivery.id),
               parts AS (UPDATE delivery_part p SET state = 'uncertain' FROM taken WHERE p.delivery_id = taken.id AND p.state = 'sending')
          SELECT count(*)::int AS count FROM taken`,
      );
      return counted.parse(rows);
    },

    sendAgain: (id, community, expiresAt, addJobs) =>
      database.transaction(async (session) => {
        const { rows } = await session.executeSql(
          `WITH taken AS (
             UPDATE delivery d SET state = 'waiting', round = round + 1, attempts = 0, settled_at = NULL, expires_at = $3::timestamptz FROM subscription s
              WHERE d.id = $1 AND s.id = d.subscription_id AND s.community = $2 AND d.state = 'uncertain' RETURNING d.id, s.room),
           forgotten AS (DELETE FROM delivery_part p USING taken WHERE p.delivery_id = taken.id AND p.state = 'uncertain')
           SELECT ${platformOf} AS platform FROM taken`,
          [id, community, expiresAt.toISOString()],
        );
        const jobs = again.parse(rows).map(({ platform }) => ({ id, platform }));
        if (jobs.length > 0) await addJobs(session, jobs);
        return jobs.length > 0;
      }),

    async forget(before) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH gone AS (DELETE FROM delivery WHERE due_at < ${before} RETURNING id),
               unposted AS (DELETE FROM digest USING gone WHERE digest.id = gone.id
                               AND NOT EXISTS (SELECT FROM delivery_part WHERE delivery_id = gone.id))
          SELECT count(*)::int AS count FROM gone`,
      );
      return counted.parse(rows);
    },
  };
}
