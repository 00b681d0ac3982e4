/** Runs after `npm install`: generates the database client, and makes the ready database that first starts copy. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { SqlSession } from "../src/schedule/types.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

function generateClient(): void {
  const cli = createRequire(import.meta.url).resolve("prisma/build/index.js");
  const { status, stderr } = spawnSync(process.execPath, [cli, "generate"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    // prisma.config.ts keeps Prisma from downloading its schema engine; these two keep it from asking for updates.
    env: { ...process.env, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  });
  if (status !== 0) throw new Error(`prisma generate ended with ${status}:\n${stderr}`);
}

async function makeTemplate(): Promise<void> {
  const { templateFolder } = await import("../src/storage/data-folder.ts");
  const { migrate, pgliteSession } = await import("../src/storage/migrate.ts");
  const { initFolder } = await import("../src/storage/open-folder.ts");
  const { poolOf, sessionOf } = await import("../src/storage/pglite-session.ts");
  const { createQueue } = await import("../src/schedule/queue.ts");
  const { createLogger } = await import("../src/lib/logger.ts");
  const template = templateFolder();
  const parent = dirname(template);
  if (existsSync(template)) return;
  mkdirSync(parent, { recursive: true });
  for (const outdated of readdirSync(parent)) rmSync(`${parent}/${outdated}`, { recursive: true, force: true });
  const fresh = `${parent}/.${basename(template)}.${process.pid}`;
  const pglite = await initFolder(fresh);
  await migrate(pgliteSession(pglite));
  // With the queue's tables too: pg-boss takes longer over them than everything else that a start does in the database.
  const database = {
    session: poolOf(pglite),
    transaction: <T>(work: (db: SqlSession) => Promise<T>) => pglite.transaction((tx) => work(sessionOf(tx))),
  };
  const queue = createQueue({ database, backend: "pglite", log: createLogger({ level: "warn", secrets: [], out: process.stderr }) });
  await queue.ready();
  await queue.stop();
  await pglite.close();
  renameSync(fresh, template);
}

generateClient();
try {
  await makeTemplate();
} catch (error) {
  // Without it first starts are slower, and that is all.
  process.stderr.write(`No ready-made database: ${error instanceof Error ? error.message : error}\n`);
}
