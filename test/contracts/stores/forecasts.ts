/** What the store of questions and forecasts must do, whatever is behind it; and on a database, how they go with people and places. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MemberId, privateCommunityId, questionId, receiptId, roomId } from "../../../src/core/ids.ts";
import type { ForecastStore, Question } from "../../../src/forecasts/types.ts";
import type { Storage } from "../../../src/storage/open.ts";
import { fresh, later, next, noon, price } from "./fixtures.ts";

export const question = (parts: Partial<Question> = {}): Question => {
  const serial = next();
  const community = parts.community ?? fresh.community();
  return {
    id: questionId(`q${serial}`),
    community,
    room: roomId("telegram", community.slice("telegram:".length)),
    metric: "bitcoin.price",
    label: "Bitcoin price",
    unit: "usd",
    comparison: "above",
    threshold: 100_000.25,
    resolvesAt: later(120),
    closesAt: later(100),
    toleranceMs: 21_600_000,
    source: "CoinGecko",
    askedAt: noon,
    by: fresh.member(),
    outcome: null,
    figure: null,
    resolvedAt: null,
    ...parts,
  };
};

const people = async (store: ForecastStore, { id }: Question) => (await store.people([id])).get(id) ?? 0;

/** What needs no other store: in memory too. */
export function forecastStoreContract(store: () => ForecastStore): void {
  const asked = async (parts: Partial<Question> = {}): Promise<Question> => {
    const one = question(parts);
    await store().add(one);
    return one;
  };

  describe("questions and forecasts", () => {
    test("a question is kept as it was asked, and one of the same id that comes later changes nothing", async () => {
      const one = await asked();
      await store().add({ ...one, threshold: 1, community: fresh.community() });
      expect(await store().find(one.id)).toEqual(one);
      expect(await store().find(questionId("nobody"))).toBeNull();
      expect(await store().open(one.community)).toEqual([one]);
      expect(await store().resolved(one.community, 5)).toEqual([]);
    });

    test("the last of a member's forecasts counts, whatever order they come in, until the close and not in that moment", async () => {
      const one = await asked();
      const [ann, bob] = [fresh.member(), fresh.member()];
      expect(await store().answer(one.id, ann, 10, later(1))).toBe("kept");
      expect(await store().answer(one.id, ann, 90.5, later(3))).toBe("kept");
      expect(await store().answer(one.id, ann, 50, later(2))).toBe("kept");
      expect(await store().answer(one.id, bob, 0, later(99))).toBe("kept");
      expect(await store().answer(one.id, bob, 30, later(100))).toBe("closed");
      expect(await store().answer(one.id, bob, null, later(100))).toBe("closed");
      expect(await store().answer(questionId("nobody"), bob, 30, later(1))).toBe("closed");
      expect(await people(store(), one)).toBe(2);
      expect(await store().own(one.community, ann)).toEqual([{ question: one, percent: 90.5, at: later(3) }]);
      expect(await store().own(fresh.community(), ann)).toEqual([]);
      expect(await store().answer(one.id, bob, null, later(99))).toBe("kept");
      expect(await people(store(), one)).toBe(1);
    });

    test("a question is cancelled only in its own community, and only while nobody has ever answered", async () => {
      const [one, other] = [await asked(), await asked()];
      expect(await store().cancel(one.id, other.community)).toBe(false);
      expect(await store().cancel(one.id, one.community)).toBe(true);
      expect(await store().cancel(one.id, one.community)).toBe(false);
      expect(await store().find(one.id)).toBeNull();
      const ann = fresh.member();
      await store().answer(other.id, ann, 10, later(1));
      await store().answer(other.id, ann, null, later(2));
      expect(await store().cancel(other.id, other.community)).toBe(false);
    });

    test("a question is resolved once; then nobody answers any more, and what was said is scored", async () => {
      const community = fresh.community();
      const [yes, no, gone] = [await asked({ community }), await asked({ community }), await asked({ community, resolvesAt: later(60) })];
      const [ann, bob] = [fresh.member(), fresh.member()];
      for (const { id } of [yes, no, gone]) await store().answer(id, ann, 25, later(1));
      await store().answer(yes.id, bob, 75, later(1));
      const mine = async (before: Date) => (await store().due(before)).filter((one) => one.community === community).map(({ id }) => id);
      expect(await mine(later(59))).toEqual([]);
      expect(await mine(later(60))).toEqual([gone.id]);
      expect(await mine(later(120))).toEqual([gone.id, yes.id, no.id]);
      expect(await store().resolve(yes.id, "yes", receiptId("abcd2345"), later(130))).toBe(true);
      expect(await store().resolve(yes.id, "no", null, later(131))).toBe(false);
      await store().resolve(no.id, "no", receiptId("abcd2346"), later(131));
      await store().resolve(gone.id, "void", null, later(132));
      expect(await mine(later(500))).toEqual([]);
      expect(await store().find(yes.id)).toEqual({ ...yes, outcome: "yes", figure: "abcd2345", resolvedAt: later(130) });
      expect(await store().answer(yes.id, ann, 99, later(2))).toBe("closed");
      expect(await store().cancel(gone.id, community)).toBe(false);
      expect((await store().resolved(community, 2)).map(({ id }) => id)).toEqual([gone.id, no.id]);
      const scored = (await store().scored(community)).map(({ question: id, person, probability, happened }) => [
        id,
        person,
        probability,
        happened,
      ]);
      expect(scored.toSorted()).toEqual(
        [
          [yes.id, ann, 0.25, true],
          [yes.id, bob, 0.75, true],
          [no.id, ann, 0.25, false],
        ].toSorted(),
      );
      expect((await store().own(community, ann)).map((own) => own.question.id)).toEqual([gone.id, no.id, yes.id]);
    });

    test("an outcome waits for a process that serves its platform, until it was handed over", async () => {
      const one = await asked();
      const waiting = async (platform: "discord" | "telegram") =>
        (await store().unannounced([platform])).filter(({ id }) => id === one.id).length;
      expect(await waiting("telegram")).toBe(0);
      await store().resolve(one.id, "void", null, later(130));
      expect([await waiting("discord"), await waiting("telegram"), (await store().unannounced([])).length]).toEqual([0, 1, 0]);
      await store().announced(one.id);
      expect(await waiting("telegram")).toBe(0);
    });
  });
}

