/** What every price source must do, with sound answers and with each bad one that was seen in the wild. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UpstreamError } from "../../src/core/errors.ts";
import type { Figure } from "../../src/core/figure.ts";
import { createHttp, type Http } from "../../src/lib/http.ts";
import { subjectOf, watchList } from "../../src/market/assets.ts";
import type { Subject as Asked, Asset, MarketLog, PriceSource } from "../../src/market/types.ts";
import { type FakeWeb, type Scripted, startFakeWeb } from "../support/fake-web.ts";

/** Eleven minutes after the fixtures' times. */
export const fixtureNow = new Date("2026-05-18T13:00:00Z");

/** What a test changes in a sound answer, by asset: fields, or the whole asset gone. */
export type Edits = Readonly<
  Record<string, Readonly<Partial<Record<"price" | "marketCap" | "change24h" | "updated", unknown>>> | "absent">
>;

export interface Subject {
  make(parts: { baseUrl: string; http: Http; now: () => Date; log: MarketLog }): PriceSource;
  /** Scripts sound answers, changed by the edits. */
  serve(web: FakeWeb, edits?: Edits): void;
  /** The path that is asked first. */
  readonly path: string;
  readonly knows: (asset: Asset) => boolean;
  /** What it says of a coin that it knows. */
  readonly metrics: readonly string[];
  /** Whether it says nothing of a coin whose price it does not say. */
  readonly priceFirst: boolean;
  readonly sector: boolean;
  readonly global: boolean;
  /** Metrics for which it gives no time. */
  readonly undated: (metric: string) => boolean;
}

/** An HTTP client in which nothing waits; `expire` ends every request as its deadline would. */
export function instantHttp(): { readonly http: Http; readonly expire: () => void } {
  const ending = new AbortController();
  let time = 0;
  const clock = {
    now: () => time,
    sleep: (ms: number) => {
      time += ms;
      return Promise.resolve();
    },
    deadline: () => ending.signal,
  };
  return { http: createHttp({ clock, random: () => 0, pace: () => Promise.resolve() }), expire: () => ending.abort() };
}

export async function failureOf(work: Promise<unknown>): Promise<UpstreamError> {
  const error: unknown = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof UpstreamError)) throw new TypeError(`expected an UpstreamError, got ${String(error)}`);
  return error;
}

