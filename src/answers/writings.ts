/** Has equal questions over equal evidence written about once: who asks while it is being written sees it grow too, and who asks later gets it as it is. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Commission, Draft, Payer, Writer } from "./types.ts";

/** Distinct questions whose answers are kept while their evidence stays the same. */
const remembered = 500;

type Result = Awaited<ReturnType<Writer["write"]>>;
type OnDrafts = (drafts: readonly Draft[]) => void;

interface Writing {
  readonly result: Promise<Result>;
  /** Tells what there is, and what comes. */
  join(reader: OnDrafts): Promise<Result>;
}

/**
 * @param withinMs the writer's whole time
 * @returns rejects with what the writer rejects with; `onDrafts` is told nothing once the result is there
 */
export function createWritings(
  writer: Writer,
  withinMs: number,
): (commission: Commission, payer: Payer, onDrafts: OnDrafts) => Promise<Result> {
  const writings = new LRUCache<string, Writing>({ max: remembered });

  function begin(commission: Commission, payer: Payer): Writing {
    const readers = new Set<OnDrafts>();
    let soFar: readonly Draft[] = [];
    const result = writer.write(commission, payer, AbortSignal.timeout(withinMs), (drafts) => {
      soFar = drafts;
      for (const reader of readers) reader(drafts);
    });
    return {
      result,
      join(reader) {
        if (soFar.length > 0) reader(soFar);
        readers.add(reader);
        return result.finally(() => readers.delete(reader));
      },
    };
  }

  return (commission, payer, onDrafts) => {
    const key = keyOf(writer.prompt, commission);
    const known = writings.get(key);
    if (known !== undefined) return known.join(onDrafts);
    const writing = begin(commission, payer);
    writings.set(key, writing);
    const drop = () => void (writings.get(key) === writing && writings.delete(key));
    // What could not be had is asked for again the next time.
    writing.result.then((result) => typeof result === "string" && drop(), drop);
    return writing.join(onDrafts);
  };
}

/** Nobody's words are kept as a key. */
function keyOf(prompt: string, { question, audience, dossier, earlier }: Commission): string {
  const words = question
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[?!. ]+$/, "");
  const figures = [...dossier.figures.values()].map(({ id, state }) => [id, state]);
  const evidence = dossier.evidence.map((one) => {
    if (one.kind === "passage") return [one.entry.id, one.audience, one.text];
    return one.kind === "figure" ? one.figure.id : [one.topic.id, one.counts];
  });
  return createHash("sha256")
    .update(JSON.stringify([prompt, words, audience, evidence, figures, earlier]))
    .digest("base64url");
}
