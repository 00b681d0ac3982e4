/** The contract of what communities decide, of their digests, and of the model's budget: stores that only a database has. */
import { describe, expect, test } from "vitest";
import type { SettingChange } from "../../../src/communities/types.ts";
import { deliveryId, digestId, platformNames, privateCommunityId, receiptId, roomId } from "../../../src/core/ids.ts";
import type { Digest } from "../../../src/digest/types.ts";
import type { AddJobs, Subscription } from "../../../src/schedule/types.ts";
import type { Storage } from "../../../src/storage/open.ts";
import { fresh, later, next, noon, opinion, price, subscription } from "./fixtures.ts";

type Kept = Pick<
  Storage,
  | "settings"
  | "digests"
  | "modelAnswers"
  | "modelBudget"
  | "members"
  | "rooms"
  | "opinions"
  | "figures"
  | "subscriptions"
  | "deliveries"
  | "leases"
  | "transaction"
>;

const change = (parts: Partial<SettingChange> = {}): SettingChange => ({
  at: noon,
  member: fresh.member(),
  what: "zone",
  before: "UTC",
  after: "Europe/Vienna",
  ...parts,
});

const digest = (parts: Partial<Digest> = {}): Digest => ({
  id: digestId(`digest${next()}`),
  community: fresh.community(),
  room: roomId("telegram", `-1${next()}`),
  localDate: "2026-11-22",
  composedAt: noon,
  body: {
    id: `body${next()}`,
    composedAt: noon,
    blocks: [
      { kind: "heading", text: "DePIN digest" },
      { kind: "picture", picture: "cafe", alt: "A line", name: "sector.png" },
    ],
    print: [{ kind: "note", text: "Not financial advice." }],
    figures: [price().id],
  },
  own: [{ kind: "text", text: "NUL \u0000 and half a pair \ud800 survive" }],
  ...parts,
});

