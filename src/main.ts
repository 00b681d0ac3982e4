/** Entry: reads arguments and environment, does the task, and turns the outcome into an exit code. */

import { readArguments, usage } from "./app/arguments.ts";
import { programVersion } from "./app/build.ts";
import { allWell, check, drawCheck } from "./app/check.ts";
import { priceSources } from "./app/price-sources.ts";
import { run } from "./app/run.ts";
import { createComputeSources } from "./compute/sources.ts";
import { readConfig } from "./config/env.ts";
import { DefinitionError, OperatorError } from "./core/errors.ts";
import { createHttp } from "./lib/http.ts";
import { createLogger } from "./lib/logger.ts";
import { watchList } from "./market/assets.ts";
import { createNetworks } from "./market/networks.ts";
import { inspectStorage } from "./storage/inspect.ts";

/** EX_CONFIG of sysexits.h: the operator must change something before a restart can help. */
const exitConfig = 78;

async function main(): Promise<number> {
  const task = readArguments(process.argv.slice(2));
  if (task.kind === "help" || task.kind === "version") {
    process.stdout.write(`${task.kind === "help" ? usage : await programVersion()}\n`);
    return 0;
  }
  const config = readConfig(process.env);
  const served = config.discord !== null || config.telegram !== null;
  const level = config.logLevel ?? (served && task.kind === "serve" ? "info" : "error");
  const log = createLogger({ level, secrets: config.secrets, out: process.stderr });
  const now = () => new Date();
  switch (task.kind) {
    case "check": {
      const http = createHttp();
      const database = () => inspectStorage({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
      const sources = priceSources(config, http, log, now);
      const networks = createNetworks({ urls: config.sourceUrls, http, log, now });
      const prices = createComputeSources({ urls: config.sourceUrls, http, log, now });
      const rows = await check({ config, http, sources, networks, prices, assets: watchList, database, now });
      process.stdout.write(`${drawCheck(rows)}\n`);
      return allWell(rows) ? 0 : 1;
    }
    case "backup":
    case "restore": {
      const { backUp, putBack } = await import("./app/backups.ts");
      const place = { databaseUrl: config.databaseUrl, dataDir: config.dataDir, log, now };
      process.stdout.write(`${await (task.kind === "backup" ? backUp(task.file, place) : putBack(task.file, task.replace, place))}\n`);
      return 0;
    }
    case "recount": {
      const { openStorage } = await import("./storage/open.ts");
      const storage = await openStorage({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log, now });
      await storage.recount();
      await storage.close();
      process.stdout.write("All opinions are counted anew.\n");
      return 0;
    }
    default:
      return run({ config, log, task, now });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof OperatorError || error instanceof DefinitionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exitConfig;
}
