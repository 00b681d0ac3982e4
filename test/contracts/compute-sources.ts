/** What every source of GPU prices must do, with sound answers and bad ones, and what a member then reads. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import compute from "../../commands/compute.ts";
import why from "../../commands/why.ts";
import { createPrices } from "../../src/compute/prices.ts";
import { createComputeSources, type PriceSetting } from "../../src/compute/sources.ts";
import { type Figure, formatFigure } from "../../src/core/figure.ts";
import type { Askable } from "../../src/lib/live-answer.ts";
import { createMarket } from "../../src/market/market.ts";
import type { FigureStore } from "../../src/market/types.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { createMemoryStores } from "../support/memory-stores.ts";
import { createTalk, type Talk } from "../support/talk.ts";
import { badAnswers } from "./network-sources.ts";
import { failureOf, fixtureNow, instantHttp } from "./price-sources.ts";

export type PriceUrls = Readonly<Record<PriceSetting, string | null>>;
export const allOff: PriceUrls = {
  AKASH_URL: null,
  NOSANA_URL: null,
  AZURE_PRICES_URL: null,
  GPUHUNT_URL: null,
  VAST_URL: null,
  RUNPOD_URL: null,
};

export interface ComputeSubject {
  readonly setting: PriceSetting;
  /** Behind the fake web's address. */
  readonly base: string;
  /** The path that is asked first. */
  readonly path: string;
  serve(web: FakeWeb): void;
  /** Every price: its metric, as a person reads it, and as the source wrote it. */
  readonly says: readonly (readonly [metric: string, shown: string, raw: string])[];
  /** A GPU that it prices, as a member asks for it. */
  readonly gpu: string;
  readonly observedAt: string | null;
}

export interface ComputeTalk {
  readonly talk: Talk;
  readonly store: FigureStore;
  readonly prices: ReturnType<typeof createPrices>;
  later(minutes: number): void;
}

/** A member who asks for prices whose sources stand on the fake web. */
export function talkOfPrices(urls: Partial<PriceUrls>, store: FigureStore = createMemoryStores().figures, from = fixtureNow): ComputeTalk {
  let time = from.getTime();
  const now = () => new Date(time);
  const log = { warn: () => undefined, error: () => undefined };
  const sources = createComputeSources({ urls: { ...allOff, ...urls }, http: instantHttp().http, log, now }).flatMap(
    ({ source }) => source ?? [],
  );
  const prices = createPrices({ sources, store, now, log });
  const market = createMarket({ sources: [], watched: async () => [], store, log, now });
  const talk = createTalk([compute, why], { prices, market, illustrate: async () => null }, now);
  const later = (minutes: number) => {
    time += minutes * 60_000;
  };
  return { talk, store, prices, later };
}

/** The receipts of an answer, in their order. */
export const receiptsIn = (shown: string): readonly string[] =>
  [...shown.matchAll(/· ([a-z2-9]{8})$/gm)].map(([, receipt = ""]) => receipt);

const pricesOf = (figures: readonly Figure[]) => figures.filter(({ metric }) => metric.endsWith(".price"));

