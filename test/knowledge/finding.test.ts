/** Finding by free wording, with the encoder as in production and where it fails. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEncoder } from "../../src/embedding/encoder.ts";
import type { Encoder } from "../../src/embedding/types.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createKnowledge } from "../../src/knowledge/search.ts";
import type { Entry } from "../../src/knowledge/types.ts";
import { bytesOf, packVector, readVectors } from "../../src/knowledge/vectors.ts";
import { sentencesByKey } from "../support/entry-vectors.ts";

const silent = { warn: (_fields: unknown, _message?: string): void => undefined };
let entries: readonly Entry[];
const encoder = createEncoder();
beforeAll(async () => {
  entries = await loadEntries();
});
afterAll(() => encoder.close());

const idsOf = async (query: string, by: Encoder | null, warn = silent.warn, patienceMs = 4_000): Promise<readonly string[]> => {
  const found = await createKnowledge(entries, { encoder: by, log: { warn }, patienceMs }).find(query);
  if (found.kind === "none") return [];
  return (found.kind === "near" ? found.entries : [found.entry, ...found.others]).map(({ id }) => id);
};

describe("free wording", () => {
  it("is found by its meaning where it shares no word with the name", async () => {
    expect(await idsOf("learning together without anybody handing over their records", encoder)).toContain("federated-learning");
  });

  it("is found by letters and words where the encoder fails, and the log says so", async () => {
    const told: string[] = [];
    const broken: Encoder = { encode: () => Promise.reject(new Error("no model")), close: async () => undefined };
    const warn = (_fields: unknown, message?: string): void => void told.push(message ?? "");
    expect(await idsOf("how do radios show that their coverage is real", broken, warn)).toContain("proof-of-coverage");
    expect(told).toEqual(["a question was searched without the encoder"]);
  });

  it("does not wait for an encoder that hangs", async () => {
    const hanging: Encoder = { encode: () => new Promise(() => undefined), close: async () => undefined };
    expect(await idsOf("how do radios show that their coverage is real", hanging, silent.warn, 1)).toContain("proof-of-coverage");
  });

  it("never asks the encoder for a name, a slip or a suggestion", async () => {
    let asked = 0;
    const counting: Encoder = {
      encode(texts) {
        asked++;
        return encoder.encode(texts);
      },
      close: async () => undefined,
    };
    const knowledge = createKnowledge(entries, { encoder: counting, log: silent });
    for (const name of ["HNT", "what is proof of stake?", "filcoin", "…"]) await knowledge.find(name);
    knowledge.suggest("how do miners prove", 25);
    expect(asked).toBe(0);
  });
});

describe("the vectors beside the entries", () => {
  it("are those of the present sentences, no more and no less (npm run vectors)", async () => {
    const [wanted, present] = [await sentencesByKey(), await readVectors()];
    expect([...wanted].filter(([key]) => !present.has(key)).map(([, sentence]) => sentence)).toEqual([]);
    expect([...present.keys()].filter((key) => !wanted.has(key))).toEqual([]);
  });

  it("are what the encoder makes of them today", async () => {
    const [sentences, vectors] = [[...(await sentencesByKey())].slice(0, 20), await readVectors()];
    const fresh = await encoder.encode(sentences.map(([, sentence]) => sentence));
    for (const [at, [key, sentence]] of sentences.entries()) {
      const kept = vectors.get(key) ?? new Int8Array();
      const cosine =
        (fresh[at] ?? new Float32Array()).reduce((sum, part, place) => sum + part * (kept[place] ?? 0), 0) / Math.hypot(...kept);
      expect(cosine, sentence).toBeGreaterThan(0.995);
    }
  });

  it("are left out where a line cannot be read", async () => {
    expect((await readVectors("/nowhere/at/all")).size).toBe(0);
    expect(Buffer.from(packVector(bytesOf(Float32Array.from([0.5, -1, 0]))), "base64")).toEqual(Buffer.from([64, 129, 0]));
  });
});
