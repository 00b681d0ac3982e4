/** Votes in the database: one row for each voter and ballot, whatever is told late, twice or in any order. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { type BallotId, ballotId, type MemberId, memberId, pollId } from "../core/ids.ts";
import type { Choice, Standing } from "../core/poll.ts";
import type { PollStore } from "../polls/types.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { communityText, roomText } from "./rows.ts";

type VoteStore = Pick<
  PollStore,
  "votes" | "openBallots" | "cast" | "setStanding" | "setJoined" | "press" | "recount" | "setTotals" | "choices"
>;

const standing = z.enum(["member", "outside", "unknown"]);
const castRows = z.array(z.object({ place: z.int(), voter: z.string(), choice: z.int(), standing, newcomer: z.boolean() }));
const openRows = z.array(
  z.object({
    poll: z.string().transform(pollId),
    ballot: z.string().transform(ballotId),
    room: roomText,
    community: communityText,
    messageId: z.string(),
    options: z.int(),
  }),
);
const standingRows = z.array(z.object({ room: roomText.nullable(), standing: standing.nullable() }));
const choiceRows = z.array(
  z.object({ member: z.string().transform(memberId), community: communityText, choice: z.int(), newcomer: z.boolean() }),
);
const anything = z.array(z.unknown());

/** What stays of a voter who erased themselves while a poll is open: nobody's pseudonym, and not to be turned back. */
export const erasedMark = (ballot: BallotId, member: MemberId): string =>
  `erased-${createHash("sha256")
    .update(JSON.stringify([ballot, member]))
    .digest("hex")
    .slice(0, 32)}`;

/** Telegram's numbers begin anew after a week without any (Bot API, Update): by then nothing is late any more. */
const lateFor = Prisma.sql`interval '3 days'`;

const chosen = (choice: Choice) => (choice.kind === "chose" ? choice.option : null);

/** The choice after this one: taking back an option that is not the present one changes nothing. */
const after = (choice: Choice) =>
  choice.kind === "chose" || choice.option === null
    ? Prisma.sql`excluded.choice`
    : Prisma.sql`CASE WHEN vote.choice = ${choice.option}::int THEN NULL ELSE vote.choice END`;

/**
 * Telegram says neither when an account was made nor when it joined: there a newcomer is who had said, reported, claimed, forecast, asked or
 * voted nothing in this community before the poll opened. Commands leave no trace, and are none.
 */
const newcomer = Prisma.sql`(v.newcomer OR (starts_with(p.room, 'telegram:') AND NOT (
  EXISTS (SELECT FROM opinion o WHERE o.member = v.member AND o.community = p.community AND o.at < poll.opens_at)
  OR EXISTS (SELECT FROM vote w JOIN poll_post q ON q.ballot = w.ballot
              WHERE w.member = v.member AND q.community = p.community AND w.at < poll.opens_at)
  OR EXISTS (SELECT FROM report r WHERE r.member = v.member AND r.community = p.community AND r.at < poll.opens_at)
  OR EXISTS (SELECT FROM statement s WHERE s.member = v.member AND s.community = p.community AND s.at < poll.opens_at)
  OR EXISTS (SELECT FROM forecast f JOIN forecast_question q ON q.id = f.question_id
              WHERE f.member = v.member AND q.community = p.community AND f.at < poll.opens_at)
  OR EXISTS (SELECT FROM poll_series a WHERE a.created_by = v.member AND a.community = p.community AND a.created_at < poll.opens_at))))`;

const isNewer = Prisma.sql`(vote.ord < excluded.ord OR vote.at < excluded.at - ${lateFor})`;

