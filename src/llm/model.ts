/** The language model: any service that speaks OpenAI's chat completions. Its answers are data to be checked, never obeyed. */
import { randomBytes } from "node:crypto";
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { UpstreamError, type UpstreamKind } from "../core/errors.ts";
import { receiptFrom } from "../core/figure.ts";
import type { ReceiptId } from "../core/ids.ts";
import type { ModelAnswerStore } from "../core/model-answers.ts";
import { createBreaker, Resting } from "../lib/breaker.ts";
import { parseRetryAfter } from "../lib/http-retry-after.ts";
import type { Logger } from "../lib/logger.ts";
import { type Budget, modelService } from "./budget.ts";
import { type Completed, complete, completeStreaming, longestContent } from "./complete.ts";
import { createPartlyReader } from "./partly.ts";
import { fillPrompt } from "./prompts.ts";
import type { Model, Task } from "./types.ts";

export interface ModelOptions {
  readonly key: string;
  readonly baseUrl: string;
  readonly name: string;
  readonly budget: Budget;
  readonly answers: Pick<ModelAnswerStore, "add">;
  readonly log: Logger;
  readonly now: () => Date;
  /** Milliseconds until the service must have answered, and while it streams between one piece and the next. For tests. */
  readonly timeoutMs?: number;
}

/** A token is rarely less than two characters: so the estimate before the call is on the safe side. */
const charactersPerToken = 2;
/** After a failure that its second attempt shared, the service is left alone for this long, or for as long as it said. */
const restMs = 30_000;
const failures = 2;

/** Failures of the service itself; a wrong answer or a spent budget is none. */
const illness: ReadonlySet<UpstreamKind> = new Set(["timeout", "unreachable", "rate_limited", "unauthorised", "not_found", "server_error"]);
/** Those that a second attempt may mend at once. */
const passing: ReadonlySet<UpstreamKind> = new Set(["timeout", "unreachable", "server_error"]);

export function createModel({ key, baseUrl, name, budget, answers, log, now, timeoutMs = 15_000 }: ModelOptions): Model {
  const client = new OpenAI({ apiKey: key, baseURL: baseUrl, timeout: timeoutMs, maxRetries: 0, logLevel: "off" });
  const breaker = createBreaker({ now, failures, restMs, counts: (error) => error instanceof UpstreamError && illness.has(error.kind) });

  /** Null where the answer has the wrong shape. */
  async function once<T>(task: Task<T>, partly: Task<T>["partly"], signal: AbortSignal): Promise<T | null> {
    const { prompt, slots, data, maxTokens, payer } = task;
    const [system, user] = [fillPrompt(prompt, slots), JSON.stringify(data)];
    const reserved = Math.ceil((system.length + user.length) / charactersPerToken) + maxTokens;
    const reservation = await budget.reserve(reserved, payer);
    let used = reserved;
    const request = {
      model: name,
      messages: [
        { role: "system" as const, content: system },
        { role: "user" as const, content: user },
      ],
      response_format: { type: "json_object" as const },
      max_completion_tokens: maxTokens,
    };
    const asked = (): Promise<Completed> =>
      partly === undefined
        ? complete(client, request, signal)
        : completeStreaming(client, request, { signal, stallMs: timeoutMs, onPiece: createPartlyReader(prompt.output, partly) });
    try {
      const { content, tokens } = await breaker.run(() =>
        asked().catch((error: unknown) => {
          throw upstream(error, now());
        }),
      );
      used = tokens ?? reserved;
      return read(prompt.output, content);
    } catch (error) {
      // It was not even asked.
      if (error instanceof Resting) used = 0;
      throw error instanceof Resting ? error.cause : error;
    } finally {
      await reservation.settle(used);
    }
  }

  /** An answer is worth having without its record. */
  async function recorded(prompt: string): Promise<ReceiptId | null> {
    const record = { id: receiptFrom(randomBytes(5)), prompt, model: name, at: now() };
    try {
      await answers.add(record);
      return record.id;
    } catch (error) {
      log.error({ prompt, err: error }, "by which prompt an answer was written could not be stored");
      return null;
    }
  }

  return {
    async ask(task, signal) {
      const { prompt } = task;
      const fields = { prompt: prompt.name, version: prompt.version };
      for (let attempt = 1; ; attempt++) {
        // Some services cannot stream: the second attempt asks for the whole answer at once.
        const partly = attempt > 1 ? undefined : task.partly;
        try {
          const answer = await once(task, partly, signal);
          if (answer !== null) return { answer, receipt: await recorded(`${prompt.name} ${prompt.version}`) };
          log.warn({ ...fields, attempt }, "the language model's answer has not the shape it was asked for");
        } catch (error) {
          const mayPass =
            error instanceof UpstreamError && (passing.has(error.kind) || (partly !== undefined && error.kind === "bad_shape"));
          if (!mayPass || attempt > 1 || signal.aborted) throw error;
          log.warn({ ...fields, attempt, kind: error.kind }, "the language model failed, and is asked once more");
        }
        if (attempt > 1) throw new UpstreamError(modelService, "bad_shape");
      }
    },
  };
}

/** Null where the answer is empty, no JSON, or of another shape. Fences around it are taken off: models add them unasked. */
function read<T>(output: Task<T>["prompt"]["output"], content: string | null | undefined): T | null {
  if (typeof content !== "string" || content.length > longestContent) return null;
  try {
    const json: unknown = JSON.parse(content.trim().replace(/^```(?:json)?\s*|\s*```$/g, ""));
    return output.safeParse(json).data ?? null;
  } catch {
    return null;
  }
}

/** Without the library's message, which may quote what was asked. */
function upstream(error: unknown, now: Date): Error {
  if (error instanceof UpstreamError) return error;
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return new UpstreamError(modelService, "timeout");
  if (error instanceof APIConnectionError) return new UpstreamError(modelService, "unreachable");
  if (error instanceof APIError)
    return new UpstreamError(modelService, kindOf(error.status), {
      detail: `status ${error.status ?? "unknown"}`,
      ...asked(error, now),
    });
  // A body that broke off: fetch says so with nothing else.
  if (error instanceof TypeError) return new UpstreamError(modelService, "unreachable");
  // What is not JSON although the service says so.
  return new UpstreamError(modelService, "bad_shape", { detail: error instanceof Error ? error.name : "not an error" });
}

function kindOf(status: number | undefined): UpstreamKind {
  if (status === 401 || status === 403) return "unauthorised";
  if (status === 404) return "not_found";
  if (status === 429) return "rate_limited";
  return status !== undefined && status >= 500 ? "server_error" : "bad_shape";
}

function asked(error: APIError, now: Date): { readonly retryAfterMs?: number } {
  const retryAfterMs = parseRetryAfter(error.headers?.get("retry-after") ?? null, now.getTime());
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}
