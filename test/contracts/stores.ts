/** What every set of stores keeps, whatever is behind it. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoredButton } from "../../src/core/buttons.ts";
import { type Figure, figure } from "../../src/core/figure.ts";
import {
  buttonId,
  type CommunityId,
  communityId,
  type MemberId,
  memberId,
  opinionId,
  privateCommunityId,
  receiptId,
  topicId,
} from "../../src/core/ids.ts";
import type { Opinion } from "../../src/opinions/types.ts";
import type { Stores } from "../support/memory-stores.ts";

interface OpenStores extends Stores {
  close?(): Promise<void>;
}

let serial = 0;
/** Every test works in places and with people of its own, so that all of them can share one database. */
const fresh = {
  community: (): CommunityId => communityId("telegram", `-100${++serial}`),
  member: (): MemberId => memberId(`member${++serial}`),
  topic: () => topicId(`topic-${++serial}`),
};

const noon = new Date("2026-11-22T12:00:00.123Z");
const later = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);
const ages = { from: new Date(0), to: new Date("9999-12-31T23:59:59.999Z") };

const opinion = (parts: Partial<Opinion> = {}): Opinion => ({
  id: opinionId(`opinion${++serial}`),
  community: communityId("discord", "1"),
  member: memberId("nobody"),
  topic: topicId("latency"),
  text: "It depends.",
  stance: "mixed",
  stanceBy: "reading",
  at: noon,
  ...parts,
});

const button = (parts: Partial<StoredButton> = {}): StoredButton => ({
  id: buttonId(`button${++serial}`),
  command: "opinion",
  args: {},
  member: null,
  quoted: null,
  community: communityId("discord", "1"),
  expiresAt: later(60),
  ...parts,
});

const price = (parts: Partial<Omit<Figure, "id">> = {}): Figure =>
  figure({
    metric: `asset${++serial}.price`,
    label: "Price",
    value: 1.5,
    unit: "usd",
    source: { name: "CoinGecko", url: "https://www.coingecko.com/" },
    observedAt: noon,
    precision: "instant",
    fetchedAt: noon,
    raw: "1.5",
    state: "live",
    ...parts,
  });

/** @param open called once; `close` is called after the last test */
export function storeContract(name: string, open: () => Promise<OpenStores>): void {
  describe(`stores: ${name}`, () => {
    let stores: OpenStores;
    beforeAll(async () => {
      stores = await open();
    });
    afterAll(() => stores.close?.());
    opinionContract(() => stores);
    memberContract(() => stores);
    figureContract(() => stores);
    buttonContract(() => stores);
    roomContract(() => stores);
  });
}

function opinionContract(stores: () => Stores): void {
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

    test("a second opinion of the same id is refused and the first one stays", async () => {
      const { opinions } = stores();
      const first = opinion({ text: "first" });
      await opinions.add(first);
      await expect(opinions.add({ ...first, text: "second" })).rejects.toThrow();
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

    test("the newest opinion of each member counts, newest first, in this community and topic only", async () => {
      const { opinions } = stores();
      const [community, topic, ann, bob] = [fresh.community(), fresh.topic(), fresh.member(), fresh.member()];
      const here = { community, topic };
      const old = opinion({ ...here, member: ann, at: later(1) });
      const annNow = opinion({ ...here, member: ann, at: later(3) });
      const bobNow = opinion({ ...here, member: bob, at: later(2) });
      const elsewhere = [
        opinion({ ...here, community: fresh.community(), member: ann }),
        opinion({ ...here, topic: fresh.topic(), member: bob }),
      ];
      for (const one of [annNow, old, bobNow, ...elsewhere]) await opinions.add(one);
      expect(await opinions.newest(community, topic, ages.from, ages.to)).toEqual([annNow, bobNow]);
    });

    test("of two opinions with the same time the later logged one is the newer", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      // The ids sort against the order of arrival.
      const first = opinion({ ...here, id: opinionId(`z${++serial}`) });
      const second = opinion({ ...here, id: opinionId(`a${++serial}`) });
      await opinions.add(first);
      await opinions.add(second);
      expect(await opinions.newest(here.community, here.topic, ages.from, ages.to)).toEqual([second]);
    });

    test("a window begins with its first instant and ends before its last, and the newest inside it counts", async () => {
      const { opinions } = stores();
      const here = { community: fresh.community(), topic: fresh.topic(), member: fresh.member() };
      const [before, first, last, after] = [later(-0.001), later(0), later(9.999), later(10)].map((at) => opinion({ ...here, at }));
      if (!before || !first || !last || !after) throw new Error("four opinions");
      for (const one of [before, after]) await opinions.add(one);
      expect(await opinions.newest(here.community, here.topic, later(0), later(10))).toEqual([]);
      await opinions.add(first);
      expect(await opinions.newest(here.community, here.topic, later(0), later(10))).toEqual([first]);
      await opinions.add(last);
      expect(await opinions.newest(here.community, here.topic, later(0), later(10))).toEqual([last]);
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
      expect(new Set(await opinions.newest(community, topic, ages.from, ages.to))).toEqual(new Set(many));
    });
  });
}

