/** The contract of the button store. */
import { describe, expect, test } from "vitest";
import { buttonId, memberId, privateCommunityId } from "../../../src/core/ids.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { button, later, noon } from "./fixtures.ts";

export function buttonContract(stores: () => Stores): void {
  describe("buttons", () => {
    test("a button comes back with its arguments as they were", async () => {
      const { buttons } = stores();
      const args = {
        topic: "latency",
        text: "a\u0000b \ud800 “x” 👍 {}",
        n: 1.5,
        big: 1e21,
        small: -0.1,
        yes: true,
        no: false,
        __proto__x: "",
      };
      const given = [
        button({ args, member: memberId("m"), quoted: memberId("q") }),
        button({ community: privateCommunityId("console", memberId("m")) }),
      ];
      await buttons.save(given);
      for (const one of given) expect(await buttons.find(one.id, noon)).toEqual(one);
      await buttons.save([]);
    });

    test("an unknown button and one at the end of its life are not found", async () => {
      const { buttons } = stores();
      const one = button({ expiresAt: later(1) });
      await buttons.save([one]);
      expect(await buttons.find(buttonId("unknown"), noon)).toBeNull();
      expect(await buttons.find(one.id, later(0.999))).toEqual(one);
      expect(await buttons.find(one.id, later(1))).toBeNull();
    });

    test("buttons that are pressed at the same moment are all found, each by its own clock", async () => {
      const { buttons } = stores();
      const pressed = [button(), button(), button()];
      await buttons.save(pressed);
      expect(await Promise.all(pressed.map(({ id }, n) => buttons.find(id, later(-n))))).toEqual(pressed);
    });

    test("sweeping forgets exactly the expired ones", async () => {
      const { buttons } = stores();
      await buttons.sweep(new Date("1999-12-31T00:00:00Z")); // others' buttons are younger
      const long = new Date("2000-01-01T00:00:00Z");
      const [gone, alsoGone, kept] = [button({ expiresAt: new Date(long.getTime() - 1) }), button({ expiresAt: long }), button()];
      await buttons.save([gone, alsoGone, kept]);
      expect(await buttons.sweep(long)).toBe(2);
      expect(await buttons.sweep(long)).toBe(0);
      expect(await buttons.find(gone.id, new Date(0))).toBeNull();
      expect(await buttons.find(kept.id, noon)).toEqual(kept);
    });
  });
}
