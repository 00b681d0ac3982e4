/** Serves health, readiness and metrics over HTTP, and the pages that platforms post to: no cookies, nothing private, no way to hold it up. */
import { createServer } from "node:http";
import { isIPv6 } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { OperatorError } from "../core/errors.ts";
import type { Webhook } from "../core/webhook.ts";
import type { Logger } from "../lib/logger.ts";
import { answerPost } from "./posts.ts";
import type { Readiness } from "./readiness.ts";

export interface WebOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly ready: () => Promise<Readiness>;
  readonly metrics: () => Promise<string>;
  readonly metricsType: string;
  /** What platforms post to. */
  readonly webhooks: readonly Webhook[];
  readonly log: Logger;
  /** For tests: milliseconds for a whole request to arrive; whoever drips slower is cut off. */
  readonly requestMs?: number;
}

export interface Web {
  readonly url: string;
  /** Ends what is under way within a second. */
  close(): Promise<void>;
}

/** Nothing is ever sent to the other pages that is worth more. */
const bodyBytes = 64 * 1024;
const headerBytes = 8 * 1024;
const usualRequestMs = 10_000;
const idleMs = 30_000;
/** Prometheus opens one connection; a proxy one for each request that a platform waits for, of which Telegram alone has up to 100. */
const connections = 500;
/** Questions that come within this share one answer: asking the database is not for strangers to repeat at will. */
const sharedMs = 1_000;

/** @throws OperatorError where the address cannot be listened on */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { port, host, ready, metrics, metricsType, webhooks, log, requestMs = usualRequestMs } = options;
  const readyNow = shared(ready);
  const metricsNow = shared(metrics);
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"] } }));
  app.use(async (c, next) => {
    c.header("Cache-Control", "no-store");
    await next();
  });
  for (const webhook of webhooks) app.post(webhook.path, (c) => answerPost(c, webhook));
  // Whoever sends no length would have to be counted; nobody who is welcome here does that.
  app.use(async (c, next) => {
    if (c.req.header("transfer-encoding") !== undefined) return c.text("length required\n", 411, { Connection: "close" });
    if (Number(c.req.header("content-length") ?? 0) > bodyBytes) return c.text("too large\n", 413, { Connection: "close" });
    await next();
  });
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get("/readyz", async (c) => {
    const found = await readyNow();
    return c.json(found, found.ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => c.body(await metricsNow(), 200, { "Content-Type": metricsType }));
  app.notFound((c) => c.text("not found\n", 404));
  app.onError((error, c) => {
    log.error({ err: error }, "a page could not be served");
    return c.text("something went wrong\n", 500);
  });

  const server = createServer(
    {
      maxHeaderSize: headerBytes,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      connectionsCheckingInterval: requestMs / 2,
      keepAliveTimeout: idleMs,
    },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  server.maxConnections = connections;
  // A request that is no HTTP is answered by Node and is none of the log's business.
  const listening = Promise.withResolvers<void>();
  server.once("error", (error) => listening.reject(cannotListen(host, port, error)));
  server.listen(port, host, listening.resolve);
  await listening.promise;
  server.on("error", (error) => log.error({ err: error }, "the HTTP side"));
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server listens on no port");
  return {
    url: `http://${isIPv6(address.address) ? `[${address.address}]` : address.address}:${address.port}`,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed.promise;
      clearTimeout(late);
    },
  };
}

function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let last: { readonly result: Promise<T>; readonly at: number } | null = null;
  return () => {
    const at = performance.now();
    if (last === null || at - last.at > sharedMs) last = { result: work(), at };
    return last.result;
  };
}

function cannotListen(host: string, port: number, error: Error): OperatorError {
  const code = "code" in error ? String(error.code) : "no reason given";
  const why = code === "EADDRINUSE" ? "another program listens there" : code;
  return new OperatorError(`HTTP_PORT ${port} on HTTP_HOST ${host} cannot be used (${why}).`, { cause: error });
}
