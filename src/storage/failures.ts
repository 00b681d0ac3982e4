/** What went wrong in a database, told apart by codes: for the person who asked, for the operator, and never with anyone's words in it. */
import { z } from "zod";
import { OperatorError, UpstreamError, UserError } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";

/** The disk has no room for another write. */
export class DiskFull extends Error {
  override readonly name = "DiskFull";
}

/** PostgreSQL inside PGlite has given up; what was acknowledged is on disk. */
export class EngineStopped extends Error {
  override readonly name = "EngineStopped";
}

/** A statement failed for a reason that is nobody's business but the developer's. Holds codes only: statements and values stay out of logs. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
}

const described = z.object({
  name: z.string().optional(),
  message: z.string().optional(),
  code: z.string().optional(),
  kind: z.string().optional(),
  originalCode: z.string().optional(),
  cause: z.unknown().optional(),
  meta: z.object({ code: z.string(), driverAdapterError: z.unknown() }).partial().optional().catch(undefined),
});

interface Found {
  /** SQLSTATEs, Node's and Prisma's codes, outermost first. */
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

/** Collects the codes of an error and of what it wraps, whether `pg`, PGlite or Prisma made it. */
function explore(error: unknown, depth = 0): Found {
  const parsed = described.safeParse(error);
  if (!parsed.success || depth > 4) return { codes: [], messages: [] };
  const { code, kind, originalCode, message, cause, meta } = parsed.data;
  const inner = [explore(meta?.driverAdapterError, depth + 1), explore(cause, depth + 1)];
  const own = [code, kind, originalCode, meta?.code].filter((c) => c !== undefined);
  return {
    codes: [...own, ...inner.flatMap((f) => f.codes)],
    messages: [...(message === undefined ? [] : [message]), ...inner.flatMap((f) => f.messages)],
  };
}

// SQLSTATE classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html; P…: https://www.prisma.io/docs/orm/reference/error-reference
const full = /^(53100|ENOSPC|EDQUOT)$/;
const gone =
  /^(08\w{3}|57P0[1-5]|53300|P100[1-3]|P1017|P2024|P2037|E(CONNREFUSED|CONNRESET|CONNABORTED|PIPE|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH)|DatabaseNotReachable|ConnectionClosed|TooManyConnections)$/;
const slow = /^(57014|P1008|ETIMEDOUT|SocketTimeout)$/;
const damaged = /^XX00[12]$/;
const undone = /^(40001|40P01|P2034|TransactionWriteConflict)$/;
// `pg` gives these no code (pg 8.23, pg-pool 3).
const goneMessage = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;
const slowMessage = /Query read timeout/;

export type Failure = "disk_full" | "unreachable" | "timeout" | "damaged" | "other";

/** Which kind of failure an error of `pg`, PGlite, Prisma or Node's file system is. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DiskFull) return "disk_full";
  if (error instanceof EngineStopped) return "unreachable";
  const { codes, messages } = explore(error);
  if (codes.some((c) => full.test(c)) || messages.some((m) => m.includes("No space left on device"))) return "disk_full";
  if (codes.some((c) => slow.test(c)) || messages.some((m) => slowMessage.test(m))) return "timeout";
  if (codes.some((c) => gone.test(c)) || messages.some((m) => goneMessage.test(m))) return "unreachable";
  return codes.some((c) => damaged.test(c)) ? "damaged" : "other";
}

/** Whether the database undid the work only because of other work at the same time, so that it may simply be asked for again. */
export const wasUndone = (error: unknown): boolean => explore(error).codes.some((code) => undone.test(code));

/** The codes of an error, such as `P2002, 23505`. */
export const codesOf = (error: unknown): readonly string[] => [...new Set(explore(error).codes)];

/** The sentence for an operator whose data folder has no room. */
export const noRoom = (folder: string, cause?: unknown): OperatorError =>
  new OperatorError(`The disk of ${folder} is full. Make room, at least 64 MB, and start again: nothing is lost.`, { cause });

/** Turns what a store's statement threw into what its caller may see, and tells the operator what only the operator can mend. */
export function translate(error: unknown, log: Logger): Error {
  if (error instanceof UserError || error instanceof OperatorError || error instanceof z.ZodError || error instanceof TypeError)
    return error;
  const codes = codesOf(error).join(", ");
  const detail = codes === "" ? {} : { detail: codes };
  switch (failureOf(error)) {
    case "disk_full":
      log.error({ codes }, "the disk of the database is full: nothing can be stored until there is room again");
      return new UserError("disk_full", ({ refusals }) => refusals.diskFull);
    case "unreachable":
      return new UpstreamError("The database", "unreachable", detail);
    case "timeout":
      return new UpstreamError("The database", "timeout", detail);
    case "damaged":
      log.error(
        { codes },
        'a part of the database is damaged and cannot be read: stop the bot and restore a backup with "npm run restore"',
      );
      return new DatabaseError(`database: ${codes}`);
    case "other":
      return new DatabaseError(`database: ${codes === "" ? nameOf(error) : codes}`);
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
