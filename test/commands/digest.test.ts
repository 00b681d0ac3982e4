/** What `/digest` says of two days held against each other. */
import { describe, expect, it } from "vitest";
import digest from "../../commands/digest.ts";
import type { Figure } from "../../src/core/figure.ts";
import { digestId, roomId } from "../../src/core/ids.ts";
import type { Digests } from "../../src/digest/types.ts";
import type { Schedules } from "../../src/schedule/types.ts";
import { made } from "../digest/facts.ts";
import { createTalk } from "../support/talk.ts";

const kept: Readonly<Record<string, readonly Figure[]>> = {
  "2026-11-13": [
    made("sector.market_cap", "DePIN sector market cap", 10e9, "usd"),
    made("filecoin.capacity_raw_change_30d", "Filecoin raw capacity, change over 30 d", 3, "percent", "glif, worked out by Depinion"),
    { ...made("helium.hotspots", "Helium hotspots onboarded", 1_000_000, "count"), bound: "at_least" },
    { ...made("akash.spend", "Akash daily spend", 100, "usd"), bound: "about" },
    made("akash.leases", "Akash leases", 0, "count"),
  ],
  "2026-11-20": [
    made("sector.market_cap", "DePIN sector market cap", 11e9, "usd"),
    made("filecoin.capacity_raw_change_30d", "Filecoin raw capacity, change over 30 d", 5, "percent", "glif, worked out by Depinion"),
    { ...made("helium.hotspots", "Helium hotspots onboarded", 1_000_000, "count"), bound: "at_least" },
    made("akash.spend", "Akash daily spend", 150, "usd"),
    made("akash.leases", "Akash leases", 7, "count"),
  ],
};

const digests: Digests = {
  post: async () => {
    throw new Error("nothing is made here");
  },
  find: async () => null,
  dates: async () => Object.keys(kept),
  async on(community, localDate) {
    const figures = kept[localDate];
    if (figures === undefined) return null;
    const at = new Date(`${localDate}T08:00:00Z`);
    const body = { id: "b", composedAt: at, blocks: [], print: [], figures: [] };
    return {
      digest: { id: digestId("d"), community, room: roomId("console", "1"), localDate, composedAt: at, body, own: [] },
      blocks: [],
      figures,
    };
  },
};

const untouched = async () => {
  throw new Error("nothing is changed here");
};
const schedules: Schedules = {
  list: async () => [],
  lastDeliveries: async () => [],
  subscribe: untouched,
  remove: untouched,
  resume: untouched,
  sendAgain: untouched,
};
const talk = createTalk([digest], { digests, schedules }, () => new Date("2026-11-22T08:00:00Z"));

describe("two digests held against each other", () => {
  it("show the values of both days and how far they are apart", async () => {
    const shown = await talk.read("/digest date=2026-11-20 compare=2026-11-13");
    expect(shown).toContain("DePIN sector market cap | $10 billion | $11 billion | +10 %");
    expect(shown).toContain("Akash daily spend | about $100.00 | $150.00 | about +50 %");
  });

  it("hold no change against another change, and claim none where it is not known", async () => {
    const shown = await talk.read("/digest date=2026-11-20 compare=2026-11-13");
    expect(shown).not.toContain("30 d");
    expect(shown).toContain("Helium hotspots onboarded | at least 1,000,000 | at least 1,000,000 | no data");
    expect(shown).toContain("Akash leases | 0 | 7 | no data");
  });
});
