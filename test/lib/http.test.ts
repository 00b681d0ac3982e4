/** The HTTP client against a server that misbehaves in every way seen in the wild. No test waits for a retry. */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { UpstreamError } from "../../src/core/errors.ts";
import { createHttp, type Http, type HttpRequest } from "../../src/lib/http.ts";
import { type Clock, realClock } from "../../src/lib/http-clock.ts";
import { writtenNumber } from "../../src/lib/http-json.ts";
import { createPacer } from "../../src/lib/http-pace.ts";
import { parseRetryAfter } from "../../src/lib/http-retry-after.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const schema = z.object({ ok: z.boolean() });

let web: FakeWeb;
let other: FakeWeb;
/** Waits that the client asked for, in milliseconds. */
let slept: number[];
/** Ends the request as its deadline would. */
let expire: () => void;
let http: Http;

beforeAll(async () => {
  [web, other] = await Promise.all([startFakeWeb(), startFakeWeb()]);
});
afterAll(() => Promise.all([web.close(), other.close()]));
beforeEach(() => {
  slept = [];
  let time = now;
  const clock: Clock = {
    now: () => time,
    sleep: (ms) => {
      slept.push(ms);
      time += ms;
      return Promise.resolve();
    },
    deadline: () => {
      const ending = new AbortController();
      expire = () => ending.abort();
      return ending.signal;
    },
  };
  http = createHttp({ clock, random: () => 0, pace: () => Promise.resolve() });
});
afterEach(() => {
  web.reset();
  other.reset();
});

const ask = (more: Partial<HttpRequest> = {}) =>
  http.getJson({ service: "Example", url: `${web.url}/data?q=1`, deadlineMs: 100_000, schema, ...more });

async function failure(work: Promise<unknown>): Promise<UpstreamError> {
  const error: unknown = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof UpstreamError)) throw new TypeError(`expected an UpstreamError, got ${String(error)}`);
  return error;
}

describe("a good answer", () => {
  it("is returned as the schema's type, with unknown fields dropped", async () => {
    web.answer("/data", { body: { ok: true, more: 1 } });
    expect(await ask()).toEqual({ ok: true });
  });

  it("is asked for with an agent that names the bot and the caller's headers", async () => {
    web.answer("/data", { body: { ok: true } });
    await ask({ headers: { "x-key": "secret-key" } });
    expect(web.seen[0]?.headers).toMatchObject({ "user-agent": expect.stringContaining("Depinion"), "x-key": "secret-key" });
  });

  it("keeps the digits of numbers as they were written where that is wanted", async () => {
    web.answer("/data", { body: '{"cap":20030493.0,"tiny":3.271e-9,"huge":97088718807286123456}' });
    const read = await http.getJson({
      service: "Example",
      url: `${web.url}/data`,
      schema: z.object({ cap: writtenNumber, tiny: writtenNumber, huge: writtenNumber }),
      written: true,
    });
    expect([read.cap.raw, read.tiny.raw, read.huge.raw]).toEqual(["20030493.0", "3.271e-9", "97088718807286123456"]);
    expect(read.cap.value).toBe(20030493);
  });

  it("answers a posted question", async () => {
    web.answer("/rpc", { body: { ok: true } });
    expect(await http.postJson({ service: "Example", url: `${web.url}/rpc`, schema, body: { id: 1 } })).toEqual({ ok: true });
    expect(web.seen[0]).toMatchObject({ method: "POST", body: '{"id":1}' });
    expect(web.seen[0]?.headers["content-type"]).toBe("application/json");
  });

  it("may be plain text", async () => {
    web.answer("/price", { headers: { "content-type": "text/plain" }, body: "31205630" });
    expect(await http.getText({ service: "Example", url: `${web.url}/price` })).toBe("31205630");
  });
});

describe("an answer that never ends", () => {
  it.each(["hang", "drip"] as const)("is given up at the deadline (%s)", async (fault) => {
    web.answer("/data", { fault });
    const asked = failure(ask());
    await web.arrived("/data");
    expire();
    expect((await asked).kind).toBe("timeout");
    expect(web.seen).toHaveLength(1);
  });

  it("is given up by the real clock too, body included", async () => {
    web.answer("/data", { fault: "drip" });
    http = createHttp();
    expect((await failure(ask({ deadlineMs: 60 }))).kind).toBe("timeout");
  });

  it("is given up when the caller gives up", async () => {
    web.answer("/data", { fault: "hang" });
    const caller = new AbortController();
    const asked = failure(ask({ signal: caller.signal }));
    await web.arrived("/data");
    caller.abort();
    expect((await asked).kind).toBe("timeout");
  });

  it("stops being downloaded at the size limit", async () => {
    web.answer("/data", { fault: "flood", bytes: 50_000_000 });
    expect(await failure(ask({ maxBytes: 200_000 }))).toMatchObject({ kind: "too_large" });
    expect(web.flooded()).toBeLessThan(10_000_000);
  });

  it("is refused at once where it announces its size", async () => {
    web.answer("/data", { headers: { "content-length": "3000" }, body: `{"ok":true,"x":"${"y".repeat(2982)}"}` });
    expect((await failure(ask({ maxBytes: 100 }))).kind).toBe("too_large");
  });
});

