/** Renews the vectors of the entries' sentences: `npm run vectors` after a change to an entry; a test holds them current. */
import { writeFile } from "node:fs/promises";
import { createEncoder } from "../../src/embedding/encoder.ts";
import { everyday } from "../../src/knowledge/everyday.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { sentencesOf } from "../../src/knowledge/meaning.ts";
import { bytesOf, packVector, readVectors, vectorKey, vectorsFile } from "../../src/knowledge/vectors.ts";

/** Key → sentence, of every sentence that a question is compared with. */
export async function sentencesByKey(): Promise<ReadonlyMap<string, string>> {
  const sentences = [...(await loadEntries()).flatMap(sentencesOf), ...everyday];
  return new Map(sentences.map((sentence) => [vectorKey(sentence), sentence]));
}

if (import.meta.main) {
  const [wanted, present] = [await sentencesByKey(), await readVectors()];
  const missing = [...wanted].filter(([key]) => !present.has(key));
  const encoder = createEncoder();
  const fresh = await encoder.encode(missing.map(([, sentence]) => sentence));
  await encoder.close();
  const vectors = new Map([...present].filter(([key]) => wanted.has(key)));
  for (const [at, [key]] of missing.entries()) {
    const vector = fresh[at];
    if (vector !== undefined) vectors.set(key, bytesOf(vector));
  }
  // In the order of their keys, so that a changed sentence changes one line.
  const lines = [...vectors].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, vector]) => `${key} ${packVector(vector)}\n`);
  await writeFile(vectorsFile, lines.join(""));
  process.stdout.write(`${vectors.size} vectors, ${missing.length} of them new\n`);
}
