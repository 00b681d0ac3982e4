/** Folders as `.tar.gz` and back, strictly: PGlite's own dump holds the whole database in memory three times. */
import { createReadStream, createWriteStream, readdirSync, type Stats } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { create, type ReadEntry, UnpackSync } from "tar";

/** The file is no archive that `packFolder` wrote, or only the beginning of one. */
export class NotAnArchive extends Error {
  override readonly name = "NotAnArchive";
}

const chunkBytes = 2 ** 20;

/** Packs a folder that nobody writes to meanwhile. The file is on the disk when this resolves, readable by its owner only. */
export async function packFolder(folder: string, file: string, signal?: AbortSignal): Promise<void> {
  const pack = create({ cwd: folder, portable: true, strict: true, maxReadSize: chunkBytes }, readdirSync(folder).sort());
  // When the pipeline is given up, whatever is still being read has nobody left to tell.
  pack.on("error", () => {});
  // Compressed by Node beside the main thread: the package's own gzip would hold up everyone.
  await pipeline(pack, createGzip(), createWriteStream(file, { mode: 0o600, flush: true }), {
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Unpacks what `packFolder` packed into a folder that exists. The main thread is held up: nothing else runs during a restore.
 * @throws NotAnArchive, also for names that lead out of the folder
 */
export async function unpackFile(file: string, folder: string): Promise<void> {
  let trouble: Error | undefined;
  // Asked before anything of an entry is written. The package itself would turn "/tmp/x" into "tmp/x" first.
  const filter = (name: string, entry: Stats | ReadEntry): boolean => {
    const plain = "type" in entry && (entry.type === "File" || entry.type === "Directory");
    const inside = !name.startsWith("/") && !name.split("/").includes("..");
    if (!plain || !inside) trouble ??= new NotAnArchive("it holds an odd entry");
    return plain && inside;
  };
  // Strict: what the package would only warn of is an error.
  const unpack = new UnpackSync({ cwd: folder, strict: true, preserveOwner: false, noMtime: true, filter });
  unpack.on("error", (error) => {
    trouble ??= error instanceof Error ? error : new NotAnArchive(String(error));
  });
  const orTrouble = () => {
    if (trouble !== undefined) throw trouble;
  };
  try {
    await pipeline(createReadStream(file), createGunzip({ chunkSize: chunkBytes }), async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) {
        unpack.write(chunk);
        orTrouble();
      }
      unpack.end();
      orTrouble();
    });
  } catch (error) {
    throw reasonOf(error) ?? error;
  }
}

/** Codes of zlib (https://nodejs.org/api/zlib.html#zlib-constants) and of the package (its README, "Warnings and Errors"). */
const reasons: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: "it ends too early",
  Z_DATA_ERROR: "it is damaged, or no archive at all",
  TAR_BAD_ARCHIVE: "it is damaged",
  TAR_ENTRY_INVALID: "it is damaged",
  TAR_ENTRY_ERROR: "it holds an odd entry",
};

function reasonOf(error: unknown): NotAnArchive | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasons[code];
  return reason === undefined ? undefined : new NotAnArchive(reason, { cause: error });
}
