/** What `/sentiment` costs over a million opinions, beside counting them all each time; and how many opinions a second can be logged. */
import { rm } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { pino } from "pino";
import { communityId, memberId, roomId, topicId } from "../src/core/ids.ts";
import { textsIn } from "../src/core/texts.ts";
import { createOpinions } from "../src/opinions/opinions.ts";
import { openStorage, type Storage } from "../src/storage/open.ts";
import { createTopicDesk } from "../src/topics/topic-desk.ts";
import { plainReading } from "../test/support/plain-reading.ts";
import { ask, startPostgresDesk } from "../test/support/postgres-desk.ts";
import { freshFolder, median, print } from "./process.ts";

const rounds = 15;
const windowDays = 30;
const members = 50_000;
/** Rows in one statement: a server answers within eight seconds or not at all. */
const chunk = 10_000;
const dayMs = 86_400_000;
const community = communityId("discord", "1");
/** In the middle of a day, where a window cuts the most. */
const now = new Date("2026-11-22T12:00:00Z");
const log = pino({ level: "silent" });

export async function benchSentiment(opinions = 1_000_000): Promise<void> {
  const desk = await startPostgresDesk();
  const folder = await freshFolder();
  const rows: string[][] = [];
  const kinds = [
    { name: "PostgreSQL", databaseUrl: await ask(desk.address, "database"), aim: 50 },
    { name: "PGlite", databaseUrl: undefined, aim: 150 },
  ];
  const logged: string[][] = [];
  for (const { name, databaseUrl, aim } of kinds) {
    const storage = await openStorage({ databaseUrl, dataDir: folder, log, now: () => now });
    for (const spread of [365, 60]) {
      await fill(storage, opinions, spread);
      const row = [name, `${spread} days`, ...(await measure(storage)), `${aim} ms`];
      // It takes minutes: what is known is said.
      process.stdout.write(`${row.join("  ")}\n`);
      rows.push(row);
    }
    if (databaseUrl === undefined)
      for (const atOnce of [1, 20]) logged.push([String(atOnce), (await logging(storage, atOnce)).toFixed(0), "200"]);
    await storage.close();
  }
  print(
    `/sentiment of one topic with ${opinions.toLocaleString("en")} opinions of ${members.toLocaleString("en")} people, median (worst) of ${rounds}`,
    ["database", "spread over", "/sentiment", "plain counting", "ratio", "aim"],
    rows,
  );
  print("Opinions logged on PGlite, beside what is stored already", ["members at once", "opinions/s", "aim"], logged);
  await rm(folder, { recursive: true });
  await desk.close();
}

/** One topic of one community, made by the database itself: the triggers are off meanwhile, and everything is counted once at the end. */
export async function fill(storage: Storage, count: number, spread: number): Promise<void> {
  const { session } = storage;
  await session.executeSql("TRUNCATE opinion, reading, opinion_cell");
  await session.executeSql("ALTER TABLE opinion DISABLE TRIGGER USER");
  for (let first = 1; first <= count; first += chunk)
    await session.executeSql(
      `INSERT INTO opinion (id, community, member, topic, text, stance, stance_by, at, platform, evidence, aside, quotable)
     SELECT 'o' || n, '${community}', 'm' || abs(hashint8(n)) % ${members}, 'latency', 'Opinion number ' || n, (ARRAY['agree','mixed','disagree','unclear'])[1 + abs(hashint8(n * 7)) % 4],
            'reading', timestamptz '${now.toISOString()}' - make_interval(secs => ${spread} * 86400.0 * (${count} - n) / ${count}), 'discord',
            CASE WHEN abs(hashint8(n * 11)) % 5 = 0 THEN 'measured' END, CASE WHEN abs(hashint8(n * 13)) % 50 = 0 THEN 'copy' END, n % 10 = 0
       FROM generate_series(${first}, ${Math.min(count, first + chunk - 1)}) AS n`,
    );
  await storage.recount();
  await session.executeSql("ALTER TABLE opinion ENABLE TRIGGER USER");
  await session.executeSql("VACUUM ANALYZE opinion");
  await session.executeSql("VACUUM ANALYZE opinion_cell");
}

/** Milliseconds of each round: ours, and counting them all. */
export async function timesOf(storage: Storage): Promise<{ readonly ours: readonly number[]; readonly plain: readonly number[] }> {
  const all = createOpinions(storage, createTopicDesk(storage.topics), plainReading());
  const topic = (await all.book(community)).topic("latency");
  if (topic === null) throw new Error("the topic is gone");
  const times: { ours: number; plain: number }[] = [];
  for (let n = 0; n < rounds; n++) {
    const ours = await timed(() =>
      Promise.all([all.sentiment(community, topic, windowDays, now), all.weekly(community, topic, now, textsIn("en").sentiment)]),
    );
    const plain = await timed(() => plainly(storage));
    times.push({ ours, plain });
  }
  return { ours: times.map((t) => t.ours), plain: times.map((t) => t.plain) };
}

async function measure(storage: Storage): Promise<readonly string[]> {
  const { ours, plain } = await timesOf(storage);
  return [
    `${median(ours).toFixed(0)} ms (${Math.max(...ours).toFixed(0)})`,
    `${median(plain).toFixed(0)} ms (${Math.max(...plain).toFixed(0)})`,
    (median(ours) / median(plain)).toFixed(3),
  ];
}

/** The same counts, the weeks' included, without the rollup. */
async function plainly({ session }: Storage): Promise<void> {
  const newest = (from: string, to: string, key: string) => `
    SELECT ${key} AS part, stance, platform, evidence = 'measured' AS measured, aside, count(*)::int FROM (
      SELECT DISTINCT ON (${key}, member) ${key} AS part, * FROM opinion
       WHERE community = '${community}' AND topic = 'latency' AND version = 1 AND at >= ${from} AND at < ${to}
       ORDER BY ${key}, member, at DESC, seq DESC) AS newest
     GROUP BY 1, 2, 3, 4, 5`;
  const ago = (days: number) => `timestamptz '${new Date(now.getTime() - days * dayMs).toISOString()}'`;
  await session.executeSql(newest(ago(windowDays * 2), ago(0), `at >= ${ago(windowDays)}`));
  await session.executeSql(newest(ago(84), ago(0), `floor(extract(epoch FROM at - ${ago(84)}) / 604800)`));
}

/**
 * Opinions a second through the domain: with the topic looked up, the text read without a language model, and copies and floods looked for.
 * @param atOnce members who write at the same moment
 */
async function logging(storage: Storage, atOnce: number): Promise<number> {
  const all = createOpinions(storage, createTopicDesk(storage.topics), plainReading());
  const { topics } = await all.book(community);
  const latency = topics.find(({ id }) => id === topicId("latency")) ?? null;
  const count = 2_000;
  let next = 0;
  const speaker = async () => {
    while (next < count) {
      const n = next++;
      const text = `Another opinion of ${atOnce}, number ${n} of many: it is far too slow for real work.`;
      const member = memberId(`m${n % members}`);
      const [reading] = await all.read(
        { text, topics, on: latency, own: true, member, room: roomId("discord", "1") },
        AbortSignal.timeout(10_000),
      );
      if (reading === undefined) throw new Error("nothing was read");
      await all.log({ community, member, reading, text, at: new Date(now.getTime() + n * 5) });
    }
  };
  const took = await timed(() => Promise.all(Array.from({ length: atOnce }, speaker)));
  return count / (took / 1000);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
