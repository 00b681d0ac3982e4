/** Everything of one member across all tables: moved to a new pseudonym, read out, erased. */
import { z } from "zod";
import { type BallotId, ballotId, type MemberId, privateChats } from "../core/ids.ts";
import type { MemberChoice, MemberStore } from "../members/types.ts";
import type { Database } from "./database.ts";
import { readRecord } from "./member-record.ts";
import { erasedMark } from "./vote-store.ts";

const erased = z.tuple([z.object({ opinions: z.int(), reports: z.int(), buttons: z.int() })]).transform(([row]) => row);

const choiceRow = z.object({ quoting: z.boolean().nullable(), optedOut: z.boolean() }).nullable();

export function createMemberStore(database: Database): MemberStore {
  async function choice(member: MemberId): Promise<MemberChoice> {
    // Prisma makes one statement of all that are looked for at once.
    const row = await database.read((client) => client.choice.findUnique({ where: { member }, omit: { member: true } }));
    return choiceRow.parse(row) ?? { quoting: null, optedOut: false };
  }

  /** Ballots with a vote of the member. */
  async function castIn(member: MemberId): Promise<BallotId[]> {
    const rows = await database.read((client) => client.vote.findMany({ where: { member }, select: { ballot: true } }));
    return rows.map(({ ballot }) => ballotId(ballot));
  }

  return {
    choice,

    async choose(member, { quoting, optedOut }) {
      await database.write(
        (client) => client.$executeRaw`
          WITH opinions AS (UPDATE opinion SET quotable = ${quoting ?? false} WHERE member = ${member}
                               AND ${quoting !== undefined} AND quotable <> ${quoting ?? false}),
               claims AS (DELETE FROM statement WHERE member = ${member} AND opinion IS NOT NULL AND ${quoting === false})
          INSERT INTO choice (member, quoting, opted_out) VALUES (${member}, ${quoting ?? null}::boolean, ${optedOut ?? false})
          ON CONFLICT (member) DO UPDATE SET quoting = COALESCE(excluded.quoting, choice.quoting),
                                             opted_out = COALESCE(${optedOut ?? null}::boolean, choice.opted_out)`,
      );
      // A backup that is put back must not quote or log again whoever said no since.
      if (quoting === false) await database.noteErased([{ member, said: "no_quotes" }]);
      if (optedOut === true) await database.noteErased([{ member, said: "opted_out" }]);
    },

    async rekey(former, current) {
      const old = former.filter((member) => member !== current);
      if (old.length === 0) return;
      const from = old.flatMap(privateChats);
      const to = old.flatMap(() => privateChats(current));
      await database.write(
        (client) => client.$executeRaw`
          WITH chat AS (SELECT * FROM unnest(${from}::text[], ${to}::text[]) AS pair(old_id, new_id)),
               opinions AS (
                 UPDATE opinion SET member = ${current},
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = opinion.community), opinion.community)
                  WHERE member = ANY(${old}::text[])),
               runs AS (
                 UPDATE report SET member = CASE WHEN member = ANY(${old}::text[]) THEN ${current} ELSE member END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = report.community), report.community)
                  WHERE member = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               buttons AS (
                 UPDATE button SET member = CASE WHEN member = ANY(${old}::text[]) THEN ${current} ELSE member END,
                        quoted = CASE WHEN quoted = ANY(${old}::text[]) THEN ${current} ELSE quoted END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = button.community), button.community)
                  WHERE member = ANY(${old}::text[]) OR quoted = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               subscriptions AS (
                 UPDATE subscription SET created_by = CASE WHEN created_by = ANY(${old}::text[]) THEN ${current} ELSE created_by END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = subscription.community), subscription.community)
                  WHERE created_by = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               waiting AS (
                 UPDATE inbound SET content = (
                          SELECT json_agg(json_build_object('id', one->'id', 'payload', one->'payload',
                                   'member', CASE WHEN one->>'member' = ANY(${old}::text[]) THEN ${current} ELSE one->>'member' END,
                                   'quoted', CASE WHEN one->>'quoted' = ANY(${old}::text[]) THEN ${current} ELSE one->>'quoted' END,
                                   'community', COALESCE((SELECT new_id FROM chat WHERE old_id = one->>'community'), one->>'community'))
                                   ORDER BY place)::text
                            FROM json_array_elements(content::json) WITH ORDINALITY AS waiting(one, place))
                  WHERE EXISTS (SELECT 1 FROM unnest(${old}::text[]) AS former(name) WHERE strpos(content, name) > 0)),
               pushes AS (
                 UPDATE pushed SET member = CASE WHEN member = ANY(${old}::text[]) THEN ${current} ELSE member END,
                        quoted = CASE WHEN quoted = ANY(${old}::text[]) THEN ${current} ELSE quoted END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = pushed.community), pushed.community)
                  WHERE payload IS NOT NULL
                    AND (member = ANY(${old}::text[]) OR quoted = ANY(${old}::text[]) OR community = ANY(${from}::text[]))),
               settings AS (DELETE FROM setting USING chat WHERE community = old_id RETURNING new_id, name, value),
               decided AS (INSERT INTO setting (community, name, value) SELECT * FROM settings ON CONFLICT (community, name) DO NOTHING),
               follows AS (DELETE FROM follow USING chat WHERE community = old_id RETURNING new_id, asset, follows),
               followed AS (INSERT INTO follow (community, asset, follows) SELECT * FROM follows ON CONFLICT (community, asset) DO NOTHING),
               topics AS (
                 UPDATE topic_change SET member = CASE WHEN member = ANY(${old}::text[]) THEN ${current} ELSE member END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = topic_change.community), topic_change.community)
                  WHERE member = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               claims AS (
                 UPDATE statement SET member = CASE WHEN member = ANY(${old}::text[]) THEN ${current} ELSE member END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = statement.community), statement.community)
                  WHERE member = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               ayes AS (DELETE FROM statement_vote WHERE member = ANY(${old}::text[]) RETURNING statement_id, vote),
               voted AS (
                 INSERT INTO statement_vote (statement_id, member, vote)
                 SELECT DISTINCT ON (statement_id) statement_id, ${current}, vote FROM ayes ORDER BY statement_id, vote
                 ON CONFLICT (statement_id, member) DO NOTHING),
               choices AS (DELETE FROM choice WHERE member = ANY(${old}::text[]) RETURNING quoting, opted_out),
               chosen AS (
                 INSERT INTO choice AS known (member, quoting, opted_out)
                 SELECT ${current}, bool_and(quoting), bool_or(opted_out) FROM choices HAVING count(*) > 0
                 ON CONFLICT (member) DO UPDATE SET quoting = COALESCE(known.quoting, excluded.quoting),
                                                    opted_out = known.opted_out OR excluded.opted_out),
               changes AS (
                 UPDATE setting_change SET member = CASE WHEN member = ANY(${old}::text[]) THEN ${current} ELSE member END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = setting_change.community), setting_change.community)
                  WHERE member = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               readers AS (DELETE FROM reader WHERE member = ANY(${old}::text[]) RETURNING audience),
               reads AS (INSERT INTO reader (member, audience) SELECT ${current}::text, min(audience) FROM readers HAVING count(*) > 0
                         ON CONFLICT (member) DO NOTHING),
               gaps AS (UPDATE gap SET community = new_id FROM chat WHERE community = old_id),
               twins AS (
                 DELETE FROM vote v WHERE v.member = ANY(${old}::text[])
                    AND EXISTS (SELECT FROM vote w WHERE w.ballot = v.ballot AND w.member <> v.member
                                   AND (w.member = ${current} OR (w.member = ANY(${old}::text[]) AND w.ord > v.ord)))),
               votes AS (
                 UPDATE vote v SET member = ${current} WHERE v.member = ANY(${old}::text[])
                    AND NOT EXISTS (SELECT FROM vote w WHERE w.ballot = v.ballot AND w.member <> v.member
                                       AND (w.member = ${current} OR (w.member = ANY(${old}::text[]) AND w.ord > v.ord)))),
               pairs AS (DELETE FROM person WHERE member = ANY(${old}::text[]) RETURNING person),
               joined AS (
                 INSERT INTO person (member, person) SELECT ${current}, person FROM pairs LIMIT 1 ON CONFLICT (member) DO NOTHING),
               codes AS (
                 UPDATE link_code SET member = ${current},
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = link_code.community), link_code.community)
                  WHERE member = ANY(${old}::text[])),
               series AS (
                 UPDATE poll_series SET created_by = CASE WHEN created_by = ANY(${old}::text[]) THEN ${current} ELSE created_by END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = poll_series.community), poll_series.community)
                  WHERE created_by = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               polls AS (
                 UPDATE poll SET created_by = CASE WHEN created_by = ANY(${old}::text[]) THEN ${current} ELSE created_by END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = poll.community), poll.community)
                  WHERE created_by = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               posts AS (UPDATE poll_post SET community = new_id FROM chat WHERE community = old_id),
               questions AS (
                 UPDATE forecast_question SET asked_by = CASE WHEN asked_by = ANY(${old}::text[]) THEN ${current} ELSE asked_by END,
                        community = COALESCE((SELECT new_id FROM chat WHERE old_id = forecast_question.community), forecast_question.community)
                  WHERE asked_by = ANY(${old}::text[]) OR community = ANY(${from}::text[])),
               outdated AS (
                 DELETE FROM forecast f WHERE f.member = ANY(${old}::text[])
                    AND EXISTS (SELECT FROM forecast g WHERE g.question_id = f.question_id AND g.member <> f.member
                                   AND (g.member = ${current} OR (g.member = ANY(${old}::text[]) AND (g.at, g.member) > (f.at, f.member))))),
               forecasts AS (
                 UPDATE forecast f SET member = ${current} WHERE f.member = ANY(${old}::text[])
                    AND NOT EXISTS (SELECT FROM forecast g WHERE g.question_id = f.question_id AND g.member <> f.member
                                       AND (g.member = ${current} OR (g.member = ANY(${old}::text[]) AND (g.at, g.member) > (f.at, f.member))))),
               rooms AS (UPDATE linked_room SET community = new_id FROM chat WHERE community = old_id),
               invitations AS (UPDATE link_code SET community = new_id FROM chat WHERE community = old_id AND link_code.member <> ALL(${old}::text[])),
               digests AS (UPDATE digest SET community = new_id FROM chat WHERE community = old_id),
               moved AS (
                 DELETE FROM community USING chat WHERE id = old_id RETURNING new_id, arrived_at, left_at, greeted_at)
          INSERT INTO community (id, arrived_at, left_at, greeted_at)
          SELECT new_id, min(arrived_at), max(left_at), min(greeted_at) FROM moved GROUP BY new_id
          ON CONFLICT (id) DO UPDATE SET arrived_at = LEAST(community.arrived_at, excluded.arrived_at),
                                         greeted_at = LEAST(community.greeted_at, excluded.greeted_at)`,
      );
    },

    read: async (member) => readRecord(database, member, await choice(member)),

    async erase(member, former = []) {
      const chats = privateChats(member);
      const ballots = await castIn(member);
      const marks = ballots.map((ballot) => erasedMark(ballot, member));
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH opinions AS (DELETE FROM opinion WHERE member = ${member} RETURNING id),
               runs AS (DELETE FROM report WHERE member = ${member} OR community = ANY(${chats}::text[]) RETURNING id),
               buttons AS (
                 DELETE FROM button WHERE member = ${member} OR quoted = ${member} OR community = ANY(${chats}::text[]) RETURNING id),
               subscriptions AS (DELETE FROM subscription WHERE community = ANY(${chats}::text[])),
               wishes AS (UPDATE subscription SET created_by = NULL WHERE created_by = ${member} AND community <> ALL(${chats}::text[])),
               waiting AS (
                 UPDATE inbound SET (ids, content) = (
                          SELECT COALESCE(array_agg((one->>'id')::bigint ORDER BY place), '{}'), COALESCE(json_agg(one ORDER BY place), '[]')::text
                            FROM json_array_elements(content::json) WITH ORDINALITY AS waiting(one, place)
                           WHERE one->>'member' IS DISTINCT FROM ${member} AND one->>'quoted' IS DISTINCT FROM ${member}
                             AND one->>'community' <> ALL(${chats}::text[]))
                  WHERE strpos(content, ${member}) > 0),
               pushes AS (
                 UPDATE pushed SET payload = NULL, member = NULL, quoted = NULL, community = NULL
                  WHERE payload IS NOT NULL AND (member = ${member} OR quoted = ${member} OR community = ANY(${chats}::text[]))),
               settings AS (DELETE FROM setting WHERE community = ANY(${chats}::text[])),
               follows AS (DELETE FROM follow WHERE community = ANY(${chats}::text[])),
               changes AS (DELETE FROM setting_change WHERE community = ANY(${chats}::text[])),
               names AS (UPDATE setting_change SET member = NULL WHERE member = ${member} AND community <> ALL(${chats}::text[])),
               topics AS (DELETE FROM topic_change WHERE community = ANY(${chats}::text[])),
               wordings AS (UPDATE topic_change SET member = NULL WHERE member = ${member} AND community <> ALL(${chats}::text[])),
               ayes AS (DELETE FROM statement_vote WHERE member = ${member}),
               claims AS (DELETE FROM statement WHERE member = ${member} OR community = ANY(${chats}::text[])),
               -- Only that somebody wants nothing logged outlives them: else it would be logged again.
               choices AS (DELETE FROM choice WHERE member = ${member} AND NOT opted_out),
               undecided AS (UPDATE choice SET quoting = NULL WHERE member = ${member} AND opted_out),
               gaps AS (DELETE FROM gap WHERE community = ANY(${chats}::text[])),
               readers AS (DELETE FROM reader WHERE member = ${member}),
               votes AS (DELETE FROM vote WHERE member = ${member} RETURNING ballot, choice),
               counted AS (
                 UPDATE poll_post p SET erased = erased + 1 FROM votes
                  WHERE p.ballot = votes.ballot AND votes.choice IS NOT NULL AND NOT starts_with(p.ballot, 'buttons:') RETURNING p.ballot, p.state),
               marks AS (
                 INSERT INTO vote (ballot, member, choice, ord, at, standing)
                 SELECT mark.ballot, mark.name, NULL, 0, clock_timestamp(), 'erased'
                   FROM unnest(${ballots}::text[], ${marks}::text[]) AS mark(ballot, name)
                   JOIN counted ON counted.ballot = mark.ballot AND counted.state = 'open'),
               pairs AS (DELETE FROM person WHERE person = (SELECT person FROM person WHERE member = ${member})),
               codes AS (DELETE FROM link_code WHERE member = ${member} OR community = ANY(${chats}::text[])),
               askers AS (UPDATE poll_series SET created_by = NULL WHERE created_by = ${member} AND community <> ALL(${chats}::text[])),
               series AS (DELETE FROM poll_series WHERE community = ANY(${chats}::text[])),
               pollsters AS (UPDATE poll SET created_by = NULL WHERE created_by = ${member} AND community <> ALL(${chats}::text[])),
               polls AS (DELETE FROM poll WHERE community = ANY(${chats}::text[])),
               rooms AS (DELETE FROM linked_room WHERE community = ANY(${chats}::text[])),
               forecasts AS (DELETE FROM forecast WHERE member = ${member}),
               inquirers AS (UPDATE forecast_question SET asked_by = NULL WHERE asked_by = ${member} AND community <> ALL(${chats}::text[])),
               questions AS (DELETE FROM forecast_question WHERE community = ANY(${chats}::text[])),
               digests AS (DELETE FROM digest WHERE community = ANY(${chats}::text[])),
               chats AS (DELETE FROM community WHERE id = ANY(${chats}::text[]))
          SELECT (SELECT count(*)::int FROM opinions) AS opinions, (SELECT count(*)::int FROM runs) AS reports, (SELECT count(*)::int FROM buttons) AS buttons`,
      );
      await database.noteErased([member, ...former].map((pseudonym) => ({ member: pseudonym })));
      return erased.parse(rows);
    },
  };
}