function memberContract(stores: () => Stores): void {
  describe("members", () => {
    test("a member's record holds every opinion in the order of their times, and counts what else is theirs", async () => {
      const { opinions, buttons, members } = stores();
      const member = fresh.member();
      const [second, first] = [opinion({ member, at: later(2) }), opinion({ member, at: later(1), community: fresh.community() })];
      for (const one of [second, first, opinion({ member: fresh.member() })]) await opinions.add(one);
      const chat = privateCommunityId("telegram", member);
      await buttons.save([button({ member }), button({ quoted: member }), button({ community: chat }), button({ member: fresh.member() })]);
      expect(await members.read(member)).toEqual({ opinions: [first, second], buttons: 3 });
      expect(await members.read(fresh.member())).toEqual({ opinions: [], buttons: 0 });
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
      expect(await members.erase(ann)).toEqual({ opinions: 2, buttons: 3 });
      expect(await members.read(ann)).toEqual({ opinions: [], buttons: 0 });
      for (const one of own) expect(await buttons.find(one.id, noon)).toBeNull();
      expect(await members.read(bob)).toEqual({ opinions: [bobs], buttons: 1 });
      expect(await rooms.arrive(chat, noon)).toBe(true); // the place has forgotten them too
      expect(await members.erase(ann)).toEqual({ opinions: 0, buttons: 0 });
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
      expect(await members.read(current)).toEqual({ opinions: moved, buttons: 2 });
      expect(await members.read(old)).toEqual({ opinions: [], buttons: 0 });
      expect(await buttons.find(bound.id, noon)).toEqual({ ...bound, member: current, community: privateCommunityId("telegram", current) });
      expect(await buttons.find(about.id, noon)).toEqual({ ...about, quoted: current });
      expect(await rooms.greet(privateCommunityId("telegram", current), later(1))).toBe(false);
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
          expect(await members.erase(renamed)).toEqual({ opinions: moved.length, buttons: 0 });
          for (const person of people) expect((await members.read(person)).opinions).toEqual(person === chosen ? [] : of(person));
        }),
        { numRuns: 20 },
      );
    });
  });
}

