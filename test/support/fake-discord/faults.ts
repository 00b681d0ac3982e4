/** What can go wrong with one HTTP request, scripted by a test. */

/** The shapes of Discord's 429 (topics/rate-limits; the ban: discord-api-docs#5810, as plain text: #5385). */
export type Limit = "route" | "shared" | "global" | "ban" | "cloudflare";

export type Fault =
  /** Nothing is done; this is answered. */
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly limit: Limit; readonly retryAfter?: number }
  /** The request is carried out, and the connection cut before the answer. */
  | "lost"
  /** The connection is cut before anything is done. */
  | "cut"
  /** Never answered, nothing done. */
  | "hang"
  /** Carried out, answered 200 with half of a JSON text, or with a page. */
  | "half"
  | "html";

export interface FaultRule {
  readonly method?: string;
  /** Part of the path. */
  readonly path: string | RegExp;
  /** How many requests it meets; default 1. */
  readonly times?: number;
  /** Which of them; default all. */
  readonly when?: () => boolean;
  readonly fault: Fault;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Faults {
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? 1 });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault for this request, which is then used up. */
  take(method: string, path: string): Fault | null {
    if (this.#rules.length === 0) return null;
    const found = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.method === undefined || rule.method === method) &&
        (typeof rule.path === "string" ? path.includes(rule.path) : rule.path.test(path)) &&
        (rule.when === undefined || rule.when()),
    );
    if (found === undefined) return null;
    found.left--;
    return found.rule.fault;
  }
}

const cloudflareWords =
  "You are being blocked from accessing our API temporarily due to exceeding our rate limits frequently. Please read our docs at https://discord.com/developers/docs/topics/rate-limits to prevent this moving forward.";

/** The answer to a request that is over this limit. `retryAfter` in seconds. */
export function limitReply(limit: Limit, retryAfter = 64.57): Reply {
  const header = String(Math.ceil(retryAfter));
  switch (limit) {
    case "route":
      return {
        status: 429,
        body: { message: "You are being rate limited.", retry_after: retryAfter, global: false },
        headers: { "retry-after": header, ...bucketHeaders(5, 0, retryAfter), "x-ratelimit-scope": "user" },
      };
    case "shared":
      return {
        status: 429,
        body: { message: "The resource is being rate limited.", retry_after: retryAfter, global: false, code: 20028 },
        headers: { "retry-after": header, "x-ratelimit-scope": "shared" },
      };
    case "global":
      return {
        status: 429,
        body: { message: "You are being rate limited.", retry_after: retryAfter, global: true },
        headers: { "retry-after": header, "x-ratelimit-global": "true", "x-ratelimit-scope": "global" },
      };
    case "ban":
      return { status: 429, body: { code: 0, message: cloudflareWords } };
    case "cloudflare":
      return { status: 429, body: "error code: 1015", headers: { "content-type": "text/plain; charset=UTF-8" } };
  }
}

export function bucketHeaders(limit: number, remaining: number, resetAfter: number, bucket = "limited"): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset-after": resetAfter.toFixed(3),
    "x-ratelimit-reset": (Date.now() / 1000 + resetAfter).toFixed(3),
    "x-ratelimit-bucket": bucket,
  };
}
