import { expect, it, onTestFinished } from "vitest";
import { incoming } from "../contracts/stores/fixtures.ts";
import { openEmbedded, openPostgres, postgresUrl, testFolder } from "../support/database.ts";

it.each([
  ["PGlite", async () => openEmbedded(await testFolder())],
  ["PostgreSQL", async () => openPostgres(await postgresUrl())],
])("what waits is told by platform, with the oldest that nobody tried, on %s", async (_, open) => {
  const storage = await open();
  onTestFinished(() => storage.close());
  expect(await storage.backlog()).toEqual({ deliveries: new Map(), inbox: { count: 0, since: null } });
  const run = (text: string) => storage.session.executeSql(text);
  await run(`INSERT INTO subscription (id, room, community, time, zone, days, created_at, considered_at)
    SELECT name, name || ':1', name || ':1', '09:00', 'UTC', '1', now(), now() FROM unnest(ARRAY['discord', 'telegram']) AS given(name)`);
  const due = (id: string, at: string, subscription: string, state: string, attempts: number) =>
    run(`INSERT INTO delivery (id, subscription_id, local_date, due_at, expires_at, state, attempts)
      VALUES ('${id}', '${subscription}', '${id}', '2026-11-22T${at}Z', '2026-11-22T12:00Z', '${state}', ${attempts})`);
  await due("done", "06:00", "telegram", "delivered", 0);
  await due("put off", "07:00", "telegram", "waiting", 3);
  await due("untried", "08:00", "telegram", "waiting", 0);
  await due("under way", "08:30", "telegram", "sending", 0);
  await due("only put off", "07:00", "discord", "waiting", 1);
  await run(
    `INSERT INTO inbound (inbox, low, high, ids, content, taken_at) VALUES ('telegram:1', 1, 3, '{1,2,3}', '[]', '2026-11-22T08:45Z')`,
  );
  await storage.pushed.take("telegram:1", [{ ...incoming(), lane: 1 }], new Date("2026-11-22T08:50Z"));
  await storage.pushed.first("discord", "1", new Date("2026-11-22T08:00Z"));
  expect(await storage.backlog()).toEqual({
    deliveries: new Map([
      ["telegram", { count: 3, since: new Date("2026-11-22T08:00Z") }],
      ["discord", { count: 1, since: null }],
    ]),
    inbox: { count: 4, since: new Date("2026-11-22T08:45Z") },
  });
});
