/** The contract of the inbox: what was told once is kept until it is handled, handled once, and forgotten in time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { privateCommunityId } from "../../../src/core/ids.ts";
import type { Incoming } from "../../../src/core/inbox.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { fresh, incoming, later, next, noon } from "./fixtures.ts";

export function inboxContract(stores: () => Stores): void {
  const freshInbox = () => `telegram:${next()}`;
  /** What waits in an inbox, without counting for more than a look. */
  const waiting = async (inbox: string) => (await stores().inbox.unhandled(inbox, later(-60))).map(({ id }) => id);
  const day = 24 * 60;

  describe("inbox", () => {
    test("what is taken waits, in the order of arrival and as it was, until it is done", async () => {
      const { inbox } = stores();
      const name = freshInbox();
      const payload = JSON.stringify({ text: "a\u0000b \ud800 “x” 👍 {}" });
      // Ids that sort otherwise than they arrived: after a quiet week Telegram begins anywhere.
      const [first, second, third] = [incoming({ id: 900 }), incoming({ id: 1000, payload }), incoming({ id: 5 })];
      expect(await inbox.take(name, [first, second], noon)).toEqual(new Set([900, 1000]));
      expect(await inbox.take(name, [third], noon)).toEqual(new Set([5]));
      expect(await inbox.unhandled(name, noon)).toEqual([
        { id: 900, payload: "{}", community: first.community, starts: 1 },
        { id: 1000, payload, community: first.community, starts: 1 },
        { id: 5, payload: "{}", community: first.community, starts: 1 },
      ]);
      await inbox.done(name, [1000, 77], noon);
      await inbox.done(name, [], noon);
      expect((await inbox.unhandled(name, noon)).map(({ id, starts }) => [id, starts])).toEqual([
        [900, 2],
        [5, 2],
      ]);
    });

    test("nothing is taken twice: neither what waits, nor what is done, nor one id twice at once", async () => {
      const { inbox } = stores();
      const name = freshInbox();
      const [waits, done, twice] = [incoming(), incoming(), incoming()];
      await inbox.take(name, [waits, done], noon);
      await inbox.done(name, [done.id], noon);
      expect(await inbox.take(name, [waits, done, twice, twice], later(1))).toEqual(new Set([twice.id]));
      expect(await waiting(name)).toEqual([waits.id, twice.id]);
      expect(await inbox.take(name, [], noon)).toEqual(new Set());
    });

    test("inboxes know nothing of each other", async () => {
      const { inbox } = stores();
      const [one, other] = [freshInbox(), freshInbox()];
      await inbox.take(one, [incoming({ id: 7 })], noon);
      expect(await inbox.take(other, [incoming({ id: 7 })], noon)).toEqual(new Set([7]));
      await inbox.done(one, [7], noon);
      expect([await waiting(one), await waiting(other)]).toEqual([[], [7]]);
    });

    test("what waits too long is deleted and counted, and is still not taken again", async () => {
      const { inbox } = stores();
      const name = freshInbox();
      const long = new Date("2001-01-01T00:00:00Z"); // others' are younger
      const [old, young] = [incoming(), incoming()];
      await inbox.take(name, [old], new Date(long.getTime() - 1));
      await inbox.take(name, [young], long);
      expect((await inbox.unhandled(name, long)).map(({ id }) => id)).toEqual([young.id]);
      expect(await inbox.expire(long)).toBe(1);
      expect(await inbox.expire(long)).toBe(0);
      expect((await inbox.unhandled(name, new Date(0))).map(({ id }) => id)).toEqual([young.id]);
      expect(await inbox.take(name, [old], noon)).toEqual(new Set());
      await inbox.done(name, [young.id], noon);
    });

    test("ids are remembered until they are forgotten, and then are new", async () => {
      const { inbox } = stores();
      const name = freshInbox();
      const [before, after] = [incoming(), incoming()];
      await inbox.take(name, [before, after], later(-4 * day));
      await inbox.done(name, [before.id], later(-3 * day));
      await inbox.done(name, [after.id], later(-2 * day));
      await inbox.forget(later(-2 * day));
      expect(await inbox.take(name, [before, after], noon)).toEqual(new Set([before.id]));
    });

    test("erasing a member deletes what waits of them, and of others' what points at their words", async () => {
      const { inbox, members } = stores();
      const name = freshInbox();
      const [ann, bob] = [fresh.member(), fresh.member()];
      const [own, quoted, home] = [incoming({ member: ann }), incoming({ member: bob, quoted: ann }), privateCommunityId("telegram", ann)];
      const bobs = incoming({ member: bob });
      await inbox.take(name, [own, quoted, incoming({ community: home }), bobs], noon);
      await members.erase(ann);
      expect(await waiting(name)).toEqual([bobs.id]);
      await inbox.done(name, [bobs.id], noon);
      expect(await waiting(name)).toEqual([]);
    });

    test("what waits follows its member to a new key and its group to a new address", async () => {
      const { inbox, members, rooms } = stores();
      const name = freshInbox();
      const [old, current, from, to] = [fresh.member(), fresh.member(), fresh.community(), fresh.community()];
      const chat = privateCommunityId("telegram", old);
      await inbox.take(name, [incoming({ member: old, community: from }), incoming({ community: chat }), incoming({ quoted: old })], noon);
      await rooms.migrate(from, to);
      await members.rekey([old], current);
      expect((await inbox.unhandled(name, noon)).map(({ community }) => community)).toEqual([
        to,
        privateCommunityId("telegram", current),
        incoming().community,
      ]);
      await members.erase(old);
      expect(await waiting(name)).toHaveLength(3);
      await members.erase(current);
      expect(await waiting(name)).toEqual([]);
    });

    test("whatever is told again and whenever the program is killed, everything is begun and nothing is taken twice", async () => {
      const { inbox } = stores();
      const step = fc.oneof(
        fc.record({ kind: fc.constant("tell" as const), ids: fc.array(fc.nat(9), { maxLength: 5 }) }),
        fc.record({ kind: fc.constant("finish" as const), ids: fc.array(fc.nat(9), { maxLength: 5 }) }),
        fc.record({ kind: fc.constant("kill" as const), ids: fc.constant<number[]>([]) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const name = freshInbox();
          const [told, finished] = [new Set<number>(), new Set<number>()];
          for (const { kind, ids } of steps) {
            if (kind === "tell") {
              const expected = new Set(ids.filter((id) => !told.has(id)));
              expect(
                await inbox.take(
                  name,
                  ids.map((id): Incoming => incoming({ id })),
                  noon,
                ),
              ).toEqual(expected);
              for (const id of ids) told.add(id);
            } else if (kind === "finish") {
              const known = ids.filter((id) => told.has(id));
              await inbox.done(name, known, noon);
              for (const id of known) finished.add(id);
            } else expect(new Set(await waiting(name))).toEqual(told.difference(finished));
          }
        }),
        { numRuns: 20 },
      );
    });
  });
}
