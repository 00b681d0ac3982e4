/** What an OpenAI-compatible service answers, good manners and bad: scripts for the fake web, at once or as a stream, as it was asked. */
import type { Scripted } from "./fake-web.ts";

export const completionsPath = "/v1/chat/completions";

export interface Manner {
  /** Tokens that it says were used. */
  readonly total?: number;
  /** The text as it comes in pieces; default: three characters each, so that names, numbers and escapes are torn apart. */
  readonly pieces?: Iterable<string> | AsyncIterable<string>;
  /** How it ends; default: properly. What is whole and not a stream hangs from the start, or breaks off in the middle. */
  readonly ending?: "end" | "hang" | "cut";
}

const inThrees = (content: string): readonly string[] => content.match(/[\s\S]{1,3}/g) ?? [];

const usage = (total: number) => ({ prompt_tokens: total - 10, completion_tokens: 10, total_tokens: total });

/** Answers with this text: as a stream where one was asked for, else whole. */
export const writes = (
  content: string | null,
  { total = 3_000, pieces = inThrees(content ?? ""), ending = "end" }: Manner = {},
): Scripted =>
  function answer({ body }) {
    if (/"stream":true/.test(body)) return { events: chunks(pieces, ending === "end" ? total : null), ending };
    const whole = {
      id: "c1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
      usage: usage(total),
    };
    if (ending === "end") return { body: whole };
    return ending === "hang" ? { fault: "hang" } : { fault: "close_early", body: whole };
  };

/** Sentences with the numbers of what they cite. */
export const says = (...sentences: readonly (readonly [string, ...number[]])[]): Scripted => writes(answerOf(sentences));

export const answerOf = (sentences: readonly (readonly [string, ...number[]])[]): string =>
  JSON.stringify({ sentences: sentences.map(([text, ...cites]) => ({ text, cites })) });

/** Takes a stream for a whole answer, as services do that cannot stream. */
export const cannotStream = (content: string): Scripted => {
  const whole = writes(content);
  return (request) => (typeof whole === "function" ? whole({ ...request, body: "" }) : whole);
};

async function* chunks(pieces: Iterable<string> | AsyncIterable<string>, total: number | null): AsyncGenerator<string> {
  const chunk = (choices: readonly object[], more: object = {}) =>
    JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices, ...more });
  yield chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
  for await (const content of pieces) yield chunk([{ index: 0, delta: { content }, finish_reason: null }]);
  if (total === null) return;
  yield chunk([{ index: 0, delta: {}, finish_reason: "stop" }]);
  yield chunk([], { usage: usage(total) });
  yield "[DONE]";
}
