/** The contract of the stores that only a database has whole, on the embedded one and on a real PostgreSQL. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { Storage } from "../../src/storage/open.ts";
import { communityContract } from "../contracts/stores/communities.ts";
import { forecastContract, forecastStoreContract } from "../contracts/stores/forecasts.ts";
import { groupContract } from "../contracts/stores/groups.ts";
import { pollContract } from "../contracts/stores/polls.ts";
import { reportDatabaseContract } from "../contracts/stores/reports.ts";
import { openEmbedded, openPostgres, postgresUrl } from "../support/database.ts";
import { memoryForecasts } from "../support/memory-forecasts.ts";

const kinds: readonly (readonly [string, () => Promise<Storage & { readonly clean?: () => Promise<void> }>])[] = [
  [
    "PGlite",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "depinion-storage-"));
      return { ...(await openEmbedded(folder)), clean: () => rm(folder, { recursive: true }) };
    },
  ],
  ["PostgreSQL", async () => openPostgres(await postgresUrl())],
];

describe("stores: memory", () => {
  const store = memoryForecasts();
  forecastStoreContract(() => store);
});

for (const [name, open] of kinds)
  describe(`stores: ${name}`, () => {
    let storage: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(async () => {
      await storage.close();
      await storage.clean?.();
    });
    communityContract(() => storage);
    groupContract(() => storage);
    pollContract(() => storage);
    reportDatabaseContract(() => storage);
    forecastContract(() => storage);
  });
