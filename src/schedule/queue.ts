/** The queue of deliveries: pg-boss in this program's own database. The ledger says what is owed; the queue only says whose turn it is. */
import type { PgBoss } from "pg-boss";
import { z } from "zod";
import { type DeliveryId, deliveryId, type PlatformName } from "../core/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { AddJobs, SqlSession } from "./types.ts";

export interface Queue {
  /** Resolves when `add` can be called; nothing is set up before the first call. Must come before the transaction, which it is no part of. */
  ready(): Promise<void>;
  readonly add: AddJobs;
  /** Takes at most so many jobs whose time has come, the oldest first. */
  fetch(platform: PlatformName, most: number): Promise<readonly DeliveryId[]>;
  /** They are done with, whatever became of them: the ledger knows. */
  drop(platform: PlatformName, ids: readonly DeliveryId[]): Promise<void>;
  /** Gives one back, not to be taken for so many milliseconds by the database's clock. */
  requeue(platform: PlatformName, id: DeliveryId, waitMs: number): Promise<void>;
  /**
   * Takes stock: everything that was taken and not dropped is given back, and each of `owed` has a job, whatever happened to the queue.
   * Only for whoever holds the platform's lease, and has nothing under way.
   */
  takeStock(platform: PlatformName, owed: readonly DeliveryId[]): Promise<void>;
  stop(): Promise<void>;
}

export interface QueueOptions {
  readonly database: {
    readonly session: SqlSession;
    transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  };
  readonly backend: "pglite" | "postgresql";
  readonly log: Logger;
}

const queued = ["discord", "telegram"] as const satisfies readonly PlatformName[];
const nameOf = (platform: PlatformName): string => `deliver-${platform}`;

const day = 86_400;
/** Nothing expires by itself: whoever takes the lease gives back what a dead process had, at once. A day is pg-boss's own limit. */
const policy = { expireInSeconds: day, retryLimit: 1_000_000 };
/** One statement on PGlite holds up everyone else while it runs. */
const jobsPerStatement = 250;

/** What was begun goes before what was not: a key of Discord's lives two minutes, a queue may take longer. */
const priority = 1;

const taken = z.array(z.object({ id: z.string().transform(deliveryId) })).transform((rows) => rows.map(({ id }) => id));

export function createQueue({ database, backend, log }: QueueOptions): Queue {
  const { session } = database;
  let starting: Promise<PgBoss> | null = null;

  /** Sets pg-boss up at the first call, and again at the next one where that failed. */
  function started(): Promise<PgBoss> {
    // Of two processes that make pg-boss's tables at the same moment one is told that they exist, and finds them at a second try.
    starting ??= start()
      .catch(start)
      .catch((error: unknown) => {
        starting = null;
        throw error;
      });
    return starting;
  }

  async function start(): Promise<PgBoss> {
    // Loaded where something is to be delivered: a console needs neither its 13 MB nor its tables.
    const { PgBoss } = await import("pg-boss");
    const boss = new PgBoss({
      db: session,
      backend: backend === "pglite" ? "pglite" : "postgres",
      schedule: false,
      supervise: true,
      superviseIntervalSeconds: 600,
      monitorIntervalSeconds: 600,
      // No job depends on another one, and no index is big enough to rebuild.
      flowIntervalSeconds: day,
      bamIntervalSeconds: 3_600,
      reindex: false,
      monitorVacuum: false,
    });
    boss.on("error", ({ message }) => log.error({ reason: message }, "the delivery queue's upkeep failed"));
    boss.on("warning", ({ message }) => log.warn({ reason: message }, "the delivery queue"));
    try {
      await boss.start();
      for (const platform of queued) {
        await boss.createQueue(nameOf(platform), policy);
        // Looked up now, because a lookup within a transaction of PGlite would wait for that transaction to end.
        await boss.findJobs(nameOf(platform), { id: "00000000-0000-0000-0000-000000000000" });
      }
      return boss;
    } catch (error) {
      await boss.stop({ close: false, graceful: false });
      throw error;
    }
  }

  const insert: AddJobs = async (db, jobs) => {
    const boss = await started();
    for (const [platform, list] of Map.groupBy(jobs, (job) => job.platform)) {
      const ids = list.map(({ id }) => ({ id }));
      for (let from = 0; from < ids.length; from += jobsPerStatement)
        await boss.insert(nameOf(platform), ids.slice(from, from + jobsPerStatement), { db });
    }
  };

  return {
    ready: async () => void (await started()),

    add: insert,

    async fetch(platform, most) {
      const boss = await started();
      return taken.parse(await boss.fetch(nameOf(platform), { batchSize: most }));
    },

    async drop(platform, ids) {
      const boss = await started();
      await boss.deleteJob(nameOf(platform), [...ids]);
    },

    async requeue(platform, id, waitMs) {
      const boss = await started();
      await database.transaction(async (db) => {
        await boss.deleteJob(nameOf(platform), id, { db });
        await boss.insert(nameOf(platform), [{ id, startAfter: `${Math.ceil(waitMs)} milliseconds`, priority }], { db });
      });
    },

    async takeStock(platform, owed) {
      const boss = await started();
      const { rows } = await session.executeSql("SELECT id FROM pgboss.job WHERE name = $1 AND state = 'active'", [nameOf(platform)]);
      const ids = taken.parse(rows);
      if (ids.length > 0) await boss.fail(nameOf(platform), [...ids]);
      await insert(
        session,
        owed.map((id) => ({ id, platform })),
      );
    },

    async stop() {
      const boss = await starting?.catch(() => null);
      await boss?.stop({ close: false, graceful: false });
    },
  };
}
