/** The evaluation as a test: what is read rightly today may not be lost tomorrow. `npm run eval -- reading` prints it. */
import { describe, expect, it } from "vitest";
import { readWeights } from "../../../src/reading/weights.ts";
import { topics } from "../../../src/topics/topics.ts";
import { worsened } from "../baseline.ts";
import { ours } from "../evaluation.ts";
import { halves } from "../halves.ts";
import { hashOf, kinds, readComments, readKnown, readTraining } from "./comments.ts";
import { measure } from "./measure.ts";
import { figuresOf } from "./reading.ts";

const comments = readComments();
const report = measure("held-out");

describe("the comments", () => {
  it("are at least 250, each once, some of every kind and on every topic in either half", () => {
    expect(comments.length).toBeGreaterThanOrEqual(250);
    expect(new Set(comments.map(({ text }) => text.toLowerCase())).size).toBe(comments.length);
    for (const half of halves) {
      const own = comments.filter((one) => one.half === half);
      for (const kind of kinds) expect(own.filter((one) => one.kind === kind).length, `${half} ${kind}`).toBeGreaterThan(8);
      for (const { id } of topics) expect(own.filter(({ labels }) => labels[id] !== undefined).length, `${half} ${id}`).toBeGreaterThan(9);
    }
  });

  it("name topics that exist", () => {
    const known = new Set<string>(topics.map(({ id }) => id));
    const named = [...comments, ...readTraining()].flatMap(({ labels }) => Object.keys(labels));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
const trigramsOf = (text: string): ReadonlySet<string> => {
  const plain = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_, at) => plain.slice(at, at + 3)));
};
/** Of all that either has, the part that both have. */
const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => a.intersection(b).size / Math.max(1, a.union(b).size);

describe("the training file", () => {
  it("holds no held-out comment, nor one that shares half of its words or letters", () => {
    const learned = readTraining().map(({ text }) => ({ text, words: wordsOf(text), trigrams: trigramsOf(text) }));
    const near = comments
      .filter(({ half }) => half === "held-out")
      .flatMap(({ text }) => {
        const [words, trigrams] = [wordsOf(text), trigramsOf(text)];
        return learned
          .filter((one) => shared(words, one.words) >= 0.5 || shared(trigrams, one.trigrams) >= 0.5)
          .map((one) => `${text} / ${one.text}`);
      });
    expect(near).toEqual([]);
  });

  it("gave the weights for the topics that ship (npm run eval -- reading --fit)", () => {
    const weights = readWeights();
    expect(weights.topics).toEqual(topics.map(({ id }) => id));
    expect([...weights.features.values()].filter((one) => one.length !== topics.length * 5)).toEqual([]);
    expect(weights.learnedFrom).toBe(hashOf(readKnown()));
  });
});

describe("the held-out half", () => {
  it("loses no more than two points of what was reached before (npm run eval -- --baseline keeps what is better)", () => {
    expect(worsened("reading", figuresOf(report))).toEqual([]);
  });

  it("is read better than by either word list", () => {
    const own = report.results.find(({ system }) => system === ours);
    for (const list of report.results.filter(({ system }) => system === "VADER" || system === "AFINN")) {
      expect(own?.stance).toBeGreaterThan(list.stance + 0.2);
      expect(own?.wrongSides).toBeLessThan(list.wrongSides);
    }
  });
});
