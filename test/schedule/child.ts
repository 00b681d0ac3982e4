/** A process that delivers, to be killed: `node child.ts <settings as JSON>`. Says how many deliveries are open, twenty times a second. */
import { writeSync } from "node:fs";
import { pino } from "pino";
import { z } from "zod";
import { createDelivery } from "../../src/app/delivery.ts";
import { openStorage } from "../../src/storage/open.ts";
import { dueAt, platformsOn, shortContent, startPlatforms } from "./loopback.ts";

export const childSettings = z.object({
  dataDir: z.string(),
  databaseUrl: z.string().optional(),
  discord: z.object({ token: z.string(), url: z.string() }),
  telegram: z.object({ token: z.string(), apiRoot: z.string() }),
  due: z.iso.datetime(),
  ttlMs: z.int(),
});
export type ChildSettings = z.infer<typeof childSettings>;

async function serve(): Promise<void> {
  const { dataDir, databaseUrl, discord, telegram, due, ttlMs } = childSettings.parse(JSON.parse(process.argv[2] ?? ""));
  const log = pino({ level: "warn", base: null }, { write: (line: string) => void process.stderr.write(line) });
  const now = () => new Date();
  const storage = await openStorage({ databaseUrl, dataDir, log, now });
  const platforms = await startPlatforms(platformsOn(discord, telegram, now));
  const timing = { ttlMs, idleMs: 50, retryMs: 20, troubleMs: 50 };
  const delivery = createDelivery({ storage, platforms, due: dueAt(new Date(due)), content: shortContent, now, log, timing });
  for (const { name } of platforms) delivery.started(name);
  let told = false;
  process.stdin.resume().on("end", () => {
    told = true;
  });
  while (!told) {
    await delivery.beat(now()).catch((error: unknown) => log.error({ err: error }, "a beat failed"));
    const open = await Promise.all(platforms.map(({ name }) => storage.deliveries.unsettled(name)));
    writeSync(1, `open ${open.flat().length}\n`);
    await new Promise((turn) => setTimeout(turn, 50));
  }
  await delivery.stop();
  for (const platform of platforms) await platform.stop();
  await storage.close();
  writeSync(1, "stopped\n");
}

if (process.argv[1] === import.meta.filename) await serve();