export function createVoteStore(database: Database): VoteStore {
  return {
    async votes(poll, scrutiny) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT p.place, COALESCE(person.person, v.member) AS voter, v.choice, v.standing,
                 ${scrutiny === "none" ? Prisma.sql`false` : newcomer} AS newcomer
            FROM poll_post p JOIN poll ON poll.id = p.poll_id JOIN vote v ON v.ballot = p.ballot LEFT JOIN person ON person.member = v.member
           WHERE p.poll_id = ${poll} AND v.choice IS NOT NULL AND v.standing <> 'erased' ORDER BY p.place, v.member`,
      );
      return castRows.parse(rows);
    },

    async openBallots(platform) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT p.poll_id AS poll, p.ballot, p.room, p.community, p.message_id AS "messageId", cardinality(poll.options) AS options
            FROM poll_post p JOIN poll ON poll.id = p.poll_id
           WHERE p.state = 'open' AND p.message_id IS NOT NULL AND starts_with(p.ballot, ${`${platform}:`}) ORDER BY p.poll_id, p.place`,
      );
      return openRows.parse(rows);
    },

    async cast({ ballot, member, choice, order, newcomer: isNew = false }, at, known) {
      const mark = erasedMark(ballot, member);
      // Of a poll that has ended, what was cast before counts, however late it is told, and what is missing to the platform's own counts.
      await database.write(
        (client) => client.$executeRaw`
          WITH post AS (
                 SELECT state = 'open' OR (state = 'ended' AND (COALESCE(${order}::bigint < last_order, false) OR (
                          cardinality(totals) > 0 AND totals IS DISTINCT FROM ARRAY(
                            SELECT (SELECT count(*)::int FROM vote v WHERE v.ballot = ${ballot} AND v.choice = o)
                              FROM generate_series(0, cardinality(totals) - 1) AS o ORDER BY o)))) AS counts
                   FROM poll_post WHERE ballot = ${ballot}),
               back AS (DELETE FROM vote WHERE ballot = ${ballot} AND member = ${mark} RETURNING 1),
               again AS (UPDATE poll_post SET erased = erased - 1 WHERE ballot = ${ballot} AND EXISTS (SELECT FROM back))
          INSERT INTO vote (ballot, member, choice, ord, at, standing, newcomer)
          SELECT ${ballot}, ${member}, ${chosen(choice)}::int, ${order}::bigint, ${at}::timestamptz, ${known ? "member" : "unknown"}, ${isNew}
           WHERE COALESCE((SELECT counts FROM post), ${!known}::boolean)
          ON CONFLICT (ballot, member) DO UPDATE SET choice = ${after(choice)}, ord = excluded.ord, at = excluded.at WHERE ${isNewer}`,
      );
      if (known) return { room: null, standing: null };
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT p.room, v.standing FROM vote v LEFT JOIN poll_post p ON p.ballot = v.ballot WHERE v.ballot = ${ballot} AND v.member = ${member}`,
      );
      return standingRows.parse(rows)[0] ?? { room: null, standing: null };
    },

    async setStanding(ballot: BallotId, member: MemberId, value: Standing) {
      await database.write((client) => client.vote.updateMany({ where: { ballot, member }, data: { standing: value } }));
    },

    async setJoined(ballot, member, joined) {
      await database.write(
        (client) => client.$executeRaw`
          UPDATE vote SET newcomer = true FROM poll_post p JOIN poll ON poll.id = p.poll_id
           WHERE vote.ballot = ${ballot} AND vote.member = ${member} AND p.ballot = vote.ballot AND poll.opens_at < ${joined}`,
      );
    },

    async press({ ballot, member, choice, order, newcomer: isNew = false }, value, { id, community }, at) {
      const rows = await database.write(
        (client) => client.$queryRaw`
          WITH open AS (
                 SELECT FROM poll_post p JOIN poll ON poll.id = p.poll_id
                  WHERE p.ballot = ${ballot} AND p.room = ${id} AND p.community = ${community} AND p.state = 'open' AND poll.closes_at > ${at}),
               kept AS (
                 INSERT INTO vote (ballot, member, choice, ord, at, standing, newcomer)
                 SELECT ${ballot}, ${member}, ${chosen(choice)}::int, ${order}::bigint, ${at}::timestamptz, ${value}, ${isNew} WHERE EXISTS (SELECT FROM open)
                 ON CONFLICT (ballot, member) DO UPDATE
                   SET choice = ${after(choice)}, ord = excluded.ord, at = excluded.at, standing = excluded.standing WHERE ${isNewer})
          SELECT FROM open`,
      );
      return anything.parse(rows).length > 0;
    },

    async recount(ballot, voters, order, at) {
      const marks = voters.map(({ member }) => erasedMark(ballot, member));
      await database.write(
        (client) => client.$executeRaw`
          WITH open AS (SELECT FROM poll_post WHERE ballot = ${ballot} AND state = 'open'),
               listed AS (
                 SELECT DISTINCT ON (member) member, choice, newcomer
                   FROM unnest(${voters.map(({ member }) => member)}::text[], ${voters.map(({ option }) => option)}::int[], ${marks}::text[],
                               ${voters.map(({ newcomer: isNew = false }) => isNew)}::boolean[]) AS voter(member, choice, mark, newcomer)
                  WHERE EXISTS (SELECT FROM open) AND NOT EXISTS (SELECT FROM vote WHERE ballot = ${ballot} AND vote.member = mark)
                  ORDER BY member),
               gone AS (
                 UPDATE vote SET choice = NULL, ord = ${order}::bigint, at = ${at}
                  WHERE ballot = ${ballot} AND standing <> 'erased' AND ord <= ${order}::bigint AND EXISTS (SELECT FROM open)
                    AND NOT EXISTS (SELECT FROM listed WHERE listed.member = vote.member))
          INSERT INTO vote (ballot, member, choice, ord, at, standing, newcomer)
          SELECT ${ballot}, member, choice, ${order}::bigint, ${at}::timestamptz, 'member', newcomer FROM listed
          ON CONFLICT (ballot, member) DO UPDATE SET choice = excluded.choice, ord = excluded.ord, at = excluded.at WHERE vote.ord <= excluded.ord`,
      );
    },

    async setTotals(ballot, totals, order) {
      await database.write(
        (client) => client.$executeRaw`
          UPDATE poll_post SET totals = ${[...totals]}::int[], state = 'ended', last_order = ${order}::bigint
           WHERE ballot = ${ballot} AND state IN ('open', 'ended') AND last_order IS NULL`,
      );
    },

    async choices(poll) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT DISTINCT ON (COALESCE(person.person, v.member)) v.member, p.community, v.choice, ${newcomer} AS newcomer
            FROM poll_post p JOIN poll ON poll.id = p.poll_id JOIN vote v ON v.ballot = p.ballot LEFT JOIN person ON person.member = v.member
           WHERE p.poll_id = ${poll} AND v.choice IS NOT NULL AND v.standing NOT IN ('erased', 'outside')
           ORDER BY COALESCE(person.person, v.member), p.place, v.member`,
      );
      return choiceRows.parse(rows);
    },
  };
}
