/** A bar chart: names from top to bottom, each with a bar to the right (more) or to the left (less) of one line at zero. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Chart, ChartConfiguration, Plugin } from "chart.js";
import { type BarChart, knownBars } from "../core/chart.ts";
import { nameOf } from "./lettering.ts";
import { colours, font, head, margin, measureWith, shortValue, sizes, still, width, write } from "./paper.ts";

const row = 56;
/** Names get at most this much of the width. */
const nameRoom = 330;
const valueGap = 14;

/** Grows with the bars, so that names keep their size. */
export const barsHeight = (spec: BarChart): number => Math.max(420, 200 + knownBars(spec).length * row);

/** What rounds to "±0 %" went neither up nor down. */
const colourOf = (value: number, text: string): string =>
  value === 0 || text.startsWith("±") ? colours.muted : value > 0 ? colours.up : colours.down;

export function barsConfiguration(spec: BarChart, context: SKRSContext2D): ChartConfiguration<"bar", number[]> {
  const bars = knownBars(spec);
  const values = bars.map(({ value }) => value);
  const texts = values.map((value) => shortValue(value, spec.unit));
  const colourings = values.map((value, index) => colourOf(value, texts[index] ?? ""));
  const measure = measureWith(context, sizes.label);
  const names = bars.map(({ label }, index) => nameOf(label, index, nameRoom, measure));
  const namesWidth = Math.max(...names.map(measure)) + 20;
  const textWidth = Math.max(...texts.map(measureWith(context, sizes.label, "bold"))) + valueGap;
  return {
    type: "bar",
    data: {
      labels: names,
      datasets: [{ data: values, backgroundColor: colourings, borderRadius: 6, barThickness: row - 18, minBarLength: 4 }],
    },
    options: {
      ...still,
      indexAxis: "y",
      layout: { padding: { left: margin, right: margin, top: margin - 6, bottom: margin - 8 } },
      plugins: { ...head(spec, context), legend: { display: false } },
      scales: {
        x: { type: "linear", display: false, ...rangeWithRoom(values, width - 2 * margin - namesWidth, textWidth) },
        y: {
          type: "category",
          ticks: { color: colours.text, font: font(sizes.label), autoSkip: false, padding: 0, crossAlign: "far" },
          grid: { display: false },
          border: { display: false },
          afterFit: (axis) => {
            axis.width = namesWidth;
          },
        },
      },
    },
    plugins: [zeroLine(context), valuesBeside(context, values, texts)],
  };
}

/** Bars of less are level with zero for any reader, and an axis of 1e-303 keeps chart.js counting its ticks for ever. */
const leastSpan = 1e-12;

/** The axis from below the lowest to above the highest value, both by as much as their texts need beside the bars. */
function rangeWithRoom(values: readonly number[], pixels: number, text: number): { readonly min: number; readonly max: number } {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const [left, right] = [low < 0 ? text : 0, high > 0 || low === 0 ? text : 0];
  const each = Math.max(high - low, leastSpan) / (pixels - left - right);
  return { min: low - left * each, max: high + right * each };
}

function zeroLine(context: SKRSContext2D): Plugin<"bar"> {
  return {
    id: "zero",
    beforeDatasetsDraw({ chartArea: { top, bottom }, scales }: Chart) {
      context.fillStyle = colours.grid;
      context.fillRect((scales.x?.getPixelForValue(0) ?? 0) - 1, top, 2, bottom - top);
    },
  };
}

/** Each value with its sign beside its bar: colour is never the only thing that tells up from down. */
function valuesBeside(context: SKRSContext2D, values: readonly number[], texts: readonly string[]): Plugin<"bar"> {
  return {
    id: "values",
    afterDatasetsDraw(chart: Chart) {
      chart.getDatasetMeta(0).data.forEach(({ x, y }, index) => {
        const value = values[index] ?? 0;
        const text = texts[index] ?? "";
        const side = value < 0 ? -1 : 1;
        const how = { colour: colourOf(value, text), size: sizes.label, weight: "bold", align: side < 0 ? "right" : "left" } as const;
        write(context, text, { x: x + side * valueGap, y }, how);
      });
    },
  };
}