export function computeSourceContract(name: string, subject: ComputeSubject): void {
  describe(`${name} as a source of GPU prices`, () => {
    let web: FakeWeb;
    let source: Askable;
    let urls: Partial<PriceUrls>;
    let expire: () => void;
    let warnings: string[];
    const { signal } = new AbortController();

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
      const [opened] = createComputeSources({ urls: { ...allOff, ...urls }, http: instant.http, now: () => fixtureNow, log }).flatMap(
        (one) => one.source ?? [],
      );
      if (opened === undefined) throw new TypeError("no source is on");
      source = opened;
    });

    it("is called by its name and not asked again within half an hour", () => {
      expect(source.name).toBe(name);
      expect(source.freshMs).toBeGreaterThanOrEqual(30 * 60_000);
    });

    it("gives each of its prices per GPU-hour, with the value as it was written, and nothing of another kind", async () => {
      subject.serve(web);
      const figures = await source.fetch(signal);
      expect(pricesOf(figures).map((f) => [f.metric, formatFigure(f), f.raw])).toEqual(subject.says);
      expect(warnings).toEqual([]);
    });

    it("gives every figure its page and its time, and says how many prices the median is of and how far they are apart", async () => {
      subject.serve(web);
      const figures = await source.fetch(signal);
      for (const f of figures) {
        expect(f).toMatchObject({ state: "live", fetchedAt: fixtureNow, source: { name } });
        expect(f.source.url).toMatch(/^https:\/\/.+/);
        expect(f.observedAt?.toISOString() ?? null).toBe(subject.observedAt);
      }
      for (const price of pricesOf(figures)) {
        const part = (what: string) => Number(figures.find(({ metric }) => metric === price.metric.replace(/price$/, what))?.value);
        expect(part("low")).toBeLessThanOrEqual(Number(price.value));
        expect(part("high")).toBeGreaterThanOrEqual(Number(price.value));
        expect(part("offers")).toBeGreaterThanOrEqual(1);
      }
    });

    it("gives the same answer the same receipts, and every figure its own", async () => {
      subject.serve(web);
      const [once, twice] = [await source.fetch(signal), await source.fetch(signal)];
      expect(once.map((f) => f.id)).toEqual(twice.map((f) => f.id));
      expect(new Set(once.map((f) => f.id)).size).toBe(once.length);
    });

    it.each(badAnswers)("fails with a kind that says why: %s", async (_name, script, kind) => {
      web.answer("/", script);
      expect(await failureOf(source.fetch(signal))).toMatchObject({ service: name, kind });
    });

    it.each(["hang", "drip"] as const)("fails at the deadline when the answer never ends (%s)", async (fault) => {
      web.answer("/", { fault });
      const asking = failureOf(source.fetch(signal));
      await web.arrived(subject.path);
      expire();
      expect((await asking).kind).toBe("timeout");
    });

    it("stops when it is told to", async () => {
      web.answer("/", { fault: "hang" });
      const ending = new AbortController();
      const asking = failureOf(source.fetch(ending.signal));
      await web.arrived(subject.path);
      ending.abort();
      expect((await asking).kind).toBe("timeout");
    });

    it("is read by a member, and /why knows every receipt", async () => {
      subject.serve(web);
      const { talk } = talkOfPrices(urls);
      const shown = await talk.read(`/compute ${subject.gpu}`);
      const receipts = receiptsIn(shown);
      expect(receipts.length).toBeGreaterThan(1);
      expect(shown).toContain(`${name} https://`);
      for (const receipt of receipts) {
        const explained = await talk.read(`/why ${receipt}`);
        expect(explained).toMatch(new RegExp(`Source: (?:${RegExp.escape(name)}|Depinion, from .+)\n`));
        expect(explained).toMatch(/As the source wrote it: .*\d|Worked out from: \d.*[a-z2-9]{8}/);
      }
    });

    it.each(badAnswers)("a member reads what was wrong, and no price, after %s", async (_name, script, _kind, words) => {
      web.answer("/", script);
      const shown = await talkOfPrices(urls).talk.read(`/compute ${subject.gpu}`);
      expect(shown).toContain(`${name} ${words}.`);
      expect(shown).toContain("I have no price of the");
      expect(shown).not.toContain("$");
    });

    it("a member reads the last prices with their age after it fails", async () => {
      subject.serve(web);
      const { talk, later } = talkOfPrices(urls);
      const live = await talk.read(`/compute ${subject.gpu}`);
      later(7 * 60);
      web.reset();
      web.answer("/", { status: 503, body: "" });
      const shown = await talk.read(`/compute ${subject.gpu}`);
      expect(shown).toContain(`${name} has trouble of its own.`);
      expect(shown).toMatch(/not live: 1[78] May 2026/);
      expect(receiptsIn(shown)).toEqual(receiptsIn(live));
    });
  });
}
