/** What is true of summed-up prices, of the sentences over them and of a job's price, whatever the numbers are. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gpus } from "../../src/compute/gpus.ts";
import { jobWords } from "../../src/compute/job.ts";
import { mediansOf, overallIndex } from "../../src/compute/medians.ts";
import { priceLines, priceVerdict } from "../../src/compute/price-words.ts";
import { median, type Offer, quoteFigures, quotesOf } from "../../src/compute/quotes.ts";
import { type SellerId, sellers } from "../../src/compute/sellers.ts";
import type { GpuPrices, Price } from "../../src/compute/types.ts";
import { formatFigure } from "../../src/core/figure.ts";
import { textsIn } from "../../src/core/texts.ts";

const english = textsIn("en").compute;
const now = new Date("2026-11-22T12:00:00Z");
const h100 = gpus.find(({ id }) => id === "h100_sxm_80") ?? missing();
function missing(): never {
  throw new TypeError("there is no H100");
}

const money = fc.double({ min: 0.01, max: 900, noNaN: true });
const offer = fc.record({ provider: fc.constantFrom("a", "b", "c", "d", "e", "f"), price: money, free: fc.option(fc.nat(99)) });
const asOffer = (part: { provider: string; price: number; free: number | null }): Offer => ({
  ...part,
  gpu: h100,
  seller: "vast",
  spot: false,
  raw: String(part.price),
});

/** What a seller asks, as the desk knows it. */
function priceOf(id: SellerId, asked: number, at = now): Price {
  const seller = sellers.find((one) => one.id === id);
  const one: Offer = { gpu: h100, seller: id, spot: false, provider: id, price: asked, raw: String(asked), free: null };
  const [quote] = quotesOf([one]);
  const [price = null, low = null, high = null, offers = null] = quoteFigures(quote === undefined ? [] : [quote], {
    source: id,
    url: `https://${id}.example`,
    observedAt: null,
    fetchedAt: at,
  });
  if (seller === undefined || price === null) throw new TypeError("no price");
  return { seller, spot: false, price, low, high, offers, free: null };
}

const view = (prices: readonly Price[]): GpuPrices => ({ gpu: h100, prices, spot: [], ...mediansOf(h100, prices, now), troubles: [] });
const asked = fc.record({
  akash: fc.option(money),
  nosana: fc.option(money),
  aws: fc.option(money),
  azure: fc.option(money),
  vast: fc.option(money),
});
const pricesOf = (some: Readonly<Partial<Record<SellerId, number | null>>>): readonly Price[] =>
  sellers.flatMap(({ id }) => {
    const price = some[id];
    return price === null || price === undefined ? [] : [priceOf(id, price)];
  });
const known = (...some: readonly (number | null)[]): readonly number[] => some.filter((one) => one !== null);

