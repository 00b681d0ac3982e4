/** The embedded database: PGlite in `<DATA_DIR>/db`, reopened by itself after PostgreSQL inside it had to give up. */
import { statfsSync } from "node:fs";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { SqlSession } from "../schedule/types.ts";
import { backupDays, writeBackup } from "./backup.ts";
import { databaseFolder, prepareFolder } from "./data-folder.ts";
import type { Engine } from "./database.ts";
import { noteErasures } from "./erasures.ts";
import { codesOf, DiskFull, EngineStopped, translate } from "./failures.ts";
import { PrismaClient } from "./generated/client.ts";
import { takeLock } from "./lock.ts";
import { migrate, pgliteSession } from "./migrate.ts";
import { openFolder } from "./open-folder.ts";
import type { GuardedPGlite } from "./pglite.ts";
import { poolOf, sessionOf } from "./pglite-session.ts";

// PostgreSQL stops when it cannot write its log. Writes are refused a little earlier, so that it seldom has to.
const reservedBytes = 16 * 2 ** 20;
// PGlite never checkpoints by itself. A checkpoint takes about 15 ms; this many writes leave some 10 MB of log to replay after a crash.
const writesPerCheckpoint = 1_000;
// Reopening takes 0.2 s of the main thread; while it fails, nobody should pay that for every message.
const reopenPauseMs = 5_000;

type PrismaAdapter = Awaited<ReturnType<PrismaPGlite["connect"]>>;

interface Opened {
  readonly pglite: GuardedPGlite;
  readonly adapter: PrismaAdapter;
}

const versions = z.tuple([z.object({ version: z.string() })]);

/**
 * Opens the database of a data folder, making it on the first start.
 * @throws OperatorError where the folder is in use, cannot be written to, has no room, or holds something that cannot be opened
 */
