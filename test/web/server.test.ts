/** The HTTP side over real sockets: what it says, and what cannot be done to it. */
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Readiness, readiness } from "../../src/web/readiness.ts";
import { startWeb, type Web } from "../../src/web/server.ts";

const log: string[] = [];
const quiet = createLogger({ level: "trace", secrets: [], out: { write: (line) => log.push(line) } });
let found: () => Promise<Readiness>;
let asked = 0;
let web: Web;

const quietWeb = () => ({
  port: 0,
  host: "127.0.0.1",
  ready: () => found(),
  metrics: async () => {
    asked++;
    return "depinion_up 1\n";
  },
  metricsType: "text/plain; version=0.0.4; charset=utf-8",
  webhooks: [],
  log: quiet,
});

beforeEach(async () => {
  log.length = 0;
  asked = 0;
  found = async () => ({ ready: true, parts: { database: "ready" } });
  web = await startWeb(quietWeb());
});
afterEach(() => web.close());

/** What the server answers to these bytes before it closes or falls silent. */
async function speak(...bytes: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += String(chunk);
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  for (const piece of bytes) socket.write(piece);
  await Promise.race([once(socket, "close"), sleep(2_000)]);
  socket.destroy();
  return heard;
}

describe("the HTTP side", () => {
  it("says that the program lives", async () => {
    const response = await fetch(`${web.url}/healthz`);
    expect([response.status, await response.text()]).toEqual([200, "ok\n"]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("x-powered-by")).toBeNull();
  });

  it("says whether every part is ready, and with 503 which is not", async () => {
    expect((await fetch(`${web.url}/readyz`)).status).toBe(200);
    await web.close();
    found = () => readiness({ database: async () => null, gateway: async () => "discord is not connected" });
    web = await startWeb(quietWeb());
    const response = await fetch(`${web.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      503,
      { ready: false, parts: { database: "ready", gateway: "discord is not connected" } },
    ]);
  });

  it("serves metrics as Prometheus reads them", async () => {
    const response = await fetch(`${web.url}/metrics`);
    expect([response.status, await response.text()]).toEqual([200, "depinion_up 1\n"]);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it("asks the program once for a hundred who ask at the same time", async () => {
    await Promise.all(Array.from({ length: 100 }, async () => (await fetch(`${web.url}/metrics`)).text()));
    expect(asked).toBeLessThanOrEqual(2);
  });

  it("tells nobody what went wrong inside, and the log everything", async () => {
    found = () => Promise.reject(new Error("password hunter22 at /home/operator/db"));
    const response = await fetch(`${web.url}/readyz`);
    expect([response.status, await response.text()]).toEqual([500, "something went wrong\n"]);
    expect(log.join("")).toContain("hunter22");
  });

  it.each([
    ["another page", "/", "GET", 404],
    ["a page that sounds like one", "/metrics/../../etc/passwd", "GET", 404],
    ["writing", "/metrics", "POST", 404],
    ["deleting", "/healthz", "DELETE", 404],
  ])("refuses %s", async (_, path, method, status) => {
    const response = await fetch(`${web.url}${path}`, { method });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe("not found\n");
  });

  it("takes no body of more than 64 kB, and none without a length", async () => {
    expect((await fetch(`${web.url}/metrics`, { method: "POST", body: "x".repeat(70_000) })).status).toBe(413);
    const heard = await speak("POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n");
    expect(heard).toMatch(/^HTTP\/1\.1 411 /);
    expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
  });

  it.each([
    ["headers", "GET /healthz HTTP/1.1\r\nHost:"],
    ["a body", "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow"],
  ])("cuts off whoever drips %s", async (_, beginning) => {
    await web.close();
    web = await startWeb({ ...quietWeb(), requestMs: 100 });
    const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
    const cut = new Promise<void>((resolve) => void socket.on("error", () => {}).on("close", () => resolve()));
    socket.resume();
    socket.write(beginning);
    await cut;
  });

  it("refuses headers of more than 8 kB, and what is no HTTP, without a word about itself", async () => {
    expect(await speak(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(10_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    const heard = await speak("\x16\x03\x01 hello\r\n\r\n");
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(heard).not.toMatch(/node|hono|at \//i);
  });

  it("does not let a request that never ends hold up its end", async () => {
    const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow");
    const cut = new Promise<void>((resolve) => void socket.on("error", () => {}).on("close", () => resolve()));
    const from = performance.now();
    await web.close();
    expect(performance.now() - from).toBeLessThan(3_000);
    await cut;
  });

  it("says in one sentence that its port is taken", async () => {
    const port = Number(new URL(web.url).port);
    const options = { ready: found, metrics: async () => "", metricsType: "", webhooks: [], log: quiet };
    await expect(startWeb({ port, host: "127.0.0.1", ...options })).rejects.toThrow(
      `HTTP_PORT ${port} on HTTP_HOST 127.0.0.1 cannot be used (another program listens there).`,
    );
  });
});

describe("readiness", () => {
  it("calls a part that fails or keeps silent not ready, without its words", async () => {
    const parts = await readiness({
      good: async () => null,
      failing: () => Promise.reject(new Error("postgresql://user:hunter22@db")),
      silent: () => new Promise(() => {}),
    });
    expect(parts).toEqual({ ready: false, parts: { good: "ready", failing: "not answering", silent: "not answering in time" } });
  });
});
