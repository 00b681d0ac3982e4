/** Subscriptions in the database. */
import { z } from "zod";
import { subscriptionId } from "../core/ids.ts";
import { mostPerRoom, type Subscription, type SubscriptionStore } from "../schedule/types.ts";
import type { Database } from "./database.ts";
import type { Prisma } from "./generated/client.ts";
import { communityText, counted, daysText, pauseReason, roomText } from "./rows.ts";

const added = z.tuple([z.object({ added: z.boolean(), same: z.boolean() })]).transform(([row]) => row);

const subscriptionRow = z
  .object({
    id: z.string().transform(subscriptionId),
    room: roomText,
    community: communityText,
    time: z.string(),
    zone: z.string(),
    days: daysText,
    sections: z.string().nullable(),
    series: z.string(),
    createdAt: z.date(),
    pausedAt: z.date().nullable(),
    pausedReason: pauseReason.nullable(),
  })
  .transform(
    ({ pausedAt, pausedReason, sections, series, ...row }): Subscription => ({
      ...row,
      ...(series === "" ? {} : { series }),
      sections: sections === null ? null : z.array(z.string()).parse(JSON.parse(sections)),
      paused: pausedAt === null || pausedReason === null ? null : { at: pausedAt, reason: pausedReason },
    }),
  );
const subscriptionRows = z.array(subscriptionRow);

const denied = { pausedAt: { not: null }, pausedReason: { in: ["gone", "forbidden"] } };
const pausedRows = z.array(z.object({ room: roomText, community: communityText }));
const communityRows = z.array(z.object({ community: communityText }));

const oldestFirst: Prisma.SubscriptionOrderByWithRelationInput[] = [{ createdAt: "asc" }, { id: "asc" }];

export function createSubscriptionStore(database: Database): SubscriptionStore {
  const list = async (where: Prisma.SubscriptionWhereInput) =>
    subscriptionRows.parse(await database.read((client) => client.subscription.findMany({ where, orderBy: oldestFirst })));

  return {
    async add({ id, room, community, time, zone, days, sections, series = "", createdAt }, by) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH present AS (SELECT time = ${time} AND zone = ${zone} AND days = ${days.join("")} AS same FROM subscription
                            WHERE room = ${room} AND days <> '' AND (series = '') = ${series === ""}::boolean AND (series = '' OR series = ${series})),
               added AS (
                 INSERT INTO subscription (id, room, community, time, zone, days, sections, series, created_by, created_at, considered_at)
                 SELECT ${id}, ${room}, ${community}, ${time}, ${zone}, ${days.join("")},
                        ${sections === null ? null : JSON.stringify(sections)}, ${series}, ${by}::text, ${createdAt}::timestamptz, ${createdAt}::timestamptz
                  WHERE (SELECT count(*) FROM present) < ${mostPerRoom}
                 ON CONFLICT DO NOTHING RETURNING id)
          SELECT EXISTS (SELECT FROM added) AS added, (SELECT count(*) FROM present) < ${mostPerRoom} OR EXISTS (SELECT FROM present WHERE same) AS same`,
      );
      const outcome = added.parse(rows);
      return outcome.added ? "added" : outcome.same ? "same" : "full";
    },

    ofRoom: (room) => list({ room, series: "" }),
    ofCommunity: (community) => list({ community, series: "" }),

    async find(id) {
      const row = await database.read((client) => client.subscription.findUnique({ where: { id } }));
      return row === null ? null : subscriptionRow.parse(row);
    },

    async remove(id, community) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH unposted AS (
                 DELETE FROM digest USING delivery
                  WHERE delivery.subscription_id = ${id} AND digest.id = delivery.id AND digest.community = ${community}
                    AND NOT EXISTS (SELECT FROM delivery_part WHERE delivery_id = delivery.id)),
               gone AS (DELETE FROM subscription WHERE id = ${id} AND community = ${community} RETURNING id)
          SELECT count(*)::int AS count FROM gone`,
      );
      return counted.parse(rows) > 0;
    },

    async resume(community, now) {
      // What came due in between is not made up for.
      const data = { pausedAt: null, pausedReason: null, untold: false, consideredAt: now };
      const { count } = await database.write((c) => c.subscription.updateMany({ where: { community, pausedAt: { not: null } }, data }));
      return count;
    },

    pausedRooms: {
      async of(where) {
        const community = where.includes(":") ? { equals: where } : { startsWith: `${where}:` };
        const rows = await database.read((client) =>
          client.subscription.findMany({ where: { ...denied, community }, distinct: ["room"], select: { room: true, community: true } }),
        );
        return pausedRows.parse(rows);
      },
      async resume(rooms, now) {
        // Who was not told of the pause is told of it now.
        const data = { pausedAt: null, pausedReason: null, consideredAt: now };
        const { count } = await database.write((c) => c.subscription.updateMany({ where: { ...denied, room: { in: [...rooms] } }, data }));
        return count;
      },
    },

    async untold() {
      const rows = await database.read((client) =>
        client.subscription.findMany({ where: { untold: true }, distinct: ["community"], select: { community: true } }),
      );
      return communityRows.parse(rows).map(({ community }) => community);
    },

    async takeUntold(community, unsaid) {
      const elsewhere = unsaid === undefined ? {} : { OR: [{ pausedAt: null }, { room: { not: unsaid } }] };
      const where = { community, series: "", untold: true, ...elsewhere };
      const rows = await database.write((client) => client.subscription.updateManyAndReturn({ where, data: { untold: false } }));
      return subscriptionRows.parse(rows).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    },
  };
}
