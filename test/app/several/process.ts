/** The program with short leases, to be killed and stopped by tests. */
import { run } from "../../../src/app/run.ts";
import { readConfig } from "../../../src/config/env.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { identifyEveryMs, leaseMs } from "./lives.ts";

const config = readConfig(process.env);
const log = createLogger({ level: config.logLevel ?? "info", secrets: config.secrets, out: process.stderr });
process.exitCode = await run({ config, log, task: { kind: "serve", demo: false }, now: () => new Date(), leaseMs, identifyEveryMs });
