/** Claims and the votes on them in the database. */
import { z } from "zod";
import { memberId, opinionId } from "../core/ids.ts";
import type { GroupStore } from "../groups/types.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";

const statementRows = z.array(z.object({ id: z.string(), text: z.string() }));
const unsplitRows = z.array(z.object({ id: z.string().transform(opinionId), member: z.string().transform(memberId), text: z.string() }));
const pageRows = z.tuple([z.object({ votes: z.string().nullable(), last: z.string().nullable() })]);

export function createGroupStore(database: Database): GroupStore {
  return {
    async statements(community, topic) {
      const rows = await database.read((client) =>
        client.statement.findMany({ where: { community, topic }, orderBy: { seq: "asc" }, select: { id: true, text: true } }),
      );
      return statementRows.parse(rows);
    },

    async next(community, topic, member) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT id, text FROM statement
           WHERE community = ${community} AND topic = ${topic}
             AND NOT EXISTS (SELECT FROM statement_vote v WHERE v.statement_id = statement.id AND v.member = ${member})
           ORDER BY (SELECT count(*) FROM statement_vote v WHERE v.statement_id = statement.id), seq LIMIT 1`,
      );
      return statementRows.parse(rows)[0] ?? null;
    },

    async unsplit(community, { topic, version }, limit) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT id, member, text FROM opinion
           WHERE community = ${community} AND topic = ${topic} AND version = ${version} AND quotable AND aside IS NULL AND next_at IS NULL
             AND NOT EXISTS (SELECT FROM statement WHERE statement.opinion = opinion.id)
           ORDER BY at DESC, seq DESC LIMIT ${limit}`,
      );
      return unsplitRows.parse(rows);
    },

    async add(community, topic, statements) {
      if (statements.length === 0) return 0;
      const data = statements.map((one) => ({ ...one, community, topic }));
      const { count } = await database.write((client) => client.statement.createMany({ data, skipDuplicates: true }));
      return count;
    },

    async vote(community, statement, member, vote) {
      const rows = await database.write(
        (client) => client.$executeRaw`
          INSERT INTO statement_vote (statement_id, member, vote)
          SELECT id, ${member}, ${vote}::int FROM statement WHERE id = ${statement} AND community = ${community}
          ON CONFLICT (statement_id, member) DO UPDATE SET vote = excluded.vote`,
      );
      return rows > 0;
    },

    async voters(statements, after, limit) {
      const rows = await database.read((client) => client.$queryRaw(pageQuery(statements, after, limit)));
      const [{ votes, last }] = pageRows.parse(rows);
      return votes === null || last === null ? null : { votes, last };
    },
  };
}

/** One text for all these voters: a row for each would be read on the main thread, one after the other. */
const pageQuery = (statements: readonly string[], after: string, limit: number): Prisma.Sql => Prisma.sql`
  WITH claim AS (SELECT id, place - 1 AS n FROM unnest(${statements}::text[]) WITH ORDINALITY AS one(id, place)),
       who AS (
         SELECT DISTINCT member COLLATE "C" AS member FROM claim JOIN statement_vote ON statement_id = claim.id
          WHERE member COLLATE "C" > ${after} ORDER BY 1 LIMIT ${limit}),
       cast_votes AS (
         SELECT who.member, string_agg(claim.n || ':' || vote, ',' ORDER BY claim.n) AS votes
           FROM who JOIN statement_vote v ON v.member = who.member JOIN claim ON claim.id = v.statement_id GROUP BY who.member)
  SELECT string_agg(votes, ';' ORDER BY member) AS votes, max(member) AS last FROM cast_votes`;
