/** What is read of a run, what is refused with which range, and that nothing else is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ledgerPlaces } from "../../src/app/ledger-places.ts";
import { placeNamed } from "../../src/ledger/places.ts";
import { readRun, wordsOfRun } from "../../src/ledger/read-run.ts";
import { type Problem, type RunField, type RunWords, runFields } from "../../src/ledger/types.ts";

const usual = { network: "Akash", gpu: "H100", gpus: "8", hours: "72", interruptions: "2" } as const;
const problem = (words: RunWords): Problem | null => readRun({ ...usual, ...words }).problem;
const run = (words: RunWords = {}) => {
  const read = readRun({ ...usual, ...words });
  if (read.run === null) throw new Error(`not read: ${JSON.stringify(read.problem)}`);
  return read.run;
};

describe("a run", () => {
  it("is read with as little as it takes, and what was not said stays unsaid", () => {
    expect(run()).toEqual({
      ...{ network: "Akash", gpu: "H100", gpus: 8, nodes: 1, hours: 72, interruptions: 2 },
      ...{ written: null, lost: null, resumed: null, recoveryHours: null, evidence: "", grade: "experienced" },
    });
    expect(run({ written: "-", lost: "", resumed: "—", recovery: " ", evidence: "-" })).toEqual(run());
  });

  it.each([
    ["8", 8, 1],
    ["9", 9, 2],
    ["1,024", 1024, 128],
    ["2x8", 16, 2],
    ["4 × 1", 4, 4],
    ["100000", 100_000, 12_500],
  ])("on “%s” GPUs has %i on %i nodes", (gpus, all, nodes) => {
    expect(run({ gpus })).toMatchObject({ gpus: all, nodes });
  });

  it.each([
    ["72", 72],
    ["3d", 72],
    ["1.5 h", 1.5],
    ["90min", 1.5],
    ["2 weeks", 336],
    ["6 min", 0.1],
    ["50,000", 50_000],
  ])("of “%s” has lasted %d hours, and takes minutes where nothing else is said to recover", (hours, meant) => {
    expect(run({ hours }).hours).toBeCloseTo(meant, 9);
    expect(run({ recovery: "20" }).recoveryHours).toBeCloseTo(1 / 3, 9);
    expect(run({ recovery: "7d" }).recoveryHours).toBe(168);
  });

  it("is known from a link, a log, one's own eyes or hearsay", () => {
    const grade = (evidence: string) => run({ evidence }).grade;
    expect(grade("see https://example.org/log")).toBe("linked");
    expect(grade("node 3 lost: NCCL timeout at step 4100")).toBe("measured");
    expect(grade("")).toBe("experienced");
    expect(grade("Heard from a friend, https://example.org")).toBe("heard");
  });

  /** The least and the greatest that are allowed, and the nearest that are not. */
  it.each([
    ["gpus", ["1", "100000", "1x100000"], ["0", "100001", "-1", "2x50001", "8 H100", "1e9", "1.5", "NaN"]],
    ["hours", ["0.1", "50000", "6min"], ["0", "0.09", "50001", "-72", "72 GPUs", "three days", "1e3", "Infinity"]],
    ["interruptions", ["0", "3000"], ["-1", "10001", "0.5", "2 h", "often", "1000000000"]],
    ["written", ["0", "10000000"], ["10000001", "-1", "99 %"]],
    ["lost", ["0", "10000000"], ["10000001", "1.5"]],
    ["resumed", ["0", "10000"], ["10001", "twice"]],
    ["recovery", ["0", "10080", "7d"], ["10081", "8d", "-5", "soon", "15 GB"]],
    ["network", ["Ak", "x".repeat(40)], ["42", "x".repeat(41), "!"]],
    ["gpu", ["H100", "x".repeat(40)], ["4090", "x".repeat(41)]],
    ["evidence", ["x".repeat(500)], ["x".repeat(501)]],
  ] satisfies readonly (readonly [RunField, readonly string[], readonly string[]])[])(
    "takes %s within its range and nothing beyond",
    (field, good, bad) => {
      for (const text of good) expect(problem({ hours: "50000", [field]: text }), text).toBeNull();
      for (const text of bad) expect(problem({ [field]: text }), text).toMatchObject({ field });
    },
  );

  it("must hold together", () => {
    expect(problem({ hours: "1", interruptions: "42" })).toEqual({ field: "interruptions", kind: "too_often", max: 41 });
    expect(problem({ written: "3", lost: "4" })).toEqual({ field: "lost", kind: "more_than_written", max: 3 });
    expect(problem({ written: "0", resumed: "1" })).toEqual({ field: "resumed", kind: "more_than_written", max: 0 });
    expect(problem({ written: "1", resumed: "9" })).toBeNull();
    expect(problem({ hours: "-" })).toEqual({ field: "hours", kind: "missing" });
  });

  it("is read as far as it goes: what nobody asked for yet is no mistake", () => {
    expect(readRun({})).toEqual({ run: null, problem: null });
    expect(readRun({ network: "Akash" })).toEqual({ run: null, problem: null });
    expect(readRun({ gpus: "none", network: "Akash" }).problem).toMatchObject({ field: "gpus" });
  });

  it("comes back the same from the words that would be typed for it", () => {
    const count = (max: number) => fc.option(fc.integer({ min: 0, max }).map(String), { nil: "-" });
    const words = fc.record({
      network: fc.constantFrom("Akash", "io.net", "my own rack"),
      gpu: fc.constantFrom("H100", "RTX 4090"),
      gpus: fc.oneof(
        fc.integer({ min: 1, max: 9999 }).map(String),
        fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 })).map(([a, b]) => `${a}x${b}`),
      ),
      hours: fc.integer({ min: 1, max: 50_000 }).map((n) => (n % 2 === 0 ? String(n) : `${Math.max(6, n % 5000)}min`)),
      interruptions: fc.integer({ min: 0, max: 4 }).map(String),
      written: fc.constantFrom("-", "500"),
      lost: count(500),
      resumed: count(10_000),
      recovery: fc.constantFrom("-", "15", "45s", "2h", "0"),
      evidence: fc.constantFrom("-", "https://example.org", 'a line, "quoted"'),
    });
    fc.assert(
      fc.property(words, (given) => {
        const { run: first } = readRun(given);
        if (first === null) throw new Error(JSON.stringify(readRun(given).problem));
        const { run: second } = readRun(wordsOfRun(first));
        expect(second).toEqual(first);
      }),
    );
  });

  it("is never misread silently: any text is either read within the ranges, or told to be wrong", () => {
    const text = fc.oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[-+.,x0-9eh]{0,12}$/), fc.integer().map(String));
    fc.assert(
      fc.property(fc.constantFrom(...runFields), text, (field, typed) => {
        const { run: read, problem: wrong } = readRun({ ...usual, [field]: typed });
        expect(read === null).toBe(wrong !== null);
        if (read === null) return;
        for (const number of [read.gpus, read.nodes, read.hours]) expect(number > 0 && number <= 100_000).toBe(true);
        for (const number of [read.interruptions, read.written ?? 0, read.lost ?? 0, read.resumed ?? 0])
          expect(Number.isInteger(number) && number >= 0).toBe(true);
      }),
    );
  });
});

describe("the name of a network", () => {
  it.each([
    ["akash", "Akash", true],
    ["Akash Network", "Akash", true],
    ["AKASHH", "Akash", true],
    ["io net", "io.net", true],
    ["ionet", "io.net", true],
    ["nosanna", "Nosana", true],
    ["gcp", "Google Cloud", false],
    ["aws", "AWS", false],
    ["runpod", "RunPod", false],
  ])("“%s” is %s", (typed, name, decentralised) => {
    expect(placeNamed(ledgerPlaces, typed)).toMatchObject({ name, decentralised });
  });

  it.each(["my rack", "flux", "a", "bitcoin"])("“%s” is none that is known", (typed) => {
    expect(placeNamed(ledgerPlaces, typed)).toBeNull();
  });

  it("is told apart from every other: no two known places share one", () => {
    for (const place of ledgerPlaces)
      for (const name of [place.name, ...place.aliases]) expect(placeNamed(ledgerPlaces, name)?.name).toBe(place.name);
  });
});
