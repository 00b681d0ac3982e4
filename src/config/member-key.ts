/** The secret behind members' pseudonyms where the environment has none: made once into a file of mode 0600. */
import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OperatorError } from "../core/errors.ts";

/**
 * Reads `<dataDir>/member-key`, or makes it. One key a line, newest first; lines behind the first are earlier keys.
 * @throws OperatorError where the folder cannot be written or the file holds no key
 */
export async function memberKeysFrom(dataDir: string): Promise<readonly string[]> {
  const path = join(dataDir, "member-key");
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const fresh = `${path}.${randomBytes(6).toString("hex")}`;
    try {
      return parse(await readFile(path, "utf8"), path);
    } catch (error) {
      if (!isCode(error, "ENOENT")) throw error;
    }
    // Written whole and then linked: a kill in between leaves no half key, and of two processes one wins.
    await writeFile(fresh, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flush: true });
    await link(fresh, path).catch((error: unknown) => {
      if (!isCode(error, "EEXIST")) throw error;
    });
    await rm(fresh, { force: true });
    return parse(await readFile(path, "utf8"), path);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `DATA_DIR cannot be used: ${reason(error)} (${dataDir}). Point DATA_DIR to a folder that this user may write.`,
      { cause: error },
    );
  }
}

function parse(content: string, path: string): readonly string[] {
  const keys = content
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (keys.length === 0 || keys.some((key) => key.length < 32))
    throw new OperatorError(
      `${path} holds no usable key. Put the key back from a backup: without it, members lose their hold on what they logged.`,
    );
  return keys;
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && "code" in error && error.code === code;

function reason(error: unknown): string {
  if (isCode(error, "EACCES") || isCode(error, "EPERM") || isCode(error, "EROFS")) return "it may not be written";
  if (isCode(error, "ENOSPC")) return "the disk is full";
  if (isCode(error, "ENOTDIR") || isCode(error, "EEXIST")) return "it is not a folder";
  return "it cannot be made";
}
