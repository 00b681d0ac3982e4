/** Discord's HTTP API: one client for the bot's own work, one for answers to members, and the breaker that both pass through. */
import { DefaultRestOptions, REST, type RESTOptions, type ResponseLike } from "@discordjs/rest";
import type { Logger } from "../../lib/logger.ts";
import { BannedError, ForeignAnswerError, isPassing } from "./errors.ts";

export interface RestOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly log: Logger;
  readonly now: () => Date;
  readonly timeoutMs: number;
  /** Discord does not accept the bot's token (401). */
  readonly onUnauthorised: () => void;
}

export interface Rest {
  /** Gateway information, commands, channel messages. What would have to wait long is given back (`RateLimitError`). */
  readonly bot: REST;
  /**
   * Interaction callbacks and webhooks. Discord exempts them from the global limit of 50 requests a second (topics/rate-limits), but
   * @discordjs/rest does not: with the common limiter, 48 deferred answers a second were all that one process could give.
   */
  readonly answers: REST;
  /** Nothing is requested any more, also not what still waits for a limit to pass. */
  close(): void;
}

/** Discord blocks an address for 10,000 invalid requests (401, 403, 429) in 10 minutes (topics/rate-limits); we stop at half of that. */
const maxInvalid = 5000;
const invalidWindowMs = 600_000;
const banPauseMs = 60_000;
const longestBanPauseMs = 900_000;
/** An answer waits at most this long for a rate limit to pass: its token lives 15 minutes, its reader's patience does not. */
const longestAnswerWaitMs = 30_000;

/** A request waits for the next second of a limit; longer waits are for its sender to plan. */
const longestWaitMs = 1500;
/** A message that meets the global limit is given back at once: all that wait here would leave together when it has passed. */
const messageRoute = "/channels/:id/messages";

type MakeRequest = RESTOptions["makeRequest"];

export function createRest(options: RestOptions): Rest {
  const closing = new AbortController();
  const makeRequest = createBreaker(options, closing.signal);
  // Retries of @discordjs/rest repeat a POST at once after a lost response, which makes a second message of it: we decide ourselves.
  const common = {
    api: options.apiUrl.replace(/\/+$/, ""),
    retries: 0,
    timeout: options.timeoutMs,
    makeRequest,
    handlerSweepInterval: 60_000,
  };
  const bot = new REST({
    ...common,
    rejectOnRateLimit: ({ retryAfter, timeToReset, global, route }) =>
      Math.max(retryAfter, timeToReset) > longestWaitMs || (global && route === messageRoute),
  }).setToken(options.token);
  const answers = new REST({
    ...common,
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    rejectOnRateLimit: ({ retryAfter, timeToReset }) => Math.max(retryAfter, timeToReset) > longestAnswerWaitMs,
  });
  return {
    bot,
    answers,
    close() {
      closing.abort(new Error("Discord is stopped"));
      for (const rest of [bot, answers]) {
        rest.clearHandlerSweeper();
        rest.clearHashSweeper();
      }
    },
  };
}

/**
 * Lets requests through while Discord does.
 * A 429 without Retry-After is Cloudflare's ban (discord-api-docs#5810); @discordjs/rest would repeat it without a pause, hundreds of times
 * a second. The whole body is read here, so that the request's deadline covers it too.
 */
function createBreaker({ log, now, onUnauthorised }: RestOptions, closing: AbortSignal): MakeRequest {
  let closedUntil = 0;
  let pauseMs = banPauseMs;
  let invalid = { since: 0, count: 0 };

  const shut = (ms: number, why: string): BannedError => {
    closedUntil = now().getTime() + ms;
    log.error({ platform: "discord", seconds: Math.ceil(ms / 1000) }, `${why}; I send nothing until then`);
    return new BannedError(ms);
  };

  function countInvalid(): void {
    const at = now().getTime();
    if (at - invalid.since >= invalidWindowMs) invalid = { since: at, count: 0 };
    invalid.count++;
    if (invalid.count === maxInvalid)
      shut(invalid.since + invalidWindowMs - at, "half of the invalid requests that Discord tolerates are used up");
  }

  return async (url, init) => {
    closing.throwIfAborted();
    const left = closedUntil - now().getTime();
    if (left > 0) throw new BannedError(left);
    const response = await DefaultRestOptions.makeRequest(url, init);
    const body = await response.arrayBuffer();
    const { status, headers } = response;
    if (status === 429 && !isWait(headers.get("retry-after"))) {
      const error = shut(pauseMs, "Discord has blocked this address for too many requests");
      pauseMs = Math.min(pauseMs * 2, longestBanPauseMs);
      throw error;
    }
    if (status < 300) pauseMs = banPauseMs;
    if (status === 401 && "Authorization" in (init.headers ?? {})) onUnauthorised();
    if (status === 401 || status === 403 || (status === 429 && headers.get("x-ratelimit-scope") !== "shared")) countInvalid();
    if (status >= 400 && status < 500 && status !== 429 && !isJson(body)) throw new ForeignAnswerError(status);
    return buffered(response, body);
  };
}

const isWait = (header: string | null): boolean =>
  header !== null && header.trim() !== "" && Number.isFinite(Number(header)) && Number(header) >= 0;

function isJson(body: ArrayBuffer): boolean {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof parsed === "object" && parsed !== null;
  } catch {
    return false;
  }
}

/** The response again, with the body that has been read. An empty one is no JSON, whatever its type says. */
function buffered({ status, statusText, headers, ok }: ResponseLike, body: ArrayBuffer): ResponseLike {
  const text = () => new TextDecoder().decode(body);
  return {
    status,
    statusText,
    headers,
    ok,
    body: null,
    bodyUsed: true,
    arrayBuffer: async () => body,
    text: async () => text(),
    json: async () => (body.byteLength === 0 ? undefined : JSON.parse(text())),
  };
}

/**
 * Repeats what may be repeated: reading, replacing and deleting.
 * @throws the last error
 */
export async function persist<T>(work: () => Promise<T>, attempts = 3): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt * (1 + Math.random())));
    }
  }
}
