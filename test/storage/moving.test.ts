/** Backups at the operator's word, and the way from one kind of database to the other and back, with every row as it was. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { backUp, putBack } from "../../src/app/backups.ts";
import { OperatorError } from "../../src/core/errors.ts";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import type { SqlSession } from "../../src/schedule/types.ts";
import type { Storage } from "../../src/storage/open.ts";
import { now, openEmbedded, openPostgres, postgresUrl, silent, testFolder } from "../support/database.ts";

const place = (dataDir: string, databaseUrl?: string) => ({ dataDir, databaseUrl, log: silent, now });

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was refused",
    (error: unknown) => {
      if (error instanceof OperatorError) return error.message;
      throw error;
    },
  );

/** Rows that lose something wherever a copy is careless: whole numbers beyond doubles, floats, bytes, arrays, odd texts, empty and null. */
async function fill(storage: Storage): Promise<void> {
  for (const [n, text] of ["Fine. 👍", 'quote " back\\slash \u0001 tab\t', "", "'; DROP TABLE opinion; --", "Ünïcödé 中文"].entries())
    await storage.opinions.add({
      id: opinionId(`o${n}`),
      community: communityId("discord", "1"),
      member: memberId(`m${n % 2}`),
      topic: topicId("latency"),
      text,
      stance: n % 2 === 0 ? "agree" : "disagree",
      stanceBy: "reading",
      at: new Date(now().getTime() + n * 86_400_000 + 1),
    });
  const run = (text: string, values: unknown[] = []) => storage.session.executeSql(text, values);
  await run(
    `INSERT INTO figure (id, metric, label, value, exact, unit, source_name, source_url, observed_at, precision, fetched_at, raw)
     SELECT 'f' || i, 'm', 'l', 0.1::float8 + i * pi(), CASE i WHEN 7 THEN '1180591620717411303424' END, 'usd', 's', 'u',
            '2026-11-22T12:00:00.123Z'::timestamptz + i * interval '1 hour', 'instant', now(), '0.10' FROM generate_series(1, 450) AS i`,
  );
  await run(`INSERT INTO picture (id, png) SELECT 'p' || i, decode(md5(i::text) || '00ff', 'hex') FROM generate_series(1, 3) AS i`);
  await run(
    `INSERT INTO digest_body (id, composed_at, blocks, print, figures) VALUES ('b', now(), '[{"a": 1}]', 'x', ARRAY['f1','with "quotes", commas'])`,
  );
  await run(
    `INSERT INTO handled (inbox, low, high, ids, at) VALUES ('telegram:1', 9007199254740993, 9007199254740995, ARRAY[9007199254740993, 9007199254740995], now())`,
  );
  await run(
    `INSERT INTO poll (id, series, community, question, options, hidden, opens_at, closes_at) VALUES ('poll', 's', 'discord:1', 'q', '{a,b}', false, now(), now())`,
  );
  await run(
    `INSERT INTO poll_post (poll_id, place, room, community, state, totals) VALUES ('poll', 0, 'discord:1', 'discord:1', 'posted', '{}')`,
  );
  await run(`INSERT INTO statement (id, community, topic, text, member) VALUES ('st', 'discord:1', 'latency', 'claim', 'm0')`);
  await run(`INSERT INTO statement_vote (statement_id, member, vote) VALUES ('st', 'm1', -1)`);
  await run("SELECT nextval('handled_seq_seq')"); // a gap, as a deleted row leaves one
}

