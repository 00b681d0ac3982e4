/** The vectors of the entries' sentences, computed once and kept beside the entries; `npm run vectors` writes them. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dimensions } from "../embedding/types.ts";

/** One line a sentence: the key of its text, and its vector as bytes in base64. */
export const vectorsFile: string = join(import.meta.dirname, "entry-vectors.txt");

/** A sentence is recognised by this, so that a changed sentence has no old vector. */
export const vectorKey = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 12);

/** Bytes lose nothing that the order of results would show, take a quarter of the room, and are compared in two thirds of the time. */
export function bytesOf(vector: Float32Array): Int8Array {
  const greatest = Math.max(...vector.map(Math.abs));
  return Int8Array.from(vector, (part) => Math.round((part / greatest) * 127));
}

/** As a line of the file holds it. */
export const packVector = (bytes: Int8Array): string => Buffer.from(bytes).toString("base64");

/** Key → vector. A line that cannot be read is left out: its sentence is then encoded anew. */
export async function readVectors(file: string = vectorsFile): Promise<ReadonlyMap<string, Int8Array>> {
  const vectors = new Map<string, Int8Array>();
  for (const line of (await readFile(file, "utf8").catch(() => "")).split("\n")) {
    const [key = "", packed = ""] = line.split(" ");
    const bytes = Buffer.from(packed, "base64");
    if (bytes.length === dimensions) vectors.set(key, Int8Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)));
  }
  return vectors;
}
