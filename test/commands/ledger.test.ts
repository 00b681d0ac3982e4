/** What a community reads of its own reports: `/reliability`, the rates in `/training`, belief beside them in `/sentiment`, and the file. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import explain from "../../commands/explain.ts";
import exported from "../../commands/export.ts";
import opinion from "../../commands/opinion.ts";
import reliability from "../../commands/reliability.ts";
import report from "../../commands/report.ts";
import sentiment from "../../commands/sentiment.ts";
import topics from "../../commands/topics.ts";
import training from "../../commands/training.ts";
import { ledgerPlaces } from "../../src/app/ledger-places.ts";
import { createSimulation } from "../../src/compute/simulation.ts";
import { createTrainings } from "../../src/compute/training.ts";
import { amountOf, shareOf } from "../../src/core/amounts.ts";
import { ledger as say } from "../../src/core/english/ledger.ts";
import { communityId, memberId, reportId } from "../../src/core/ids.ts";
import { plainText } from "../../src/core/markup.ts";
import { clopperPearson, garwood } from "../../src/ledger/intervals.ts";
import { createLedger } from "../../src/ledger/ledger.ts";
import type { Report } from "../../src/ledger/types.ts";
import { createOpinions } from "../../src/opinions/opinions.ts";
import { createTopicDesk } from "../../src/topics/topic-desk.ts";
import { createMemoryStores, type Stores } from "../support/memory-stores.ts";
import { createTalk } from "../support/talk.ts";

const now = () => new Date("2026-11-22T12:00:00Z");
const here = communityId("discord", "1");
const trainings = createTrainings({
  simulate: createSimulation(),
  drawChart: async () => null,
  log: { error: (_, line) => expect.fail(line) },
});

let stores: Stores;
let serial: number;
beforeEach(() => {
  stores = createMemoryStores();
  serial = 0;
});

/** Somebody's run of ten node-days. */
async function ran(person: string, parts: Partial<Report> = {}): Promise<void> {
  await stores.reports.put({
    ...{ id: reportId(`r${++serial}`), community: here, member: memberId(person), network: "Akash", gpu: "H100", gpus: 8, nodes: 1 },
    ...{
      hours: 240,
      interruptions: 1,
      written: 50,
      lost: 0,
      resumed: 1,
      recoveryHours: 0.5,
      evidence: "",
      grade: "experienced",
      at: now(),
    },
    ...parts,
  });
}
const several = async (people: number, parts: Partial<Report> = {}) => {
  for (let n = 0; n < people; n++) await ran(`p${n}`, parts);
};

function open(seat: { readonly admin?: boolean; readonly kind?: "private" } = {}) {
  const ledger = createLedger({ store: stores.reports, members: stores.members, places: ledgerPlaces });
  const opinions = createOpinions(stores, createTopicDesk(stores.topics), async () => []);
  const illustrate = async () => null;
  return createTalk(
    [report, reliability, training, sentiment, exported, explain, opinion, topics],
    { ledger, trainings, opinions, illustrate },
    now,
    {
      ...seat,
      community: here,
    },
  );
}

describe("/reliability", () => {
  it("says that nobody has reported, and how to be the first", async () => {
    expect(await open().read("/reliability")).toMatch(/Nobody here has reported a run yet\.\n\[Report a run\]/);
    expect(await open().read("/reliability flux @everyone")).toContain("Nobody here has reported a run on flux @everyone.");
  });

  it("shows rates with exact intervals, how many told of them, and what their evidence is", async () => {
    await several(4, { lost: 1, resumed: 3 });
    await ran("x", { interruptions: 6, lost: 0, resumed: 5, evidence: "https://example.org/log", grade: "linked" });
    const shown = await open().read("/reliability akash");
    const { low, high } = garwood(10, 50);
    expect(shown).toContain(
      `Interruptions: 0.2 per node-day (95 % interval ${amountOf(low)} to ${amountOf(high)}), from 10 interruptions in 50 node-days; 5 reports of 5 people.`,
    );
    const kept = clopperPearson(17, 21);
    expect(shown).toContain(
      `Checkpoints: 81 % of those that were needed could be used (95 % interval ${shareOf(kept.low)} to ${shareOf(kept.high)}), 17 of 21; 5 reports of 5 people.`,
    );
    expect(shown).toContain("Recovery: about 30 min from an interruption to working again");
    expect(shown).toContain("Evidence: 5 reports of 5 people: 1 linked, 4 experienced. Reported on 22 Nov 2026.");
    // Nobody has allowed to be quoted.
    expect(shown).not.toContain("example.org");
    await stores.members.choose(memberId("x"), { quoting: true });
    expect(await open().read("/reliability akash")).toContain("https://example.org/log");
  });

  it("shows nothing of too few, nothing of another community, and one network however it is spelled", async () => {
    await several(4);
    await several(9, { community: communityId("discord", "2") });
    expect(await open().read("/reliability akash")).toMatch(/There are 4 reports of 4 people\. I show nothing below 5 reports of 3 people/);
    expect(await open().read("/reliability")).toContain("Akash | 4 | too few | too few");
    await ran("x", { network: "AKASH Network" });
    expect(await open().read("/reliability akas")).toMatch(/Nobody here has reported a run on akas\.\n\[Akash\]/);
    // Two letters are swapped, which is no single slip.
    expect(await open().read("/reliability Akahs")).toContain("Nobody here has reported a run on Akahs.");
    for (const typed of ["akash", "Akassh", "a k a s h", "akash-network"])
      expect(await open().read(`/reliability ${typed}`)).toContain("5 reports of 5 people");
  });

  it("says what counts less and how", async () => {
    await several(8);
    for (let n = 0; n < 40; n++) await ran("busy");
    await ran("odd", { interruptions: 200 });
    await ran("gossip", { grade: "heard" });
    const shown = await open().read("/reliability akash");
    expect(shown).toMatch(
      /Of the interruptions: 1 report of hearsay does not count; 1 report far from all others \(their 99\.9 % intervals do not meet\) counts a quarter; one member's 40 reports, which were 82\.9 % of everything, count 40 %\./,
    );
    expect(shown).toMatch(/from 248 interruptions in 490 node-days, weighted; 49 reports of 10 people/);
  });

  it("lists all networks that were reported on, most reports first", async () => {
    await several(5);
    await several(6, { network: "io net", interruptions: 0, lost: null, resumed: null });
    expect(await open().read("/reliability")).toMatch(
      /io\.net \| 6 \| 0 \(0 to 0\.0615\) \| too few\nAkash \| 5 \| 0\.1 \(0\.0325 to 0\.233\) \| 100 % \(47\.8 % to 100 %\)/,
    );
  });
});

