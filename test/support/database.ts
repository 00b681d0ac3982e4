/** Databases for tests: a fresh folder for the embedded one, a fresh database on the run's shared PostgreSQL. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { inject, onTestFinished } from "vitest";
import { openStorage, type Storage } from "../../src/storage/open.ts";
import { ask } from "./postgres-desk.ts";

export const silent = pino({ level: "silent" });
export const now = (): Date => new Date("2026-11-22T12:00:00Z");

/** A folder that is gone after the test. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "depinion-storage-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Address of a new, empty database on a real PostgreSQL. */
export const postgresUrl = (): Promise<string> => ask(inject("postgres"), "database");

export const openEmbedded = (dataDir: string): Promise<Storage> =>
  openStorage({ databaseUrl: undefined, dataDir, log: silent, now: () => new Date() });

export const openPostgres = (databaseUrl: string): Promise<Storage> =>
  openStorage({ databaseUrl, dataDir: "/nonexistent", log: silent, now: () => new Date() });
