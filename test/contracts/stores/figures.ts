/** The contract of the figure store. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Figure } from "../../../src/core/figure.ts";
import { units } from "../../../src/core/figure.ts";
import { receiptId } from "../../../src/core/ids.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { later, next, price } from "./fixtures.ts";

export function figureContract(stores: () => Stores): void {
  describe("figures", () => {
    test("a figure comes back under its receipt with value, bound, source and times as they were", async () => {
      const { figures } = stores();
      const given = [
        price({ value: 0.1 + 0.2, raw: "0.30000000000000004" }),
        price({ value: -1.7976931348623157e308 }),
        price({ value: 5e-324 }),
        price({ value: 9_007_199_254_740_993n, unit: "count", raw: "9007199254740993" }),
        price({ value: -(2n ** 200n), unit: "count" }),
        price({
          value: 19e9,
          bound: "about",
          precision: "month",
          observedAt: new Date("2024-08-01T00:00:00Z"),
          raw: "“about $19 billion”",
        }),
        price({ value: 22.754, bound: "at_least", unit: "eib", precision: "day", observedAt: null }),
        price({ value: 0, unit: "percent" }),
        ...units.map((unit) => price({ unit })),
      ];
      await figures.save(given);
      for (const one of given) expect(await figures.find(one.id)).toEqual(one);
      expect(await figures.find(receiptId("unknown"))).toBeNull();
    });

    test("a missing value stays missing, and staleness is not stored", async () => {
      const { figures } = stores();
      const [missing, stale] = [price({ value: null, state: "missing", raw: "null" }), price({ state: "stale" })];
      await figures.save([missing, stale]);
      expect(await figures.find(missing.id)).toEqual(missing);
      expect(await figures.find(stale.id)).toEqual({ ...stale, state: "live" });
    });

    test("saving twice changes nothing, and saving nothing is no error", async () => {
      const { figures } = stores();
      const one = price();
      await figures.save([one, one]);
      await figures.save([{ ...one, label: "Another label" }]);
      await figures.save([]);
      expect(await figures.find(one.id)).toEqual(one);
      expect((await figures.latest()).filter((f) => f.metric === one.metric)).toEqual([one]);
    });

    test("what is no number is refused and nothing of its batch is stored", async () => {
      const { figures } = stores();
      const good = price();
      await expect(figures.save([good, price({ value: Number.NaN })])).rejects.toThrow(TypeError);
      await expect(figures.save([price({ value: Number.POSITIVE_INFINITY })])).rejects.toThrow(TypeError);
      expect(await figures.find(good.id)).toBeNull();
    });

    test("the newest of each metric is the one fetched last, and of several fetched together the one saved last", async () => {
      const { figures } = stores();
      const [one, two] = [price(), price()];
      const newer = price({ metric: one.metric, value: 2, fetchedAt: later(1) });
      const older = price({ metric: one.metric, value: 3, fetchedAt: later(-1) });
      const together = price({ metric: two.metric, value: 4, raw: "4", fetchedAt: two.fetchedAt });
      await figures.save([newer, two]);
      await figures.save([one, older, together]);
      const latest = (await figures.latest()).filter((f) => f.metric === one.metric || f.metric === two.metric);
      expect(new Set(latest)).toEqual(new Set([newer, together]));
    });

    test("a thousand figures are saved at once", async () => {
      const { figures } = stores();
      const many = Array.from({ length: 1_000 }, (_, value) => price({ value, raw: String(value) }));
      await figures.save(many);
      const last = many.at(-1);
      expect(last === undefined ? null : await figures.find(last.id)).toEqual(last);
    });

    const hour = 60;
    const day = 24 * hour;
    const paprika = { name: "CoinPaprika", url: "https://coinpaprika.com/" };

    test("at an instant there is the last figure of each metric and source at or before it, unless it is too old", async () => {
      const { figures } = stores();
      const old = price({ fetchedAt: later(-3 * hour) });
      const of = (parts: Parameters<typeof price>[0]) => price({ metric: old.metric, ...parts });
      const [before, exactly, behind] = [of({ fetchedAt: later(-hour) }), of({ fetchedAt: later(0) }), of({ fetchedAt: later(1) })];
      const other = of({ source: paprika, fetchedAt: later(-2 * hour) });
      const another = price({ fetchedAt: later(-90) });
      await figures.save([old, before, exactly, behind, other, another]);
      const at = async (metrics: readonly string[], minutes: number, tolerance: number) =>
        new Set(await figures.at(metrics, later(minutes), tolerance * 60_000));
      expect(await at([old.metric], 0, day)).toEqual(new Set([exactly, other]));
      expect(await at([old.metric], -1, day)).toEqual(new Set([before, other]));
      expect(await at([old.metric, another.metric], -1, hour)).toEqual(new Set([before]));
      expect(await at([old.metric, another.metric], -1, 2 * hour)).toEqual(new Set([before, other, another]));
      expect(await at([old.metric], -2 * hour - 1, hour)).toEqual(new Set([old]));
      expect(await at([old.metric], -2 * hour - 1, 58)).toEqual(new Set());
      expect(await at([], 0, day)).toEqual(new Set());
      expect(await at(["no.such"], 0, day)).toEqual(new Set());
    });

    test("a series has the last figure of each UTC day and source, oldest first", async () => {
      const { figures } = stores();
      const metric = `series${next()}.price`;
      const at = (time: string, parts: Parameters<typeof price>[0] = {}) => price({ metric, fetchedAt: new Date(time), ...parts });
      const first = at("2026-11-20T23:59:59.999Z");
      const [early, late] = [at("2026-11-21T00:00:00Z"), at("2026-11-21T23:00:00Z")];
      const other = at("2026-11-21T08:00:00Z", { source: paprika });
      const end = at("2026-11-22T00:00:00Z");
      await figures.save([late, end, other, first, early, price({ fetchedAt: new Date("2026-11-21T09:00:00Z") })]);
      const series = (from: string, to: string) => figures.series(metric, new Date(from), new Date(to));
      expect(await series("2026-11-01T00:00:00Z", "2026-11-22T00:00:00Z")).toEqual([first, other, late]);
      expect(await series("2026-11-21T00:00:00Z", "2026-11-21T12:00:00Z")).toEqual([early, other]);
      expect(await series("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")).toEqual([]);
    });

    test("another source's figure is the newest that is not of the one named", async () => {
      const { figures } = stores();
      const own = price();
      expect(await figures.other(own.metric, own.source.name)).toBeNull();
      const [old, fresh] = [later(-2), later(-1)].map((fetchedAt) => price({ metric: own.metric, source: paprika, fetchedAt }));
      if (old === undefined || fresh === undefined) throw new TypeError("there are two");
      await figures.save([own, fresh, old]);
      expect(await figures.other(own.metric, own.source.name)).toEqual(fresh);
      expect(await figures.other(own.metric, paprika.name)).toEqual(own);
    });

    /** What stays of these figures when this moment has come. */
    async function keptAt(now: Date, given: readonly Figure[]): Promise<readonly Figure[]> {
      const { figures } = stores();
      await figures.save(given);
      await figures.prune(now);
      const found = await Promise.all(given.map(({ id }) => figures.find(id)));
      return found.filter((figure) => figure !== null);
    }
    /** Pruning looks at what has crossed a limit since the last time: every test goes on a year. */
    let year = 2027;
    const thisYear = () => new Date(`${year++}-07-01T12:30:00Z`);
    const ago = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000);

    test("pruning keeps a week whole, 90 days by the hour, and earlier days by their last figure", async () => {
      const now = thisYear();
      const metric = `pruned${next()}.price`;
      const at = (...minutes: readonly number[]) => minutes.map((m) => price({ metric, fetchedAt: ago(now, m) }));
      // `now` is half past noon: minutes up to 30 back are in its hour, up to 12:30 h back in its day.
      const week = at(0, 1, 2, 29, 7 * day - 1);
      const [lateInHour, earlyInHour] = [at(8 * day), at(8 * day + 10, 8 * day + 29)];
      const hours = at(20 * day, 20 * day + hour, 20 * day + 2 * hour, 89 * day);
      const [lateInDay, earlyInDay] = [at(100 * day), at(100 * day + 10, 100 * day + 2 * hour, 100 * day + 12 * hour)];
      const days = at(101 * day, 102 * day, 300 * day);
      const kept = [...week, ...lateInHour, ...hours, ...lateInDay, ...days];
      expect(new Set(await keptAt(now, [...kept, ...earlyInHour, ...earlyInDay]))).toEqual(new Set(kept));
    });

    test("pruning never takes the newest of a metric and source, however old, nor a bundled figure", async () => {
      const now = thisYear();
      const metric = `pruned${next()}.price`;
      const old = ago(now, 200 * day);
      const bundled = { name: "Depinion baseline, August 2024", url: "" };
      const given = [
        price({ metric, fetchedAt: old }),
        price({ metric, fetchedAt: old, source: paprika }),
        price({ metric, fetchedAt: old, source: bundled, precision: "month" }),
        price({ fetchedAt: old }),
      ];
      expect(await keptAt(now, given)).toEqual(given);
    });

    test("pruning again within the hour does nothing, and after it goes on where it was", async () => {
      const { figures } = stores();
      const now = thisYear();
      const metric = `pruned${next()}.price`;
      const [early, late] = [7 * day - 10, 7 * day - 20].map((minutes) => price({ metric, fetchedAt: ago(now, minutes) }));
      if (early === undefined || late === undefined) throw new TypeError("there are two");
      expect(await keptAt(now, [early, late])).toEqual([early, late]);
      expect(await figures.prune(ago(now, -59))).toBe(0);
      expect(await figures.find(early.id)).toEqual(early);
      expect(await figures.prune(ago(now, -61))).toBeGreaterThanOrEqual(1);
      expect(await figures.find(early.id)).toBeNull();
      expect(await figures.find(late.id)).toEqual(late);
    });

    test("whatever is stored, a day that had a figure keeps its last one", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 200 * day }), { minLength: 1, maxLength: 12 }), async (minutes) => {
          const now = thisYear();
          const metric = `pruned${next()}.price`;
          const given = minutes.map((m, n) => price({ metric, value: n, raw: String(n), fetchedAt: ago(now, m) }));
          const kept = await keptAt(now, given);
          const dayOf = ({ fetchedAt }: Figure) => fetchedAt.toISOString().slice(0, 10);
          const last = (list: readonly Figure[]) => Math.max(...list.map(({ fetchedAt }) => fetchedAt.getTime()));
          const [had, has] = [Map.groupBy(given, dayOf), Map.groupBy(kept, dayOf)];
          expect(new Set(has.keys())).toEqual(new Set(had.keys()));
          for (const [name, list] of had) expect(last(has.get(name) ?? [])).toBe(last(list));
        }),
        { numRuns: 20 },
      );
    });
  });
}
