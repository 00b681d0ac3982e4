/** Scripted faults: how the fake misbehaves for the next calls of a method. */
import type { ServerResponse } from "node:http";
import type { Payload } from "./payload.ts";

export type Fault =
  /** 429 in the server's exact shape (telegram-bot-api, Query.cpp: set_retry_after_error); a text or null stand for what has been seen. */
  | { readonly kind: "rate_limit"; readonly retryAfter: number | string | null }
  | { readonly kind: "error"; readonly code: number; readonly description: string; readonly parameters?: Payload }
  /** A gateway's page instead of JSON. */
  | { readonly kind: "html"; readonly status: number }
  /** Any body with status 200. */
  | { readonly kind: "body"; readonly body: string }
  /** Done, but the answer breaks off in the middle. */
  | { readonly kind: "truncated" }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Done, but the connection breaks before the answer. */
  | { readonly kind: "lost" };

export interface FaultOptions {
  /** How many calls fail; default 1. */
  readonly times?: number;
  /** Which calls fail; default all. */
  readonly when?: (payload: Payload) => boolean;
}

interface Scripted {
  readonly method: string;
  readonly fault: Fault;
  readonly when: (payload: Payload) => boolean;
  left: number;
}

export class Faults {
  #scripted: Scripted[] = [];

  add(method: string, fault: Fault, { times = 1, when = () => true }: FaultOptions = {}): void {
    this.#scripted.push({ method, fault, when, left: times });
  }

  clear(): void {
    this.#scripted = [];
  }

  take(method: string, payload: Payload): Fault | null {
    if (this.#scripted.length === 0) return null;
    const found = this.#scripted.find((s) => s.method === method && s.left > 0 && s.when(payload));
    if (found === undefined) return null;
    found.left--;
    return found.fault;
  }
}

/** Carries a fault out. `work` does what was asked, for the faults that come after the deed. */
export async function misbehave(fault: Fault, response: ServerResponse, work: () => Promise<Payload> | Payload): Promise<void> {
  const json = (status: number, body: Payload, headers: Record<string, string> = {}) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  switch (fault.kind) {
    case "rate_limit": {
      const after = fault.retryAfter;
      const told = after === null ? {} : { parameters: { retry_after: after } };
      const description = `Too Many Requests: retry after ${after}`;
      return json(429, { ok: false, error_code: 429, description, ...told }, after === null ? {} : { "retry-after": String(after) });
    }
    case "error": {
      const { code, description, parameters } = fault;
      return json(code, { ok: false, error_code: code, description, ...(parameters === undefined ? {} : { parameters }) });
    }
    case "html":
      response.writeHead(fault.status, { "content-type": "text/html" });
      return void response.end("<html><body><center><h1>Bad Gateway</h1></center><hr><center>nginx</center></body></html>");
    case "body":
      return void response.writeHead(200, { "content-type": "application/json" }).end(fault.body);
    case "truncated": {
      const body = JSON.stringify(await work());
      return void response.writeHead(200, { "content-type": "application/json" }).end(body.slice(0, body.length / 2));
    }
    case "hang":
      return;
    case "lost":
      await work();
      response.socket?.destroy();
  }
}
