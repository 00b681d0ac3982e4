/** Charts in answers: drawn by the whole program, and done without where drawing fails. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createIllustrate } from "../../src/app/illustrate.ts";
import type { LineChart } from "../../src/core/chart.ts";
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Doors, openDoors } from "../support/doors.ts";

const now = new Date("2026-11-22T18:00:00Z");
let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({}, () => now);
});
afterAll(() => doors.close());

it("the course of agreement comes with `/sentiment`, described for whoever cannot see it", async () => {
  for (const [week, agreeing] of [3, 5, 6].entries()) {
    for (let person = 0; person < 6; person++) {
      await doors.app.storage.opinions.add({
        id: opinionId(`o${week}-${person}`),
        community: communityId("console", "local"),
        member: memberId(`m${person}`),
        topic: topicId("latency"),
        text: "I have measured it.",
        stance: person < agreeing ? "agree" : "disagree",
        stanceBy: "author",
        at: new Date(now.getTime() - (2 - week) * 7 * 86_400_000),
      });
    }
  }
  const { text } = await doors.speakers.console("ann").says("/sentiment latency");
  expect(text.replace(/\s+/g, " ")).toMatch(
    /Latency: agreement by week\. Of the 6 people a week who took a side; .* first 50 % \(8 Nov 2026\), last 100 % \(22 Nov 2026\)/,
  );
});

it("an answer does without a chart that cannot be drawn, and the log says why", async () => {
  const lines: string[] = [];
  const log = createLogger({ level: "trace", secrets: [], out: { write: (line: string) => lines.push(line) } });
  const points = [1, 2].map((value) => ({ at: new Date(value), value }));
  const spec: LineChart = { kind: "line", title: "t", subtitle: "s", series: [{ label: "l", points }], unit: "share" };
  const failing = createIllustrate(() => Promise.reject(new Error("no paint")), log);
  expect(await failing(spec, "t.png")).toBeNull();
  expect(lines.join("")).toContain("no paint");
});
