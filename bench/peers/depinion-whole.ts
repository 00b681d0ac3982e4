/** The whole program with its embedded database and all commands, which sends a digest when it is told to. */
import { buildApp } from "../../src/app/build.ts";
import { readConfig } from "../../src/config/env.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { sendDigests } from "./depinion-send.ts";
import { serveFanouts } from "./fanout.ts";

const config = readConfig(process.env);
const app = await buildApp({
  config,
  log: createLogger({ level: "error", secrets: config.secrets, out: process.stderr }),
  now: () => new Date(),
  onFatal: (_, error) => {
    throw error;
  },
});
const [platform] = app.platforms;
if (platform === undefined) throw new Error("no platform is switched on");
await platform.publish(app.dispatch.catalogue);
await platform.start(app.dispatch);
process.once("SIGTERM", () => void app.storage.close().then(() => process.exit(0)));
serveFanouts((rooms) => sendDigests(platform, rooms));
