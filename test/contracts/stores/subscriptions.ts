/** The contract of the subscription store, and of what becomes of subscriptions when groups move and people leave. */
import { describe, expect, test } from "vitest";
import { communityId, memberId, privateCommunityId, roomId } from "../../../src/core/ids.ts";
import type { Subscription } from "../../../src/schedule/types.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { fresh, later, next, noon, subscription } from "./fixtures.ts";
import { deliver, enqueueAll } from "./schedule.ts";

export function subscriptionContract(stores: () => Stores): void {
  const somebody = memberId("somebody");
  const add = async (...list: readonly Subscription[]) => {
    for (const one of list) expect(await stores().subscriptions.add(one, somebody)).toBe("added");
  };

  describe("subscriptions", () => {
    test("one comes back as it was made, by its id, its room and its community", async () => {
      const { subscriptions } = stores();
      const community = fresh.community();
      const first = subscription({ community, days: [1, 5], sections: ["movers", "a \"quoted\" 'section'"], createdAt: later(1) });
      const second = subscription({ community, sections: [], createdAt: later(2) });
      await add(second, first);
      expect(await subscriptions.find(first.id)).toEqual(first);
      expect(await subscriptions.ofRoom(second.room)).toEqual([second]);
      expect((await subscriptions.ofCommunity(community)).toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
        [first, second].toSorted((a, b) => a.id.localeCompare(b.id)),
      );
      expect(await subscriptions.find(subscription().id)).toBeNull();
    });

    test("the same time, zone and days are refused in one room, also when asked for at once, and fine in another", async () => {
      const { subscriptions } = stores();
      const one = subscription({ days: [1, 5] });
      const twin = { ...subscription({ days: [1, 5] }), room: one.room, zone: one.zone };
      const both = await Promise.all([one, twin].map((s) => subscriptions.add(s, somebody)));
      expect(both.toSorted()).toEqual(["added", "same"]);
      expect(await subscriptions.ofRoom(one.room)).toHaveLength(1);
      await add(subscription({ zone: one.zone, days: [1, 5] }), subscription({ room: one.room, zone: one.zone, days: [1] }));
    });

    test("a room has at most five, and is told of a double one also when it is full", async () => {
      const { subscriptions } = stores();
      const room = roomId("discord", `${next()}`);
      const five = [1, 2, 3, 4, 5].map(() => subscription({ room }));
      await add(...five);
      expect(await subscriptions.add(subscription({ room }), somebody)).toBe("full");
      expect(await subscriptions.add(subscription({ room, zone: five[0]?.zone ?? "" }), somebody)).toBe("same");
      expect(await subscriptions.ofRoom(room)).toHaveLength(5);
    });

    test("removing takes its deliveries along, and is only for its own community", async () => {
      const { subscriptions, deliveries } = stores();
      const one = subscription();
      await add(one);
      const [delivery] = await enqueueAll(stores(), one);
      expect(await subscriptions.remove(one.id, fresh.community())).toBe(false);
      expect(await subscriptions.find(one.id)).toEqual(one);
      expect(await subscriptions.remove(one.id, one.community)).toBe(true);
      expect(await subscriptions.remove(one.id, one.community)).toBe(false);
      expect(delivery === undefined ? undefined : await deliveries.find(delivery)).toBeNull();
    });

    test("a pause is told once, and ends for the whole community when access returns", async () => {
      const { subscriptions, deliveries } = stores();
      const community = fresh.community();
      const [refused, other] = [subscription({ community }), subscription({ community })];
      await add(refused, other);
      await deliver(stores(), refused, (fence, id) => deliveries.refuse(fence, id, "forbidden", null));
      const paused = await subscriptions.find(refused.id);
      expect(paused).toMatchObject({ paused: { reason: "forbidden" } });
      // Where the bot may not post, it cannot say so.
      expect(await subscriptions.takeUntold(community, refused.room)).toEqual([]);
      expect(await subscriptions.takeUntold(community, other.room)).toEqual([paused]);
      expect(await subscriptions.takeUntold(community, other.room)).toEqual([]);
      expect(await enqueueAll(stores(), refused, later(24 * 60))).toEqual([]);
      expect(await subscriptions.resume(community, later(25 * 60))).toBe(1);
      expect(await subscriptions.resume(community, later(25 * 60))).toBe(0);
      expect(await subscriptions.find(refused.id)).toEqual(refused);
      expect(await enqueueAll(stores(), refused, later(24 * 60))).toEqual([]); // came due while it was paused
      expect(await enqueueAll(stores(), refused, later(48 * 60))).toHaveLength(1);
    });

    test("what access was refused to can go on room by room, and who was not told of the pause is told of it then", async () => {
      const { subscriptions, deliveries } = stores();
      const community = fresh.community();
      const [denied, worded] = [subscription({ community }), subscription({ community })];
      await add(denied, worded);
      await deliver(stores(), denied, (fence, id) => deliveries.refuse(fence, id, "gone", null));
      await deliver(stores(), worded, (fence, id) => deliveries.refuse(fence, id, "invalid", null));
      const rooms = subscriptions.pausedRooms;
      expect(await rooms.of(community)).toEqual([{ room: denied.room, community }]);
      expect(await rooms.of("telegram")).toContainEqual({ room: denied.room, community });
      expect(await rooms.of("discord")).not.toContainEqual({ room: denied.room, community });
      expect(await rooms.of(fresh.community())).toEqual([]);
      expect(await subscriptions.untold()).toContain(community);
      expect(await rooms.resume([denied.room, worded.room], later(25 * 60))).toBe(1);
      expect(await rooms.of(community)).toEqual([]);
      expect(await subscriptions.find(denied.id)).toEqual(denied);
      expect((await subscriptions.find(worded.id))?.paused?.reason).toBe("invalid");
      expect(await enqueueAll(stores(), denied, later(24 * 60))).toEqual([]); // came due while it was paused
      expect(await subscriptions.takeUntold(community, worded.room)).toEqual([denied]);
      expect((await subscriptions.takeUntold(community)).map(({ id }) => id)).toEqual([worded.id]);
      expect(await subscriptions.untold()).not.toContain(community);
    });

    test("a community that is erased leaves no subscription and no delivery", async () => {
      const { subscriptions, deliveries, rooms } = stores();
      const [left, stayed] = [subscription(), subscription()];
      await add(left, stayed);
      const [gone] = await enqueueAll(stores(), left);
      const [kept] = await enqueueAll(stores(), stayed);
      await rooms.leave(left.community, noon);
      await rooms.eraseLeft(later(1));
      expect(await subscriptions.ofCommunity(left.community)).toEqual([]);
      expect(await subscriptions.find(stayed.id)).toEqual(stayed);
      const found = await Promise.all([gone, kept].map((id) => (id === undefined ? undefined : deliveries.find(id))));
      expect(found.map((delivery) => delivery?.subscription)).toEqual([undefined, stayed.id]);
    });

    test("what is stored of a community that only subscribed is known", async () => {
      const { rooms } = stores();
      const one = subscription();
      await add(one);
      expect(await rooms.known("telegram")).toContainEqual({ community: one.community, left: false });
    });

    test("a group that moves takes its subscriptions and what waits for them along, topics included", async () => {
      const { subscriptions, deliveries, rooms } = stores();
      const [from, to] = [`-${next()}`, `-100${next()}`];
      const [old, moved] = [communityId("telegram", from), communityId("telegram", to)];
      const group = subscription({ community: old, room: roomId("telegram", from) });
      const topic = subscription({ community: old, room: roomId("telegram", `${from}:17`) });
      const lookalike = subscription({ room: roomId("telegram", `${from}7`) });
      await add(group, topic, lookalike);
      const [waiting] = await enqueueAll(stores(), topic);
      for (const _ of ["both", "ends"]) await rooms.migrate(old, moved);
      expect(await subscriptions.find(group.id)).toEqual({ ...group, community: moved, room: roomId("telegram", to) });
      expect(await subscriptions.find(topic.id)).toEqual({ ...topic, community: moved, room: roomId("telegram", `${to}:17`) });
      expect(await subscriptions.find(lookalike.id)).toEqual(lookalike);
      expect(waiting === undefined ? null : await deliveries.find(waiting)).toMatchObject({
        room: roomId("telegram", `${to}:17`),
        community: moved,
        state: "waiting",
      });
    });

    test("a group whose new address has the same subscription already keeps one of the two", async () => {
      const { subscriptions, rooms } = stores();
      const [from, to] = [`-${next()}`, `-100${next()}`];
      const old = subscription({ community: communityId("telegram", from), room: roomId("telegram", from) });
      const twin = subscription({ community: communityId("telegram", to), room: roomId("telegram", to), zone: old.zone });
      await add(old, twin);
      await rooms.migrate(old.community, twin.community);
      expect(await subscriptions.ofRoom(twin.room)).toEqual([twin]);
      expect(await subscriptions.ofRoom(old.room)).toEqual([]);
    });

    test("a member who is erased takes the private chat's subscriptions along, and leaves the group's", async () => {
      const { subscriptions, members } = stores();
      const member = fresh.member();
      const own = subscription({ community: privateCommunityId("telegram", member) });
      const groups = subscription();
      for (const one of [own, groups]) await subscriptions.add(one, member);
      await members.erase(member);
      expect(await subscriptions.find(own.id)).toBeNull();
      expect(await subscriptions.find(groups.id)).toEqual(groups);
    });

    test("a new key moves the private chat's subscriptions", async () => {
      const { subscriptions, members } = stores();
      const [old, current] = [fresh.member(), fresh.member()];
      const own = subscription({ community: privateCommunityId("discord", old) });
      await subscriptions.add(own, old);
      await members.rekey([old], current);
      expect(await subscriptions.find(own.id)).toEqual({ ...own, community: privateCommunityId("discord", current) });
      await members.erase(current);
      expect(await subscriptions.find(own.id)).toBeNull();
    });
  });
}
