/** The HTTP client for data sources: every answer is bounded in time and size, checked before it is believed, and fails as `UpstreamError`. */
import type { z } from "zod";
import { UpstreamError, type UpstreamKind } from "../core/errors.ts";
import { readCapped, TooLarge } from "./http-body.ts";
import { type Clock, realClock } from "./http-clock.ts";
import { readJson } from "./http-json.ts";
import { createPacer, type Pacer } from "./http-pace.ts";
import { parseRetryAfter } from "./http-retry-after.ts";

export interface HttpOptions {
  readonly userAgent?: string;
  /** Waits for its turn before each request to a host. Default: 5 requests a second to each host. */
  readonly pace?: Pacer;
  readonly clock?: Clock;
  /** A number from 0 to 1 that spreads the waits before a second try. */
  readonly random?: () => number;
}

export interface HttpRequest {
  /** The name a person would recognise, for the error. */
  readonly service: string;
  /** Never printed: a base address may be an operator's own. */
  readonly url: string;
  /** Keys belong here and nowhere else; they are dropped when a redirect leads to another host. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The caller's own end. */
  readonly signal?: AbortSignal;
  /** Milliseconds for everything: waiting for a turn, connecting, the body, and a second try. Default 8,000. */
  readonly deadlineMs?: number;
  /** Greatest size of the decompressed body. Default 2 MB. */
  readonly maxBytes?: number;
  /**
   * What the service itself says went wrong, from the status and the parsed body (undefined where it is no JSON).
   * Asked for every answer, also for a 200, because some services send errors with it. Undefined: nothing known.
   */
  readonly diagnose?: (status: number, body: unknown) => UpstreamKind | undefined;
}

export interface JsonRequest<T> extends HttpRequest {
  readonly schema: z.ZodType<T>;
  /** Numbers arrive as `WrittenNumber`, with the digits that the source wrote. */
  readonly written?: boolean;
}

export interface Http {
  /** GET, as JSON that satisfies the schema. @throws UpstreamError and nothing else */
  getJson<T>(request: JsonRequest<T>): Promise<T>;
  /** POST of a JSON body that only reads (it may be sent twice), answered in JSON. @throws UpstreamError and nothing else */
  postJson<T>(request: JsonRequest<T> & { readonly body: unknown }): Promise<T>;
  /** As `postJson`, for whoever reads a long answer elsewhere. @throws UpstreamError and nothing else */
  postBytes(request: HttpRequest & { readonly body: unknown }): Promise<Uint8Array>;
  /** GET, as plain text. @throws UpstreamError and nothing else */
  getText(request: HttpRequest): Promise<string>;
  /** GET of a file, such as an archive. @throws UpstreamError and nothing else */
  getBytes(request: HttpRequest): Promise<Uint8Array>;
}

interface Received {
  readonly status: number;
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly retryAfter: string | null;
}

/** CoinGecko has answered 403 to agents that do not look like a browser's; this form names us and passes. */
const defaultUserAgent = "Mozilla/5.0 (compatible; Depinion/0.1)";
const defaultDeadlineMs = 8_000;
const defaultMaxBytes = 2_000_000;
/** An error's body is read only to learn its code. */
const maxErrorBytes = 64_000;
const maxRedirects = 3;
const firstBackoffMs = 300;

/**
 * Makes the client. A request is tried at most twice: again after 429, 5xx and broken connections, if the wait that the
 * service asks for (capped at a minute) still fits into the deadline; never after another 4xx.
 */
export function createHttp(options: HttpOptions = {}): Http {
  const {
    userAgent = defaultUserAgent,
    pace = createPacer({ requests: 5, seconds: 1 }),
    clock = realClock,
    random = Math.random,
  } = options;

  async function run<T>(request: HttpRequest, init: RequestInit, accept: Accept, read: (received: Received) => T): Promise<T> {
    const { service, deadlineMs = defaultDeadlineMs } = request;
    const deadline = clock.deadline(deadlineMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    const endsAt = clock.now() + deadlineMs;
    const attempt = async (): Promise<T> => {
      try {
        await turn(pace, request, signal);
        const received = await exchange(request, { ...init, signal }, userAgent);
        check(request, received, accept, clock.now());
        return read(received);
      } catch (error) {
        throw translate(service, error, signal);
      }
    };
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof UpstreamError) || !retryable.has(error.kind) || signal.aborted) throw error;
      const wait = Math.max(error.retryAfterMs ?? 0, firstBackoffMs * (1 + random()));
      if (clock.now() + wait >= endsAt) throw error;
      await clock.sleep(wait, signal).catch(() => {
        throw error;
      });
      return attempt();
    }
  }

  const json = <T>(request: JsonRequest<T>, init: RequestInit): Promise<T> =>
    run(request, init, "json", (received) => readJson(request, decode(received)));
  return {
    getJson: (request) => json(request, {}),
    postJson: (request) => json(request, posted(request.body)),
    postBytes: (request) => run(request, posted(request.body), "json", ({ bytes }) => bytes),
    getText: (request) => run(request, {}, "text", decode),
    getBytes: (request) => run(request, {}, "bytes", ({ bytes }) => bytes),
  };
}

