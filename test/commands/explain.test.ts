/** `/explain`, `/browse` and `/gaps` as a person meets them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import browse from "../../commands/browse.ts";
import explain from "../../commands/explain.ts";
import gapsCommand from "../../commands/gaps.ts";
import { communityId } from "../../src/core/ids.ts";
import { createEncoder } from "../../src/embedding/encoder.ts";
import { createGaps } from "../../src/knowledge/gaps.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createKnowledge } from "../../src/knowledge/search.ts";
import { type Entry, type GapStore, type Knowledge, maxGapLength } from "../../src/knowledge/types.ts";
import { createMarket } from "../../src/market/market.ts";
import { createMemoryStores } from "../support/memory-stores.ts";
import { buttonsOf, createTalk, type Talk } from "../support/talk.ts";

const here = communityId("console", "1");
const now = new Date("2026-11-22T12:00:00Z");
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const market = createMarket({ sources: [], store: createMemoryStores().figures, watched: async () => [], now: () => now, log: silent });
const encoder = createEncoder();
let entries: readonly Entry[];
let knowledge: Knowledge;
let store: GapStore;
let talk: Talk;

beforeAll(async () => {
  entries = await loadEntries();
  knowledge = createKnowledge(entries, { encoder, log: { warn: () => undefined } });
});
beforeEach(() => {
  store = createMemoryStores().gaps;
  talk = createTalk([explain, browse, gapsCommand], { knowledge, gaps: createGaps(store), market }, () => now);
});
afterAll(() => encoder.close());

describe("/explain", () => {
  it("answers a name at once, and says so where it was misspelt", async () => {
    expect(await talk.read("/explain slashing")).toMatch(/^Slashing\n/);
    expect(await talk.read("/explain slahshing")).toMatch(/^I took “slahshing” as Slashing\.\nSlashing\n/);
  });

  it("takes for whom it is from the words themselves", async () => {
    expect(await talk.read("/explain akash for investors")).toMatch(/^Akash\n[\s\S]*For investors\. Reviewed/);
    expect(await talk.read("/explain depin for a beginner")).toMatch(/^DePIN\n[\s\S]*For newcomers\. Reviewed/);
    expect(await talk.read("/explain proof of work for developers")).toMatch(/^Proof of work\n[\s\S]*For builders\. Reviewed/);
    expect(await talk.read("/explain helium for=investors")).toMatch(/^Helium\n[\s\S]*For investors\. Reviewed/);
    expect(await talk.read("/explain what is slashing for")).toMatch(/^Slashing\n/);
  });

  it("offers both where two are named, and nothing that merely resembles the question", async () => {
    for (const typed of ["/explain difference between akash and render", "/explain akash vs render"])
      expect(
        buttonsOf(await talk.ask(typed))
          .map(({ label }) => label)
          .toSorted(),
        typed,
      ).toEqual(["Akash", "Render"]);
  });

  it("shows the three nearest as buttons where it cannot be certain, and each leads on", async () => {
    const answer = await talk.ask("/explain the thing where miners prove they keep storing your file");
    const shown = buttonsOf(answer);
    expect(shown).toHaveLength(3);
    for (const button of shown) expect(await talk.read(button)).toMatch(new RegExp(`^${button.label}`));
    expect(await store.list(here, 9)).toEqual([]);
  });

  it("says that it has nothing on what is outside the field, and notes it without who asked", async () => {
    for (const typed of ["/explain Pizza recipe?", "/explain pizza  recipe"])
      expect(await talk.read(typed)).toMatch(/I do not have anything on “pizza +recipe\??”\.\n.*\/browse/i);
    expect(await store.list(here, 9)).toEqual([{ text: "pizza recipe", count: 2, lastAt: now }]);
  });

  it("still says so where the gap cannot be noted", async () => {
    const broken = { note: () => Promise.reject(new Error("disk")), list: async () => [] };
    const told = createTalk([explain], { knowledge, gaps: broken }, () => now);
    expect(await told.read("/explain pizza recipe")).toContain("I do not have anything on");
  });

  it("keeps neither numbers nor handles nor links of what was asked, and no more than fits", async () => {
    const gaps = createGaps(store);
    await gaps.note(here, "pizza for @ann_smith, call +43 660 123 45 67 or ann@example.org https://example.org/x?id=1", now);
    await gaps.note(here, `${"pizza ".repeat(60)}`, now);
    await gaps.note(here, "?!", now);
    const [first, second, ...rest] = (await store.list(here, 9)).map(({ text }) => text).sort();
    expect([first, rest]).toEqual(["pizza for call or", []]);
    expect(second?.length).toBeLessThanOrEqual(maxGapLength);
  });

  it("notes nothing of what is asked in a private chat", async () => {
    const own = communityId("telegram", "private:ann");
    await createGaps(store).note(own, "pizza recipe", now);
    expect(await store.list(own, 9)).toEqual([]);
  });
});

describe("/browse", () => {
  it("reaches every entry by its buttons alone, on pages that Discord and a phone can show", async () => {
    const reached = new Set<string>();
    for (const category of buttonsOf(await talk.ask("/browse"))) {
      let page = await talk.ask(category);
      for (;;) {
        const shown = buttonsOf(page);
        expect(shown.length).toBeLessThanOrEqual(15);
        for (const { command, args } of shown) if (command === "explain") reached.add(String(args.term));
        const more = shown.find(({ label }) => label === "More →");
        if (more === undefined) break;
        page = await talk.ask(more);
      }
    }
    expect([...reached].sort()).toEqual(entries.map(({ id }) => id).sort());
  });

  it("leads back, and takes a page beyond the last as the last", async () => {
    const last = await talk.ask("/browse mechanism 99");
    expect(buttonsOf(last).map(({ label }) => label)).toEqual(expect.arrayContaining(["← Back", "Categories"]));
    expect(await talk.read("/browse")).toContain("Mechanisms: ");
  });
});

describe("/gaps", () => {
  it("is for admins", async () => {
    expect(await talk.read("/gaps")).toContain("is for the admins of this place");
  });

  it("says in a private chat that nothing is noted there", async () => {
    const own = communityId("telegram", "private:ann");
    const admin = createTalk([gapsCommand], { gaps: createGaps(store) }, () => now, { admin: true, kind: "private", community: own });
    expect(await admin.read("/gaps")).toContain("What you ask in private is not noted.");
  });

  it("lists the most wanted with how often and when last, and says so where there is nothing", async () => {
    const admin = createTalk([gapsCommand], { gaps: createGaps(store) }, () => now, { admin: true, kind: "private" });
    expect(await admin.read("/gaps")).toContain("Nobody has asked for anything that I do not have.");
    for (const text of ["moon base", "solar panels", "Moon base!"]) await createGaps(store).note(here, text, now);
    expect(await admin.read("/gaps")).toMatch(/moon base \| 2 \| 22 Nov 2026\nsolar panels \| 1 \| 22 Nov 2026/);
  });
});