describe("the sentences about a network", () => {
  const numbers = (sentence: string) =>
    [...plainText(sentence).matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([n]) => Number(n.replaceAll(",", "")));
  const close = (written: number | undefined, meant: number) => {
    // Three digits; and what is less than a ten-thousandth is said to be.
    const error = Math.abs((written ?? Number.NaN) - meant);
    expect(error, `${written} for ${meant}`).toBeLessThanOrEqual(
      meant < 0.0001 ? 0.0001 : Math.max(0.006 * meant, 0.51 * Number(meant >= 99.95)),
    );
  };
  const weighing = { heard: 0, outliers: 0, disagree: false, capped: [] };

  it("are true of their numbers, whatever these are", () => {
    const counts = fc.record({
      events: fc.integer({ min: 0, max: 1_000_000 }),
      exposure: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      reports: fc.integer({ min: 5, max: 1000 }),
      people: fc.integer({ min: 3, max: 1000 }),
    });
    fc.assert(
      fc.property(counts, ({ events, exposure, reports, people }) => {
        const estimate = garwood(events, exposure);
        const sentence = say.interruptions({ estimate, events, exposure, reports, people, weighing });
        const [rate, level, low, high, told, days, n, by] = numbers(sentence);
        expect([level, told, n, by]).toEqual([95, events, reports, people]);
        for (const [written, meant] of [
          [rate, estimate.value],
          [low, estimate.low],
          [high, estimate.high],
          [days, exposure],
        ] as const)
          close(written, meant);
        // An interval reads as one.
        expect((low ?? 0) <= (rate ?? 0) && (rate ?? 0) <= (high ?? 0)).toBe(true);
        expect(sentence.includes("**0 ") || sentence.includes(" 0 per node-day")).toBe(events === 0);
        expect(sentence).not.toMatch(/NaN|undefined|Infinity|, weighted/);
      }),
    );
  });

  it("never call all what is not all, nor nothing what is something", () => {
    const counts = fc.integer({ min: 1, max: 100_000 }).chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));
    fc.assert(
      fc.property(counts, ([events, exposure]) => {
        const estimate = clopperPearson(events, exposure);
        const sentence = plainText(say.survival({ estimate, events, exposure, reports: 5, people: 3, weighing }));
        expect(/^Checkpoints: 100 %/.test(sentence)).toBe(events === exposure);
        expect(/^Checkpoints: 0 %/.test(sentence)).toBe(events === 0);
        expect(sentence).toContain(`${events.toLocaleString("en")} of ${exposure.toLocaleString("en")};`);
        const written = /^Checkpoints: (?:more than |less than )?([\d.]+) %/.exec(sentence)?.[1];
        expect(Math.abs(Number(written) / 100 - estimate.value)).toBeLessThanOrEqual(0.001);
      }),
    );
  });
});

