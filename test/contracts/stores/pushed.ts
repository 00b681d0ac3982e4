/** The contract of what is pushed: taken once whoever takes it, handed out by lane and in order, and forgotten in time. */
import { describe, expect, test } from "vitest";
import { privateCommunityId } from "../../../src/core/ids.ts";
import type { PushedIncoming } from "../../../src/core/pushed.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { fresh, incoming, later, next, noon } from "./fixtures.ts";

export function pushedContract(stores: () => Stores): void {
  const freshInbox = () => `telegram:${next()}`;
  const pushed = (lane: number, parts: Partial<PushedIncoming> = {}): PushedIncoming => ({ ...incoming(parts), lane });
  const idsIn = async (inbox: string, lanes: readonly number[] = [1, 2], except: readonly number[] = []) =>
    (await stores().pushed.waiting(inbox, lanes, except, new Date(0))).map(({ id }) => id);
  const day = 24 * 60;

  describe("what is pushed", () => {
    test("waits in its lane as it was, the least id first, until it is done", async () => {
      const { pushed: store } = stores();
      const inbox = freshInbox();
      const payload = JSON.stringify({ text: "a\u0000b \ud800 “x” 👍 {}" });
      const community = fresh.community();
      await store.take(inbox, [pushed(1, { id: 900, payload, community }), pushed(2, { id: 5 })], noon);
      await store.take(inbox, [pushed(1, { id: 17 })], noon);
      expect(await idsIn(inbox)).toEqual([5, 17, 900]);
      expect(await idsIn(inbox, [1], [17])).toEqual([900]);
      expect(await store.waiting(inbox, [1], [17], noon)).toEqual([{ id: 900, lane: 1, payload, community, starts: 0 }]);
      expect(await store.waiting(inbox, [1], [], later(1))).toEqual([]);
      await store.done(inbox, [900, 77]);
      await store.done(inbox, []);
      expect(await idsIn(inbox)).toEqual([5, 17]);
    });

    test("is taken by one of many who try at the same time, and never again", async () => {
      const { pushed: store } = stores();
      const inbox = freshInbox();
      const [one, other] = [pushed(1), pushed(1)];
      await Promise.all(Array.from({ length: 8 }, () => store.take(inbox, [one, other], noon)));
      expect(await idsIn(inbox)).toEqual([one.id, other.id]);
      await store.done(inbox, [one.id]);
      await store.take(inbox, [one], later(1));
      expect(await idsIn(inbox)).toEqual([other.id]);
      expect(await idsIn(freshInbox())).toEqual([]);
    });

    test("and waits for nothing, is the first exactly once, whatever its id", async () => {
      const { pushed: store } = stores();
      const inbox = `discord:${next()}`;
      const tries = await Promise.all(Array.from({ length: 8 }, () => store.first(inbox, "9223372036854775807", noon)));
      expect(tries.filter((first) => first)).toHaveLength(1);
      expect(await store.first(inbox, "9223372036854775806", noon)).toBe(true);
      expect(await idsIn(inbox, [0])).toEqual([]);
    });

    test("tells how often it was taken over", async () => {
      const { pushed: store } = stores();
      const inbox = freshInbox();
      await store.take(inbox, [pushed(1), pushed(2)], noon);
      await store.takeOver(inbox, [1]);
      await store.takeOver(inbox, [1, 3]);
      expect((await store.waiting(inbox, [1, 2], [], noon)).map(({ starts }) => starts)).toEqual([2, 0]);
    });

    test("wakes whoever watches, and nobody once it is known", async () => {
      const { pushed: store } = stores();
      const inbox = freshInbox();
      const woken = Promise.withResolvers<void>();
      const end = store.watch(woken.resolve);
      await store.take(inbox, [pushed(1)], noon);
      await woken.promise;
      end();
    });

    test("goes without its content when it waits too long, and is still not taken again before its id is forgotten", async () => {
      const { pushed: store } = stores();
      const inbox = freshInbox();
      const long = new Date("2001-01-01T00:00:00Z"); // others' are younger
      const [old, young] = [pushed(1), pushed(1)];
      await store.take(inbox, [old], new Date(long.getTime() - 1));
      await store.take(inbox, [young], long);
      expect([await store.expire(long), await store.expire(long)]).toEqual([1, 0]);
      expect(await idsIn(inbox)).toEqual([young.id]);
      await store.take(inbox, [old], noon);
      expect(await idsIn(inbox)).toEqual([young.id]);
      await store.forget(long);
      await store.take(inbox, [old], later(-4 * day));
      expect(await idsIn(inbox)).toEqual([old.id, young.id].toSorted((a, b) => a - b));
      await store.done(inbox, [old.id, young.id]);
    });

    test("is erased with the member who wrote it or whose words it points at, and moves with the group and the member's key", async () => {
      const { pushed: store, members, rooms } = stores();
      const inbox = freshInbox();
      const [ann, former, ben] = [fresh.member(), fresh.member(), fresh.member()];
      const [from, to] = [fresh.community(), fresh.community()];
      const [said, quoted, others] = [pushed(1, { member: former, community: from }), pushed(1, { member: ben, quoted: ann }), pushed(1)];
      const alone = pushed(1, { community: privateCommunityId("telegram", former) });
      await store.take(inbox, [said, quoted, others, alone], noon);
      await rooms.migrate(from, to);
      expect((await store.waiting(inbox, [1], [], noon))[0]?.community).toBe(to);
      await members.rekey([former], ann);
      await members.erase(ann);
      expect(await idsIn(inbox)).toEqual([others.id]);
    });
  });
}
