/** What the storage tests run as processes of their own, to be killed: `node child.ts <task> <folder>`. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { pino } from "pino";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { databaseFolder, prepareFolder } from "../../src/storage/data-folder.ts";
import { takeLock } from "../../src/storage/lock.ts";
import { openStorage } from "../../src/storage/open.ts";

const [task, folder = ""] = process.argv.slice(2);
const log = pino({ level: "silent" });
const say = (line: string): void => void writeSync(1, `${line}\n`);
const open = () => openStorage({ databaseUrl: undefined, dataDir: folder, log, now: () => new Date() });

/** Says an id only after the store has acknowledged it. */
async function append(): Promise<never> {
  const { opinions } = await open();
  say("ready");
  const entry = { community: communityId("discord", "1"), topic: topicId("latency"), stance: "agree", stanceBy: "reading" } as const;
  const worker = async (): Promise<never> => {
    for (;;) {
      const id = randomUUID();
      await opinions.add({ ...entry, id: opinionId(id), member: memberId(id), text: `It is fine. ${id}`, at: new Date() });
      say(id);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  throw new Error("never");
}

switch (task) {
  case "lock": // at the word "go", so that several can race
    await once(process.stdin, "data");
    try {
      takeLock(folder);
      say("taken");
    } catch (error) {
      say(String(error));
    }
    await once(process.stdin.resume(), "end");
    break;
  case "start":
    say("begun");
    await (await open()).close();
    say("done");
    break;
  case "start-without-template":
    say("begun");
    prepareFolder(folder);
    takeLock(folder);
    await databaseFolder(folder, log, "/nonexistent");
    say("done");
    break;
  case "append":
    await append();
    break;
  default:
    throw new Error(`unknown task ${task}`);
}
