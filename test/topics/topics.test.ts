/** The topics that ship, and how a typed name finds one. */
import { describe, expect, it } from "vitest";
import { findTopic, nearestTopics, topics } from "../../src/topics/topics.ts";

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
