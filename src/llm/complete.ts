/** One request to the service, at once or as a stream: what was written, and what it cost. */
import type OpenAI from "openai";
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { UpstreamError } from "../core/errors.ts";
import { modelService } from "./budget.ts";

export interface Completed {
  readonly content: string | null | undefined;
  /** Undefined where the service does not say. */
  readonly tokens: number | undefined;
}

/** More than any prompt of this program asks for; a service that goes on and on is cut off. */
export const longestContent = 100_000;

export async function complete(client: OpenAI, request: ChatCompletionCreateParamsNonStreaming, signal: AbortSignal): Promise<Completed> {
  const answer = await client.chat.completions.create(request, { signal });
  return { content: answer.choices?.[0]?.message?.content, tokens: answer.usage?.total_tokens };
}

/**
 * @param stallMs longest wait for the next piece; the library's own time-out ends with the first byte
 * @param onPiece told each piece of the text as it comes
 * @throws UpstreamError where it stalls or the signal fires, and what the library throws
 */
export async function completeStreaming(
  client: OpenAI,
  request: ChatCompletionCreateParamsNonStreaming,
  { signal, stallMs, onPiece }: { readonly signal: AbortSignal; readonly stallMs: number; readonly onPiece: (piece: string) => void },
): Promise<Completed> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallMs);
  const ended = AbortSignal.any([signal, stalled.signal]);
  try {
    const stream = await client.chat.completions.create(
      { ...request, stream: true, stream_options: { include_usage: true } },
      { signal: ended },
    );
    let content = "";
    let tokens: number | undefined;
    for await (const chunk of stream) {
      timer.refresh();
      tokens = chunk.usage?.total_tokens ?? tokens;
      const piece = chunk.choices?.[0]?.delta?.content ?? "";
      content += piece;
      if (content.length > longestContent) break;
      if (piece !== "") onPiece(piece);
    }
    // To the library an aborted stream is one that has ended.
    if (ended.aborted) throw new UpstreamError(modelService, "timeout");
    return { content, tokens };
  } finally {
    clearTimeout(timer);
  }
}
