/**
 * The sentence encoder, in a process beside the program: a sentence takes 20 ms in which nothing else would be answered, and the model keeps
 * 160 MB while it is loaded. The process ends when nobody has asked for a while.
 */
import { join } from "node:path";
import { z } from "zod";
import { createHelperProcess } from "../lib/helper-process.ts";
import { dimensions, type Encoder } from "./types.ts";

export interface EncoderOptions {
  /** How long the process is kept after its last sentence. */
  readonly idleMs?: number;
  /** Longest wait for one batch, the start of the process included. */
  readonly patienceMs?: number;
}

/** Sentences a message: a whole batch of them takes a quarter of a second, so that a question waits no longer for one of many. */
const batch = 32;

const answerSchema = z.union([
  z.object({ vectors: z.array(z.instanceof(Float32Array).refine((vector) => vector.length === dimensions)) }),
  z.object({ error: z.string() }),
]);

export function createEncoder({ idleMs = 60_000, patienceMs = 15_000 }: EncoderOptions = {}): Encoder {
  const helper = createHelperProcess({ module: join(import.meta.dirname, "encoding.ts"), task: "encodes sentences", idleMs, patienceMs });

  async function encodeBatch(texts: readonly string[]): Promise<readonly Float32Array[]> {
    const answer = answerSchema.parse(await helper.ask({ texts }));
    if ("error" in answer) throw new Error(`sentences could not be encoded: ${answer.error}`);
    if (answer.vectors.length !== texts.length) throw new Error("sentences could not be encoded: some are missing");
    return answer.vectors;
  }

  return {
    async encode(texts) {
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += batch) vectors.push(...(await encodeBatch(texts.slice(at, at + batch))));
      return vectors;
    },
    close: () => helper.close(),
  };
}
