/** The contract of claims and the votes on them. */
import { describe, expect, test } from "vitest";
import type { Storage } from "../../../src/storage/open.ts";
import { fresh, later, next, noon, opinion } from "./fixtures.ts";

type Kept = Pick<Storage, "groups" | "members" | "opinions" | "rooms" | "settings">;

export function groupContract(stores: () => Kept): void {
  describe("claims", () => {
    const place = () => ({ community: fresh.community(), topic: fresh.topic() });
    const claim = (text: string, member = fresh.member()) => ({ id: `claim${next()}`, text, member, opinion: null, at: noon });

    test("come in the order in which they were added, and the same words once", async () => {
      const { groups } = stores();
      const { community, topic } = place();
      const [one, two] = [claim("It is fast."), claim("It is slow.")];
      expect(await groups.add(community, topic, [one, two])).toBe(2);
      expect(await groups.add(community, topic, [claim("It is fast.")])).toBe(0);
      expect(await groups.statements(community, topic)).toEqual([one, two].map(({ id, text }) => ({ id, text })));
      expect(await groups.statements(fresh.community(), topic)).toEqual([]);
    });

    test("are voted on once by each member, the last vote counting, and never from another community", async () => {
      const { groups } = stores();
      const { community, topic } = place();
      const one = claim("It is fast.");
      await groups.add(community, topic, [one]);
      const ann = fresh.member();
      expect(await groups.vote(community, one.id, ann, 1)).toBe(true);
      expect(await groups.vote(community, one.id, ann, -1)).toBe(true);
      expect(await groups.vote(fresh.community(), one.id, fresh.member(), 1)).toBe(false);
      expect(await groups.vote(community, "no such claim", ann, 1)).toBe(false);
      expect((await groups.voters([one.id], "", 9))?.votes).toBe("0:-1");
    });

    test("are offered the least voted on first, and none that the member has voted on", async () => {
      const { groups } = stores();
      const { community, topic } = place();
      const [one, two] = [claim("It is fast."), claim("It is slow.")];
      await groups.add(community, topic, [one, two]);
      const [ann, bob] = [fresh.member(), fresh.member()];
      expect((await groups.next(community, topic, ann))?.id).toBe(one.id);
      await groups.vote(community, one.id, ann, 0);
      expect((await groups.next(community, topic, ann))?.id).toBe(two.id);
      expect((await groups.next(community, topic, bob))?.id).toBe(two.id);
      await groups.vote(community, two.id, ann, 1);
      expect(await groups.next(community, topic, ann)).toBeNull();
    });

    test("are read voter by voter, page by page, without a name", async () => {
      const { groups } = stores();
      const { community, topic } = place();
      const claims = [claim("One thing."), claim("Another thing."), claim("A third thing.")];
      await groups.add(community, topic, claims);
      const people = Array.from({ length: 5 }, fresh.member).toSorted();
      for (const [n, member] of people.entries())
        for (const [k, { id }] of claims.entries()) if (k <= n) await groups.vote(community, id, member, k === 1 ? -1 : 1);
      const ids = claims.map(({ id }) => id);
      const pages: string[] = [];
      for (let after = ""; ; ) {
        const page = await groups.voters(ids, after, 2);
        if (page === null) break;
        pages.push(page.votes);
        after = page.last;
      }
      expect(pages).toEqual(["0:1;0:1,1:-1", "0:1,1:-1,2:1;0:1,1:-1,2:1", "0:1,1:-1,2:1"]);
    });

    test("are split only of opinions that count, may be quoted and are no copies, and go with them", async () => {
      const { groups, opinions, members, settings } = stores();
      const here = place();
      const said = [0, 1, 2, 3].map((n) => opinion({ ...here, member: fresh.member(), text: `Said ${n}`, at: later(n) }));
      const [one, two, three, four] = said;
      if (one === undefined || two === undefined || three === undefined || four === undefined) throw new TypeError("there are four");
      await opinions.add(one, { quotable: true });
      await opinions.add(two, { quotable: true });
      await opinions.add(three, { quotable: true, aside: "copy" });
      await opinions.add(four);
      await opinions.add(opinion({ ...here, member: one.member, text: "Newer", at: later(9) }), { quotable: true });
      const wording = { topic: here.topic, version: 1 };
      const texts = async () => (await groups.unsplit(here.community, wording, 9)).map(({ text }) => text);
      expect(await texts()).toEqual(["Newer", "Said 1"]);
      const split = (of: typeof one) =>
        groups.add(here.community, here.topic, [{ ...claim(`Claim of ${of.text}`, of.member), opinion: of.id }]);
      await split(two);
      expect(await texts()).toEqual(["Newer"]);
      const left = async () => (await groups.statements(here.community, here.topic)).length;
      await opinions.remove(two.id, two.member);
      expect(await left()).toBe(0);
      await split(one);
      await members.choose(one.member, { quoting: false });
      expect(await left()).toBe(0);
      await split(one);
      await members.erase(one.member);
      expect(await left()).toBe(0);
      await split(four);
      await settings.set(here.community, { retentionDays: 1 }, []);
      await settings.expire(later(3 * 24 * 60));
      expect(await left()).toBe(0);
    });

    test("that somebody added go with the votes on them once their community keeps them no longer", async () => {
      const { groups, settings } = stores();
      const { community, topic } = place();
      const [old, young] = [claim("It was fast."), { ...claim("It is fast."), at: later(2 * 24 * 60) }];
      await groups.add(community, topic, [old, young]);
      for (const { id } of [old, young]) await groups.vote(community, id, fresh.member(), 1);
      await settings.set(community, { retentionDays: 1 }, []);
      expect((await settings.older(community, later(1))).claims).toBe(1);
      await settings.expire(later(2 * 24 * 60));
      expect((await groups.statements(community, topic)).map(({ id }) => id)).toEqual([young.id]);
      expect((await groups.voters([old.id, young.id], "", 9))?.votes).toBe("1:1");
    });

    test("and votes go with their member, who finds both in their record", async () => {
      const { groups, members, rooms } = stores();
      const { community, topic } = place();
      const [ann, bob, renamed] = [fresh.member(), fresh.member(), fresh.member()];
      const [own, other] = [claim("Mine alone.", ann), claim("Of somebody else.", bob)];
      await groups.add(community, topic, [own, other]);
      for (const member of [ann, bob]) for (const { id } of [own, other]) await groups.vote(community, id, member, member === ann ? 1 : 0);
      await groups.vote(community, other.id, renamed, -1);
      await members.rekey([ann], renamed);
      expect(await members.read(renamed)).toMatchObject({
        statements: [{ community, topic, text: own.text }],
        statementVotes: [
          { text: own.text, vote: 1 },
          { text: other.text, vote: -1 }, // what was said under the new name stays
        ],
      });
      await members.erase(renamed);
      expect((await groups.statements(community, topic)).map(({ id }) => id)).toEqual([other.id]);
      expect((await groups.voters([own.id, other.id], "", 9))?.votes).toBe("1:0");
      const moved = fresh.community();
      await rooms.migrate(community, moved);
      expect(await groups.statements(moved, topic)).toHaveLength(1);
    });
  });
}
