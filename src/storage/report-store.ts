/** Reports of runs in the database. */
import { z } from "zod";
import { isPrivateCommunity, reportId } from "../core/ids.ts";
import type { Entry, LedgerStore } from "../ledger/types.ts";
import type { Database } from "./database.ts";
import { reportRow } from "./rows.ts";

const entryRows = z.array(
  z
    .object({ person: z.string(), quotable: z.boolean() })
    .loose()
    .transform(({ person, quotable, ...row }): Entry => ({ ...reportRow.parse(row), person, quotable })),
);
const idRows = z.array(z.object({ id: z.string().transform(reportId) }));

export function createReportStore(database: Database): LedgerStore {
  return {
    async put({ id, ...data }) {
      const rows = await database.write(async (client) => {
        const { count } = await client.report.createMany({ data: { id, ...data }, skipDuplicates: true });
        return count > 0 ? count : (await client.report.updateMany({ where: { id, member: data.member }, data })).count;
      });
      return rows > 0;
    },

    async find(id) {
      const row = await database.read((client) => client.report.findUnique({ where: { id }, omit: { seq: true } }));
      return row === null ? null : reportRow.parse(row);
    },

    async remove(id, member) {
      const rows = await database.write(
        // A form holds what was typed into it before, so the words stand there too; its first step always has the network.
        (client) => client.$queryRaw`
          WITH gone AS (DELETE FROM report WHERE id = ${id} AND member = ${member} RETURNING id, community),
               forms AS (
                 DELETE FROM button USING gone
                  WHERE button.member = ${member} AND button.community = gone.community AND button.command = 'report'
                    AND (strpos(button.args, gone.id) > 0 OR strpos(button.args, '"network":') > 0))
          SELECT id FROM gone`,
      );
      const removed = idRows.parse(rows).length > 0;
      if (removed) await database.noteErased([{ report: id }]);
      return removed;
    },

    async of(community, limit) {
      const alone = isPrivateCommunity(community);
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT * FROM (
            SELECT r.seq, r.id, r.community, r.member, r.network, r.gpu, r.gpus, r.nodes, r.hours, r.interruptions, r.written, r.lost, r.resumed,
                   r.recovery_hours AS "recoveryHours", r.evidence, r.grade, r.at, COALESCE(person.person, r.member) AS person,
                   ${alone} OR COALESCE(choice.quoting, false) AS quotable
              FROM report r LEFT JOIN person ON person.member = r.member LEFT JOIN choice ON choice.member = r.member
             WHERE r.community = ${community} ORDER BY r.at DESC, r.seq DESC LIMIT ${limit}) AS newest
           ORDER BY at, seq`,
      );
      return entryRows.parse(rows);
    },
  };
}
