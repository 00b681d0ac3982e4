/** The vectors of the entries' sentences, computed once and kept beside the entries; `npm run vectors` writes them. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dimensions } from "../embedding/types.ts";

/** One line a sentence: the key of its text, and its vector as bytes in base64. */
export const vectorsFile: string = join(import.meta.dirname, "entry-vectors.txt");

/** A sentence is recognised by this, so that a changed sentence has no old vector. */
export const vectorKey = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 12);

/** Bytes lose nothing that the order of results would show, and take a quarter of the room. */
export function packVector(vector: Float32Array): string {
  const greatest = Math.max(...vector.map(Math.abs));
  return Buffer.from(Int8Array.from(vector, (part) => Math.round((part / greatest) * 127)).buffer).toString("base64");
}

/** Key → vector of length 1. A line that cannot be read is left out: its sentence is then encoded anew. */
export async function readVectors(file: string = vectorsFile): Promise<ReadonlyMap<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  for (const line of (await readFile(file, "utf8").catch(() => "")).split("\n")) {
    const [key = "", packed = ""] = line.split(" ");
    const bytes = Buffer.from(packed, "base64");
    if (bytes.length !== dimensions) continue;
    const parts = Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    const length = Math.hypot(...parts);
    vectors.set(
      key,
      parts.map((part) => part / length),
    );
  }
  return vectors;
}
