/** Reading opinions without a language model: which topics a text speaks of, and which side it takes on each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { foundingComments } from "../../src/app/demo.ts";
import { topicId } from "../../src/core/ids.ts";
import { plainStance } from "../../src/reading/agreement.ts";
import { readAspect, readStrength } from "../../src/reading/aspects.ts";
import { readEvidence } from "../../src/reading/evidence.ts";
import { readByWords } from "../../src/reading/local-reader.ts";
import { namedTopic, topics } from "../../src/topics/topics.ts";
import type { Topic } from "../../src/topics/types.ts";
import { readTraining } from "../eval/reading/comments.ts";

const sides = (text: string, on: string | null = null) =>
  Object.fromEntries(
    readByWords({ text, topics, on: on === null ? null : namedTopic(on) }, topics).map(({ topic, stance }) => [topic, stance]),
  );

const remarksSchema = z.record(z.string(), z.record(z.enum(["agree", "disagree"]), z.array(z.string())));
const remarks = Object.entries(remarksSchema.parse(load(readFileSync(join(import.meta.dirname, "remarks.yaml"), "utf8")))).flatMap(
  ([topic, lists]) => Object.entries(lists).flatMap(([stance, texts]) => texts.map((text) => ({ topic, text, stance }))),
);

describe("a text", () => {
  it("carries an opinion on each of its topics", () => {
    const text =
      "competition in pricing sure, but latency matters too. decentralized compute has a long way to go before matching aws on consistency for real time workloads";
    expect(sides(text)).toMatchObject({ "compute-pricing": "agree", latency: "disagree" });
  });

  it("that speaks of nothing carries none", () => {
    for (const text of ["gm", "when is the next call?", "my hotspot is offline since monday", "thanks!"])
      expect(sides(text), text).toEqual({});
  });

  it("that only asks takes no side", () => {
    expect(sides("is it really cheaper than aws?", "compute-pricing")).toMatchObject({ "compute-pricing": "unclear" });
  });

  it("is always read on the topic that its author named, first of all", () => {
    const readings = readByWords({ text: "half the price, far too slow", topics, on: namedTopic("data-privacy") }, topics);
    expect(readings[0]).toMatchObject({ topic: "data-privacy" });
    expect(readings.length).toBeLessThanOrEqual(4);
  });

  it("that takes a side in a few words is read on that side, or as unclear, and never on the other", () => {
    const learned = new Set(readTraining().map((one) => one.text.toLowerCase()));
    expect(remarks.filter(({ text }) => learned.has(text.toLowerCase()))).toEqual([]);
    const off = remarks.filter(({ topic, text, stance }) => ![stance, "unclear"].includes(sides(text, topic)[topic] ?? "unclear"));
    expect(off).toEqual([]);
    const read = remarks.filter(({ topic, text, stance }) => sides(text, topic)[topic] === stance);
    expect(read.length / remarks.length).toBeGreaterThan(0.75);
  });

  it("of two minds sets one thing against another", () => {
    expect(sides("sometimes slow", "latency")).toMatchObject({ latency: "mixed" });
    expect(sides("fast, but not consistent", "latency")).toMatchObject({ latency: "mixed" });
    for (const text of ["requests hang", "cheaper", "speed"]) expect(Object.values(sides(text, "latency")), text).not.toContain("mixed");
  });

  it.each([
    ["no", "latency", "disagree"],
    ["Not at all!", "latency", "disagree"],
    ["I do not think so", "latency", "disagree"],
    ["I think so", "latency", "agree"],
    ["👍🏽", "latency", "agree"],
    ["👎", "latency", "disagree"],
    ["hard agree", "latency", "agree"],
    ["nope", "latency", "disagree"],
    ["I don't think this is right", "market-size", "disagree"],
  ])("that is nothing but “%s” is an answer to the topic", (text, on, stance) => {
    expect(sides(text, on)).toMatchObject({ [on]: stance });
  });

  it("is never read against what it says plainly: rightly, or as unclear", () => {
    const plain: readonly (readonly [string, string, string])[] = [
      ["compute-pricing", "half the price of AWS for batch jobs, cheaper in every test", "agree"],
      ["compute-pricing", "not cheaper once you add egress", "disagree"],
      ["latency", "I don't think it is slow", "agree"],
      ["latency", "it is slow and I would not use it for anything live", "disagree"],
      ["institutional-understanding", "institutional money is here and they still dont know the sector names", "disagree"],
      ["data-privacy", "that is not safe at all", "disagree"],
    ];
    for (const [topic, text, stance] of plain) expect([stance, "unclear"], text).toContain(sides(text, topic)[topic]);
  });
});

describe("the founding comments", () => {
  it("are each read on their topic as their authors meant them, or as unclear", () => {
    const meant = ["agree", "disagree", "agree", "agree", "disagree", "unclear", "agree", "agree"];
    for (const [at, { topic, text }] of foundingComments.entries())
      expect([meant[at], "unclear"], text).toContain(sides(text, topic)[topic]);
  });
});

describe("a text of the greatest length", () => {
  it("is read at once", () => {
    const text = "it is cheaper, but far too slow for real work. ".repeat(90);
    readByWords({ text, topics, on: null }, topics);
    const began = performance.now();
    readByWords({ text, topics, on: null }, topics);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe("a topic that nobody has labelled comments for", () => {
  const solar: Topic = {
    id: topicId("solar-roofs"),
    title: "Solar roofs",
    proposition: "Every node should run on solar power.",
    sides: { agree: "Sun is free.", disagree: "Nights are dark." },
    question: "What does your roof deliver?",
    version: 1,
  };
  it("is found by its title, and its side by plain words alone", () => {
    const on = (text: string) =>
      readByWords({ text, topics: [...topics, solar], on: null }, topics).filter(({ topic }) => topic === solar.id);
    expect(on("I disagree about the solar roofs, where I live it rains")).toMatchObject([{ stance: "disagree" }]);
    expect(on("solar roofs, well, half of mine leaks")).toMatchObject([{ stance: "unclear" }]);
    expect(on("the roofs here are old")).toEqual([]);
  });
});

describe("plain words of agreement", () => {
  it.each([
    ["absolutely, no doubt", "agree"],
    ["I don't think that is true", "disagree"],
    ["I do not disagree", "agree"],
    ["it depends on the network", "mixed"],
    ["is that correct?", "unclear"],
    ["I'd rather not say", "unclear"],
  ])("“%s” says %s", (text, stance) => {
    expect(plainStance(text)).toBe(stance);
  });
});

describe("how something is known", () => {
  it.each([
    ["we measured 70 ms at the 95th percentile over three weeks", "measured"],
    ["our invoice went from 4,100 to 1,600 dollars", "measured"],
    ["see https://example.org/latency for the numbers", "linked"],
    ["a friend says it is half the price", "heard"],
    ["heard that p95 is 40ms, did not check the logs", "heard"],
    ["we moved our nightly jobs there and never looked back", "experienced"],
    ["it will be huge", null],
  ])("“%s” is %s", (text, grade) => {
    expect(readEvidence(text)).toBe(grade);
  });
});

describe("what it is about, and how firmly it is held", () => {
  it("is the topic's own aspect where that is named, otherwise the one that is", () => {
    expect(readAspect(topicId("compute-pricing"), "cheap, but the nodes go offline")).toBe("price");
    expect(readAspect(topicId("training-reliability"), "without a checkpoint you start again")).toBe("checkpointing");
    expect(readAspect(topicId("some-other-topic"), "no words of any aspect")).toBeNull();
  });

  it.each([
    ["it is never cheaper, period", "strong"],
    ["i think it might be a bit cheaper", "weak"],
    ["it is cheaper", "moderate"],
  ])("“%s” is %s", (text, strength) => {
    expect(readStrength(text)).toBe(strength);
  });
});