export async function openEmbedded(options: { dataDir: string; log: Logger; now: () => Date }): Promise<Engine> {
  const { dataDir, log, now } = options;
  prepareFolder(dataDir);
  const lock = takeLock(dataDir);
  try {
    const folder = await databaseFolder(dataDir, log);
    const opened = await open(folder);
    // The folder is ours alone, so whoever holds a lease in it is gone.
    await opened.pglite.exec("DELETE FROM lease");
    const engine = new Embedded(folder, opened, { log, now });
    const session: SqlSession = { executeSql: (text, values) => engine.native((pglite) => poolOf(pglite).executeSql(text, values)) };
    return {
      kind: "pglite",
      version: await engine.version(),
      read: (work) => engine.run(work),
      write: (work) => engine.write(work),
      async noteErased(erasures) {
        try {
          noteErasures(dataDir, erasures, now());
        } catch (error) {
          throw translate(error, log);
        }
      },
      session,
      leaseSession: session,
      transaction: (work) => engine.native((pglite) => pglite.transaction((tx) => work(sessionOf(tx)))),
      // The folder is locked: nobody else writes.
      listen: null,
      backup: (at) => engine.backup(dataDir, at),
      backups: () => backupDays(dataDir),
      recount: () => engine.native(async (pglite) => void (await pglite.exec("SELECT opinion_rebuild()"))),
      async close() {
        await engine.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function open(folder: string): Promise<Opened> {
  const pglite = await openFolder(folder);
  try {
    await migrate(pgliteSession(pglite));
  } catch (error) {
    await pglite.close();
    throw error;
  }
  return { pglite, adapter: await new PrismaPGlite(pglite).connect() };
}

class Embedded {
  readonly #folder: string;
  readonly #client: PrismaClient;
  readonly #log: Logger;
  readonly #now: () => Date;
  #opened: Opened;
  #reopening: Promise<Opened> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #writes = 0;
  readonly #closing = new AbortController();
  #backup: Promise<string | null> | undefined;

  constructor(folder: string, opened: Opened, options: { log: Logger; now: () => Date }) {
    this.#folder = folder;
    this.#opened = opened;
    this.#log = options.log;
    this.#now = options.now;
    const live = () => this.#live();
    const adapter: PrismaAdapter = {
      provider: opened.adapter.provider,
      adapterName: opened.adapter.adapterName,
      queryRaw: async (query) => (await live()).adapter.queryRaw(query),
      executeRaw: async (query) => (await live()).adapter.executeRaw(query),
      executeScript: async (script) => (await live()).adapter.executeScript(script),
      startTransaction: () => Promise.reject(new TypeError("no transactions over Prisma on PGlite: see Database")),
      dispose: () => Promise.resolve(),
    };
    const { provider, adapterName } = adapter;
    this.#client = new PrismaClient({
      adapter: { provider, adapterName, connect: () => Promise.resolve(adapter) },
      errorFormat: "minimal",
    });
  }

  async version(): Promise<string> {
    const { rows } = await this.#opened.pglite.query("SELECT version()");
    const [{ version }] = versions.parse(rows);
    const match = /^(PostgreSQL \S+) \((PGlite \S+)\)/.exec(version);
    return match === null ? version : `${match[2]} (${match[1]})`;
  }

  async run<T>(work: (client: PrismaClient) => Promise<T>): Promise<T> {
    try {
      return await work(this.#client);
    } catch (error) {
      throw translate(this.#opened.pglite.stopped ? this.#whyStopped() : error, this.#log);
    }
  }

  write<T>(work: (client: PrismaClient) => Promise<T>): Promise<T> {
    return this.#writing(() => this.run(work));
  }

  /** Work on PGlite itself. */
  native<T>(work: (pglite: GuardedPGlite) => Promise<T>): Promise<T> {
    return this.#writing(() => this.run(async () => work((await this.#live()).pglite)));
  }

  async #writing<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#hasRoom()) throw translate(new DiskFull(), this.#log);
    const result = await work();
    if (++this.#writes % writesPerCheckpoint === 0) await this.#checkpoint();
    return result;
  }

  /** What was written is durable already; a failure here concerns the next start only. */
  async #checkpoint(): Promise<void> {
    try {
      // PGlite has no autovacuum either, and what is handled leaves dead rows here all the time.
      await this.#opened.pglite.exec("VACUUM inbound, handled, pushed");
      await this.#opened.pglite.exec("CHECKPOINT");
    } catch (error) {
      translate(error, this.#log);
    }
  }

  async backup(dataDir: string, now: Date): Promise<string | null> {
    const { pglite } = await this.#live();
    const options = { dataDir, pglite, now, clock: this.#now, log: this.#log, signal: this.#closing.signal };
    this.#backup ??= writeBackup(options).finally(() => {
      this.#backup = undefined;
    });
    return this.#backup;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#backup?.catch(() => {});
    await this.#client.$disconnect();
    await this.#reopening?.catch(() => {});
    if (!this.#opened.pglite.stopped) await this.#opened.pglite.close();
  }

  #whyStopped(): Error {
    return this.#hasRoom() ? new EngineStopped() : new DiskFull();
  }

  #hasRoom(): boolean {
    try {
      const { bavail, bsize } = statfsSync(this.#folder);
      return bavail * bsize > reservedBytes;
    } catch {
      return true; // The folder itself is in trouble; the statement will say so.
    }
  }

  #live(): Promise<Opened> {
    if (!this.#opened.pglite.stopped) return Promise.resolve(this.#opened);
    this.#reopening ??= this.#reopen().finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  async #reopen(): Promise<Opened> {
    if (!this.#hasRoom()) throw new DiskFull();
    if (this.#now().getTime() - this.#failedAt < reopenPauseMs) throw new EngineStopped();
    this.#log.warn({ complaint: this.#opened.pglite.complaint }, "the embedded database had stopped and is opened again");
    try {
      this.#opened = await open(this.#folder);
      return this.#opened;
    } catch (error) {
      this.#failedAt = this.#now().getTime();
      this.#log.error(
        { reason: error instanceof OperatorError ? error.message : codesOf(error) },
        "the embedded database cannot be opened",
      );
      throw new EngineStopped();
    }
  }
}