describe("an answer that is not what was asked for", () => {
  it.each([
    ["truncated JSON", { body: '{"ok":tr' }],
    ["an empty body", { body: "" }],
    ["JSON nested without end", { body: "[".repeat(200_000) }],
    ["an HTML page", { headers: { "content-type": "text/html" }, body: "<html>Attention Required!</html>" }],
    ["HTML that calls itself JSON", { body: "<html></html>" }],
    ["the wrong content type", { headers: { "content-type": "image/png" }, body: '{"ok":true}' }],
    ["another shape", { body: { ok: "yes" } }],
    ["null", { body: "null" }],
    ["400", { status: 400, body: { error: "bad" } }],
  ])("is refused and not asked for again: %s", async (_name, script) => {
    web.answer("/data", script);
    expect((await failure(ask())).kind).toBe("bad_shape");
    expect(web.seen).toHaveLength(1);
  });

  it("is refused where text was wanted and a page came", async () => {
    web.answer("/data", { headers: { "content-type": "text/html" }, body: "<html></html>" });
    expect((await failure(http.getText({ service: "Example", url: `${web.url}/data` }))).kind).toBe("bad_shape");
  });

  it("says where it differs, but repeats nothing of it", async () => {
    web.answer("/data", { body: { ok: "planted-value" } });
    const error = await failure(ask());
    expect(error.message).toContain("ok");
    expect(error.message).not.toContain("planted-value");
  });
});

describe("a refusal", () => {
  it.each([
    [401, "unauthorised"],
    [402, "unauthorised"],
    [403, "unauthorised"],
    [404, "not_found"],
    [410, "not_found"],
  ] as const)("with %i is final: %s", async (status, kind) => {
    web.answer("/data", { status, headers: { "content-type": "text/html" }, body: "<html>1020</html>" });
    expect((await failure(ask())).kind).toBe(kind);
    expect(web.seen).toHaveLength(1);
    expect(slept).toEqual([]);
  });

  it.each([
    [429, "rate_limited"],
    [408, "server_error"],
    [500, "server_error"],
    [503, "server_error"],
  ] as const)("with %i is asked again once", async (status, kind) => {
    web.answer("/data", { status, body: "Throttled", headers: { "content-type": "text/plain" } });
    expect((await failure(ask())).kind).toBe(kind);
    expect(web.seen).toHaveLength(2);
  });

  it("is forgotten when the second try succeeds", async () => {
    web.answer("/data", { status: 503 }, { body: { ok: true } });
    expect(await ask()).toEqual({ ok: true });
    expect(slept).toEqual([300]);
  });

  it.each([
    ["7", 7_000],
    [undefined, 300],
    ["soon", 300],
    ["-5", 300],
    ["86400", 60_000],
    ["Sun, 22 Nov 2026 12:00:20 GMT", 20_000],
    ["Sun, 22 Nov 2026 11:00:00 GMT", 300],
  ])("with Retry-After %s waits %i ms", async (value, wait) => {
    web.answer("/data", { status: 429, headers: value === undefined ? {} : { "retry-after": value } }, { body: { ok: true } });
    expect(await ask()).toEqual({ ok: true });
    expect(slept).toEqual([wait]);
  });

  it("is passed on at once when the wait does not fit into the deadline", async () => {
    web.answer("/data", { status: 429, headers: { "retry-after": "7" } });
    const error = await failure(ask({ deadlineMs: 4_000 }));
    expect(error).toMatchObject({ kind: "rate_limited", retryAfterMs: 7_000 });
    expect(slept).toEqual([]);
  });

  it("inside a 200 is found by the service's own reading, and asked again like any other", async () => {
    web.answer("/data", { body: { code: 429 } });
    const diagnose = (_status: number, body: unknown) =>
      z.object({ code: z.literal(429) }).safeParse(body).success ? ("rate_limited" as const) : undefined;
    expect((await failure(ask({ diagnose }))).kind).toBe("rate_limited");
    expect(web.seen).toHaveLength(2);
  });
});

