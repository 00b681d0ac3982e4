/** Groups of people who vote alike: the parts against published formulas and known data, the whole against planted groups. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimsOf } from "../../src/groups/claims-of.ts";
import { consensus, division, representativeness } from "../../src/groups/consensus.ts";
import { fewestInGroup, groupVoters } from "../../src/groups/grouping.ts";
import { project } from "../../src/groups/projection.ts";
import { silhouette } from "../../src/groups/silhouette.ts";
import { readVotes } from "../../src/groups/votes.ts";
import { planted, randIndex } from "./planted.ts";

describe("the silhouette", () => {
  it("is what Rousseeuw's formula gives by hand", () => {
    // Distances 1 within, 10 and 11 (or 9 and 10) between: (10.5 − 1)/10.5, (9.5 − 1)/9.5, and the same mirrored.
    const points = [0, 1, 10, 11].map((x) => [x, 0] as const);
    expect(silhouette(points, [0, 0, 1, 1])).toBeCloseTo((9.5 / 10.5 + 8.5 / 9.5) / 2, 12);
    expect(silhouette(points, [0, 1, 0, 1])).toBeCloseTo(((6 - 10) / 10 + (5 - 10) / 10) / 2, 12);
    // Alone in a cluster counts nothing.
    expect(silhouette(points.slice(0, 3), [0, 0, 1])).toBeCloseTo((9 / 10 + 8 / 9 + 0) / 3, 12);
    expect(silhouette(points, [0, 0, 0, 0])).toBe(0);
  });

  it("lies between −1 and 1, and of many points near that of all of them", () => {
    const point = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), fc.nat(2));
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 40 }), (all) => {
        const width = silhouette(
          all.map(([x, y]) => [x, y]),
          all.map(([, , cluster]) => cluster),
        );
        expect(width).toBeGreaterThanOrEqual(-1);
        expect(width).toBeLessThanOrEqual(1);
      }),
    );
    const many = Array.from({ length: 4_000 }, (_, n) => [n % 2 === 0 ? Math.sin(n) : 9 + Math.sin(n * 7), Math.cos(n * 3)] as const);
    const clusters = many.map((_, n) => n % 2);
    expect(silhouette(many, clusters)).toBeGreaterThan(0.7);
    expect(silhouette(many, clusters)).toBeCloseTo(silhouette(many.slice(0, 1_000), clusters), 1);
  });
});

describe("group-aware consensus", () => {
  it("is the product of the groups' smoothed chances to agree, as Polis publishes it", () => {
    const [a, b] = [
      { agree: 8, disagree: 1, seen: 10 },
      { agree: 2, disagree: 1, seen: 4 },
    ];
    expect(consensus([a, b])).toBeCloseTo((9 / 12) * (3 / 6), 12);
    expect(division([a, b])).toBeCloseTo(9 / 12 - 3 / 6, 12);
    expect(representativeness({ count: 8, seen: 10 }, { count: 2, seen: 4 })).toBeCloseTo(9 / 12 / (3 / 6), 12);
    // Nobody saw it: an even chance.
    expect(consensus([{ agree: 0, disagree: 0, seen: 0 }])).toBe(0.5);
  });

  it("lets no large group outvote a small one", () => {
    const large = { agree: 900, disagree: 50, seen: 1_000 };
    expect(consensus([large, { agree: 0, disagree: 20, seen: 20 }])).toBeLessThan(
      consensus([
        { agree: 600, disagree: 300, seen: 1_000 },
        { agree: 12, disagree: 6, seen: 20 },
      ]),
    );
  });
});

describe("the projection", () => {
  it("finds the axes of greatest variance of a full matrix", () => {
    // Statements 0 and 1 always go together and split everyone; 2 splits fewer, independently.
    const rows = [
      "0:1,1:1,2:1",
      "0:1,1:1,2:0",
      "0:-1,1:-1,2:1",
      "0:-1,1:-1,2:0",
      "0:1,1:1,2:0",
      "0:-1,1:-1,2:0",
      "0:1,1:1,2:0",
      "0:-1,1:-1,2:0",
    ];
    const points = project(readVotes(rows.join(";"), 3));
    const [first] = points.map(([x]) => x);
    expect(Math.abs(first ?? 0)).toBeCloseTo(Math.SQRT2, 6);
    expect(points.map(([x]) => Math.sign(x))).toEqual([1, 1, -1, -1, 1, -1, 1, -1]);
    expect(points.map(([, y]) => Number(y.toFixed(4)))).toEqual([0.75, -0.25, 0.75, -0.25, -0.25, -0.25, -0.25, -0.25]);
  });

  it("moves whoever cast few votes out by the square root of statements over votes", () => {
    const full = ["0:1,1:1,2:1,3:1", "0:-1,1:-1,2:-1,3:-1"];
    const rows = [...full, ...full, ...full, "0:1", "0:-1"];
    const points = project(readVotes(rows.join(";"), 4));
    // One vote of four: a quarter of the way, doubled.
    expect((points[6]?.[0] ?? 0) / (points[0]?.[0] ?? 1)).toBeCloseTo(0.5, 1);
  });

  it("puts people without any difference in one place", () => {
    expect(project(readVotes("0:1,1:0;0:1,1:0", 2))).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe("groups", () => {
  it("are those that were planted, with what they hold, share and differ about", () => {
    const { text, truth, statements } = planted({ voters: 120, statements: 30, each: 24, groups: 3, seed: 5 });
    const grouping = groupVoters(text, statements);
    expect(grouping.groups.map(({ people }) => people)).toEqual([40, 40, 40]);
    expect(grouping.voters).toBe(120);
    expect(truth).toHaveLength(120);
    for (const { holds } of grouping.groups) expect(holds.length).toBeGreaterThan(0);
    // Planted: everyone agrees with statement 0.
    expect(grouping.shared.map(({ statement }) => statement)).toContain(0);
    expect(grouping.divides[0]?.statement).not.toBe(0);
    expect(grouping.silhouette).toBeGreaterThan(0.5);
  });

  it("are the same for the same votes, to the last digit", () => {
    const { text, statements } = planted({ voters: 60, statements: 20, each: 10, groups: 2, seed: 9 });
    expect(groupVoters(text, statements)).toEqual(groupVoters(text, statements));
  });

  it("are not made of fewer than twenty voters, nor of votes that are all alike", () => {
    const { text, statements } = planted({ voters: 19, statements: 20, each: 20, groups: 2, seed: 1 });
    expect(groupVoters(text, statements)).toMatchObject({ voters: 19, groups: [], divides: [] });
    const alike = Array.from({ length: 30 }, () => "0:1,1:-1").join(";");
    expect(groupVoters(alike, 2)).toMatchObject({ voters: 30, groups: [], shared: [{ statement: 0, agree: 30, seen: 30 }] });
    expect(groupVoters("", 0)).toMatchObject({ voters: 0, groups: [], shared: [] });
  });

  it("place nobody who voted on fewer than seven of many statements", () => {
    const { text, statements } = planted({ voters: 40, statements: 20, each: 20, groups: 2, seed: 2 });
    expect(groupVoters(`${text};0:1,1:1,2:1,3:1,4:1,5:1`, statements).voters).toBe(40);
    expect(groupVoters(`${text};0:1,1:1,2:1,3:1,4:1,5:1,6:1`, statements).voters).toBe(41);
  });

  it("never have fewer than three people, whatever the votes", () => {
    const row = fc.array(fc.constantFrom(-1, 0, 1), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 20, maxLength: 40 }), (rows) => {
        const text = rows.map((votes) => votes.map((vote, n) => `${n}:${vote}`).join(",")).join(";");
        const { groups, voters } = groupVoters(text, 5);
        for (const { people } of groups) expect(people).toBeGreaterThanOrEqual(fewestInGroup);
        if (groups.length > 0) expect(groups.reduce((sum, { people }) => sum + people, 0)).toBe(voters);
      }),
      { numRuns: 60 },
    );
  });

  it("refuse a vote on a statement that there is not", () => {
    expect(() => groupVoters("3:1", 3)).toThrow(RangeError);
    expect(() => groupVoters("0:2", 3)).toThrow(RangeError);
  });
});

describe("the index by which planted groups are compared", () => {
  it("is 1 for the same groups under other names, and 0 for what chance gives", () => {
    expect(randIndex([0, 0, 1, 1], [1, 1, 0, 0])).toBe(1);
    // Hubert and Arabie 1985, worked out by hand: 2 pairs together in both, of 2 and 6.
    expect(randIndex([0, 0, 1, 1], [0, 0, 0, 0])).toBe(0);
  });
});

describe("claims of an opinion", () => {
  it("are its sentences that can stand alone", () => {
    expect(
      claimsOf(
        "Spot GPUs are half the price of AWS. But it depends on egress. Is that worth it? See https://example.com for numbers here. Too slow. @ann said that latency is fine for her. Checkpoint storage costs more than the compute itself.",
      ),
    ).toEqual(["Spot GPUs are half the price of AWS.", "Checkpoint storage costs more than the compute itself."]);
  });
});
