/** The small classifier's weights, learned from labelled comments and kept beside it; `npm run eval -- --fit` writes them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const headSchema = z.object({
  /** A hash of the labelled comments that they were learned from. */
  learnedFrom: z.string(),
  /** Ids of the topics that it knows, in the order of their weights. */
  topics: z.array(z.string()),
  topicBias: z.array(z.number()),
  stanceBias: z.array(z.number()),
  /** A text speaks of a topic from this score on. */
  topicThreshold: z.number(),
  /** A side less likely than this is not taken for the author's. */
  stanceThreshold: z.number(),
});

export interface Weights extends z.infer<typeof headSchema> {
  /** Feature → a weight for each topic, and then for each topic one for each stance. */
  readonly features: ReadonlyMap<string, Float32Array>;
}

export const weightsFile = join(import.meta.dirname, "reader-weights.txt");

/** The first line is the head, then one line a feature: its name, the greatest of its weights, and all of them as bytes in base64. */
export function packWeights({ features, ...head }: Weights): string {
  const lines = [...features]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, weights]) => {
      const greatest = Math.max(...weights.map(Math.abs));
      const bytes = Int8Array.from(weights, (weight) => (greatest === 0 ? 0 : Math.round((weight / greatest) * 127)));
      return `${name}\t${greatest.toFixed(4)}\t${Buffer.from(bytes.buffer).toString("base64")}\n`;
    });
  return `${JSON.stringify(head)}\n${lines.join("")}`;
}

let loaded: Weights | undefined;

/** @throws Error where the file is missing or broken: it belongs to the program */
export function readWeights(): Weights {
  if (loaded !== undefined) return loaded;
  const [head = "", ...lines] = readFileSync(weightsFile, "utf8").trimEnd().split("\n");
  const features = new Map<string, Float32Array>();
  for (const line of lines) {
    const [name = "", greatest, packed = ""] = line.split("\t");
    const bytes = Buffer.from(packed, "base64");
    const scale = Number(greatest) / 127;
    features.set(
      name,
      Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length), (part) => part * scale),
    );
  }
  loaded = { ...headSchema.parse(JSON.parse(head)), features };
  return loaded;
}
