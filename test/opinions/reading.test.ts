import { describe, expect, it } from "vitest";
import { foundingComments } from "../../src/app/demo.ts";
import { readStance } from "../../src/opinions/reading.ts";
import { findTopic, nearestTopics, topics } from "../../src/opinions/topics.ts";

const read = (topic: string, text: string) => {
  const found = findTopic(topic);
  if (found === null) throw new Error(`no topic ${topic}`);
  return readStance(found, text);
};

describe("reading a stance", () => {
  it.each([
    ["compute-pricing", "half the price of AWS for batch jobs, cheaper in every test", "agree"],
    ["compute-pricing", "not cheaper once you add egress", "disagree"],
    ["compute-pricing", "cheap for renders but expensive for anything with egress", "mixed"],
    ["latency", "latency matters too. a long way to go before matching aws", "disagree"],
    ["training-reliability", "it depends on the network", "mixed"],
    ["checkpoint-reliability", "the issue is checkpoint reliability not uptime", "agree"],
    ["institutional-understanding", "institutional money is here and they still dont know the sector names", "disagree"],
    ["cloud-competition", "Competition in compute pricing is long overdue.", "agree"],
    ["market-size", "the gap is massive but the direction of travel is obvious", "agree"],
    ["data-privacy", "I’d rather not say", "unclear"],
  ])("%s: “%s” is read as %s", (topic, text, stance) => {
    expect(read(topic, text)).toBe(stance);
  });

  it("a question takes no side", () => {
    expect(read("compute-pricing", "is it really cheaper than aws?")).toBe("unclear");
  });

  it.each([
    ["latency", "I don't think it is slow", "agree"],
    ["latency", "I do not really believe that it is ever too slow", "agree"],
    ["latency", "I don't think it is not slow", "disagree"],
    ["latency", "I think it is slow", "disagree"],
    ["latency", "I don't think so, it is slow", "disagree"],
    ["latency", "I don't think about it much but it is slow", "disagree"],
    ["latency", "I don't think anyone minds. It is slow.", "disagree"],
    ["compute-pricing", "I don’t believe decentralised compute is really cheaper", "disagree"],
    ["compute-pricing", "you can't say it is not cheaper", "agree"],
    ["market-size", "I don't think this is right", "disagree"],
  ])("%s: who does not think so says the opposite: “%s” is read as %s", (topic, text, stance) => {
    expect(read(topic, text)).toBe(stance);
  });

  it("“not” turns the next words round", () => {
    expect(read("data-privacy", "that is not safe at all")).toBe("disagree");
  });
});

describe("topics", () => {
  it("ships the eight of the community's comments", () => {
    expect(topics.map((t) => t.id)).toEqual([
      "compute-pricing",
      "latency",
      "training-reliability",
      "checkpoint-reliability",
      "data-privacy",
      "institutional-understanding",
      "cloud-competition",
      "market-size",
    ]);
  });
  it.each(["compute pricing", "Compute-Pricing", "computepricing", "compute-prcing", "compute"])(
    "finds compute-pricing by “%s”",
    (query) => {
      expect(findTopic(query)?.id).toBe("compute-pricing");
    },
  );
  it("does not guess where two could be meant or nothing is typed", () => {
    expect(findTopic("reliability")).toBeNull();
    expect(findTopic("  ")).toBeNull();
  });
  it("offers the nearest first", () => {
    expect(nearestTopics("privacy")[0]?.id).toBe("data-privacy");
  });
});

describe("the founding comments", () => {
  it("are each read as their authors meant them, or as unclear", () => {
    const readings = foundingComments.map(({ topic, text }) => [topic, read(topic, text)]);
    expect(readings).toEqual([
      ["market-size", "agree"],
      ["institutional-understanding", "disagree"],
      ["cloud-competition", "agree"],
      ["compute-pricing", "agree"],
      ["latency", "disagree"],
      ["training-reliability", "unclear"],
      ["checkpoint-reliability", "agree"],
      ["market-size", "agree"],
    ]);
  });
});
