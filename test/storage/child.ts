/** What the storage tests run as processes of their own, to be killed: `node child.ts <task> <folder>`. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { pino } from "pino";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { databaseFolder, prepareFolder } from "../../src/storage/data-folder.ts";
import { takeLock } from "../../src/storage/lock.ts";
import { openStorage } from "../../src/storage/open.ts";
import { openFolder } from "../../src/storage/open-folder.ts";

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

/** Fills the log of the database until PostgreSQL gives up for want of room, and opens it again in the same process when there is some. */
async function fillLog(): Promise<void> {
  prepareFolder(folder);
  const db = await databaseFolder(folder, log);
  let pglite = await openFolder(db);
  await pglite.exec("CREATE TABLE counter (id int PRIMARY KEY, value int, filler text STORAGE PLAIN) WITH (fillfactor = 50)");
  await pglite.exec("INSERT INTO counter SELECT g, 0, repeat('x', 2880) FROM generate_series(1, 400) g");
  for (const step of ["VACUUM counter", "CHECKPOINT"]) await pglite.exec(step);
  say("ready");
  await once(process.stdin, "data");
  let acknowledged = 0;
  try {
    for (;;) {
      await pglite.query("UPDATE counter SET value = $1 WHERE id = 1", [acknowledged + 1]);
      acknowledged++;
      // Rows that change in place need room in the log only.
      await pglite.query("UPDATE counter SET filler = repeat(md5(random()::text), 90) WHERE id = $1", [2 + (acknowledged % 399)]);
    }
  } catch {
    say(`${pglite.stopped ? "stopped" : "failed"}: ${pglite.complaint}`);
  }
  say(await pglite.query("SELECT 1").then(() => "answers", String));
  await once(process.stdin, "data");
  pglite = await openFolder(db);
  const { rows } = await pglite.query<{ value: number }>("SELECT value FROM counter WHERE id = 1");
  await pglite.close();
  // The one in flight may have made it.
  const value = rows[0]?.value ?? 0;
  say(value === acknowledged || value === acknowledged + 1 ? "nothing lost" : `${acknowledged} acknowledged, ${value} there`);
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
  case "fill-log":
    await fillLog();
    break;
  case "append":
    await append();
    break;
  default:
    throw new Error(`unknown task ${task}`);
}
