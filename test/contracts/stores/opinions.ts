/** The contract of the opinion store. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memberId, opinionId, privateCommunityId } from "../../../src/core/ids.ts";
import { type Stance, type StanceCounts, stances } from "../../../src/opinions/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { always, fresh, later, next, opinion } from "./fixtures.ts";

const nobody: StanceCounts = { agree: 0, mixed: 0, disagree: 0, unclear: 0 };

export function opinionContract(stores: () => Stores): void {
  describe("opinions", () => {
    test("an opinion comes back as it was given, to the millisecond and to the last character", async () => {
      const { opinions } = stores();
      const text = `“Grüße” 👩‍👩‍👧 \u202eRTL\u202c \n\t'; DROP TABLE opinion; -- \\ {{x}} ${"long ".repeat(20_000)}`;
      const given = opinion({ text, community: privateCommunityId("discord", memberId("m:1")), stance: "unclear", at: later(0.0005) });
      await opinions.add(given);
      expect(await opinions.find(given.id)).toEqual(given);
    });

    test("those of one community that were logged before a moment are counted, and not those of the moment itself", async () => {
      const { opinions } = stores();
      const [here, topic] = [fresh.community(), fresh.topic()];
      for (const minutes of [-2, -1, 0, 1]) await opinions.add(opinion({ community: here, topic, at: later(minutes) }));
      await opinions.add(opinion({ community: fresh.community(), topic, at: later(-3) }));
      expect(await opinions.older(here, later(0))).toBe(2);
      expect(await opinions.older(fresh.community(), later(0))).toBe(0);
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

    test("each member counts once, by the newest opinion, in this community and topic only, and the newest of each stance is quoted", async () => {
      const { opinions } = stores();
      const [community, topic, ann, bob, eve] = [fresh.community(), fresh.topic(), fresh.member(), fresh.member(), fresh.member()];
      const here = { community, topic };
      const given = [
        opinion({ ...here, member: ann, at: later(1), stance: "disagree", text: "ann, first" }),
        opinion({ ...here, member: ann, at: later(3), stance: "agree", text: "ann, at last" }),
        opinion({ ...here, member: bob, at: later(4), stance: "agree", text: "bob" }),
        opinion({ ...here, member: eve, at: later(2), stance: "unclear", text: "eve" }),
        opinion({ ...here, community: fresh.community(), member: ann, at: later(9), stance: "mixed" }),
        opinion({ ...here, topic: fresh.topic(), member: bob, at: later(9), stance: "mixed" }),
      ];
      for (const one of given.toReversed()) await opinions.add(one);
      expect(await opinions.tally(community, topic, always)).toEqual({
        counts: { ...nobody, agree: 2, unclear: 1 },
        before: nobody,
        quotes: [
          { id: given[2]?.id, stance: "agree", text: "bob", at: later(4) },
          { id: given[3]?.id, stance: "unclear", text: "eve", at: later(2) },
        ],
      });
      expect(await opinions.tally(community, fresh.topic(), always)).toEqual({ counts: nobody, before: nobody, quotes: [] });
    });

    test("what is too long to read at a glance is counted, and a shorter one of the same stance is quoted", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), stance: "disagree" } as const;
      const short = "👍".repeat(280); // characters, not the two halves that JavaScript counts
      await opinions.add(opinion({ ...here, member: fresh.member(), at: later(1), text: short }));
      await opinions.add(opinion({ ...here, member: fresh.member(), at: later(2), text: "x".repeat(281) }));
      const { counts, quotes } = await opinions.tally(here.community, here.topic, always);
      expect(counts).toEqual({ ...nobody, disagree: 2 });
      expect(quotes).toMatchObject([{ stance: "disagree", text: short, at: later(1) }]);
    });

    test("of two opinions with the same time the later logged one is the newer", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      // The ids sort against the order of arrival.
      await opinions.add(opinion({ ...here, id: opinionId(`z${next()}`), stance: "agree" }));
      await opinions.add(opinion({ ...here, id: opinionId(`a${next()}`), stance: "disagree" }));
      expect((await opinions.tally(here.community, here.topic, always)).counts).toEqual({ ...nobody, disagree: 1 });
    });

    test("a window begins with its first instant and ends before its last, and who spoke in both counts in both", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      const windows = { before: later(-10), from: later(0), to: later(10) };
      const tally = async () => {
        const { counts, before } = await opinions.tally(here.community, here.topic, windows);
        return [counts, before];
      };
      for (const at of [later(-10.001), later(10)]) await opinions.add(opinion({ ...here, at }));
      expect(await tally()).toEqual([nobody, nobody]);
      await opinions.add(opinion({ ...here, at: later(-10), stance: "agree" }));
      expect(await tally()).toEqual([nobody, { ...nobody, agree: 1 }]);
      await opinions.add(opinion({ ...here, at: later(-0.001), stance: "mixed" }));
      expect(await tally()).toEqual([nobody, { ...nobody, mixed: 1 }]);
      await opinions.add(opinion({ ...here, at: later(0), stance: "unclear" }));
      expect(await tally()).toEqual([
        { ...nobody, unclear: 1 },
        { ...nobody, mixed: 1 },
      ]);
      await opinions.add(opinion({ ...here, at: later(9.999), stance: "disagree" }));
      expect(await tally()).toEqual([
        { ...nobody, disagree: 1 },
        { ...nobody, mixed: 1 },
      ]);
    });

    test("whatever was said, a tally is what counting by hand gives", async () => {
      const { opinions } = stores();
      const said = fc.record({ who: fc.nat(4), minute: fc.integer({ min: -3, max: 3 }), stance: fc.constantFrom(...stances) });
      await fc.assert(
        fc.asyncProperty(fc.array(said, { maxLength: 20 }), async (entries) => {
          const [community, topic] = [fresh.community(), fresh.topic()];
          const people = Array.from({ length: 5 }, fresh.member);
          for (const [order, { who, minute, stance }] of entries.entries())
            await opinions.add(
              opinion({ community, topic, member: people[who] ?? fresh.member(), at: later(minute), stance, text: `${order}` }),
            );
          const newest = (within: (minute: number) => boolean) => {
            const last = new Map<number, { readonly minute: number; readonly stance: Stance; readonly text: string }>();
            for (const [order, { who, minute, stance }] of entries.entries())
              if (within(minute) && minute >= (last.get(who)?.minute ?? minute)) last.set(who, { minute, stance, text: `${order}` });
            return [...last.values()];
          };
          const count = (list: readonly { readonly stance: Stance }[]) => {
            const counts: Record<Stance, number> = { ...nobody };
            for (const { stance } of list) counts[stance]++;
            return counts;
          };
          const [recent, earlier] = [newest((m) => m >= 0 && m < 3), newest((m) => m >= -2 && m < 0)];
          const tally = await opinions.tally(community, topic, { before: later(-2), from: later(0), to: later(3) });
          expect(tally.counts).toEqual(count(recent));
          expect(tally.before).toEqual(count(earlier));
          const quotable = stances.flatMap((stance) => {
            const own = recent.filter((one) => one.stance === stance);
            const best = own.toSorted((a, b) => b.minute - a.minute || Number(b.text) - Number(a.text))[0];
            return best === undefined ? [] : [{ stance, text: best.text, at: later(best.minute) }];
          });
          expect(tally.quotes).toMatchObject(quotable);
        }),
        { numRuns: 30 },
      );
    });

    test("a week begins with its first instant, and each member counts once in it, by the newest opinion", async () => {
      const { opinions } = stores();
      const week = 7 * 24 * 60;
      const here = { community: fresh.community(), topic: fresh.topic() };
      const [ann, bob] = [fresh.member(), fresh.member()];
      const said = [
        [ann, -0.001, "unclear"],
        [ann, 0, "disagree"],
        [ann, week - 0.001, "agree"],
        [ann, week, "mixed"],
        [bob, week + 1, "agree"],
        [bob, week + 2, "disagree"],
        [bob, 3 * week - 0.001, "agree"],
        [bob, 3 * week, "unclear"],
      ] as const;
      for (const [member, at, stance] of said) await opinions.add(opinion({ ...here, member, at: later(at), stance }));
      await opinions.add(opinion({ ...here, topic: fresh.topic(), member: ann, at: later(1), stance: "agree" }));
      await opinions.add(opinion({ ...here, community: fresh.community(), member: ann, at: later(1), stance: "agree" }));
      expect(await opinions.weeks(here.community, here.topic, later(0), 3)).toEqual([
        { ...nobody, agree: 1 },
        { ...nobody, mixed: 1, disagree: 1 },
        { ...nobody, agree: 1 },
      ]);
      expect(await opinions.weeks(here.community, fresh.topic(), later(0), 2)).toEqual([nobody, nobody]);
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
      expect((await opinions.tally(community, topic, always)).counts).toEqual({ ...nobody, mixed: 50 });
    });
  });
}
