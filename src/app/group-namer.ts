/** Asks the language model for names of groups, and lets through only what says no more than their claims. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { UpstreamError } from "../core/errors.ts";
import { badNames, groupWords } from "../groups/group-names.ts";
import type { GroupNamer, GroupNames } from "../groups/types.ts";
import type { Logger } from "../lib/logger.ts";
import type { Prompt, PromptDefinition } from "../llm/prompts.ts";
import type { Model } from "../llm/types.ts";

export const groupNamesPrompt = {
  name: "group-names",
  variables: ["words"],
  output: z.object({ names: z.array(z.string().max(80)).max(8) }),
} as const satisfies PromptDefinition<unknown>;

/** A model that thinks before it answers takes most of it for that. */
const maxTokens = 1_500;
/** Somebody is waiting for the groups, which have letters. */
const patienceMs = 8_000;
/** Names of so many results stay, so that the same votes give the same names, also where none could be let through. */
const remembered = 500;

export function createGroupNamer(model: Model, prompt: Prompt<z.infer<typeof groupNamesPrompt.output>>, log: Logger): GroupNamer {
  const given = new LRUCache<string, { readonly called: GroupNames | null }>({ max: remembered });
  return async ({ topic, groups, payer }, signal) => {
    const data = { topic: { title: topic.title, proposition: topic.proposition }, groups };
    // Nobody's words are kept as a key.
    const key = createHash("sha256").update(JSON.stringify(data)).digest("base64url");
    const before = given.get(key);
    if (before !== undefined) return before.called;
    try {
      const task = { prompt, slots: { words: groupWords.join(", ") }, data, maxTokens, payer };
      const { answer, receipt } = await model.ask(task, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
      const bad = badNames(answer.names, groups, `${topic.title} ${topic.proposition}`);
      if (bad !== null) log.warn({ reason: bad }, "names for groups were thrown away; they keep their letters");
      const called = bad === null ? { names: answer.names, receipt } : null;
      given.set(key, { called });
      return called;
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof UpstreamError)
        log.warn({ kind: error.kind, err: error }, "groups keep their letters without the language model");
      else log.error({ err: error }, "the language model could not name groups");
      return null;
    }
  };
}
