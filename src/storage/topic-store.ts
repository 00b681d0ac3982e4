/** Changes of topics in the database: none is ever overwritten, so that an old opinion stays with the wording it answers. */
import { z } from "zod";
import { memberId, topicId } from "../core/ids.ts";
import { everywhere, type TopicChange, type TopicStore, topicChanges } from "../topics/types.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import { communityText } from "./rows.ts";

const slug = z.string().transform(topicId);
const placeText = z.union([z.literal(everywhere), communityText]);
const placeRows = z.array(z.object({ community: placeText }));
const changeRow = z
  .object({
    community: placeText,
    kind: z.enum(topicChanges),
    topic: slug,
    version: z.int(),
    title: z.string(),
    proposition: z.string(),
    agree: z.string(),
    disagree: z.string(),
    question: z.string(),
    metric: z.string().nullable(),
    other: slug.nullable(),
    at: z.date(),
    member: z.string().transform(memberId).nullable(),
  })
  .transform(({ community, kind, topic: id, version, title, proposition, agree, disagree, question, metric, ...row }): TopicChange => {
    const topic = { id, version, title, proposition, sides: { agree, disagree }, question, ...(metric === null ? {} : { metric }) };
    return { community, kind, topic, ...row };
  });

const rowOf = ({ community, kind, topic, other, at, member }: TopicChange) => ({
  community,
  kind,
  topic: topic.id,
  version: topic.version,
  title: topic.title,
  proposition: topic.proposition,
  agree: topic.sides.agree,
  disagree: topic.sides.disagree,
  question: topic.question,
  metric: topic.metric ?? null,
  other,
  at,
  member,
});

export function createTopicStore(database: Database): TopicStore {
  return {
    async changes(community) {
      const rows = await database.read((client) =>
        client.topicChange.findMany({
          where: { community: { in: [everywhere, community] } },
          orderBy: { seq: "asc" },
          omit: { seq: true },
        }),
      );
      return z.array(changeRow).parse(rows);
    },

    async places() {
      const rows = await database.read((client) => client.topicChange.findMany({ distinct: ["community"], select: { community: true } }));
      return placeRows.parse(rows).map(({ community }) => community);
    },

    async add(change) {
      await database.write((client) => client.topicChange.createMany({ data: rowOf(change) }));
    },

    async merge(changes, moves) {
      const community = changes[0]?.community;
      if (community === undefined) throw new TypeError("a merge that changes nothing");
      const rows = changes.map(rowOf);
      const column = <K extends keyof (typeof rows)[number]>(name: K) => rows.map((row) => row[name]);
      // A merge everywhere moves what every community has on these wordings.
      const here = (table: string) =>
        community === everywhere ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(table)}.community = ${community}`;
      await database.write(
        (client) => client.$executeRaw`
          WITH move AS (
                 SELECT * FROM unnest(${moves.map((m) => m.from.topic)}::text[], ${moves.map((m) => m.from.version)}::int[],
                                      ${moves.map((m) => m.to.topic)}::text[], ${moves.map((m) => m.to.version)}::int[])
                   AS one(old_topic, old_version, new_topic, new_version)),
               opinions AS (
                 UPDATE opinion SET topic = new_topic, version = new_version FROM move
                  WHERE opinion.topic = old_topic AND opinion.version = old_version AND ${here("opinion")}),
               target AS (SELECT DISTINCT old_topic, new_topic FROM move),
               same AS (
                 DELETE FROM statement USING target WHERE statement.topic = old_topic AND ${here("statement")} AND EXISTS (
                   SELECT FROM statement t WHERE (t.community, t.topic, t.text) = (statement.community, new_topic, statement.text))),
               claims AS (
                 UPDATE statement SET topic = new_topic FROM target
                  WHERE statement.topic = old_topic AND ${here("statement")} AND NOT EXISTS (
                   SELECT FROM statement t WHERE (t.community, t.topic, t.text) = (statement.community, new_topic, statement.text)))
          INSERT INTO topic_change (community, kind, topic, version, title, proposition, agree, disagree, question, metric, other, at, member)
          SELECT * FROM unnest(${column("community")}::text[], ${column("kind")}::text[], ${column("topic")}::text[], ${column("version")}::int[],
                               ${column("title")}::text[], ${column("proposition")}::text[], ${column("agree")}::text[], ${column("disagree")}::text[],
                               ${column("question")}::text[], ${column("metric")}::text[], ${column("other")}::text[], ${column("at")}::timestamptz[],
                               ${column("member")}::text[])`,
      );
    },
  };
}
