/** The store contract on memory, on the embedded database and on a real PostgreSQL. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeContract } from "../contracts/stores.ts";
import { openEmbedded, openPostgres, postgresUrl } from "../support/database.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

storeContract("memory", async () => createMemoryStores());

storeContract("PGlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "depinion-storage-"));
  const storage = await openEmbedded(folder);
  const close = async () => {
    await storage.close();
    await rm(folder, { recursive: true });
  };
  return { ...storage, close };
});

storeContract("PostgreSQL", async () => openPostgres(await postgresUrl()));
