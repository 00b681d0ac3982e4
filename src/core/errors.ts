/** The errors of the program, sorted by who can do something about them. */
import { type Said, type Texts, textsIn } from "./texts.ts";

/** The person who typed can mend it: shown as it is, logged by code only. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: string;
  /** In English; `in` is what the person sees. */
  readonly hint: string | undefined;
  /** The message and what to do next, in a language. */
  readonly in: (texts: Texts) => Said;
  /**
   * @param code stable snake_case name for logs and tests; holds nothing the person typed
   * @param said one clear sentence in inline markup, user text in it escaped, and what to do next; as a function of the catalogue where
   *   the language of whoever typed is not known
   */
  constructor(code: string, said: Said | string | ((texts: Texts) => Said | string)) {
    const say = (texts: Texts): Said => {
      const found = typeof said === "function" ? said(texts) : said;
      return typeof found === "string" ? { message: found } : found;
    };
    const english = say(textsIn("en"));
    super(english.message);
    this.code = code;
    this.hint = english.hint;
    this.in = say;
  }
}

export const upstreamKinds = [
  "timeout",
  "unreachable",
  "rate_limited",
  "unauthorised",
  "not_found",
  "server_error",
  "bad_shape",
  "too_large",
] as const;
export type UpstreamKind = (typeof upstreamKinds)[number];

/** A service we depend on did not do its part; `service` is the name a person would recognise. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly service: string;
  readonly kind: UpstreamKind;
  /** How long the service asked us to wait, in milliseconds, where it said so. */
  readonly retryAfterMs: number | undefined;
  constructor(service: string, kind: UpstreamKind, options: { detail?: string; retryAfterMs?: number; cause?: unknown } = {}) {
    super(`${service}: ${kind}${options.detail === undefined ? "" : ` (${options.detail})`}`, { cause: options.cause });
    this.service = service;
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Why a source gave nothing; `unexpected` is a mistake of ours, `switched_off` that there is none to ask. */
export type Trouble =
  | { readonly source: string; readonly kind: UpstreamKind | "unexpected" }
  | { readonly source: null; readonly kind: "switched_off" };

/** The developer must mend it: every problem found in commands, entries or prompts, listed together. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** The operator must mend it before the program can run: exit code 78 (EX_CONFIG of sysexits.h). */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  /** The platform cannot be listened to, but takes messages as before. */
  readonly stillSends: boolean;
  constructor(message: string, options: ErrorOptions & { readonly stillSends?: boolean } = {}) {
    super(message, options);
    this.stillSends = options.stillSends ?? false;
  }
}

/** What is known about a message that was not confirmed by the platform. */
export type SendFailure =
  | { readonly outcome: "not_sent"; readonly retryAfterMs: number }
  | { readonly outcome: "refused"; readonly reason: "gone" | "forbidden" | "invalid" }
  | { readonly outcome: "unknown" };

/** The only error `Platform.send` rejects with. */
export class SendError extends Error {
  override readonly name = "SendError";
  readonly failure: SendFailure;
  constructor(failure: SendFailure, options?: ErrorOptions) {
    super(`message ${failure.outcome}${"reason" in failure ? ` (${failure.reason})` : ""}`, options);
    this.failure = failure;
  }
}

/** Fails to compile where a union member is not handled; throws if the compiler was lied to. */
export function assertNever(value: never): never {
  throw new TypeError(`unhandled case: ${JSON.stringify(value)}`);
}
