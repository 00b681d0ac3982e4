/** Archives: what goes in comes out, and nothing lands outside the folder. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { packFolder, unpackFile } from "../../src/storage/tar.ts";
import { testFolder } from "../support/database.ts";

describe("archives", () => {
  /** A header with a right sum, as someone with bad intentions would write it. */
  function entry(name: string, type: string): Buffer {
    const block = Buffer.alloc(512);
    block.write(name, 0);
    block.write("0000000\0", 100);
    block.write("00000000000\0", 124);
    block.write(" ".repeat(8), 148);
    block.write(type, 156);
    if (type === "1" || type === "2") block.write("/etc/passwd", 157);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return Buffer.concat([block, Buffer.alloc(1024)]);
  }

  test.each([
    ["../outside", "0"],
    ["a/../../outside", "0"],
    ["/tmp/depinion-outside", "0"],
    ["symbolic-link", "2"],
    ["hard-link", "1"],
    ["fifo", "6"],
  ])("with the entry %s of type %s are refused", async (name, type) => {
    const folder = await testFolder();
    writeFileSync(join(folder, "evil.tar.gz"), gzipSync(entry(name, type)));
    mkdirSync(join(folder, "inside"));
    await expect(unpackFile(join(folder, "evil.tar.gz"), join(folder, "inside"))).rejects.toThrow("it holds an odd entry");
    expect(readdirSync(join(folder, "inside"))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["evil.tar.gz", "inside"]);
  });

  test("that earlier versions wrote by themselves are still read", async () => {
    const folder = await testFolder();
    await unpackFile(join(import.meta.dirname, "../fixtures/storage/archive-0.1.0.tar.gz"), folder);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
      ["PG_VERSION", "base", "base/1259", "base/empty", "global", "global/pg_filenode.map"].sort(),
    );
    expect(readFileSync(join(folder, "PG_VERSION"), "utf8")).toBe("18\n");
    expect(readFileSync(join(folder, "base/1259")).equals(Buffer.from(Array.from({ length: 8192 }, (_, i) => (i * 7) % 256)))).toBe(true);
    expect(readFileSync(join(folder, "global/pg_filenode.map"))).toHaveLength(0);
  });

  test("that end in the middle of a file are refused, whatever their compression says", async () => {
    const folder = await testFolder();
    mkdirSync(join(folder, "from"));
    writeFileSync(join(folder, "from", "file"), "x".repeat(5000));
    await packFolder(join(folder, "from"), join(folder, "whole.tar.gz"));
    writeFileSync(join(folder, "cut.tar.gz"), gzipSync(gunzipSync(readFileSync(join(folder, "whole.tar.gz"))).subarray(0, 3000)));
    mkdirSync(join(folder, "to"));
    await expect(unpackFile(join(folder, "cut.tar.gz"), join(folder, "to"))).rejects.toThrow("it is damaged");
  });

  test("give back files of every size, empty folders and the order of bytes", async () => {
    const folder = await testFolder();
    const from = join(folder, "from");
    mkdirSync(join(from, "empty", "deep"), { recursive: true });
    const sizes = [0, 1, 511, 512, 513, 70_000, 300_001];
    for (const size of sizes) writeFileSync(join(from, `${size}`), Buffer.from(Array.from({ length: size }, (_, i) => (i * 7) % 256)));
    await packFolder(from, join(folder, "a.tar.gz"));
    mkdirSync(join(folder, "to"));
    await unpackFile(join(folder, "a.tar.gz"), join(folder, "to"));
    expect(readdirSync(join(folder, "to"), { recursive: true }).sort()).toEqual(readdirSync(from, { recursive: true }).sort());
    for (const size of sizes) expect(readFileSync(join(folder, "to", `${size}`)).equals(readFileSync(join(from, `${size}`)))).toBe(true);
  });
});
