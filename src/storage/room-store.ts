/** Communities in the database: where the bot is, where it was, and the end of what is kept of the latter. */
import { z } from "zod";
import type { CommunityId } from "../core/ids.ts";
import type { RoomStore } from "../core/platform.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { communityText, counted } from "./rows.ts";

const knownRows = z.array(z.object({ community: communityText, left: z.boolean() }));

/** A room's address after its group moved; what stands behind the group's own address, a forum topic, stays. */
const movedRoom = (room: string, from: CommunityId, to: CommunityId) => {
  const column = Prisma.raw(room);
  return Prisma.sql`CASE WHEN ${column} = ${from} OR starts_with(${column}, ${`${from}:`})
                         THEN ${to} || substr(${column}, ${from.length + 1}::int) ELSE ${column} END`;
};

export function createRoomStore(database: Database): RoomStore {
  return {
    async arrive(community, now) {
      const first = await database.write(
        (client) => client.$executeRaw`
          INSERT INTO community (id, arrived_at) VALUES (${community}, ${now})
          ON CONFLICT (id) DO UPDATE SET arrived_at = excluded.arrived_at, left_at = NULL WHERE community.arrived_at IS NULL`,
      );
      if (first > 0) return true;
      await database.write((client) =>
        client.community.updateMany({ where: { id: community, leftAt: { not: null } }, data: { leftAt: null } }),
      );
      return false;
    },

    async leave(community, now) {
      // The first of several notices counts: platforms repeat them, and nobody's data stay longer for that.
      await database.write(
        (client) => client.$executeRaw`
          INSERT INTO community (id, left_at) VALUES (${community}, ${now})
          ON CONFLICT (id) DO UPDATE SET left_at = excluded.left_at WHERE community.left_at IS NULL`,
      );
    },

    async migrate(from, to) {
      if (from === to) return;
      // What is known of the old address is joined to the new one. Being told of the move means that the bot is there: `left_at` stays behind.
      await database.write(
        (client) => client.$executeRaw`
          WITH opinions AS (UPDATE opinion SET community = ${to} WHERE community = ${from}),
               runs AS (UPDATE report SET community = ${to} WHERE community = ${from}),
               buttons AS (UPDATE button SET community = ${to} WHERE community = ${from}),
               twins AS (
                 DELETE FROM subscription s WHERE s.community = ${from} AND EXISTS (
                   SELECT FROM subscription t WHERE (t.room, t.time, t.zone, t.days, t.series) = (${movedRoom("s.room", from, to)}, s.time, s.zone, s.days, s.series))),
               subscriptions AS (
                 UPDATE subscription s SET community = ${to}, room = ${movedRoom("s.room", from, to)}
                  WHERE s.community = ${from} AND NOT EXISTS (
                   SELECT FROM subscription t WHERE (t.room, t.time, t.zone, t.days, t.series) = (${movedRoom("s.room", from, to)}, s.time, s.zone, s.days, s.series))),
               waiting AS (
                 UPDATE inbound SET content = (
                          SELECT json_agg(json_build_object('id', one->'id', 'payload', one->'payload', 'member', one->'member',
                                   'quoted', one->'quoted', 'community', CASE one->>'community' WHEN ${from} THEN ${to} ELSE one->>'community' END)
                                   ORDER BY place)::text
                            FROM json_array_elements(content::json) WITH ORDINALITY AS waiting(one, place))
                  WHERE strpos(content, ${from}) > 0),
               pushes AS (UPDATE pushed SET community = ${to} WHERE payload IS NOT NULL AND community = ${from}),
               settings AS (
                 DELETE FROM setting WHERE community = ${from} RETURNING name, value),
               decided AS (
                 INSERT INTO setting (community, name, value) SELECT ${to}::text, name, value FROM settings
                 ON CONFLICT (community, name) DO NOTHING),
               follows AS (
                 DELETE FROM follow WHERE community = ${from} RETURNING asset, follows),
               followed AS (
                 INSERT INTO follow (community, asset, follows) SELECT ${to}::text, asset, follows FROM follows
                 ON CONFLICT (community, asset) DO NOTHING),
               changes AS (UPDATE setting_change SET community = ${to} WHERE community = ${from}),
               topics AS (UPDATE topic_change SET community = ${to} WHERE community = ${from}),
               same AS (
                 DELETE FROM statement s WHERE s.community = ${from} AND EXISTS (
                   SELECT FROM statement t WHERE (t.community, t.topic, t.text) = (${to}, s.topic, s.text))),
               claims AS (
                 UPDATE statement s SET community = ${to} WHERE s.community = ${from} AND NOT EXISTS (
                   SELECT FROM statement t WHERE (t.community, t.topic, t.text) = (${to}, s.topic, s.text))),
               gaps AS (
                 DELETE FROM gap WHERE community = ${from} RETURNING text, count, last_at),
               wanted AS (
                 INSERT INTO gap (community, text, count, last_at) SELECT ${to}::text, text, count, last_at FROM gaps
                 ON CONFLICT (community, text) DO UPDATE SET count = gap.count + excluded.count,
                                                             last_at = GREATEST(gap.last_at, excluded.last_at)),
               digests AS (UPDATE digest SET community = ${to}, room = ${movedRoom("room", from, to)} WHERE community = ${from}),
               series AS (UPDATE poll_series SET community = ${to} WHERE community = ${from}),
               polls AS (UPDATE poll SET community = ${to} WHERE community = ${from}),
               posts AS (UPDATE poll_post SET community = ${to}, room = ${movedRoom("room", from, to)} WHERE community = ${from}),
               questions AS (UPDATE forecast_question SET community = ${to}, room = ${movedRoom("room", from, to)} WHERE community = ${from}),
               codes AS (UPDATE link_code SET community = ${to} WHERE community = ${from}),
               links AS (DELETE FROM linked_room WHERE community = ${from} RETURNING room, circle, agreed, at),
               linked AS (
                 INSERT INTO linked_room (room, community, circle, agreed, at)
                 SELECT ${movedRoom("room", from, to)}, ${to}::text, circle, agreed, at FROM links ON CONFLICT (room) DO NOTHING),
               moved AS (DELETE FROM community WHERE id = ${from} RETURNING arrived_at, greeted_at)
          INSERT INTO community (id, arrived_at, greeted_at) SELECT ${to}::text, arrived_at, greeted_at FROM moved
          ON CONFLICT (id) DO UPDATE SET arrived_at = LEAST(community.arrived_at, excluded.arrived_at),
                                         greeted_at = LEAST(community.greeted_at, excluded.greeted_at)`,
      );
    },

    async greet(community, now) {
      const first = await database.write(
        (client) => client.$executeRaw`
          INSERT INTO community (id, greeted_at) VALUES (${community}, ${now})
          ON CONFLICT (id) DO UPDATE SET greeted_at = excluded.greeted_at WHERE community.greeted_at IS NULL`,
      );
      return first > 0;
    },

    async known(platform) {
      // Jumps from community to community in the index: a DISTINCT would read every opinion, and every digest.
      const rows = await database.read(
        (client) => client.$queryRaw`
          WITH RECURSIVE spoken AS (
            (SELECT community FROM opinion ORDER BY community LIMIT 1)
            UNION ALL
            SELECT (SELECT o.community FROM opinion o WHERE o.community > spoken.community ORDER BY o.community LIMIT 1) FROM spoken
             WHERE spoken.community IS NOT NULL
          ), shown AS (
            (SELECT community FROM digest ORDER BY community LIMIT 1)
            UNION ALL
            SELECT (SELECT d.community FROM digest d WHERE d.community > shown.community ORDER BY d.community LIMIT 1) FROM shown
             WHERE shown.community IS NOT NULL
          )
          SELECT stored.id AS community, community.left_at IS NOT NULL AS left
            FROM (SELECT id FROM community UNION SELECT community FROM spoken UNION SELECT community FROM shown
                  UNION SELECT community FROM subscription UNION SELECT community FROM setting UNION SELECT community FROM follow
                  UNION SELECT community FROM setting_change UNION SELECT community FROM topic_change
                  UNION SELECT community FROM statement UNION SELECT community FROM report
                  UNION SELECT community FROM poll_post UNION SELECT community FROM poll_series
                  UNION SELECT community FROM linked_room UNION SELECT community FROM forecast_question) AS stored
            LEFT JOIN community ON community.id = stored.id
           WHERE starts_with(stored.id, ${`${platform}:`}) AND NOT starts_with(stored.id, ${`${platform}:private:`})`,
      );
      return knownRows.parse(rows);
    },

    async eraseLeft(before) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH gone AS (DELETE FROM community WHERE left_at < ${before} RETURNING id),
               opinions AS (DELETE FROM opinion USING gone WHERE opinion.community = gone.id),
               pushes AS (
                 UPDATE pushed SET payload = NULL, member = NULL, quoted = NULL, community = NULL FROM gone
                  WHERE payload IS NOT NULL AND pushed.community = gone.id),
               runs AS (DELETE FROM report USING gone WHERE report.community = gone.id),
               buttons AS (DELETE FROM button USING gone WHERE button.community = gone.id),
               subscriptions AS (DELETE FROM subscription USING gone WHERE subscription.community = gone.id),
               settings AS (DELETE FROM setting USING gone WHERE setting.community = gone.id),
               follows AS (DELETE FROM follow USING gone WHERE follow.community = gone.id),
               changes AS (DELETE FROM setting_change USING gone WHERE setting_change.community = gone.id),
               topics AS (DELETE FROM topic_change USING gone WHERE topic_change.community = gone.id),
               claims AS (DELETE FROM statement USING gone WHERE statement.community = gone.id),
               gaps AS (DELETE FROM gap USING gone WHERE gap.community = gone.id),
               digests AS (DELETE FROM digest USING gone WHERE digest.community = gone.id),
               codes AS (DELETE FROM link_code USING gone WHERE link_code.community = gone.id),
               links AS (DELETE FROM linked_room USING gone WHERE linked_room.community = gone.id),
               questions AS (DELETE FROM forecast_question USING gone WHERE forecast_question.community = gone.id),
               series AS (DELETE FROM poll_series USING gone WHERE poll_series.community = gone.id),
               ended AS (
                 SELECT p.poll_id, p.place, p.ballot, poll.community = ANY(SELECT id FROM gone) AS whole
                   FROM poll_post p JOIN poll ON poll.id = p.poll_id
                  WHERE p.community IN (SELECT id FROM gone) OR poll.community IN (SELECT id FROM gone)),
               votes AS (DELETE FROM vote USING ended WHERE vote.ballot = ended.ballot),
               posts AS (DELETE FROM poll_post p USING ended WHERE NOT ended.whole AND p.poll_id = ended.poll_id AND p.place = ended.place),
               polls AS (DELETE FROM poll USING gone WHERE poll.community = gone.id)
          SELECT count(*)::int AS count FROM gone`,
      );
      return counted.parse(rows);
    },
  };
}
