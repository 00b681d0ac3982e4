/** What a community has decided: defaults, changes in words, and which assets it follows. */
import { describe, expect, it } from "vitest";
import { createCommunities } from "../../src/communities/communities.ts";
import type { Decided, SettingChange, SettingsStore } from "../../src/communities/types.ts";
import { communityId, memberId } from "../../src/core/ids.ts";

const [here, ann, now] = [communityId("discord", "1"), memberId("ann"), new Date("2026-11-22T08:00:00Z")];
const asset = (id: string) => ({ id, name: id.toUpperCase() });

/** As the database keeps it: one wish for each asset, also where it is what everyone has. */
function keeping(): SettingsStore {
  let values: Partial<Decided> = {};
  const follows = new Map<string, boolean>();
  const changes: SettingChange[] = [];
  const those = (wish: boolean) => [...follows].filter(([, one]) => one === wish).map(([id]) => id);
  return {
    decided: async () => [here],
    read: async () => ({ ...values, watched: those(true), unwatched: those(false) }),
    async set(_, some, made) {
      values = { ...values, ...some };
      changes.unshift(...made);
    },
    async follow(_, id, wish, change) {
      follows.set(id, wish);
      changes.unshift(change);
    },
    changes: async (_, limit) => changes.slice(0, limit),
    watched: async () => those(true),
    older: async () => ({ opinions: 0, reports: 0, claims: 0, votes: 0, forecasts: 0 }),
    expire: async () => 0,
  };
}

describe("a community's assets", () => {
  it("that were taken off the usual list and put back are followed like the others, and not besides", async () => {
    const communities = createCommunities(keeping(), ["bitcoin"]);
    expect(await communities.follow(here, asset("bitcoin"), false, ann, now)).toBe(true);
    expect(await communities.settings(here)).toMatchObject({ watched: [], unwatched: ["bitcoin"] });
    expect(await communities.follow(here, asset("bitcoin"), true, ann, now)).toBe(true);
    expect(await communities.settings(here)).toMatchObject({ watched: [], unwatched: [] });
    expect(await communities.follow(here, asset("bitcoin"), true, ann, now)).toBe(false);
  });

  it("that were added and taken off again are not told as missing from the usual list", async () => {
    const communities = createCommunities(keeping(), ["bitcoin"]);
    await communities.follow(here, asset("geodnet"), true, ann, now);
    expect(await communities.settings(here)).toMatchObject({ watched: ["geodnet"], unwatched: [] });
    await communities.follow(here, asset("geodnet"), false, ann, now);
    expect(await communities.settings(here)).toMatchObject({ watched: [], unwatched: [] });
    expect(await communities.follow(here, asset("geodnet"), false, ann, now)).toBe(false);
  });
});

describe("a community", () => {
  it("can add 25 assets, and one more when it has taken one off", async () => {
    const communities = createCommunities(keeping(), ["bitcoin"]);
    for (let i = 1; i <= 25; i++) await communities.follow(here, asset(`coin-${i}`), true, ann, now);
    await expect(communities.follow(here, asset("coin-26"), true, ann, now)).rejects.toThrow("A community can add 25 assets.");
    await communities.follow(here, asset("bitcoin"), false, ann, now);
    expect(await communities.follow(here, asset("bitcoin"), true, ann, now)).toBe(true);
    await communities.follow(here, asset("coin-1"), false, ann, now);
    expect(await communities.follow(here, asset("coin-26"), true, ann, now)).toBe(true);
    expect((await communities.settings(here)).watched).toHaveLength(25);
  });
});

describe("a community's settings", () => {
  it("are the usual ones until somebody decides, and tell what changed in words", async () => {
    const communities = createCommunities(keeping(), []);
    expect(await communities.settings(here)).toMatchObject({ audience: "newcomer", zone: "UTC", quoting: true, retentionDays: null });
    expect(await communities.change(here, { quoting: false, retentionDays: 30, zone: "UTC" }, ann, now)).toMatchObject([
      { what: "quoting", before: "yes", after: "no", member: ann },
      { what: "retentionDays", before: "for ever", after: "30 days", member: ann },
    ]);
    expect(await communities.settings(here)).toMatchObject({ quoting: false, retentionDays: 30 });
    expect(await communities.change(here, { quoting: false }, ann, now)).toEqual([]);
  });

  it("that another process has changed a moment ago count where something is decided by them, and in the history", async () => {
    const store = keeping();
    const [one, other] = [createCommunities(store, ["bitcoin"]), createCommunities(store, ["bitcoin"])];
    expect(await other.settings(here)).toMatchObject({ quoting: true });
    await one.change(here, { quoting: false, zone: "Asia/Tokyo" }, ann, now);
    expect(await other.current(here)).toMatchObject({ quoting: false, zone: "Asia/Tokyo" });
    expect(await other.change(here, { zone: "Europe/Vienna" }, ann, now)).toMatchObject([{ before: "Asia/Tokyo", after: "Europe/Vienna" }]);
    expect(await other.change(here, { quoting: false }, ann, now)).toEqual([]);
    for (let i = 1; i <= 25; i++) await one.follow(here, asset(`coin-${i}`), true, ann, now);
    expect(await other.follow(here, asset("coin-1"), true, ann, now)).toBe(false);
    await expect(other.follow(here, asset("coin-26"), true, ann, now)).rejects.toThrow("A community can add 25 assets.");
  });
});
