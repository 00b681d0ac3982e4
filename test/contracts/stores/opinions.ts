/** The contract of the opinion store. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CommunityId, type MemberId, memberId, opinionId, privateCommunityId, type TopicId } from "../../../src/core/ids.ts";
import type { Cohort, Opinion, StanceCounts, Windows } from "../../../src/opinions/types.ts";
import { type Stance, stances } from "../../../src/reading/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { always, fresh, later, next, opinion } from "./fixtures.ts";

const nobody = { agree: 0, mixed: 0, disagree: 0, unclear: 0 };

function countsOf(cohorts: readonly Cohort[]): StanceCounts {
  const counts = { ...nobody };
  for (const { stance, people } of cohorts) counts[stance] += people;
  return counts;
}

export function opinionContract(stores: () => Stores): void {
  /** Of the first wording: in the window, and before. */
  async function tallied(community: CommunityId, topic: TopicId, windows: Windows): Promise<readonly StanceCounts[]> {
    const { recent, before } = await stores().opinions.tally(community, { topic, version: 1 }, windows);
    return [countsOf(recent), countsOf(before)];
  }

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

    test("each member counts once, by the newest opinion, in this community and topic only, and may be quoted by no other", async () => {
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
      for (const one of given.toReversed()) await opinions.add(one, { quotable: true });
      expect(await tallied(community, topic, always)).toEqual([{ ...nobody, agree: 2, unclear: 1 }, nobody]);
      // The newest first, and nobody by what they say no more; who is unclear speaks for no side.
      expect(await opinions.quotable(community, { topic, version: 1 }, always, 9)).toEqual([
        { id: given[2]?.id, stance: "agree", text: "bob", at: later(4) },
        { id: given[1]?.id, stance: "agree", text: "ann, at last", at: later(3) },
      ]);
      expect(await opinions.quotable(community, { topic, version: 1 }, always, 1)).toHaveLength(1);
      expect(await tallied(community, fresh.topic(), always)).toEqual([nobody, nobody]);
    });

    test("what is too long to read at a glance, was not allowed or looks like a copy is counted, and never quoted", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), stance: "disagree" } as const;
      const short = "👍".repeat(280); // characters, not the two halves that JavaScript counts
      const quotable = { quotable: true };
      await opinions.add(opinion({ ...here, member: fresh.member(), at: later(1), text: short }), quotable);
      await opinions.add(opinion({ ...here, member: fresh.member(), at: later(2), text: "x".repeat(281) }), quotable);
      await opinions.add(opinion({ ...here, member: fresh.member(), at: later(3), text: "not asked" }));
      await opinions.add(opinion({ ...here, member: fresh.member(), at: later(4), text: "a copy" }), { ...quotable, aside: "copy" });
      expect(await tallied(here.community, here.topic, always)).toEqual([{ ...nobody, disagree: 4 }, nobody]);
      expect(await opinions.quotable(here.community, { topic: here.topic, version: 1 }, always, 9)).toMatchObject([
        { stance: "disagree", text: short, at: later(1) },
      ]);
    });

    test("of two opinions with the same time the later logged one is the newer", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      // The ids sort against the order of arrival.
      await opinions.add(opinion({ ...here, id: opinionId(`z${next()}`), stance: "agree" }));
      await opinions.add(opinion({ ...here, id: opinionId(`a${next()}`), stance: "disagree" }));
      expect((await tallied(here.community, here.topic, always))[0]).toEqual({ ...nobody, disagree: 1 });
    });

    test("a window begins with its first instant and ends before its last, and who spoke in both counts in both", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      const windows = { before: later(-10), from: later(0), to: later(10) };
      const tally = () => tallied(here.community, here.topic, windows);
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
          const tally = await tallied(community, topic, { before: later(-2), from: later(0), to: later(3) });
          expect(tally).toEqual([count(recent), count(earlier)]);
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
      const weeks = async (topic: TopicId, count: number) =>
        (await opinions.weeks(here.community, { topic, version: 1 }, later(0), count)).map(countsOf);
      expect(await weeks(here.topic, 3)).toEqual([
        { ...nobody, agree: 1 },
        { ...nobody, mixed: 1, disagree: 1 },
        { ...nobody, agree: 1 },
      ]);
      expect(await weeks(fresh.topic(), 2)).toEqual([nobody, nobody]);
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
      await opinions.add(opinion({ community, topic: one, member: ann }), { version: 2 });
      expect(new Set(await opinions.counts(community))).toEqual(
        new Set([
          { topic: one, version: 1, people: 2 },
          { topic: one, version: 2, people: 1 },
          { topic: two, version: 1, people: 1 },
        ]),
      );
      expect(await opinions.counts(fresh.community())).toEqual([]);
    });

    test("opinions logged at the same moment are all kept", async () => {
      const { opinions } = stores();
      const [community, topic] = [fresh.community(), fresh.topic()];
      const many = Array.from({ length: 50 }, () => opinion({ community, topic, member: fresh.member() }));
      await Promise.all(many.map((one) => opinions.add(one)));
      expect((await tallied(community, topic, always))[0]).toEqual({ ...nobody, mixed: 50 });
    });

    test("who asks at the same moment what company an opinion has is told of their own", async () => {
      const { opinions } = stores();
      const [here, there, topic, ann, bob] = [fresh.community(), fresh.community(), fresh.topic(), fresh.member(), fresh.member()];
      const said = (community: CommunityId, member: MemberId, stance: Stance, hours: number) =>
        opinion({ community, topic, member, stance, at: later(hours) });
      await opinions.add(said(here, ann, "agree", 0), { print: "words" });
      await opinions.add(said(here, ann, "agree", 1), { print: "other words" });
      await opinions.add(said(here, bob, "disagree", 2));
      const since = { copies: later(-1), burst: later(0.5) };
      const company = (one: Opinion, print: string | null, version = 1) => opinions.company(one, { version, print }, since);
      const cleo = fresh.member();
      expect(
        await Promise.all([
          company(said(here, cleo, "agree", 3), "words"),
          company(said(here, cleo, "disagree", 3), null),
          company(said(there, cleo, "agree", 3), "words"),
          company(said(here, ann, "agree", 3), "words"),
          company(said(here, cleo, "agree", 3), "unheard", 2),
          company(said(here, cleo, "disagree", 1.5), "other words"),
        ]),
      ).toEqual([
        { copied: true, others: 1 },
        { copied: false, others: 1 },
        { copied: false, others: 0 },
        { copied: false, others: 0 },
        { copied: false, others: 0 },
        { copied: true, others: 0 },
      ]);
    });
  });
}
