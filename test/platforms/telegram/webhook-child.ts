/** A process that handles what another one takes, until it is killed. It writes into a ledger what it was asked, each update once. */
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { z } from "zod";
import { defineCommand } from "../../../src/core/command.ts";
import { pseudonymiser } from "../../../src/core/pseudonym.ts";
import { reply, text } from "../../../src/core/reply.ts";
import { textsIn } from "../../../src/core/texts.ts";
import { createTelegram } from "../../../src/platforms/telegram/index.ts";
import { openStorage } from "../../../src/storage/open.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";

const [databaseUrl = "", apiRoot = "", token = "", name = ""] = process.argv.slice(2);
const log = pino({ level: "error" }, pino.destination(2));
const now = () => new Date();
const storage = await openStorage({ databaseUrl, dataDir: "/nonexistent", log, now });

const telegram = createTelegram({
  token,
  apiRoot,
  rooms: createMemoryStores().rooms,
  inbox: storage.inbox,
  webhook: { url: "https://bot.example.org", pushed: storage.pushed, takes: false, handles: true },
  sharing: { leases: storage.leases, ttlMs: 900 },
  pseudonymise: pseudonymiser(["a key for tests"]),
  log,
  now,
  onFatal: (error) => log.fatal(error.message),
  timing: { drain: 5_000 },
});
const { info: echo } = defineCommand<undefined, z.ZodObject>({
  name: "echo",
  summary: "Is heard",
  args: z.object({ words: z.string().max(100).describe("Anything") }),
  examples: ["/echo hello"],
  access: "everyone",
  visibility: "public",
  run: () => reply(text("Never run.")),
});
await telegram.publish([echo]);
await telegram.start({
  async answer({ input, room, key }) {
    await sleep(Math.random() * 10);
    const said = input.kind === "text" ? input.line : "";
    await storage.session.executeSql("INSERT INTO ledger (key, room, said, by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", [
      key,
      room.id,
      said,
      name,
    ]);
    await sleep(Math.random() * 10);
    return { blocks: [text(`heard ${said}`)], private: false };
  },
  suggest: async () => [],
  texts: async () => textsIn("en"),
});
process.stdout.write("serving\n");
process.once("SIGTERM", async () => {
  await telegram.stop();
  await storage.close();
});
