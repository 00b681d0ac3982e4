/** A PostgreSQL server named by DATABASE_URL. */
import { setTimeout as sleep } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { SqlSession } from "../schedule/types.ts";
import type { Engine } from "./database.ts";
import { codesOf, translate, wasUndone } from "./failures.ts";
import { PrismaClient } from "./generated/client.ts";
import { listenOn } from "./listener.ts";
import { migrate, outstanding, type Session, underMigrationLock } from "./migrate.ts";

const connectTimeoutMs = 5_000;
// pg waits for ever by default; a server that vanished without a word must not hold every answer. Shorter than a command's deadline (10 s).
const queryTimeoutMs = 8_000;
const connections = 10;
/** Work that was undone because of other work is asked for so often, after pauses of random length that may double, so that the others get done. */
const [mostTries, firstPauseMs] = [6, 50];

const malformed = "DATABASE_URL is not an address of a PostgreSQL database: postgresql://user:password@host:5432/database is the form.";

const versions = z.tuple([z.object({ version: z.string() })]);

/**
 * Connects, and brings the database to this program's schema.
 * @throws OperatorError where the address is malformed, the server cannot be reached or refuses; never with a user, password or database name in it
 */
export async function openPostgresql(options: { databaseUrl: string; log: Logger }): Promise<Engine> {
  const { log } = options;
  const { config, handlers, place } = settingsFor(options);
  const version = await inSession(new PrismaPg({ ...config, max: 1 }, handlers), place, async (session) => {
    await underMigrationLock(session, () => migrate(session));
    return serverVersion(session);
  });
  const adapter = await new PrismaPg({ ...config, query_timeout: queryTimeoutMs }, handlers).connect();
  const { provider, adapterName } = adapter;
  const client = new PrismaClient({ adapter: { provider, adapterName, connect: () => Promise.resolve(adapter) }, errorFormat: "minimal" });
  const pool = adapter.underlyingDriver();
  // A process that has a thousand updates to answer would lose its leases behind them, and another one would answer them too.
  const leaseAdapter = await new PrismaPg({ ...config, max: 1, query_timeout: queryTimeoutMs }, handlers).connect();
  const leasePool = leaseAdapter.underlyingDriver();
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (tries === mostTries || !wasUndone(error)) throw translate(error, log);
        await sleep(Math.random() * firstPauseMs * 2 ** tries);
      }
    }
  };
  const run = <T>(work: (client: PrismaClient) => Promise<T>): Promise<T> => attempt(() => work(client));
  return {
    kind: "postgresql",
    version,
    read: run,
    write: run,
    noteErased: () => Promise.resolve(),
    session: { executeSql: (text, values) => attempt(() => statement(pool, text, values)) },
    leaseSession: { executeSql: (text, values) => attempt(() => statement(leasePool, text, values)) },
    transaction: (work) => attempt(() => inTransaction(pool, handlers.onConnectionError, work)),
    listen: (channel, heard) => listenOn(() => new PrismaPg({ ...config, max: 1 }, handlers).connect(), channel, heard),
    backup: () => Promise.resolve(null),
    backups: () => null,
    // Over a million opinions it takes longer than a query may.
    recount: () =>
      attempt(() =>
        inSession(new PrismaPg({ ...config, max: 1 }, handlers), place, async (own) => void (await own.exec("SELECT opinion_rebuild()"))),
      ),
    close: async () => {
      await leaseAdapter.dispose();
      await client.$disconnect();
      // A client that was never asked has not taken the adapter, and leaves its connections open for ten seconds.
      if (!pool.ending) await adapter.dispose();
    },
  };
}

/**
 * Connects and reads the server's version and which migrations the next start would apply; changes nothing.
 * @throws OperatorError as `openPostgresql` does
 */
export async function inspectPostgresql(options: {
  databaseUrl: string;
  log: Logger;
}): Promise<{ readonly version: string; readonly outstanding: number }> {
  const { config, handlers, place } = settingsFor(options);
  return inSession(new PrismaPg({ ...config, max: 1 }, handlers), place, async (session) => {
    await session.exec("SET default_transaction_read_only = on");
    return { version: await serverVersion(session), outstanding: (await outstanding(session)).length };
  });
}

