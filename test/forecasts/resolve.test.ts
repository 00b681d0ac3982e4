/** How questions are resolved: from the archive as of their moment, once, whatever fails in between, and posted once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Figure } from "../../src/core/figure.ts";
import type { PlatformName } from "../../src/core/ids.ts";
import { createResolving, decidingFigure, holds } from "../../src/forecasts/resolve.ts";
import { comparisons } from "../../src/forecasts/types.ts";
import type { PostOnce } from "../../src/schedule/types.ts";
import { later, price } from "../contracts/stores/fixtures.ts";
import { question } from "../contracts/stores/forecasts.ts";
import { memoryForecasts } from "../support/memory-forecasts.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

const hourly = 6 * 60;

/** The question's moment is two hours after noon; a figure may be six hours older. */
async function stage(figures: readonly Figure[], { served = ["telegram"] as readonly PlatformName[], failing = 0 } = {}) {
  const store = memoryForecasts();
  const archive = createMemoryStores().figures;
  await archive.save(figures);
  const one = question();
  await store.add(one);
  const [posts, errors]: [Parameters<PostOnce>[0][], string[]] = [[], []];
  let left = failing;
  const postOnce: PostOnce = async (post) => {
    if (left-- > 0) throw new Error("the database is away");
    posts.push(post);
  };
  const log = { info: () => undefined, error: (_: object, message: string) => void errors.push(message) };
  const resolve = createResolving({ store, figures: archive, postOnce, served, log });
  return { one, store, archive, posts, errors, resolve, present: async () => store.find(one.id) };
}

const bitcoin = (value: number, minutes: number, source = "CoinGecko"): Figure =>
  price({
    metric: "bitcoin.price",
    value,
    raw: String(value),
    fetchedAt: later(minutes),
    source: { name: source, url: "https://example.org/" },
  });

describe("a question", () => {
  it("waits ten minutes, so that what was fetched in the last moment is stored, and takes nothing from after its moment", async () => {
    const { resolve, archive, present } = await stage([bitcoin(90_000, 60)]);
    await resolve(later(129));
    expect(await present()).toMatchObject({ outcome: null });
    const last = bitcoin(100_001, 120);
    await archive.save([last, bitcoin(1, 121)]);
    await resolve(later(130));
    expect(await present()).toMatchObject({ outcome: "yes", figure: last.id, resolvedAt: later(130) });
  });

  it.each([
    ["as old as it may be", 120 - hourly, "no"],
    ["a minute older", 120 - hourly - 1, "void"],
  ])("with a figure %s is resolved as it should be", async (_, minutes, outcome) => {
    const { resolve, present } = await stage([bitcoin(90_000, minutes)]);
    await resolve(later(10_000));
    expect(await present()).toMatchObject({ outcome });
  });

  it("is decided by the source that it was asked about, and by another one only without it", async () => {
    const both = await stage([bitcoin(90_000, 60), bitcoin(110_000, 119, "CoinPaprika")]);
    await both.resolve(later(130));
    expect(await both.present()).toMatchObject({ outcome: "no" });
    const other = await stage([bitcoin(110_000, 119, "CoinPaprika"), bitcoin(90_000, 100, "DefiLlama")]);
    await other.resolve(later(130));
    expect(await other.present()).toMatchObject({ outcome: "yes" });
    expect(decidingFigure([price({ value: null, state: "missing" })], "CoinGecko")).toBeNull();
  });

  it("is resolved and posted once, also where posting fails first, or many beats come at once", async () => {
    const { one, resolve, posts, errors, present } = await stage([bitcoin(110_000, 100)], { failing: 2 });
    await resolve(later(130));
    await resolve(later(131));
    expect([posts.length, errors.length]).toEqual([0, 2]);
    expect(await present()).toMatchObject({ outcome: "yes", resolvedAt: later(130) });
    await resolve(later(132));
    await resolve(later(133));
    expect(posts).toEqual([
      {
        series: `forecast:${one.id}`,
        rooms: [{ room: one.room, community: one.community }],
        withinMs: expect.any(Number),
        by: one.by,
        now: later(130),
      },
    ]);
  });

  it("is resolved also where its platform is not served, and posted when it is again", async () => {
    const { one, store, archive, resolve, posts, present } = await stage([bitcoin(110_000, 100)], { served: ["discord"] });
    await resolve(later(130));
    expect(await present()).toMatchObject({ outcome: "yes" });
    expect(posts).toEqual([]);
    const again = createResolving({
      store,
      figures: archive,
      postOnce: async (post) => void posts.push(post),
      served: ["telegram"],
      log: { info: () => undefined, error: () => undefined },
    });
    await again(later(500));
    expect(posts.map(({ series }) => series)).toEqual([`forecast:${one.id}`]);
  });
});

describe("a comparison", () => {
  it("says yes of a value and its opposite of none: each pair leaves no gap", () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (value, threshold) => {
        expect(holds(value, "below", threshold)).toBe(!holds(value, "at_least", threshold));
        expect(holds(value, "above", threshold)).toBe(!holds(value, "at_most", threshold));
        expect(comparisons.map((comparison) => holds(threshold, comparison, threshold))).toEqual([false, true, false, true]);
      }),
    ));
});