type Stores = Pick<Storage, "forecasts" | "members" | "rooms" | "settings" | "links" | "figures" | "subscriptions">;

export function forecastContract(stores: () => Stores): void {
  forecastStoreContract(() => stores().forecasts);

  describe("forecasts of people and places", () => {
    const asked = async (parts: Partial<Question> = {}): Promise<Question> => {
      const one = question(parts);
      await stores().forecasts.add(one);
      return one;
    };

    test("joined accounts are one person, whose newest forecast counts", async () => {
      const { forecasts, links } = stores();
      const one = await asked();
      const [here, there, other] = [fresh.member(), fresh.member(), fresh.member()];
      const person = `person${next()}`;
      await links.join([here, there], person);
      await forecasts.answer(one.id, there, 80, later(2));
      await forecasts.answer(one.id, here, 20, later(1));
      await forecasts.answer(one.id, other, 50, later(1));
      expect(await people(forecasts, one)).toBe(2);
      await forecasts.resolve(one.id, "yes", null, later(130));
      expect((await forecasts.scored(one.community)).map((s) => [s.person, s.probability]).toSorted()).toEqual(
        [
          [other, 0.5],
          [person, 0.8],
        ].toSorted(),
      );
    });

    test("a member sees, moves and erases what is theirs; who wants nothing logged has no forecast logged", async () => {
      const { forecasts, members } = stores();
      const ann = fresh.member();
      const one = await asked({ by: ann });
      const chat = await asked({ community: privateCommunityId("telegram", ann) });
      await forecasts.answer(one.id, ann, 20, later(1));
      expect(await members.read(ann)).toMatchObject({
        forecasts: [
          { question: one.id, community: one.community, metric: "bitcoin.price", comparison: "above", threshold: 100_000.25, percent: 20 },
        ],
        questions: [
          { id: one.id, community: one.community, metric: "bitcoin.price", askedAt: noon },
          { id: chat.id, metric: "bitcoin.price" },
        ],
      });
      await members.erase(ann);
      expect(await members.read(ann)).toMatchObject({ forecasts: [], questions: [] });
      expect(await forecasts.find(one.id)).toEqual({ ...one, by: null });
      expect(await forecasts.find(chat.id)).toBeNull();
      expect(await people(forecasts, one)).toBe(0);
      await members.choose(ann, { optedOut: true });
      expect(await forecasts.answer(one.id, ann, 30, later(1))).toBe("opted_out");
      expect(await forecasts.find((await asked({ by: ann })).id)).toMatchObject({ by: null });
      expect(await people(forecasts, one)).toBe(0);
    });

    test("under a new key the newest forecast of a question stays, whichever pseudonyms gave some", () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ who: fc.nat(2), percent: fc.nat(100), minute: fc.integer({ min: 1, max: 90 }) }), { maxLength: 6 }),
          async (answers) => {
            const { forecasts, members } = stores();
            const names: readonly MemberId[] = [fresh.member(), fresh.member(), fresh.member()];
            const [current = fresh.member(), ...former] = names;
            const one = await asked({ by: former[0] ?? current });
            const last = new Map<MemberId, { percent: number; minute: number }>();
            for (const { who, percent, minute } of answers) {
              const member = names[who] ?? current;
              await forecasts.answer(one.id, member, percent, later(minute));
              if (minute >= (last.get(member)?.minute ?? 0)) last.set(member, { percent, minute });
            }
            await members.rekey(former, current);
            const newest = Math.max(...former.map((name) => last.get(name)?.minute ?? 0));
            const expected = last.has(current)
              ? [last.get(current)?.percent]
              : former.flatMap((name) => (last.get(name)?.minute === newest ? (last.get(name)?.percent ?? []) : []));
            const kept = (await forecasts.own(one.community, current)).map(({ percent }) => percent);
            expect(kept).toHaveLength(expected.length === 0 ? 0 : 1);
            for (const percent of kept) expect(expected).toContain(percent);
            expect((await forecasts.find(one.id))?.by).toBe(current);
            for (const name of former) expect(await forecasts.own(one.community, name)).toEqual([]);
          },
        ),
        { numRuns: 15 },
      ));

    test("questions move with their group, and go with a community that was left", async () => {
      const { forecasts, rooms } = stores();
      const [from, to] = [fresh.community(), fresh.community()];
      const one = await asked({ community: from });
      await forecasts.answer(one.id, fresh.member(), 20, later(1));
      expect(await rooms.known("telegram")).toContainEqual({ community: from, left: false });
      await rooms.migrate(from, to);
      expect(await forecasts.find(one.id)).toEqual({ ...one, community: to, room: to });
      expect(await people(forecasts, one)).toBe(1);
      await rooms.leave(to, noon);
      await rooms.eraseLeft(later(1));
      expect(await forecasts.find(one.id)).toBeNull();
      expect(await people(forecasts, one)).toBe(0);
    });

    test("forecasts go once their question was answered longer ago than its community keeps them, and the question stays", async () => {
      const { forecasts, settings } = stores();
      const community = fresh.community();
      const [over, open] = [question({ community }), question({ community, closesAt: later(9_000), resolvesAt: later(9_000) })];
      for (const one of [over, open]) {
        await forecasts.add(one);
        await forecasts.answer(one.id, fresh.member(), 60, later(1));
      }
      await forecasts.resolve(over.id, "yes", null, later(120));
      await settings.set(community, { retentionDays: 1 }, []);
      expect(await settings.older(community, later(121))).toMatchObject({ forecasts: 1 });
      await settings.expire(later(120 + 24 * 60));
      expect(await people(forecasts, over)).toBe(1);
      await settings.expire(later(121 + 24 * 60));
      expect([await people(forecasts, over), await people(forecasts, open)]).toEqual([0, 1]);
      expect(await forecasts.find(over.id)).toMatchObject({ outcome: "yes" });
    });

    test("the figure that decided is never pruned", async () => {
      const { forecasts, figures } = stores();
      const metric = `asset${next()}.price`;
      const [deciding, sameHour, newest] = [0, 10, 40 * 24 * 60].map((minutes) =>
        price({ metric, fetchedAt: later(minutes), raw: `${minutes}` }),
      );
      if (deciding === undefined || sameHour === undefined || newest === undefined) throw new TypeError("there are three");
      await figures.save([deciding, sameHour, newest]);
      const one = await asked({ metric });
      await forecasts.resolve(one.id, "yes", deciding.id, later(130));
      await figures.prune(later(60 * 24 * 60));
      expect((await figures.findAll([deciding.id, newest.id])).map(({ id }) => id)).toEqual([deciding.id, newest.id]);
    });
  });
}
