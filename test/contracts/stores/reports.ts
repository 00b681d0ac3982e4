/** The contract of the store of reports on runs. */
import { describe, expect, test } from "vitest";
import { privateCommunityId, reportId } from "../../../src/core/ids.ts";
import type { Report } from "../../../src/ledger/types.ts";
import type { Storage } from "../../../src/storage/open.ts";
import type { Stores } from "../../support/memory-stores.ts";
import { button, fresh, later, noon } from "./fixtures.ts";

let serial = 0;
export const report = (parts: Partial<Report> = {}): Report => ({
  id: reportId(`report${++serial}`),
  community: fresh.community(),
  member: fresh.member(),
  network: "Akash",
  gpu: "H100",
  gpus: 16,
  nodes: 2,
  hours: 72.5,
  interruptions: 3,
  written: 140,
  lost: null,
  resumed: 2,
  recoveryHours: 0.25,
  evidence: "https://example.org/log?a=1&b='2'",
  grade: "linked",
  at: noon,
  ...parts,
});

/** What only a database keeps. */
export function reportDatabaseContract(stores: () => Pick<Storage, "reports" | "settings" | "links">): void {
  describe("reports beside other stores", () => {
    test("accounts that one person has joined are one, until they part", async () => {
      const { reports, links } = stores();
      const [here, ann, alsoAnn, bob] = [fresh.community(), fresh.member(), fresh.member(), fresh.member()];
      for (const [n, member] of [ann, alsoAnn, bob].entries()) await reports.put(report({ community: here, member, at: later(n) }));
      const people = async () => (await reports.of(here, 9)).map(({ person }) => person);
      expect(new Set(await people()).size).toBe(3);
      await links.join([ann, alsoAnn], `person of ${ann}`);
      const [first, second, third] = await people();
      expect(first).toBe(second);
      expect(third).not.toBe(first);
      await links.part(ann);
      expect(new Set(await people()).size).toBe(3);
    });

    test("they are erased once they are older than their community keeps what was said", async () => {
      const { reports, settings } = stores();
      const [strict, forever] = [fresh.community(), fresh.community()];
      await settings.set(strict, { retentionDays: 2 }, []);
      const day = 24 * 60;
      const [old, young, kept] = [
        report({ community: strict, at: later(-3 * day) }),
        report({ community: strict, at: later(-day) }),
        report({ community: forever, at: later(-3000 * day) }),
      ];
      for (const one of [old, young, kept]) await reports.put(one);
      await settings.expire(noon);
      expect(await reports.find(old.id)).toBeNull();
      for (const one of [young, kept]) expect(await reports.find(one.id)).toEqual(one);
    });
  });
}

export function reportContract(stores: () => Stores): void {
  describe("reports", () => {
    test("a report comes back as it was given, with what was not said, and is its community's alone", async () => {
      const { reports } = stores();
      const here = fresh.community();
      const [second, first] = [
        report({ community: here, at: later(2) }),
        report({ community: here, at: later(1), written: null, evidence: "" }),
      ];
      for (const one of [second, first, report()]) expect(await reports.put(one)).toBe(true);
      expect(await reports.find(first.id)).toEqual(first);
      expect(await reports.find(reportId("none"))).toBeNull();
      expect((await reports.of(here, 10)).map(({ person, quotable, ...rest }) => ({ ...rest, quotable }))).toEqual([
        { ...first, quotable: false },
        { ...second, quotable: false },
      ]);
      expect((await reports.of(here, 1)).map(({ id }) => id)).toEqual([second.id]);
    });

    test("its author alone corrects and deletes it", async () => {
      const { reports } = stores();
      const one = report();
      await reports.put(one);
      expect(await reports.put({ ...one, member: fresh.member(), interruptions: 9 })).toBe(false);
      expect(await reports.remove(one.id, fresh.member())).toBe(false);
      expect(await reports.find(one.id)).toEqual(one);
      expect(await reports.put({ ...one, interruptions: 4, grade: "heard" })).toBe(true);
      expect(await reports.find(one.id)).toEqual({ ...one, interruptions: 4, grade: "heard" });
      expect(await reports.remove(one.id, one.member)).toBe(true);
      expect(await reports.remove(one.id, one.member)).toBe(false);
      expect(await reports.find(one.id)).toBeNull();
    });

    test("with a report go its buttons and what its author had typed into forms, and no button of anything else", async () => {
      const { reports, buttons } = stores();
      const one = report();
      await reports.put(one);
      const { member, community } = one;
      const own = { member, community, command: "report", expiresAt: later(9) };
      const gone = [
        button({ ...own, args: { id: one.id, change: "choose" } }),
        button({ ...own, args: { network: "Akash", gpu: "my secret one", "?": "hours" } }),
      ];
      const kept = [
        button({ ...own, args: { id: "another", change: "choose" } }),
        button({ ...own, command: "reliability", args: { network: "Akash" } }),
        button({ ...own, community: fresh.community(), args: { network: "Akash" } }),
        button({ ...own, member: fresh.member(), args: { network: "Akash" } }),
      ];
      await buttons.save([...gone, ...kept]);
      await reports.remove(one.id, fresh.member());
      for (const { id } of gone) expect(await buttons.find(id, noon)).not.toBeNull();
      await reports.remove(one.id, member);
      for (const { id } of gone) expect(await buttons.find(id, noon)).toBeNull();
      for (const { id } of kept) expect(await buttons.find(id, noon)).not.toBeNull();
    });

    test("whoever may be quoted is known, and what a member decides of it counts at once", async () => {
      const { reports, members } = stores();
      const one = report();
      await reports.put(one);
      const quotable = async () => (await reports.of(one.community, 1)).map((entry) => entry.quotable);
      await members.choose(one.member, { quoting: true });
      expect(await quotable()).toEqual([true]);
      await members.choose(one.member, { quoting: false });
      expect(await quotable()).toEqual([false]);
    });

    test("reports are in their member's record, follow a new key, and go when the member does", async () => {
      const { reports, members } = stores();
      const [old, current, bob] = [fresh.member(), fresh.member(), fresh.member()];
      const group = report({ member: old, at: later(2) });
      const chat = report({ member: old, at: later(1), community: privateCommunityId("telegram", old) });
      const bobs = report({ member: bob, community: group.community });
      for (const one of [group, chat, bobs]) await reports.put(one);
      await members.rekey([old], current);
      expect((await members.read(old)).reports).toEqual([]);
      expect((await members.read(current)).reports).toEqual([
        { ...chat, member: current, community: privateCommunityId("telegram", current) },
        { ...group, member: current },
      ]);
      expect(await members.erase(current)).toEqual({ opinions: 0, reports: 2, buttons: 0 });
      expect((await members.read(current)).reports).toEqual([]);
      expect((await members.read(bob)).reports).toEqual([bobs]);
    });

    test("reports move with their group, are known to be there, and end with it", async () => {
      const { reports, rooms } = stores();
      const [from, to] = [fresh.community(), fresh.community()];
      const one = report({ community: from });
      await reports.put(one);
      const platform = from.startsWith("telegram:") ? "telegram" : "discord";
      expect((await rooms.known(platform)).map(({ community }) => community)).toContain(from);
      await rooms.migrate(from, to);
      expect(await reports.of(from, 9)).toEqual([]);
      expect((await reports.of(to, 9)).map(({ id }) => id)).toEqual([one.id]);
      await rooms.leave(to, later(-90 * 24 * 60));
      await rooms.eraseLeft(later(-30 * 24 * 60));
      expect(await reports.find(one.id)).toBeNull();
    });
  });
}
