/** What the stores stand on: one Prisma client over whichever database is open, and the parts that both kinds share. */
import type { SqlSession } from "../schedule/types.ts";
import type { Erasure } from "./erasures.ts";
import type { PrismaClient } from "./generated/client.ts";

/**
 * The way to the rows. A piece of work is one statement, so that it needs no transaction: on PGlite Prisma's `$transaction` reports
 * success although COMMIT failed (pglite-prisma-adapter 0.7.2 drops the error), and it would hold the only connection.
 */
export interface Database {
  /** @throws UserError or UpstreamError where the database cannot answer now */
  read<T>(work: (client: PrismaClient) => Promise<T>): Promise<T>;
  /** Durable when it resolves. @throws UserError or UpstreamError where the database cannot take it now */
  write<T>(work: (client: PrismaClient) => Promise<T>): Promise<T>;
  /**
   * Notes what has just been erased, so that a backup that is put back forgets it too. Does nothing on PostgreSQL, whose backups are the
   * operator's. @throws UserError where the disk is full
   */
  noteErased(erasures: readonly Erasure[]): Promise<void>;
}

/** For the one piece of work that is more than a statement: rows together with their jobs. */
export interface Transactions {
  /**
   * Runs `work` in one transaction of the database itself, and never of Prisma: durable as a whole when it resolves, undone when it rejects.
   * @throws UserError or UpstreamError where the database cannot take it now
   */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
}

/** An open database of either kind. */
export interface Engine extends Database, Transactions {
  /** For the queue's own statements, each for itself. */
  readonly session: SqlSession;
  /** For leases: where there are several connections, one that nobody who is busy makes wait. */
  readonly leaseSession: SqlSession;
  readonly kind: "pglite" | "postgresql";
  /** For people: "PostgreSQL 18.4", "PGlite 0.5.16 (PostgreSQL 18.6)". */
  readonly version: string;
  /**
   * Hears what other processes notify on a channel, as long as the connection stands; null where there are no others.
   * @returns what ends it
   */
  readonly listen: ((channel: string, heard: (payload: string) => void) => () => void) | null;
  /** See `Storage.backup`. */
  backup(now: Date): Promise<string | null>;
  /** See `Storage.recount`. */
  recount(): Promise<void>;
  /** See `Storage.backups`. */
  backups(): readonly string[] | null;
  close(): Promise<void>;
}
