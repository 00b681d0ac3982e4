/** Reads how much waits, and since when. */
import { z } from "zod";
import type { Backlog } from "../core/backlog.ts";
import { platformNames } from "../core/ids.ts";
import type { Database } from "./database.ts";

const deliveryRows = z.array(z.object({ platform: z.enum(platformNames), count: z.int(), since: z.date().nullable() }));
const inboxRow = z.tuple([z.object({ count: z.int(), since: z.date().nullable() })]);

export async function readBacklog(database: Pick<Database, "read">): Promise<Backlog> {
  // What was put off waits because its room or its platform said so: that is no sign of a queue that stands still.
  const deliveries = await database.read(
    (client) => client.$queryRaw`
      SELECT split_part(s.room, ':', 1) AS platform, count(*)::int AS count, min(d.due_at) FILTER (WHERE d.attempts = 0) AS since
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id
       WHERE d.state IN ('waiting', 'sending')
       GROUP BY 1`,
  );
  const inbox = await database.read(
    (client) => client.$queryRaw`
      SELECT COALESCE(sum(waiting.count), 0)::int AS count, min(waiting.taken_at) AS since
        FROM (SELECT cardinality(ids) AS count, taken_at FROM inbound
              UNION ALL SELECT 1, taken_at FROM pushed WHERE payload IS NOT NULL) AS waiting`,
  );
  const [told] = inboxRow.parse(inbox);
  return {
    deliveries: new Map(deliveryRows.parse(deliveries).map(({ platform, ...waiting }) => [platform, waiting])),
    inbox: told,
  };
}
