/** Errors of the database: told apart by codes, and without anyone's words in them. */
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { UpstreamError, UserError } from "../../src/core/errors.ts";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { failureOf, translate } from "../../src/storage/failures.ts";
import { now, openEmbedded, openPostgres, postgresUrl, silent, testFolder } from "../support/database.ts";

/** An error with fields, as drivers throw them. */
const failed = (fields: object): Error => Object.assign(new Error("secret words"), fields);

test.each([
  ["PGlite or PostgreSQL without room", failed({ code: "53100", severity: "ERROR" }), "disk_full"],
  ["Node's file system without room", failed({ code: "ENOSPC", errno: -28 }), "disk_full"],
  ["a refused connection", failed({ code: "ECONNREFUSED" }), "unreachable"],
  [
    "Prisma over a server that is gone",
    failed({ code: "P1001", meta: { driverAdapterError: { cause: { kind: "DatabaseNotReachable" } } } }),
    "unreachable",
  ],
  [
    "a server that shuts down",
    failed({ code: "P2010", meta: { driverAdapterError: { cause: { originalCode: "57P01" } } } }),
    "unreachable",
  ],
  ["a pool that gets no connection", new Error("timeout exceeded when trying to connect"), "unreachable"],
  ["a socket that closed", new Error("Connection terminated unexpectedly"), "unreachable"],
  ["a statement that takes too long", new Error("Query read timeout"), "timeout"],
  ["a cancelled statement", failed({ cause: { code: "57014" } }), "timeout"],
  ["a damaged page", failed({ code: "P2010", meta: { driverAdapterError: { cause: { originalCode: "XX001" } } } }), "damaged"],
  ["a violated constraint", failed({ code: "P2002" }), "other"],
  ["what is no error at all", "boom", "other"],
  ["nothing", undefined, "other"],
])("%s is told from the others", (_, error, failure) => {
  expect(failureOf(error)).toBe(failure);
});

test("each kind becomes what its reader can use", () => {
  expect(translate(failed({ code: "ENOSPC" }), silent)).toBeInstanceOf(UserError);
  expect(translate(failed({ code: "ECONNRESET" }), silent)).toMatchObject({ service: "The database", kind: "unreachable" });
  expect(translate(new Error("Query read timeout"), silent)).toBeInstanceOf(UpstreamError);
  expect(translate(failed({ code: "P2002" }), silent).message).toBe("database: P2002");
  const mine = new UserError("x", "y");
  expect(translate(mine, silent)).toBe(mine);
});

describe.each([
  ["PGlite", async () => openEmbedded(await testFolder())],
  ["PostgreSQL", async () => openPostgres(await postgresUrl())],
] as const)("on %s", (_, open) => {
  test("an error never carries what someone wrote, in its message, its stack, its fields or a log line", async () => {
    const { opinions, close } = await open();
    const given = {
      id: opinionId("1"),
      community: communityId("discord", "1"),
      member: memberId("m"),
      topic: topicId("latency"),
      text: "secret words",
      stance: "agree",
      stanceBy: "reading",
      at: now(),
    } as const;
    await opinions.add(given);
    const lines: string[] = [];
    const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    for (const bad of [
      { ...given, id: opinionId("2"), text: "secret words \u0000" },
      { ...given, id: opinionId("3"), at: new Date(Number.NaN) },
    ]) {
      const error = await opinions.add(bad).then(
        () => undefined,
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(Error);
      log.error({ err: error }, "failed");
    }
    await close();
    expect(lines).toHaveLength(2);
    expect(lines.join("\n")).not.toContain("secret");
  });
});