/** Every row of every table, and where every sequence stands. */
async function contentOf(session: SqlSession): Promise<Readonly<Record<string, unknown>>> {
  const content: Record<string, unknown> = {};
  const { rows: tables } = await session.executeSql(
    "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'lease') ORDER BY 1",
  );
  for (const row of tables) {
    const { name } = row as { name: string };
    const { rows } = await session.executeSql(`SELECT row_to_json(t)::text AS row FROM "${name}" AS t ORDER BY 1`);
    content[name] = rows;
  }
  const { rows } = await session.executeSql(
    "SELECT sequencename::text AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  );
  return { ...content, sequences: rows };
}

async function opened<T>(open: () => Promise<Storage>, work: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = await open();
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

const backupIn = (folder: string): string => {
  const name = readdirSync(join(folder, "backups")).find((file) => file.startsWith("depinion-by-hand-"));
  if (name === undefined) throw new Error("no backup was written");
  return join(folder, "backups", name);
};

describe("a backup by hand", () => {
  test("brings everything from the embedded database to PostgreSQL, from there to another one, and back", async () => {
    const [first, back] = [await testFolder(), await testFolder()];
    const before = await opened(
      () => openEmbedded(first),
      async (storage) => {
        await fill(storage);
        return contentOf(storage.session);
      },
    );
    expect(JSON.stringify(before)).toContain("9007199254740993");

    expect(await backUp(undefined, place(first))).toMatch(
      /^Backup written: .*depinion-by-hand-2026-11-22T12-00-00\.tar\.gz \([\d.]+ MB\)\. Keep .*member-key/,
    );
    const [one, two] = [await postgresUrl(), await postgresUrl()];
    expect(await putBack(backupIn(first), false, place(first, one))).toMatch(/^Restored, with 5 opinions\..* MEMBER_KEY must be the one/);
    await opened(
      () => openPostgres(one),
      async (storage) => {
        expect(await contentOf(storage.session)).toEqual(before);
        // The triggers count again what comes from now on, on top of what was copied.
        await storage.recount();
        expect(await contentOf(storage.session)).toEqual(before);
      },
    );

    const file = join(await testFolder(), "up.tar.gz");
    await backUp(file, place("/nonexistent", one));
    await putBack(file, false, place(await testFolder(), two));
    expect(
      await opened(
        () => openPostgres(two),
        ({ session }) => contentOf(session),
      ),
    ).toEqual(before);

    await putBack(file, false, place(back));
    expect(
      await opened(
        () => openEmbedded(back),
        ({ session }) => contentOf(session),
      ),
    ).toEqual(before);
  });

  test("of PostgreSQL is of one moment, also while a bot writes", async () => {
    const url = await postgresUrl();
    const storage = await openPostgres(url);
    onTestFinished(() => storage.close());
    await fill(storage);
    const file = join(await testFolder(), "b.tar.gz");
    let writing = true;
    // One opinion and its cell, in one statement each time: a copy between the two would not add up.
    const writer = (async () => {
      for (let n = 100; writing; n++)
        await storage.opinions.add({
          id: opinionId(`w${n}`),
          community: communityId("discord", "2"),
          member: memberId(`w${n}`),
          topic: topicId("latency"),
          text: "more",
          stance: "agree",
          stanceBy: "reading",
          at: now(),
        });
    })();
    await backUp(file, place("/nonexistent", url));
    writing = false;
    await writer;
    const folder = await testFolder();
    await putBack(file, false, place(folder));
    await opened(
      () => openEmbedded(folder),
      async ({ session, recount }) => {
        const copied = await contentOf(session);
        await recount();
        expect(await contentOf(session)).toEqual(copied);
      },
    );
  });

  test("is refused beside a running bot on the embedded database, naming the newest daily one", async () => {
    const folder = await testFolder();
    const storage = await openEmbedded(folder);
    onTestFinished(() => storage.close());
    await storage.backup(now());
    expect(await refusal(backUp(undefined, place(folder)))).toMatch(
      /^The bot is running on .* The newest is .*depinion-2026-11-22\.tar\.gz\. Stop it/,
    );
  });

  test("takes no existing file's place, makes none of nothing, and leaves nothing behind where it fails", async () => {
    const folder = await testFolder();
    expect(await refusal(backUp(undefined, place(folder)))).toBe(`There is no database in ${folder} to back up.`);
    await opened(() => openEmbedded(folder), fill);
    const file = join(folder, "kept.tar.gz");
    await backUp(file, place(folder));
    expect(await refusal(backUp(file, place(folder)))).toBe(`${file} exists already. Name another file; nothing was changed.`);
    expect(await refusal(backUp("/proc/nothing/b.tar.gz", place(folder)))).toMatch(/cannot be written to/);
    expect(readdirSync(folder).filter((name) => /making|part/.test(name))).toEqual([]);
    expect(await refusal(backUp(join(folder, "empty.tar.gz"), place(folder, await postgresUrl())))).toMatch(
      /^The database is empty, or of an earlier version/,
    );
  });
});

describe("a restore into PostgreSQL", () => {
  async function madeBackup(): Promise<{ readonly folder: string; readonly file: string }> {
    const folder = await testFolder();
    await opened(() => openEmbedded(folder), fill);
    const file = join(folder, "b.tar.gz");
    await backUp(file, place(folder));
    return { folder, file };
  }

  test("takes the place of what is there only where it is told to", async () => {
    const { folder, file } = await madeBackup();
    const url = await postgresUrl();
    await opened(
      () => openPostgres(url),
      ({ session }) => session.executeSql("INSERT INTO community (id) VALUES ('discord:9')"),
    );
    expect(await refusal(putBack(file, false, place(folder, url)))).toMatch(
      /holds something already.* add --replace; nothing was changed\.$/,
    );
    await opened(
      () => openPostgres(url),
      async ({ session }) => {
        expect((await session.executeSql("SELECT id FROM community")).rows).toEqual([{ id: "discord:9" }]);
      },
    );
    await putBack(file, true, place(folder, url));
    await opened(
      () => openPostgres(url),
      async ({ session }) => {
        expect((await session.executeSql("SELECT id FROM community")).rows).toEqual([]);
        expect((await session.executeSql("SELECT id FROM opinion")).rows).toHaveLength(5);
      },
    );
    expect(readdirSync(folder).filter((name) => name.startsWith("restoring-"))).toEqual([]);
  });

  test("is refused while a bot runs on it", async () => {
    const { folder, file } = await madeBackup();
    const url = await postgresUrl();
    const storage = await openPostgres(url);
    onTestFinished(() => storage.close());
    await storage.leases.take({ name: "courier-discord", holder: "someone" }, 60_000);
    expect(await refusal(putBack(file, true, place(folder, url)))).toMatch(/^A bot is running on the database/);
  });

  test("changes nothing where the file is no backup", async () => {
    const { folder } = await madeBackup();
    const url = await postgresUrl();
    await opened(
      () => openPostgres(url),
      ({ session }) => session.executeSql("INSERT INTO community (id) VALUES ('discord:9')"),
    );
    expect(await refusal(putBack(join(folder, "nothing.tar.gz"), true, place(folder, url)))).toMatch(/^There is no file/);
    expect(await refusal(putBack(join(folder, "erased.jsonl"), true, place(folder, url)))).toMatch(/There is no file|is not a backup/);
    await opened(
      () => openPostgres(url),
      async ({ session }) => {
        expect((await session.executeSql("SELECT id FROM community")).rows).toEqual([{ id: "discord:9" }]);
      },
    );
  });

  test("erases again what members erased since the backup was made", async () => {
    const { folder, file } = await madeBackup();
    await opened(
      () => openEmbedded(folder),
      ({ members }) => members.erase(memberId("m0")),
    );
    expect(existsSync(join(folder, "erased.jsonl"))).toBe(true);
    const url = await postgresUrl();
    expect(await putBack(file, false, place(folder, url))).toMatch(
      /with 2 opinions\. What members erased since then was erased again \(\d+\)/,
    );
    await opened(
      () => openPostgres(url),
      async ({ session }) => {
        expect((await session.executeSql("SELECT DISTINCT member FROM opinion")).rows).toEqual([{ member: "m1" }]);
      },
    );
  });
});
