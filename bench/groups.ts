/** What `/groups` costs: reading votes, and grouping voters in a thread beside a program that goes on answering. */
import { rm } from "node:fs/promises";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { communityId, memberId, roomId } from "../src/core/ids.ts";
import { createGroups } from "../src/groups/groups.ts";
import { createGrouping, type GroupingTask } from "../src/groups/run-grouping.ts";
import { openStorage, type Storage } from "../src/storage/open.ts";
import { topics } from "../src/topics/topics.ts";
import { planted } from "../test/groups/planted.ts";
import { ask, startPostgresDesk } from "../test/support/postgres-desk.ts";
import { freshFolder, median, print } from "./process.ts";

const rounds = 5;
const statements = 200;
const each = 30;
const community = communityId("discord", "1");
const payer = { member: memberId("m"), room: roomId("discord", "1") };

export async function benchGroups(voters = 10_000): Promise<void> {
  const { text } = planted({ voters, statements, each, groups: 3, seed: 1 });
  const group = createGrouping();
  const alone = await several(() => group({ votes: text, statements }, AbortSignal.timeout(60_000)));
  const rows = [["grouping in its thread", ...alone, "2 s, 50 ms"]];
  const desk = await startPostgresDesk();
  const folder = await freshFolder();
  for (const [name, databaseUrl] of [
    ["PostgreSQL", await ask(desk.address, "database")],
    ["PGlite", undefined],
  ] as const) {
    const storage = await openStorage({ databaseUrl, dataDir: folder, log: pino({ level: "silent" }), now: () => new Date() });
    await fill(storage, text);
    const [topic] = topics;
    if (topic === undefined) throw new Error("no topic");
    const groups = createGroups({ store: storage.groups, members: storage.members, group, namer: null, now: () => new Date() });
    rows.push([
      `/groups from ${name}, reading included`,
      ...(await several(() => groups.view(community, topic, payer, AbortSignal.timeout(60_000)))),
      "",
    ]);
    await storage.close();
  }
  await desk.close();
  await rm(folder, { recursive: true });
  print(
    `${voters.toLocaleString("en")} voters with ${each} votes each on ${statements} statements, median (worst) of ${rounds}`,
    ["what", "time", "event loop held up at most", "aim"],
    rows,
  );
}

async function several(work: () => Promise<unknown>): Promise<readonly [string, string]> {
  const times: number[] = [];
  const blocked: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    await pause(100);
    delay.enable();
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
    // What the work holds up at its very end is only seen at the next turn.
    await pause(20);
    delay.disable();
    blocked.push(delay.max / 1e6);
  }
  return [
    `${median(times).toFixed(0)} ms (${Math.max(...times).toFixed(0)})`,
    `${median(blocked).toFixed(0)} ms (${Math.max(...blocked).toFixed(0)})`,
  ];
}

async function fill({ session }: Storage, text: GroupingTask["votes"]): Promise<void> {
  const [topic] = topics;
  await session.executeSql(
    `INSERT INTO statement (id, community, topic, text, member) SELECT 's' || n, '${community}', '${topic?.id}', 'Claim ' || n, 'm'
       FROM generate_series(0, ${statements - 1}) AS n`,
  );
  const rows = text.split(";");
  for (let first = 0; first < rows.length; first += 500) {
    const votes = rows
      .slice(first, first + 500)
      .flatMap((row, n) => row.split(",").map((vote) => ({ voter: first + n, vote: vote.split(":") })));
    await session.executeSql(
      `INSERT INTO statement_vote (statement_id, member, vote) VALUES ${votes.map(({ voter, vote: [s, v] }) => `('s${s}', 'voter${voter}', ${v})`)}`,
    );
  }
  await session.executeSql("ANALYZE statement_vote");
}
