/** The contract of the opinion store. */
import { describe, expect, test } from "vitest";
import { memberId, opinionId, privateCommunityId } from "../../../src/core/ids.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { ages, fresh, later, next, opinion } from "./fixtures.ts";

export function opinionContract(stores: () => Stores): void {
  describe("opinions", () => {
    test("an opinion comes back as it was given, to the millisecond and to the last character", async () => {
      const { opinions } = stores();
      const text = `“Grüße” 👩‍👩‍👧 \u202eRTL\u202c \n\t'; DROP TABLE opinion; -- \\ {{x}} ${"long ".repeat(20_000)}`;
      const given = opinion({ text, community: privateCommunityId("discord", memberId("m:1")), stance: "unclear", at: later(0.0005) });
      await opinions.add(given);
      expect(await opinions.find(given.id)).toEqual(given);
    });

    test("an id that nobody used finds nothing", async () => {
      expect(await stores().opinions.find(opinionId("unknown"))).toBeNull();
    });

    test("a second opinion of the same id changes nothing: a button pressed twice logs once", async () => {
      const { opinions } = stores();
      const first = opinion({ text: "first" });
      await opinions.add(first);
      await opinions.add({ ...first, text: "second" });
      expect(await opinions.find(first.id)).toEqual(first);
    });

    test("only its author corrects an opinion, and the author's word is marked as such", async () => {
      const { opinions } = stores();
      const given = opinion({ member: fresh.member() });
      await opinions.add(given);
      expect(await opinions.correct(given.id, fresh.member(), "agree")).toBe(false);
      expect(await opinions.find(given.id)).toEqual(given);
      expect(await opinions.correct(given.id, given.member, "disagree")).toBe(true);
      expect(await opinions.find(given.id)).toEqual({ ...given, stance: "disagree", stanceBy: "author" });
    });

    test("only its author removes an opinion, and only once", async () => {
      const { opinions } = stores();
      const given = opinion({ member: fresh.member() });
      await opinions.add(given);
      expect(await opinions.remove(given.id, fresh.member())).toBe(false);
      expect(await opinions.remove(given.id, given.member)).toBe(true);
      expect(await opinions.remove(given.id, given.member)).toBe(false);
      expect(await opinions.find(given.id)).toBeNull();
    });

    test("the newest opinion of each member counts, newest first, in this community and topic only", async () => {
      const { opinions } = stores();
      const [community, topic, ann, bob] = [fresh.community(), fresh.topic(), fresh.member(), fresh.member()];
      const here = { community, topic };
      const old = opinion({ ...here, member: ann, at: later(1) });
      const annNow = opinion({ ...here, member: ann, at: later(3) });
      const bobNow = opinion({ ...here, member: bob, at: later(2) });
      const elsewhere = [
        opinion({ ...here, community: fresh.community(), member: ann }),
        opinion({ ...here, topic: fresh.topic(), member: bob }),
      ];
      for (const one of [annNow, old, bobNow, ...elsewhere]) await opinions.add(one);
      expect(await opinions.newest(community, topic, ages.from, ages.to)).toEqual([annNow, bobNow]);
    });

    test("of two opinions with the same time the later logged one is the newer", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      // The ids sort against the order of arrival.
      const first = opinion({ ...here, id: opinionId(`z${next()}`) });
      const second = opinion({ ...here, id: opinionId(`a${next()}`) });
      await opinions.add(first);
      await opinions.add(second);
      expect(await opinions.newest(here.community, here.topic, ages.from, ages.to)).toEqual([second]);
    });

    test("a window begins with its first instant and ends before its last, and the newest inside it counts", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      const [before, first, last, after] = [later(-0.001), later(0), later(9.999), later(10)].map((at) => opinion({ ...here, at }));
      if (!before || !first || !last || !after) throw new Error("four opinions");
      for (const one of [before, after]) await opinions.add(one);
      expect(await opinions.newest(here.community, here.topic, later(0), later(10))).toEqual([]);
      await opinions.add(first);
      expect(await opinions.newest(here.community, here.topic, later(0), later(10))).toEqual([first]);
      await opinions.add(last);
      expect(await opinions.newest(here.community, here.topic, later(0), later(10))).toEqual([last]);
    });

    test("counts are members, not opinions, per topic of one community", async () => {
      const { opinions } = stores();
      const [community, one, two, ann, bob] = [fresh.community(), fresh.topic(), fresh.topic(), fresh.member(), fresh.member()];
      for (const [topic, member] of [
        [one, ann],
        [one, ann],
        [one, bob],
        [two, ann],
      ] as const)
        await opinions.add(opinion({ community, topic, member }));
      await opinions.add(opinion({ community: fresh.community(), topic: one, member: fresh.member() }));
      expect(await opinions.counts(community)).toEqual(
        new Map([
          [one, 2],
          [two, 1],
        ]),
      );
      expect(await opinions.counts(fresh.community())).toEqual(new Map());
    });

    test("opinions logged at the same moment are all kept", async () => {
      const { opinions } = stores();
      const [community, topic] = [fresh.community(), fresh.topic()];
      const many = Array.from({ length: 50 }, () => opinion({ community, topic, member: fresh.member() }));
      await Promise.all(many.map((one) => opinions.add(one)));
      expect(new Set(await opinions.newest(community, topic, ages.from, ages.to))).toEqual(new Set(many));
    });
  });
}