const posted = (body: unknown): RequestInit => ({
  method: "POST",
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

type Accept = "json" | "text" | "bytes";

/** A missing type is common on raw nodes: then the content decides. */
const accepted: Readonly<Record<Accept, RegExp>> = {
  json: /^$|^application\/([\w.-]+\+)?json$|^text\/json$/,
  text: /^$|^text\/plain$|^application\/json$/,
  // Storage services call whatever they were given a stream of octets, a line of text as well.
  bytes: /^$|^(application|binary)\/octet-stream$|^application\/(x-)?zip(-compressed)?$|^text\/plain$/,
};

const decode = ({ bytes }: Received): string => new TextDecoder().decode(bytes);

/** Kinds that a second try can mend. A 402 or 403 is `unauthorised` here even where it means a used-up quota. */
const retryable: ReadonlySet<UpstreamKind> = new Set(["rate_limited", "server_error", "unreachable"]);

/** Waits for this host's turn, but not beyond the signal. */
function turn(pace: Pacer, { url, service }: HttpRequest, signal: AbortSignal): Promise<void> {
  const { host } = new URL(url);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    const onFull = () => reject(new UpstreamError(service, "rate_limited", { detail: "too many requests of ours are waiting" }));
    pace(host)
      .then(resolve, onFull)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** One request with its redirects, and its body. */
async function exchange(request: HttpRequest, init: RequestInit, userAgent: string): Promise<Received> {
  const { service, maxBytes = defaultMaxBytes } = request;
  let url = new URL(request.url);
  let own: Readonly<Record<string, string>> = request.headers ?? {};
  for (let hops = 0; ; hops++) {
    const headers = new Headers({ accept: "application/json, text/plain;q=0.5", "user-agent": userAgent, ...own });
    new Headers(init.headers).forEach((value, name) => void headers.set(name, value));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    const { status } = response;
    const location = status >= 300 && status < 400 ? response.headers.get("location") : null;
    if (location === null) {
      const bytes = await readCapped(response, response.ok ? maxBytes : maxErrorBytes).catch((error: unknown) => {
        if (response.ok) throw error;
        return new Uint8Array(); // The status alone says enough.
      });
      return { status, type: response.headers.get("content-type") ?? "", bytes, retryAfter: response.headers.get("retry-after") };
    }
    await response.body?.cancel();
    const next = URL.parse(location, url);
    if (hops >= maxRedirects) throw new UpstreamError(service, "bad_shape", { detail: "redirects without end" });
    if (
      next === null ||
      !/^https?:$/.test(next.protocol) ||
      (url.protocol === "https:" && next.protocol === "http:") ||
      init.method === "POST"
    )
      throw new UpstreamError(service, "bad_shape", { detail: "a redirect I do not follow" });
    if (next.origin !== url.origin) own = {};
    url = next;
  }
}

/** Throws for every answer that must not be read as data. */
function check(request: HttpRequest, received: Received, accept: Accept, now: number): void {
  const { service } = request;
  const { status, bytes } = received;
  const ok = status >= 200 && status < 300;
  // An error inside a 200 is short: a long answer is not parsed twice to look for one.
  const said = request.diagnose?.(status, bytes.length > maxErrorBytes ? undefined : parseOrNothing(decode(received)));
  const kind = said ?? (ok ? undefined : kindOf(status));
  if (kind !== undefined) {
    const retryAfterMs = parseRetryAfter(received.retryAfter, now);
    const detail = `HTTP ${status}${ok ? " with an error inside" : ""}`;
    throw new UpstreamError(service, kind, { detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  }
  const type = received.type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!accepted[accept].test(type)) throw new UpstreamError(service, "bad_shape", { detail: `${readable(type)} instead of ${accept}` });
}

function kindOf(status: number): UpstreamKind {
  if (status === 429) return "rate_limited";
  if (status === 401 || status === 402 || status === 403) return "unauthorised";
  if (status === 404 || status === 410) return "not_found";
  if (status >= 500 || status === 408) return "server_error";
  return "bad_shape";
}

/** A media type is the service's text: only what looks like one is repeated. */
const readable = (type: string): string => (/^[a-z]+\/[a-z0-9.+-]{1,40}$/.test(type) ? type : "an unknown type");

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Messages of the network layer may hold addresses and header values: only error codes leave this file. */
function translate(service: string, error: unknown, signal: AbortSignal): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (signal.aborted) return new UpstreamError(service, "timeout");
  if (error instanceof TooLarge) return new UpstreamError(service, "too_large", { detail: `more than ${error.limit} bytes` });
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined);
  return new UpstreamError(service, "unreachable", code === undefined ? {} : { detail: code });
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(error.code) ? error.code : undefined;
}
