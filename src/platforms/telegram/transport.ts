/**
 * The HTTP calls under grammY: undici instead of node-fetch. It takes two thirds of the CPU of Node's own client (measured), and it
 * tells whether a failed request was ever written, which decides whether repeating it can duplicate a message.
 */
import type { Readable } from "node:stream";
import { Pool } from "undici";

/** A request without a usable answer. Its message holds no address, because the address holds the token. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /** The system's or the client's code, such as ECONNRESET, or `http_502` for an answer that is no JSON. */
  readonly code: string;
  /** Certainly never written to the network. */
  readonly unsent: boolean;
  constructor(code: string, unsent: boolean) {
    super(code);
    this.code = code;
    this.unsent = unsent;
  }
}

interface Init {
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
  /** grammY's own, from a polyfill. */
  readonly signal?: { readonly aborted: boolean; addEventListener(type: "abort", listener: () => void): void };
}

interface Answer {
  json(): Promise<unknown>;
}

export interface Transport {
  /** As much of `fetch` as grammY uses. */
  readonly fetch: (url: string, init: Init) => Promise<Answer>;
  /** Closes every connection. */
  close(): void;
}

/**
 * Idle connections are dropped after 20 s, because a half-dead one would swallow an answer until its time-out; and as many
 * are kept as the runner has updates in hand, because opening one anew costs more than the request. grammY has time-outs of its own.
 */
const poolOptions = { connections: 512, keepAliveTimeout: 20_000, keepAliveMaxTimeout: 20_000, headersTimeout: 0, bodyTimeout: 0 };

export function createTransport(apiRoot: string): Transport {
  const pool = new Pool(new URL(apiRoot).origin, poolOptions);

  function fetch(url: string, { method, headers, body, signal }: Init): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { pathname } = new URL(url);
      const chunks: Buffer[] = [];
      let status = 0;
      let abort: ((error?: Error) => void) | null = null;
      const fail = (error: NodeJS.ErrnoException) => reject(new TransportError(error.code ?? error.name, abort === null));
      const onAbort = () => {
        const reason = new TransportError("aborted", abort === null);
        abort?.(reason);
        reject(reason);
      };
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) return onAbort();
      pool.dispatch(
        { path: pathname, method, headers, body },
        {
          // There is a connection, and the request is written next.
          onConnect(stop) {
            if (signal?.aborted) stop();
            else abort = stop;
          },
          onHeaders(code) {
            status = code;
            return true;
          },
          onData(chunk) {
            chunks.push(chunk);
            return true;
          },
          onComplete: () => resolve(read(chunks, status)),
          onError: fail,
        },
      );
    });
  }

  return { fetch, close: () => void pool.destroy() };
}

function read(chunks: readonly Buffer[], status: number): Answer {
  return {
    async json() {
      try {
        return JSON.parse(Buffer.concat(chunks).toString());
      } catch {
        // The parser's own message would quote the body, which may hold what people wrote.
        throw new TransportError(`http_${status}`, false);
      }
    },
  };
}
