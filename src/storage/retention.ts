/** What members said longer ago than their community keeps it: counted before a decision, and erased. */
import { z } from "zod";
import type { CommunityId } from "../core/ids.ts";
import type { Utterances } from "../core/utterances.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { counted } from "./rows.ts";

const saidRows = z
  .tuple([z.object({ opinions: z.int(), reports: z.int(), claims: z.int(), votes: z.int(), forecasts: z.int() })])
  .transform(([row]) => row);

/**
 * `spent`: what is older than `due` says, each community by its own row. A claim is as old as its opinion, or as its first day: no vote on
 * it is older. A poll is as old as its end, and a forecast as the answer to its question: what is still open is not erased from under it.
 */
const spent = Prisma.sql`
  opinions AS (SELECT o.id FROM due JOIN opinion o ON o.community = due.community AND o.at < due.before),
  reports AS (SELECT r.id FROM due JOIN report r ON r.community = due.community AND r.at < due.before),
  claims AS (
    SELECT s.id FROM due JOIN statement s ON s.community = due.community
     WHERE (s.opinion IS NULL AND s.at < due.before) OR s.opinion IN (SELECT id FROM opinions)),
  ended AS (
    SELECT p.poll_id, p.place, p.ballot, poll.community = due.community AS whole
      FROM due JOIN poll_post p ON p.community = due.community JOIN poll ON poll.id = p.poll_id AND poll.closed_at < due.before
     UNION
    SELECT p.poll_id, p.place, p.ballot, true
      FROM due JOIN poll ON poll.community = due.community AND poll.closed_at < due.before JOIN poll_post p ON p.poll_id = poll.id),
  forecasts AS (
    SELECT f.question_id, f.member FROM due JOIN forecast_question q ON q.community = due.community AND q.resolved_at < due.before
      JOIN forecast f ON f.question_id = q.id)`;

export async function saidBefore(database: Database, community: CommunityId, before: Date): Promise<Utterances> {
  const rows = await database.read(
    (client) => client.$queryRaw`
      WITH due AS (SELECT ${community}::text AS community, ${before}::timestamptz AS before), ${spent}
      SELECT (SELECT count(*)::int FROM opinions) AS opinions, (SELECT count(*)::int FROM reports) AS reports,
             (SELECT count(*)::int FROM claims) AS claims, (SELECT count(*)::int FROM forecasts) AS forecasts,
             (SELECT count(*)::int FROM vote WHERE choice IS NOT NULL AND ballot IN (SELECT ballot FROM ended)) AS votes`,
  );
  return saidRows.parse(rows);
}

/** @returns how many opinions were erased */
export async function expireSaid(database: Database, now: Date): Promise<number> {
  const rows = await database.write(
    (client) => client.$queryRaw`
      WITH due AS (
             SELECT community, ${now}::timestamptz - make_interval(days => value::int) AS before FROM setting
              WHERE name = 'retentionDays' AND value ~ '^[0-9]{1,4}$'), ${spent},
           opinions_gone AS (DELETE FROM opinion USING opinions WHERE opinion.id = opinions.id RETURNING 1),
           reports_gone AS (DELETE FROM report USING reports WHERE report.id = reports.id),
           claims_gone AS (DELETE FROM statement USING claims WHERE statement.id = claims.id),
           votes_gone AS (DELETE FROM vote USING ended WHERE vote.ballot = ended.ballot),
           posts_gone AS (
             DELETE FROM poll_post p USING ended WHERE p.poll_id = ended.poll_id AND p.place = ended.place
                AND ended.poll_id NOT IN (SELECT poll_id FROM ended WHERE whole)),
           polls_gone AS (DELETE FROM poll WHERE id IN (SELECT poll_id FROM ended WHERE whole)),
           forecasts_gone AS (
             DELETE FROM forecast f USING forecasts WHERE f.question_id = forecasts.question_id AND f.member = forecasts.member)
      SELECT count(*)::int AS count FROM opinions_gone`,
  );
  return counted.parse(rows);
}
