/** A line chart: values over time, with gaps where nothing is known. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Chart, ChartConfiguration, Plugin } from "chart.js";
import { type KnownPoint, knownPoints, type LineChart } from "../core/chart.ts";
import { nameOf } from "./lettering.ts";
import { colours, font, head, margin, measureWith, shortValue, sizes, still, width, write } from "./paper.ts";
import { type Gap, gapsOf, timeRange, timeTicks, valueRange, withBreaks } from "./scales.ts";

export const lineHeight = 560;

/** Up to this many values are each a dot, so that a reader sees how few there are. */
const few = 12;
const dashes = [[], [16, 10], [4, 10], [22, 8, 4, 8]];

export function lineConfiguration(spec: LineChart, context: SKRSContext2D): ChartConfiguration<"line", { x: number; y: number }[]> {
  const { unit } = spec;
  const time = timeRange(spec);
  const values = valueRange(spec);
  const ticks = timeTicks(time);
  const lines = spec.series.map(({ label, points }) => ({ label, known: knownPoints(points), gaps: gapsOf(points, time) }));
  const [first] = lines;
  // A line alone has its newest value written beside it, and its gaps named; several would overlap, so their values stand in the legend.
  const alone = lines.length === 1 ? first : undefined;
  const newest = alone?.known.at(-1);
  const told = newest === undefined ? "" : shortValue(newest.value, unit);
  const measure = measureWith(context, sizes.label);
  const nameRoom = (width - 2 * margin) / 2 - 70;
  return {
    type: "line",
    data: {
      datasets: lines.map(({ label, known, gaps }, index) => {
        const data = withBreaks(known, gaps);
        const colour = colours.series[index % colours.series.length] ?? colours.text;
        const last = known.at(-1);
        return {
          label: nameOf(`${label} ${last === undefined ? "no data" : shortValue(last.value, unit)}`, index, nameRoom, measure),
          data,
          borderColor: colour,
          backgroundColor: colour,
          borderWidth: 6,
          borderDash: dashes[index % dashes.length] ?? [],
          borderJoinStyle: "round",
          borderCapStyle: "round",
          pointRadius: data.map((_, i) => radius(data, i, known.length)),
          pointBorderWidth: 0,
          clip: false,
        };
      }),
    },
    options: {
      ...still,
      layout: {
        padding: {
          left: margin,
          top: margin - 6,
          bottom: margin - 14,
          right: told === "" ? margin + 34 : margin + 22 + measureWith(context, sizes.label + 3, "bold")(told),
        },
      },
      plugins: {
        ...head(spec, context),
        legend: {
          display: alone === undefined,
          position: "bottom",
          align: "start",
          labels: { color: colours.text, font: font(sizes.label), boxWidth: 46, boxHeight: 0, padding: 18 },
        },
      },
      scales: {
        x: {
          type: "linear",
          ...time,
          afterBuildTicks: (axis) => {
            axis.ticks = ticks.times.map((value) => ({ value }));
          },
          ticks: {
            color: colours.muted,
            font: font(sizes.label),
            maxRotation: 0,
            autoSkip: false,
            padding: 8,
            callback: (at) => ticks.label(Number(at)),
          },
          grid: { display: false },
          border: { color: colours.grid, width: 2 },
        },
        y: {
          type: "linear",
          suggestedMin: values.min,
          suggestedMax: values.max,
          ticks: {
            color: colours.muted,
            font: font(sizes.label),
            maxTicksLimit: 5,
            padding: 12,
            callback: (value) => shortValue(Number(value), unit),
          },
          grid: { color: colours.grid, lineWidth: 2, drawTicks: false },
          border: { display: false },
        },
      },
    },
    plugins:
      alone === undefined || newest === undefined ? [] : [gapBands(context, alone.gaps, alone.known), newestValue(context, newest, told)],
  };
}

/** The newest value is always a dot; so is a value that stands alone between two gaps, which has no line. */
function radius(data: readonly { readonly y: number }[], index: number, known: number): number {
  const exists = (i: number) => data[i] !== undefined && !Number.isNaN(data[i].y);
  if (!exists(index)) return 0;
  if (data.findLastIndex(({ y }) => !Number.isNaN(y)) === index) return 11;
  return known <= few || (!exists(index - 1) && !exists(index + 1)) ? 8 : 0;
}

/** Says "no data" where the line is broken, because a break alone may look like a mistake. */
function gapBands(context: SKRSContext2D, gaps: readonly Gap[], known: readonly KnownPoint[]): Plugin<"line"> {
  return {
    id: "gaps",
    beforeDatasetsDraw(chart: Chart) {
      const { top, bottom } = chart.chartArea;
      for (const { from, to } of gaps) {
        const [left, right] = [xOf(chart, from), xOf(chart, to)];
        context.fillStyle = colours.gap;
        context.fillRect(left, top, right - left, bottom - top);
        if (right - left < 32) continue;
        const upright = right - left < 130;
        const inset = upright ? 64 : 26;
        // Away from the line, and from the newest value where nothing is known since.
        const near = known.findLast(({ at }) => at.getTime() <= from) ?? known[0];
        const low = near !== undefined && pixelOf(chart, near).y > (top + bottom) / 2;
        const y = low ? top + inset : bottom - inset;
        write(context, "no data", { x: (left + right) / 2, y }, { colour: colours.muted, size: 25, align: "center", upright });
      }
    },
  };
}

/** The newest value stands beside its dot, so that nobody has to read it off the axis. */
function newestValue(context: SKRSContext2D, point: KnownPoint, text: string): Plugin<"line"> {
  return {
    id: "newest",
    afterDatasetsDraw(chart: Chart) {
      const { x, y } = pixelOf(chart, point);
      write(context, text, { x: x + 22, y }, { colour: colours.series[0], size: sizes.label + 3, weight: "bold", align: "left" });
    },
  };
}

const xOf = ({ scales }: Chart, at: number): number => scales.x?.getPixelForValue(at) ?? 0;
const pixelOf = (chart: Chart, { at, value }: KnownPoint) => ({
  x: xOf(chart, at.getTime()),
  y: chart.scales.y?.getPixelForValue(value) ?? 0,
});
