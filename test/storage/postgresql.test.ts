/** PostgreSQL by DATABASE_URL: what can be wrong with the address, and a server that goes away. */
import { createServer } from "node:net";
import { PrismaPg } from "@prisma/adapter-pg";
import { afterAll, describe, expect, test } from "vitest";
import { OperatorError, UpstreamError } from "../../src/core/errors.ts";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import type { Opinion } from "../../src/opinions/types.ts";
import { openPostgres, postgresUrl } from "../support/database.ts";
import { ask, startPostgresDesk } from "../support/postgres-desk.ts";

const password = "geheim-4711";

const opinion = (id: string): Opinion => ({
  id: opinionId(id),
  community: communityId("discord", "1"),
  member: memberId("ann"),
  topic: topicId("latency"),
  text: "Fine.",
  stance: "agree",
  stanceBy: "reading",
  at: new Date(),
});

/** The sentence an operator reads for this address. */
async function refusal(url: string): Promise<string> {
  const error = await openPostgres(url).then(
    () => new Error("it was opened"),
    (e: unknown) => e,
  );
  if (!(error instanceof OperatorError)) throw error;
  // pino prints message, stack and causes: none may hold a credential.
  expect(`${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${error.cause}`).not.toContain(password);
  return error.message;
}

describe("an address that cannot be used is refused in one sentence, without credentials", () => {
  test.each([
    "",
    "nonsense",
    `mysql://ann:${password}@127.0.0.1/db`,
    `postgresql://ann:${password}@127.0.0.1:port/db`,
    `ann:${password}@127.0.0.1/db`,
    `http://ann:${password}@127.0.0.1/db`,
  ])("malformed: %s", async (url) => {
    expect(await refusal(url)).toMatch(
      /^DATABASE_URL is not an address of a PostgreSQL database: postgresql:\/\/user:password@host:5432\/database is the form\.$/,
    );
  });

  test("nobody listens", async () => {
    expect(await refusal(`postgresql://ann:${password}@127.0.0.1:1/db`)).toBe(
      "The PostgreSQL server at 127.0.0.1:1 cannot be used (ECONNREFUSED). Check DATABASE_URL and whether the server runs.",
    );
  });

  test("something listens and never answers", async () => {
    const mute = createServer();
    const port = await new Promise<number>((ready) =>
      mute.listen(0, "127.0.0.1", () => {
        const address = mute.address();
        ready(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
    expect(await refusal(`postgresql://ann:${password}@127.0.0.1:${port}/db`)).toBe(
      `The PostgreSQL server at 127.0.0.1:${port} cannot be used (no answer). Check DATABASE_URL and whether the server runs.`,
    );
    mute.close();
  });

  test("the user or the password is wrong, the database does not exist, the user may not create tables", async () => {
    const url = new URL(await postgresUrl());
    const place = url.host;
    const changed = (parts: Partial<Pick<URL, "username" | "password" | "pathname">>) => Object.assign(new URL(url), parts).href;
    expect(await refusal(changed({ password }))).toBe(
      `The PostgreSQL server at ${place} refuses the user or the password in DATABASE_URL.`,
    );
    expect(await refusal(changed({ pathname: "/nothing-here" }))).toBe(
      `The PostgreSQL server at ${place} has no database of the name in DATABASE_URL.`,
    );
    const adapter = await new PrismaPg({ connectionString: url.href }).connect();
    await adapter.executeScript(`CREATE ROLE reader LOGIN PASSWORD '${password}'`);
    await adapter.dispose();
    expect(await refusal(changed({ username: "reader", password }))).toBe(
      `The user in DATABASE_URL may not create tables on ${place}. Grant CREATE on the schema "public".`,
    );
  });
});

test("an address with options and an application name of its own is used as it is, in UTC all the same", async () => {
  const url = new URL(await postgresUrl());
  url.searchParams.set("options", "-c statement_timeout=60000");
  const storage = await openPostgres(url.href);
  const given = { ...opinion("1"), at: new Date("2026-03-29T01:30:00.001Z") };
  await storage.opinions.add(given);
  await storage.close();
  const adapter = await new PrismaPg({ connectionString: url.href }).connect();
  const { rows } = await adapter.queryRaw({ sql: "SELECT (extract(epoch FROM at) * 1000)::text FROM opinion", args: [], argTypes: [] });
  await adapter.dispose();
  expect(rows.map(([at]) => Number(at))).toEqual([given.at.getTime()]);
});

describe("a server that restarts", async () => {
  const desk = await startPostgresDesk();
  afterAll(desk.close);

  test("costs the answers of the meantime, nothing that was acknowledged, and no restart of the bot", async () => {
    const { opinions, ping, close } = await openPostgres(await ask(desk.address, "database"));
    // Several connections, so that some of them are idle when the server goes.
    await Promise.all([...["1", "2", "3", "4"].map((id) => opinions.add(opinion(id))), ping(), ping(), ping()]);
    await ask(desk.address, "pause");
    const attempts = await Promise.allSettled([opinions.add(opinion("5")), ping(), opinions.find(opinionId("1"))]);
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ status: "rejected", reason: { service: "The database", kind: "unreachable" } });
      expect(attempt).toHaveProperty("reason", expect.any(UpstreamError));
    }
    await ask(desk.address, "resume");
    await ping();
    await opinions.add(opinion("6"));
    const found = await Promise.all(["1", "2", "3", "4", "5", "6"].map((id) => opinions.find(opinionId(id))));
    expect(found.map((one) => one !== null)).toEqual([true, true, true, true, false, true]);
    await close();
  });

  test("does not take statements in flight with it silently", async () => {
    const { opinions, close } = await openPostgres(await ask(desk.address, "database"));
    const acknowledged: string[] = [];
    let failures = 0;
    const worker = async (name: string): Promise<void> => {
      for (let i = 0; failures < 4; i++) {
        const id = `${name}-${i}`;
        await opinions.add(opinion(id)).then(
          () => acknowledged.push(id),
          (error: unknown) => {
            expect(error).toBeInstanceOf(UpstreamError);
            failures++;
          },
        );
      }
    };
    const workers = Promise.all(["a", "b", "c"].map(worker));
    await ask(desk.address, "pause");
    await workers;
    await ask(desk.address, "resume");
    const found = await Promise.all(acknowledged.map((id) => opinions.find(opinionId(id))));
    expect(found.filter((one) => one === null)).toEqual([]);
    await close();
  });
});
