/** Leases in the database: what only one process may do at a time. */
import type { LeaseStore } from "../schedule/types.ts";
import type { Database } from "./database.ts";

export function createLeaseStore(database: Database): LeaseStore {
  return {
    async take({ name, holder }, ttlMs) {
      const taken = await database.write(
        (client) => client.$executeRaw`
          INSERT INTO lease (name, holder, until) VALUES (${name}, ${holder}, clock_timestamp() + ${ttlMs} * interval '1 millisecond')
          ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
           WHERE lease.holder = excluded.holder OR lease.until <= clock_timestamp()`,
      );
      return taken > 0;
    },

    async release({ name, holder }) {
      await database.write((client) => client.lease.deleteMany({ where: { name, holder } }));
    },
  };
}
