/** The contract of the store of how opinions were read. */
import { describe, expect, test } from "vitest";
import type { Reading } from "../../../src/reading/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { fresh, opinion } from "./fixtures.ts";

export function readingContract(stores: () => Stores): void {
  describe("readings", () => {
    test("come back as they were given, of this member alone, also after a correction, and go with their opinion", async () => {
      const { opinions, readings } = stores();
      const [ann, bob, topic] = [fresh.member(), fresh.member(), fresh.topic()];
      const given = [opinion({ member: ann, topic }), opinion({ member: ann, topic }), opinion({ member: bob, topic })] as const;
      const full: Reading = { topic, stance: "mixed", strength: "strong", aspect: "price", evidence: "measured", by: "model" };
      const bare: Reading = { topic, stance: "unclear", strength: "moderate", aspect: null, evidence: null, by: "classifier" };
      await opinions.add(given[0], {}, full);
      await opinions.add(given[1], {}, bare);
      await opinions.add(given[2], {}, full);
      // The press that came twice changes nothing.
      await opinions.add(given[0], {}, bare);
      await opinions.correct(given[0].id, ann, "disagree");
      expect(await readings.of(ann)).toEqual(
        new Map([
          [given[0].id, full],
          [given[1].id, bare],
        ]),
      );
      await opinions.remove(given[0].id, ann);
      expect(await readings.of(ann)).toEqual(new Map([[given[1].id, bare]]));
      expect(await readings.of(fresh.member())).toEqual(new Map());
    });

    test("nothing is left of them when their member is erased", async () => {
      const { opinions, readings, members } = stores();
      const one = opinion({ member: fresh.member() });
      const { topic } = one;
      await opinions.add(one, {}, { topic, stance: "mixed", strength: "weak", aspect: null, evidence: null, by: "classifier" });
      await members.erase(one.member);
      expect(await readings.of(one.member)).toEqual(new Map());
    });
  });
}
