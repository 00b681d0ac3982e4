/** What every source of a network's fundamentals must do, with sound answers and bad ones, and what a person then reads. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import market from "../../commands/market.ts";
import network from "../../commands/network.ts";
import why from "../../commands/why.ts";
import { formatFigure } from "../../src/core/figure.ts";
import { watchList } from "../../src/market/assets.ts";
import { createMarket } from "../../src/market/market.ts";
import { createNetworkViews } from "../../src/market/network-views.ts";
import { createNetworks, type NetworksOptions } from "../../src/market/networks.ts";
import type { NetworkSource } from "../../src/market/types.ts";
import { type FakeWeb, type Scripted, startFakeWeb } from "../support/fake-web.ts";
import { createMemoryStores } from "../support/memory-stores.ts";
import { createTalk, type Talk } from "../support/talk.ts";
import { failureOf, fixtureNow, instantHttp } from "./price-sources.ts";

export type Urls = NetworksOptions["urls"];

export const allOff: Urls = {
  FILECOIN_RPC_URL: null,
  FILFOX_URL: null,
  AKASH_URL: null,
  HELIUM_URL: null,
  BITTENSOR_RPC_URL: null,
  ARWEAVE_URL: null,
};

export interface NetworkSubject {
  /** The network. */
  readonly id: string;
  readonly setting: keyof Urls;
  /** Follows the fake web's address in the setting. */
  readonly base: string;
  /** Scripts sound answers. */
  serve(web: FakeWeb): void;
  /** A path that is always asked. */
  readonly path: string;
  /** Every figure of the sound answers: metric, words, and as the source wrote it. */
  readonly says: readonly (readonly [metric: string, words: string, raw: string])[];
  /** The source's own times, at most one of them; empty where it gives none. */
  readonly observedAt: readonly string[];
}

/** A member who asks for networks whose sources stand on the fake web; `later` lets minutes pass. */
export function talkOfNetworks(urls: Partial<Urls>): { readonly talk: Talk; readonly later: (minutes: number) => void } {
  let time = fixtureNow.getTime();
  const now = () => new Date(time);
  const later = (minutes: number) => {
    time += minutes * 60_000;
  };
  const log = { warn: () => undefined, error: () => undefined };
  const store = createMemoryStores().figures;
  const parts = { store, log, now };
  const networks = createNetworks({ urls: { ...allOff, ...urls }, http: instantHttp().http, log, now });
  const services = {
    market: createMarket({ sources: [], watched: async () => [], ...parts }),
    networks: createNetworkViews({ networks, assets: watchList, ...parts }),
  };
  return { talk: createTalk([market, network, why], services, now), later };
}

const page = { "content-type": "text/html" };
/** Row 6 of the bad inputs and its kin: what no source may take for data, the kind it must fail with, and what a person reads. */
export const badAnswers: readonly (readonly [string, Scripted, string, string])[] = [
  [
    "429 with Retry-After",
    { status: 429, headers: { "retry-after": "7" }, body: { error: "slow down" } },
    "rate_limited",
    "asked me to come back later",
  ],
  [
    "429 in plain text",
    { status: 429, headers: { "content-type": "text/plain" }, body: "Throttled" },
    "rate_limited",
    "asked me to come back later",
  ],
  ["401", { status: 401, body: {} }, "unauthorised", "refused the request"],
  ["a 403 page of the CDN", { status: 403, headers: page, body: "<html>error code: 1020</html>" }, "unauthorised", "refused the request"],
  ["404", { status: 404, body: { error: "not found" } }, "not_found", "did not find what I asked for"],
  ["400", { status: 400, body: { statusCode: 400, error: "Bad Request" } }, "bad_shape", "sent nothing I could use"],
  ["500", { status: 500, body: "" }, "server_error", "has trouble of its own"],
  ["a page with 200", { headers: page, body: "<html>Maintenance</html>" }, "bad_shape", "sent nothing I could use"],
  [
    "a page that calls itself plain text",
    { headers: { "content-type": "text/plain" }, body: "<html>0</html>" },
    "bad_shape",
    "sent nothing I could use",
  ],
  ["truncated JSON", { body: '{"jsonrpc":"2.0","now":{"hei' }, "bad_shape", "sent nothing I could use"],
  ["null", { body: "null" }, "bad_shape", "sent nothing I could use"],
  ["an empty object", { body: {} }, "bad_shape", "sent nothing I could use"],
  ["a list", { body: [] }, "bad_shape", "sent nothing I could use"],
  ["a text", { body: '"hello"' }, "bad_shape", "sent nothing I could use"],
  ["an empty body", { body: "" }, "bad_shape", "sent nothing I could use"],
  ["50 MB", { fault: "flood", bytes: 50_000_000 }, "too_large", "sent far more than I asked for"],
  ["a reset connection", { fault: "reset" }, "unreachable", "could not be reached"],
  ["half an answer", { fault: "close_early", body: { id: "bitcoin" } }, "unreachable", "could not be reached"],
];

