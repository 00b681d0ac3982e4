/** What a person reads after `/training`, and after nonsense. */
import { beforeEach, describe, expect, it } from "vitest";
import explain from "../../commands/explain.ts";
import training from "../../commands/training.ts";
import { createSimulation } from "../../src/compute/simulation.ts";
import { createTrainings } from "../../src/compute/training.ts";
import type { ChartSpec } from "../../src/core/chart.ts";
import type { DrawChart } from "../../src/digest/types.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createKnowledge } from "../../src/knowledge/search.ts";
import { ordinary } from "../compute/plans.ts";
import { buttonsOf, createTalk } from "../support/talk.ts";

const now = () => new Date("2026-11-22T12:00:00Z");
/** What was to be drawn, and what went wrong with it. */
let specs: ChartSpec[];
let logged: string[];
let drawChart: DrawChart;
const open = () => {
  const log = { error: (_: object, line: string) => void logged.push(line) };
  const trainings = createTrainings({ simulate: createSimulation(), drawChart: (spec) => drawChart(spec), log });
  return createTalk([training, explain], { trainings }, now);
};

beforeEach(() => {
  [specs, logged] = [[], []];
  drawChart = async (spec) => {
    specs.push(spec);
    return new Uint8Array([1]);
  };
});

describe("/training", () => {
  it("understands what a person writes for a choice, a price and a switch", async () => {
    expect(await open().read("/training rendering numbers")).toMatch(/Training with interruptions: rendering[\s\S]*Simulated runs/);
    expect(await open().read("/training fine-tuning price=$1.20")).toContain("It costs about $238.51.");
  });

  it("answers in plain words first", async () => {
    const shown = await open().read("/training");
    expect(shown).toContain("Training with interruptions: fine-tuning");
    expect(shown).toMatch(/24 h of work on 8 GPUs take about 24\.8 h: 96\.6 % of the time is useful/);
    expect(shown).toMatch(/It pays where uninterrupted GPUs elsewhere cost over 3\.\d % more per GPU-hour\./);
    expect(shown).not.toContain("Young");
  });

  it("shows the numbers behind a button, with a simulation that agrees, and says how far it is", async () => {
    const talk = open();
    const [button] = buttonsOf(await talk.ask("/training"));
    if (button === undefined) throw new Error("no button");
    expect(button.label).toBe("The numbers");
    const shown = await talk.read(button);
    expect(shown).toMatch(/Young \(1974\).*outside its range: it knows no lost checkpoints/);
    expect(shown).toMatch(/Simulated runs.*100,000/);
    const [, formula, simulated] = /Expected time\W+([\d.]+) h \(by formula\)[\s\S]*Their mean\W+([\d.]+) h ±/.exec(shown) ?? [];
    expect(Math.abs(Number(formula) - Number(simulated))).toBeLessThan(0.11);
    expect(shown).toContain("assumed here, to be replaced by what you measure");
    expect(talk.progress).toContain("Simulating: 50 % …");
  });

  it("shows what it costs over the interval, least at the best one", async () => {
    const answer = await open().ask("/training gpus=64 interruptions=0.3 price=2 numbers=yes");
    const picture = answer.blocks.find((block) => block.kind === "image");
    expect(picture?.alt).toMatch(/^Dollars lost, by checkpoint interval\. .* min \(now\) \$[\d.,]+/);
    const [spec] = specs;
    if (spec?.kind !== "bars") throw new Error("no bars were drawn");
    const least = spec.bars.reduce((a, b) => (b.value < a.value ? b : a));
    expect(least.label).toContain("(best)");
    expect(spec.bars.length).toBeGreaterThan(5);
  });

  it("leaves out the intervals that would dwarf all others, but never the one asked about", async () => {
    await open().ask("/training interruptions=72 hours=100 interval=40min write=20min numbers=yes");
    const [spec] = specs;
    if (spec?.kind !== "bars") throw new Error("no bars were drawn");
    const least = Math.min(...spec.bars.map(({ value }) => value));
    const others = spec.bars.filter(({ label }) => !label.endsWith("(now)"));
    expect(others.length).toBe(spec.bars.length - 1);
    expect(spec.bars.length).toBeLessThan(8);
    expect(Math.max(...others.map(({ value }) => value))).toBeLessThanOrEqual(20 * least);
  });

  it("offers an explanation of what it speaks of, and the knowledge base has each", async () => {
    const knowledge = createKnowledge(await loadEntries(), { encoder: null, log: { warn: () => undefined } });
    const offered = buttonsOf(await open().ask("/training numbers=yes"));
    expect(offered.map(({ args }) => args.term)).toHaveLength(5);
    for (const { args } of offered)
      expect(await knowledge.find(String(args.term))).toMatchObject({ kind: "found", entry: { id: args.term } });
  });

  it("answers without a picture where none could be drawn, and the log says so", async () => {
    drawChart = () => Promise.reject(new Error("no canvas"));
    expect(await open().read("/training numbers=yes")).toContain("Best interval");
    expect(logged).toEqual(["the chart of a training run could not be drawn"]);
  });

  it("takes what was said in the place of the defaults, with its unit", async () => {
    const shown = await open().read("/training pre_training gpus=64 hours=3d interval=30 write=90s lost=5% price=1.2 elsewhere=2.5");
    expect(shown).toMatch(/72 h of work on 64 GPUs|3 days of work on 64 GPUs/);
    expect(shown).toMatch(
      /It costs about \$[\d,]+, less than the \$11,520 of an uninterrupted run elsewhere\. Both cost the same at \$2\.\d+/,
    );
  });

  it("an interval that the preset brings along fits a run that is shorter", async () => {
    expect(await open().read("/training pre_training hours=20min write=10s")).toContain("20 min of work");
  });

  it("says so where a run would never end, and what would mend it", async () => {
    const shown = await open().read("/training gpus=800 interruptions=20 hours=100 interval=10h");
    expect(shown).toContain("100 h of work on 800 GPUs".replace("100 h", "4.17 days"));
    expect(shown).toContain("practically never end");
    const lost = await open().read("/training gpus=10000 interruptions=900 hours=100 restart=2h");
    expect(lost).toContain("No checkpoint interval mends that");
  });

  it.each([
    ["gpus=0", "`gpus` must be a whole number from 1 to 100000."],
    ["gpus=-8", "`gpus` must be a whole number from 1 to 100000."],
    ["gpus=1000000000", "`gpus` must be a whole number from 1 to 100000."],
    ["hours=0", "`hours` must be a time from 6 min to 2,083 days"],
    ["hours=-5", "`hours` is a time from 6 min to 2,083 days"],
    ["hours=1e99", "`hours` is a time from 6 min to 2,083 days"],
    ["price=0", "`price` must be a number from 0.001 to 1000."],
    ["interruptions=-1", "`interruptions` must be a number from 0 to 1000."],
    ["mtbf=0", "`mtbf` must be a time from 6 min to 41,667 days"],
    ["interruptions=1 mtbf=24", "`interruptions` and `mtbf` say the same thing in two ways"],
    ["lost=1.5", "`lost` is a probability from `0` to `0.99`, or a share from `0%` to `99%`"],
    ["lost=5", "`lost` is a probability from `0` to `0.99`"],
    ["lost=-0.1", "`lost` is a probability from `0` to `0.99`"],
    ["lost=100%", "`lost` is a probability from `0` to `0.99`"],
    ["interval=30s", "`interval` must be a time from 60 s to 30 days"],
    ["interval=1min write=5min", "`interval` is shorter than writing one checkpoint takes: it must be from 5 min to 30 days."],
    ["interval=48h", "`interval` is longer than the whole run: it must be from 60 s to 24 h."],
    ["interval=20GB", "I cannot read “20GB” as one."],
    ["write=0", "`write` must be a time from 1 s to 24 h"],
    ["restart=1y", "`restart` is a time from 1 s to 7 days"],
    ["gpus=4 node=8", "`node` must be a whole number from 1 to 4, the number of GPUs."],
  ])("answers nonsense with the allowed range: %s", async (words, sentence) => {
    const answer = await open().ask(`/training ${words}`);
    expect(answer.error).toBeDefined();
    expect(await open().read(`/training ${words}`)).toContain(sentence.replaceAll("`", ""));
  });

  it("stops simulating when nobody waits any more", async () => {
    const stop = new AbortController();
    const simulate = createSimulation();
    const waiting = simulate(ordinary, 1e6, stop.signal, () => stop.abort(new Error("left")));
    await expect(waiting).rejects.toThrow("left");
    expect(await simulate(ordinary, 100, new AbortController().signal, () => undefined)).toMatchObject({ runs: 100 });
  });
});