export function communityContract(stores: () => Kept): void {
  describe("settings", () => {
    test("what nobody decided is absent, and what was decided comes back", async () => {
      const { settings } = stores();
      const here = fresh.community();
      expect(await settings.read(here)).toEqual({ watched: [], unwatched: [] });
      await settings.set(here, { zone: "Europe/Vienna", quoting: false, retentionDays: null, sections: ["headline"] }, [change()]);
      await settings.set(here, { zone: "Asia/Tokyo" }, [change()]);
      expect(await settings.read(here)).toEqual({
        zone: "Asia/Tokyo",
        quoting: false,
        retentionDays: null,
        sections: ["headline"],
        watched: [],
        unwatched: [],
      });
      expect(await settings.read(fresh.community())).toEqual({ watched: [], unwatched: [] });
      expect(await settings.decided()).toContain(here);
      expect(await settings.decided()).not.toContain(fresh.community());
    });

    test("what cannot be read counts as undecided, and leaves the rest as it was decided", async () => {
      const { settings } = stores();
      const here = fresh.community();
      await settings.set(here, { sections: JSON.parse('["weather"]'), quoting: false, retentionDays: 30 }, [change()]);
      expect(await settings.read(here)).toEqual({ quoting: false, retentionDays: 30, watched: [], unwatched: [] });
    });

    test("two admins who change different things at the same moment lose nothing", async () => {
      const { settings } = stores();
      const here = fresh.community();
      await Promise.all([
        settings.set(here, { quoting: false }, [change()]),
        settings.set(here, { audience: "builder" }, [change()]),
        settings.follow(here, "geodnet", true, change()),
        settings.follow(here, "grass", false, change()),
      ]);
      expect(await settings.read(here)).toEqual({ quoting: false, audience: "builder", watched: ["geodnet"], unwatched: ["grass"] });
      expect(await settings.changes(here, 10)).toHaveLength(4);
    });

    test("the newest changes come first, and name nobody who has erased themselves", async () => {
      const { settings, members } = stores();
      const here = fresh.community();
      const [ann, bob] = [change({ after: "Asia/Tokyo" }), change({ at: later(1), after: "Asia/Seoul" })];
      await settings.set(here, { zone: "Asia/Tokyo" }, [ann]);
      await settings.set(here, { zone: "Asia/Seoul" }, [bob]);
      if (ann.member === null) throw new TypeError("a change has a member");
      await members.erase(ann.member);
      expect(await settings.changes(here, 10)).toEqual([bob, { ...ann, member: null }]);
      expect(await settings.changes(here, 1)).toEqual([bob]);
    });

    test("the assets that most communities follow come first", async () => {
      const { settings } = stores();
      const asset = (name: string) => `${name}-${next()}`;
      const [one, two, none] = [asset("one"), asset("two"), asset("none")];
      await settings.follow(fresh.community(), one, true, change());
      await settings.follow(fresh.community(), two, true, change());
      await settings.follow(fresh.community(), two, true, change());
      await settings.follow(fresh.community(), none, false, change());
      expect((await settings.watched()).filter((id) => [one, two, none].includes(id))).toEqual([two, one]);
    });

    test("opinions are erased once they are older than their community keeps them", async () => {
      const { settings, opinions } = stores();
      const [strict, forever] = [fresh.community(), fresh.community()];
      await settings.set(strict, { retentionDays: 2 }, []);
      await settings.set(forever, { retentionDays: null }, []);
      const topic = fresh.topic();
      const day = 24 * 60;
      const old = (community: typeof strict, minutes: number) => opinion({ community, topic, member: fresh.member(), at: later(-minutes) });
      for (const one of [old(strict, 3 * day), old(strict, day), old(forever, 3000 * day)]) await opinions.add(one);
      expect(await settings.older(strict, later(-2 * day))).toEqual({ opinions: 1, reports: 0, claims: 0, votes: 0, forecasts: 0 });
      expect(await settings.expire(noon)).toBe(1);
      for (const community of [strict, forever]) expect(await opinions.counts(community)).toEqual([{ topic, version: 1, people: 1 }]);
    });

    test("a private chat keeps what it decided when its member gets another name, also where that name has decided something", async () => {
      const { settings, members } = stores();
      const [older, old, current] = [fresh.member(), fresh.member(), fresh.member()];
      const [first, second, now] = [older, old, current].map((member) => privateCommunityId("telegram", member));
      if (first === undefined || second === undefined || now === undefined) throw new TypeError("three members have three chats");
      for (const chat of [first, second]) {
        await settings.set(chat, { audience: "builder", quoting: false }, [change()]);
        await settings.follow(chat, "geodnet", true, change());
      }
      await settings.set(now, { audience: "investor" }, [change()]);
      await settings.follow(now, "geodnet", true, change());
      await members.rekey([older, old], current);
      expect(await settings.read(now)).toEqual({ audience: "investor", quoting: false, watched: ["geodnet"], unwatched: [] });
      expect(await settings.read(first)).toEqual({ watched: [], unwatched: [] });
    });

    test("a member's record holds what they changed anywhere, and all that their private chat decided and was sent", async () => {
      const { settings, members, digests } = stores();
      const [ann, bob, group] = [fresh.member(), fresh.member(), fresh.community()];
      const chat = privateCommunityId("telegram", ann);
      const [here, there] = [change({ member: ann, after: "Asia/Tokyo" }), change({ member: ann, at: later(1), what: "GEODNET" })];
      await settings.set(group, { zone: "Asia/Tokyo", quoting: false }, [here, change({ member: bob })]);
      await settings.set(chat, { sections: ["headline"] }, []);
      await settings.follow(chat, "geodnet", true, there);
      await settings.follow(group, "grass", true, change({ member: bob }));
      const posted = digest({ community: chat });
      for (const one of [posted, digest({ community: group })]) await digests.save(one, []);
      const { member: _ann, ...first } = here;
      const { member: _again, ...second } = there;
      const record = await members.read(ann);
      expect(record.changes).toEqual([
        { community: group, ...first },
        { community: chat, ...second },
      ]);
      expect(record.settings).toEqual([{ community: chat, name: "sections", value: ["headline"] }]);
      expect(record.follows).toEqual([{ community: chat, asset: "geodnet", follows: true }]);
      expect(record.digests).toEqual([{ community: chat, room: posted.room, localDate: "2026-11-22", composedAt: noon }]);
      await members.erase(ann);
      const left = await members.read(ann);
      expect([left.changes, left.settings, left.follows, left.digests]).toEqual([[], [], [], []]);
    });

    test("a community is known by its settings alone, by an asset, and by a digest", async () => {
      const { settings, digests, rooms } = stores();
      const [decided, followed, shown, fallow] = [fresh.community(), fresh.community(), fresh.community(), fresh.community()];
      await settings.set(decided, { quoting: false }, []);
      await settings.follow(followed, "geodnet", true, change());
      await digests.save(digest({ community: shown }), []);
      await digests.save(digest({ community: shown }), []);
      const known = (await rooms.known("telegram")).filter(({ community }) => [decided, followed, shown, fallow].includes(community));
      expect(known.map(({ community, left }) => `${community} ${left}`).sort()).toEqual(
        [decided, followed, shown].map((community) => `${community} false`).sort(),
      );
    });

    test("a group that moves keeps what it decided, and one that was left loses it", async () => {
      const { settings, rooms, digests } = stores();
      const [from, to, left] = [fresh.community(), fresh.community(), fresh.community()];
      for (const here of [from, left]) {
        await settings.set(here, { zone: "Asia/Tokyo" }, [change()]);
        await settings.follow(here, "geodnet", true, change());
      }
      const posted = digest({ community: from, room: roomId("telegram", `${from.slice("telegram:".length)}:7`) });
      await digests.save(posted, []);
      await digests.save(digest({ community: left }), []);
      await rooms.migrate(from, to);
      expect(await settings.read(to)).toEqual({ zone: "Asia/Tokyo", watched: ["geodnet"], unwatched: [] });
      expect(await settings.changes(to, 9)).toHaveLength(2);
      expect(await settings.read(from)).toEqual({ watched: [], unwatched: [] });
      expect((await digests.on(to, "2026-11-22"))?.room).toBe(`${to}:7`);
      await rooms.leave(left, noon);
      await rooms.eraseLeft(later(1));
      expect(await settings.read(left)).toEqual({ watched: [], unwatched: [] });
      expect(await settings.changes(left, 9)).toEqual([]);
      expect(await digests.dates(left, 9)).toEqual([]);
    });
  });

  describe("digests", () => {
    test("a digest comes back as it was posted, and saving it twice keeps the first", async () => {
      const { digests } = stores();
      const posted = digest({ own: [{ kind: "opinion", opinion: opinion().id, by: "a member" }] });
      const png = new Uint8Array([137, 80, 78, 71, 0, 255]);
      expect(await digests.save(posted, [{ id: `png${posted.id}`, png }])).toBe(true);
      expect(await digests.save({ ...posted, localDate: "1999-01-01" }, [{ id: `png${posted.id}`, png: new Uint8Array([0]) }])).toBe(false);
      expect(await digests.find(posted.id)).toEqual(posted);
      expect([...((await digests.picture(`png${posted.id}`)) ?? [])]).toEqual([...png]);
      expect(await digests.picture("none")).toBeNull();
      expect(await digests.find(digestId("none"))).toBeNull();
    });

    test("whatever people wrote survives in it", async () => {
      const { digests } = stores();
      const posted = digest();
      await digests.save(posted, []);
      expect((await digests.find(posted.id))?.own).toEqual(posted.own);
    });

    test("the newest of a day is found by its date, and the last of a room by its time", async () => {
      const { digests } = stores();
      const here = fresh.community();
      const room = roomId("telegram", `-2${next()}`);
      const [early, late, other] = [
        digest({ community: here, room, composedAt: noon }),
        digest({ community: here, room, composedAt: later(5) }),
        digest({ community: here, localDate: "2026-11-21", composedAt: later(9) }),
      ];
      for (const one of [late, early, other]) await digests.save(one, []);
      expect((await digests.on(here, "2026-11-22"))?.id).toBe(late.id);
      expect(await digests.on(here, "2026-11-20")).toBeNull();
      expect((await digests.last(here, room, later(5)))?.id).toBe(early.id);
      expect((await digests.last(here, room, later(6)))?.id).toBe(late.id);
      expect(await digests.last(here, room, noon)).toBeNull();
      // Whoever brings the bot along into a channel is a community of their own there.
      expect(await digests.last(fresh.community(), room, later(6))).toBeNull();
      expect(await digests.dates(here, 9)).toEqual(["2026-11-22", "2026-11-21"]);
      expect(await digests.dates(here, 1)).toEqual(["2026-11-22"]);
    });

    test("bodies go a day after the last digest that names them, and pictures with the last body", async () => {
      const { digests, rooms } = stores();
      const day = 24 * 60;
      const [left, shown, both] = [`left${next()}`, `shown${next()}`, `both${next()}`];
      const body = (...pictures: readonly string[]): Digest["body"] => ({
        id: `body${next()}`,
        composedAt: noon,
        blocks: [
          { kind: "text", text: `NUL \u0000, half a pair \ud800 and "picture":"${left}"` },
          ...pictures.map((picture) => ({ kind: "picture", picture, alt: "A line", name: "sector.png" }) as const),
        ],
        print: [],
        figures: [],
      });
      const pictures = [left, shown, both].map((id) => ({ id, png: new Uint8Array([137]) }));
      const shared = body(shown, both);
      const gone = fresh.community();
      const [kept, alsoShared, alone] = [
        digest({ body: shared }),
        digest({ community: gone, body: shared }),
        digest({ community: gone, body: body(left, both) }),
      ];
      for (const one of [kept, alsoShared, alone]) await digests.save(one, pictures);
      const present = async () => (await Promise.all(pictures.map(({ id }) => digests.picture(id)))).map((png) => png !== null);
      await rooms.leave(gone, noon);
      await rooms.eraseLeft(later(1));
      await digests.sweep(later(day));
      expect(await present()).toEqual([true, true, true]);
      expect(await digests.sweep(later(day + 1))).toBeGreaterThanOrEqual(2);
      expect(await present()).toEqual([false, true, true]);
      expect(await digests.find(kept.id)).toEqual(kept);
      expect(await digests.sweep(later(day + 1))).toBe(0);
      // Its body went too: the picture of one that is saved anew is kept again.
      await digests.save(alone, pictures);
      expect(await digests.find(alone.id)).toEqual(alone);
      expect(await present()).toEqual([true, true, true]);
    });

    test("a scheduled digest is kept as posted once a part of it was handed over, and forgotten with a delivery that never was", async () => {
      const { digests, subscriptions, deliveries, leases } = stores();
      const [one, other] = [subscription(), subscription()];
      const days = new Map<Subscription, Digest>();
      for (const wish of [one, other]) {
        await subscriptions.add(wish, fresh.member());
        const queued: string[] = [];
        const addJobs: AddJobs = async (_, jobs) => void queued.push(...jobs.map(({ id }) => id));
        const at = later(18 * 60);
        const options = { platforms: platformNames, expiresAt: later(21 * 60), most: 100, addJobs };
        await deliveries.enqueue(wish, { localDate: "2026-11-23", at, kind: "run" }, options);
        const { room, community } = wish;
        const composed = digest({ id: digestId(queued[0] ?? ""), room, community, localDate: "2026-11-23", composedAt: at });
        await digests.save(composed, []);
        days.set(wish, composed);
      }
      const seen = async ({ community, room }: Subscription) => [
        (await digests.on(community, "2026-11-23"))?.id,
        (await digests.last(community, room, later(99_999)))?.id,
        ...(await digests.dates(community, 9)),
      ];
      expect(await seen(one)).toEqual([undefined, undefined]);
      const fence = { name: `lease-${next()}`, holder: "me" };
      await leases.take(fence, 60_000);
      const id = days.get(one)?.id ?? digestId("");
      await deliveries.begin(fence, deliveryId(id), 0, 0);
      expect(await seen(one)).toEqual([id, id, "2026-11-23"]);
      for (const wish of [one, other]) await subscriptions.remove(wish.id, wish.community);
      expect(await seen(one)).toEqual([id, id, "2026-11-23"]);
      expect(await digests.find(days.get(other)?.id ?? id)).toBeNull();
    });

    test("a picture that is being deleted is kept anew with the digest that shows it at that very moment", async () => {
      const { digests, transaction } = stores();
      const [id, png] = [`raced${next()}`, new Uint8Array([137])];
      const blocks = [{ kind: "picture", picture: id, alt: "A line", name: "sector.png" }] as const;
      const shows = () => digest({ body: { id: `body${next()}`, composedAt: noon, blocks, print: [], figures: [] } });
      await digests.save(shows(), [{ id, png }]);
      let saving: Promise<boolean> | null = null;
      let saved = false;
      // What a sweep does in another process, between finding the picture and deleting it.
      await transaction(async (session) => {
        await session.executeSql("SELECT id FROM picture WHERE id = $1 FOR UPDATE", [id]);
        saving = digests.save(shows(), [{ id, png }]);
        saving.finally(() => {
          saved = true;
        });
        for (let looks = 0; looks < 200 && !saved; looks++) {
          const { rows } = await session.executeSql("SELECT 1 FROM pg_locks WHERE NOT granted");
          if (rows.length > 0) break;
        }
        await session.executeSql("DELETE FROM picture WHERE id = $1", [id]);
      });
      await saving;
      expect(await digests.picture(id)).not.toBeNull();
    });

    test("quotes are read from the opinions that are left and may be quoted", async () => {
      const { digests, opinions, members } = stores();
      const here = fresh.community();
      const [kept, erased, elsewhere] = [
        opinion({ community: here, member: fresh.member(), text: "Too slow." }),
        opinion({ community: here, member: fresh.member() }),
        opinion({ community: fresh.community(), member: fresh.member() }),
      ];
      for (const one of [kept, erased, elsewhere]) await opinions.add(one, { quotable: true });
      const silent = opinion({ community: here });
      await opinions.add(silent);
      await members.erase(erased.member);
      expect([...(await digests.quotes(here, [kept.id, erased.id, elsewhere.id, silent.id]))]).toEqual([[kept.id, "Too slow."]]);
    });
  });

  test("by which prompt and model an answer was written is found by its receipt, until it is forgotten", async () => {
    const { modelAnswers } = stores();
    const [old, recent] = [noon, later(1)].map((at) => ({ id: receiptId(`answer${next()}`), prompt: "ask 1", model: "gpt-5-mini", at }));
    if (old === undefined || recent === undefined) throw new Error("two answers");
    await modelAnswers.add(old);
    await modelAnswers.add(recent);
    expect([await modelAnswers.find(old.id), await modelAnswers.find(receiptId("never"))]).toEqual([old, null]);
    await modelAnswers.forget(later(1));
    expect([await modelAnswers.find(old.id), await modelAnswers.find(recent.id)]).toEqual([null, recent]);
  });

  describe("the model's budget", () => {
    test("sets aside no more than a day's limit, also when several ask at once", async () => {
      const { modelBudget } = stores();
      const day = `day${next()}`;
      const answers = await Promise.all([1, 2, 3, 4].map(() => modelBudget.reserve(day, "bot", 30, 100)));
      expect(answers.filter(Boolean)).toHaveLength(3);
      await modelBudget.settle(day, "bot", -25);
      expect(await modelBudget.reserve(day, "bot", 30, 100)).toBe(true);
      expect(await modelBudget.reserve(day, "bot", 30, 100)).toBe(false);
      expect(await modelBudget.reserve(`${day}+`, "bot", 101, 100)).toBe(false);
    });

    test("keeps each share of a day for itself, and forgets days that are over", async () => {
      const { modelBudget } = stores();
      const [early, late] = [`2026-01-01 ${next()}`, `2026-01-02 ${next()}`];
      expect(await modelBudget.reserve(early, "ann", 90, 100)).toBe(true);
      expect(await modelBudget.reserve(early, "bob", 90, 100)).toBe(true);
      expect(await modelBudget.reserve(late, "ann", 90, 100)).toBe(true);
      expect(await modelBudget.reserve(early, "ann", 90, 100)).toBe(false);
      await modelBudget.settle(early, "bob", -30);
      expect(await Promise.all(["ann", "bob", "carl"].map((key) => modelBudget.used(early, key)))).toEqual([90, 60, 0]);
      await modelBudget.forget("2026-01-02");
      expect([await modelBudget.used(early, "ann"), await modelBudget.used(late, "ann")]).toEqual([0, 90]);
    });
  });
}