function figureContract(stores: () => Stores): void {
  describe("figures", () => {
    test("a figure comes back under its receipt with value, bound, source and times as they were", async () => {
      const { figures } = stores();
      const given = [
        price({ value: 0.1 + 0.2, raw: "0.30000000000000004" }),
        price({ value: -1.7976931348623157e308 }),
        price({ value: 5e-324 }),
        price({ value: 9_007_199_254_740_993n, unit: "count", raw: "9007199254740993" }),
        price({ value: -(2n ** 200n), unit: "count" }),
        price({
          value: 19e9,
          bound: "about",
          precision: "month",
          observedAt: new Date("2024-08-01T00:00:00Z"),
          raw: "“about $19 billion”",
        }),
        price({ value: 22.754, bound: "at_least", unit: "eib", precision: "day", observedAt: null }),
        price({ value: 0, unit: "percent" }),
      ];
      await figures.save(given);
      for (const one of given) expect(await figures.find(one.id)).toEqual(one);
      expect(await figures.find(receiptId("unknown"))).toBeNull();
    });

    test("a missing value stays missing, and staleness is not stored", async () => {
      const { figures } = stores();
      const [missing, stale] = [price({ value: null, state: "missing", raw: "null" }), price({ state: "stale" })];
      await figures.save([missing, stale]);
      expect(await figures.find(missing.id)).toEqual(missing);
      expect(await figures.find(stale.id)).toEqual({ ...stale, state: "live" });
    });

    test("saving twice changes nothing, and saving nothing is no error", async () => {
      const { figures } = stores();
      const one = price();
      await figures.save([one, one]);
      await figures.save([{ ...one, label: "Another label" }]);
      await figures.save([]);
      expect(await figures.find(one.id)).toEqual(one);
      expect((await figures.latest()).filter((f) => f.metric === one.metric)).toEqual([one]);
    });

    test("what is no number is refused and nothing of its batch is stored", async () => {
      const { figures } = stores();
      const good = price();
      await expect(figures.save([good, price({ value: Number.NaN })])).rejects.toThrow(TypeError);
      await expect(figures.save([price({ value: Number.POSITIVE_INFINITY })])).rejects.toThrow(TypeError);
      expect(await figures.find(good.id)).toBeNull();
    });

    test("the newest of each metric is the one fetched last, and of several fetched together the one saved last", async () => {
      const { figures } = stores();
      const [one, two] = [price(), price()];
      const newer = price({ metric: one.metric, value: 2, fetchedAt: later(1) });
      const older = price({ metric: one.metric, value: 3, fetchedAt: later(-1) });
      const together = price({ metric: two.metric, value: 4, raw: "4", fetchedAt: two.fetchedAt });
      await figures.save([newer, two]);
      await figures.save([one, older, together]);
      const latest = (await figures.latest()).filter((f) => f.metric === one.metric || f.metric === two.metric);
      expect(new Set(latest)).toEqual(new Set([newer, together]));
    });

    test("a thousand figures are saved at once", async () => {
      const { figures } = stores();
      const many = Array.from({ length: 1_000 }, (_, value) => price({ value, raw: String(value) }));
      await figures.save(many);
      const last = many.at(-1);
      expect(last === undefined ? null : await figures.find(last.id)).toEqual(last);
    });
  });
}

function buttonContract(stores: () => Stores): void {
  describe("buttons", () => {
    test("a button comes back with its arguments as they were", async () => {
      const { buttons } = stores();
      const args = {
        topic: "latency",
        text: "a\u0000b \ud800 “x” 👍 {}",
        n: 1.5,
        big: 1e21,
        small: -0.1,
        yes: true,
        no: false,
        __proto__x: "",
      };
      const given = [
        button({ args, member: memberId("m"), quoted: memberId("q") }),
        button({ community: privateCommunityId("console", memberId("m")) }),
      ];
      await buttons.save(given);
      for (const one of given) expect(await buttons.find(one.id, noon)).toEqual(one);
      await buttons.save([]);
    });

    test("an unknown button and one at the end of its life are not found", async () => {
      const { buttons } = stores();
      const one = button({ expiresAt: later(1) });
      await buttons.save([one]);
      expect(await buttons.find(buttonId("unknown"), noon)).toBeNull();
      expect(await buttons.find(one.id, later(0.999))).toEqual(one);
      expect(await buttons.find(one.id, later(1))).toBeNull();
    });

    test("sweeping forgets exactly the expired ones", async () => {
      const { buttons } = stores();
      await buttons.sweep(new Date("1999-12-31T00:00:00Z")); // others' buttons are younger
      const long = new Date("2000-01-01T00:00:00Z");
      const [gone, alsoGone, kept] = [button({ expiresAt: new Date(long.getTime() - 1) }), button({ expiresAt: long }), button()];
      await buttons.save([gone, alsoGone, kept]);
      expect(await buttons.sweep(long)).toBe(2);
      expect(await buttons.sweep(long)).toBe(0);
      expect(await buttons.find(gone.id, new Date(0))).toBeNull();
      expect(await buttons.find(kept.id, noon)).toEqual(kept);
    });
  });
}

