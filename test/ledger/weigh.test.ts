/** That neither one odd report nor one busy member decides a rate, and that what counts less is told. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { communityId, memberId, reportId } from "../../src/core/ids.ts";
import { clopperPearson, garwood } from "../../src/ledger/intervals.ts";
import { reliabilityOf } from "../../src/ledger/reliability.ts";
import type { Entry } from "../../src/ledger/types.ts";
import { measure } from "../../src/ledger/weigh.ts";

let serial = 0;
const entry = (person: string, parts: Partial<Entry> = {}): Entry => ({
  ...{ id: reportId(`r${++serial}`), community: communityId("discord", "1"), member: memberId(person), person, quotable: false },
  ...{ network: "Akash", gpu: "H100", gpus: 8, nodes: 1, hours: 240, interruptions: 1, written: 20, lost: 0, resumed: 1 },
  ...{ recoveryHours: 0.5, evidence: "", grade: "experienced", at: new Date("2026-11-22T12:00:00Z"), ...parts },
});
const interruptions = ({ interruptions: events, nodes, hours }: Entry) => ({ events, exposure: (nodes * hours) / 24 });
const measured = (entries: readonly Entry[]) => {
  const found = measure(entries, garwood, interruptions);
  if (found === null) throw new Error("nothing was measured");
  return found;
};
const several = (people: number, parts: Partial<Entry> = {}) => Array.from({ length: people }, (_, n) => entry(`p${n}`, parts));

describe("a rate over reports", () => {
  it("is the plain one with its exact interval where all count alike", () => {
    const found = measured(several(6));
    expect(found).toMatchObject({ events: 6, exposure: 60, reports: 6, people: 6 });
    expect(found.estimate).toEqual(garwood(6, 60));
    expect(found.weighing).toEqual({ heard: 0, outliers: 0, disagree: false, capped: [] });
  });

  it("is not shown below five reports, below three people, or of hearsay", () => {
    const none = (entries: readonly Entry[]) => expect(measure(entries, garwood, interruptions)).toBeNull();
    none([]);
    none(several(4));
    none([...several(2), ...several(2), ...several(2)]);
    none([...several(4), ...several(4, { grade: "heard" })]);
    expect(measured([...several(3), ...several(3)]).people).toBe(3);
  });

  it("leaves hearsay out, and says so", () => {
    const found = measured([...several(5), entry("gossip", { interruptions: 900, grade: "heard" })]);
    expect(found).toMatchObject({ events: 5, reports: 5, weighing: { heard: 1 } });
  });

  it("counts a quarter of a report that chance cannot bring together with the others", () => {
    const found = measured([...several(8, { interruptions: 2 }), entry("odd", { interruptions: 120 })]);
    expect(found.weighing).toMatchObject({ outliers: 1, disagree: false });
    expect(found.events).toBe(136);
    expect(found.estimate.value).toBeCloseTo((16 + 30) / (80 + 2.5), 9);
  });

  it("weighs nobody down where the reports fall apart altogether, and says that", () => {
    const found = measured([...several(4, { interruptions: 2 }), ...several(8, { interruptions: 100 }).slice(4)]);
    expect(found.weighing).toMatchObject({ outliers: 0, disagree: true });
    expect(found.estimate.value).toBeCloseTo(408 / 80, 9);
  });

  it("lets one member be two fifths at most, however much they report, and two of them as well", () => {
    const busy = Array.from({ length: 30 }, () => entry("busy", { interruptions: 2 }));
    const found = measured([...several(6), ...busy]);
    // Six people with 60 node-days are three fifths, so the busy one counts as 40.
    expect(found.weighing.capped).toEqual([{ reports: 30, share: 300 / 360 }]);
    expect(found.estimate.value).toBeCloseTo((6 + 8) / (60 + 40), 9);
    const two = measured([entry("a", { hours: 2400 }), entry("b", { hours: 4800 }), ...several(3, { hours: 24 })]);
    expect(two.weighing.capped).toHaveLength(2);
    // Each of the two is two fifths, and the other three are the last one.
    expect(two.exposure).toBe(303);
  });

  it("gives nobody more than two fifths of what counts, and takes nothing from whoever has less, for any reports", () => {
    const reports = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 5000 })), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(reports, (given) => {
        const entries = given.map(([person, hours]) => entry(`p${person}`, { hours, interruptions: 0 }));
        // Without events the value says nothing: the exposure that counts is read from the upper limit, 3.689 events over it.
        const found = measure(entries, garwood, interruptions);
        const people = new Set(given.map(([person]) => person)).size;
        expect(found === null).toBe(people < 3);
        if (found === null) return;
        const counted = garwood(0, 1).high / found.estimate.high;
        const each = [...Map.groupBy(entries, ({ person }) => person).values()].map((own) =>
          own.reduce((total, { hours }) => total + hours / 24, 0),
        );
        const most = 0.4 * counted;
        const expected = each.reduce((total, exposure) => total + Math.min(exposure, most), 0);
        expect(Math.abs(counted / expected - 1)).toBeLessThan(1e-6);
        expect(found.weighing.capped).toHaveLength(each.filter((exposure) => exposure > most * (1 + 1e-6)).length);
      }),
    );
  });

  it("still holds the true rate in 95 of 100 cases where a busy member is weighted down", () => {
    // Mulberry32, so that it is the same every time.
    let state = 20261122;
    const random = () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    const poisson = (mean: number) => {
      let [events, left] = [0, Math.exp(-mean)];
      for (let u = random(); u > left; u *= random()) events++;
      return events;
    };
    for (const rate of [0.02, 0.2, 1]) {
      let held = 0;
      const rounds = 1500;
      for (let round = 0; round < rounds; round++) {
        const report = (person: string, hours: number) => entry(person, { hours, interruptions: poisson((rate * hours) / 24) });
        const { low, high } = measured([
          ...["a", "b", "c", "d"].map((person) => report(person, 200)),
          ...Array.from({ length: 6 }, () => report("busy", 400)),
        ]).estimate;
        if (low <= rate && rate <= high) held++;
      }
      expect(held / rounds, `at ${rate}`).toBeGreaterThan(0.95);
    }
  });

  it("is worked out at once for as many reports as are counted", () => {
    const many = Array.from({ length: 1000 }, (_, n) => entry(`p${n % 300}`, { interruptions: (n * 7919) % 10_000, hours: 50_000 }));
    const before = performance.now();
    measured(many);
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe("what is said of a network", () => {
  const reliability = (entries: readonly Entry[]) => {
    const found = reliabilityOf(entries, "Akash");
    if (found === null) throw new Error("nothing was reported");
    return found;
  };

  it("takes checkpoints by whether they could be used when they were needed, not by how many were written", () => {
    const found = reliability(several(5, { written: 1000, lost: 1, resumed: 3 }));
    expect(found.survival).toMatchObject({ events: 15, exposure: 20, estimate: clopperPearson(15, 20) });
    // Whoever needed none tells nothing of it.
    expect(reliability(several(5, { written: 1000, lost: 0, resumed: 0 })).survival).toBeNull();
    expect(reliability(several(5, { lost: null, resumed: null })).survival).toBeNull();
  });

  it("takes the middle one of people's middle ones for the time to recover, so that nobody counts twice", () => {
    const slow = Array.from({ length: 9 }, () => entry("slow", { recoveryHours: 9 }));
    expect(reliability([...several(4, { recoveryHours: 1 }), ...slow]).recovery).toEqual({ hours: 1, reports: 13, people: 5 });
    expect(reliability([...several(2, { recoveryHours: 1 }), ...slow]).recovery).toMatchObject({ people: 3 });
    expect(reliability(several(4)).recovery).toBeNull();
  });

  it("shows evidence of those alone who may be quoted, and none that is hearsay", () => {
    const link = { evidence: "https://example.org", grade: "linked" } as const;
    const found = reliability([
      ...several(3, link),
      ...several(4, { ...link, quotable: true }),
      ...several(2, { evidence: "heard it", grade: "heard", quotable: true }),
    ]);
    expect(found.evidence).toEqual(["https://example.org", "https://example.org", "https://example.org"]);
    expect(found.grades).toEqual({ heard: 2, experienced: 0, measured: 0, linked: 7 });
  });
});
