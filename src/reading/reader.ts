/** Reads opinions: by the language model where there is one and it answers, otherwise by what ships. The same text is read once. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Topic } from "../topics/types.ts";
import { readByWords } from "./local-reader.ts";
import type { ModelReader, Reader, Reading, Unread } from "./types.ts";

export interface ReaderOptions {
  /** Null without a language model. */
  readonly model: ModelReader | null;
  /** The topics that ship: what is read without a model was learned on them. */
  readonly shipped: readonly Topic[];
}

/** Between being asked for consent and giving it, a text is not read anew; its words are not the key. */
const remembered = { max: 500, ttl: 3_600_000 };
/** As many as the local reader finds, and as fit under a text as buttons. */
const mostOpinions = 4;

export function createReader({ model, shipped }: ReaderOptions): Reader {
  const before = new LRUCache<string, readonly Reading[]>(remembered);

  async function byModel(unread: Unread, signal: AbortSignal): Promise<readonly Reading[] | null> {
    const found = unread.own ? ((await model?.(unread, signal)) ?? null) : null;
    if (found === null) return null;
    const { on, topics } = unread;
    const known = found.filter(
      (one, at) => topics.some(({ id }) => id === one.topic) && found.findIndex((o) => o.topic === one.topic) === at,
    );
    const readings = known.map((one): Reading => ({ ...one, by: "model" }));
    if (on === null) return readings.slice(0, mostOpinions);
    const named = readings.find(({ topic }) => topic === on.id);
    const unsaid: Reading = { topic: on.id, stance: "unclear", strength: "moderate", aspect: null, evidence: null, by: "model" };
    return [named ?? unsaid, ...readings.filter((one) => one !== named)].slice(0, mostOpinions);
  }

  return async (unread, signal) => {
    const { text, topics, on } = unread;
    const key = createHash("sha256")
      .update(JSON.stringify([text, on?.id ?? null, topics.map(({ id, proposition, sides }) => [id, proposition, sides])]))
      .digest("base64url");
    const known = before.get(key);
    if (known !== undefined) return known;
    const read = (await byModel(unread, signal)) ?? readByWords(unread, shipped);
    before.set(key, read);
    return read;
  };
}