export function networkSourceContract(name: string, subject: NetworkSubject): void {
  describe(`${name} as a source of ${subject.id}`, () => {
    let web: FakeWeb;
    let source: NetworkSource;
    let urls: Partial<Urls>;
    let expire: () => void;
    let warnings: string[];
    const { signal } = new AbortController();
    const fetch = () => source.fetch(signal);

    beforeAll(async () => {
      web = await startFakeWeb();
    });
    afterAll(() => web.close());
    afterEach(() => web.reset());
    beforeEach(() => {
      const instant = instantHttp();
      expire = instant.expire;
      warnings = [];
      urls = { [subject.setting]: `${web.url}${subject.base}/` };
      const log = { warn: (_: object, message: string) => void warnings.push(message), error: () => undefined };
      const networks = createNetworks({ urls: { ...allOff, ...urls }, http: instant.http, now: () => fixtureNow, log });
      const [opened] = networks.flatMap(({ sources }) => sources.flatMap((one) => one.source ?? []));
      if (opened === undefined) throw new TypeError("no source is on");
      source = opened;
    });

    it("is called by its name and belongs to its network", () => {
      expect(source).toMatchObject({ id: subject.id, name });
      for (const metric of source.metrics) expect(metric).toMatch(new RegExp(`^${subject.id}\\.[a-z_]+$`));
      expect(source.freshMs).toBeGreaterThanOrEqual(30 * 60_000);
    });

    it("gives each of its metrics, exactly, with the value as it was written", async () => {
      subject.serve(web);
      const figures = await fetch();
      expect(figures.map((f) => [f.metric, formatFigure(f), f.raw])).toEqual(subject.says);
      expect(figures.map((f) => f.metric)).toEqual(source.metrics);
      for (const { value, raw } of figures) if (typeof value === "bigint" && /^\d+$/.test(raw)) expect(value).toBe(BigInt(raw));
      expect(warnings).toEqual([]);
    });

    it("gives each figure its page and the source's own time", async () => {
      subject.serve(web);
      const figures = await fetch();
      for (const f of figures) {
        expect(f).toMatchObject({ state: "live", precision: "instant", fetchedAt: fixtureNow, source: { name } });
        expect(f.source.url).toMatch(/^https:\/\/.+/);
      }
      const times = figures.flatMap((f) => (f.observedAt === null ? [] : [f.observedAt.toISOString()]));
      expect([...new Set(times)]).toEqual(subject.observedAt);
    });

    it("gives the same answer the same receipts, and every figure its own", async () => {
      subject.serve(web);
      const [once, twice] = [await fetch(), await fetch()];
      expect(once.map((f) => f.id)).toEqual(twice.map((f) => f.id));
      expect(new Set(once.map((f) => f.id)).size).toBe(once.length);
    });

    it.each(badAnswers)("fails with a kind that says why: %s", async (_name, script, kind) => {
      web.answer("/", script);
      expect(await failureOf(fetch())).toMatchObject({ service: name, kind });
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
      const asked = failureOf(source.fetch(ending.signal));
      await web.arrived(subject.path);
      ending.abort();
      expect((await asked).kind).toBe("timeout");
    });

    it("is read by a member with every figure, its receipts and its pages", async () => {
      subject.serve(web);
      const { talk } = talkOfNetworks(urls);
      const shown = await talk.read(`/network ${subject.id}`);
      for (const [metric, words] of subject.says) expect(shown, metric).toContain(`: ${words} · `);
      expect(shown).toMatch(/ · [a-z2-9]{8}\n/);
      expect(shown).toContain(`${name} https://`);
      expect(shown).not.toMatch(/No data|Not live/);
      for (const [, receipt] of shown.matchAll(/ · ([a-z2-9]{8})$/gm)) {
        const explained = await talk.read(`/why ${receipt}`);
        expect(explained).toContain(`Source: ${name}`);
        expect(
          subject.says.some(([metric, , raw]) => explained.includes(`As the source wrote it: ${raw}\n`) && explained.includes(metric)),
        ).toBe(true);
      }
    });

    it.each(badAnswers)("a member reads what was wrong, and no number, after %s", async (_name, script, _kind, words) => {
      web.answer("/", script);
      const shown = await talkOfNetworks(urls).talk.read(`/network ${subject.id}`);
      expect(shown).toContain(`${name} ${words}.`);
      for (const metric of source.metrics) expect(`${shown}`, metric).toMatch(new RegExp(`No data: .*${metric}|August 2024`));
      expect(shown.replaceAll(/August 2024|22\.754|1,000,000/g, "")).not.toMatch(/: [^\n]*\d[^\n]* · /);
    });

    it("a member reads the last figures with their age after it fails", async () => {
      subject.serve(web);
      const { talk, later } = talkOfNetworks(urls);
      const live = await talk.read(`/network ${subject.id}`);
      later(180);
      web.reset();
      web.answer("/", { status: 503, body: "" });
      const shown = await talk.read(`/network ${subject.id}`);
      expect(shown).toContain(`${name} has trouble of its own.\nNot live. From ${name}, 3 h ago:`);
      for (const [, words] of subject.says) expect(shown).toMatch(new RegExp(`: ${RegExp.escape(words)} · .+, 3 h old · `));
      const receipts = (text: string) => [...text.matchAll(/ · ([a-z2-9]{8})$/gm)].map(([, receipt]) => receipt);
      expect(receipts(shown)).toEqual(receipts(live));
    });
  });
}
