/**
 * Charts, drawn as in production, compared with pictures that a person has looked at.
 * `UPDATE_CHARTS=1 npx vitest run test/charts` writes the pictures anew: then look at them.
 */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import fc from "fast-check";
import pixelmatch from "pixelmatch";
import { afterAll, describe, expect, it } from "vitest";
import { type Charts, createCharts } from "../../src/charts/charts.ts";
import type { ChartSpec } from "../../src/core/chart.ts";
import { sector, specs } from "./specs.ts";

const fixtures = join(import.meta.dirname, "../fixtures/charts");
const open: Charts[] = [];
function opened(options: Parameters<typeof createCharts>[0] = {}): Charts {
  const charts = createCharts(options);
  open.push(charts);
  return charts;
}
const shared = opened();
afterAll(() => Promise.all(open.map((charts) => charts.close())));

async function pixels(png: Uint8Array) {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return { width: image.width, height: image.height, data: context.getImageData(0, 0, image.width, image.height).data };
}

async function differing(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [left, right] = [await pixels(a), await pixels(b)];
  if (left.width !== right.width || left.height !== right.height) return Number.POSITIVE_INFINITY;
  return pixelmatch(left.data, right.data, undefined, left.width, left.height, { threshold: 0.1 });
}

async function drawn(spec: ChartSpec, charts = shared): Promise<Uint8Array> {
  const png = await charts.drawChart(spec);
  if (png === null) throw new Error("no chart was drawn");
  return png;
}

/** Of more than half a million; changing one digit of a label changes more. */
const tolerated = 10;

describe("a chart", () => {
  it.each(Object.entries(specs))("looks as it should: %s", async (name, spec) => {
    const png = await drawn(spec);
    const file = join(fixtures, `${name}.png`);
    if (process.env.UPDATE_CHARTS === "1") await writeFile(file, png);
    expect(await differing(png, await readFile(file))).toBeLessThanOrEqual(tolerated);
    expect(png.byteLength).toBeLessThan(150_000);
    expect((await pixels(png)).width).toBe(1000);
  });

  it("is compared strictly enough to notice one other digit", async () => {
    const other = { ...sector, subtitle: sector.subtitle.replace("12:00", "12:07") };
    expect(await differing(await drawn(other), await drawn(sector))).toBeGreaterThan(tolerated);
  });

  it("of fewer than two values is none", async () => {
    const at = new Date("2026-11-22T12:00:00Z");
    const line = (...values: (number | null)[]): ChartSpec => ({
      ...sector,
      series: [{ label: "x", points: values.map((value) => ({ at, value })) }],
    });
    for (const spec of [line(), line(1), line(null, 1, null), line(Number.NaN, 1), { ...specs.down, bars: [{ label: "x", value: 1 }] }])
      expect(await shared.drawChart(spec)).toBeNull();
  });

  it.each([5e-324, 1.7e-307, -5.5e-306, 1e-303, -1e-200])("of bars that are all but zero is drawn at once: %d", async (value) => {
    const spec: ChartSpec = {
      ...specs.down,
      bars: [
        { label: "Render", value },
        { label: "Akash Network", value: 0 },
      ],
    };
    expect((await pixels(await drawn(spec))).width).toBe(1000);
  });

  it("can be drawn of anything that a market may hold, in any writing", async () => {
    const value = fc.oneof(
      fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      fc.double({ min: -1e-6, max: 1e-6 }),
      fc.constant(0),
      fc.constant(Number.NaN),
    );
    const label = fc.string({ unit: "binary", maxLength: 80 });
    const unit = fc.constantFrom("usd", "percent", "share", "eib", "count");
    const at = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
    const points = fc.array(fc.record({ at, value: fc.option(value) }), { maxLength: 40 });
    const line = fc.record({
      kind: fc.constant("line"),
      title: label,
      subtitle: label,
      unit,
      series: fc.array(fc.record({ label, points }), { maxLength: 6 }),
    });
    const bars = fc.record({
      kind: fc.constant("bars"),
      title: label,
      subtitle: label,
      unit,
      bars: fc.array(fc.record({ label, value }), { maxLength: 15 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(line, bars), async (spec) => {
        const png = await shared.drawChart(spec);
        // The width, as a PNG's header tells it.
        if (png !== null) expect(Buffer.from(png).readUInt32BE(16)).toBe(1000);
      }),
      { numRuns: 30 },
    );
  });
});

describe("drawing", () => {
  it("gives everyone who asks at once their own chart, and draws the same one once", async () => {
    const charts = opened();
    const asked = [specs.sector, specs.movers, specs.two, specs.sector, specs.movers];
    const pictures = await Promise.all(asked.map((spec) => drawn(spec, charts)));
    expect(pictures[3]).toBe(pictures[0]);
    expect(pictures[4]).toBe(pictures[1]);
    for (const [i, name] of (["sector", "movers", "two"] as const).entries())
      expect(await differing(pictures[i] ?? new Uint8Array(), await readFile(join(fixtures, `${name}.png`)))).toBeLessThanOrEqual(
        tolerated,
      );
  });

  it("goes on after a chart that cannot be drawn", async () => {
    const charts = opened();
    const odd: ChartSpec = { ...sector, unit: JSON.parse('"furlong"') };
    await expect(charts.drawChart(odd)).rejects.toThrow(/a chart could not be drawn/);
    expect(await differing(await drawn(sector, charts), await drawn(sector))).toBe(0);
  });

  it("goes on in a new process after the idle one has ended", async () => {
    const charts = opened({ idleMs: 0 });
    await drawn(specs.two, charts);
    await drawn(specs.down, charts);
    expect(await differing(await drawn(sector, charts), await drawn(sector))).toBe(0);
  });

  it("is given up when it takes too long, or when the program stops", async () => {
    await expect(opened({ patienceMs: 1 }).drawChart(sector)).rejects.toThrow(/aborted/);
    const stopping = opened();
    const drawing = stopping.drawChart(sector);
    const waiting = stopping.drawChart(specs.two);
    // Both listen before the process is ended.
    const outcomes = Promise.allSettled([drawing, waiting]);
    await stopping.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(stopping.drawChart(specs.down)).rejects.toThrow();
  });

  it("does not keep a program that has nothing else to do from ending", async () => {
    const program = `
      import { createCharts } from ${JSON.stringify(join(import.meta.dirname, "../../src/charts/charts.ts"))};
      import { specs } from ${JSON.stringify(join(import.meta.dirname, "specs.ts"))};
      await createCharts({ patienceMs: 1 }).drawChart(specs.two).catch(() => {});
      console.log((await createCharts({ idleMs: 600_000 }).drawChart(specs.two)).byteLength > 1000);`;
    const run = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { timeout: 20_000 });
    expect(run.stdout).toBe("true\n");
  });
});
