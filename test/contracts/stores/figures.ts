/** The contract of the figure store. */
import { describe, expect, test } from "vitest";
import { units } from "../../../src/core/figure.ts";
import { receiptId } from "../../../src/core/ids.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { later, price } from "./fixtures.ts";

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
  });
}