describe("/training with a network", () => {
  it("takes the reported rates, and carries their intervals through to the result", async () => {
    await several(5, { interruptions: 2, lost: 1, resumed: 4 });
    const shown = await open().read("/training network=akash price=2");
    const [often, kept] = [garwood(10, 50), clopperPearson(20, 25)];
    expect(shown).toContain(
      `As reported here on Akash: 0.2 (${amountOf(often.low)} to ${amountOf(often.high)}) interruptions per node-day; 20 % (${shareOf(1 - kept.high)} to ${shareOf(1 - kept.low)}) of checkpoints lost; 30 min to recover.`,
    );
    const [, best, central, worst] =
      /carried through: about ([\d.]+) h at best, about ([\d.]+) h as reported, about ([\d.]+) h at worst/.exec(shown) ?? [];
    expect(Number(best)).toBeLessThan(Number(central));
    expect(Number(central)).toBeLessThan(Number(worst));
    // The same run, told by hand.
    const byHand = await open().read("/training interruptions=0.2 lost=0.2 restart=30 price=2");
    expect(byHand).toContain(`take about ${central} h`);
    expect(await open().read(`/training interruptions=${often.high} lost=${1 - kept.low} restart=30 price=2`)).toContain(
      `take about ${worst} h`,
    );
    expect(shown).toMatch(/It would cost \$[\d.]+ at best, \$[\d.]+ as reported, \$[\d.]+ at worst\./);
  });

  it("lets what the member says win, and says which rates are whose", async () => {
    await several(5, { lost: null, resumed: null });
    const shown = await open().read("/training network=akash interruptions=0.5");
    expect(shown).toContain("As reported here on Akash: 30 min to recover.");
    expect(shown).toContain("You gave interruptions yourself: there the ledger is not used.");
    expect(shown).toContain("Too few reports on lost checkpoints: there the preset's assumption stands.");
    const numbers = await open().read("/training network=akash numbers=yes");
    expect(numbers).toMatch(/\| at best \| as reported \| at worst\nInterruptions per node-day \| 0\.0325 \| 0\.1 \| 0\.233/);
  });

  it("says so where it has nothing, and goes on with its assumptions", async () => {
    expect(await open().read("/training network=akash")).toMatch(
      /Nothing of akash is used: nobody here has reported a run on it\. What follows rests on assumptions\.\n24 h of work/,
    );
    await several(3);
    const shown = await open().read("/training network=akash");
    expect(shown).toContain("Nothing of Akash is used: there are 3 reports of 3 people");
    expect(shown).not.toContain("carried through");
  });

  it("does not hide a worst case without an end", async () => {
    await several(5, { hours: 24, interruptions: 30, lost: 3, resumed: 3 });
    const shown = await open().read("/training network=akash restart=10h");
    expect(shown).toMatch(/at best, .*practically never ending at worst/);
  });
});

describe("belief beside the ledger", () => {
  it("stands in /sentiment for both topics, of decentralised networks alone", async () => {
    expect(await open().read("/sentiment training-reliability")).toContain(
      "Reported, beside what is believed: nobody here has reported a run on a decentralised network yet.",
    );
    await several(3);
    await several(3, { network: "Nosana", interruptions: 2 });
    await several(9, { network: "AWS", interruptions: 0 });
    const training = await open().read("/sentiment training-reliability");
    expect(training).toContain(
      "Reported, beside what is believed (this community's ledger, newest report 22 Nov 2026; decentralised networks only):",
    );
    expect(training).toMatch(/Interruptions: 0\.15 per node-day .* from 9 interruptions in 60 node-days; 6 reports of 3 people\./);
    expect(await open().read("/sentiment checkpoint-reliability")).toMatch(
      /Checkpoints: 100 % of those that were needed could be used .* 6 of 6;/,
    );
  });
});

describe("/export of reports", () => {
  const file = async () => {
    const answer = await open({ admin: true, kind: "private" }).ask("/export what=reports");
    const found = answer.blocks.find((block) => block.kind === "file");
    return found === undefined ? null : new TextDecoder().decode(found.content);
  };

  it("is a table without members, and holds no formula that a spreadsheet would run", async () => {
    await several(4);
    await ran("x", { gpu: "=cmd|'/C calc'!A1", evidence: 'https://example.org/?a="1",2', grade: "linked" });
    await ran("x", { network: "Nosana" });
    await stores.members.choose(memberId("x"), { quoting: true });
    const lines = (await file())?.trim().split("\r\n") ?? [];
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe(
      "network,gpu,gpus,nodes,hours,interruptions,checkpoints_written,checkpoints_lost,resumed,recovery_hours,grade,reporter,month,evidence",
    );
    expect(lines.join("\n")).toContain(`Akash,'=cmd|'/C calc'!A1,8,1,240,1,50,0,1,0.5,linked,5,2026-11,"https://example.org/?a=""1"",2"`);
    expect(lines.join("\n")).not.toMatch(/p0|discord|Nosana/);
    expect(await open({ admin: true, kind: "private" }).read("/export what=reports")).toContain(
      "1 report on networks with fewer than 5 reports of 3 people is left out.",
    );
  });

  it("is for admins, and says so where there is nothing", async () => {
    expect(await open().read("/export what=reports")).toContain("/export is for the admins");
    expect(await open({ admin: true, kind: "private" }).read("/export what=reports")).toContain("There are no reports to export");
    expect(await file()).toBeNull();
  });
});