describe("a broken connection", () => {
  it.each([{ fault: "reset" }, { fault: "close_early", body: { ok: true } }] as const)("is tried again once: $fault", async (script) => {
    web.answer("/data", script);
    expect((await failure(ask())).kind).toBe("unreachable");
    expect(web.seen).toHaveLength(2);
  });

  it("to a port where nobody listens is unreachable", async () => {
    const gone = await startFakeWeb();
    await gone.close();
    expect(await failure(ask({ url: gone.url }))).toMatchObject({ kind: "unreachable", message: "Example: unreachable (ECONNREFUSED)" });
  });
});

describe("a certificate that nobody vouches for", () => {
  it("is not accepted: the address is unreachable, with the reason's code, and the key is not told", async () => {
    const pem = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));
    let told = 0;
    const server = createServer({ key: pem("key"), cert: pem("certificate") }, (_, response) => {
      told++;
      response.end('{"ok":true}');
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const refused = await failure(ask({ url: `https://127.0.0.1:${port}/data?q=1`, headers: { "x-key": "secret-key" } }));
    expect(refused).toMatchObject({ kind: "unreachable", message: "Example: unreachable (DEPTH_ZERO_SELF_SIGNED_CERT)" });
    expect(told).toBe(0);
    server.close();
  });
});

describe("redirects", () => {
  it("are followed", async () => {
    web.answer("/data", { status: 302, headers: { location: "/moved" } });
    web.answer("/moved", { body: { ok: true } });
    expect(await ask()).toEqual({ ok: true });
  });

  it("end after three", async () => {
    web.answer("/data", { status: 302, headers: { location: "/data" } });
    expect((await failure(ask())).kind).toBe("bad_shape");
    expect(web.seen).toHaveLength(4);
  });

  it("to another host leave the key behind", async () => {
    web.answer("/data", { status: 307, headers: { location: `${other.url}/data` } });
    other.answer("/data", { body: { ok: true } });
    expect(await ask({ headers: { "x-key": "secret-key" } })).toEqual({ ok: true });
    expect(web.seen[0]?.headers["x-key"]).toBe("secret-key");
    expect(other.seen[0]?.headers["x-key"]).toBeUndefined();
  });

  it.each(["file:///etc/passwd", "http://"])("to %s are not followed", async (location) => {
    web.answer("/data", { status: 302, headers: { location } });
    expect((await failure(ask())).kind).toBe("bad_shape");
  });
});

describe("errors", () => {
  it("never hold the address, a header, or anything beneath them", async () => {
    web.answer("/data", { status: 500 });
    const errors = [
      await failure(ask({ url: `${web.url}/data?key=planted-secret` })),
      await failure(ask({ url: "not an address planted-secret" })),
      await failure(ask({ url: `http://user:planted-secret@127.0.0.1:1/` })),
      await failure(ask({ headers: { "x-key": "planted-secret\n" } })),
    ];
    for (const error of errors) {
      expect(`${error.message} ${error.stack}`).not.toContain("planted-secret");
      expect(error.cause).toBeUndefined();
    }
  });
});

describe("the real clock", () => {
  it("stops a wait when the signal fires", async () => {
    const ending = new AbortController();
    const wait = realClock.sleep(60_000, ending.signal);
    ending.abort(new Error("enough"));
    await expect(wait).rejects.toThrow("enough");
    await expect(realClock.sleep(60_000, ending.signal)).rejects.toThrow("enough");
    await realClock.sleep(0, new AbortController().signal);
  });
});

describe("pacing", () => {
  afterEach(() => void vi.useRealTimers());

  it("holds what a host gets in a window, and no other host", async () => {
    vi.useFakeTimers();
    const pace = createPacer({ requests: 2, seconds: 1 });
    const left: string[] = [];
    for (const host of ["a", "a", "a", "b"]) void pace(host).then(() => left.push(host));
    await vi.advanceTimersByTimeAsync(0);
    expect(left).toEqual(["a", "a", "b"]);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(left).toEqual(["a", "a", "b", "a"]);
  });

  it("does not hold a request beyond its deadline", async () => {
    http = createHttp({ pace: () => new Promise(() => undefined) });
    expect((await failure(ask({ deadlineMs: 20 }))).kind).toBe("timeout");
    expect(web.seen).toEqual([]);
  });

  it("refuses what could not be answered in time anyway", async () => {
    http = createHttp({ pace: () => Promise.reject(new Error("full")) });
    expect((await failure(ask({ deadlineMs: 100 }))).kind).toBe("rate_limited");
  });
});

describe("Retry-After", () => {
  it.each([
    [null, undefined],
    ["", undefined],
    ["0", 0],
    ["1.5", 1_500],
    ["1e3", undefined],
    ["2026-11-22T12:00:10Z", undefined],
    ["Sun, 99 Nov 2026 12:00:00 GMT", undefined],
  ])("%s is %s ms", (header, wait) => expect(parseRetryAfter(header, now)).toBe(wait));
});
