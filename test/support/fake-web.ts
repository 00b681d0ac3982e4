/** A small HTTP server on loopback whose answers a test scripts, good manners and bad. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type Scripted =
  /** A plain answer; an object becomes JSON, bytes stay what they are. */
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Takes the request and never answers. */
  | { readonly fault: "hang" }
  /** Sends the headers, then one byte of the body at a time, without end. */
  | { readonly fault: "drip" }
  /** Streams a JSON array of this many bytes, made on the way, as fast as it is read. */
  | { readonly fault: "flood"; readonly bytes: number }
  /** Announces the whole body, sends half of it and closes. */
  | { readonly fault: "close_early"; readonly body: unknown }
  /** Server-sent events as they come; then the answer ends, says nothing more, or breaks off. */
  | { readonly events: Iterable<string> | AsyncIterable<string>; readonly ending?: "end" | "hang" | "cut" }
  /** Resets the connection before any answer. */
  | { readonly fault: "reset" }
  /** Looks at the request first. */
  | ((request: SeenRequest) => Scripted);

export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface FakeWeb {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Bytes of floods that left the server. */
  readonly flooded: () => number;
  /** Answers for paths that begin with this one: each request takes the next, the last one repeats. The longest path wins. */
  answer(path: string, ...scripts: readonly [Scripted, ...Scripted[]]): void;
  /** The same answer for every path that fits, whatever else is scripted for it. */
  answerTo(fits: (path: string) => boolean, script: Scripted): void;
  /** Resolves when a request to a path that begins with this one has arrived. */
  arrived(path: string): Promise<void>;
  /** Forgets scripts and requests. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1. Paths without a script are answered 404. */
export async function startFakeWeb(): Promise<FakeWeb> {
  const scripts = new Map<string, Scripted[]>();
  const fitting: { fits: (path: string) => boolean; script: Scripted }[] = [];
  const seen: SeenRequest[] = [];
  const waiting: { path: string; resolve: () => void }[] = [];
  const drips = new Set<NodeJS.Timeout>();
  let flooded = 0;

  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const path = request.url ?? "/";
      const arrived = { method: request.method ?? "", path, headers: request.headers, body };
      seen.push(arrived);
      for (const waiter of waiting) if (path.startsWith(waiter.path)) waiter.resolve();
      perform(next(path), arrived, response);
    });
  });

  function next(path: string): Scripted {
    const fit = fitting.findLast(({ fits }) => fits(path));
    if (fit !== undefined) return fit.script;
    const key = [...scripts.keys()].filter((k) => path.startsWith(k)).sort((a, b) => b.length - a.length)[0];
    const list = key === undefined ? undefined : scripts.get(key);
    return (list !== undefined && list.length > 1 ? list.shift() : list?.[0]) ?? { status: 404, body: { error: "not scripted" } };
  }

  function perform(script: Scripted, request: SeenRequest, response: ServerResponse): void {
    if (typeof script === "function") {
      perform(script(request), request, response);
      return;
    }
    if ("events" in script) {
      void stream(script, response);
      return;
    }
    if (!("fault" in script)) {
      const { status = 200, headers = {}, body = "" } = script;
      const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
      response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(text);
      return;
    }
    switch (script.fault) {
      case "hang":
        return;
      case "reset":
        response.socket?.resetAndDestroy();
        return;
      case "close_early": {
        const text = typeof script.body === "string" ? script.body : JSON.stringify(script.body);
        response.writeHead(200, { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) });
        response.write(text.slice(0, text.length / 2), () => response.destroy());
        return;
      }
      case "drip": {
        response.writeHead(200, { "content-type": "application/json" });
        const timer = setInterval(() => response.write(" "), 5);
        drips.add(timer);
        response.on("close", () => {
          clearInterval(timer);
          drips.delete(timer);
        });
        return;
      }
      case "flood": {
        response.writeHead(200, { "content-type": "application/json" });
        const chunk = Buffer.from("0,".repeat(8_192));
        let left = script.bytes;
        const push = () => {
          while (left > 0 && !response.destroyed) {
            left -= chunk.length;
            flooded += chunk.length;
            if (!response.write(chunk)) return response.once("drain", push);
          }
          return response.end("0]");
        };
        response.write("[", push);
        return;
      }
    }
  }

  async function stream({ events, ending = "end" }: Extract<Scripted, { events: unknown }>, response: ServerResponse): Promise<void> {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    for await (const event of events) {
      if (response.destroyed) return;
      // Each goes out by itself, or several would arrive as one.
      await new Promise<void>((sent) => void response.write(`data: ${event}\n\n`, () => sent()));
    }
    if (ending === "end") response.end();
    else if (ending === "cut") response.destroy();
  }

  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the fake web has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    flooded: () => flooded,
    answer: (path, ...list) => void scripts.set(path, [...list]),
    answerTo: (fits, script) => void fitting.push({ fits, script }),
    arrived: (path) =>
      seen.some((request) => request.path.startsWith(path))
        ? Promise.resolve()
        : new Promise<void>((resolve) => void waiting.push({ path, resolve })),
    reset() {
      scripts.clear();
      fitting.length = 0;
      seen.length = 0;
      waiting.length = 0;
      flooded = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const timer of drips) clearInterval(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