function roomContract(stores: () => Stores): void {
  const month = 30 * 24 * 60;
  describe("rooms", () => {
    test("knows the communities of one platform that anything is stored of, and which were left", async () => {
      const { rooms, opinions } = stores();
      const [served, left, spoken] = [71, 72, 73].map((n) => communityId("discord", `${n}${++serial}`));
      if (served === undefined || left === undefined || spoken === undefined) throw new TypeError("three communities");
      await rooms.arrive(served, noon);
      await rooms.arrive(communityId("telegram", "71"), noon);
      await rooms.leave(left, noon);
      await opinions.add(opinion({ community: spoken }));
      await opinions.add(opinion({ community: privateCommunityId("discord", memberId("ann")) }));
      const known = (await rooms.known("discord")).filter(
        ({ community }) => [served, left, spoken].includes(community) || community.includes("private"),
      );
      expect(known.toSorted((a, b) => a.community.localeCompare(b.community))).toEqual([
        { community: served, left: false },
        { community: left, left: true },
        { community: spoken, left: false },
      ]);
    });

    test("the first arrival ever is told from every other one", async () => {
      const { rooms } = stores();
      const here = fresh.community();
      expect(await rooms.arrive(here, noon)).toBe(true);
      expect(await rooms.arrive(here, noon)).toBe(false);
      await rooms.leave(here, later(1));
      expect(await rooms.arrive(here, later(2))).toBe(false);
    });

    test("of arrivals at the same moment one is the first", async () => {
      const { rooms } = stores();
      const here = fresh.community();
      const answers = await Promise.all([1, 2, 3, 4].map(() => rooms.arrive(here, noon)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    test("an admin is greeted exactly once, before or after the arrival", async () => {
      const { rooms } = stores();
      const [here, there] = [fresh.community(), fresh.community()];
      expect(await Promise.all([1, 2, 3].map(() => rooms.greet(here, noon)))).toContain(true);
      expect(await rooms.greet(here, later(1))).toBe(false);
      expect(await rooms.arrive(here, later(1))).toBe(true);
      expect(await rooms.arrive(there, noon)).toBe(true);
      expect(await rooms.greet(there, noon)).toBe(true);
      expect(await rooms.greet(there, noon)).toBe(false);
    });

    test("a community is erased when it was left before the date, and never when the bot came back", async () => {
      const { rooms, opinions, buttons } = stores();
      const [left, back, present] = [fresh.community(), fresh.community(), fresh.community()];
      const said = new Map<CommunityId, Opinion>();
      const bound = button({ community: left });
      await buttons.save([bound]);
      for (const place of [left, back, present]) {
        await rooms.arrive(place, later(-2 * month));
        said.set(place, opinion({ community: place }));
        await opinions.add(said.get(place) ?? opinion());
      }
      await rooms.leave(left, later(-month));
      await rooms.leave(left, later(5)); // told twice: the first time counts
      await rooms.leave(back, later(-month));
      await rooms.arrive(back, later(-1));
      expect(await rooms.eraseLeft(later(-month))).toBe(0);
      expect(await rooms.eraseLeft(later(-month + 1))).toBe(1);
      const found = async (place: CommunityId) => (await opinions.find(said.get(place)?.id ?? opinionId(""))) !== null;
      expect(await Promise.all([left, back, present].map(found))).toEqual([false, true, true]);
      expect(await buttons.find(bound.id, noon)).toBeNull();
      expect(await rooms.arrive(left, noon)).toBe(true);
    });

    test("a community that was left without ever being known is erased like any other", async () => {
      const { rooms, opinions } = stores();
      const here = fresh.community();
      const said = opinion({ community: here });
      await opinions.add(said);
      await rooms.leave(here, later(-month));
      expect(await rooms.eraseLeft(later(-month + 1))).toBe(1);
      expect(await opinions.find(said.id)).toBeNull();
    });

    test("a group that moves takes everything along, whether or not its new address is known", async () => {
      const { rooms, opinions, buttons } = stores();
      for (const known of [false, true]) {
        const [from, to] = [fresh.community(), fresh.community()];
        const [said, bound] = [opinion({ community: from }), button({ community: from })];
        await rooms.arrive(from, noon);
        await rooms.greet(from, noon);
        if (known) await rooms.arrive(to, later(1));
        await opinions.add(said);
        await buttons.save([bound]);
        await rooms.migrate(from, to);
        await rooms.migrate(from, to); // both ends of the move are told
        expect(await opinions.find(said.id)).toEqual({ ...said, community: to });
        expect(await buttons.find(bound.id, noon)).toEqual({ ...bound, community: to });
        expect(await rooms.arrive(to, later(2))).toBe(false);
        expect(await rooms.greet(to, later(2))).toBe(false);
        expect(await rooms.arrive(from, later(2))).toBe(true);
      }
    });

    test("leaving the old address of a group that moved does not erase the new one", async () => {
      const { rooms, opinions } = stores();
      const [from, to] = [fresh.community(), fresh.community()];
      const said = opinion({ community: from });
      await opinions.add(said);
      await rooms.arrive(from, later(-2 * month));
      await rooms.leave(from, later(-2 * month));
      await rooms.migrate(from, to);
      await rooms.migrate(to, to);
      await rooms.eraseLeft(noon);
      expect(await opinions.find(said.id)).toEqual({ ...said, community: to });
    });
  });
}
