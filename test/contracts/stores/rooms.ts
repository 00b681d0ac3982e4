/** The contract of the room store. */
import { describe, expect, test } from "vitest";
import { type CommunityId, communityId, memberId, opinionId, privateCommunityId } from "../../../src/core/ids.ts";
import type { Opinion } from "../../../src/opinions/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { button, fresh, later, next, noon, opinion } from "./fixtures.ts";

export function roomContract(stores: () => Stores): void {
  const month = 30 * 24 * 60;
  describe("rooms", () => {
    test("knows the communities of one platform that anything is stored of, and which were left", async () => {
      const { rooms, opinions } = stores();
      const [served, left, spoken] = [71, 72, 73].map((n) => communityId("discord", `${n}${next()}`));
      if (served === undefined || left === undefined || spoken === undefined) throw new TypeError("three communities");
      await rooms.arrive(served, noon);
      await rooms.arrive(communityId("telegram", "71"), noon);
      await rooms.leave(left, noon);
      await opinions.add(opinion({ community: spoken }));
      await opinions.add(opinion({ community: privateCommunityId("discord", memberId("ann")) }));
      const known = (await rooms.known("discord")).filter(
        ({ community }) => [served, left, spoken].includes(community) || community.includes("private"),
      );
      expect(known.toSorted((a, b) => a.community.localeCompare(b.community))).toEqual([
        { community: served, left: false },
        { community: left, left: true },
        { community: spoken, left: false },
      ]);
    });

    test("the first arrival ever is told from every other one", async () => {
      const { rooms } = stores();
      const here = fresh.community();
      expect(await rooms.arrive(here, noon)).toBe(true);
      expect(await rooms.arrive(here, noon)).toBe(false);
      await rooms.leave(here, later(1));
      expect(await rooms.arrive(here, later(2))).toBe(false);
    });

    test("of arrivals at the same moment one is the first", async () => {
      const { rooms } = stores();
      const here = fresh.community();
      const answers = await Promise.all([1, 2, 3, 4].map(() => rooms.arrive(here, noon)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    test("an admin is greeted exactly once, before or after the arrival", async () => {
      const { rooms } = stores();
      const [here, there] = [fresh.community(), fresh.community()];
      expect(await Promise.all([1, 2, 3].map(() => rooms.greet(here, noon)))).toContain(true);
      expect(await rooms.greet(here, later(1))).toBe(false);
      expect(await rooms.arrive(here, later(1))).toBe(true);
      expect(await rooms.arrive(there, noon)).toBe(true);
      expect(await rooms.greet(there, noon)).toBe(true);
      expect(await rooms.greet(there, noon)).toBe(false);
    });

    test("a community is erased when it was left before the date, and never when the bot came back", async () => {
      const { rooms, opinions, buttons } = stores();
      const [left, back, present] = [fresh.community(), fresh.community(), fresh.community()];
      const said = new Map<CommunityId, Opinion>();
      const bound = button({ community: left });
      await buttons.save([bound]);
      for (const place of [left, back, present]) {
        await rooms.arrive(place, later(-2 * month));
        said.set(place, opinion({ community: place }));
        await opinions.add(said.get(place) ?? opinion());
      }
      await rooms.leave(left, later(-month));
      await rooms.leave(left, later(5)); // told twice: the first time counts
      await rooms.leave(back, later(-month));
      await rooms.arrive(back, later(-1));
      expect(await rooms.eraseLeft(later(-month))).toBe(0);
      expect(await rooms.eraseLeft(later(-month + 1))).toBe(1);
      const found = async (place: CommunityId) => (await opinions.find(said.get(place)?.id ?? opinionId(""))) !== null;
      expect(await Promise.all([left, back, present].map(found))).toEqual([false, true, true]);
      expect(await buttons.find(bound.id, noon)).toBeNull();
      expect(await rooms.arrive(left, noon)).toBe(true);
    });

    test("a community that was left without ever being known is erased like any other", async () => {
      const { rooms, opinions } = stores();
      const here = fresh.community();
      const said = opinion({ community: here });
      await opinions.add(said);
      await rooms.leave(here, later(-month));
      expect(await rooms.eraseLeft(later(-month + 1))).toBe(1);
      expect(await opinions.find(said.id)).toBeNull();
    });

    test("a group that moves takes everything along, whether or not its new address is known", async () => {
      const { rooms, opinions, buttons } = stores();
      for (const known of [false, true]) {
        const [from, to] = [fresh.community(), fresh.community()];
        const [said, bound] = [opinion({ community: from }), button({ community: from })];
        await rooms.arrive(from, noon);
        await rooms.greet(from, noon);
        if (known) await rooms.arrive(to, later(1));
        await opinions.add(said);
        await buttons.save([bound]);
        await rooms.migrate(from, to);
        await rooms.migrate(from, to); // both ends of the move are told
        expect(await opinions.find(said.id)).toEqual({ ...said, community: to });
        expect(await buttons.find(bound.id, noon)).toEqual({ ...bound, community: to });
        expect(await rooms.arrive(to, later(2))).toBe(false);
        expect(await rooms.greet(to, later(2))).toBe(false);
        expect(await rooms.arrive(from, later(2))).toBe(true);
      }
    });

    test("leaving the old address of a group that moved does not erase the new one", async () => {
      const { rooms, opinions } = stores();
      const [from, to] = [fresh.community(), fresh.community()];
      const said = opinion({ community: from });
      await opinions.add(said);
      await rooms.arrive(from, later(-2 * month));
      await rooms.leave(from, later(-2 * month));
      await rooms.migrate(from, to);
      await rooms.migrate(to, to);
      await rooms.eraseLeft(noon);
      expect(await opinions.find(said.id)).toEqual({ ...said, community: to });
    });
  });
}