function settingsFor({ databaseUrl, log }: { databaseUrl: string; log: Logger }) {
  const { url, place } = readAddress(databaseUrl);
  const onError = (error: Error) => log.warn({ codes: codesOf(error) }, "a connection to the database was lost");
  const config = {
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: "depinion",
  };
  // Without a listener for these two, a restart of the server would end this process.
  return { config, place, handlers: { onPoolError: onError, onConnectionError: onError } };
}

async function serverVersion(session: Session): Promise<string> {
  const { rows } = await session.query("SELECT current_setting('server_version') AS version", []);
  const [{ version }] = versions.parse(rows);
  return `PostgreSQL ${version.split(" ", 1)[0]}`;
}

/** A pool, or one connection of it. */
type Pool = ReturnType<Awaited<ReturnType<PrismaPg["connect"]>>["underlyingDriver"]>;

/** The rows of a statement; of a script, those of all its statements. */
async function statement(on: Pick<Pool, "query">, text: string, values?: unknown[]): ReturnType<SqlSession["executeSql"]> {
  const answer = await on.query(text, values);
  // A script is answered with a list, which the types of `pg` do not say.
  return { rows: [answer].flat().flatMap(({ rows }) => rows) };
}

async function inTransaction<T>(pool: Pool, onError: (error: Error) => void, work: (session: SqlSession) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  connection.on("error", onError); // The pool listens to idle connections only.
  let broken = true;
  try {
    await connection.query("BEGIN");
    try {
      const result = await work({ executeSql: (text, values) => statement(connection, text, values) });
      await connection.query("COMMIT");
      broken = false;
      return result;
    } catch (error) {
      await connection.query("ROLLBACK");
      broken = false;
      throw error;
    }
  } finally {
    // One that did not even roll back is thrown away, so that nobody gets it in the middle of a transaction.
    connection.off("error", onError);
    connection.release(broken);
  }
}

/** The address with the session in UTC, and where it leads for messages. */
function readAddress(databaseUrl: string): { url: string; place: string } {
  let url: URL;
  try {
    url = new URL(databaseUrl);
  } catch {
    throw new OperatorError(malformed);
  }
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") throw new OperatorError(malformed);
  // Prisma's adapter writes and reads times without their zone (@prisma/adapter-pg 7.10, formatDateTime): right only where the session is UTC.
  const given = url.searchParams.get("options");
  url.searchParams.set("options", `${given === null ? "" : `${given} `}-c TimeZone=UTC`);
  const host = url.searchParams.get("host") ?? url.hostname;
  return { url: url.href, place: `${host === "" ? "localhost" : host}:${url.port === "" ? "5432" : url.port}` };
}

/** Works over a connection of its own, which nobody else uses meanwhile. */
async function inSession<T>(factory: PrismaPg, place: string, work: (session: Session) => Promise<T>): Promise<T> {
  const adapter = await factory.connect();
  try {
    const client = await adapter.underlyingDriver().connect();
    try {
      return await work({ exec: (script) => client.query(script), query: (sql, values) => client.query(sql, [...values]) });
    } finally {
      client.release();
    }
  } catch (error) {
    throw error instanceof OperatorError ? error : refused(error, place);
  } finally {
    await adapter.dispose();
  }
}

// SQLSTATE class 28 and 3D: https://www.postgresql.org/docs/current/errcodes-appendix.html
function refused(error: unknown, place: string): OperatorError {
  const codes = codesOf(error);
  if (codes.some((code) => code.startsWith("28")))
    return new OperatorError(`The PostgreSQL server at ${place} refuses the user or the password in DATABASE_URL.`);
  if (codes.includes("3D000")) return new OperatorError(`The PostgreSQL server at ${place} has no database of the name in DATABASE_URL.`);
  if (codes.includes("42501"))
    return new OperatorError(`The user in DATABASE_URL may not create tables on ${place}. Grant CREATE on the schema "public".`);
  if (codes.includes("55P03"))
    return new OperatorError(`Another process has been migrating the database at ${place} for too long. Try again.`);
  const why = codes.length > 0 ? codes.join(", ") : "no answer";
  return new OperatorError(`The PostgreSQL server at ${place} cannot be used (${why}). Check DATABASE_URL and whether the server runs.`);
}