export function priceSourceContract(name: string, subject: Subject): void {
  describe(`${name} as a price source`, () => {
    let web: FakeWeb;
    let source: PriceSource;
    let expire: () => void;
    let warnings: string[];
    const { signal } = new AbortController();
    const fetch = async () => (await source.fetch(watchList, signal)).figures;
    const known = watchList.filter(subject.knows);
    const metrics = (figures: readonly Figure[]) => figures.map((f) => f.metric);

    beforeAll(async () => {
      web = await startFakeWeb();
    });
    afterAll(() => web.close());
    afterEach(() => web.reset());
    beforeEach(() => {
      const instant = instantHttp();
      expire = instant.expire;
      warnings = [];
      const log = { warn: (_: object, message: string) => void warnings.push(message), error: () => undefined };
      source = subject.make({ baseUrl: `${web.url}/`, http: instant.http, now: () => fixtureNow, log });
    });

    it("gives everything it says of every asset it knows, and nothing of the others", async () => {
      subject.serve(web);
      const given = metrics(await fetch());
      const ours = given.filter((metric) => watchList.some(({ id }) => metric.startsWith(`${id}.`)));
      expect(new Set(ours)).toEqual(new Set(known.flatMap(({ id }) => subject.metrics.map((metric) => `${id}.${metric}`))));
      expect(given.includes("sector.market_cap")).toBe(subject.sector);
      expect(given.includes("global.market_cap")).toBe(subject.global);
      expect(new Set(given).size).toBe(given.length);
      expect(warnings).toEqual([]);
    });

    it("gives each figure its unit, its page, the source's time and the value as it was written", async () => {
      subject.serve(web);
      const figures = await fetch();
      for (const f of figures) {
        expect(f).toMatchObject({ state: "live", precision: "instant", fetchedAt: fixtureNow, source: { name: source.name } });
        expect(f.unit).toBe(f.metric.includes(".change_") ? "percent" : "usd");
        expect(f.source.url).toMatch(/^https:\/\/.+/);
        if (subject.undated(f.metric)) expect(f.observedAt).toBeNull();
        else expect(f.observedAt?.toISOString()).toMatch(/^2026-05-18T12:4/);
        expect(Number(f.raw)).toBe(f.value);
      }
      expect(figures.find((f) => f.metric === "bitcoin.price")).toMatchObject({ label: "Bitcoin price", value: 77671, raw: "77671" });
      expect(figures.find((f) => f.metric === "bitcoin.change_24h")).toMatchObject({ value: -0.95302, raw: "-0.95302" });
    });

    it("gives the same answer the same receipts, and every figure its own", async () => {
      subject.serve(web);
      const [once, twice] = [await fetch(), await fetch()];
      expect(once.map((f) => f.id)).toEqual(twice.map((f) => f.id));
      expect(new Set(once.map((f) => f.id)).size).toBe(once.length);
    });

    it("gives figures only of the assets it is asked for, and of the sector's members where it lists them", async () => {
      subject.serve(web);
      const akash = watchList.filter((asset) => asset.id === "akash");
      const { figures, listings } = await source.fetch(akash, signal);
      const members = new Set(listings.filter(({ depin }) => depin).map(({ coin }) => subjectOf(coin)));
      const others = new Set(figures.map((f) => f.metric.split(".")[0] ?? ""));
      for (const subject of ["sector", "global", "akash", ...members]) others.delete(subject);
      expect([...others]).toEqual([]);
      expect(figures.some((f) => f.metric === "akash.price")).toBe(true);
    });

    it("tells of one subject alone, and of none that it does not know", async () => {
      subject.serve(web);
      const of = async (wanted: Asked) => new Set(metrics((await source.ask(wanted, signal)).figures).map((m) => m.split(".")[0]));
      for (const asset of known.slice(0, 2)) expect(await of(asset)).toEqual(new Set([asset.id]));
      expect(await of("sector")).toEqual(new Set(subject.sector ? ["sector"] : []));
      expect(await of("global")).toEqual(new Set(subject.global ? ["global"] : []));
      const requests = web.seen.length;
      const stranger = watchList.find((asset) => !subject.knows(asset));
      if (stranger !== undefined) expect(await of(stranger)).toEqual(new Set());
      expect(web.seen.length).toBe(requests);
    });

    it("says why it cannot tell of one subject", async () => {
      web.answer("/", { status: 429, headers: { "retry-after": "7" }, body: { error: "slow down" } });
      for (const asset of known.slice(0, 1)) expect((await failureOf(source.ask(asset, signal))).kind).toBe("rate_limited");
    });

    it.each([
      ["a null price", { price: null }, ["price"]],
      ["a price of nothing", { price: 0 }, ["price"]],
      ["a price in words", { price: "77671" }, ["price"]],
      ["a price beyond all numbers", { price: "@1e999" }, ["price"]],
      ["a null market cap", { marketCap: null }, ["market_cap"]],
      ["a market cap of zero", { marketCap: 0 }, ["market_cap"]],
      ["a null change", { change24h: null }, ["change_24h"]],
      ["a change below −100 %", { change24h: -250 }, ["change_24h"]],
      ["all null", { price: null, marketCap: null, change24h: null }, ["price", "market_cap", "change_24h"]],
      ["a time months ago", { updated: "2026-02-01T00:00:00Z" }, ["everything"]],
    ])("leaves out what it does not know (%s), and nothing else", async (_name, edit, gone) => {
      subject.serve(web);
      const whole = metrics(await fetch());
      subject.serve(web, { helium: edit });
      const all = gone.includes("everything") || (subject.priceFirst && gone.includes("price"));
      expect(metrics(await fetch())).toEqual(
        whole.filter((m) => (all ? !m.startsWith("helium.") : !gone.some((g) => m === `helium.${g}`))),
      );
    });

    it("keeps a price of a fraction of a cent", async () => {
      subject.serve(web, { helium: { price: "@3.271e-9" } });
      expect((await fetch()).find((f) => f.metric === "helium.price")).toMatchObject({ value: 3.271e-9, raw: "3.271e-9" });
    });

    it("says that the time is not known where it is unreadable", async () => {
      subject.serve(web, { helium: { updated: "yesterday" } });
      expect((await fetch()).find((f) => f.metric === "helium.price")?.observedAt).toBeNull();
    });

    it("leaves out a coin that is gone, and keeps the others", async () => {
      subject.serve(web, { akash: "absent" });
      const given = metrics(await fetch());
      expect(given.some((m) => m.startsWith("akash."))).toBe(false);
      expect(given).toContain("arweave.price");
    });

    it("fails rather than answering with nothing", async () => {
      const absent: Edits = Object.fromEntries(watchList.map((asset) => [asset.id, "absent" as const]));
      subject.serve(web, absent);
      expect(["not_found", "bad_shape"]).toContain((await failureOf(fetch())).kind);
    });

    const page = { "content-type": "text/html" };
    it.each<[string, Scripted, string]>([
      ["429 with Retry-After", { status: 429, headers: { "retry-after": "7" }, body: { error: "slow down" } }, "rate_limited"],
      ["429 in plain text", { status: 429, headers: { "content-type": "text/plain" }, body: "Throttled" }, "rate_limited"],
      ["401", { status: 401, body: {} }, "unauthorised"],
      ["402", { status: 402, body: { error: "payment required" } }, "unauthorised"],
      ["a 403 page of the CDN", { status: 403, headers: page, body: "<html>error code: 1020</html>" }, "unauthorised"],
      ["500", { status: 500, body: "" }, "server_error"],
      ["a page with 200", { headers: page, body: "<html>Maintenance</html>" }, "bad_shape"],
      ["truncated JSON", { body: '[{"id":"bitc' }, "bad_shape"],
      ["null", { body: "null" }, "bad_shape"],
      ["an empty object", { body: {} }, "bad_shape"],
      ["a text", { body: '"hello"' }, "bad_shape"],
      ["an empty body", { body: "" }, "bad_shape"],
      ["50 MB", { fault: "flood", bytes: 50_000_000 }, "too_large"],
      ["a reset connection", { fault: "reset" }, "unreachable"],
      ["half an answer", { fault: "close_early", body: { id: "bitcoin" } }, "unreachable"],
    ])("fails with a kind that says why: %s", async (_name, script, kind) => {
      web.answer("/", script);
      expect(await failureOf(fetch())).toMatchObject({ service: source.name, kind });
    });

    it.each(["hang", "drip"] as const)("fails at the deadline when the answer never ends (%s)", async (fault) => {
      web.answer("/", { fault });
      const asked = failureOf(fetch());
      await web.arrived(subject.path);
      expire();
      expect((await asked).kind).toBe("timeout");
    });

    it("stops when it is told to", async () => {
      web.answer("/", { fault: "hang" });
      const ending = new AbortController();
      const asked = failureOf(source.fetch(watchList, ending.signal));
      await web.arrived(subject.path);
      ending.abort();
      expect((await asked).kind).toBe("timeout");
    });
  });
}
