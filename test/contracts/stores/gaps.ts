/** The contract of the store of what was asked for in vain. */
import { describe, expect, test } from "vitest";
import { maxGaps } from "../../../src/knowledge/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { fresh, later, noon } from "./fixtures.ts";

export function gapContract(stores: () => Stores): void {
  const month = 30 * 24 * 60;
  describe("gaps", () => {
    test("the same question is counted, the most wanted comes first, and no other community sees it", async () => {
      const { gaps } = stores();
      const [here, there] = [fresh.community(), fresh.community()];
      await gaps.add(here, "solar panels", noon);
      await gaps.add(here, "moon base", later(3));
      await gaps.add(here, "solar panels", later(2));
      await gaps.add(here, "solar panels", later(1)); // told late
      await gaps.add(there, "tides", later(9));
      expect(await gaps.list(here, 10)).toEqual([
        { text: "solar panels", count: 3, lastAt: later(2) },
        { text: "moon base", count: 1, lastAt: later(3) },
      ]);
      expect(await gaps.list(here, 1)).toHaveLength(1);
      expect(await gaps.list(there, 10)).toEqual([{ text: "tides", count: 1, lastAt: later(9) }]);
    });

    test("a community that is asked ever new things keeps the most wanted and the newest", async () => {
      const { gaps } = stores();
      const here = fresh.community();
      await gaps.add(here, "wanted", noon);
      await gaps.add(here, "wanted", noon);
      for (let n = 1; n <= maxGaps + 4; n++) await gaps.add(here, `question ${n}`, later(n));
      const kept = (await gaps.list(here, maxGaps * 2)).map(({ text }) => text);
      expect(kept).toHaveLength(maxGaps);
      expect(kept.slice(0, 2)).toEqual(["wanted", `question ${maxGaps + 4}`]);
      expect(kept).not.toContain("question 1");
      await gaps.add(here, "wanted", later(999)); // not a new one: it costs nobody their place
      expect(await gaps.list(here, maxGaps * 2)).toHaveLength(maxGaps);
    });

    test("what nobody asked for again is forgotten, to the millisecond", async () => {
      const { gaps } = stores();
      const here = fresh.community();
      const old = new Date("2001-01-01T00:00:00Z");
      await gaps.add(here, "old", new Date(old.getTime() - 1));
      await gaps.add(here, "still wanted", old);
      expect(await gaps.expire(old)).toBe(1);
      expect((await gaps.list(here, 9)).map(({ text }) => text)).toEqual(["still wanted"]);
    });

    test("gaps move with their group, and end with it", async () => {
      const { gaps, rooms } = stores();
      const [from, to] = [fresh.community(), fresh.community()];
      await gaps.add(from, "both", later(5));
      await gaps.add(from, "old address", later(1));
      await gaps.add(to, "both", later(2));
      await rooms.migrate(from, to);
      expect(await gaps.list(from, 9)).toEqual([]);
      expect(await gaps.list(to, 9)).toEqual([
        { text: "both", count: 2, lastAt: later(5) },
        { text: "old address", count: 1, lastAt: later(1) },
      ]);
      await rooms.arrive(to, noon);
      await rooms.leave(to, later(-2 * month));
      await rooms.eraseLeft(later(-month));
      expect(await gaps.list(to, 9)).toEqual([]);
    });
  });
}
