/** Folders as `.tar.gz` and back, as streams: Node has no tar, and PGlite's own dump holds the whole database in memory three times. */
import { closeSync, createReadStream, createWriteStream, mkdirSync, openSync, writeFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";

/** The file is no archive that `packFolder` wrote, or only the beginning of one. */
export class NotAnArchive extends Error {
  override readonly name = "NotAnArchive";
}

// POSIX ustar: a header of 512 bytes with octal numbers in text, then the content filled up to 512 bytes; two empty blocks at the end.
const blockSize = 512;
const nameLength = 100;
const wholeBytes = 2 ** 20;

const padding = (size: number): number => (blockSize - (size % blockSize)) % blockSize;

const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, "0");

function header(name: string, size: number, folder: boolean): Buffer {
  if (Buffer.byteLength(name) > nameLength) throw new RangeError(`${name} is too long for the archive`);
  const block = Buffer.alloc(blockSize);
  block.write(name, 0);
  block.write(octal(folder ? 0o700 : 0o600, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(folder ? "5" : "0", 156);
  block.write("ustar\u000000", 257);
  block.write(`${octal(checksum(block), 7)}\u0000 `, 148);
  return block;
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < blockSize; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum;
}

async function* archive(folder: string): AsyncGenerator<Buffer> {
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    const status = await stat(path);
    if (status.isDirectory()) {
      yield header(`${name}/`, 0, true);
      continue;
    }
    const { size } = status;
    yield header(name, size, false);
    // Nearly all files of a database are small, and a stream for each would take longer than the rest.
    if (size <= wholeBytes) yield await readFile(path);
    else yield* createReadStream(path, { highWaterMark: wholeBytes });
    yield Buffer.alloc(padding(size));
  }
  yield Buffer.alloc(2 * blockSize);
}

/** Packs a folder that nobody writes to meanwhile. The file is on the disk when this resolves, readable by its owner only. */
export async function packFolder(folder: string, file: string, signal?: AbortSignal): Promise<void> {
  await pipeline(Readable.from(archive(folder)), createGzip(), createWriteStream(file, { mode: 0o600, flush: true }), {
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A stream of bytes that can be asked for an exact number of them. */
class Blocks {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next bytes, at most `limit`. */
  async some(limit: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) throw new NotAnArchive("it ends too early");
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      const part = await this.some(missing);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }
}

/**
 * Unpacks what `packFolder` packed into a folder that exists.
 * @throws NotAnArchive, also for names that lead out of the folder
 */
export async function unpackFile(file: string, folder: string): Promise<void> {
  try {
    await pipeline(createReadStream(file), createGunzip({ chunkSize: wholeBytes }), async (source: AsyncIterable<Buffer>) => {
      const blocks = new Blocks(source);
      for (;;) {
        const block = await blocks.exactly(blockSize);
        if (block.every((byte) => byte === 0)) return;
        if (Number.parseInt(block.toString("latin1", 148, 154), 8) !== checksum(block)) throw new NotAnArchive("it is damaged");
        await unpackEntry(block, blocks, folder);
      }
    });
  } catch (error) {
    throw notGzip(error) ?? error;
  }
}

// https://nodejs.org/api/zlib.html#zlib-constants
function notGzip(error: unknown): NotAnArchive | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "Z_BUF_ERROR") return new NotAnArchive("it ends too early", { cause: error });
  if (code === "Z_DATA_ERROR") return new NotAnArchive("it is damaged, or no archive at all", { cause: error });
  return undefined;
}

async function unpackEntry(block: Buffer, blocks: Blocks, folder: string): Promise<void> {
  const name = block.toString("utf8", 0, nameLength).replace(/\0.*$/s, "").replace(/^\.\//, "").replace(/\/$/, "");
  const size = Number.parseInt(block.toString("latin1", 124, 135), 8);
  const type = block.toString("latin1", 156, 157);
  if (name.startsWith("/") || name.split("/").includes("..") || !/^[05]$/.test(type)) throw new NotAnArchive(`it holds an odd entry`);
  const path = join(folder, name);
  // Without waiting for the thread pool at every file: nothing else runs during a restore.
  if (type === "5") {
    if (path !== folder) mkdirSync(path, { mode: 0o700 });
    return;
  }
  const out = openSync(path, "wx", 0o600);
  try {
    for (let missing = size; missing > 0; ) {
      const part = await blocks.some(missing);
      writeFileSync(out, part);
      missing -= part.length;
    }
  } finally {
    closeSync(out);
  }
  await blocks.exactly(padding(size));
}
