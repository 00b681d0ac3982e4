/** The language model: any service that speaks OpenAI's chat completions. Its answers are data to be checked, never obeyed. */
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { UpstreamError, type UpstreamKind } from "../core/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { fillPrompt, loadPrompt } from "./prompts.ts";
import type { Model, ModelBudgetStore, Task } from "./types.ts";

export interface ModelOptions {
  readonly key: string;
  readonly baseUrl: string;
  readonly name: string;
  /** Tokens of one UTC day, in and out together. */
  readonly dailyTokens: number;
  readonly budget: ModelBudgetStore;
  readonly log: Logger;
  readonly now: () => Date;
}

export const modelService = "The language model";
const timeoutMs = 15_000;
/** A token is rarely less than two characters: so the estimate before the call is on the safe side. */
const charactersPerToken = 2;

export function createModel({ key, baseUrl, name, dailyTokens, budget, log, now }: ModelOptions): Model {
  const client = new OpenAI({ apiKey: key, baseURL: baseUrl, timeout: timeoutMs, maxRetries: 1, logLevel: "off" });

  async function once<T>(task: Task<T>, system: string, signal: AbortSignal): Promise<T | null> {
    const user = JSON.stringify(task.data);
    const day = now().toISOString().slice(0, 10);
    const reserved = Math.ceil((system.length + user.length) / charactersPerToken) + task.maxTokens;
    if (!(await budget.reserve(day, reserved, dailyTokens)))
      throw new UpstreamError(modelService, "rate_limited", { detail: "the day's token budget is used up" });
    let used = reserved;
    try {
      const answer = await client.chat.completions.create(
        {
          model: name,
          messages: [
            { role: "system", content: system },
            { role: "user", content: user },
          ],
          response_format: { type: "json_object" },
          max_completion_tokens: task.maxTokens,
        },
        { signal },
      );
      used = answer.usage?.total_tokens ?? reserved;
      return read(task, answer.choices?.[0]?.message?.content);
    } catch (error) {
      throw upstream(error);
    } finally {
      if (used !== reserved) await budget.settle(day, used - reserved);
    }
  }

  return {
    async ask(task, signal) {
      const prompt = await loadPrompt(task.prompt);
      const system = fillPrompt(prompt, task.slots);
      for (let attempt = 1; attempt <= 2; attempt++) {
        const answer = await once(task, system, signal);
        if (answer !== null) return answer;
        log.warn(
          { prompt: prompt.name, version: prompt.version, attempt },
          "the language model's answer has not the shape it was asked for",
        );
      }
      throw new UpstreamError(modelService, "bad_shape");
    },
  };
}

/** Null where the answer is empty, no JSON, or of another shape. Fences around it are taken off: models add them unasked. */
function read<T>({ output }: Task<T>, content: string | null | undefined): T | null {
  if (typeof content !== "string" || content.length > 100_000) return null;
  try {
    const json: unknown = JSON.parse(content.trim().replace(/^```(?:json)?\s*|\s*```$/g, ""));
    return output.safeParse(json).data ?? null;
  } catch {
    return null;
  }
}

/** Without the library's message, which may quote what was asked. */
function upstream(error: unknown): Error {
  if (error instanceof UpstreamError) return error;
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return new UpstreamError(modelService, "timeout");
  if (error instanceof APIConnectionError) return new UpstreamError(modelService, "unreachable");
  if (error instanceof APIError)
    return new UpstreamError(modelService, kindOf(error.status), { detail: `status ${error.status ?? "unknown"}` });
  // What is not JSON although the service says so.
  return new UpstreamError(modelService, "bad_shape", { detail: error instanceof Error ? error.name : "not an error" });
}

function kindOf(status: number | undefined): UpstreamKind {
  if (status === 401 || status === 403) return "unauthorised";
  if (status === 404) return "not_found";
  if (status === 429) return "rate_limited";
  return status !== undefined && status >= 500 ? "server_error" : "bad_shape";
}