describe("offers", () => {
  it("of one provider count once, however often they are listed", () => {
    fc.assert(
      fc.property(fc.array(offer, { minLength: 1, maxLength: 12 }), fc.nat(11), fc.integer({ min: 1, max: 20 }), (parts, which, copies) => {
        // Prices of one provider that are equal, as machines of one host are.
        const offers = [...new Map(parts.map((part) => [part.provider, asOffer(part)])).values()];
        const one = offers[which % offers.length];
        if (one === undefined) return;
        const [quote] = quotesOf(offers);
        const [again] = quotesOf([...offers, ...Array.from({ length: copies }, () => one)]);
        expect([again?.price, again?.low, again?.high, again?.offers]).toEqual([quote?.price, quote?.low, quote?.high, quote?.offers]);
      }),
    );
  });

  it("in any order have the same median, which lies between the lowest and the highest", () => {
    fc.assert(
      fc.property(fc.array(offer, { minLength: 1, maxLength: 12 }), (parts) => {
        const offers = parts.map(asOffer);
        const [quote] = quotesOf(offers);
        const [reversed] = quotesOf(offers.toReversed());
        expect(reversed?.price).toBe(quote?.price);
        expect(quote?.low).toBeLessThanOrEqual(quote?.price ?? 0);
        expect(quote?.high).toBeGreaterThanOrEqual(quote?.price ?? 0);
        expect(quote?.offers).toBe(new Set(parts.map(({ provider }) => provider)).size);
      }),
    );
  });

  it("without a believable price are none, and what is not said to be free is not zero", () => {
    for (const price of [0, -1, 0.001, 5000, Number.NaN, Number.POSITIVE_INFINITY])
      expect(quotesOf([asOffer({ provider: "a", price, free: null })])).toEqual([]);
    const figures = quoteFigures(quotesOf([asOffer({ provider: "a", price: 1, free: null })]), {
      source: "x",
      url: "",
      observedAt: null,
      fetchedAt: now,
    });
    expect(figures.map(({ metric }) => metric.split(".").at(-1))).toEqual(["price", "low", "high", "offers"]);
  });

  it("have the median that half of them lie below", () => {
    fc.assert(
      fc.property(fc.array(money, { minLength: 1, maxLength: 30 }), (values) => {
        const middle = median(values);
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("the sentence", () => {
  it("says less where the networks ask less, more where they ask more, and by how much", () => {
    fc.assert(
      fc.property(asked, (some) => {
        const prices = view(pricesOf(some));
        const words = priceVerdict(prices, english);
        const [networks, clouds] = [known(some.akash, some.nosana), known(some.aws, some.azure)];
        expect(words).not.toMatch(/NaN|undefined|null|Infinity/);
        if (networks.length === 0 || clouds.length === 0) {
          expect(words).not.toMatch(/less|more/);
          expect(prices.index).toBeNull();
          return;
        }
        const ratio = median(networks) / median(clouds);
        const [, over, percent = "", direction] = /on the networks \*\*(?:(over )?([\d,]+) % (less|more)|as much)\*\*\.$/.exec(words) ?? [];
        if (direction === undefined) expect(Math.abs(ratio - 1)).toBeLessThan(0.005);
        else {
          expect(direction).toBe(ratio < 1 ? "less" : "more");
          expect(Math.abs(Number(percent.replaceAll(",", "")) - Math.abs(ratio - 1) * 100)).toBeLessThanOrEqual(
            over === undefined ? 0.51 : 1,
          );
        }
        expect(words).toContain(`**${formatFigure(prices.networks ?? priceOf("akash", 1).price)}** on the networks`);
        // The index names both figures that it is worked out from.
        expect(prices.index?.raw).toContain(`(${prices.networks?.id})`);
        expect(prices.index?.raw).toContain(`(${prices.clouds?.id})`);
        expect(Number(prices.index?.value)).toBeCloseTo(ratio * 100, 6);
      }),
    );
  });

  it("takes no side from a marketplace", () => {
    fc.assert(
      fc.property(asked, money, (some, vast) => {
        const [without, other] = [view(pricesOf({ ...some, vast: null })), view(pricesOf({ ...some, vast }))];
        expect(other.index?.value).toBe(without.index?.value);
        expect(other.networks?.value).toBe(without.networks?.value);
      }),
    );
  });

  it("is of the same sellers in whatever order they ask", () => {
    const [one, other] = [
      view(pricesOf({ akash: 1, nosana: 2, aws: 3, azure: 4 })),
      view(pricesOf({ akash: 2, nosana: 1, aws: 4, azure: 3 }).toReversed()),
    ];
    expect(one.index?.source.name).toBe("Depinion, from Akash + Nosana over AWS + Azure");
    expect(other.index?.source.name).toBe(one.index?.source.name);
    expect(other.networks?.source.name).toBe(one.networks?.source.name);
  });

  it("counts no price of three days ago", () => {
    const old = priceOf("akash", 1, new Date(now.getTime() - 3 * 24 * 3_600_000));
    expect(view([old, priceOf("nosana", 2), priceOf("aws", 4)]).networks?.value).toBe(2);
    const alone = view([old]);
    expect([alone.networks, alone.index]).toEqual([null, null]);
    expect(priceVerdict(alone, english)).toBe("I have no price of the H100 SXM 80 GB from these days, of a network or a cloud.");
    expect(priceLines(alone.prices, now, english)[0]).toContain("$1.00");
  });

  it("over all classes is the middle one, and none where there is none", () => {
    const of = (index: number) => view(pricesOf({ akash: index, aws: 100 }));
    expect(overallIndex([])).toBeNull();
    expect(overallIndex([of(30), of(10), of(80)])?.value).toBeCloseTo(30, 9);
    expect(overallIndex([of(30), of(10)])?.source.name).toBe("Depinion, from 2 GPU classes");
  });
});

describe("the price of a job", () => {
  const job = fc.record({
    hours: fc.double({ min: 0.1, max: 100_000, noNaN: true }),
    gpus: fc.integer({ min: 1, max: 100_000 }),
    egressGb: fc.constantFrom(0, 100, 1000, 10_000),
    idle: fc.constantFrom(0, 0.1, 0.25, 0.5),
  });

  it("says who is cheaper as the bills do, and never a zero for what is not known", () => {
    fc.assert(
      fc.property(asked, job, (some, wanted) => {
        const prices = view(pricesOf(some));
        const { verdict, lines, assumptions } = jobWords(prices, wanted, english);
        expect(`${verdict} ${lines.join(" ")} ${assumptions}`).not.toMatch(/NaN|undefined|null|Infinity|\$0(?![.\d])/);
        expect(lines).toHaveLength(prices.prices.length);
        const bill = (price: number | null, perGb: number) =>
          price === null ? null : price * wanted.gpus * wanted.hours * (1 + wanted.idle) + perGb * wanted.egressGb;
        const networks = known(bill(some.akash, 0), bill(some.nosana, 0));
        const clouds = known(bill(some.aws, 0.09), bill(some.azure, 0.087));
        const [, over, percent = "", direction] = /\*\*(?:(over )?([\d,]+) % (less|more)|as much)\*\*\.$/.exec(verdict) ?? [];
        if (networks.length === 0 || clouds.length === 0) {
          expect(direction).toBeUndefined();
          return;
        }
        const ratio = median(networks) / median(clouds);
        if (direction === undefined) {
          expect(Math.abs(ratio - 1)).toBeLessThan(0.005 + 1e-9);
          return;
        }
        expect(direction).toBe(ratio < 1 ? "less" : "more");
        expect(Math.abs(Number(percent.replaceAll(",", "")) - Math.abs(ratio - 1) * 100)).toBeLessThanOrEqual(
          over === undefined ? 0.51 : 1,
        );
      }),
    );
  });
});
