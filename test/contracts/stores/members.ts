/** The contract of the member store: what belongs to a person moves and goes with them, and nothing else does. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredButton } from "../../../src/core/buttons.ts";
import { type MemberId, privateCommunityId } from "../../../src/core/ids.ts";
import type { MemberRecord } from "../../../src/members/types.ts";
import type { Opinion } from "../../../src/opinions/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { always, button, fresh, later, noon, opinion, subscription } from "./fixtures.ts";

const nothing: MemberRecord = {
  audience: null,
  opinions: [],
  reports: [],
  statements: [],
  statementVotes: [],
  choice: { quoting: null, optedOut: false },
  votes: [],
  polls: [],
  joined: false,
  questions: [],
  forecasts: [],
  buttons: [],
  subscriptions: [],
  changes: [],
  settings: [],
  follows: [],
  digests: [],
};

const listed = ({ command, args, community, expiresAt }: StoredButton) => ({ command, args, community, expiresAt });

export function memberContract(stores: () => Stores): void {
  describe("members", () => {
    test("a member's record holds every opinion in the order of their times, and what the buttons would do that are theirs", async () => {
      const { opinions, buttons, members } = stores();
      const member = fresh.member();
      const [second, first] = [opinion({ member, at: later(2) }), opinion({ member, at: later(1), community: fresh.community() })];
      for (const one of [second, first, opinion({ member: fresh.member() })]) await opinions.add(one);
      const chat = privateCommunityId("telegram", member);
      const bound = [
        button({ member, expiresAt: later(1) }),
        button({ quoted: member, expiresAt: later(2) }),
        button({ community: chat, expiresAt: later(3) }),
      ];
      await buttons.save([...bound, button({ member: fresh.member() })]);
      expect(await members.read(member)).toEqual({ ...nothing, opinions: [first, second], buttons: bound.map(listed) });
      expect(await members.read(fresh.member())).toEqual(nothing);
    });

    test("a member's record holds the digests they asked for, with the address of their private chat and of no other room", async () => {
      const { subscriptions, members } = stores();
      const [ann, bob] = [fresh.member(), fresh.member()];
      const chat = subscription({ community: privateCommunityId("telegram", ann), createdAt: later(2), days: [1, 5] });
      const group = subscription({ createdAt: later(1) });
      for (const one of [chat, group]) await subscriptions.add(one, ann);
      await subscriptions.add(subscription(), bob);
      const shown = ({ community, room, time, zone, days, createdAt }: typeof chat) => ({ community, room, time, zone, days, createdAt });
      expect(await members.read(ann)).toEqual({ ...nothing, subscriptions: [{ ...shown(group), room: null }, shown(chat)] });
      await members.erase(ann);
      expect(await members.read(ann)).toEqual(nothing);
    });

    test("erasing a member leaves nothing of theirs and everything of others", async () => {
      const { opinions, buttons, members, rooms } = stores();
      const [ann, bob, community] = [fresh.member(), fresh.member(), fresh.community()];
      const chat = privateCommunityId("discord", ann);
      const bobs = opinion({ member: bob, community });
      for (const one of [opinion({ member: ann, community }), opinion({ member: ann, community: chat }), bobs]) await opinions.add(one);
      const kept = button({ member: bob, community });
      const own = [button({ member: ann }), button({ quoted: ann, member: bob }), button({ community: chat })];
      await buttons.save([kept, ...own]);
      await rooms.arrive(chat, noon);
      expect(await members.erase(ann)).toEqual({ opinions: 2, reports: 0, buttons: 3 });
      expect(await members.read(ann)).toEqual(nothing);
      for (const one of own) expect(await buttons.find(one.id, noon)).toBeNull();
      expect(await members.read(bob)).toEqual({ ...nothing, opinions: [bobs], buttons: [listed(kept)] });
      expect(await rooms.arrive(chat, noon)).toBe(true); // the place has forgotten them too
      expect(await members.erase(ann)).toEqual({ opinions: 0, reports: 0, buttons: 0 });
    });

    test("a new key moves opinions, buttons and the private chat, and is carried out any number of times", async () => {
      const { opinions, buttons, members, rooms } = stores();
      const [oldest, old, current, bob] = [fresh.member(), fresh.member(), fresh.member(), fresh.member()];
      const given = [
        opinion({ member: oldest, at: later(1) }),
        opinion({ member: old, at: later(2), community: privateCommunityId("telegram", old) }),
        opinion({ member: current, at: later(3) }),
      ];
      for (const one of given) await opinions.add(one);
      const bound = button({ member: old, community: privateCommunityId("telegram", old) });
      const about = button({ member: bob, quoted: oldest });
      await buttons.save([bound, about]);
      await rooms.greet(privateCommunityId("telegram", old), noon);
      for (const former of [[old, oldest], [old, oldest, current], []]) await members.rekey(former, current);
      const moved = given.map((one) => ({ ...one, member: current }));
      if (moved[1] !== undefined) moved[1] = { ...moved[1], community: privateCommunityId("telegram", current) };
      expect(await members.read(current)).toEqual({ ...nothing, opinions: moved, buttons: [expect.anything(), expect.anything()] });
      expect(await members.read(old)).toEqual(nothing);
      expect(await buttons.find(bound.id, noon)).toEqual({ ...bound, member: current, community: privateCommunityId("telegram", current) });
      expect(await buttons.find(about.id, noon)).toEqual({ ...about, quoted: current });
      expect(await rooms.greet(privateCommunityId("telegram", current), later(1))).toBe(false);
    });

    test("a member's own audience is their last choice, moves with a new key and goes with them, and is nobody else's", async () => {
      const { readers, members } = stores();
      const [ann, renamed, bob] = [fresh.member(), fresh.member(), fresh.member()];
      expect(await readers.audience(ann)).toBeNull();
      for (const audience of ["investor", "builder"] as const) await readers.choose(ann, audience);
      await readers.choose(bob, "newcomer");
      expect(await members.read(ann)).toEqual({ ...nothing, audience: "builder" });
      await members.rekey([ann], renamed);
      expect([await readers.audience(ann), await readers.audience(renamed)]).toEqual([null, "builder"]);
      // What was chosen under the new key is the later choice.
      await readers.choose(ann, "newcomer");
      await members.rekey([ann], renamed);
      expect([await readers.audience(ann), await readers.audience(renamed)]).toEqual([null, "builder"]);
      await members.erase(renamed);
      expect([await readers.audience(renamed), await readers.audience(bob)]).toEqual([null, "newcomer"]);
    });

    test("what a member decided goes with them, and only that nothing may be logged outlives an erasure", async () => {
      const { members } = stores();
      const [old, current] = [fresh.member(), fresh.member()];
      expect(await members.choice(old)).toEqual({ quoting: null, optedOut: false });
      await members.choose(old, { quoting: true });
      await members.choose(old, { optedOut: true });
      await members.rekey([old], current);
      expect(await members.choice(old)).toEqual({ quoting: null, optedOut: false });
      expect(await members.choice(current)).toEqual({ quoting: true, optedOut: true });
      await members.erase(current);
      expect(await members.choice(current)).toEqual({ quoting: null, optedOut: true });
      await members.choose(current, { optedOut: false });
      await members.erase(current);
      expect(await members.read(current)).toEqual(nothing);
    });

    test("who may not be quoted any more is not, by what they said before either", async () => {
      const { members, opinions } = stores();
      const given = opinion({ member: fresh.member(), community: fresh.community(), stance: "agree" });
      await opinions.add(given);
      const quoted = async () =>
        (await opinions.quotable(given.community, { topic: given.topic, version: 1 }, always, 5)).map(({ id }) => id);
      expect(await quoted()).toEqual([]);
      await members.choose(given.member, { quoting: true });
      expect(await quoted()).toEqual([given.id]);
      await members.choose(given.member, { optedOut: false });
      expect(await quoted()).toEqual([given.id]);
      await members.choose(given.member, { quoting: false });
      expect(await quoted()).toEqual([]);
    });

    test("whatever was logged, moving and erasing touch exactly one person", async () => {
      const { opinions, members } = stores();
      const entry = fc.record({ who: fc.nat(2), place: fc.nat(2), minute: fc.nat(5) });
      await fc.assert(
        fc.asyncProperty(fc.array(entry, { maxLength: 12 }), fc.nat(2), async (entries, whose) => {
          const people = [fresh.member(), fresh.member(), fresh.member()];
          const [a, b] = [fresh.community(), fresh.community()];
          const placeOf = (member: MemberId, place: number) => [a, b][place] ?? privateCommunityId("telegram", member);
          const given: Opinion[] = [];
          for (const { who, place, minute } of entries) {
            const member = people[who] ?? fresh.member();
            const one = opinion({ member, community: placeOf(member, place), at: later(minute) });
            given.push(one);
            await opinions.add(one);
          }
          const of = (member: MemberId) => given.filter((o) => o.member === member).sort((x, y) => x.at.getTime() - y.at.getTime());
          const chosen = people[whose] ?? fresh.member();
          const renamed = fresh.member();
          await members.rekey([chosen], renamed);
          const moved = of(chosen).map((o) => ({
            ...o,
            member: renamed,
            community: o.community === privateCommunityId("telegram", chosen) ? privateCommunityId("telegram", renamed) : o.community,
          }));
          expect((await members.read(renamed)).opinions).toEqual(moved);
          expect(await members.erase(renamed)).toEqual({ opinions: moved.length, reports: 0, buttons: 0 });
          for (const person of people) expect((await members.read(person)).opinions).toEqual(person === chosen ? [] : of(person));
        }),
        { numRuns: 20 },
      );
    });
  });
}
